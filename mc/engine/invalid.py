"""Draws that a run stops at: named with their inputs, never dropped."""

from collections.abc import Mapping


class InvalidDraw(Exception):
    """A draw whose inputs make no sense for a metric: named, never dropped.

    Attributes:
        index: Global index of the draw.
        metric: Label of the metric.
        inputs: Its parameters on their canonical scales.
        reason: Why, where it is not what the metric's entry says.
    """

    reason = ""

    def __init__(self, index: int, metric: str, inputs: Mapping[str, float]) -> None:
        listed = ", ".join(f"{name}={value:.6g}" for name, value in inputs.items())
        super().__init__(f"metric {metric} is undefined at draw {index} ({listed})")
        self.index, self.metric, self.inputs = index, metric, dict(inputs)

    def __reduce__(self) -> tuple[type, tuple[int, str, dict[str, float]]]:
        """Its parts: a worker of a cluster sends it to the process that asked."""
        return type(self), (self.index, self.metric, self.inputs)


class CoarseIntegral(InvalidDraw):
    """A draw whose formula bends too much for the nodes that integrate its slope."""

    reason = "the formula bends too sharply: 32 and 64 nodes of its integral differ"
