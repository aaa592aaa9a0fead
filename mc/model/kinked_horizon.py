"""A time horizon whose elasticity to compute changes where the frontier's trend did.

Below the frontier's compute on the date of the kink the early elasticity holds, above
it the late one; both actors meet that curve at their own compute. The join is smooth,
so no date is a break: on the frontier it takes the time that the fit gives it.
"""

import dataclasses

import jax
import jax.numpy as jnp

from mc.model.axes import Path, PathLimits, Values
from mc.model.differences import log1p, log_logistic, logistic_difference, one_minus_exp
from mc.model.pytree import pytree
from mc.model.trajectories import Pair

JOIN_YEARS = 0.1
"""Nine tenths of the turn take the frontier 6 times as long; as in the fit of the card
(``priors.evidence.horizon_fit``)."""


@pytree
@dataclasses.dataclass(frozen=True, kw_only=True)
class KinkedHorizon:
    """``ln h50 = log_minutes + late·u + (late − early)·w·ln(1 + e^(−u/w))``.

    ``u = x − place``; the elasticity is ``early + (late − early)·σ(u/w)``.

    Attributes:
        log_minutes: What the late line has at the kink, ln minutes.
        early: Elasticity to effective compute far below the kink.
        late: The same far above it.
        place: ``x`` of the frontier on the date of the kink.
        width: ``w`` of the join, ln of compute.
    """

    log_minutes: Values
    early: Values
    late: Values
    place: Values
    width: Values

    @classmethod
    def through(
        cls, log_minutes: Values, x: Values, *, early: Values, late: Values, **join
    ) -> "KinkedHorizon":
        """The curve that has ``log_minutes`` at ``x``.

        Args:
            log_minutes: ln minutes.
            x: Where; ``ln C − ln C0``.
            early: Elasticity below the kink.
            late: Elasticity above it.
            join: ``place`` and ``width``.
        """
        nothing = jnp.zeros_like(log_minutes)
        curve = cls(log_minutes=nothing, early=early, late=late, **join)
        return dataclasses.replace(
            curve, log_minutes=log_minutes - curve.log_horizon(x)
        )

    def log_horizon(self, x: Values) -> Values:
        """``ln h50``, minutes, at a finite ``x``."""
        turned = (self.late - self.early) * self.width * log_logistic(self._scaled(x))
        return self.log_minutes + self.late * (x - self.place) - turned

    def elasticity(self, x: Values) -> Values:
        """``d ln h50/dx``."""
        z = self._scaled(x)
        return self.early * jax.nn.sigmoid(-z) + self.late * jax.nn.sigmoid(z)

    def elasticity_change(self, x: Values, lead: Values) -> Values:
        """``elasticity(x + lead) − elasticity(x)``."""
        apart = logistic_difference(self._scaled(x), lead / self.width)
        return (self.late - self.early) * apart

    def gain(self, x: Values, lead: Values) -> Values:
        """``ln h50(x + lead) − ln h50(x)``, a sum of terms of the sign of the lead."""
        size = jnp.abs(lead)
        behind = self._scaled(x + jnp.minimum(lead, 0.0))
        d = size / self.width
        turn = self.late - self.early
        place = jnp.where(turn > 0, -(behind + d), behind)
        bent = jnp.abs(turn) * self.width * _log_ratio(place, d)
        return jnp.sign(lead) * (jnp.minimum(self.early, self.late) * size + bent)

    def _scaled(self, x: Values) -> Values:
        return (x - self.place) / self.width


@pytree
@dataclasses.dataclass(frozen=True, kw_only=True)
class LogHorizons(Pair):
    """Two actors by the horizon that their compute gives them.

    ``x`` is the meek actor's ``ln h50`` in minutes, the lead ``ln`` of the ratio.

    Attributes:
        path: Training compute.
        curve: The horizon as a function of it.
    """

    path: Path
    curve: KinkedHorizon

    def x(self, years: Values) -> Values:
        """The meek actor's ``ln h50``."""
        return self.curve.log_horizon(self.path.x(years))

    def lead(self, years: Values) -> Values:
        """``ln`` of the frontier's horizon over the meek actor's."""
        return self.curve.gain(self.path.x(years), self.path.lead(years))

    def meek_growth(self, years: Values) -> Values:
        """``ε(x)·x'``."""
        return self.curve.elasticity(self.path.x(years)) * self.path.meek_growth(years)

    def lead_growth(self, years: Values) -> Values:
        """``ε(x)·lead' + (ε(y) − ε(x))·y'``."""
        x, lead = self.path.x(years), self.path.lead(years)
        steady = self.curve.elasticity(x) * self.path.lead_growth(years)
        turned = self.curve.elasticity_change(x, lead)
        return steady + turned * self.path.frontier_growth(years)

    def frontier_growth(self, years: Values) -> Values:
        """``ε(y)·y'``."""
        y = self.path.x(years) + self.path.lead(years)
        return self.curve.elasticity(y) * self.path.frontier_growth(years)

    def log_rate_ratio(self, years: Values) -> Values:
        """``ln |y'/x'| + ln(ε(y)/ε(x))``."""
        x, lead = self.path.x(years), self.path.lead(years)
        change = self.curve.elasticity_change(x, lead) / self.curve.elasticity(x)
        return self.path.log_rate_ratio(years) + log1p(change)

    def direction(self, years: Values) -> Values:
        """As compute: a horizon rises with it."""
        return self.path.direction(years)

    def breaks(self) -> tuple[Values, ...]:
        """Those of the path: the kink is smooth."""
        return self.path.breaks()

    def limits(self) -> PathLimits:
        """As compute goes on for ever: the late elasticity where it grows."""
        found, curve = self.path.limits(), self.curve
        behind, ahead = curve.elasticity(found.meek), curve.elasticity(found.frontier)
        frontier_growth = found.meek_growth + found.lead_growth
        turned = (ahead - behind) * frontier_growth
        settled = jnp.isfinite(found.meek) & jnp.isfinite(found.lead)
        lead = jnp.where(settled, found.lead, 0.0)
        still = curve.gain(jnp.where(settled, found.meek, 0.0), lead)
        return PathLimits(
            meek=self._limit(found.meek, found.meek),
            frontier=self._limit(found.frontier, found.frontier),
            lead=jnp.where(settled, still, behind * found.lead),
            ratio=found.ratio,
            meek_growth=behind * found.meek_growth,
            lead_growth=behind * found.lead_growth + turned,
            meek_offset=self._limit(found.meek, found.meek_offset),
            frontier_offset=self._limit(found.frontier, found.frontier_offset),
        )

    def _limit(self, end: Values, level: Values) -> Values:
        """``ln h50`` of a level, on the line that holds where compute ends."""
        at_rest = jnp.isfinite(end)
        resting = self.curve.log_horizon(jnp.where(at_rest, level, 0.0))
        for_ever = self.curve.elasticity(end) * (level - self.curve.place)
        return jnp.where(at_rest, resting, self.curve.log_minutes + for_ever)


def _log_ratio(z: Values, d: Values) -> Values:
    """``ln(σ(z + d)/σ(z))`` for ``d`` ≥ 0, exact for small ones and in both tails."""
    gain = jax.nn.sigmoid(-z) * one_minus_exp(d)
    near = gain < 0.5
    ends = log1p(jnp.exp(jnp.minimum(z, 0.0))) - log1p(jnp.exp(-jnp.abs(z + d)))
    far = jnp.minimum(d, -z) + ends
    return jnp.where(near, -log1p(-jnp.where(near, gain, 0.0)), far)
