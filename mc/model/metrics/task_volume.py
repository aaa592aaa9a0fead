"""Tasks done: how many a budget of inference pays for, times how many succeed."""

import dataclasses
from collections.abc import Mapping

import jax
import jax.numpy as jnp

from mc.model.axes import Flags, Parameters, Path, PathLimits, Trajectories, Values
from mc.model.curves.curve import Curve
from mc.model.differences import log_logistic, one_minus_exp
from mc.model.inference import InferenceBudget
from mc.model.pytree import pytree
from mc.model.success import SuccessCurve

ENTRIES = {
    "task_volume": {
        "record": "TaskVolume",
        "summary": "tasks of one length done at a fixed inference budget a task",
        "capability": "tasks",
        "not_normal": "it depends on two budgets: training for success, inference for "
        "the number of tasks",
        "limit": "the limit of the lead in inference: infinite if that grows for ever",
        "unit": "ratio",
        "value_unit": "tasks tried at the start",
        "undefined": "a doubling time needs a frontier whose compute grows, a success "
        "curve an 80 % horizon shorter than the 50 % one",
        "direction": "higher is better",
        "bounds": [0.0, None],
        "scale": "log",
        "tolerance": 1.25,
        "arguments": {
            "minutes": {"default": 60, "log": True, "low": 0.01, "high": 1e7}
        },
        "needs": [
            [
                [
                    "horizon_doubling_time",
                    "early_horizon_doubling_time",
                    "horizon_kink_date",
                ],
                [
                    "horizon_elasticity",
                    "early_horizon_doubling_time",
                    "horizon_kink_date",
                ],
                ["horizon_doubling_time"],
                ["horizon_elasticity"],
            ],
            [["horizon_at_anchor", "anchor_date"]],
            [["horizon_ratio_50_80"]],
            [["inference_efficiency_growth"]],
            [["inference_investment_growth"]],
            [["initial_inference_ratio"]],
        ],
        "caveats": [
            [
                "volume-assumed",
                "Assumed: a task costs the same inference compute for both actors, "
                "and failed tasks cost as much as others.",
            ],
        ],
    }
}


@pytree
@dataclasses.dataclass(frozen=True, kw_only=True)
class TaskVolume(Curve):
    """``ln(k·σ(z))``: tasks tried times share solved, as a natural logarithm.

    Attributes:
        success: The share solved, in training compute.
        inference: What both actors spend on tasks.
        log_tried: ``ln`` of the meek actor's tasks tried on the date looked at.
        log_more: ``ln`` of the frontier's over the meek actor's tasks tried.
    """

    success: SuccessCurve
    inference: InferenceBudget
    log_tried: Values
    log_more: Values

    @classmethod
    def prepare(
        cls, parameters: Parameters, path: Path, arguments: Mapping[str, Values]
    ) -> "TaskVolume":
        """Per-draw constants, as they stand at the epoch."""
        inference = InferenceBudget.prepare(parameters, path)
        return cls(
            success=SuccessCurve.of(parameters, path, arguments["minutes"]),
            inference=inference,
            log_tried=jnp.zeros_like(inference.log_ratio),
            log_more=inference.log_ratio,
        )

    def budget(self, path: Path) -> Trajectories:
        """What success depends on."""
        return self.success.budget(path)

    def along(self, path: Path) -> "TaskVolume":
        """The same spending on tasks where a FLOP costs what it does on ``path``."""
        return dataclasses.replace(self, inference=self.inference.along(path))

    def on(self, years: Values) -> "TaskVolume":
        """The numbers of tasks tried on a date."""
        return dataclasses.replace(
            self, log_tried=self.inference.x(years), log_more=self.inference.lead(years)
        )

    def value(self, x: Values) -> Values:
        """``ln`` of the meek actor's tasks done at ``x``."""
        return self.log_tried + log_logistic(self.success.logit(x))

    def gap(self, x: Values, lead: Values) -> Values:
        """``ln`` of the ratio of tasks done: more tried, and more of them solved."""
        behind, size = x + jnp.minimum(lead, 0.0), jnp.abs(lead)
        solved = self._log_ratio(behind, size)
        return self.log_more + jnp.where(lead == 0, 0.0, jnp.sign(lead) * solved)

    def log_gap(self, x: Values, lead: Values) -> Values:
        """``ln`` of the gap."""
        return jnp.log(jnp.maximum(self.gap(x, lead), 0.0))

    def rise(self, budget: Trajectories, years: Values) -> Values:
        """Growth of the lead in inference and of ``ln`` success ahead over behind."""
        z = self.success.logit(budget.x(years))
        ahead = z + self.success.slope * budget.lead(years)
        solved = budget.frontier_growth(years) * jax.nn.sigmoid(-ahead)
        solved = solved - budget.meek_growth(years) * jax.nn.sigmoid(-z)
        return self.inference.lead_growth(years) + self.success.slope * solved

    def limit_gap(self, limits: PathLimits) -> Values:
        """The limit of the lead in inference, and of what success adds to it.

        Where one is infinite and the other minus infinity their late rates decide.
        """
        more = self.inference.limits()
        ahead = log_logistic(self.success.logit(limits.frontier))
        behind = log_logistic(self.success.logit(limits.meek))
        failing = (limits.frontier == -jnp.inf) & (limits.meek == -jnp.inf)
        power = self.success.slope * limits.lead
        solved = jnp.where(failing, power, ahead - behind)
        settled, still = self._settled_ratio(limits)
        limit = more.lead + jnp.where(settled, still, solved)
        growth = limits.meek_growth + limits.lead_growth
        lost = jnp.minimum(growth, 0.0) - jnp.minimum(limits.meek_growth, 0.0)
        race = more.lead_growth + self.success.slope * lost
        late = jnp.where(race == 0, 0.0, jnp.sign(race) * jnp.inf)
        return jnp.where(jnp.isnan(limit), late, limit)

    def series(self, x: Values, lead: Values) -> dict[str, Values]:
        """Log ratio, and ``ln`` of both actors' tasks done."""
        ahead = dataclasses.replace(self, log_tried=self.log_tried + self.log_more)
        return {
            "gap": self.gap(x, lead),
            "frontier": ahead.value(x + lead),
            "meek": self.value(x),
        }

    def invalid(self) -> Flags:
        """As success is."""
        return self.success.invalid()

    def extrapolated(self, frontier: Values) -> Flags:
        """Above a horizon of 16 hours no task suite measures the trend."""
        return self.success.extrapolated(frontier)

    def _settled_ratio(self, limits: PathLimits) -> tuple[Flags, Values]:
        """Whether training compute comes to rest, and ``ln`` of success there."""
        settled = jnp.isfinite(limits.meek) & jnp.isfinite(limits.lead)
        zero = jnp.zeros_like(limits.meek)
        lead = jnp.where(settled, limits.lead, zero)
        behind = jnp.where(settled, limits.meek, zero) + jnp.minimum(lead, 0.0)
        ratio = self._log_ratio(behind, jnp.abs(lead))
        return settled, jnp.where(lead == 0, 0.0, jnp.sign(lead) * ratio)

    def _log_ratio(self, x: Values, lead: Values) -> Values:
        """``ln(σ(z + d)/σ(z))``, from the gain or from what was missing."""
        z, d = self.success.logit(x), self.success.slope * lead
        gain = jax.nn.sigmoid(-z) * one_minus_exp(d)
        rest = jax.nn.sigmoid(z) + jax.nn.sigmoid(-z) * jnp.exp(-d)
        near = gain < 0.5
        return jnp.where(near, -jnp.log1p(-jnp.where(near, gain, 0.0)), -jnp.log(rest))
