"""What follows from beliefs: trajectories, gaps, events, and what streams them.

Names are imported when first used, so that ``import mc`` costs no JAX.
"""

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from mc import figures
    from mc.engine.plan import Experiment
    from mc.engine.results import Results, load
    from mc.engine.run import run
    from mc.engine.scenario import Scenario
    from mc.model.measure import Measure

_HOMES = {
    "Experiment": "mc.engine.plan",
    "Measure": "mc.model.measure",
    "Results": "mc.engine.results",
    "Scenario": "mc.engine.scenario",
    "load": "mc.engine.results",
    "run": "mc.engine.run",
}

__all__ = ["Experiment", "Measure", "Results", "Scenario", "figures", "load", "run"]


def __getattr__(name: str) -> object:
    """Import ``mc.<name>`` from its home at first use (PEP 562)."""
    if name == "figures":
        return import_module("mc.figures")
    if name in _HOMES:
        return getattr(import_module(_HOMES[name]), name)
    raise AttributeError(f"module 'mc' has no attribute {name!r}")
