"""Arguments and tolerances of metrics on the scales of the device."""

import math

from mc.model.registry import MetricChoice


def canonical_arguments(choice: MetricChoice) -> dict[str, float]:
    """Numbers as typed, logarithms where the argument asks for them, and fixed ones."""
    rules = choice.entry.arguments
    typed = {
        name: math.log(value) if rules[name].get("log") else value
        for name, value in choice.arguments.items()
    }
    return {**typed, **choice.entry.fixed}


def log_tolerance(choice: MetricChoice, tolerance: float) -> float:
    """Logarithm of the tolerance on the device's scale."""
    scale = choice.entry.scale
    return math.log(math.log(tolerance) if scale == "log" else tolerance)
