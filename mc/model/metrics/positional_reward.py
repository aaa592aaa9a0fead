"""Reward to whoever is ahead: what counts is the rank, not how good anyone is."""

import dataclasses
from collections.abc import Mapping

import jax.numpy as jnp

from mc.model.axes import Flags, Parameters, Path, PathLimits, Trajectories, Values
from mc.model.curves.curve import Curve
from mc.model.pytree import pytree

ENTRIES = {
    "positional_reward": {
        "record": "WinnerTakesAll",
        "summary": "a prize that goes whole to whoever is ahead",
        "capability": "rank",
        "not_normal": "the reward depends on who is ahead, not on one actor's compute",
        "limit": "the whole prize while any lead remains",
        "unit": "share of the prize",
        "undefined": "Elo per OOM must be positive",
        "direction": "higher is better",
        "bounds": [0.0, 1.0],
        "tolerance": 0.05,
        "arguments": {
            "form": {
                "default": "winner_takes_all",
                "choices": {
                    "winner_takes_all": {},
                    "expected": {
                        "record": "ExpectedReward",
                        "summary": "a prize won with the frontier's win rate",
                        "limit": "tanh(θ·lim lead/2): the whole prize if the lead "
                        "grows for ever",
                        "needs": [[["elo_per_oom"]]],
                    },
                },
            }
        },
        "needs": [],
        "caveats": [
            [
                "positional",
                "A positional reward follows the lead alone: any lead, however small "
                "in capability, takes the prize.",
            ],
        ],
    }
}


@pytree
@dataclasses.dataclass(frozen=True, kw_only=True)
class WinnerTakesAll(Curve):
    """The prize, 1, for any lead above zero (science 2.2).

    Attributes:
        prize: 1.
    """

    prize: Values

    @classmethod
    def prepare(
        cls, parameters: Parameters, path: Path, arguments: Mapping[str, Values]
    ) -> "WinnerTakesAll":
        """Per-draw constants: nothing but the prize."""
        del arguments, path
        return cls(prize=jnp.ones_like(parameters["hardware_growth"]))

    def gap(self, x: Values, lead: Values) -> Values:
        """The prize, with the sign of the lead."""
        return jnp.sign(lead) * self.prize + jnp.zeros_like(x)

    def log_gap(self, x: Values, lead: Values) -> Values:
        """0 while the frontier leads."""
        ahead = jnp.zeros_like(x + lead)
        return jnp.where(lead > 0, ahead, -jnp.inf)

    def rise(self, budget: Trajectories, years: Values) -> Values:
        """The growth of the lead: the prize stays where it is until that is lost."""
        return budget.lead_growth(years)

    def limit_gap(self, limits: PathLimits) -> Values:
        """The prize while any lead remains."""
        return jnp.sign(limits.lead) * self.prize

    def series(self, x: Values, lead: Values) -> dict[str, Values]:
        """The gap, and what each gets; half each at no lead."""
        gap = self.gap(x, lead)
        return {"gap": gap, "frontier": (1 + gap) / 2, "meek": (1 - gap) / 2}

    def invalid(self) -> Flags:
        """Never."""
        return ~(self.prize > 0)


@pytree
@dataclasses.dataclass(frozen=True, kw_only=True)
class ExpectedReward(Curve):
    """``σ(θ·lead) − σ(−θ·lead) = tanh(θ·lead/2)``: the prize by win rate.

    Attributes:
        exponent: ``θ``, power of compute in the strength.
    """

    exponent: Values

    @classmethod
    def prepare(
        cls, parameters: Parameters, path: Path, arguments: Mapping[str, Values]
    ) -> "ExpectedReward":
        """Per-draw constants."""
        del path, arguments
        return cls(exponent=parameters["elo_per_oom"] / 400)

    def gap(self, x: Values, lead: Values) -> Values:
        """Frontier's minus meek actor's expected share of the prize."""
        return jnp.tanh(self.exponent * lead / 2) + jnp.zeros_like(x)

    def log_gap(self, x: Values, lead: Values) -> Values:
        """``ln`` of the gap."""
        return jnp.log(jnp.maximum(self.gap(x, lead), 0.0))

    def rise(self, budget: Trajectories, years: Values) -> Values:
        """The growth of the lead: the gap rises with it."""
        return budget.lead_growth(years)

    def limit_gap(self, limits: PathLimits) -> Values:
        """``tanh(θ·lim lead/2)``."""
        return jnp.tanh(self.exponent * limits.lead / 2)

    def series(self, x: Values, lead: Values) -> dict[str, Values]:
        """The gap, and what each gets."""
        gap = self.gap(x, lead)
        return {"gap": gap, "frontier": (1 + gap) / 2, "meek": (1 - gap) / 2}

    def invalid(self) -> Flags:
        """Strength must grow with compute."""
        return ~(self.exponent > 0)
