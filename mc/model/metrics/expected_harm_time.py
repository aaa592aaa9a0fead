"""Expected harm whose stakes grow with the calendar: reading A of the paper."""

import dataclasses
from collections.abc import Mapping

import jax.numpy as jnp

from mc.model.axes import Flags, Parameters, Path, PathLimits, Trajectories, Values
from mc.model.curves.curve import Curve
from mc.model.differences import one_minus_exp
from mc.model.propensity import Propensity
from mc.model.pytree import pytree

MOST = 60.0
"""Largest exponent taken: beyond it only the sign of a rate matters."""

ENTRIES = {
    "expected_harm_time": {
        "record": "HarmInTime",
        "summary": "frequency times stakes that grow with the calendar (reading A); "
        "gap = meek minus frontier",
        "capability": "alignment",
        "not_normal": "it depends on the date, not on compute alone",
        "limit": "0 if λ < η·s, a constant at λ = η·s, infinite beyond; η the exponent "
        "of misalignment, s the meek actor's growth",
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
            "stakes": {"unit": "harm an error", "scale": "log"},
        },
        "needs": [
            [["misalignment_exponent"]],
            [["misalignment_midpoint"]],
            [["misalignment_ceiling"]],
            [["misalignment_floor"]],
            [["harm_growth"]],
            [["initial_compute"], ["meek_budget", "compute_per_dollar"]],
        ],
        "caveats": [
            [
                "misalignment-assumed",
                "No data says how misalignment depends on compute: exponent, midpoint "
                "and growth of harm are placeholders.",
            ],
            [
                "stakes-shared",
                "Reading A: stakes grow with time, alike for both actors; propensity "
                "and capability are kept apart.",
            ],
        ],
    },
}


@pytree
@dataclasses.dataclass(frozen=True, kw_only=True)
class HarmInTime(Curve):
    """``e^(λt)·p(x)``: stakes grow with the calendar, propensity falls with compute.

    Attributes:
        frequency: The propensity.
        growth: ``λ``, growth of what one error can do, ln per year.
        log_stakes: ``λ·t`` on the date that is looked at.
    """

    frequency: Propensity
    growth: Values
    log_stakes: Values

    @classmethod
    def prepare(
        cls, parameters: Parameters, path: Path, arguments: Mapping[str, Values]
    ) -> "HarmInTime":
        """Per-draw constants, as they stand at the epoch."""
        growth = parameters["harm_growth"]
        frequency = Propensity.of(parameters)
        return cls(
            frequency=frequency, growth=growth, log_stakes=jnp.zeros_like(growth)
        )

    def on(self, years: Values) -> "HarmInTime":
        """The stakes of a date."""
        return dataclasses.replace(self, log_stakes=self.growth * years)

    def value(self, x: Values) -> Values:
        """Expected harm at ``x``."""
        return jnp.exp(self.log_stakes + self.frequency.log_value(x))

    def advantage(self, x: Values, lead: Values) -> Values:
        """``e^(λt)`` times the gap in frequency; by logarithms where that is huge."""
        moderate = jnp.abs(self.log_stakes) < 20
        stakes = jnp.exp(jnp.where(moderate, self.log_stakes, 0.0))
        product = stakes * self.frequency.gap(x, lead)
        return jnp.where(moderate, product, jnp.exp(self.log_gap(x, lead)))

    def log_gap(self, x: Values, lead: Values) -> Values:
        """``λ·t`` and ``ln`` of the gap in frequency."""
        return self.log_stakes + self.frequency.log_gap(x, lead)

    def rise(self, budget: Trajectories, years: Values) -> Values:
        """``λ·gap + y'F'(y) − x'F'(x)`` over ``F'(x)``, F minus the frequency."""
        x, lead = budget.x(years), budget.lead(years)
        change = self.frequency.log_slope_change(x, lead)
        meek, ahead = budget.meek_growth(years), budget.lead_growth(years)
        moved = meek * jnp.expm1(jnp.minimum(change, MOST))
        moved = moved + ahead * jnp.exp(jnp.minimum(change, MOST))
        behind, size = x + jnp.minimum(lead, 0.0), jnp.abs(lead)
        log_size = self.frequency.log_gap(behind, size) - self.frequency.log_slope(x)
        size = jnp.sign(lead) * jnp.exp(jnp.minimum(log_size, MOST))
        return self.growth * jnp.where(lead == 0, 0.0, size) + moved

    def limit_gap(self, limits: PathLimits) -> Values:
        """By λ against η times the late growth of whoever is behind (science 2.3).

        Where not even the one ahead grows, both frequencies tend to the ceiling, and
        λ races against η times that actor's decline.
        """
        v = limits.lead_growth
        behind = jnp.minimum(limits.meek, limits.frontier)
        ahead = jnp.maximum(limits.meek, limits.frontier)
        leads = limits.lead > 0
        last = jnp.where(leads, limits.meek_offset, limits.frontier_offset)
        first = jnp.where(leads, limits.frontier_offset, limits.meek_offset)
        slow = limits.meek_growth + jnp.minimum(v, 0.0)
        grown = self._race(-slow, limits, -self.frequency.logit(last))
        fast = limits.meek_growth + jnp.maximum(v, 0.0)
        failed = self._race(fast, limits, self.frequency.logit(first))
        still = self.frequency.limit_gap(limits)
        between = _carried(still, self.growth, jnp.sign(still))
        other = jnp.where(ahead == -jnp.inf, failed, between)
        return jnp.where(behind == jnp.inf, grown, other)

    def series(self, x: Values, lead: Values) -> dict[str, Values]:
        """Harm of both, and the two factors it is made of."""
        return super().series(x, lead) | {
            "propensity_frontier": self.frequency.value(x + lead),
            "propensity_meek": self.frequency.value(x),
            "stakes": self.log_stakes + jnp.zeros_like(x),
        }

    def invalid(self) -> Flags:
        """As the frequency is; stakes must be a number."""
        return self.frequency.invalid() | ~jnp.isfinite(self.growth)

    def _race(self, growth: Values, limits: PathLimits, log_share: Values) -> Values:
        """Limit of ``e^(λt)`` times a frequency's distance from its own limit.

        Args:
            growth: Growth of ``ln C`` that moves that distance, turned so that it
                grows with it.
            limits: Limits of the path.
            log_share: ``ln`` of that distance at the epoch over the height.
        """
        apart = one_minus_exp(self.frequency.slope * jnp.abs(limits.lead))
        sign = jnp.sign(limits.lead)
        size = sign * self.frequency.height() * jnp.exp(log_share) * apart
        return _carried(size, self.growth + self.frequency.slope * growth, sign)


def _carried(size: Values, race: Values, sign: Values) -> Values:
    """Limit of ``size·e^(race·t)``; 0 where there is no ``sign``."""
    endless = jnp.where(race > 0, sign * jnp.inf, jnp.where(race < 0, 0.0, size))
    return jnp.where(sign == 0, 0.0, endless)
