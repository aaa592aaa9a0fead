"""Misalignment: how often a model acts against intent."""

import dataclasses
from collections.abc import Mapping

from mc.model.axes import Parameters, Path, Values
from mc.model.propensity import Propensity
from mc.model.pytree import pytree

ENTRIES = {
    "misalignment_frequency": {
        "record": "MisalignmentFrequency",
        "summary": "how often a model acts against intent; gap = meek minus frontier",
        "capability": "alignment",
        "formula": "-(p1 + p0/(1 + exp(e*(x - m))))",
        "halving": "misalignment_exponent",
        "unit": "probability",
        "undefined": "the exponent must be positive, the floor below the ceiling",
        "direction": "lower is better",
        "bounds": [0.0, 1.0],
        "tolerance": 0.05,
        "needs": [
            [["misalignment_exponent"]],
            [["misalignment_midpoint"]],
            [["misalignment_ceiling"]],
            [["misalignment_floor"]],
            [["initial_compute"], ["meek_budget", "compute_per_dollar"]],
        ],
        "caveats": [
            [
                "misalignment-assumed",
                "No data says how misalignment depends on compute: exponent, midpoint "
                "and growth of harm are placeholders.",
            ],
        ],
    },
}


@pytree
@dataclasses.dataclass(frozen=True, kw_only=True)
class MisalignmentFrequency(Propensity):
    """The propensity itself; the gap is meek minus frontier."""

    @classmethod
    def prepare(
        cls, parameters: Parameters, path: Path, arguments: Mapping[str, Values]
    ) -> Propensity:
        """Per-draw constants."""
        del path, arguments
        return cls.of(parameters)
