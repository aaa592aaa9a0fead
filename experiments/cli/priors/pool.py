"""``meekmc priors compare --pool``: its weights, its text."""

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from priors.faults import Fault, Refusal

if TYPE_CHECKING:
    from priors.cards import Card


def shares_of(
    text: str | None, num_cards: int, *, is_pooled: bool
) -> tuple[float, ...] | None:
    """Return weights that add to 1; None where no pool is wanted.

    Raises:
        Refusal: If they are no numbers above zero, one a card.
    """
    from priors.units import parse_number

    if text is None:
        return (1.0 / num_cards,) * num_cards if is_pooled else None
    try:
        weights = [parse_number(part) for part in text.split(",")]
        if len(weights) != num_cards:
            raise ValueError(f"{len(weights)} weights for {num_cards} cards")
        if min(weights) <= 0.0:
            raise ValueError(f"{min(weights):g} must be above 0; leave that card out")
    except ValueError as error:
        raise Refusal(Fault(str(error), key="--weights")) from error
    return tuple(weight / sum(weights) for weight in weights)


def pool_text(
    cards: "Mapping[str, Card]", shares: tuple[float, ...] | None, target: Path
) -> str:
    """Return the text of the pool, once it has been seen to load.

    Raises:
        Refusal: With every reason why a card cannot say the pool.
    """
    import tempfile

    from priors.cards import load
    from priors.pool import pool

    assert shares is not None
    made = pool(cards, shares, target.stem)
    with tempfile.TemporaryDirectory() as folder:
        trial = Path(folder) / target.name
        trial.write_text(made.text, encoding="utf-8")
        load(trial)
    for notice in made.notices:
        typer.echo(f"meekmc: notice: {notice}", err=True)
    return made.text
