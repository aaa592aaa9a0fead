"""Budgets spent on answering: inference compute, alone or beside training compute."""

import dataclasses

import jax.numpy as jnp

from mc.model.axes import Parameters, Path, PathLimits, Values
from mc.model.pytree import pytree
from mc.model.trajectories import Pair, for_ever, late_ratio


@pytree
@dataclasses.dataclass(frozen=True, kw_only=True)
class InferenceBudget(Pair):
    """``ln k = ln k0 + H_m(t) + ln g_inf·t``, lead ``ln κ_k + v_k·t + K_H(t)``.

    ``H_m = H − K_H`` is the meek actor's FLOP per dollar (science 3.3). Assumed: both
    gain alike from cheaper answers; the meek actor spends the same on inference every
    year.

    Attributes:
        path: The training path, for the price of a FLOP to each.
        efficiency: Growth of what an inference FLOP does, ln per year.
        investment: ``v_k``, growth of the frontier's spending on inference.
        log_ratio: ``ln κ_k``, its lead in inference at the epoch.
    """

    path: Path
    efficiency: Values
    investment: Values
    log_ratio: Values

    @classmethod
    def prepare(cls, parameters: Parameters, path: Path) -> "InferenceBudget":
        """Per-draw constants."""
        return cls(
            path=path,
            efficiency=parameters["inference_efficiency_growth"],
            investment=parameters["inference_investment_growth"],
            log_ratio=parameters["initial_inference_ratio"],
        )

    def along(self, path: Path) -> "InferenceBudget":
        """The same spending where a FLOP costs what it does on ``path``."""
        return dataclasses.replace(self, path=path)

    def x(self, years: Values) -> Values:
        """``ln k_m − ln k0``."""
        hardware = self.path.log_hardware(years) - self.path.log_hardware_ahead(years)
        return hardware + self.efficiency * years

    def lead(self, years: Values) -> Values:
        """``ln k_f − ln k_m``."""
        dearer = self.path.log_hardware_ahead(years)
        return self.log_ratio + self.investment * years + dearer

    def meek_growth(self, years: Values) -> Values:
        """``H_m' + ln g_inf``."""
        ahead = self.path.hardware_ahead_growth(years)
        return self.path.hardware_growth(years) - ahead + self.efficiency

    def lead_growth(self, years: Values) -> Values:
        """``v_k + K_H'``."""
        return self.investment + self.path.hardware_ahead_growth(years)

    def breaks(self) -> tuple[Values, ...]:
        """Those of the path, whose hardware may have some."""
        return self.path.breaks()

    def limits(self) -> PathLimits:
        """As the late growth of hardware and efficiency goes on."""
        hardware, level = self.path.late_hardware()
        ahead, apart = self.path.late_hardware_ahead()
        growth, lead_growth = (
            hardware - ahead + self.efficiency,
            self.investment + ahead,
        )
        offset, in_front = level - apart, level + self.log_ratio
        return PathLimits(
            meek=for_ever(growth, offset),
            frontier=for_ever(hardware + self.efficiency + self.investment, in_front),
            lead=for_ever(lead_growth, self.log_ratio + apart),
            ratio=late_ratio(growth, lead_growth),
            meek_growth=growth,
            lead_growth=lead_growth,
            meek_offset=offset,
            frontier_offset=in_front,
        )


@pytree
@dataclasses.dataclass(frozen=True, kw_only=True)
class TwoBudgets(Pair):
    """``w·x_training + w_k·x_inference``: two budgets that stand for each other.

    Assumed: a metric sees a weighted sum of the two log budgets, so that either can
    be traded for the other at a constant rate. With ``w_k = 0`` only training
    counts, with ``w = 0`` only inference.

    Attributes:
        training: Training compute.
        inference: Inference compute.
        training_weight: ``w``.
        inference_weight: ``w_k``.
    """

    training: Path
    inference: InferenceBudget
    training_weight: Values
    inference_weight: Values

    def along(self, path: Path) -> "TwoBudgets":
        """The same weights where training compute follows ``path``."""
        inference = self.inference.along(path)
        return dataclasses.replace(self, training=path, inference=inference)

    def x(self, years: Values) -> Values:
        """The weighted sum of both, of the meek actor."""
        return self._sum(self.training.x(years), self.inference.x(years))

    def lead(self, years: Values) -> Values:
        """The weighted sum of both leads."""
        return self._sum(self.training.lead(years), self.inference.lead(years))

    def meek_growth(self, years: Values) -> Values:
        """The weighted sum of the meek actor's growth rates."""
        training = self.training.meek_growth(years)
        return self._sum(training, self.inference.meek_growth(years))

    def lead_growth(self, years: Values) -> Values:
        """The weighted sum of the growth of both leads."""
        training = self.training.lead_growth(years)
        return self._sum(training, self.inference.lead_growth(years))

    def breaks(self) -> tuple[Values, ...]:
        """Those of the path."""
        return self.training.breaks()

    def limits(self) -> PathLimits:
        """The weighted sums; what is weighted by 0 does not count, even for ever.

        Where one budget grows and the other shrinks the sum of the rates decides;
        where these cancel, the levels that the budgets would have had at the epoch.
        """
        one, other = self.training.limits(), self.inference.limits()
        growth = self._sum(one.meek_growth, other.meek_growth)
        lead_growth = self._sum(one.lead_growth, other.lead_growth)
        offset = self._sum(one.meek_offset, other.meek_offset)
        in_front = self._sum(one.frontier_offset, other.frontier_offset)
        meek = self._sum(one.meek, other.meek)
        lead = self._sum(one.lead, other.lead)
        frontier = self._sum(one.frontier, other.frontier)
        late = for_ever(growth + lead_growth, in_front)
        return PathLimits(
            meek=jnp.where(jnp.isnan(meek), for_ever(growth, offset), meek),
            frontier=jnp.where(jnp.isnan(frontier), late, frontier),
            lead=jnp.where(
                jnp.isnan(lead), for_ever(lead_growth, in_front - offset), lead
            ),
            ratio=late_ratio(growth, lead_growth),
            meek_growth=growth,
            lead_growth=lead_growth,
            meek_offset=offset,
            frontier_offset=in_front,
        )

    def _sum(self, training: Values, inference: Values) -> Values:
        return _times(self.training_weight, training) + _times(
            self.inference_weight, inference
        )


def _times(weight: Values, value: Values) -> Values:
    """``weight·value``; 0 for a weight of 0, also of an infinity."""
    return jnp.where(weight == 0, 0.0, weight * jnp.where(weight == 0, 0.0, value))
