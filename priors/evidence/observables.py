"""What rows of evidence are about, and which outputs of the engine that speaks of."""

import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Literal

FILE = Path(__file__).parent / "observables.toml"
HORIZON = "time_horizon_50"
"""The observable that conditioning and back-tests take."""


@dataclass(frozen=True, kw_only=True)
class Observable:
    """Something that was observed.

    Attributes:
        name: In the project's words.
        title: For a reader.
        unit: The unit of its rows.
        scale: ``log`` where numbers are positive and errors are relative.
        reliable_to: The largest number that its source vouches for, if it says one;
            a row above it is censored.
        metrics: Metrics that it speaks of.
        quantities: Quantities of their summaries that it speaks of.
        parameters: Parameters of cards that it speaks of.
    """

    name: str
    title: str
    unit: str
    scale: Literal["linear", "log"]
    reliable_to: float | None = None
    metrics: tuple[str, ...] = ()
    quantities: tuple[str, ...] = ()
    parameters: tuple[str, ...] = ()

    @property
    def outputs(self) -> tuple[str, ...]:
        """Metrics and quantities of the engine that it speaks of."""
        return (*self.metrics, *self.quantities)


@cache
def observables() -> dict[str, Observable]:
    """Return what can be observed, by name."""
    tables = tomllib.loads(FILE.read_text(encoding="utf-8"))
    return {
        name: Observable(
            name=name,
            title=table["title"],
            unit=table["unit"],
            scale=table["scale"],
            reliable_to=table.get("reliable_to"),
            metrics=tuple(table.get("metrics", ())),
            quantities=tuple(table.get("quantities", ())),
            parameters=tuple(table.get("parameters", ())),
        )
        for name, table in tables.items()
    }
