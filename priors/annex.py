"""Beliefs beside those of a card: an actor's own, or what an intervention sets."""

import datetime
from collections.abc import Mapping

from priors.belief import Stated, belief_of, check_notes, unit_of
from priors.faults import Fault, Refusal
from priors.joint import Belief, JointPrior
from priors.parameters import clashes

_OF_A_CARD = ("by", "group", "same_as", "given")


def annex(
    stated: Mapping[str, Stated], reference_date: datetime.date
) -> tuple[JointPrior, tuple[str, ...]]:
    """Return the joint prior of a few parameters alone, and notices about fits.

    A draw is keyed by its parameter's name, so a parameter moves with the same
    coordinate here as in the card.

    Args:
        stated: Tables by parameter, each with a law of its own.
        reference_date: Time zero of the card that it stands beside.

    Raises:
        Refusal: With every fault of every table.
    """
    faults: list[Fault] = []
    beliefs: list[Belief] = []
    notices: list[str] = []
    for rivals in clashes(list(stated)):
        message = f"{' and '.join(rivals)} say one thing in two ways; keep one"
        faults.append(stated[rivals[-1]].fault(message))
    for name in sorted(stated):
        try:
            belief, said = _belief(stated[name], reference_date)
        except Refusal as refusal:
            faults += refusal.faults
            continue
        beliefs.append(belief)
        notices += said
    if faults:
        raise Refusal(faults)
    joint = JointPrior(
        reference_date=reference_date,
        beliefs=tuple(beliefs),
        units={belief.name: belief.unit for belief in beliefs},
    )
    return joint, tuple(notices)


def _belief(
    stated: Stated, reference_date: datetime.date
) -> tuple[Belief, tuple[str, ...]]:
    faults = list(check_notes(stated).values())
    for form in _OF_A_CARD:
        if form in stated.table:
            message = f"{form} belongs in a card; state a law of its own here"
            faults.append(stated.fault(message, form))
    if faults:
        raise Refusal(faults)
    return belief_of(stated, unit_of(stated, reference_date), {})
