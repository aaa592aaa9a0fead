"""The world of a scenario as many meek actors of different budgets stand in it."""

import dataclasses

import jax.numpy as jnp

from mc.engine.population import is_population
from mc.engine.world import Arguments, World
from mc.model.axes import Parameters, Values
from mc.model.budgets import log_initial_compute
from mc.outcomes.population import population_series

LOG_BUDGETS = "population.log_budgets"
LOG_TOLERANCE = "population.log_tolerance"
LEVELS = "population.levels"
"""Names under which a crowd's own arguments stand beside those of the metric."""
_NAMES = {"within": "within_tolerance"}


@dataclasses.dataclass(frozen=True)
class Crowd(World):
    """A world and a metric, banded over a population of budgets.

    Attributes:
        scale: Of the metric.
        direction: 1 where more is better, −1 where less is.
        levels: Names of the levels above which actors are counted.
    """

    scale: str = "linear"
    direction: int = 1
    levels: tuple[str, ...] = ()

    def bands(self, name: str) -> bool:
        """Whether a banded series is the population's."""
        return is_population(name)

    def series(
        self, parameters: Parameters, arguments: Arguments, years: Values
    ) -> dict[str, Values]:
        """Counts, scores and indices, ``[dates, draws]`` each.

        Args:
            parameters: Of the draws.
            arguments: Of the metric, and the crowd's own: ln of budgets in dollars,
                ln of the tolerance and the levels on the metric's scale.
            years: Dates.
        """
        own = self.widened(
            {n: arguments[n] for n in (LOG_BUDGETS, LOG_TOLERANCE, LEVELS)}
        )
        path, metric = self.prepare(
            parameters, {n: v for n, v in arguments.items() if n not in own}
        )
        known = self.mechanisms(self.widened(parameters))
        spent = known.get("meek_budget")
        if spent is None:
            spent = log_initial_compute(known, path) - known["compute_per_dollar"]
        series = population_series(
            metric,
            metric.budget(path),
            self.widened(years)[:, None],
            offsets=own[LOG_BUDGETS][:, None] - jnp.atleast_1d(spent),
            log_tolerance=own[LOG_TOLERANCE],
            levels={name: own[LEVELS][i] for i, name in enumerate(self.levels)},
            direction=self.direction,
            scale=self.scale,
        )
        named = {_NAMES.get(name, name): rows for name, rows in series.items()}
        return self.narrowed(named, years)
