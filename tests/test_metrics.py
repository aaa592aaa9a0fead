"""One contract for all metrics of the shelf, in the precision of the run."""

import jax.numpy as jnp
import numpy as np
import pytest
from exact_metrics import FORMS
from metric_cases import (
    DRAWS,
    Case,
    epsilon,
    floats,
    gaps,
    largest,
    mirrored,
    smallest,
    tiered_texts,
    without_other_lead,
)
from worlds import dtype, mp

from mc.model.registry import shelf

RELATIVE = {False: 1e-5, True: 1e-12}
SHARE_OF_RANGE = {False: 3e-7, True: 1e-15}
ROUNDINGS = 8
"""So often may each parameter, the budget and the lead be rounded on the way."""
LOG1P = {False: 0.0, True: 3e-14}
"""What JAX's log1p loses in double precision: 2.7e-14 near −0.414, measured."""

NOT_MONOTONE = ("expected_harm_capability",)


@pytest.fixture(scope="module", params=tiered_texts())
def case(request):
    return Case(request.param)


@pytest.fixture(scope="module")
def computed(case):
    return tuple(floats(values) for values in gaps(case.now, case.x, case.lead))


def test_every_metric_has_a_textbook_form():
    assert set(FORMS) == set(shelf("metrics"))


def test_no_draw_of_the_default_card_is_invalid(case):
    assert not case.invalid.any()


def _number(value):
    """A float, infinite where this precision has none so large."""
    if abs(value) > largest():
        return float(mp.sign(value)) * np.inf
    return float(value)


def _rounding(x64):
    return ROUNDINGS * epsilon() + LOG1P[x64]


def _worst(error, allowed):
    """How many times the largest error is what is allowed."""
    return np.max(error / np.maximum(allowed, 1e-300))


def test_the_gap_agrees_with_sixty_digits(case, computed, x64):
    """1e-5 or 1e-12; where rounding its inputs moves the gap by more, so much."""
    gap = computed[0]
    exact = np.array([_number(value) for value in case.exact_gaps])
    assert np.array_equal(gap[np.isinf(exact)], exact[np.isinf(exact)])
    seen = np.isfinite(exact)
    error = np.abs(np.where(seen, gap - np.where(seen, exact, 0.0), 0.0))
    size = np.where(seen, np.abs(exact), 0.0)
    far = (case.span == 0) | (size > 1e-6 * case.span)
    allowed = np.where(far, RELATIVE[x64] * size, SHARE_OF_RANGE[x64] * case.span)
    allowed = np.maximum(allowed, smallest())
    if x64:
        allowed += case.quadrature * size
    for i in np.flatnonzero(~(error <= allowed)):
        allowed[i] = _rounding(x64) * case.sensitivity(i)
    assert np.all(error <= allowed), _worst(error, allowed)


def test_log_gap_is_the_logarithm_of_the_gap(case, computed, x64):
    """An exponent of up to 60 is rounded a few times: eight, and by quadrature."""
    seen = [i for i, value in enumerate(case.exact_gaps) if value > 1e-40]
    exact = np.array([float(mp.log(case.exact_gaps[i])) for i in seen])
    error = np.abs(computed[1][seen] - exact)
    allowed = ROUNDINGS * epsilon() * (16 + np.abs(exact)) + 8 * case.quadrature[seen]
    for i in np.flatnonzero(~(error <= allowed)):
        share = case.sensitivity(seen[i]) / float(abs(case.exact_gaps[seen[i]]))
        allowed[i] = _rounding(x64) * share
    assert np.all(error <= allowed), _worst(error, allowed)
    behind = [i for i, value in enumerate(case.exact_gaps) if value < 0]
    assert np.all(np.isneginf(computed[1][behind]))


def test_the_gap_has_the_sign_of_its_exact_form(case, computed):
    for i, value in enumerate(case.exact_gaps):
        if abs(value) > smallest():
            assert np.sign(computed[0][i]) == mp.sign(value)


def test_there_is_no_gap_without_a_lead(case):
    level = without_other_lead(case.now)
    gap, log_gap = gaps(level, case.x, jnp.zeros_like(case.lead))
    assert np.all(np.asarray(gap) == 0)
    assert np.all(np.isneginf(np.asarray(log_gap)))


def test_swapping_the_actors_swaps_the_sign(case):
    """Budgets on a grid that both precisions hold, so that both add up exactly."""
    x = jnp.round(case.x * 64) / 64
    lead = jnp.maximum(jnp.round(jnp.minimum(case.lead, 8.0) * 64), 1.0) / 64
    ahead = floats(gaps(case.now, x, lead)[0])
    behind = floats(gaps(mirrored(case.now), x + lead, -lead)[0])
    seen = np.isfinite(ahead) & (np.abs(ahead) > smallest())
    scale = np.maximum(np.abs(ahead), 1e-6 * case.span)
    if case.entry.name in NOT_MONOTONE:
        scale = np.maximum(scale, floats(case.now.value(x)))
    error = np.abs(behind[seen] + ahead[seen])
    allowed = 512 * epsilon() * scale[seen]
    assert np.all(error <= allowed), _worst(error, allowed)


def test_the_gap_grows_with_the_lead(case, computed):
    wider = floats(gaps(case.now, case.x, case.lead * 1.01)[0])
    if case.entry.name not in NOT_MONOTONE:
        rounding = 4 * epsilon() * np.abs(np.nan_to_num(computed[0], posinf=0.0))
        assert np.all(wider >= computed[0] - rounding)


def test_values_of_the_actors_differ_by_the_gap(case, computed):
    series = case.now.series(case.x, case.lead)
    falls = case.entry.direction == "lower is better"
    sign = -1 if falls and case.entry.name not in NOT_MONOTONE else 1
    frontier, meek = floats(series["frontier"]), floats(series["meek"])
    if case.entry.name in ("head_to_head_win_rate",):
        meek = np.full(DRAWS, 0.5)
    seen = np.isfinite(frontier) & np.isfinite(meek) & np.isfinite(computed[0])
    frontier, meek, gap = frontier[seen], meek[seen], computed[0][seen]
    error = np.abs(sign * (frontier - meek) - gap)
    sizes = np.abs(frontier) + np.abs(meek) + np.abs(gap)
    allowed = 512 * epsilon() * np.maximum(sizes, 1e-6 * case.span)
    assert np.all(error <= allowed), _worst(error, allowed)
    assert set(series) == set(case.entry.series)
    assert series["gap"].dtype == dtype()
