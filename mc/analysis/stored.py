"""The stored draws of a run, with the beliefs they were drawn from."""

import functools
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from mc.analysis.events import Codes, Values
from mc.engine.results import Results
from priors.cards import Card, recorded
from priors.joint import JointPrior
from priors.units import Unit

__all__ = ["COMPONENTS", "Stored", "Values", "stored"]
COMPONENTS = "components."


@dataclass(frozen=True, kw_only=True, eq=False)
class Stored:
    """Stored draws: whole replicates, with equal first parts of each.

    Attributes:
        results: The run.
        card: The beliefs of the run, rebuilt from its manifest.
        names: The parameters that it drew, sorted.
    """

    results: Results
    card: Card
    names: tuple[str, ...]
    _columns: dict[str, Values] = field(default_factory=dict)

    @property
    def replicates(self) -> int:
        """Independent randomisations."""
        return int(self.results.parameters.sizes["chain"])

    @property
    def num_draws(self) -> int:
        """Stored draws."""
        return self.replicates * int(self.results.parameters.sizes["draw"])

    @property
    def is_part(self) -> bool:
        """Whether the run had more draws than are stored."""
        return self.num_draws < int(self.results.manifest["draws"]["total"])

    @property
    def ones(self) -> Values:
        """A weight of one for each draw."""
        return np.ones((self.replicates, self.num_draws // self.replicates))

    @functools.cached_property
    def joint(self) -> JointPrior:
        """The joint prior of what was drawn."""
        return self.card.joint.restricted(set(self.names))

    def values(self, name: str) -> Values:
        """A parameter's draws on its canonical scale, in float64."""
        if name not in self._columns:
            column = self.results.parameters[name].to_numpy().astype(np.float64)
            self._columns[name] = _canonical(column, self.joint.units[name])
        return self._columns[name]

    def labels(self, component: str) -> Codes:
        """The position of each draw's label in the run's component."""
        return self.results.parameters[COMPONENTS + component].to_numpy()


def _canonical(column: Values, unit: Unit) -> Values:
    return column if unit.kind == "date" else unit.to_canonical(column)


def stored(
    results: Results, folders: tuple[Path, ...] = (), card: Card | None = None
) -> Stored:
    """Return the stored draws of a run.

    Args:
        results: The run.
        folders: Where the CSV files of its card may lie.
        card: Its beliefs, where they are at hand.

    Raises:
        Refusal: If its beliefs cannot be rebuilt.
    """
    if card is None:
        told = results.manifest["card"]
        card = recorded(told["name"], told["tables"], told["sha256"], (), folders)
    drawn = [str(name) for name in results.parameters.data_vars]
    names = sorted(name for name in drawn if not name.startswith(COMPONENTS))
    return Stored(results=results, card=card, names=tuple(names))
