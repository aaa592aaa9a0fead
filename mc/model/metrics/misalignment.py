"""Misalignment: how often a model errs (propensity), and what harm that can do."""

import dataclasses
from collections.abc import Mapping

import jax
import jax.numpy as jnp

from mc.model.axes import Flags, Parameters, Path, PathLimits, Trajectories, Values
from mc.model.budgets import log_initial_compute
from mc.model.curves.curve import Curve
from mc.model.curves.logistic import Logistic
from mc.model.differences import log_expm1, log_logistic

MOST = 60.0
"""Largest exponent taken: beyond it only the sign of a rate matters."""

ENTRIES = {
    "misalignment_frequency": {
        "record": "MisalignmentFrequency",
        "summary": "how often a model acts against intent; gap = meek minus frontier",
        "capability": "alignment",
        "formula": "-(p1 + p0/(1 + exp(e*(x - m))))",
        "halving": "misalignment_exponent",
        "unit": "probability",
        "undefined": "the exponent must be positive, the floor below the ceiling",
        "direction": "lower is better",
        "bounds": [0.0, 1.0],
        "tolerance": 0.05,
        "needs": [
            [["misalignment_exponent"]],
            [["misalignment_midpoint"]],
            [["misalignment_ceiling"]],
            [["misalignment_floor"]],
            [["initial_compute"], ["meek_budget", "compute_per_dollar"]],
        ],
        "caveats": [
            [
                "misalignment-assumed",
                "No data says how misalignment depends on compute: exponent, midpoint "
                "and growth of harm are placeholders.",
            ],
        ],
    },
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


@jax.tree_util.register_dataclass
@dataclasses.dataclass(frozen=True, kw_only=True)
class MisalignmentFrequency(Logistic):
    """``p = p∞ + (p0 − p∞)·σ(−z)``, ``z = η(ln C − m)``; its tail is C^(−η).

    The floor is p∞ and the ceiling p0, the frequency with little compute.
    """

    @classmethod
    def prepare(
        cls, parameters: Parameters, path: Path, arguments: Mapping[str, Values]
    ) -> "MisalignmentFrequency":
        """Per-draw constants."""
        del path, arguments
        exponent = parameters["misalignment_exponent"]
        above = log_initial_compute(parameters) - parameters["misalignment_midpoint"]
        return cls(
            start=exponent * above,
            slope=exponent,
            floor=parameters["misalignment_floor"],
            ceiling=parameters["misalignment_ceiling"],
        )

    def value(self, x: Values) -> Values:
        """Frequency at ``x``: it falls with compute."""
        return self.floor + self.height() * jax.nn.sigmoid(-self.logit(x))

    def limit_gap(self, limits: PathLimits) -> Values:
        """0 if compute grows for ever (Theorem 2.4)."""
        settled = jnp.isfinite(limits.meek) & jnp.isfinite(limits.lead)
        zero = jnp.zeros_like(limits.meek)
        still = self.gap(
            jnp.where(settled, limits.meek, zero), jnp.where(settled, limits.lead, zero)
        )
        apart = self.value(limits.meek) - self.value(limits.frontier)
        return jnp.where(settled, still, apart)

    def height(self) -> Values:
        """``p0 − p∞``."""
        return self.ceiling - self.floor


@jax.tree_util.register_dataclass
@dataclasses.dataclass(frozen=True, kw_only=True)
class HarmInTime(Curve):
    """``e^(λt)·p(x)``: stakes grow with the calendar, propensity falls with compute.

    Attributes:
        frequency: The propensity.
        growth: ``λ``, growth of what one error can do, ln per year.
        log_stakes: ``λ·t`` on the date that is looked at.
    """

    frequency: MisalignmentFrequency
    growth: Values
    log_stakes: Values

    @classmethod
    def prepare(
        cls, parameters: Parameters, path: Path, arguments: Mapping[str, Values]
    ) -> "HarmInTime":
        """Per-draw constants, as they stand at the epoch."""
        growth = parameters["harm_growth"]
        frequency = MisalignmentFrequency.prepare(parameters, path, arguments)
        return cls(
            frequency=frequency, growth=growth, log_stakes=jnp.zeros_like(growth)
        )

    def on(self, years: Values) -> "HarmInTime":
        """The stakes of a date."""
        return dataclasses.replace(self, log_stakes=self.growth * years)

    def value(self, x: Values) -> Values:
        """Expected harm at ``x``."""
        return jnp.exp(self.log_stakes) * self.frequency.value(x)

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
        """By λ against η times the meek actor's late growth (science 2.3)."""
        still = self.frequency.limit_gap(limits)
        race = self.growth - self.frequency.slope * limits.meek_growth
        level = self.frequency.start + self.frequency.slope * limits.meek_offset
        share = -jnp.expm1(-self.frequency.slope * limits.lead)
        constant = self.frequency.height() * jnp.exp(-level) * share
        diverging = jnp.where(
            limits.lead > 0, jnp.inf, jnp.where(limits.lead < 0, -jnp.inf, 0.0)
        )
        meek = jnp.where(race < 0, 0.0, jnp.where(race > 0, diverging, constant))
        for_ever = jnp.where(still == 0, 0.0, jnp.sign(still) * jnp.inf)
        fixed = jnp.where(
            self.growth > 0, for_ever, jnp.where(self.growth < 0, 0.0, still)
        )
        return jnp.where(limits.meek == jnp.inf, meek, fixed)

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


@jax.tree_util.register_dataclass
@dataclasses.dataclass(frozen=True, kw_only=True)
class HarmInCapability(Curve):
    """``H = e^(λ·x)·p(x)``: what an actor can do grows with its own compute.

    Attributes:
        frequency: The propensity.
        exponent: ``λ``, power of compute in what one error can do.
    """

    frequency: MisalignmentFrequency
    exponent: Values

    @classmethod
    def prepare(
        cls, parameters: Parameters, path: Path, arguments: Mapping[str, Values]
    ) -> "HarmInCapability":
        """Per-draw constants."""
        frequency = MisalignmentFrequency.prepare(parameters, path, arguments)
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
        race = self.exponent - self.frequency.slope
        lasting = (self.frequency.floor > 0) & (self.exponent > 0)
        diverging = jnp.where(
            limits.lead > 0, jnp.inf, jnp.where(limits.lead < 0, -jnp.inf, 0.0)
        )
        unlimited = jnp.where(lasting | (race > 0), diverging, 0.0)
        settled = jnp.isfinite(limits.meek) & jnp.isfinite(limits.lead)
        zero = jnp.zeros_like(limits.meek)
        still = self.gap(
            jnp.where(settled, limits.meek, zero), jnp.where(settled, limits.lead, zero)
        )
        apart = self._end(limits.frontier) - self._end(limits.meek)
        both = (limits.meek == jnp.inf) & (limits.frontier == jnp.inf)
        return jnp.where(both, unlimited, jnp.where(settled, still, apart))

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
        return self.exponent * x + self._log_frequency(x)

    def _log_frequency(self, x: Values) -> Values:
        height = jnp.log(self.frequency.height())
        tail = height + log_logistic(-self.frequency.logit(x))
        floor = self.frequency.floor
        log_floor = jnp.log(jnp.where(floor > 0, floor, 1.0))
        return jnp.where(floor > 0, jnp.logaddexp(log_floor, tail), tail)

    def _log_ratio(self, x: Values, lead: Values) -> Values:
        """``λ·lead − Δ``, Δ the fall of ``ln p`` over the lead."""
        behind, size = x + jnp.minimum(lead, 0.0), jnp.abs(lead)
        log_gap = self.frequency.log_gap(behind, size)
        fall = jax.nn.softplus(log_gap - self._log_frequency(behind + size))
        signed = jnp.where(lead == 0, 0.0, jnp.sign(lead) * fall)
        return self.exponent * lead - signed

    def _rate(self, x: Values) -> Values:
        """``d ln H/dx = λ − (−p'/p)``."""
        fall = self.frequency.log_slope(x) - self._log_frequency(x)
        return self.exponent - jnp.exp(fall)

    def _end(self, x: Values) -> Values:
        """Harm at ``x``, also where that is infinite."""
        grows = (self.exponent > self.frequency.slope) | (
            (self.frequency.floor > 0) & (self.exponent > 0)
        )
        infinite = jnp.where(
            grows, jnp.inf, self.frequency.floor * (self.exponent == 0)
        )
        start = jnp.where(self.exponent > 0, 0.0, self.frequency.ceiling)
        inside = self.value(jnp.where(jnp.isfinite(x), x, 0.0))
        return jnp.where(
            x == jnp.inf, infinite, jnp.where(x == -jnp.inf, start, inside)
        )
