"""How long ago, and how long until, one actor stands where the other does."""

from collections.abc import Callable, Mapping

import jax
import jax.numpy as jnp
import numpy as np

from mc.model.axes import Flags, Values
from mc.model.knots import take, with_breaks
from mc.model.roots import falling_root
from mc.model.trajectories import Pair

FARTHEST = 1e6
"""Years after which an actor is said never to arrive."""
DOUBLINGS = 40
NEWTON_STEPS = 5
NOISE = 8
"""Roundings of a lead within which a lag is its root."""
FIRST_YEARS = 1e-3
KNOTS = np.concatenate([[0.0], np.geomspace(0.05, FARTHEST, 192)])
"""Years between which the sign of a lead is looked at."""


class TwoActors(Pair):
    """A pair of trajectories whose lag, delay and overtaking are found as roots."""

    def x(self, years: Values) -> Values:
        """``ln C_meek − ln C0``."""
        raise NotImplementedError

    def lead(self, years: Values) -> Values:
        """``ln C_frontier − ln C_meek``."""
        raise NotImplementedError

    def landmarks(self) -> Mapping[str, Values]:
        """Nothing happens on the way."""
        return {}

    def frontier(self, years: Values) -> Values:
        """``x + lead``."""
        return self.x(years) + self.lead(years)

    def frontier_gained(self, years: Values, width: Values) -> Values:
        """What the frontier gained in the last ``width`` years."""
        return self.frontier(years) - self.frontier(years - width)

    def lag_years(self, years: Values) -> Values:
        """How long ago the frontier stood where the meek actor stands.

        Negative where the meek actor leads and the frontier has yet to come there;
        plus infinity where that lies before the epoch or never was.
        """
        lead = self.lead(years)
        here = self.x(years) + jnp.zeros_like(lead)
        now = years + jnp.zeros_like(lead)

        def back() -> Values:
            start = jnp.zeros_like(now)
            before = self.frontier(start) > here
            width, is_root = self._newton(now, lead)

            def sought() -> Values:
                root = falling_root(lambda t: here - self.frontier(t), start, now)
                return jnp.where(is_root, width, now - root)

            is_known = jnp.all(is_root | before)
            found = jax.lax.cond(is_known, lambda: width, sought)
            return jnp.where(before, jnp.inf, found)

        def ahead() -> Values:
            return -first_reach(self.frontier, now, here)

        return _by_lead(lead, back, ahead)

    def _newton(self, now: Values, lead: Values) -> tuple[Values, Flags]:
        """Years in which the frontier gained ``lead``, and whether that is a root.

        Steady rates take one step, and a kink one more.
        """

        def short(width: Values) -> Values:
            return lead - self.frontier_gained(now, width)

        def step(_: jax.Array, width: Values) -> Values:
            rate = self.frontier_growth(now - width)
            usable = rate > 0
            more = jnp.where(usable, short(width) / jnp.where(usable, rate, 1.0), 0.0)
            return jnp.clip(width + more, 0.0, now)

        width = jax.lax.fori_loop(0, NEWTON_STEPS, step, jnp.zeros_like(now))
        eps = jnp.finfo(now.dtype).eps
        return width, jnp.abs(short(width)) <= NOISE * eps * jnp.abs(lead)

    def catch_up_years(self, years: Values) -> Values:
        """How long until the meek actor stands where the frontier stands.

        Negative where the meek actor was there before; plus infinity where it never
        will be.
        """
        lead = self.lead(years)
        there = self.x(years) + lead
        now = years + jnp.zeros_like(lead)

        def back() -> Values:
            start = jnp.zeros_like(now)
            root = falling_root(lambda t: there - self.x(t), start, now)
            return jnp.where(self.x(start) > there, -jnp.inf, root - now)

        def ahead() -> Values:
            return first_reach(self.x, now, there)

        return _by_lead(lead, ahead, back)

    def overtaken_years(self) -> Values:
        """When the lead first turns negative: −∞ from the start, +∞ never."""
        start = self.lead(jnp.zeros(()))
        knots = jnp.asarray(KNOTS, start.dtype)
        years = jnp.clip(with_breaks(knots, self.breaks(), start), 0.0, FARTHEST)
        behind = self.lead(years) < 0
        index = jnp.argmax(behind, axis=0)
        left, right = take(years, jnp.maximum(index - 1, 0)), take(years, index)
        root = falling_root(self.lead, left, right)
        found = jnp.where(behind.any(axis=0), root, jnp.inf)
        return jnp.where((start < 0) | (found <= 0), -jnp.inf, found)


def _by_lead(
    lead: Values, led: Callable[[], Values], trailed: Callable[[], Values]
) -> Values:
    """One wait where the frontier leads, another where it trails, else none.

    Whichever no draw needs is not computed.
    """

    def none() -> Values:
        return jnp.zeros_like(lead)

    first = jax.lax.cond(jnp.any(lead > 0), led, none)
    second = jax.lax.cond(jnp.any(lead < 0), trailed, none)
    return jnp.where(lead > 0, first, jnp.where(lead < 0, second, 0.0))


def first_reach(function: Callable[[Values], Values], now: Values, level: Values):
    """Years from ``now`` until a rising function reaches a level; +∞ if not at all."""

    def wider(_: jax.Array, width: Values) -> Values:
        short = (function(now + width) < level) & (width < FARTHEST)
        return jnp.where(short, 2 * width, width)

    width = jnp.full_like(now, FIRST_YEARS)
    width = jax.lax.fori_loop(0, DOUBLINGS, wider, width)
    near = jnp.where(width > FIRST_YEARS, width / 2, 0.0)
    root = falling_root(lambda d: level - function(now + d), near, width)
    return jnp.where(function(now + width) >= level, root, jnp.inf)


def constant_wait(distance: Values, growth: Values) -> Values:
    """Years to cover ``distance``: infinite where it is never covered."""
    covered = (growth > 0) | ((growth < 0) & (distance < 0))
    years = distance / jnp.where(covered, growth, 1.0)
    standing = jnp.where(distance == 0, jnp.zeros_like(years), jnp.inf)
    return jnp.where(covered, years, standing)
