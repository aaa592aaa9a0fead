"""Strength in games: Elo, Bradley–Terry strength, and win rates between players."""

import dataclasses
import math
from collections.abc import Mapping

import jax
import jax.numpy as jnp

from mc.model.axes import Flags, Parameters, Path, PathLimits, Trajectories, Values
from mc.model.curves.curve import Curve
from mc.model.curves.linear import Linear
from mc.model.curves.logistic import Logistic
from mc.model.curves.power import Power
from mc.model.pytree import pytree

ELO_OF_TENFOLD = 400
"""Elo of a tenfold Bradley–Terry strength: k Elo per OOM make strength C^(k/400)."""
ELO_PER_E_FOLD = ELO_OF_TENFOLD / math.log(10)

ENTRIES = {
    "elo": {
        "record": "Elo",
        "summary": "Elo points above the meek actor's at the start, linear in log C",
        "capability": "games",
        "formula": "k*x/log(10)",
        "unit": "Elo",
        "undefined": "Elo per OOM must be positive",
        "direction": "higher is better",
        "tolerance": 35.0,
        "needs": [[["elo_per_oom"]]],
        "caveats": [
            [
                "elo-linear",
                "Assumed: Elo is linear in log training compute, with no ceiling of "
                "the game; board games level off at perfect play.",
            ],
        ],
    },
    "bradley_terry_strength": {
        "record": "Strength",
        "summary": "Bradley–Terry strength; gap = frontier over meek, as a ratio",
        "capability": "games",
        "formula": "exp(k*x/400)",
        "unit": "ratio",
        "value_unit": "strength at the start",
        "undefined": "Elo per OOM must be positive",
        "direction": "higher is better",
        "bounds": [0.0, None],
        "scale": "log",
        "tolerance": 1.25,
        "arguments": {
            "gap": {
                "default": "ratio",
                "choices": {
                    "ratio": {},
                    "difference": {
                        "record": "StrengthDifference",
                        "unit": "strength at the start",
                        "scale": "linear",
                        "tolerance": 0.25,
                    },
                },
            }
        },
        "needs": [[["elo_per_oom"]]],
        "caveats": [
            [
                "elo-linear",
                "Assumed: Elo is linear in log training compute, with no ceiling of "
                "the game; board games level off at perfect play.",
            ],
        ],
    },
    "win_rate_fixed_opponent": {
        "record": "WinRate",
        "summary": "share of games won against an opponent who does not change",
        "capability": "games",
        "formula": "1/(1 + exp(-t*(x - m)))",
        "unit": "probability",
        "undefined": "Elo per OOM must be positive",
        "direction": "higher is better",
        "bounds": [0.0, 1.0],
        "tolerance": 0.05,
        "arguments": {"opponent": {"default": 0, "low": -10000, "high": 100000}},
        "needs": [[["elo_per_oom"]]],
        "caveats": [
            [
                "opponent",
                "The opponent's Elo is counted from the meek actor's at the start.",
            ],
        ],
    },
    "head_to_head_win_rate": {
        "record": "HeadToHead",
        "summary": "the frontier's share of games against the meek actor, above evens",
        "capability": "games",
        "not_normal": "it is a function of two players: no metric of one actor's "
        "compute",
        "limit": "½·tanh(θ·lim lead/2): ½ if the lead grows for ever",
        "unit": "probability",
        "undefined": "Elo per OOM must be positive",
        "direction": "higher is better",
        "bounds": [0.0, 1.0],
        "tolerance": 0.05,
        "needs": [[["elo_per_oom"]]],
        "caveats": [
            [
                "two-players",
                "A win rate between the two depends on their lead alone: it tells who "
                "wins, not how well anyone plays.",
            ],
        ],
    },
}


@pytree
@dataclasses.dataclass(frozen=True, kw_only=True)
class Elo(Linear):
    """``k·x/ln 10``, k Elo per OOM of compute (Jones 2021, arXiv 2104.03113)."""

    @classmethod
    def prepare(
        cls, parameters: Parameters, path: Path, arguments: Mapping[str, Values]
    ) -> "Elo":
        """Per-draw constants."""
        del path, arguments
        slope = parameters["elo_per_oom"] / math.log(10)
        return cls(start=jnp.zeros_like(slope), slope=slope)


@pytree
@dataclasses.dataclass(frozen=True, kw_only=True)
class Strength(Linear):
    """``ln`` of the strength 10^(Elo/400) = C^θ with ``θ = k/400``."""

    @classmethod
    def prepare(
        cls, parameters: Parameters, path: Path, arguments: Mapping[str, Values]
    ) -> "Strength":
        """Per-draw constants."""
        del path, arguments
        exponent = parameters["elo_per_oom"] / ELO_OF_TENFOLD
        return cls(start=jnp.zeros_like(exponent), slope=exponent)


@pytree
@dataclasses.dataclass(frozen=True, kw_only=True)
class StrengthDifference(Power):
    """The strength itself: its gap grows even at a constant lead."""

    @classmethod
    def prepare(
        cls, parameters: Parameters, path: Path, arguments: Mapping[str, Values]
    ) -> "StrengthDifference":
        """Per-draw constants."""
        del path, arguments
        exponent = parameters["elo_per_oom"] / ELO_OF_TENFOLD
        return cls(log_start=jnp.zeros_like(exponent), rate=exponent)


@pytree
@dataclasses.dataclass(frozen=True, kw_only=True)
class WinRate(Logistic):
    """``σ(θ(x − x_opponent))``: Bradley–Terry against fixed strength."""

    @classmethod
    def prepare(
        cls, parameters: Parameters, path: Path, arguments: Mapping[str, Values]
    ) -> "WinRate":
        """Per-draw constants."""
        del path
        exponent = parameters["elo_per_oom"] / ELO_OF_TENFOLD
        one = jnp.ones_like(exponent)
        return cls(
            start=-arguments["opponent"] / ELO_PER_E_FOLD * one,
            slope=exponent,
            floor=0 * one,
            ceiling=one,
        )


@pytree
@dataclasses.dataclass(frozen=True, kw_only=True)
class HeadToHead(Curve):
    """``σ(θ·lead) − ½ = ½·tanh(θ·lead/2)``: a function of both players.

    Attributes:
        exponent: ``θ``, power of compute in the strength.
    """

    exponent: Values

    @classmethod
    def prepare(
        cls, parameters: Parameters, path: Path, arguments: Mapping[str, Values]
    ) -> "HeadToHead":
        """Per-draw constants."""
        del path, arguments
        return cls(exponent=parameters["elo_per_oom"] / ELO_OF_TENFOLD)

    def gap(self, x: Values, lead: Values) -> Values:
        """Share of games above evens."""
        return jnp.tanh(self.exponent * lead / 2) / 2 + jnp.zeros_like(x)

    def log_gap(self, x: Values, lead: Values) -> Values:
        """``ln`` of that share."""
        gap = self.gap(x, lead)
        return jnp.log(jnp.maximum(gap, 0.0))

    def rise(self, budget: Trajectories, years: Values) -> Values:
        """The growth of the lead: the gap rises with it."""
        return budget.lead_growth(years)

    def limit_gap(self, limits: PathLimits) -> Values:
        """``½·tanh(θ·lim lead/2)``."""
        return jnp.tanh(self.exponent * limits.lead / 2) / 2

    def series(self, x: Values, lead: Values) -> dict[str, Values]:
        """The share above evens, and both players' shares of their games."""
        logit = self.exponent * lead + jnp.zeros_like(x)
        return {
            "gap": self.gap(x, lead),
            "frontier": jax.nn.sigmoid(logit),
            "meek": jax.nn.sigmoid(-logit),
        }

    def invalid(self) -> Flags:
        """Strength must grow with compute."""
        return ~(self.exponent > 0)
