import jax.numpy as jnp
import numpy as np
import pytest

from mc.draws import tables
from priors.bounded import Beta, Triangular, Uniform
from priors.compounds import Mixture, Transformed, Truncated
from priors.laws import Empirical, LogNormal, Normal, Point, StudentT
from priors.units import own_unit

SMOOTH = {
    "normal": Normal(mean=-1.3, sd=0.4),
    "uniform": Uniform(low=2.0, high=5.0),
    "beta": Beta(a=2.0, b=3.0),
    "student_t": StudentT(df=10.0, mean=1.0, scale=0.2),
    "lognormal": LogNormal(mu=0.0, sigma=0.5),
    "growth": Transformed(
        base=Uniform(low=1.2, high=1.6), unit=own_unit("x/yr", "growth")
    ),
    "far tail": Truncated(law=Normal(mean=0.0, sd=1.0), low=4.0, high=9.0),
}
# Their fourth derivatives over the score are large or do not exist.
ROUGH = {
    "cut": (Truncated(law=Normal(mean=0.0, sd=1.0), low=-1.0, high=4.0), 1e-8),
    "heavy": (StudentT(df=3.0, mean=1.0, scale=0.2), 1e-7),
    "arcsine": (Beta(a=0.5, b=0.5), 1e-8),
    "kinked": (Triangular(low=0.0, mode=0.3, high=1.0), 1e-5),
    "two humps": (
        Mixture(
            weights=(0.45, 0.55),
            laws=(Normal(mean=0.0, sd=1.0), Normal(mean=4.0, sd=1.0)),
        ),
        1e-5,
    ),
}
STEEP = {
    "gap": Mixture(
        weights=(0.5, 0.5), laws=(Normal(mean=0.0, sd=0.1), Normal(mean=3.0, sd=0.1))
    ),
    "atom": Mixture(
        weights=(0.3, 0.7), laws=(Point(value=0.0), Normal(mean=0.0, sd=1.0))
    ),
}
EVERY = {**SMOOTH, **{name: law for name, (law, _) in ROUGH.items()}, **STEEP}


def scores(num: int, dtype: type) -> np.ndarray:
    return np.random.default_rng(0).uniform(-6, 6, num).astype(dtype)


def read(law, scores: np.ndarray) -> np.ndarray:
    coefficients = jnp.asarray(tables.quantile_table(law), scores.dtype)
    labels = jnp.zeros(scores.shape, jnp.int32)
    values = tables.read(coefficients, labels, jnp.asarray(scores))
    assert values.dtype == scores.dtype
    return np.asarray(values)


def misfit(law, dtype: type) -> float:
    """Largest error, relative to the value or, if larger, the central 68 %."""
    at = scores(20_000, dtype)
    exact = law.at_score(at.astype(float))
    width = np.ptp(law.at_score(np.array([-1.0, 1.0])))
    return np.max(np.abs(read(law, at) - exact) / np.maximum(np.abs(exact), width))


@pytest.mark.parametrize("law", SMOOTH.values(), ids=SMOOTH)
def test_a_smooth_law_is_read_to_the_working_precision(law, x64):
    assert misfit(law, np.float32) < 1e-6
    if x64:
        assert misfit(law, np.float64) < 1e-9


@pytest.mark.parametrize(("law", "bound"), ROUGH.values(), ids=ROUGH)
def test_a_rough_law_is_read_to_the_precision_of_its_cells(law, bound, x64):
    assert misfit(law, np.float32) < max(bound, 1e-6)
    if x64:
        assert misfit(law, np.float64) < bound


@pytest.mark.parametrize("law", EVERY.values(), ids=EVERY)
def test_a_value_lies_between_the_quantiles_at_its_cells_ends(law):
    at = scores(20_000, np.float32)
    cell = np.floor(at.astype(float) / tables.CELL)
    low, high = law.at_score(cell * tables.CELL), law.at_score((cell + 1) * tables.CELL)
    slack = 1e-6 * np.maximum(np.abs(low), np.abs(high))
    values = read(law, at)
    assert ((low - slack <= values) & (values <= high + slack)).all()


@pytest.mark.parametrize("law", EVERY.values(), ids=EVERY)
def test_no_cubic_turns_round_inside_its_cell(law):
    level, slope, square, cube = tables.quantile_table(law)
    offset = np.linspace(0.0, tables.CELL, 50)[:, None]
    rise = slope + offset * (2.0 * square + offset * 3.0 * cube)
    rounding = 1e-14 * np.abs(level).max() / tables.CELL
    assert (rise >= -rounding).all()


@pytest.mark.parametrize("mean", [0.0, -1.3, 2000.0])
def test_a_normal_law_is_a_straight_line(mean):
    level, slope, square, cube = tables.quantile_table(Normal(mean=mean, sd=0.07))
    assert np.array_equal(level, mean + 0.07 * tables.KNOTS[:-1])
    assert np.allclose(slope, 0.07, rtol=1e-9, atol=0.0)
    assert np.ptp(slope) == 0.0
    assert not square.any()
    assert not cube.any()


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_a_point_is_itself_at_every_score(dtype, x64):
    dtype = dtype if x64 else np.float32
    assert (read(Point(value=1 / 3), scores(10_000, dtype)) == dtype(1 / 3)).all()


class Unsloped(LogNormal):
    """A law that cannot tell its density."""

    def log_density(self, x):
        return np.full(x.shape, -np.inf)


def test_without_a_density_the_secants_give_the_slopes():
    assert 1e-7 < misfit(Unsloped(mu=0.0, sigma=0.5), np.float32) < 1e-5


def test_beyond_the_table_its_ends_hold():
    law = Uniform(low=2.0, high=5.0)
    values = read(law, np.array([-50.0, -6.5, 6.5, 50.0], np.float32))
    assert values[0] == values[1] == 2.0
    assert values[2] == values[3] == 5.0


def test_each_label_reads_its_own_table():
    laws = (Point(value=1.0), Normal(mean=0.0, sd=1.0), Point(value=3.0))
    joined = np.concatenate([tables.quantile_table(law) for law in laws], axis=1)
    labels, at = np.tile(np.arange(3, dtype=np.int32), 500), scores(1500, np.float32)
    values = np.asarray(tables.read(jnp.asarray(joined, np.float32), labels, at))
    assert (values[::3] == 1.0).all()
    assert np.array_equal(values[1::3], read(laws[1], at)[1::3])
    assert (values[2::3] == 3.0).all()


def test_knots_and_offsets_are_exact_in_float32():
    assert np.array_equal(tables.KNOTS.astype(np.float32), tables.KNOTS)
    assert np.float32(tables.CELL) == tables.CELL


def test_a_law_without_finite_quantiles_is_refused():
    law = Empirical(values=np.array([0.0, np.inf]))
    with pytest.raises(ValueError, match="has quantiles that are not finite"):
        tables.quantile_table(law)
