"""``meekmc update``: what new measurements do to a card and to its headlines."""

from typing import TYPE_CHECKING, Annotated

import typer

from experiments.cli import devices
from experiments.cli.card_file import new_card
from experiments.cli.condition.command import (
    OUT,
    CardName,
    Draws,
    Out,
    plan_for,
    refuse_degenerate,
    write_posterior,
)
from experiments.cli.options import Json, Overrides
from experiments.cli.refusals import REFUSED, Stop
from priors.evidence.observables import HORIZON
from priors.faults import Fault, Refusal

if TYPE_CHECKING:
    from priors.cards import Card
    from priors.evidence.data_sets import DataSet
    from priors.evidence.rows import Row

EVIDENCE = "--evidence"
Evidence = Annotated[
    list[str] | None,
    typer.Option(
        EVIDENCE,
        metavar="FILE",
        help="A CSV file of your own rows. Default: all in ./evidence. Repeatable.",
    ),
]


def update(
    card: CardName,
    evidence: Evidence = None,
    overrides: Overrides = None,
    draws: Draws = "65536",
    out: Out = None,
    *,
    as_json: Json = False,
) -> None:
    """Condition a card on rows of your own: its headlines before and after."""
    from priors.cards import load

    file = new_card(out, OUT, beside=(".csv",))
    prior = load(card, tuple(overrides or ()))
    fresh, used = _fresh(prior, tuple(evidence or ()))
    plan = plan_for(prior, draws)
    devices.start("auto")

    from experiments.cli.terminal import progress
    from experiments.cli.undefined import undefined
    from experiments.cli.update import display
    from mc.analysis.conditioning.conditioned import conditioned
    from mc.analysis.conditioning.reading import horizons
    from mc.engine.invalid import InvalidDraw

    rows = list(fresh.values())
    data = horizons(rows, plan.epoch)
    with progress(plan.num_draws, silent=as_json) as bar:
        try:
            found = conditioned(plan, [data], bar.advance)
        except InvalidDraw as error:
            raise Stop(REFUSED, undefined(plan, error)) from error
    refuse_degenerate(found)
    if file is not None:
        known = max(row.published for row in rows)
        write_posterior(file, found, tuple(fresh), known)
    display.show(found, rows, used, file, as_json=as_json)


def _fresh(
    card: "Card", names: tuple[str, ...]
) -> "tuple[dict[str, Row], tuple[str, ...]]":
    """Horizons of the user's own by the name to cite them by, and what is used up.

    Raises:
        Refusal: If there are none, if the card was read from one of them in a shipped
            series, or if the card has used them all.
    """
    from priors.evidence.data_sets import OWN_FOLDER, data_set, own_data_sets
    from priors.overlaps import cited_data_sets, same_data, shared_rows

    names = names or own_data_sets()
    horizons = [(name, row) for name in names for row in data_set(name).of(HORIZON)]
    if not horizons:
        where = ", ".join(names) or f"{OWN_FOLDER}/"
        message = (
            f"no time horizon in {where}; add one: meekmc evidence add metr --help"
        )
        raise Refusal(Fault(message, key=EVIDENCE))
    fresh = {f"{name}:{row.label}": row for name, row in horizons}
    used: set[str] = set()
    faults: list[Fault] = []
    for parameter, sources in cited_data_sets(card).items():
        for source in sources:
            for name in names:
                one = data_set(name)
                if not same_data(source, one):
                    continue
                labels = {row.label for row in shared_rows(source, one)}
                if source.is_own:
                    used |= {f"{name}:{label}" for label in labels}
                else:
                    faults.append(_overlap(card, parameter, source, one, labels))
    if faults:
        raise Refusal(faults)
    left = {name: row for name, row in fresh.items() if name not in used}
    spent = tuple(row.label for name, row in fresh.items() if name in used)
    if not left:
        message = f"has used {', '.join(spent)} already, and there is no other row"
        raise Refusal(Fault(message, file=card.name, key=EVIDENCE))
    return left, spent


def _overlap(
    card: "Card", parameter: str, source: "DataSet", one: "DataSet", labels: set[str]
) -> Fault:
    rows = ", ".join(sorted(labels)) or "the series of these rows"
    message = (
        f"{parameter} was read from {source.id}, which has {rows}; nothing is used "
        f"twice: take it out of {one.file}"
    )
    return Fault(message, file=card.name, key=EVIDENCE)
