"""What data taught: the draws of beliefs before and after, one panel a parameter."""

import datetime
from dataclasses import dataclass

import numpy as np
from jaxtyping import Float
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch

from mc.engine.results import PRIOR, Results
from mc.figures.captions import provenance
from mc.figures.page import blank, compose
from mc.figures.style import (
    INK,
    LIGHT_BLUE,
    MIDDLE_BLUE,
    SMALL_SIZE,
    VERMILION,
    number_words,
    print_style,
)
from priors.units import date_at

LEVELS = (0.05, 0.5, 0.95)
_DATE = "years from the epoch"
MOST = 12
NUM_BINS = 40
_HEIGHT = 1.15
"""Inches of a row of panels."""
_ACROSS = 3
_WIDE = 8.0
"""Ratio of the ends from which a positive parameter is shown in logarithms."""
_MOVED = 0.05
"""Prior standard deviations below which a belief is not drawn."""


@dataclass(frozen=True, kw_only=True)
class LearntData:
    """One parameter before and after.

    Attributes:
        name: The parameter.
        unit: Of the numbers: the card's; for a date, years from the epoch.
        before: Draws of the prior.
        after: Draws of the posterior.
        shift: Of the mean, in prior standard deviations on the drawn scale.
        log: Whether the scale is logarithmic.
    """

    name: str
    unit: str
    before: Float[np.ndarray, " draws"]
    after: Float[np.ndarray, " others"]
    shift: float
    log: bool


def learnt_data(results: Results) -> list[LearntData]:
    """Every parameter whose mean or spread moved, those that moved farthest first."""
    prior = results.tree[PRIOR].to_dataset()
    found = []
    for name in sorted(set(map(str, prior.data_vars)) & set(results.parameters)):
        if name.startswith("components."):
            continue
        before, after = (
            one[name].to_numpy().ravel().astype(np.float64)
            for one in (prior, results.parameters)
        )
        low, high = np.quantile(before, [0.001, 0.999])
        if low == high:
            continue
        log = bool(low > 0 and high / low > _WIDE)
        scaled = [np.log(one) if log else one for one in (before, after)]
        sd = scaled[0].std()
        shift = float((scaled[1].mean() - scaled[0].mean()) / sd)
        if max(abs(shift), abs(1.0 - scaled[1].std() / sd)) < _MOVED:
            continue
        found.append(
            LearntData(
                name=name,
                unit=str(prior[name].attrs["unit"]),
                before=before,
                after=after,
                shift=shift,
                log=log,
            )
        )
    return sorted(found, key=lambda one: -abs(one.shift))


@print_style()
def learnt(results: Results) -> Figure:
    """Draw the beliefs that data moved, before and after.

    Args:
        results: A run of a posterior, with its prior beside it.
    """
    records = learnt_data(results)
    shown = records[:MOST]
    across = min(_ACROSS, max(len(shown), 1))
    rows = max(-(-len(shown) // across), 1)
    figure = blank(2, _HEIGHT * rows)
    grid = figure.subplots(rows, across, squeeze=False).ravel()
    for axes, record in zip(grid, shown, strict=False):
        _draw(axes, record, results)
    for axes in grid[len(shown) :]:
        axes.set_axis_off()
    compose(
        figure,
        title="What the data taught",
        key={
            "before": Patch(facecolor=LIGHT_BLUE, edgecolor=MIDDLE_BLUE, lw=0.7),
            "after": Line2D([], [], color=VERMILION, lw=1.2),
            "5, 50 and 95 % of draws": Line2D([], [], color=INK, lw=0.8, marker="|"),
        },
        footer=[provenance(results), _notes(results, records)],
    )
    return figure


def _draw(axes: Axes, record: LearntData, results: Results) -> None:
    """Densities on one scale; quantiles below as whiskers and in words."""
    low, high = _ends(record)
    edges = np.geomspace(low, high, NUM_BINS + 1) if record.log else None
    edges = np.linspace(low, high, NUM_BINS + 1) if edges is None else edges
    widths = np.diff(np.log(edges) if record.log else edges)
    tops = []
    for draws, style in (
        (record.before, {"fill": True, "fc": LIGHT_BLUE, "ec": MIDDLE_BLUE, "lw": 0.7}),
        (record.after, {"color": VERMILION, "lw": 1.2}),
    ):
        density = np.histogram(draws, bins=edges)[0] / draws.size / widths
        axes.stairs(density, edges, **style)
        tops.append(density.max())
    top = float(max(tops))
    words = []
    for place, (draws, colour) in enumerate(
        ((record.before, MIDDLE_BLUE), (record.after, VERMILION))
    ):
        ends = np.quantile(draws, LEVELS, method="inverted_cdf")
        height = -top * (0.1 + 0.12 * place)
        axes.plot(ends[[0, 2]], [height] * 2, color=colour, lw=1.0)
        axes.plot(ends[[1]], [height], color=colour, marker="|", ms=5, mew=1.2)
        words.append(_spread(ends, record.unit, results))
    if record.log:
        axes.set_xscale("log")
    axes.set_xlim(low, high)
    axes.set_ylim(-0.34 * top, 1.06 * top)
    axes.minorticks_off()
    axes.set_xticks([])
    axes.set_yticks([])
    axes.spines["left"].set_visible(False)
    axes.set_title(record.name, fontsize=6.0, pad=2.5)
    axes.set_xlabel(
        f"before {words[0]}\nafter {words[1]}",
        fontsize=SMALL_SIZE,
        linespacing=1.3,
        labelpad=2,
    )


def _ends(record: LearntData) -> tuple[float, float]:
    """Where nearly all of both lies."""
    ends = [np.quantile(one, [0.002, 0.998]) for one in (record.before, record.after)]
    low, high = min(e[0] for e in ends), max(e[1] for e in ends)
    return float(low), float(high)


def _spread(ends: Float[np.ndarray, " levels"], unit: str, results: Results) -> str:
    if unit == _DATE:
        epoch = datetime.date.fromisoformat(results.tree.attrs["epoch"])
        low, middle, high = (f"{date_at(epoch, end):%Y-%m}" for end in ends.tolist())
        return f"{middle} [{low} – {high}]"
    low, middle, high = (number_words(end) for end in ends.tolist())
    return f"{middle} [{low} – {high}] {unit}"


def _notes(results: Results, records: list[LearntData]) -> str:
    told = results.manifest.get("conditioned", {})
    parts = [f"Conditioned on {', '.join(told.get('evidence', []))}."]
    if len(records) > MOST:
        parts.append(f"{len(records) - MOST} more that moved are not drawn.")
    parts.append(
        f"Not drawn: what moved by less than {_MOVED:g} prior standard deviations. "
        "Numbers: 50 % [5 % – 95 %] of draws."
    )
    return " ".join(parts)
