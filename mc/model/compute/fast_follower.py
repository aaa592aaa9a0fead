"""A meek actor that repeats what the frontier did a constant time ago."""

import dataclasses

import jax.numpy as jnp

from mc.model.axes import Parameters, PathLimits, Values
from mc.model.ledger import Ledger
from mc.model.pytree import pytree
from mc.model.trajectories import for_ever
from mc.model.view import View, on_its_side

ENTRIES = {
    "fast_follower": {
        "record": "FastFollower",
        "summary": "the meek actor stands where the frontier stood a lag ago",
        "replaces": ["meek"],
        "assumes": "the meek actor follows",
        "wraps": True,
        "needs": [[["follower_lag"]]],
        "caveats": [
            [
                "follower",
                "A fast follower scales its budget or distils; it spends no fixed sum.",
            ],
        ],
    }
}


@pytree
@dataclasses.dataclass(frozen=True, kw_only=True)
class FastFollower(View):
    """``x(t) = y(t − Λ)``, lead ``y(t) − y(t − Λ)`` (science 3).

    The frontier is the anchor: what the meek actor has at the epoch follows from it.

    Attributes:
        lag: Λ, years.
    """

    lag: Values

    @staticmethod
    def apply(path: Ledger | View, parameters: Parameters) -> "FastFollower":
        """The follower of a path's frontier."""
        return FastFollower(path=path, lag=jnp.exp(parameters["follower_lag"]))

    def before(self, years: Values) -> Values:
        """``t − Λ``, on its side of what the frontier has been through."""
        breaks = [(b + self.lag, b) for b in self.path.breaks()]
        return on_its_side(years, years - self.lag, *breaks)

    def x(self, years: Values) -> Values:
        """The frontier's a lag ago."""
        return self.path.frontier(self.before(years))

    def lead(self, years: Values) -> Values:
        """What the frontier gained in the lag."""
        before = self.before(years)
        gained = self.path.frontier_gained(years, self.lag)
        apart = self.path.frontier(years) - self.path.frontier(before)
        return jnp.where(before == years - self.lag, gained, apart)

    def frontier(self, years: Values) -> Values:
        """That of the path."""
        return self.path.frontier(years)

    def frontier_gained(self, years: Values, width: Values) -> Values:
        """That of the path."""
        return self.path.frontier_gained(years, width)

    def meek_growth(self, years: Values) -> Values:
        """The frontier's a lag ago."""
        return self.path.frontier_growth(self.before(years))

    def lead_growth(self, years: Values) -> Values:
        """How much faster the frontier grows than a lag ago."""
        return self.path.frontier_growth(years) - self.meek_growth(years)

    def frontier_growth(self, years: Values) -> Values:
        """That of the path."""
        return self.path.frontier_growth(years)

    def breaks(self) -> tuple[Values, ...]:
        """Those of the frontier, and the same a lag later."""
        breaks = self.path.breaks()
        return (*breaks, *(b + self.lag for b in breaks))

    def limits(self) -> PathLimits:
        """The same for both; in the lag the frontier gains what it does in the end."""
        growth, offset = self.path.late_frontier()
        more = growth * self.lag
        return PathLimits(
            meek=for_ever(growth, offset - more),
            frontier=for_ever(growth, offset),
            lead=more,
            ratio=jnp.ones_like(growth),
            meek_growth=growth,
            lead_growth=jnp.zeros_like(growth),
            meek_offset=offset - more,
            frontier_offset=offset,
        )

    def late_frontier(self) -> tuple[Values, Values]:
        """That of the path."""
        return self.path.late_frontier()

    def lag_years(self, years: Values) -> Values:
        """Λ where the frontier is ahead; plus infinity until Λ after the epoch."""
        behind = jnp.where(years < self.lag, jnp.inf, self.lag)
        return jnp.where(self.lead(years) > 0, behind, super().lag_years(years))

    def catch_up_years(self, years: Values) -> Values:
        """Λ where the frontier is ahead."""
        ahead = self.lead(years) > 0
        return jnp.where(ahead, self.lag, super().catch_up_years(years))
