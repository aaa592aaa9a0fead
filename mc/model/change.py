"""One mechanism that an intervention changes, and what gives way to it."""

import dataclasses
from collections.abc import Collection

SET, TIMES, PLUS = "set", "times", "plus"
"""A new value; the old one times a number; a number more."""

GIVES_WAY = {
    "initial_compute": ("meek_budget", "initial_compute_ratio"),
    "meek_budget": ("initial_compute", "initial_compute_ratio"),
    "compute_per_dollar": ("initial_compute", "initial_compute_ratio"),
    "initial_compute_ratio": ("initial_compute", "meek_budget"),
    "frontier_compute": ("initial_compute_ratio", "frontier_compute_date"),
    "training_compute_growth": ("investment_growth",),
    "clock_ratio": ("algorithmic_growth",),
    "horizon_elasticity": ("horizon_doubling_time",),
    "horizon_doubling_time": ("horizon_elasticity",),
}
"""What follows from a changed mechanism and is no longer said beside it."""


MECHANISMS = (
    "investment_growth",
    "algorithmic_growth",
    "initial_compute",
    "frontier_compute",
    "compute_per_dollar",
)
"""What every card's draws are read as, whichever way they are stated."""


@dataclasses.dataclass(frozen=True, kw_only=True)
class Change:
    """One mechanism and how it changes; hashable, so part of what is compiled.

    Attributes:
        name: The parameter.
        how: ``set``, ``times`` or ``plus``.
    """

    name: str
    how: str

    @property
    def key(self) -> str:
        """Under which the number of each draw arrives."""
        return f"changed/{self.name}"


def knows_compute(names: Collection[str]) -> bool:
    """Whether the actors' FLOP at the epoch can be told from parameters so named."""
    return (
        "initial_compute" in names
        or {"meek_budget", "compute_per_dollar"} <= set(names)
        or {"frontier_compute", "initial_compute_ratio"} <= set(names)
    )
