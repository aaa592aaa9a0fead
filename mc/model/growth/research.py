"""Algorithms that compute, and what they themselves can do, bring on."""

import dataclasses

import jax.numpy as jnp

from mc.model.axes import Values
from mc.model.growth.growth import Growth
from mc.model.pytree import pytree

LARGE = 60.0
"""Exponent from which powers are kept as logarithms."""


@pytree
@dataclasses.dataclass(frozen=True, kw_only=True)
class Research(Growth):
    """``u`` of ``du/dt = a·exp(c·t)·exp(q·u)``, until it meets its ceiling.

    ``u = −log1p(−q·I)/q`` with ``I = a·expm1(c·t)/c`` (science 3.2). Where research
    brings nothing at the start, ``a`` of 0 or below, nothing is fed back: ``a·t``.
    Before the epoch ``a·t`` too.

    Attributes:
        first: a, the rate at the epoch, ln per year.
        drive: c, returns times the growth of research compute, ln per year.
        feedback: q; above zero the closed form reaches infinity in finite time.
        ceiling: U, the most that ``u`` can be; none below zero.
    """

    first: Values
    drive: Values
    feedback: Values
    ceiling: Values

    def ends(self) -> Values:
        """When the ceiling is met: plus infinity where it never is.

        There ``I`` is ``−expm1(−q·U)/q``, which is beyond any float for a long way
        up against a strong brake.
        """
        top, drive = jnp.maximum(self.ceiling, 0.0), self.drive
        braked = -self.feedback * top
        steady = top * _mean_exp(jnp.minimum(braked, LARGE)) / self._first()
        near = steady * _mean_log1p(drive * steady)
        log_steady = braked - jnp.log(jnp.maximum(-self.feedback, 1e-30))
        log_steady = log_steady - jnp.log(self._first())
        pace = jnp.where(drive > 0, drive, 1.0)
        far = jnp.logaddexp(jnp.zeros_like(pace), log_steady + jnp.log(pace)) / pace
        far = jnp.where(drive > 0, far, jnp.inf)
        years = jnp.where(braked < LARGE, near, far)
        never = ~(self.first > 0) | jnp.isnan(years)
        return jnp.where(never, jnp.inf, years)

    def level(self, years: Values) -> Values:
        """The closed form, the ceiling once it is met."""
        ends = self.ends()
        straight = (years < 0) | ~(self.first > 0)
        risen = self._risen(jnp.clip(years, 0.0, ends), ends)
        top = jnp.maximum(self.ceiling, 0.0)
        risen = jnp.where(years >= ends, top, jnp.minimum(risen, top))
        return jnp.where(straight, self.first * years, risen)

    def rate(self, years: Values) -> Values:
        """``a·exp(c·t + q·u)``; nothing once the ceiling is met."""
        now = jnp.maximum(years, 0.0)
        more = self.drive * now + self.feedback * self.level(now)
        rising = self._first() * jnp.exp(more)
        rising = jnp.where(years >= self.ends(), 0.0, rising)
        return jnp.where((years < 0) | ~(self.first > 0), self.first, rising)

    def breaks(self) -> tuple[Values, ...]:
        """When the ceiling is met."""
        return (self.ends(),)

    def late(self) -> tuple[Values, Values]:
        """No rate: at the ceiling, or short of it where compute shrinks too fast."""
        total = self._first() / jnp.where(self.drive < 0, -self.drive, 1.0)
        short = _grown(total, self.feedback)
        top = jnp.maximum(self.ceiling, 0.0)
        fails = (self.drive < 0) & jnp.isinf(self.ends())
        risen = jnp.where(fails, jnp.minimum(short, top), top)
        straight = ~(self.first > 0)
        return jnp.where(straight, self.first, 0.0), jnp.where(straight, 0.0, risen)

    def _first(self) -> Values:
        return jnp.where(self.first > 0, self.first, 1.0)

    def _risen(self, years: Values, ends: Values) -> Values:
        """``u`` before the ceiling; near an explosion from how far away it is."""
        first, drive, feedback = self._first(), self.drive, self.feedback
        steady = first * years * _mean_exp(drive * years)
        grown = _grown(steady, feedback)
        pace = jnp.where(drive > 0, drive, 1.0)
        log_steady = jnp.log(first / pace) + drive * years
        brake = jnp.where(feedback < 0, -feedback, 1.0)
        braked = jnp.logaddexp(jnp.zeros_like(brake), log_steady + jnp.log(brake))
        braked = braked / brake
        to_go = jnp.where(jnp.isfinite(ends), ends - years, 0.0)
        left = first * jnp.exp(drive * years) * to_go * _mean_exp(drive * to_go)
        push = jnp.where(feedback > 0, feedback, 1.0)
        last = jnp.exp(-push * jnp.maximum(self.ceiling, 0.0)) + push * left
        close = (feedback * steady > 0.5) & jnp.isfinite(ends)
        grown = jnp.where(close, -jnp.log(last) / push, grown)
        return jnp.where((feedback < 0) & (drive * years > LARGE), braked, grown)


def _grown(steady: Values, feedback: Values) -> Values:
    """``−log1p(−q·I)/q``."""
    return steady * _mean_log1p(-feedback * steady)


def _mean_exp(y: Values) -> Values:
    """``expm1(y)/y``, 1 at 0."""
    safe = jnp.where(y == 0, 1.0, y)
    return jnp.where(y == 0, 1.0, jnp.expm1(safe) / safe)


def _mean_log1p(y: Values) -> Values:
    """``log1p(y)/y``, 1 at 0."""
    safe = jnp.where(y == 0, 1.0, y)
    return jnp.where(y == 0, 1.0, jnp.log1p(safe) / safe)
