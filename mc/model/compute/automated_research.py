"""Algorithms that speed up, or slow down, their own progress."""

import dataclasses

import jax.numpy as jnp

from mc.model.axes import Parameters
from mc.model.growth.begun import Begun
from mc.model.growth.growth import Steady, Total
from mc.model.growth.research import Research
from mc.model.growth.turning import Kinked
from mc.model.ledger import Ledger

ENTRIES = {
    "automated_research": {
        "record": "Both",
        "summary": "from a date on research feeds back on algorithms, up to a ceiling",
        "replaces": ["algorithms"],
        "needs": [
            [["research_compute_returns"]],
            [["research_feedback"]],
            [["research_ceiling"]],
            [["research_start_date"]],
        ],
        "arguments": {
            "who": {
                "default": "both",
                "choices": {
                    "both": {},
                    "frontier": {
                        "record": "Frontier",
                        "summary": "research feeds back on the frontier's algorithms",
                        "replaces": ["extra"],
                    },
                },
            },
        },
        "caveats": [
            [
                "feedback-not-estimated",
                "No estimate of the feedback of automated research exists: a scenario, "
                "not a belief.",
            ],
        ],
    }
}


class Both:
    """``du/dt = a0·exp(λct + qu)`` from a date to the ceiling of u (science 3.2)."""

    @staticmethod
    def apply(ledger: Ledger, parameters: Parameters) -> Ledger:
        """The ledger with such algorithms for both."""
        research = _research(ledger, parameters)
        ledger = dataclasses.replace(ledger, algorithms=research)
        return _marked(ledger, research)


class Frontier:
    """The same for the frontier; the meek actor's algorithms grow as before.

    ``A_f = A + u − min(a·t, U)``: the frontier has u alone until what all have comes
    to the ceiling U of u; from then on it has what all have.
    """

    @staticmethod
    def apply(ledger: Ledger, parameters: Parameters) -> Ledger:
        """The ledger with what the frontier has more on top of the lead."""
        research = _research(ledger, parameters)
        first = ledger.algorithms.rate(0 * ledger.log_ratio)
        top = jnp.maximum(parameters["research_ceiling"], 0.0)
        date = jnp.where(first > 0, top / jnp.where(first > 0, first, 1.0), jnp.inf)
        usual = Kinked(early=first, later=jnp.zeros_like(first), date=date)
        more = Total.of(research, less=(usual,))
        ledger = dataclasses.replace(ledger, extra=(*ledger.extra, more))
        return _marked(ledger, research)


def _research(ledger: Ledger, parameters: Parameters) -> Begun:
    """As at the epoch until the date; then what is left of the ceiling is gained."""
    date = jnp.maximum(parameters["research_start_date"], 0.0)
    compute = ledger.investment.rate(date) + ledger.hardware.rate(date)
    before = Steady(per_year=ledger.algorithms.rate(0 * ledger.log_ratio))
    research = Research(
        first=before.per_year,
        drive=parameters["research_compute_returns"] * compute,
        feedback=parameters["research_feedback"],
        ceiling=parameters["research_ceiling"] - before.level(date),
    )
    return Begun(before=before, after=research, date=date)


def _marked(ledger: Ledger, research: Begun) -> Ledger:
    """The ledger with the dates of the beginning and of the ceiling."""
    begins, ends = research.breaks()
    ledger = ledger.with_landmark("research_begins", begins)
    return ledger.with_landmark("research_ceiling", ends)
