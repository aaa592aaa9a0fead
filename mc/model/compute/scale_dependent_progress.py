"""Effective compute that counts for more, the more there is of it."""

import dataclasses

import jax.numpy as jnp

from mc.model.axes import Parameters, PathLimits, Values
from mc.model.budgets import log_initial_compute
from mc.model.growth.growth import Growth, Steady, after_epoch
from mc.model.growth.turning import Kinked
from mc.model.ledger import Ledger
from mc.model.pytree import pytree
from mc.model.trajectories import late_ratio
from mc.model.view import View

ENTRIES = {
    "scale_dependent_progress": {
        "record": "Constant",
        "summary": "distances from a pivot of compute count 1 + μ times, for both",
        "replaces": ["scale"],
        "wraps": True,
        "needs": [
            [["scale_dependence"]],
            [["scale_pivot"]],
            [
                ["initial_compute"],
                ["meek_budget", "compute_per_dollar"],
                ["frontier_compute", "initial_compute_ratio"],
            ],
        ],
        "arguments": {
            "form": {
                "default": "constant",
                "choices": {
                    "constant": {},
                    "growing": {
                        "record": "Growing",
                        "summary": "distances from a pivot count more every year",
                        "needs": [
                            [["scale_dependence"]],
                            [["scale_pivot"]],
                            [["scale_dependence_growth"]],
                            [["scale_dependence_cap"]],
                            [
                                ["initial_compute"],
                                ["meek_budget", "compute_per_dollar"],
                                ["frontier_compute", "initial_compute_ratio"],
                            ],
                        ],
                    },
                    "frontier_only": {
                        "record": "FrontierOnly",
                        "summary": "the frontier's distance from a pivot counts more",
                    },
                },
            },
        },
        "caveats": [
            [
                "below-the-pivot",
                "Below the pivot of compute, scale-dependent progress hurts.",
            ],
        ],
    }
}


@dataclasses.dataclass(frozen=True, kw_only=True)
class _Stretched(View):
    """Distances from a pivot times ``m(t)``.

    Attributes:
        first: m at the epoch.
        change: What m gains with time.
        pivot: ``x_p``, where progress neither helps nor hurts.
    """

    first: Values
    change: Growth
    pivot: Values

    @classmethod
    def apply(cls, path: Ledger | View, parameters: Parameters) -> "_Stretched":
        """The path with compute stretched."""
        return cls(
            path=path,
            first=1 + parameters["scale_dependence"],
            change=cls.changing(parameters),
            pivot=_pivot(path, parameters),
        )

    @staticmethod
    def changing(parameters: Parameters) -> Growth:
        """What m gains with time: nothing."""
        return Steady(per_year=jnp.zeros_like(parameters["scale_dependence"]))

    def power(self, years: Values) -> Values:
        """``m(t)``."""
        return self.first + self.change.level(years)

    def breaks(self) -> tuple[Values, ...]:
        """Those of the path and of m."""
        own = (after_epoch(b) for b in self.change.breaks())
        return (*self.path.breaks(), *own)

    def late_frontier(self) -> tuple[Values, Values]:
        """Both scaled."""
        rate, offset = self.path.late_frontier()
        return self._late_power() * rate, self._from_pivot(offset)

    def _late_power(self) -> Values:
        return self.first + self.change.late()[1]

    def _stretched(self, level: Values, rate: Values, years: Values) -> Values:
        """Rate of ``x_p + m·(level − x_p)``."""
        speed = self.change.rate(years)
        return self.power(years) * rate + speed * (level - self.pivot)

    def _from_pivot(self, level: Values) -> Values:
        """``x_p + m·(level − x_p)`` in the end."""
        power = self._late_power()
        return self.pivot + _times(power, level - self.pivot)


@pytree
@dataclasses.dataclass(frozen=True, kw_only=True)
class Constant(_Stretched):
    """``x_p + m·(x − x_p)`` and ``m·lead``: both actors alike (science 3)."""

    def x(self, years: Values) -> Values:
        """``x_p + m·(x − x_p)``."""
        return self.pivot + self.power(years) * (self.path.x(years) - self.pivot)

    def lead(self, years: Values) -> Values:
        """``m·lead``."""
        return self.power(years) * self.path.lead(years)

    def meek_growth(self, years: Values) -> Values:
        """``m·x' + m'·(x − x_p)``."""
        rate = self.path.meek_growth(years)
        return self._stretched(self.path.x(years), rate, years)

    def lead_growth(self, years: Values) -> Values:
        """``m·lead' + m'·lead``."""
        growth = self.power(years) * self.path.lead_growth(years)
        return growth + self.change.rate(years) * self.path.lead(years)

    def frontier_gained(self, years: Values, width: Values) -> Values:
        """``m·(y − y_before) + (m − m_before)·(y_before − x_p)``."""
        gained = self.power(years) * self.path.frontier_gained(years, width)
        before = self.path.frontier(years - width) - self.pivot
        return gained + self.change.gained(years, width) * before

    def overtaken_years(self) -> Values:
        """That of the path: no lead changes its sign."""
        return self.path.overtaken_years()

    def limits(self) -> PathLimits:
        """All scaled by the late m; the ratio is the same."""
        limits, power = self.path.limits(), self._late_power()
        return PathLimits(
            meek=self._from_pivot(limits.meek),
            frontier=self._from_pivot(limits.frontier),
            lead=_times(power, limits.lead),
            ratio=limits.ratio,
            meek_growth=power * limits.meek_growth,
            lead_growth=power * limits.lead_growth,
            meek_offset=self._from_pivot(limits.meek_offset),
            frontier_offset=self._from_pivot(limits.frontier_offset),
        )


@pytree
@dataclasses.dataclass(frozen=True, kw_only=True)
class Growing(Constant):
    """The same with ``m = 1 + μ + min(μ1·t, cap)``.

    Where μ1 is negative, m falls by as much as the cap at most.
    """

    @staticmethod
    def changing(parameters: Parameters) -> Growth:
        """``μ1·t`` up to the cap."""
        rate = parameters["scale_dependence_growth"]
        cap = jnp.maximum(parameters["scale_dependence_cap"], 0.0)
        moves = rate != 0
        years = cap / jnp.where(moves, jnp.abs(rate), 1.0)
        date = jnp.where(moves, years, jnp.inf)
        return Kinked(early=rate, later=jnp.zeros_like(rate), date=date)


@pytree
@dataclasses.dataclass(frozen=True, kw_only=True)
class FrontierOnly(_Stretched):
    """``y`` becomes ``x_p + m·(y − x_p)``; the meek actor's ``x`` stays."""

    def x(self, years: Values) -> Values:
        """As on the path."""
        return self.path.x(years)

    def lead(self, years: Values) -> Values:
        """``lead + (m − 1)·(y − x_p)``."""
        more = self._more(years) * (self.path.frontier(years) - self.pivot)
        return self.path.lead(years) + more

    def meek_growth(self, years: Values) -> Values:
        """As on the path."""
        return self.path.meek_growth(years)

    def lead_growth(self, years: Values) -> Values:
        """``lead' + (m − 1)·y' + m'·(y − x_p)``."""
        growth = self.path.lead_growth(years)
        growth = growth + self._more(years) * self.path.frontier_growth(years)
        above = self.path.frontier(years) - self.pivot
        return growth + self.change.rate(years) * above

    def limits(self) -> PathLimits:
        """The frontier scaled by the late m, the meek actor as on the path."""
        limits, power = self.path.limits(), self._late_power()
        growth = limits.lead_growth
        growth = growth + (power - 1) * (limits.meek_growth + growth)
        level = limits.lead + _times(power - 1, limits.frontier - self.pivot)
        level = jnp.where(jnp.isnan(level), self._signed(limits, power), level)
        lead = jnp.where(growth == 0, level, jnp.sign(growth) * jnp.inf)
        return dataclasses.replace(
            limits,
            frontier=self._from_pivot(limits.frontier),
            frontier_offset=self._from_pivot(limits.frontier_offset),
            lead=lead,
            lead_growth=growth,
            ratio=jnp.where(
                limits.meek_growth == 0,
                power * limits.ratio,
                late_ratio(limits.meek_growth, growth),
            ),
        )

    def _more(self, years: Values) -> Values:
        return self.first - 1 + self.change.level(years)

    def _signed(self, limits: PathLimits, power: Values) -> Values:
        """A lead that is a difference of infinities: ``(m·ρ − 1)·x``."""
        return _times(power * limits.ratio - 1, limits.meek)


def _pivot(path: Ledger | View, parameters: Parameters) -> Values:
    """``ln(scale_pivot) − ln C0``, on the scale of ``x``."""
    here = log_initial_compute(parameters, path) - path.start
    return parameters["scale_pivot"] - here


def _times(power: Values, level: Values) -> Values:
    """``power·level``; 0 for a power of 0, also of an infinity."""
    nothing = power == 0
    return jnp.where(nothing, 0.0, power * jnp.where(nothing, 0.0, level))
