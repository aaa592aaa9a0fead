"""Mean scores and coverage of each forecaster, beside the engine's."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from mc.analysis.scoring.backtest import ENGINE, FORECASTERS, POINT, Forecast
from mc.analysis.scoring.scores import block_interval

COVERAGES = (0.5, 0.8, 0.9)
Ends = tuple[float, float]


@dataclass(frozen=True, kw_only=True)
class Score:
    """One forecaster over all forecasts; ends hold 90 % by bootstrap over records.

    Attributes:
        forecaster: Who.
        crps: Mean CRPS, ln minutes.
        crps_ends: Its interval.
        excess: Mean CRPS less the engine's, forecast by forecast.
        excess_ends: Its interval.
        log_score: Mean log score; None of a forecast without an interval.
        log_score_ends: Its interval.
        log_excess: Mean log score less the engine's, forecast by forecast; None of a
            forecast without an interval.
        log_excess_ends: Its interval.
        inside: How many outcomes the central intervals of ``COVERAGES`` hold; None of
            a forecast without an interval.
    """

    forecaster: str
    crps: float
    crps_ends: Ends
    excess: float
    excess_ends: Ends
    log_score: float | None
    log_score_ends: Ends | None
    log_excess: float | None
    log_excess_ends: Ends | None
    inside: tuple[int, ...] | None


def scoreboard(found: Sequence[Forecast]) -> tuple[Score, ...]:
    """Scores of every forecaster."""
    records = [one.model for one in found]
    engine = np.array([one.score(ENGINE) for one in found])
    engine_logs = np.array([one.log_score(ENGINE) for one in found])
    board = []
    for name in FORECASTERS:
        scores = np.array([one.score(name) for one in found])
        excess = scores - engine
        logs = None if name == POINT else [one.log_score(name) for one in found]
        more = None if logs is None else (np.array(logs) - engine_logs).tolist()
        board.append(
            Score(
                forecaster=name,
                crps=float(scores.mean()),
                crps_ends=block_interval(scores.tolist(), records),
                excess=float(excess.mean()),
                excess_ends=block_interval(excess.tolist(), records),
                log_score=None if logs is None else float(np.mean(logs)),
                log_score_ends=None if logs is None else block_interval(logs, records),
                log_excess=None if more is None else float(np.mean(more)),
                log_excess_ends=None if more is None else block_interval(more, records),
                inside=None if name == POINT else _inside(found, name),
            )
        )
    return tuple(board)


def _inside(found: Sequence[Forecast], name: str) -> tuple[int, ...]:
    ranks = np.array([one.rank(name) for one in found])
    return tuple(int((np.abs(ranks - 0.5) <= 0.5 * mass).sum()) for mass in COVERAGES)
