"""Effective compute that grows by a constant factor a year, with an initial lead."""

import dataclasses

import jax
import jax.numpy as jnp

from mc.model.axes import Parameters, PathLimits, Values
from mc.model.budgets import log_initial_compute
from mc.model.trajectories import Pair, for_ever, late_ratio

ENTRIES = {
    "exponential": {
        "record": "Exponential",
        "summary": "constant growth of hardware, algorithms and investment, for ever",
        "needs": [
            [["hardware_growth"]],
            [["algorithmic_growth"], ["clock_ratio"]],
            [["investment_growth"], ["training_compute_growth"]],
            [
                ["initial_compute_ratio"],
                ["frontier_compute", "initial_compute"],
                ["frontier_compute", "meek_budget", "compute_per_dollar"],
                [],
            ],
        ],
        "caveats": [
            [
                "growth-for-ever",
                "Investment, hardware and algorithms grow at constant rates for ever.",
            ]
        ],
    }
}


@jax.tree_util.register_dataclass
@dataclasses.dataclass(frozen=True, kw_only=True)
class Exponential(Pair):
    """``x = s·t`` and ``lead = ln κ + v·t`` (science: baseline path).

    Attributes:
        shared: ``s``, growth of hardware and algorithms, ln per year.
        investment: ``v``, growth of the frontier's spending, ln per year.
        log_ratio: ``ln κ``, the lead at the epoch.
        hardware: Growth of FLOP per dollar, ln per year; part of ``s``.
    """

    shared: Values
    investment: Values
    log_ratio: Values
    hardware: Values

    @classmethod
    def prepare(cls, parameters: Parameters) -> "Exponential":
        """Per-draw constants from parameters on their canonical scales."""
        hardware = parameters["hardware_growth"]
        if "investment_growth" in parameters:
            investment = parameters["investment_growth"]
        else:
            investment = parameters["training_compute_growth"] - hardware
        if "algorithmic_growth" in parameters:
            shared = hardware + parameters["algorithmic_growth"]
        else:
            clock = parameters["clock_ratio"]
            shared = investment * clock / (1 - clock)
        return cls(
            shared=shared,
            investment=investment,
            log_ratio=_log_ratio(parameters, shared),
            hardware=hardware,
        )

    def x(self, years: Values) -> Values:
        """``s·t``."""
        return self.shared * years

    def lead(self, years: Values) -> Values:
        """``ln κ + v·t``."""
        return self.log_ratio + self.investment * years

    def log_investment(self, years: Values) -> Values:
        """``v·t``: the frontier's spending over its start."""
        return self.investment * years

    def log_hardware(self, years: Values) -> Values:
        """Growth of FLOP per dollar since the epoch."""
        return self.hardware * years

    def hardware_growth(self, years: Values) -> Values:
        """Constant."""
        return _constant(self.hardware, years)

    def meek_growth(self, years: Values) -> Values:
        """``s``, at any date."""
        return _constant(self.shared, years)

    def lead_growth(self, years: Values) -> Values:
        """``v``, at any date."""
        return _constant(self.investment, years)

    def overtaken_years(self) -> Values:
        """``−ln κ/v`` where a lead melts; −∞ where there is none to begin with."""
        melting = self.investment < 0
        years = self.log_ratio / jnp.where(melting, -self.investment, 1.0)
        ahead = jnp.where(melting, years, jnp.inf)
        behind = (self.log_ratio < 0) | (melting & (self.log_ratio <= 0))
        return jnp.where(behind, -jnp.inf, ahead)

    def limits(self) -> PathLimits:
        """``x → ±∞`` by the sign of ``s``, ``lead → ±∞`` by the sign of ``v``."""
        return PathLimits(
            meek=for_ever(self.shared, jnp.zeros_like(self.shared)),
            frontier=for_ever(self.shared + self.investment, self.log_ratio),
            lead=for_ever(self.investment, self.log_ratio),
            ratio=late_ratio(self.shared, self.investment),
            meek_growth=self.shared,
            lead_growth=self.investment,
            meek_offset=jnp.zeros_like(self.shared),
        )

    def lag_years(self, years: Values) -> Values:
        """``lead/f``; plus infinity where the frontier does not grow."""
        return _wait(self.lead(years), self.frontier_growth(years))

    def catch_up_years(self, years: Values) -> Values:
        """``lead/s``; plus infinity where the meek actor does not grow."""
        return _wait(self.lead(years), self.shared)


def _log_ratio(parameters: Parameters, like: Values) -> Values:
    if "initial_compute_ratio" in parameters:
        return parameters["initial_compute_ratio"]
    if "frontier_compute" in parameters:
        return parameters["frontier_compute"] - log_initial_compute(parameters)
    return jnp.zeros_like(like)


def _constant(rate: Values, years: Values) -> Values:
    shape = jnp.broadcast_shapes(jnp.shape(years), jnp.shape(rate))
    return jnp.broadcast_to(rate, shape)


def _wait(distance: Values, growth: Values) -> Values:
    """Years to cover ``distance``: infinite where it is never covered."""
    covered = (growth > 0) | ((growth < 0) & (distance < 0))
    years = distance / jnp.where(covered, growth, 1.0)
    standing = jnp.where(distance == 0, jnp.zeros_like(years), jnp.inf)
    return jnp.where(covered, years, standing)
