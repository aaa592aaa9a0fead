"""A run's question, asked again under the card of a posterior."""

import datetime
import tempfile
from collections.abc import Sequence
from pathlib import Path

from mc.analysis.conditioning.card import ROWS, PosteriorCard, posterior_card, resampled
from mc.analysis.conditioning.conditioned import Conditioned
from mc.engine.plan import Plan, make_plan
from priors.cards import Card, load


def card_of(
    found: Conditioned, name: str, ids: Sequence[str], known: datetime.date
) -> PosteriorCard:
    """The posterior as a card.

    Args:
        found: A card before and after data.
        name: What the posterior is called; its table is ``NAME.csv``.
        ids: The data sets.
        known: When the last of them was published.
    """
    weights = found.posterior.weights.values.ravel()
    rows = resampled(weights, found.order.ravel(), ROWS)
    columns = {own: values.ravel()[rows] for own, values in found.moved.items()}
    return posterior_card(found.draws.card, name, columns, ids, known)


def loaded(made: PosteriorCard, name: str) -> Card:
    """A posterior's card as it is read back, whether or not it is kept."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / f"{name}.toml"
        file.write_text(made.text, encoding="utf-8")
        file.with_suffix(".csv").write_text(made.table, encoding="utf-8")
        return load(file)


def asked_again(plan: Plan, card: Card) -> Plan:
    """The same question, draws and seed under other beliefs."""
    return make_plan(
        plan.experiment,
        card,
        draws=plan.num_draws,
        replicates=plan.replicates,
        seed=plan.seed,
        design=plan.design,
        today=plan.today,
    )
