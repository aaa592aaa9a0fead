"""Reweighted figures against closed forms: weights, quantiles, reach, refusals."""

import numpy as np
import pytest
from arviz_stats.base.array import array_stats
from linear_gaussian import INTERCEPT, POINTS, REPLICATES, SLOPES, card, normal, run
from scipy import special, stats

from mc.analysis.components import SHARES, sources
from mc.analysis.ratios import factors
from mc.analysis.reweighting import OutOfReach, reweight
from mc.analysis.scaling import NARROWER, WIDER, ranks_of, scaled, sensitivity
from mc.analysis.weights import smoothed
from mc.outcomes.weighted import effective
from priors.faults import Refusal

LEVELS = (0.05, 0.25, 0.5, 0.75, 0.95)
CORRELATED = '[dependence]\nspearman = [["first", "second", 0.5]]'
SOURCES = "[components.source]\nweights = { low = 0.7, high = 0.3 }"


def by_source(low: float, high: float) -> str:
    """A law for each label of the component ``source``."""
    parts = {"low": low, "high": high}
    tables = [
        f'{label} = {{ law = "normal", mean = {mean}, sd = 1.0 }}'
        for label, mean in parts.items()
    ]
    return "\n".join(['by = "source"', *tables])


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return tmp_path_factory.mktemp("cards")


@pytest.fixture(scope="module")
def draws(folder):
    return run(card(folder))


def rows(table, quantity="convergence_date"):
    here = table[table["quantity"] == quantity]
    return here.set_index("statistic").to_dict("index")


def years(row):
    """A date as years from the epoch, up to the rounding of decimal years to days."""
    return row["number"] - 2023.0 - 72 / 365


def check_dates(table, mean, sd):
    """Quantiles and P(by) of a normal date, cut at 30 years, within five errors."""
    found = rows(table)
    for level in LEVELS:
        exact = mean + sd * special.ndtri(level)
        row = found[f"q{level:g}"]
        if exact > 30.0:
            assert row["status"] == "beyond"
            continue
        assert abs(years(row) - exact) < 5 * row["mc_error"] + 2 / 365
    for name, edge in (("p_by_2043-03-14", 20.0), ("p_observed", 30.0)):
        row = found[name]
        exact = special.ndtr((edge - mean) / sd)
        assert abs(row["number"] - exact) < 5 * row["mc_error"] + 1e-4


def moments(first=(0.0, 1.0), second=(1.0, 0.5), correlation=0.0):
    mean = INTERCEPT + SLOPES[0] * first[0] + SLOPES[1] * second[0]
    a, b = SLOPES[0] * first[1], SLOPES[1] * second[1]
    return mean, float(np.sqrt(a * a + b * b + 2 * correlation * a * b))


def test_the_run_itself_has_the_known_dates(draws):
    check_dates(draws.results.summary_table, *moments())


def test_weights_of_normal_laws_are_their_ratio(folder, draws):
    new = card(folder, "moved", first=normal(0.3, 0.9))
    (factor,) = factors(draws, new)
    x = draws.values("first")
    exact = stats.norm.logpdf(x, 0.3, 0.9) - stats.norm.logpdf(x, 0.0, 1.0)
    assert factor.name == "first"
    np.testing.assert_allclose(factor.log_ratio, exact, atol=1e-12)


def test_figures_are_those_of_the_new_laws(folder, draws):
    new = card(
        folder,
        "other",
        first=normal(0.4, 0.9),
        second=normal(0.8, 0.45),
    )
    found = reweight(draws, new)
    assert {reach.name for reach in found.reaches} == {"first", "second"}
    assert found.weights.num_effective == pytest.approx(effective(found.weights.values))
    check_dates(found.after, *moments((0.4, 0.9), (0.8, 0.45)))


def test_a_copula_is_weighted_too(folder, draws):
    pearson = 2 * np.sin(np.pi * 0.5 / 6)
    found = reweight(draws, card(folder, "together", CORRELATED))
    assert [reach.name for reach in found.reaches] == ["dependence of first, second"]
    check_dates(found.after, *moments(correlation=pearson))


def test_margins_move_under_a_copula_that_is_held(folder):
    pearson = 2 * np.sin(np.pi * 0.5 / 6)
    together = run(card(folder, "together", CORRELATED), correlation=pearson)
    moved = normal(0.3, 0.95)
    found = reweight(together, card(folder, "moved", CORRELATED, first=moved))
    check_dates(found.after, *moments((0.3, 0.95), correlation=pearson))


def test_the_same_card_gives_exactly_the_baseline(folder, draws):
    found = reweight(draws, card(folder, "again"))
    assert not found.reaches
    assert found.weights.num_effective == REPLICATES * POINTS
    assert found.after.equals(found.before)
    assert found.before.equals(draws.results.summary_table)


def test_a_baseline_of_more_draws_is_counted_again_on_the_stored_ones(folder):
    part = run(card(folder), total=2 * REPLICATES * POINTS)
    summary = part.results.summary_table
    summary.loc[:, "number"] = np.nan
    found = reweight(part, card(folder, "again"))
    assert found.is_part
    assert rows(found.before)["q0.5"]["number"] > 2000


def test_too_far_a_law_is_refused_and_named(folder, draws):
    new = card(
        folder,
        "far",
        first=normal(0.2, 1.0),
        second=normal(5.0, 0.3),
    )
    with pytest.raises(OutOfReach) as refused:
        reweight(draws, new)
    names = [r.name for r in refused.value.reaches if r.khat > refused.value.limit]
    assert names == ["second"]


@pytest.mark.parametrize(
    ("laws", "key", "reason"),
    [
        ({"first": "point = 0.5"}, "first", "point or a table"),
        (
            {
                "first": 'given = { parameter = "third", slope = 1.0, intercept = 0.0, '
                "residual_sd = 1.0 }",
                "third": normal(0.0, 1.0),
            },
            "third",
            "never drew it",
        ),
    ],
)
def test_what_no_weight_can_do_is_refused(folder, draws, laws, key, reason):
    with pytest.raises(Refusal) as refused:
        reweight(draws, card(folder, "changed", **laws))
    assert any(f.key == key and reason in f.message for f in refused.value.faults)


def test_a_law_without_the_new_support_is_refused(folder):
    cut = card(folder, "cut", first=f"{normal(0.0, 1.0)}\ntruncate = [-9.0, 9.0]")
    draws = run(cut)
    found = reweight(draws, card(folder, "wide"))
    assert found.weights.num_effective == pytest.approx(draws.num_draws)
    narrow = card(folder, "narrow", first=f"{normal(0.0, 1.0)}\ntruncate = [-6.0, 1.0]")
    reweight(draws, narrow)
    with pytest.raises(Refusal, match="where the run never drew"):
        reweight(run(narrow), card(folder, "wide"))


@pytest.fixture(scope="module")
def mixed(folder):
    return run(card(folder, "mixed", SOURCES, first=by_source(0.0, 1.0)))


def test_other_weights_of_labels_mix_the_labels_anew(folder, mixed):
    even = SOURCES.replace("low = 0.7, high = 0.3", "low = 0.4, high = 0.6")
    found = reweight(mixed, card(folder, "even", even, first=by_source(0.0, 1.0)))
    assert [reach.name for reach in found.reaches] == ["components.source"]
    row = rows(found.after)["p_by_2043-03-14"]
    sd = moments()[1]
    parts = [special.ndtr((20.0 - moments((m, 1.0))[0]) / sd) for m in (0.0, 1.0)]
    exact = 0.4 * parts[0] + 0.6 * parts[1]
    assert abs(row["number"] - exact) < 5 * row["mc_error"]


def test_a_law_without_labels_replaces_one_with_them(folder, mixed):
    found = reweight(mixed, card(folder, "plain", first=normal(0.4, 1.0)))
    assert [reach.name for reach in found.reaches] == ["first"]
    check_dates(found.after, *moments((0.4, 1.0)))


def test_a_label_that_was_never_drawn_is_refused(folder, mixed):
    more = SOURCES.replace("high", "other")
    law = by_source(0.0, 1.0).replace("high", "other")
    with pytest.raises(Refusal, match="never drew label other"):
        reweight(mixed, card(folder, "new-label", more, first=law))


def test_components_go_from_without_a_label_to_it_alone(mixed):
    low, high = sources(mixed)
    assert (low.label, high.label, high.weight) == ("low", "high", 0.3)
    assert SHARES[0] == 0.0
    assert SHARES[-1] == 1.0
    check_dates(high.tables[0], *moments())
    check_dates(high.tables[-1], *moments((1.0, 1.0)))
    for one, other in zip(low.tables, reversed(high.tables), strict=True):
        assert one["text"].equals(other["text"])


@pytest.mark.parametrize(("mean", "sd"), [(0.5, 1.0), (0.0, 1.4), (0.0, 0.5)])
def test_weights_are_arvizs(draws, mean, sd):
    log_ratio = stats.norm.logpdf(draws.values("first"), mean, sd) - stats.norm.logpdf(
        draws.values("first")
    )
    found = smoothed(log_ratio)
    log_weights, khat = array_stats.psislw(-log_ratio.ravel())
    assert found.khat == pytest.approx(float(khat), rel=1e-12)
    shares = found.values.ravel() / found.values.sum()
    np.testing.assert_allclose(shares, np.exp(log_weights), rtol=1e-9)


def test_a_tail_of_ties_is_bounded_and_a_few_draws_have_none():
    assert smoothed(np.log(np.tile([1.0, 3.0], (16, 64)))).khat == -np.inf
    few = np.full((16, 64), -np.inf)
    few[:, 0] = 0.0
    assert smoothed(few).khat == np.inf


@pytest.fixture(scope="module")
def powered(draws):
    found, reasons = scaled(draws)
    assert not reasons
    return {one.name: one for one in found}


def test_a_power_of_a_normal_law_has_its_width(draws, powered):
    """``f**α`` of a normal law is normal with ``sd / √α``."""
    x = draws.values("first")
    for power, weights in ((WIDER, "wider"), (NARROWER, "narrower")):
        values = getattr(powered["first"], weights).values
        shares = values / values.sum(axis=1, keepdims=True)
        variances = (shares * x**2).sum(axis=1)
        error = np.std(variances, ddof=1) / np.sqrt(REPLICATES)
        assert abs(variances.mean() - 1.0 / power) < 5 * error


def test_a_copula_is_held_under_a_power(folder):
    pearson = 2 * np.sin(np.pi * 0.5 / 6)
    together = run(card(folder, "together", CORRELATED), correlation=pearson)
    one = next(one for one in scaled(together)[0] if one.name == "first")
    values = one.wider.values / one.wider.values.sum(axis=1, keepdims=True)
    x = together.values("first")
    z = 2.0 * (together.values("second") - 1.0)
    for found, exact in (
        ((values * z**2).sum(axis=1), 1.0),
        ((values * x * z).sum(axis=1), pearson / np.sqrt(WIDER)),
    ):
        error = np.std(found, ddof=1) / np.sqrt(REPLICATES)
        assert abs(found.mean() - exact) < 5 * error + 1e-3


def test_the_date_is_most_sensitive_to_what_moves_it_most(draws, powered):
    ranks = ranks_of(draws, "baseline", "linear", "convergence")
    first, second = (sensitivity(ranks, powered[n]) for n in ("first", "second"))
    assert first[0] > second[0] + 5 * np.hypot(first[1], second[1])


def test_a_power_acts_under_each_label(mixed):
    one = next(one for one in scaled(mixed)[0] if one.name == "first")
    values = one.narrower.values / one.narrower.values.sum(axis=1, keepdims=True)
    centred = mixed.values("first") - mixed.labels("source")
    found = (values * centred**2).sum(axis=1)
    error = np.std(found, ddof=1) / np.sqrt(REPLICATES)
    assert abs(found.mean() - 1.0 / NARROWER) < 5 * error


def test_laws_without_a_density_are_not_assessed(folder):
    more = {"third": "point = 1.0", "fourth": 'law = "uniform"\nlow = 0.0\nhigh = 1.0'}
    draws = run(card(folder, "bare", **more), more={"third": 1.0, "fourth": 0.5})
    found, reasons = scaled(draws)
    assert [one.name for one in found] == ["first", "second"]
    assert reasons == {"third": "a point", "fourth": "uniform"}
