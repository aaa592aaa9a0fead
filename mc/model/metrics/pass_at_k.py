"""Repeated sampling: the share of problems solved in at least one of k tries."""

import dataclasses
from collections.abc import Mapping

import jax.numpy as jnp

from mc.model.axes import Flags, Parameters, Path, Trajectories, Values
from mc.model.curves.curve import Curve
from mc.model.curves.gompertz import Gompertz
from mc.model.curves.nines import Nines
from mc.model.differences import log_expm1, log_one_minus_exp, one_minus_exp
from mc.model.inference import InferenceBudget
from mc.model.pytree import pytree

MOST = 80.0
"""``ln`` of a number of tries taken as unlimited; it must stay finite."""

ENTRIES = {
    "pass_at_k": {
        "record": "PassAtK",
        "summary": "share solved in at least one of k tries, k what a budget buys",
        "capability": "sampling",
        "formula": "exp(-B*exp(-b*x))",
        "unit": "probability",
        "undefined": "the exponent must be positive",
        "direction": "higher is better",
        "bounds": [0.0, 1.0],
        "tolerance": 0.05,
        "arguments": {
            "tasks": {
                "default": "spread",
                "choices": {
                    "spread": {},
                    "equal": {
                        "record": "PassAtKEqualTasks",
                        "summary": "share solved in at least one of k tries, all tasks "
                        "equally hard",
                        "formula": "1 - exp(-p*exp(x))",
                        "needs": [
                            [["solve_rate"]],
                            [["initial_samples"]],
                            [["inference_efficiency_growth"]],
                            [["inference_investment_growth"]],
                            [["initial_inference_ratio"]],
                        ],
                    },
                },
            }
        },
        "needs": [
            [["pass_at_k_scale"]],
            [["pass_at_k_exponent"]],
            [["initial_samples"]],
            [["inference_efficiency_growth"]],
            [["inference_investment_growth"]],
            [["initial_inference_ratio"]],
        ],
        "caveats": [
            [
                "inference-only",
                "Both actors run the same model and differ in inference spending "
                "alone; growth of that spending is assumed.",
            ],
            [
                "never-solved",
                "Fits of exp(−B·k^−β) are poor where many problems are never solved.",
            ],
        ],
    },
    "pass_at_k_nines": {
        "record": "NinesOfPassAtK",
        "summary": "minus log10 of the share still unsolved after k tries",
        "capability": "sampling",
        "formula": "-log10(1 - exp(-B*exp(-b*x)))",
        "unit": "nines",
        "undefined": "the exponent must be positive",
        "direction": "higher is better",
        "tolerance": 0.1,
        "needs": [
            [["pass_at_k_scale"]],
            [["pass_at_k_exponent"]],
            [["initial_samples"]],
            [["inference_efficiency_growth"]],
            [["inference_investment_growth"]],
            [["initial_inference_ratio"]],
        ],
        "caveats": [
            [
                "inference-only",
                "Both actors run the same model and differ in inference spending "
                "alone; growth of that spending is assumed.",
            ],
        ],
    },
}


@pytree
@dataclasses.dataclass(frozen=True, kw_only=True)
class PassAtK(Gompertz):
    """``exp(−B·k^(−β))`` (Brown et al., arXiv 2407.21787): Gompertz in ``ln k``.

    Attributes:
        inference: What both actors spend on tries.
    """

    inference: InferenceBudget

    @classmethod
    def prepare(
        cls, parameters: Parameters, path: Path, arguments: Mapping[str, Values]
    ) -> "PassAtK":
        """Per-draw constants."""
        del arguments
        exponent = parameters["pass_at_k_exponent"]
        tries = exponent * parameters["initial_samples"]
        return cls(
            start=parameters["pass_at_k_scale"] - tries,
            exponent=exponent,
            floor=jnp.zeros_like(exponent),
            ceiling=jnp.ones_like(exponent),
            inference=InferenceBudget.prepare(parameters, path),
        )

    def budget(self, path: Path) -> Trajectories:
        """Inference compute."""
        return self.inference.along(path)


@pytree
@dataclasses.dataclass(frozen=True, kw_only=True)
class NinesOfPassAtK(Nines):
    """``−log10(1 − pass@k)``: the march of nines in inference compute."""

    @classmethod
    def prepare(
        cls, parameters: Parameters, path: Path, arguments: Mapping[str, Values]
    ) -> "NinesOfPassAtK":
        """Per-draw constants."""
        return cls(share=PassAtK.prepare(parameters, path, arguments))

    def budget(self, path: Path) -> Trajectories:
        """Inference compute."""
        return self.share.budget(path)


@pytree
@dataclasses.dataclass(frozen=True, kw_only=True)
class PassAtKEqualTasks(Curve):
    """``1 − (1 − p)^k = 1 − e^(−w)`` with ``w = e^(start + x)``.

    Attributes:
        start: ``ln w`` at the initial number of tries.
        inference: What both actors spend on tries.
    """

    start: Values
    inference: InferenceBudget

    @classmethod
    def prepare(
        cls, parameters: Parameters, path: Path, arguments: Mapping[str, Values]
    ) -> "PassAtKEqualTasks":
        """Per-draw constants."""
        del arguments
        hazard = -jnp.log1p(-parameters["solve_rate"])
        return cls(
            start=jnp.log(hazard) + parameters["initial_samples"],
            inference=InferenceBudget.prepare(parameters, path),
        )

    def budget(self, path: Path) -> Trajectories:
        """Inference compute."""
        return self.inference.along(path)

    def value(self, x: Values) -> Values:
        """Share solved."""
        return one_minus_exp(self._tries(x))

    def advantage(self, x: Values, lead: Values) -> Values:
        """``e^(−w)·(1 − e^(−w(e^lead − 1)))``, w the meek actor's."""
        more = self._tries(x) * jnp.expm1(jnp.minimum(lead, MOST))
        return jnp.exp(-self._tries(x)) * one_minus_exp(more)

    def log_gap(self, x: Values, lead: Values) -> Values:
        """``ln`` of the gap, from the logarithm of w where that is small."""
        more = self._tries(x) * jnp.expm1(jnp.clip(lead, 0.0, MOST))
        log_more = self.start + x + log_expm1(lead)
        small = more < 1e-9
        first = log_more - more / 2
        share = jnp.where(small, first, log_one_minus_exp(jnp.where(small, 1.0, more)))
        return jnp.where(lead > 0, share - self._tries(x), -jnp.inf)

    def log_slope(self, x: Values) -> Values:
        """``ln w − w``."""
        return self.start + x - self._tries(x)

    def log_slope_change(self, x: Values, lead: Values) -> Values:
        """``lead − w(e^lead − 1)``."""
        return lead - self._tries(x) * jnp.expm1(jnp.minimum(lead, MOST))

    def invalid(self) -> Flags:
        """A try must succeed at times."""
        return ~jnp.isfinite(self.start)

    def _tries(self, x: Values) -> Values:
        return jnp.exp(jnp.minimum(self.start + x, MOST))
