import datetime
from dataclasses import replace

import jax
import numpy as np
import pytest

import priors
from mc.draws.designs import DESIGNS, Independent, Sobol
from mc.draws.transport import Transport
from priors.bounded import Beta, Uniform
from priors.compounds import Truncated
from priors.dependence import Cluster
from priors.joint import Belief, Component, Group, JointPrior, Marginal
from priors.laws import Empirical, LogNormal, Normal, Point, StudentT
from priors.units import Unit

UNIT = Unit(name="1", kind="real")
DESIGN = Sobol(seed=4, replicates=8)
FALSE_ALARM = 1e-9
COLUMN = np.array([-2.0, 0.5, 0.75, 3.0, 8.0])
CHOLESKY = np.linalg.cholesky(
    np.array([[1.0, 0.6, -0.3], [0.6, 1.0, 0.2], [-0.3, 0.2, 1.0]])
)


def belief(name, *laws, by=None, parent=None, slopes=(0.0, 0.0, 0.0)) -> Belief:
    marginals = tuple(
        Marginal(law=law, slope=slope) for law, slope in zip(laws, slopes, strict=False)
    )
    return Belief(name=name, unit=UNIT, marginals=marginals, by=by, parent=parent)


def joint(*beliefs, **parts) -> JointPrior:
    ordered = tuple(sorted(beliefs, key=lambda belief: belief.name))
    return JointPrior(
        reference_date=datetime.date(2023, 3, 14), beliefs=ordered, **parts
    )


@pytest.fixture
def dtype(x64) -> type:
    return np.float64 if x64 else np.float32


@pytest.fixture
def everything() -> JointPrior:
    """Each kind of belief that a card can state, once."""
    return joint(
        belief("algorithmic_growth", Normal(mean=0.9, sd=0.3)),
        belief("anchor_date", Point(value=1.95)),
        belief("clock_ratio", Beta(a=2.0, b=3.0)),
        belief("hardware_growth", Normal(mean=0.34, sd=0.07)),
        belief("horizon_at_anchor", Empirical(values=COLUMN)),
        belief(
            "horizon_doubling_time",
            Normal(mean=-0.66, sd=0.06),
            Empirical(values=COLUMN),
            Point(value=-1.2),
            by="horizon_window",
        ),
        belief(
            "irreducible_loss",
            Normal(mean=0.987, sd=0.0045),
            Point(value=1.69),
            by="scaling_law",
            parent="loss_exponent",
            slopes=(4.645, 0.0),
        ),
        belief("loss_exponent", Normal(mean=0.17, sd=0.005)),
        belief("my_own", Empirical(values=COLUMN)),
        components=(
            Component(name="scaling_law", labels=("a", "b"), weights=(0.7, 0.3)),
            Component(
                name="horizon_window",
                labels=("all", "late", "last"),
                weights=(0.35, 0.45, 0.2),
            ),
        ),
        groups=(
            Group(
                name="fit",
                columns={"fit_a": np.arange(5.0), "fit_b": np.arange(5.0) ** 2},
            ),
        ),
        clusters=(
            Cluster(
                names=("algorithmic_growth", "hardware_growth", "my_own"),
                cholesky=CHOLESKY,
            ),
        ),
        aliases={"horizon_elasticity": "irreducible_loss"},
    )


def same(one: dict, other: dict) -> bool:
    assert one
    assert one.keys() == other.keys()
    return all(np.array_equal(one[name], other[name]) for name in one)


@pytest.mark.parametrize("kind", DESIGNS.values(), ids=DESIGNS)
def test_a_parameter_keeps_its_bits_whatever_else_is_drawn(kind, everything, dtype):
    design = kind(seed=4, replicates=8)
    full = Transport.compile(everything, design, dtype).draw(5, 300)
    assert set(full.values) == set(everything.names())
    for name in everything.names():
        alone = Transport.compile(everything.restricted({name}), design, dtype)
        drawn = alone.draw(5, 300)
        assert np.array_equal(drawn.values[name], full.values[name]), name
        for component, labels in drawn.labels.items():
            assert np.array_equal(labels, full.labels[component])


def test_a_parameter_keeps_its_bits_when_the_prior_is_put_in_another_order(
    everything, dtype
):
    turned = replace(
        everything,
        beliefs=everything.beliefs[::-1],
        components=everything.components[::-1],
    )
    one = Transport.compile(everything, DESIGN, dtype).draw(0, 300)
    other = Transport.compile(turned, DESIGN, dtype).draw(0, 300)
    assert same(one.values, other.values)
    assert same(one.labels, other.labels)


@pytest.mark.parametrize("kind", DESIGNS.values(), ids=DESIGNS)
@pytest.mark.parametrize("cut", [1, 128, 201])
def test_values_do_not_depend_on_how_a_run_is_cut(kind, cut, everything, dtype):
    transport = Transport.compile(everything, kind(seed=4, replicates=8), dtype)
    whole = transport.draw(0, 256)
    head, tail = transport.draw(0, cut), transport.draw(cut, 256 - cut)
    for name, values in whole.values.items():
        parts = np.concatenate([head.values[name], tail.values[name]])
        assert np.array_equal(values, parts), name
    for name, labels in whole.labels.items():
        parts = np.concatenate([head.labels[name], tail.labels[name]])
        assert np.array_equal(labels, parts)


def test_every_device_draws_the_same_bits(everything, dtype):
    transport = Transport.compile(everything, DESIGN, dtype)
    first, second = jax.devices()
    here, there = (transport.on(device).draw(3, 257) for device in (first, second))
    with jax.default_device(second):
        elsewhere = transport.draw(3, 257)
    assert {next(iter(v.devices())) for v in here.values.values()} == {first}
    assert {next(iter(v.devices())) for v in there.values.values()} == {second}
    for other in (there, elsewhere):
        assert same(here.values, other.values)
        assert same(here.labels, other.labels)


def test_other_laws_weights_and_truncations_compile_nothing(caplog, dtype):
    def prior(first, second, weights, slope):
        return joint(
            belief("hardware_growth", first),
            belief("loss_exponent", first, second, by="scaling_law"),
            belief("irreducible_loss", second, parent="loss_exponent", slopes=(slope,)),
            components=(
                Component(name="scaling_law", labels=("a", "b"), weights=weights),
            ),
        )

    normal = Normal(mean=0.3, sd=0.1)
    before = prior(normal, Beta(a=2.0, b=2.0), (0.5, 0.5), 1.0)
    after = prior(
        StudentT(df=4.0, mean=0.0, scale=1.0),
        Truncated(law=normal, low=0.1, high=0.4),
        (0.9, 0.1),
        -2.0,
    )
    fixed = prior(Point(value=1.0), LogNormal(mu=0.0, sigma=1.0), (0.2, 0.8), 0.0)
    Transport.compile(before, DESIGN, dtype).draw(0, 99)
    with jax.log_compiles(), caplog.at_level("WARNING", logger="jax"):
        for other in (after, fixed):
            transport = Transport.compile(other, replace(DESIGN, seed=77), dtype)
            transport.draw(12345, 99)
        assert not [record for record in caplog.records if "ompil" in record.message]
        Transport.compile(after, DESIGN, dtype).draw(0, 98)
    assert [record for record in caplog.records if "ompil" in record.message]


@pytest.mark.parametrize(
    "law",
    [
        Normal(mean=-1.0, sd=2.0),
        Uniform(low=2.0, high=5.0),
        Beta(a=0.5, b=3.0),
        StudentT(df=3.0, mean=0.0, scale=1.0),
        Truncated(law=Normal(mean=0.0, sd=1.0), low=1.0, high=2.0),
    ],
)
@pytest.mark.parametrize("name", ["hardware_growth", "a_name_of_my_own"])
def test_draws_follow_their_law(law, name, dtype):
    design = Independent(seed=8, replicates=8)
    drawn = Transport.compile(joint(belief(name, law)), design, dtype).draw(0, 2**13)
    ranks = np.sort(law.cdf(np.asarray(drawn.values[name], float)))
    steps = np.arange(ranks.size + 1) / ranks.size
    distance = max(np.max(steps[1:] - ranks), np.max(ranks - steps[:-1]))
    # Dvoretzky, Kiefer and Wolfowitz, with Massart's constant.
    assert distance < np.sqrt(np.log(2.0 / FALSE_ALARM) / (2.0 * ranks.size))


def test_sobol_draws_follow_their_law_a_hundred_times_closer(dtype):
    law = Beta(a=2.0, b=3.0)
    transport = Transport.compile(joint(belief("loss_exponent", law)), DESIGN, dtype)
    ranks = np.sort(
        law.cdf(np.asarray(transport.draw(0, 2**13).values["loss_exponent"], float))
    )
    steps = np.arange(ranks.size + 1) / ranks.size
    # Every interval of length 2**-13 holds one point of each replicate.
    assert np.abs(steps[1:] - ranks).max() < 2.0**-13 + 1e-6


def test_labels_choose_the_law_and_have_their_shares(everything, dtype):
    drawn = Transport.compile(everything, DESIGN, dtype).draw(0, 2**10)
    labels = np.asarray(drawn.labels["horizon_window"])
    values = np.asarray(drawn.values["horizon_doubling_time"])
    assert drawn.labels["horizon_window"].dtype == np.int32
    shares = np.bincount(labels) / labels.size
    assert np.abs(shares - [0.35, 0.45, 0.2]).max() < 2 * 2.0**-10
    assert set(values[labels == 1].tolist()) == set(COLUMN.astype(dtype).tolist())
    assert (values[labels == 2] == dtype(-1.2)).all()
    first = values[labels == 0]
    # Six standard errors of as many independent draws.
    assert abs(first.mean() + 0.66) < 6 * 0.06 / np.sqrt(first.size)
    assert first.std() == pytest.approx(0.06, rel=6 / np.sqrt(2 * first.size))


def test_a_given_parameter_follows_its_parent_under_the_label_that_says_so(
    everything, dtype
):
    drawn = Transport.compile(everything, DESIGN, dtype).draw(0, 512)
    labels = np.asarray(drawn.labels["scaling_law"])
    loss = np.asarray(drawn.values["irreducible_loss"], float)
    residual = loss - 4.645 * np.asarray(drawn.values["loss_exponent"], float)
    without = joint(
        belief("irreducible_loss", Normal(mean=0.987, sd=0.0045)),
    )
    own = Transport.compile(without, DESIGN, dtype).draw(0, 512)
    expected = np.asarray(own.values["irreducible_loss"], float)
    close = 8 * np.finfo(dtype).eps
    assert np.abs(residual - expected)[labels == 0].max() < close
    assert (loss[labels == 1] == dtype(1.69)).all()


def test_an_alias_has_the_values_of_its_target(everything, dtype):
    values = Transport.compile(everything, DESIGN, dtype).draw(0, 64).values
    assert np.array_equal(values["horizon_elasticity"], values["irreducible_loss"])


def test_a_parent_may_be_an_alias_or_a_column_of_a_group(dtype):
    prior = joint(
        belief("a", Point(value=1.0), parent="b", slopes=(2.0,)),
        belief("c", Point(value=0.0), parent="fit_a", slopes=(10.0,)),
        groups=(Group(name="fit", columns={"fit_a": np.arange(4.0)}),),
        aliases={"b": "c"},
    )
    values = Transport.compile(prior, DESIGN, dtype).draw(0, 64).values
    assert np.array_equal(values["c"], 10 * values["fit_a"])
    assert np.array_equal(values["a"], 1 + 2 * values["c"])


def test_a_group_draws_whole_rows_equally_often(everything, dtype):
    values = Transport.compile(everything, DESIGN, dtype).draw(0, 2**10).values
    a, b = np.asarray(values["fit_a"]), np.asarray(values["fit_b"])
    assert np.array_equal(b, a**2)
    counts = np.bincount(a.astype(int), minlength=5)
    assert np.abs(counts - a.size / 5).max() <= 2 * DESIGN.replicates


@pytest.mark.parametrize("name", ["horizon_at_anchor", "my_own"])
def test_an_empirical_law_gives_its_values_equally_often(name, everything, dtype):
    design = Independent(seed=5, replicates=8)
    drawn = Transport.compile(everything, design, dtype).draw(0, 2**12)
    found, counts = np.unique(np.asarray(drawn.values[name]), return_counts=True)
    assert found.tolist() == COLUMN.astype(dtype).tolist()
    # Binomial(2**15, 1/5) has sd 72; five counts beyond 6.5 sd: 4e-10.
    assert np.abs(counts - 2**15 / 5).max() < 6.5 * 72.5


def test_an_empirical_law_takes_the_row_of_its_word(dtype):
    prior = joint(belief("horizon_at_anchor", Empirical(values=COLUMN)))
    drawn = Transport.compile(prior, DESIGN, dtype).draw(0, 512)
    words = np.asarray(DESIGN.words("horizon_at_anchor", 0, 512)).astype(np.uint64)
    rows = (words * np.uint64(COLUMN.size)) >> np.uint64(32)
    expected = COLUMN[rows.astype(int)].astype(dtype)
    assert np.array_equal(drawn.values["horizon_at_anchor"], expected)


def test_correlated_parameters_have_the_scores_of_the_factor(everything, dtype):
    drawn = Transport.compile(everything, DESIGN, dtype).draw(0, 512).values
    own = Transport.compile(replace(everything, clusters=()), DESIGN, dtype)
    before = own.draw(0, 512).values

    def score(values, name, mean, sd):
        return (np.asarray(values[name], float) - mean) / sd

    first = score(before, "algorithmic_growth", 0.9, 0.3)
    second = score(before, "hardware_growth", 0.34, 0.07)
    mixed = score(drawn, "hardware_growth", 0.34, 0.07)
    assert np.array_equal(drawn["algorithmic_growth"], before["algorithmic_growth"])
    close = 100 * np.finfo(dtype).eps
    assert np.abs(mixed - (0.6 * first + 0.8 * second)).max() < close


def test_an_empirical_parameter_is_correlated_through_its_score(everything, dtype):
    design = Independent(seed=5, replicates=8)
    drawn = Transport.compile(everything, design, dtype).draw(0, 2**12).values
    z = (np.asarray(drawn["algorithmic_growth"], float) - 0.9) / 0.3
    w = (np.asarray(drawn["hardware_growth"], float) - 0.34) / 0.07
    row = np.searchsorted(COLUMN, np.asarray(drawn["my_own"], float) - 1e-6)
    # Given z, the row's score has mean −0.3 z; E[(row − 2) z] = −0.3 Σ φ(Φ⁻¹(k/5)).
    slope = -0.3 * sum(PHI_AT_FIFTHS)
    noise = 1.5 / np.sqrt(z.size)
    assert abs(np.mean((row - 2) * z) - slope) < 6.5 * noise
    assert abs(np.mean((row - 2) * w) - slope * 0.2 / -0.3) < 6.5 * noise


PHI_AT_FIFTHS = [0.2799619204, 0.3863425311, 0.3863425311, 0.2799619204]


@pytest.mark.parametrize("card", ["meek-2025", "paper-2026", "literature-2026"])
def test_medians_of_a_shipped_card_are_its_centres(card, dtype):
    prior = priors.load(card).joint
    drawn = Transport.compile(prior, DESIGN, dtype).draw(0, 2**10).values
    central = prior.central()
    plain = [b.name for b in prior.beliefs if b.by is None and b.parent is None]
    assert len(plain) >= 9
    for name in plain:
        low, median, high = np.quantile(drawn[name], [0.49, 0.5, 0.51])
        slack = 4 * np.finfo(dtype).eps * abs(central[name])
        assert low - slack <= central[name] <= high + slack, name
        assert median == pytest.approx(central[name], rel=1e-3, abs=1e-3), name
