"""``meekmc backtest``: what would have been said on a day, and what then happened."""

from typing import TYPE_CHECKING, Annotated, Any

import typer

from experiments.cli import devices
from experiments.cli.options import Json
from experiments.cli.plot_option import Plot, draw, picture
from experiments.cli.refusals import REFUSED, Stop
from experiments.cli.strict_json import print_json
from experiments.cli.typed import count
from priors.faults import Fault, Refusal

if TYPE_CHECKING:
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


def backtest(
    card: CardName = "before-metr",
    draws: Draws = "65536",
    *,
    retrospective: Retrospective = False,
    plot: Plot = None,
    as_json: Json = False,
) -> None:
    """Forecast later record horizons from what METR had published; score them."""
    from priors.cards import load
    from priors.overlaps import refuse_overlaps

    file = picture(plot)
    prior = load(card)
    refuse_overlaps(prior, ("metr-th1.1",), key="CARD")
    plan = _plan(prior, draws)
    devices.start("auto")

    from experiments.cli.backtest import display
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
        print_json(display.record(found, follow))
    else:
        display.show(found, follow)
    if file is not None:
        draw(display.figure(found, follow), file)


def _plan(card: Any, draws: str) -> "Plan":
    from experiments.registry import find
    from mc.engine.plan import make_plan

    try:
        return make_plan(find("metr-gaps"), card, draws=count(draws))
    except ValueError as error:
        raise Refusal(Fault(str(error), key=DRAWS)) from error
