"""What every draw of a run is: the card's parameters, and what scenarios set."""

import dataclasses
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np

from mc.draws.designs import Design
from mc.draws.transport import Transport
from mc.engine.plan import Plan
from priors.joint import Belief, JointPrior, Marginal
from priors.laws import Empirical, Normal
from priors.units import own_unit

Parameters = dict[str, jax.Array]


@dataclasses.dataclass(frozen=True, kw_only=True)
class Coordinates:
    """Where draws stand before any belief is read.

    Attributes:
        words: Word of every coordinate.
        scores: Independent normal score of every parameter that has one.
    """

    words: dict[str, jax.Array]
    scores: dict[str, jax.Array]


@dataclasses.dataclass(frozen=True, kw_only=True)
class Sampler:
    """Where a plan's draws come from.

    A parameter that a scenario sets has the coordinates of its name, so that it moves
    with the card's own; it is kept as ``SCENARIO/NAME``.

    Attributes:
        card: The card's parameters.
        others: Laws of innovations and of what scenarios set, with the prefix of each.
        constants: Factors and shifts of scenarios by key.
        dtype: Working precision.
    """

    card: Transport
    others: tuple[tuple[str, Transport], ...]
    constants: dict[str, float]
    dtype: np.dtype

    @classmethod
    def of(cls, plan: Plan, design: Design, dtype: np.dtype) -> "Sampler":
        """The sampler of a plan."""
        laws = [("", standard_normal(plan, plan.innovations))]
        laws += [(f"{w.name}/", joint) for w in plan.scenarios for joint in w.laws]
        return cls(
            card=Transport.compile(
                plan.card.joint.restricted(set(plan.needed)), design, dtype
            ),
            others=tuple(
                (prefix, Transport.compile(joint, design, dtype))
                for prefix, joint in laws
                if joint.names()
            ),
            constants={k: v for w in plan.scenarios for k, v in w.constants.items()},
            dtype=dtype,
        )

    def on(self, device: Any) -> "Sampler":
        """The same with its arrays, and so its draws, on one device."""
        return dataclasses.replace(
            self,
            card=self.card.on(device),
            others=tuple((prefix, t.on(device)) for prefix, t in self.others),
        )

    def draw(self, first_point: int, num_points: int) -> tuple[Parameters, Parameters]:
        """Parameters and component labels of a range of points, all replicates."""
        num_draws = num_points * self.card.design.replicates
        return self.at(self.coordinates(first_point, num_points), num_draws)

    def coordinates(self, first_point: int, num_points: int) -> Coordinates:
        """Coordinates of a range of points, all replicates."""
        words, scores = {}, {}
        for transport in self._transports:
            words |= transport.words(first_point, num_points)
            scores |= transport.scores(words)
        return Coordinates(words=words, scores=scores)

    def at(self, where: Coordinates, num_draws: int) -> tuple[Parameters, Parameters]:
        """Parameters and component labels of so many draws."""
        draws = self.card.at(where.words, where.scores, num_draws)
        values = dict(draws.values)
        for prefix, transport in self.others:
            found = transport.at(where.words, where.scores, num_draws).values
            values |= {prefix + name: column for name, column in found.items()}
        like = next(iter(values.values()))
        values |= {k: jnp.full_like(like, v) for k, v in self.constants.items()}
        return values, draws.labels

    def movable(self) -> tuple[str, ...]:
        """Names whose parameters follow their scores without a step, sorted."""
        stepped: set[str] = set()
        named: set[str] = set()
        for transport in self._transports:
            joint = transport.joint
            own = {b.name for b in joint.beliefs if _is_stepped(b)}
            bound = [set(c.names) for c in joint.clusters if own & set(c.names)]
            stepped |= own.union(*bound)
            named |= set(transport.maps) & set(transport.sequences)
        return tuple(sorted(named - stepped))

    @property
    def _transports(self) -> tuple[Transport, ...]:
        return (self.card, *(transport for _, transport in self.others))

    def central(self) -> dict[str, float]:
        """One central value of each name, on the canonical scale."""
        values = dict(self.card.joint.central())
        for prefix, transport in self.others:
            found = transport.joint.central()
            values |= {prefix + name: value for name, value in found.items()}
        return values | self.constants


def _is_stepped(belief: Belief) -> bool:
    """Whether a parameter jumps from one value of a column to the next."""
    return any(isinstance(part.law, Empirical) for part in belief.marginals)


def standard_normal(plan: Plan, names: tuple[str, ...]) -> JointPrior:
    """Independent standard normal laws: the yearly innovations of a drifting path."""
    unit = own_unit("1", "real")
    law = Normal(mean=0.0, sd=1.0)
    return JointPrior(
        reference_date=plan.epoch,
        beliefs=tuple(
            Belief(name=name, unit=unit, marginals=(Marginal(law=law),))
            for name in sorted(names)
        ),
        units=dict.fromkeys(names, unit),
    )
