"""The worth of knowing: closed forms of normal decisions, order of sets, nothing."""

import math

import numpy as np
import pytest
from scipy import integrate, stats

from mc.analysis.decision import Measurement
from mc.analysis.information import Knowledge, never_less
from mc.analysis.inputs import Input, together
from mc.analysis.measurements import measured
from mc.analysis.partitions import Fitted, columns_of, num_parts, parts_of
from mc.analysis.ranks import Estimate
from mc.analysis.worth import Worth, gains_of, mean, partial, perfect
from mc.draws.designs import Sobol
from priors.cards import load

POINTS, REPLICATES = 2**12, 16
SCORES = np.random.default_rng(7).standard_normal((4, POINTS, REPLICATES))
PARTS = 32
FIRST, SECOND = 1.0, 0.6
SPREAD = math.sqrt(2)
"""Largest standard deviation of a gain in the closed forms."""


def of(name, values, labels=()):
    return Input(name=name, values=values, labels=labels)


def against_nothing(payoff):
    """Gains of doing something with a payoff, or nothing."""
    return gains_of(np.stack([np.zeros_like(payoff), payoff], axis=-1))[1]


def normal_worth(mean, sd):
    """E[max(0, Y)] − max(0, E[Y]) of Y ~ N(mean, sd²)."""
    z = abs(mean) / sd
    return sd * stats.norm.pdf(z) - abs(mean) * stats.norm.cdf(-z)


def holds(worth, exact):
    """Between its ends, and these within noise of each other."""
    assert worth.lower.number < exact + 5 * worth.lower.mc_error
    assert worth.upper.number > exact - 5 * worth.upper.mc_error
    assert abs(worth.upper.number - exact) < 5 * worth.upper.mc_error + worth.bias
    assert worth.upper.mc_error < 2 * SPREAD / math.sqrt(SCORES[0].size)
    # Noise of a part's mean counts once in the upper value and once in the rule.
    noise = stats.norm.pdf(0) * SPREAD * math.sqrt(PARTS / SCORES[0].size)
    assert worth.bias < 2 * noise


@pytest.mark.parametrize("centre", [0.0, 0.4, -0.9])
def test_a_normal_payoff_against_nothing_has_its_closed_forms(centre):
    x, y = FIRST * SCORES[0], SECOND * SCORES[1]
    gains = against_nothing(centre + x + y)
    exact = normal_worth(centre, math.hypot(FIRST, SECOND))
    everything = perfect(gains)
    assert abs(everything.number - exact) < 5 * everything.mc_error
    for name, values, sd in (("x", x, FIRST), ("y", y, SECOND)):
        holds(partial(gains, parts_of(of(name, values))), normal_worth(centre, sd))
    both = Fitted([of("x", x), of("y", y)], gains)
    holds(partial(gains, both.parts(), both.parts), exact)


def test_what_an_input_tells_of_another_counts():
    """E[Y | x] is normal with the slope that the correlation adds to."""
    rho = 0.7
    other = rho * SCORES[0] + math.sqrt(1 - rho**2) * SCORES[1]
    gains = against_nothing(0.3 + 0.5 * SCORES[0] + other)
    holds(partial(gains, parts_of(of("x", SCORES[0]))), normal_worth(0.3, 0.5 + rho))
    holds(partial(gains, parts_of(of("y", other))), normal_worth(0.3, 1 + 0.5 * rho))
    both = Fitted([of("x", SCORES[0]), of("y", other)], gains)
    whole = math.sqrt(0.5**2 + 1 + 2 * 0.5 * rho)
    holds(partial(gains, both.parts(), both.parts), normal_worth(0.3, whole))


def test_three_actions_are_worth_the_largest_of_three_normals():
    gains = gains_of(np.moveaxis(SCORES[:3], 0, -1))[1]
    everything = perfect(gains)
    exact = 1.5 / math.sqrt(math.pi)
    assert abs(everything.number - exact) < 5 * everything.mc_error
    inputs = [of(name, SCORES[i]) for i, name in enumerate("xyz")]
    for one in inputs:
        holds(partial(gains, parts_of(one)), normal_worth(0.0, 1.0))
    two = Fitted(inputs[:2], gains)
    # E max(0, X, Y) is the integral of P(max > t).
    of_two = integrate.quad(lambda t: 1 - stats.norm.cdf(t) ** 2, 0, 10)[0]
    holds(partial(gains, two.parts(), two.parts), of_two)


@pytest.mark.parametrize("centre", [0.0, 0.5])
def test_an_input_without_effect_is_worth_nothing(centre):
    gains = against_nothing(centre + SCORES[0])
    alone = of("z", SCORES[2])
    worth = partial(gains, parts_of(alone))
    assert worth.lower.number <= 5 * worth.lower.mc_error
    # Of a mean of n draws with spread 1, E max(0, mean) is at most φ(0)/√n.
    noise = stats.norm.pdf(0) * math.sqrt(PARTS / SCORES[0].size)
    assert 0 <= worth.upper.number < noise + 5 * worth.upper.mc_error
    pair = Fitted([alone, of("w", SCORES[3])], gains)
    worth = partial(gains, pair.parts(), pair.parts)
    assert worth.lower.number <= 5 * worth.lower.mc_error


def test_upper_values_of_nested_parts_are_in_their_order():
    rng = np.random.default_rng(3)
    values = rng.standard_normal((64, 8, 3)) + rng.standard_normal(3)
    gains = gains_of(values)[1]
    fine = rng.integers(0, 64, (64, 8))
    uppers = [partial(gains, fine // size).upper.number for size in (64, 16, 4, 1)]
    assert uppers[0] == pytest.approx(0.0, abs=1e-12)
    assert np.all(np.diff(uppers) > -1e-12)
    assert uppers[-1] < perfect(gains).number


def test_a_label_is_known_by_its_label():
    codes = np.random.default_rng(4).integers(0, 2, (POINTS, REPLICATES))
    payoff = np.where(codes == 1, 1.0, -3.0)
    gains = against_nothing(payoff + 0.1 * SCORES[0])
    worth = partial(gains, parts_of(of("law", codes, ("a", "b"))))
    assert worth.lower.number == pytest.approx(worth.upper.number, abs=1e-12)
    assert abs(worth.upper.number - 0.5) < 5 * worth.upper.mc_error
    both = Fitted([of("x", SCORES[0]), of("law", codes, ("a", "b"))], gains)
    found = partial(gains, both.parts(), both.parts)
    assert abs(found.lower.number - 0.5) < 5 * found.lower.mc_error
    assert columns_of([of("x", SCORES[0]), of("law", codes, ("a", "b"))]).shape[2] == 6


def test_equal_values_are_in_one_part_and_parts_grow_with_the_draws():
    values = np.round(SCORES[0])
    parts = parts_of(of("x", values))
    pairs = set(zip(values.ravel().tolist(), parts.ravel().tolist(), strict=True))
    assert len(pairs) == len(np.unique(values))
    even = np.bincount(parts_of(of("x", SCORES[0])).ravel())
    assert even.tolist() == [SCORES[0].size // PARTS] * PARTS
    assert [num_parts(n) for n in (2**12, 2**16, 2**20)] == [16, 32, 128]


def test_a_step_in_one_input_is_found():
    """The best action changes at a point of x: all that there is to know."""
    payoff = np.where(SCORES[0] > 0.5, 1.0, -1.0)
    gains = against_nothing(payoff)
    worth = partial(gains, parts_of(of("x", SCORES[0])))
    exact = stats.norm.sf(0.5)
    # At most one part is split by the point.
    assert exact - 1 / PARTS < worth.lower.number < exact + 5 * worth.lower.mc_error
    assert worth.upper.number <= perfect(gains).number


def test_a_measurement_adds_an_error_of_its_own():
    design = Sobol(seed=1, replicates=REPLICATES)
    trial = Measurement(name="trial", of="x", sd=0.5)
    result = measured(of("x", SCORES[0]), trial, design)
    noise = result.values - SCORES[0]
    size = math.sqrt(noise.size)
    assert abs(noise.std() / 0.5 - 1) < 5 / math.sqrt(2) / size
    assert abs(np.corrcoef(noise.ravel(), SCORES[0].ravel())[0, 1]) < 5 / size
    half = measured(of("x", SCORES[0][: POINTS // 2]), trial, design)
    assert np.array_equal(half.values, result.values[: POINTS // 2])


@pytest.mark.parametrize("sd", [0.3, 2.0])
def test_the_result_of_a_measurement_has_its_closed_form(sd):
    """E[X | X + error] is normal with variance 1/(1 + sd²)."""
    gains = against_nothing(0.2 + SCORES[0] + SECOND * SCORES[1])
    trial = Measurement(name="trial", of="x", sd=sd)
    design = Sobol(seed=2, replicates=REPLICATES)
    result = measured(of("x", SCORES[0]), trial, design)
    exact = normal_worth(0.2, 1 / math.sqrt(1 + sd**2))
    holds(partial(gains, parts_of(result)), exact)


def test_a_set_is_never_worth_less_than_its_parts():
    def worth(upper, lower):
        ends = (Estimate(number=n, mc_error=0.1) for n in (upper, lower))
        return Worth(upper=next(ends), lower=next(ends))

    pair = Knowledge(name="pair", members=("x", "y"), worth=worth(2.0, -0.1))
    others = [
        Knowledge(name="x", members=("x",), worth=worth(3.0, 0.5)),
        Knowledge(name="z", members=("z",), worth=worth(9.0, 9.0)),
    ]
    found = never_less(pair, others)
    assert (found.upper.number, found.lower.number) == (3.0, 0.5)
    assert never_less(pair, []).lower.number == 0.0


def test_errors_are_the_spread_of_repeated_draws():
    rng = np.random.default_rng(5)
    found, told = [], []
    for _ in range(60):
        x, y = rng.standard_normal((2, 256, 16))
        worth = partial(against_nothing(0.3 + x + y), parts_of(of("x", x)))
        found.append((worth.upper.number, worth.lower.number))
        told.append((worth.upper.mc_error, worth.lower.mc_error))
    spread = np.std(found, axis=0, ddof=1)
    # The spread of 60 has a relative error of 1/√118.
    assert np.allclose(np.mean(told, axis=0) / spread, 1.0, atol=5 / math.sqrt(118))


def test_means_have_the_error_of_their_replicates():
    grid = np.tile(np.arange(4.0), (3, 1))
    found = mean(grid)
    assert found.number == 1.5
    assert found.mc_error == pytest.approx(np.std(range(4), ddof=1) / 2)


def test_inputs_hang_together_through_labels_parents_and_correlations(tmp_path):
    file = tmp_path / "card.toml"
    own = 'unit = "1"\nmeaning = "one of several"\nlaw = "normal"\nmean = 0\nsd = 1\n'
    file.write_text(
        'schema = 1\nname = "c"\nreference_date = 2023-03-14\n'
        + "".join(f"[parameters.{name}]\n{own}" for name in "abcd")
        + '[parameters.e]\nunit = "1"\nmeaning = "given"\n'
        + 'given = { parameter = "c", intercept = 0, slope = 1, residual_sd = 1 }\n'
        + "[components.law]\nweights = { one = 0.5, two = 0.5 }\n"
        + '[parameters.f]\nunit = "1"\nmeaning = "by label"\nby = "law"\n'
        + 'one = { law = "normal", mean = 0, sd = 1 }\n'
        + 'two = { law = "normal", mean = 1, sd = 1 }\n'
        + '[dependence]\nspearman = [["a", "b", 0.3], ["b", "c", 0.3]]\n',
        encoding="utf-8",
    )
    joint = load(file).joint
    assert together(joint, "abcdef") == (("a", "b", "c", "e"),)
    assert together(joint, [*"abdf", "law"]) == (("a", "b"), ("f", "law"))
