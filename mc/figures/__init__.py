"""Figures of a run: what to draw is read from ``Results``, then drawn at print size.

Every figure is made for one or two columns of a page. ``import mc`` does not reach
this room; importing it costs matplotlib.
"""

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
