"""Figures of a run: what to draw is read from ``Results``, then drawn at print size.

Every figure is made for one or two columns of a page. ``import mc`` does not reach
this room; what draws a run is imported when it is asked for.
"""

import importlib
import sys
from types import ModuleType
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from mc.figures.actors import actors
    from mc.figures.beliefs import priors_used
    from mc.figures.bought import bought
    from mc.figures.choice import choice
    from mc.figures.clocks import clocks
    from mc.figures.dates import dates
    from mc.figures.delays import delays
    from mc.figures.fan import fan, gaps
    from mc.figures.harm import harm
    from mc.figures.ladder import ladder
    from mc.figures.lag import lag
    from mc.figures.pairs import pairs
    from mc.figures.peaks import peaks
    from mc.figures.saving import draw_all, save
    from mc.figures.scenarios import scenarios
    from mc.figures.sides import sides

_HOMES = {
    "actors": "actors",
    "bought": "bought",
    "choice": "choice",
    "clocks": "clocks",
    "dates": "dates",
    "delays": "delays",
    "draw_all": "saving",
    "fan": "fan",
    "gaps": "fan",
    "harm": "harm",
    "ladder": "ladder",
    "lag": "lag",
    "pairs": "pairs",
    "peaks": "peaks",
    "priors_used": "beliefs",
    "save": "saving",
    "scenarios": "scenarios",
    "sides": "sides",
}
__all__ = [
    "actors",
    "bought",
    "choice",
    "clocks",
    "dates",
    "delays",
    "draw_all",
    "fan",
    "gaps",
    "harm",
    "ladder",
    "lag",
    "pairs",
    "peaks",
    "priors_used",
    "save",
    "scenarios",
    "sides",
]


def __getattr__(name: str) -> Any:
    """Import a figure from its file when it is first asked for."""
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(importlib.import_module(f"mc.figures.{_HOMES[name]}"), name)


class _Room(ModuleType):
    """A package whose figures have the names of their files.

    Importing the file ``fan`` would else put the module in the place of the figure.
    """

    def __setattr__(self, name: str, value: object) -> None:
        if name not in _HOMES or not isinstance(value, ModuleType):
            super().__setattr__(name, value)


sys.modules[__name__].__class__ = _Room
