"""Expected harm whose stakes grow with an actor's own compute: reading B."""

import dataclasses
from collections.abc import Mapping

import jax
import jax.numpy as jnp

from mc.model.axes import Flags, Parameters, Path, PathLimits, Trajectories, Values
from mc.model.curves.curve import Curve
from mc.model.differences import log_expm1
from mc.model.propensity import Propensity
from mc.model.pytree import pytree

MOST = 60.0
"""Largest exponent taken: beyond it only the sign of a rate matters."""

ENTRIES = {
    "expected_harm_capability": {
        "record": "HarmInCapability",
        "summary": "frequency times a capability to harm that grows with compute "
        "(reading B); gap = frontier minus meek",
        "capability": "alignment",
        "not_normal": "more compute may do more harm or less: it is not monotone",
        "limit": "0 if λ ≤ η and no misalignment lasts, else infinite; η the exponent "
        "of misalignment",
        "unit": "harm at the start",
        "undefined": "the exponent must be positive, the floor below the ceiling",
        "direction": "lower is better",
        "bounds": [0.0, None],
        "tolerance": 0.05,
        "series": {
            "gap": {"unit": "harm at the start"},
            "frontier": {"unit": "harm at the start"},
            "meek": {"unit": "harm at the start"},
            "propensity_frontier": {"unit": "probability"},
            "propensity_meek": {"unit": "probability"},
            "stakes_frontier": {"unit": "harm an error", "scale": "log"},
            "stakes_meek": {"unit": "harm an error", "scale": "log"},
        },
        "needs": [
            [["misalignment_exponent"]],
            [["misalignment_midpoint"]],
            [["misalignment_ceiling"]],
            [["misalignment_floor"]],
            [["harm_exponent"]],
            [["initial_compute"], ["meek_budget", "compute_per_dollar"]],
        ],
        "caveats": [
            [
                "misalignment-assumed",
                "No data says how misalignment depends on compute: exponent, midpoint "
                "and growth of harm are placeholders.",
            ],
            [
                "harm-signed",
                "Reading B: a gap above zero means that the frontier does more harm; "
                "below zero, that it is the better aligned by more than it can do.",
            ],
        ],
    },
}


@pytree
@dataclasses.dataclass(frozen=True, kw_only=True)
class HarmInCapability(Curve):
    """``H = e^(λ·x)·p(x)``: what an actor can do grows with its own compute.

    Attributes:
        frequency: The propensity.
        exponent: ``λ``, power of compute in what one error can do.
    """

    frequency: Propensity
    exponent: Values

    @classmethod
    def prepare(
        cls, parameters: Parameters, path: Path, arguments: Mapping[str, Values]
    ) -> "HarmInCapability":
        """Per-draw constants."""
        frequency = Propensity.of(parameters)
        return cls(frequency=frequency, exponent=parameters["harm_exponent"])

    def value(self, x: Values) -> Values:
        """Expected harm at ``x``."""
        return jnp.exp(self._log_value(x))

    def gap(self, x: Values, lead: Values) -> Values:
        """Frontier minus meek: ``H(x)·(e^D − 1)``, signed."""
        more = self._log_ratio(x, lead)
        size = -jnp.expm1(-jnp.abs(more))
        larger = jnp.exp(self._log_value(x) + jnp.maximum(more, 0.0))
        return jnp.where(more == 0, 0.0, jnp.sign(more) * larger * size)

    def log_gap(self, x: Values, lead: Values) -> Values:
        """``ln`` of the gap; minus infinity where the frontier does less harm."""
        return self._log_value(x) + log_expm1(self._log_ratio(x, lead))

    def rise(self, budget: Trajectories, years: Values) -> Values:
        """``y'H'(y) − x'H'(x)`` over ``H(x)``."""
        x, lead = budget.x(years), budget.lead(years)
        ratio = jnp.exp(jnp.minimum(self._log_ratio(x, lead), MOST))
        ahead = budget.frontier_growth(years) * self._rate(x + lead) * ratio
        return ahead - budget.meek_growth(years) * self._rate(x)

    def limit_gap(self, limits: PathLimits) -> Values:
        """By λ against η, where misalignment ends; any λ diverges where it lasts."""
        settled, still = self.settled_gap(limits)
        frontier, meek = self._end(limits.frontier), self._end(limits.meek)
        both = jnp.isinf(frontier) & jnp.isinf(meek)
        sign = jnp.where(limits.lead == 0, 0.0, jnp.sign(limits.lead) * jnp.inf)
        return jnp.where(settled, still, jnp.where(both, sign, frontier - meek))

    def series(self, x: Values, lead: Values) -> dict[str, Values]:
        """Harm of both, and the two factors it is made of."""
        return super().series(x, lead) | {
            "propensity_frontier": self.frequency.value(x + lead),
            "propensity_meek": self.frequency.value(x),
            "stakes_frontier": self.exponent * (x + lead),
            "stakes_meek": self.exponent * x,
        }

    def invalid(self) -> Flags:
        """As the frequency is; stakes must not fall with compute."""
        return self.frequency.invalid() | ~(self.exponent >= 0)

    def _log_value(self, x: Values) -> Values:
        return self.exponent * x + self.frequency.log_value(x)

    def _log_ratio(self, x: Values, lead: Values) -> Values:
        """``λ·lead − Δ``, Δ the fall of ``ln p`` over the lead."""
        behind, size = x + jnp.minimum(lead, 0.0), jnp.abs(lead)
        log_gap = self.frequency.log_gap(behind, size)
        fall = jax.nn.softplus(log_gap - self.frequency.log_value(behind + size))
        signed = jnp.where(lead == 0, 0.0, jnp.sign(lead) * fall)
        return self.exponent * lead - signed

    def _rate(self, x: Values) -> Values:
        """``d ln H/dx = λ − (−p'/p)``."""
        fall = self.frequency.log_slope(x) - self.frequency.log_value(x)
        return self.exponent - jnp.exp(fall)

    def _end(self, x: Values) -> Values:
        """Harm at ``x``, also where that is infinite."""
        race = self.exponent - self.frequency.slope
        lasting = self.frequency.floor > 0
        tail = jnp.where(race == 0, self.frequency.height(), 0.0)
        ends = self.frequency.floor + tail * jnp.exp(-self.frequency.start)
        grows = (race > 0) | (lasting & (self.exponent > 0))
        most = jnp.where(grows, jnp.inf, ends)
        least = jnp.where(self.exponent > 0, 0.0, self.frequency.ceiling)
        inside = self.value(jnp.where(jnp.isfinite(x), x, 0.0))
        most = jnp.where(x == jnp.inf, most, inside)
        return jnp.where(x == -jnp.inf, least, most)
