"""``meekmc backtest``: what would have been said on a day, and what then happened."""

import dataclasses
import math
import re
from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated, Any

import typer

from experiments.cli import devices
from experiments.cli.options import Json
from experiments.cli.refusals import REFUSED, Stop
from experiments.cli.strict_json import print_json
from experiments.cli.text_table import grid
from experiments.cli.typed import count
from priors.faults import Fault, Refusal

if TYPE_CHECKING:
    from mc.analysis.scoring.backtest import Forecast
    from mc.analysis.scoring.scoreboard import Score
    from mc.engine.plan import Plan

DRAWS = "--draws"
CardName = Annotated[
    str,
    typer.Argument(
        metavar="CARD", help="Beliefs that no horizon has shaped: a name or path."
    ),
]
Draws = Annotated[str, typer.Option(DRAWS, metavar="N", help="Draws of the prior.")]
Retrospective = Annotated[
    bool,
    typer.Option(
        "--retrospective",
        help="Earlier days, in hindsight: today's data of models released by then.",
    ),
]
REAL_TIME, RETROSPECTIVE = "real time", "retrospective"
_ABOUT = (
    "Hours: median [5–95 %]; rank: share of the engine's forecast below what was "
    "measured. CRPS of ln minutes, cut at 16 hours, and minus ln of the density there, "
    "above 16 hours of the probability; less of both is better. Their [ ]: 90 % by "
    "bootstrap, all forecasts of one record drawn together. These are few records, "
    "most of them forecast several times. Scored by METR's last state of the data."
)


def backtest(
    card: CardName = "before-metr",
    draws: Draws = "65536",
    *,
    retrospective: Retrospective = False,
    as_json: Json = False,
) -> None:
    """Forecast later record horizons from what METR had published; score them."""
    from priors.cards import load
    from priors.overlaps import refuse_overlaps

    prior = load(card)
    refuse_overlaps(prior, ("metr-th1.1",), key="CARD")
    plan = _plan(prior, draws)
    devices.start("auto")

    from experiments.cli.terminal import progress
    from experiments.cli.undefined import undefined
    from mc.analysis.conditioning.conditioned import following
    from mc.analysis.conditioning.scatter import Scatter
    from mc.analysis.scoring import states
    from mc.analysis.scoring.backtest import backtest as forecast
    from mc.engine.invalid import InvalidDraw
    from mc.engine.replay import Replay

    asked = states.retrospective() if retrospective else states.real_time()
    follow = following(plan)
    try:
        with progress(follow.num_draws, silent=as_json) as bar:
            found = forecast(Replay(follow), Scatter(), asked, bar.advance)
    except InvalidDraw as error:
        raise Stop(REFUSED, undefined(follow, error)) from error
    if as_json:
        print_json(record(found, follow))
    else:
        _show(found, follow)


def _show(found: "Sequence[Forecast]", plan: "Plan") -> None:
    """Forecasts by day, and the scores of all."""
    from experiments.cli.terminal import Screen
    from mc.analysis.scoring.scoreboard import scoreboard

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
    screen.lines("", *grid(("", "log score"), _log_scores(board), screen.width))
    screen.lines("")
    screen.labelled([("", _ABOUT), *_hindsight(found, plan)])


def record(found: "Sequence[Forecast]", plan: "Plan") -> dict[str, Any]:
    """The same for programs."""
    import numpy as np

    from mc.analysis.scoring.backtest import FORECASTERS, POINT
    from mc.analysis.scoring.scoreboard import scoreboard

    levels = (0.05, 0.25, 0.5, 0.75, 0.95)
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
                            map(str, levels),
                            np.quantile(sample, levels).tolist(),
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


_HEADER = ("", "hours", "engine", "rank", "trend line", "last and drift")
_PAPER = (
    "The paper's point estimates were read from these very outcomes: no forecast. "
    "Most models were measured, and all in this state, after the day that knows them."
)
_GIVEN = {
    REAL_TIME: "conditioned on what was published, and then",
    RETROSPECTIVE: "in hindsight: models by release date, as measured later",
}
_NOTE = re.compile(r"( Preview)? \(.*\)$")
_SCORES = ("", "CRPS", "less engine's", "in 50 %", "80 %", "90 %")


def _plan(card: Any, draws: str) -> "Plan":
    from experiments.registry import find
    from mc.engine.plan import make_plan

    try:
        return make_plan(find("metr-gaps"), card, draws=count(draws))
    except ValueError as error:
        raise Refusal(Fault(str(error), key=DRAWS)) from error


def _row(one: "Forecast") -> tuple[str, ...]:
    from mc.analysis.scoring.backtest import DRIFT, ENGINE, LINE

    measured = "> 16" if one.is_above else _hours(one.outcome)
    return (
        f"  {_NOTE.sub('', one.model)}",
        measured,
        _spread(one, ENGINE),
        f"{one.rank(ENGINE):.0%}",
        _spread(one, LINE),
        _spread(one, DRIFT),
    )


def _spread(one: "Forecast", forecaster: str) -> str:
    import numpy as np

    ends = np.quantile(one.samples[forecaster], [0.05, 0.5, 0.95])
    low, middle, high = (_hours(end) for end in ends.tolist())
    return f"{middle} [{low}–{high}]"


def _hours(log_minutes: float) -> str:
    hours = math.exp(log_minutes) / 60.0
    if hours < 0.05:
        return "<0.1"
    return f"{hours:.1f}" if hours < 9.95 else f"{hours:.0f}"


def _table(found: "Sequence[Forecast]") -> str:
    """Which of the two tables this is; they are never mixed."""
    return RETROSPECTIVE if found[0].state.is_hindsight else REAL_TIME


def _num_records(found: "Sequence[Forecast]") -> int:
    return len({one.model for one in found})


def _scores(board: "Sequence[Score]") -> list[tuple[str, ...]]:
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


def _log_scores(board: "Sequence[Score]") -> list[tuple[str, ...]]:
    """Mean log score of every forecaster that has one."""
    rows = []
    for one in board:
        if one.log_score is not None and one.log_score_ends is not None:
            low, high = one.log_score_ends
            text = f"{one.log_score:.2f} [{low:.2f}, {high:.2f}]"
            rows.append((f"  {one.forecaster}", text))
    return rows


def _hindsight(found: "Sequence[Forecast]", plan: "Plan") -> list[tuple[str, str]]:
    """What the card believes from later sources than the first forecast."""
    from mc.analysis.scoring.backtest import learnt_later

    first = min(one.state.day for one in found)
    names = learnt_later(plan.card, plan.needed, first)
    text = f"{', '.join(names)}: of sources after {first}; not real time in these"
    lines = [("hindsight", text)] if names else []
    if _table(found) == RETROSPECTIVE:
        lines.append(("", _PAPER))
    return lines
