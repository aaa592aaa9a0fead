"""The world of a scenario as it is compiled: a path, a metric, and what is changed."""

import dataclasses
from collections.abc import Mapping
from typing import Any

import jax
import jax.numpy as jnp

from mc.engine.population import is_population
from mc.model.axes import Parameters, Path, Values
from mc.model.budgets import log_initial_compute
from mc.model.change import Change, knows_compute
from mc.model.interventions import intervened, mechanisms
from mc.model.path_record import PathRecord
from mc.outcomes.standing import standing

Arguments = Mapping[str, Values]


@dataclasses.dataclass(frozen=True)
class World:
    """The records of a path and of one metric; hashable, so part of what is compiled.

    The metric's dependence on compute is that of the card's own world, ``believed``;
    it is looked at along ``path``, in which ``changes`` are made.

    Attributes:
        believed: The path under which the card's observations are read.
        path: The path that is followed.
        changes: What differs from the card's own world.
        metric: Record of the metric; None where only the path is looked at.
        instanced: Pairs of a parameter's own name and the one the metric reads.
        wide: Whether formulas are evaluated in float64 whatever the draws are in.
    """

    believed: PathRecord
    path: PathRecord
    changes: tuple[Change, ...] = ()
    metric: Any = None
    instanced: tuple[tuple[str, str], ...] = ()
    wide: bool = False

    @property
    def is_believed(self) -> bool:
        """Whether nothing differs from the card's own world."""
        return self.path == self.believed and not self.changes

    def prepare(self, parameters: Parameters, arguments: Arguments) -> tuple[Path, Any]:
        """Per-draw constants of the path and of the metric."""
        parameters, arguments = self.widened((parameters, arguments))
        believed = self.believed.prepare(parameters)
        path, changed = self._followed(parameters, believed)
        if self.metric is None:
            return path, None
        instance = {
            name: changed[own] for own, name in self.instanced if own in changed
        }
        known = {**changed, **instance}
        if knows_compute(parameters):
            known["initial_compute"] = log_initial_compute(parameters, believed)
        return path, self.metric.prepare(known, believed, arguments).along(path)

    def mechanisms(self, parameters: Parameters) -> dict[str, Values]:
        """What is so in this world, on canonical scales."""
        believed = self.believed.prepare(parameters)
        if self.is_believed:
            return mechanisms(parameters, believed)
        return intervened(parameters, believed, self.changes)

    def _followed(
        self, parameters: Parameters, believed: Path
    ) -> tuple[Path, Parameters]:
        """The path of this world, and its parameters."""
        if self.is_believed:
            return believed, parameters
        changed = intervened(parameters, believed, self.changes)
        path = self.path.prepare(changed)
        if not knows_compute(parameters):
            return path, changed
        start = log_initial_compute(changed, path)
        start = start - log_initial_compute(parameters, believed)
        return self.path.prepare(changed, start), changed

    def widened(self, tree: Any) -> Any:
        """Floats of ``tree`` in the precision of the formulas."""
        if not self.wide:
            return tree
        return jax.tree.map(lambda v: v.astype(jnp.float64), tree)

    def narrowed(self, tree: Any, like: Values) -> Any:
        """Floats of ``tree`` in the precision of ``like``."""
        return jax.tree.map(
            lambda v: v.astype(like.dtype) if v.dtype.kind == "f" else v, tree
        )

    def bands(self, name: str) -> bool:
        """Whether a banded series is this world's, not that of its population."""
        return not is_population(name)

    def series(
        self, parameters: Parameters, arguments: Arguments, years: Values
    ) -> dict[str, Values]:
        """What is banded, ``[dates, draws]``: of the metric, or of the path."""
        path, metric = self.prepare(parameters, arguments)
        times = self.widened(years)[:, None]
        if metric is None:
            now = standing(path, times)
            return {
                "lag_months": jnp.asarray(now.lag_years),
                "lead_oom": jnp.asarray(now.lead),
            }
        budget = metric.budget(path)
        lead = budget.lead(times)
        x = jnp.broadcast_to(budget.x(times), lead.shape)
        return self.narrowed(metric.on(times).series(x, lead), years)
