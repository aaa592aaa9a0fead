"""Shares of lines: closed forms where dates rise, cells where they do not."""

import numpy as np
import pytest
from scipy.special import ndtr, ndtri

from mc.engine.traces import NODES
from mc.outcomes.distributions import Outcome
from mc.outcomes.lines import Lines
from mc.outcomes.preintegrated import Preintegrated
from mc.outcomes.status import Status

REPLICATES = 8
WIDTHS = np.linspace(0.1, 0.5, 4 * REPLICATES)
MEDIANS = 8.0 * np.exp(0.02 * np.arange(4 * REPLICATES))
UNTIL = 20.0
FAR = 1e-5
"""Accuracy asked between nodes, a tenth of what a run may report."""


def lines(years, first=0.0, until=np.inf, scores=NODES):
    """Lines whose date at a score is ``years(score)``, censored at both ends."""
    at = np.repeat(scores[:, None], len(WIDTHS), axis=1)
    found = years(at)
    status = np.where(found > until, Status.BEYOND, Status.OBSERVED)
    status = np.where(found < first, Status.ALREADY, status)
    return Lines(at, found, status.astype(np.int8))


def lognormal(scores):
    return MEDIANS * np.exp(WIDTHS * scores)


def observed(years):
    return Outcome(status=Status.OBSERVED, value=years)


@pytest.mark.parametrize("years", [4.0, 8.0, 9.5, 14.0])
def test_shares_of_lognormal_lines_are_those_of_the_law(years):
    found = lines(lognormal).share(observed(years))
    exact = ndtr(np.log(years / MEDIANS) / WIDTHS)
    np.testing.assert_allclose(found, exact, atol=FAR)


def test_a_line_that_ends_in_a_square_root_keeps_its_share():
    """As the date does where a gap barely exceeds its tolerance."""
    start, scores = 5.0, np.sort(np.append(NODES, -1.0 + 2.0 ** -np.arange(0, 9, 0.5)))
    at = np.repeat(scores[:, None], 1, axis=1)
    dated = at > -1.0
    years = start + np.sqrt(np.maximum(at + 1.0, 0.0))
    status = np.where(dated, Status.OBSERVED, Status.ALREADY).astype(np.int8)
    line = Lines(at, years, status)
    for years in (5.3, 6.0, 6.5):
        found = line.share(observed(years))
        np.testing.assert_allclose(found, ndtr((years - start) ** 2 - 1.0), atol=1e-4)


def test_the_ends_of_statuses_are_half_way_between_their_nodes():
    found = lines(lognormal, first=6.0, until=UNTIL)
    for status, bar in ((Status.ALREADY, 6.0), (Status.OBSERVED, UNTIL)):
        exact = np.log(bar / MEDIANS) / WIDTHS
        nodes = np.concatenate([[-np.inf], NODES, [np.inf]])
        above = np.searchsorted(NODES, exact)
        low, high = ndtr(nodes[above]), ndtr(nodes[above + 1])
        share = found.share(Outcome(status=status, value=np.inf))
        assert np.all((low <= share) & (share <= high))
    assert np.all(found.share(Outcome(status=Status.NEVER)) == 1.0)


def test_a_date_that_falls_along_its_line_is_integrated_by_cells():
    def falling(scores):
        return MEDIANS - 0.5 * scores

    found = lines(falling)
    assert not found.is_monotone.any()
    exact = ndtr((8.0 - MEDIANS) / 0.5)
    np.testing.assert_allclose(found.share(observed(8.0)), exact, atol=2e-7)


def test_quantiles_are_where_the_average_share_is_reached():
    dates = Preintegrated([(1.0, lines(lognormal))], REPLICATES)
    for prob in (0.05, 0.5, 0.95):
        years = dates.outcome(prob, prob).value
        exact = ndtr(np.log(years / MEDIANS) / WIDTHS)
        assert exact.mean() == pytest.approx(prob, abs=FAR)
        shares = dates.shares(observed(years), prob)
        by_replicate = exact.reshape(-1, REPLICATES).mean(axis=0)
        np.testing.assert_allclose(shares, by_replicate, atol=FAR)


def test_labels_are_summed_over_by_their_weights():
    def later(scores):
        return 3.0 * lognormal(scores)

    dates = Preintegrated([(0.3, lines(lognormal)), (0.7, lines(later))], REPLICATES)
    parts = [ndtr(np.log(9.0 / m / MEDIANS) / WIDTHS).mean() for m in (1.0, 3.0)]
    found = dates.shares_before(9.0).mean()
    assert found == pytest.approx(0.3 * parts[0] + 0.7 * parts[1], abs=FAR)


def test_a_quantile_among_the_censored_is_a_word():
    dates = Preintegrated([(1.0, lines(lognormal, until=9.0))], REPLICATES)
    assert dates.outcome(0.01, 0.01).status is Status.OBSERVED
    assert dates.outcome(0.95, 0.95).status is Status.BEYOND
    counts = dates.status_counts
    np.testing.assert_allclose(counts.sum(axis=1), len(WIDTHS) / REPLICATES)


def test_one_line_a_replicate_gives_the_law_itself():
    years = 8.0 * np.exp(0.3 * np.repeat(NODES[:, None], REPLICATES, axis=1))
    at = np.repeat(NODES[:, None], REPLICATES, axis=1)
    line = Lines(at, years, np.full(at.shape, Status.OBSERVED, np.int8))
    dates = Preintegrated([(1.0, line)], REPLICATES)
    for prob in (0.01, 0.5, 0.99):
        exact = 8.0 * np.exp(0.3 * ndtri(prob))
        assert dates.outcome(prob, prob).value == pytest.approx(exact, abs=1e-4)
