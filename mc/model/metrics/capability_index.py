"""Epoch AI's capability index (ECI), linear in log compute at a fixed date."""

import dataclasses
import math
from collections.abc import Mapping

import jax.numpy as jnp

from mc.model.axes import Parameters, Path, Values
from mc.model.curves.linear import Linear
from mc.model.pytree import pytree

ENTRIES = {
    "capability_index": {
        "record": "CapabilityIndex",
        "summary": "Epoch Capabilities Index, linear in log compute",
        "capability": "index",
        "formula": "E0 + S*x/log(10)",
        "unit": "points",
        "undefined": "points per OOM must be positive",
        "direction": "higher is better",
        "tolerance": 2.0,
        "needs": [[["eci_per_oom"]], [["eci_at_start"], []]],
        "caveats": [
            [
                "index-scale",
                "The index has no unit of its own: vintages shift it by a point or "
                "two, and beyond the models it was fitted to it is extrapolated.",
            ],
        ],
    }
}


@pytree
@dataclasses.dataclass(frozen=True, kw_only=True)
class CapabilityIndex(Linear):
    """``E0 + S_C·x/ln 10`` (fits to Epoch AI's index, science 5.4)."""

    @classmethod
    def prepare(
        cls, parameters: Parameters, path: Path, arguments: Mapping[str, Values]
    ) -> "CapabilityIndex":
        """Per-draw constants; points above the start where a card has no level."""
        del path, arguments
        slope = parameters["eci_per_oom"] / math.log(10)
        start = parameters.get("eci_at_start", jnp.zeros_like(slope))
        return cls(start=start, slope=slope)
