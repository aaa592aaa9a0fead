"""Back to a share of the peak: closed forms, a slow scan, and what never fades."""

import functools
import math
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from path_worlds import path_parameters
from scipy.optimize import brentq
from worlds import P0, UNTIL_YEARS, dtype, mp, mpf

from mc.model.path_choice import path_choice
from mc.model.registry import metric_choice
from mc.outcomes.fades import find_fades
from mc.outcomes.status import Status
from mc.outcomes.trace import event_knots

YEAR_2025 = {
    "investment_growth": math.log(5 / 1.4),
    "loss_exponent": 0.154,
    "initial_compute": math.log(1e20),
}
S = P0["hardware_growth"] + P0["algorithmic_growth"]
GAMMA = P0["loss_exponent"]


@functools.partial(jax.jit, static_argnames=("text", "metric"))
def _fades(text, metric, parameters, log_share, knots, until):
    path = path_choice(text).load().prepare(parameters)
    choice = metric_choice(metric)
    typed = {k: jnp.asarray(v, dtype()) for k, v in choice.arguments.items()}
    record = choice.load().prepare(parameters, path, typed)
    return find_fades(record, path, knots=knots, until_years=until, log_share=log_share)


def fades(share, text="exponential", metric="validation_loss", draws=1, **changes: Any):
    until = changes.pop("until", UNTIL_YEARS)
    found = _fades(
        text,
        metric,
        path_parameters(draws, **changes),
        jnp.asarray(math.log(share), dtype()),
        jnp.asarray(event_knots(until), dtype()),
        jnp.asarray(until, dtype()),
    )
    return jax.tree.map(np.asarray, found)


@pytest.mark.parametrize(
    ("share", "world", "years", "digits"),
    [
        (0.5, YEAR_2025, 9.278, 5e-4),
        (0.1, YEAR_2025, 17.617, 5e-4),
        (0.1, {}, 17.4849124884, 1e-10),
        (0.01, {}, 28.4918146238, 1e-10),
    ],
)
def test_the_loss_gap_fades_when_the_closed_form_says(share, world, years, digits, x64):
    """Science 6.1, and P0 to ten digits."""
    found = fades(share, **world)
    assert found.status[0] == Status.OBSERVED
    slack = digits + (1e-9 if x64 else 1e-4)
    assert found.years[0] == pytest.approx(years, abs=slack)


@pytest.mark.parametrize("share", [0.999, 0.7, 0.2, 1e-3])
def test_every_share_is_the_root_after_the_peak(share):
    """``u − u^ρ`` against its own maximum; near that a rounding moves the date far."""
    found = fades(share, investment_growth=0.9)
    shared, ratio = mpf(S), (mpf(S) + mpf("0.9")) / mpf(S)
    top = (1 / ratio) ** (1 / (ratio - 1)) - (1 / ratio) ** (ratio / (ratio - 1))
    peak = mp.log(ratio) / (GAMMA * mpf("0.9"))

    def left(t):
        u = mp.exp(-GAMMA * shared * t)
        return mp.log((u - u**ratio) / (share * top))

    exact = brentq(
        lambda t: float(left(mpf(t))), float(peak), float(peak) + 100, xtol=1e-12
    )
    steep = abs(float(mp.diff(left, exact)))
    slack = 1e-4 + 64 * float(jnp.finfo(dtype()).eps) / steep
    assert found.years[0] == pytest.approx(exact, abs=slack)


def test_of_several_peaks_the_highest_counts():
    """A jump late on a path: against a dense scan in float64."""
    changes: dict[str, Any] = {"trend_break_size": 9.0, "trend_break_date": 30.0}
    text = "trend_break"
    found = fades(0.05, text, **changes)
    v = P0["investment_growth"]
    start = math.exp(P0["loss_coefficient"] - GAMMA * P0["initial_compute"])

    def gap(t, jumped):
        lead = v * t + (9.0 if jumped else 0.0)
        return -start * math.exp(-GAMMA * S * t) * math.expm1(-GAMMA * lead)

    times = np.linspace(0, 100, 400_001)
    rows = np.array([gap(t, t >= 30.0) for t in times])
    bar = 0.05 * rows.max()
    last = int(np.flatnonzero(rows > bar)[-1])
    exact = brentq(lambda t: gap(t, t >= 30.0) - bar, times[last], times[last + 1])
    assert found.years[0] == pytest.approx(exact, abs=2e-4)


@pytest.mark.parametrize(
    ("metric", "share", "changes", "status"),
    [
        ("validation_loss", 0.1, {}, Status.OBSERVED),
        ("validation_loss", 0.1, {"until": 10.0}, Status.BEYOND),
        ("validation_loss", 0.5, {"loss_exponent": 0.002}, Status.BEYOND),
        ("validation_loss", 0.1, {"investment_growth": 0.0}, Status.ALREADY),
        (
            "validation_loss",
            0.1,
            {"initial_compute_ratio": 12.0},
            Status.OBSERVED,
        ),
        ("negative_log_loss", 0.5, {}, Status.NEVER),
        ("relative_loss", 0.5, {}, Status.NEVER),
        ("log_log_compute", 0.5, {}, Status.NEVER),
        (
            "negative_log_loss",
            0.5,
            {"investment_growth": -0.1, "initial_compute_ratio": 2.0},
            Status.OBSERVED,
        ),
        (
            "validation_loss",
            0.5,
            {"hardware_growth": 0.0, "algorithmic_growth": 0.0},
            Status.NEVER,
        ),
    ],
)
def test_a_fade_has_the_status_of_its_limit(metric, share, changes, status):
    found = fades(share, metric=metric, **changes)
    assert Status(int(found.status[0])) is status
    expected = {Status.ALREADY: -math.inf, Status.OBSERVED: found.years[0]}
    assert found.years[0] == expected.get(status, math.inf)


@pytest.mark.parametrize(
    ("share", "status"), [(0.4, Status.NEVER), (0.9, Status.OBSERVED)]
)
def test_a_gap_that_settles_fades_only_to_shares_above_where_it_does(share, status):
    """A lead that melts from 8 to 4 and stays: its logarithms' ratio is one half."""
    changes: dict[str, Any] = {
        "investment_growth": -0.5,
        "initial_compute_ratio": 8.0,
        "investment_slowdown_date": 8.0,
    }
    text = "investment_slowdown:form=ends"
    found = fades(share, text, "negative_log_loss", **changes)
    assert Status(int(found.status[0])) is status
    if status is Status.OBSERVED:
        assert found.years[0] == pytest.approx((1 - share) * 8.0 / 0.5, abs=1e-4)


def test_a_share_is_of_the_gap_as_it_is_carried():
    """Half of a ratio's peak is half of its logarithm: the square root."""
    changes: dict[str, Any] = {"investment_growth": -0.1, "initial_compute_ratio": 2.0}
    found = fades(0.5, metric="relative_loss", **changes)
    assert found.years[0] == pytest.approx(10.0, abs=1e-4)
