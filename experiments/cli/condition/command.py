"""``meekmc condition``: a card conditioned on data, and the posterior as a card."""

import datetime
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from experiments.cli import devices
from experiments.cli.card_file import new_card, write_all
from experiments.cli.condition import run_files
from experiments.cli.options import Json, Overrides
from experiments.cli.refusals import REFUSED, Stop
from experiments.cli.typed import count
from priors.faults import Fault, Refusal, nearest

if TYPE_CHECKING:
    from collections.abc import Sequence

    from mc.analysis.conditioning.conditioned import Conditioned
    from mc.analysis.conditioning.likelihood import Likelihood
    from mc.engine.plan import Plan
    from priors.cards import Card

EXPERIMENT = "metr-gaps"
EVIDENCE, OUT, DRAWS, SAMPLER = "--evidence", "--out", "--draws", "--sampler"
AUTO, WEIGHTS, NUTS = SAMPLERS = "auto", "weights", "nuts"
DRAWS_TRIED = "65536", "262144"
CardName = Annotated[
    str, typer.Argument(metavar="CARD", help="The prior: a card's name or path.")
]
Evidence = Annotated[
    list[str] | None,
    typer.Option(
        EVIDENCE,
        metavar="ID",
        help="A data set of time horizons, index scores, lags or progress at fixed "
        "compute: an id from meekmc evidence list, or a CSV file. Default: metr-th1.1. "
        "Repeatable.",
    ),
]
Draws = Annotated[
    str,
    typer.Option(
        DRAWS,
        metavar="N",
        help="How many draws of the prior to weigh. auto: 65,536, or four times as "
        "many where these degenerate.",
    ),
]
Sampler = Annotated[
    str,
    typer.Option(
        SAMPLER,
        metavar="HOW",
        help="weights: of the prior's draws; nuts: chains by NumPyro; auto (default): "
        "chains where weights degenerate.",
    ),
]
Out = Annotated[
    str | None,
    typer.Option(
        OUT,
        metavar="FILE.toml",
        help="Write the posterior as a card, with a table of its own beside it.",
    ),
]
Run = Annotated[
    str | None,
    typer.Option(
        "--run",
        metavar="DIR",
        help="Write a run of the posterior, with its prior, for every other command.",
    ),
]


def condition(
    card: CardName,
    evidence: Evidence = None,
    overrides: Overrides = None,
    draws: Draws = AUTO,
    sampler: Sampler = AUTO,
    out: Out = None,
    run: Run = None,
    *,
    as_json: Json = False,
) -> None:
    """Weigh a card's draws by what was observed: before and after."""
    from priors.cards import load
    from priors.evidence.data_sets import data_set
    from priors.overlaps import refuse_overlaps

    file = new_card(out, OUT, beside=(".csv",))
    folder = None if run is None else run_files.free(run)
    ids = tuple(evidence or ("metr-th1.1",))
    if sampler not in SAMPLERS:
        message = f'"{sampler}" is none of {", ".join(SAMPLERS)}'
        raise Refusal(Fault(message + nearest(sampler, SAMPLERS), key=SAMPLER))
    prior = load(card, tuple(overrides or ()))
    sets = [data_set(name) for name in ids]
    from mc.analysis.conditioning.together import readable, refuse_other_actors

    rows = readable(sets, EVIDENCE)
    refuse_overlaps(prior, ids)
    tried = DRAWS_TRIED if draws == AUTO else (draws,)
    plan = plan_for(prior, tried[0])
    refuse_other_actors(plan, rows, EVIDENCE)
    devices.start("auto")

    from experiments.cli.condition import display
    from mc.analysis.conditioning.reading import likelihoods

    data = likelihoods(rows, plan.epoch)
    found = _weighed(plan, data, silent=as_json)
    for number in tried[1:]:
        if found.weights.is_reliable or sampler == NUTS:
            break
        plan = plan_for(prior, number)
        found = _weighed(plan, data, silent=as_json)
    known = max(row.published for row in rows)
    found = _followed(plan, found, sampler, ids, known, silent=as_json)
    if file is not None:
        write_posterior(file, found, ids, known)
    if folder is not None:
        run_files.write(folder, plan, found, ids, known)
    display.show(found, ids, file, folder, as_json=as_json)


def _weighed(
    plan: "Plan", data: "Sequence[Likelihood]", *, silent: bool
) -> "Conditioned":
    """The plan's draws, weighed."""
    from experiments.cli.terminal import progress
    from experiments.cli.undefined import undefined
    from mc.analysis.conditioning.conditioned import conditioned
    from mc.engine.invalid import InvalidDraw

    with progress(plan.num_draws, silent=silent) as bar:
        try:
            return conditioned(plan, data, bar.advance)
        except InvalidDraw as error:
            raise Stop(REFUSED, undefined(plan, error)) from error


def plan_for(card: "Card", draws: str) -> "Plan":
    """The default question under a card, with so many draws, as typed.

    Raises:
        Refusal: If that is no number, or more than are kept one by one.
    """
    from experiments.registry import find
    from mc.engine.blocks import STORED_DRAWS
    from mc.engine.plan import make_plan

    try:
        number = count(draws)
    except ValueError as error:
        raise Refusal(Fault(str(error), key=DRAWS)) from error
    plan = make_plan(find(EXPERIMENT), card, draws=number)
    if plan.num_draws > STORED_DRAWS:
        message = f"{plan.num_draws:,} draws are more than the {STORED_DRAWS:,} kept"
        raise Refusal(Fault(message, key=DRAWS))
    return plan


def _followed(
    plan: "Plan",
    found: "Conditioned",
    sampler: str,
    ids: tuple[str, ...],
    known: datetime.date,
    *,
    silent: bool,
) -> "Conditioned":
    """The same by chains, where these are asked for or weights do not do."""
    from mc.analysis.conditioning.chains import MOST_RHAT, is_installed
    from mc.analysis.conditioning.sampled import sampled

    auto = sampler == AUTO and not found.weights.is_reliable and is_installed()
    if sampler != NUTS and not auto:
        refuse_degenerate(found)
        return found
    shown = not silent and sys.stderr.isatty()
    made = sampled(plan, found, ids=ids, known=known, progress=shown)
    if made.chains is not None and not made.chains.is_reliable:
        worst = made.chains.rhat.max()
        raise Stop(
            REFUSED,
            f"R̂ of the chains is {worst:.3f}, above {MOST_RHAT}: they have not "
            "forgotten where they began, and cannot stand for the posterior",
        )
    return made


def refuse_degenerate(found: "Conditioned") -> None:
    """Stop where the weighted draws cannot stand for the posterior."""
    weights = found.posterior.weights
    if not weights.is_reliable:
        raise Stop(
            REFUSED,
            f"k̂ of the weights is {weights.khat:.2f}: {weights.values.size:,} draws "
            f"of this prior count as {weights.num_effective:,.0f} and cannot stand for "
            f"the posterior; ask for more {DRAWS}, widen the prior towards the data, "
            f"or condition with {SAMPLER} {NUTS} (pip install 'meekmc[mcmc]')",
        )


def write_posterior(
    file: Path, found: "Conditioned", ids: tuple[str, ...], known: datetime.date
) -> None:
    """Write the table, then the card that names it."""
    from mc.analysis.conditioning.asked_again import card_of

    made = card_of(found, file.stem, ids, known)
    write_all({file.with_suffix(".csv"): made.table, file: made.text})
