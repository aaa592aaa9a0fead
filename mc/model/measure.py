"""A metric of the user's own as a Python function, and what all of their kind share."""

import dataclasses
import hashlib
import inspect
from collections.abc import Callable, Mapping
from typing import Any

from mc.model.entries import Entry, read_fields
from mc.model.registry import MetricChoice

COMPUTE = (("initial_compute",), ("meek_budget", "compute_per_dollar"))
"""The ways of knowing the actors' compute in FLOP, which ``x = ln C`` needs."""


class NotNormal(ValueError):
    """A metric of the user's own that is no normal metric; says where it fails."""


@dataclasses.dataclass(frozen=True, kw_only=True)
class Beliefs:
    """What a card says of the parameters of a formula, in their own units.

    Attributes:
        central: One value each.
        points: Values of those that are the same in every draw.
        positive: Those that are positive in every draw.
        logs: Those whose canonical scale is a logarithm.
    """

    central: Mapping[str, float]
    points: Mapping[str, float]
    positive: frozenset[str]
    logs: frozenset[str]


class Own:
    """What all three kinds of metrics of the user's own share.

    Each also has ``needs``, the names of the parameters that it reads itself.

    Attributes:
        logs: Needed parameters whose canonical scale is a logarithm.
    """

    logs: frozenset[str]

    def bound(self, beliefs: Beliefs) -> "Own":
        """The metric under a card's beliefs."""
        raise NotImplementedError

    def description(self) -> dict[str, Any]:
        """What decides its numbers."""
        raise NotImplementedError


@dataclasses.dataclass(frozen=True, kw_only=True)
class Measure(Own):
    """A metric written as a Python function, for an experiment's ``metrics``.

    Attributes:
        label: Name in every table and figure.
        value: ``value(x, θ)`` with x = ln C and θ the parameters by name, in their own
            unit; written with ``jax.numpy``, element by element. More is better.
        needs: Names of the parameters, registered or the card's own.
        unit: Unit of the value.
        tolerance: Gap called "no longer apart".
        bounded: Whether the value has an upper bound, so that its gap must close
            (Theorem 2.4); if not said, what becomes of the gap is ``undetermined``.
    """

    label: str
    value: Callable[[Any, Mapping[str, Any]], Any]
    needs: tuple[str, ...] = ()
    unit: str = ""
    tolerance: float = 0.05
    bounded: bool = False
    logs: frozenset[str] = frozenset()

    def description(self) -> dict[str, Any]:
        """What decides its numbers: its own source, as far as it can be read."""
        try:
            source = inspect.getsource(self.value)
        except (OSError, TypeError):
            source = repr(self.value.__code__.co_code)
        digest = hashlib.sha256(source.encode()).hexdigest()
        return {"function": digest, "bounded": self.bounded, "needs": list(self.needs)}

    def bound(self, beliefs: Beliefs) -> "Measure":
        """The metric under a card's beliefs; its class is as it says itself."""
        return dataclasses.replace(self, logs=beliefs.logs)

    def choice(self) -> MetricChoice:
        """The metric as a run takes it."""
        needs = (COMPUTE, *(((name,),) for name in self.needs))
        entry = own_entry(
            record="FunctionMetric",
            module="mc.model.function_metric",
            summary="a function of the user's own",
            needs=needs,
            unit=self.unit,
            tolerance=self.tolerance,
        )
        return MetricChoice(label=self.label, entry=entry, own=self)


def own_entry(**fields: Any) -> Entry:
    """A registry entry for a metric of the user's own."""
    undefined = "the formula must rise with compute and be a number"
    defaults = {"name": "own", "unit": "", "direction": "higher is better"}
    return Entry(**read_fields({"undefined": undefined, **defaults, **fields}))
