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
from priors.laws import Normal
from priors.units import own_unit

Parameters = dict[str, jax.Array]


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
        draws = self.card.draw(first_point, num_points)
        values = dict(draws.values)
        for prefix, transport in self.others:
            found = transport.draw(first_point, num_points).values
            values |= {prefix + name: column for name, column in found.items()}
        like = next(iter(values.values()))
        values |= {k: jnp.full_like(like, v) for k, v in self.constants.items()}
        return values, draws.labels

    def central(self) -> dict[str, float]:
        """One central value of each name, on the canonical scale."""
        values = dict(self.card.central())
        for prefix, transport in self.others:
            found = transport.central()
            values |= {prefix + name: value for name, value in found.items()}
        return values | self.constants


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
