"""Forecasts and their scores, as tables, as JSON and as a picture."""

import dataclasses
import math
import re
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from experiments.cli.text_table import grid
from mc.analysis.scoring.backtest import (
    DRIFT,
    ENGINE,
    FORECASTERS,
    LINE,
    POINT,
    Forecast,
    learnt_later,
)
from mc.analysis.scoring.scoreboard import Score, scoreboard
from mc.engine.plan import Plan

if TYPE_CHECKING:
    from matplotlib.figure import Figure

REAL_TIME, RETROSPECTIVE = "real time", "retrospective"
_ABOUT = (
    "Hours: median [5–95 %]; rank: share of the engine's forecast below what was "
    "measured. CRPS of ln minutes, cut at 16 hours, and minus ln of the density there, "
    "above 16 hours of the probability; less of both is better. Their [ ]: 90 % by "
    "bootstrap, all forecasts of one record drawn together. These are few records, "
    "most of them forecast several times. Scored by METR's last state of the data."
)
_HEADER = ("", "hours", "engine", "rank", "trend line", "last and drift")
_PAPER = (
    "The paper's point estimates were read from these very outcomes: no forecast. "
    "Most models were measured, and all in this state, after the day that knows them."
)
_GIVEN = {
    REAL_TIME: "conditioned on what was published, and then",
    RETROSPECTIVE: "in hindsight: models by release date, as measured later",
}
_TITLES = {
    REAL_TIME: "what it would have said, and what was then measured",
    RETROSPECTIVE: "in hindsight: what it would have said, and what was measured",
}
_DRAWN = (0.05, 0.25, 0.5, 0.75, 0.95)
_NOTE = re.compile(r"( Preview)? \(.*\)$")
_SCORES = ("", "CRPS", "less engine's", "in 50 %", "80 %", "90 %")
_LOG_SCORES = ("", "log score", "less engine's")


def show(found: Sequence[Forecast], plan: Plan) -> None:
    """Forecasts by day, and the scores of all."""
    from experiments.cli.terminal import Screen

    screen = Screen()
    screen.title(f"{plan.card.name}, {_GIVEN[_table(found)]}")
    for state in dict.fromkeys(one.state for one in found):
        here = [one for one in found if one.state == state]
        screen.lines("")
        what = "hindsight from" if state.is_hindsight else "from"
        screen.title(f"{state.day}, {what} {state.name}")
        rows = [_row(one) for one in here]
        screen.lines(*grid(_HEADER, rows, screen.width))
    screen.lines("")
    screen.title(
        f"Scores of {len(found)} forecasts of {_num_records(found)} records, "
        f"{_table(found)}"
    )
    board = scoreboard(found)
    screen.lines(*grid(_SCORES, _scores(board), screen.width))
    screen.lines("", *grid(_LOG_SCORES, _log_scores(board), screen.width))
    screen.lines("")
    screen.labelled([("", _ABOUT), *_hindsight(found, plan)])


def figure(found: Sequence[Forecast], plan: Plan) -> "Figure":
    """What was said on each day, with what was then measured."""
    from mc.figures.forecast import Said, forecast

    said = [
        Said(
            day=f"{one.state.day}, from {one.state.name}",
            released=one.released,
            hours=np.exp(np.quantile(one.samples[ENGINE], _DRAWN)) / 60.0,
            measured=math.exp(one.outcome) / 60.0,
            is_above=one.is_above,
        )
        for one in found
    ]
    return forecast(said, f"{plan.card.name}, {_TITLES[_table(found)]}")


def record(found: Sequence[Forecast], plan: Plan) -> dict[str, Any]:
    """The same for programs."""
    return {
        "card": plan.card.name,
        "table": _table(found),
        "is_hindsight": _table(found) == RETROSPECTIVE,
        "forecasts": [
            {
                "state": one.state.name,
                "day": one.state.day.isoformat(),
                "model": one.model,
                "released": one.released.isoformat(),
                "log_minutes": one.outcome,
                "is_above_limit": one.is_above,
                "quantiles": {
                    name: dict(
                        zip(
                            map(str, _DRAWN),
                            np.quantile(sample, _DRAWN).tolist(),
                            strict=True,
                        )
                    )
                    for name, sample in one.samples.items()
                },
                "crps": {name: one.score(name) for name in FORECASTERS},
                "log_score": {n: one.log_score(n) for n in FORECASTERS if n != POINT},
                "rank": {n: one.rank(n) for n in FORECASTERS if n != POINT},
            }
            for one in found
        ],
        "scores": [dataclasses.asdict(score) for score in scoreboard(found)],
    }


def _row(one: Forecast) -> tuple[str, ...]:

    measured = "> 16" if one.is_above else _hours(one.outcome)
    return (
        f"  {_NOTE.sub('', one.model)}",
        measured,
        _spread(one, ENGINE),
        f"{one.rank(ENGINE):.0%}",
        _spread(one, LINE),
        _spread(one, DRIFT),
    )


def _spread(one: Forecast, forecaster: str) -> str:

    ends = np.quantile(one.samples[forecaster], [0.05, 0.5, 0.95])
    low, middle, high = (_hours(end) for end in ends.tolist())
    return f"{middle} [{low}–{high}]"


def _hours(log_minutes: float) -> str:
    hours = math.exp(log_minutes) / 60.0
    if hours < 0.05:
        return "<0.1"
    return f"{hours:.1f}" if hours < 9.95 else f"{hours:.0f}"


def _table(found: Sequence[Forecast]) -> str:
    """Which of the two tables this is; they are never mixed."""
    return RETROSPECTIVE if found[0].state.is_hindsight else REAL_TIME


def _num_records(found: Sequence[Forecast]) -> int:
    return len({one.model for one in found})


def _scores(board: Sequence[Score]) -> list[tuple[str, ...]]:
    """Mean CRPS and coverage by forecaster, and how far each is from the engine."""
    rows = []
    for one in board:
        low, high = one.crps_ends
        less, more = one.excess_ends
        rows.append(
            (
                f"  {one.forecaster}",
                f"{one.crps:.2f} [{low:.2f}–{high:.2f}]",
                f"{one.excess:+.2f} [{less:+.2f}, {more:+.2f}]" if one.excess else "",
                *(map(str, one.inside) if one.inside else ("", "", "")),
            )
        )
    return rows


def _log_scores(board: Sequence[Score]) -> list[tuple[str, ...]]:
    """Mean log score of every forecaster that has one, and how far from the engine."""
    rows = []
    for one in board:
        if one.log_score is not None and one.log_score_ends is not None:
            low, high = one.log_score_ends
            text = f"{one.log_score:.2f} [{low:.2f}, {high:.2f}]"
            rows.append((f"  {one.forecaster}", text, _log_excess(one)))
    return rows


def _log_excess(one: Score) -> str:
    """Of a forecaster that is not the engine; the engine's is nothing."""
    if not one.log_excess or one.log_excess_ends is None:
        return ""
    less, more = one.log_excess_ends
    return f"{one.log_excess:+.2f} [{less:+.2f}, {more:+.2f}]"


def _hindsight(found: Sequence[Forecast], plan: Plan) -> list[tuple[str, str]]:
    """What the card believes from later sources than the first forecast."""
    first = min(one.state.day for one in found)
    names = learnt_later(plan.card, plan.needed, first)
    text = f"{', '.join(names)}: of sources after {first}; not real time in these"
    lines = [("hindsight", text)] if names else []
    if _table(found) == RETROSPECTIVE:
        lines.append(("", _PAPER))
    return lines
