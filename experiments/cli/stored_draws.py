"""How many of a run's first draws a command uses: ``--draws N``."""

from typing import TYPE_CHECKING, Annotated

import typer

from experiments.cli.typed import count
from priors.faults import Fault, Refusal

if TYPE_CHECKING:
    from mc.engine.plan import Plan

DRAWS = "--draws"
MOST_DRAWS = 2**16
Draws = Annotated[
    str | None,
    typer.Option(
        DRAWS,
        metavar="N",
        help=f"How many of the run's draws to use. Default: all, at most "
        f"{MOST_DRAWS:,}.",
    ),
]


def num_draws(text: str | None, plan: "Plan", most: int = MOST_DRAWS) -> int:
    """Whole points of every replicate, the first of the run.

    Args:
        text: As typed; None for all of them, but at most ``most``.
        plan: The plan of the run.
        most: What is used unless told.

    Raises:
        Refusal: If it is no number of draws, or the run has fewer.
    """
    from mc.draws.sizes import round_up

    if text is None:
        return min(plan.num_draws, most)
    try:
        found = round_up(count(text), plan.replicates)
    except ValueError as error:
        raise Refusal(Fault(str(error), key=DRAWS)) from error
    if found > plan.num_draws:
        why = f"the run has {plan.num_draws:,} draws, not {found:,}"
        raise Refusal(Fault(f"{why}: ask for fewer, or run it with more", key=DRAWS))
    return found
