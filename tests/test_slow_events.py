"""A slow loop over dates, in thirty digits, finds the events of every metric."""

import functools
import math

import numpy as np
import pytest
from metric_cases import Case, found_events, texts
from worlds import UNTIL_YEARS, mp, mpf

from mc.model.metrics.positional_reward import WinnerTakesAll
from mc.outcomes.status import Status


@functools.cache
def slow(text, size=2):
    """A case of some draws, whose events are found by a slow loop in many digits."""
    names = Case(text).parameters
    kept = {"algorithmic_growth": np.asarray(names["algorithmic_growth"])[:size]}
    return Case(text, kept)


DATES = [mpf(UNTIL_YEARS) * (mpf(i) / 120) ** 2 for i in range(121)]


SAME = mpf("1e-25")
"""Relative difference of two gaps that thirty digits do not tell apart."""


def _bisected(function, left, right):
    """Where a function falls through zero."""
    for _ in range(20):
        middle = (left + right) / 2
        if function(middle) > 0:
            left = middle
        else:
            right = middle
    return left


def _slow_events(form, tolerance):
    """Highest point of the gap on a grid, refined, and its last fall to a tolerance."""

    def gap(t):
        return form.gap(*form.budget(t), t)

    gaps = [gap(t) for t in DATES]
    highest = max(gaps)
    level = [k for k, value in enumerate(gaps) if highest - value < SAME * abs(highest)]
    top = level[-1]
    inside = 0 < top < len(DATES) - 1
    slope = functools.partial(mp.diff, gap)
    peak = _bisected(slope, DATES[top - 1], DATES[top + 1]) if inside else DATES[top]
    height = max(gap(peak), gaps[top])
    above = [k for k, value in enumerate(gaps) if value > tolerance]
    if not above and height > tolerance:
        above = [top]
    last = above[-1] if above else -1
    closed = None
    if 0 <= last < len(DATES) - 1:
        left = max(DATES[last], peak) if gap(peak) > tolerance else DATES[last]
        closed = _bisected(lambda t: gap(t) - tolerance, left, DATES[last + 1])
    return inside, peak, height, last, closed


def _quick_or_slow():
    """Each metric; quickly those that have a rule of rising of their own."""
    own = ("expected_harm_time", "expected_harm_capability", "task_volume")
    quick = (*own, "pass_at_k_two_budgets")
    return [
        pytest.param(text, marks=() if text.startswith(quick) else (pytest.mark.slow,))
        for text in texts(every=False)
    ]


@pytest.mark.parametrize("text", _quick_or_slow())
def test_a_slow_loop_finds_the_same(text):
    case = slow(text)
    bar = case.entry.tolerance
    bar = math.log(bar) if case.entry.scale == "log" else bar
    found = found_events(case.record, case.path, bar)
    if isinstance(case.record, WinnerTakesAll):
        assert np.all(found.peak_status == Status.NEVER)
        return
    for i in range(case.size):
        with mp.workdps(30):
            inside, peak, height, last, closed = _slow_events(case.exact(i), mpf(bar))
        where = (i, found.peak_years[i], float(peak), float(height), last)
        if inside:
            assert found.peak_status[i] == Status.OBSERVED, where
            assert abs(found.peak_years[i] - float(peak)) < 1e-4, where
            assert found.peak_gap[i] == pytest.approx(float(height), rel=1e-4), where
        elif peak == 0:
            assert found.peak_status[i] == Status.ALREADY, where
        else:
            assert found.peak_status[i] in (Status.BEYOND, Status.NEVER), where
        if found.convergence_status[i] == Status.NEVER:
            assert last == len(DATES) - 1 or found.limit_gap[i] > bar, where
        elif last == -1:
            assert found.convergence_status[i] in (Status.ALREADY, Status.BEYOND), where
        elif closed is None:
            assert found.convergence_status[i] == Status.BEYOND, where
        else:
            assert found.convergence_status[i] == Status.OBSERVED, where
            assert abs(found.convergence_years[i] - float(closed)) < 1e-4, where
