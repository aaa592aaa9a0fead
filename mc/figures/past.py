"""How likely each metric's peak is past, against the lead at the reference date.

Above the panels stands what ratios of training compute observed pairs have.
"""

import datetime
import math
from collections.abc import Sequence
from dataclasses import dataclass

from matplotlib import ticker
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch

from mc.engine.results import Results
from mc.figures.bands import today_of
from mc.figures.captions import footer
from mc.figures.labels import capital, metric_labels, metric_names
from mc.figures.observed import Pair, pairs_observed
from mc.figures.page import Key, blank, compose
from mc.figures.style import (
    DARK_BLUE,
    FAINT,
    INK,
    LIGHT_BLUE,
    LIGHT_ORANGE,
    QUIET,
    SMALL_SIZE,
    VERMILION,
    number_words,
    print_style,
)
from mc.figures.worlds import worlds

ANSWER = "how likely each metric's peak is past, against the initial lead"
ROW, PANEL = 0.15, 1.25
"""Inches of a pair's bar, and of a metric's panel."""
_GROUNDS = (LIGHT_ORANGE, LIGHT_BLUE)
_START = {"color": DARK_BLUE, "ls": "-", "marker": "o"}
_TODAY = {"color": VERMILION, "ls": (0, (1.2, 1.3)), "marker": "D"}


@dataclass(frozen=True, kw_only=True)
class Share:
    """A probability with its 95 % limits, per cent.

    Attributes:
        value: The share of draws.
        lower: Lower limit of its Monte Carlo error.
        upper: Upper limit.
    """

    value: float
    lower: float
    upper: float


@dataclass(frozen=True, kw_only=True)
class Past:
    """How likely one metric's peak is past, by initial lead.

    Attributes:
        title: Name of the metric for a reader.
        ratios: Frontier over meek effective compute at the reference date, ascending.
        at_start: The gap falls from the reference date on.
        by_today: The peak lies before the run's today; empty where that is no date of
            the run.
        never: Shares of draws whose gap has no peak.
    """

    title: str
    ratios: tuple[float, ...]
    at_start: tuple[Share, ...]
    by_today: tuple[Share, ...]
    never: tuple[float, ...]

    @property
    def words(self) -> str:
        """What a larger lead does to the peak."""
        shares = [row for row in (self.at_start, self.by_today) if row]
        moves = [row[-1].value - row[0].value for row in shares]
        if not shares or min(self.never) == 100.0 or max(map(abs, moves)) < 1.0:
            return ""
        if min(moves) < -1.0 < max(moves) - 2.0:
            return ""
        behind = "the further behind, the"
        return f"{behind} surer it is past" if max(moves) > 1 else f"{behind} later"


def past_data(results: Results) -> tuple[Past, ...]:
    """Every metric of a run over its worlds, by their initial lead.

    Raises:
        KeyError: If the run does not say the initial lead of any world.
    """
    leads = {w.lead: w.name for w in worlds(results) if w.lead is not None}
    if not leads:
        raise KeyError("the run does not say how far apart its actors start")
    order = sorted(leads)
    names = [leads[ratio] for ratio in order]
    return tuple(
        _past(results, metric, order, names) for metric in metric_names(results)
    )


@print_style()
def past(results: Results) -> Figure:
    """Draw the probability that a peak is past, a panel a metric."""
    data, observed = past_data(results), pairs_observed()
    ends = _ends(data[0].ratios, observed)
    strip = ROW * (len(observed) + 0.6)
    figure = blank(2, strip + PANEL * len(data) + 0.25)
    grid = figure.subplots(
        1 + len(data), 1, sharex=True, height_ratios=[strip] + [PANEL] * len(data)
    )
    _draw_pairs(grid[0], observed, ends)
    for axes, row in zip(grid[1:], data, strict=True):
        _draw(axes, row, observed)
    _ratio_axis(grid[-1], ends)
    start = datetime.date.fromisoformat(results.tree.attrs["epoch"])
    compose(
        figure,
        title=results.manifest["experiment"]["question"],
        key=_key(data, start, today_of(results)),
        footer=footer(results, metric_names(results), _marks(start)),
    )
    return figure


def _past(
    results: Results, metric: str, order: Sequence[float], names: Sequence[str]
) -> Past:
    today = f"p_by_{today_of(results)}"
    rows = results.summary(metric=metric, quantity="peak_date")
    is_dated = today in set(rows["statistic"])

    def shares(statistic: str) -> tuple[Share, ...]:
        return tuple(_share(results, metric, statistic, name) for name in names)

    return Past(
        title=capital(metric_labels(results, metric).title),
        ratios=tuple(order),
        at_start=shares("p_already"),
        by_today=shares(today) if is_dated else (),
        never=tuple(share.value for share in shares("p_never")),
    )


def _share(results: Results, metric: str, statistic: str, name: str) -> Share:
    """A class by theorem, as ``never`` is, has no Monte Carlo error."""
    row = results.statistic(metric, "peak_date", statistic, name)
    value, lower, upper = (
        100.0 * float(number) if isinstance(number, float) else math.nan
        for number in (row["number"], row["mc_lower"], row["mc_upper"])
    )
    return Share(
        value=value,
        lower=value if math.isnan(lower) else lower,
        upper=value if math.isnan(upper) else upper,
    )


def _ends(ratios: Sequence[float], observed: Sequence[Pair]) -> tuple[float, float]:
    low = min(*ratios, *(pair.low for pair in observed))
    high = max(*ratios, *(pair.high for pair in observed))
    return low / 1.25, high * 1.25


def _draw_pairs(
    axes: Axes, observed: Sequence[Pair], ends: tuple[float, float]
) -> None:
    """A bar a pair, with its name on the left."""
    axes.set_axis_off()
    axes.set_ylim(len(observed) - 0.4, -0.8)
    for place, pair in enumerate(observed):
        axes.fill_betweenx(
            [place - 0.32, place + 0.32],
            pair.low,
            pair.high,
            color=_GROUNDS[place % 2],
            ec=QUIET,
            lw=0.5,
        )
        words = f"{pair.name}, ×{number_words(pair.low)} to {number_words(pair.high)}"
        fits = math.log(pair.low / ends[0]) > 0.3 * math.log(ends[1] / ends[0])
        axes.annotate(
            words,
            (pair.low if fits else pair.high, place),
            xytext=(-4 if fits else 4, 0),
            textcoords="offset points",
            ha="right" if fits else "left",
            va="center",
            size=SMALL_SIZE,
        )


def _draw(axes: Axes, row: Past, observed: Sequence[Pair]) -> None:
    """Both probabilities over the ratios that observed pairs have."""
    for place, pair in enumerate(observed):
        colour = _GROUNDS[place % 2]
        axes.axvspan(pair.low, pair.high, color=colour, alpha=0.45, lw=0, zorder=0)
    axes.axhline(50, color=FAINT, lw=0.6, zorder=1)
    axes.set_title(row.title)
    axes.set_title(row.words, loc="right", weight="normal")
    axes.set_ylim(-4, 104)
    axes.set_yticks([0, 50, 100], ["0", "50", "100 %"])
    if min(row.never) == 100.0:
        axes.annotate(
            "no peak in any draw: the gap grows, however far apart the two start",
            (0.5, 0.5),
            xycoords="axes fraction",
            ha="center",
            va="center",
            color=INK,
            zorder=5,
            bbox={"fc": "white", "ec": "none", "alpha": 0.8, "pad": 1.5},
        )
        return
    for shares, look in ((row.by_today, _TODAY), (row.at_start, _START)):
        if shares:
            _draw_shares(axes, row.ratios, shares, look)


def _draw_shares(
    axes: Axes, ratios: Sequence[float], shares: Sequence[Share], look: dict
) -> None:
    axes.plot(
        ratios, [s.value for s in shares], lw=1.2, ms=3.4, mfc="white", zorder=4, **look
    )
    axes.vlines(
        ratios,
        [s.lower for s in shares],
        [s.upper for s in shares],
        color=look["color"],
        lw=2.2,
        zorder=5,
    )


def _ratio_axis(axes: Axes, ends: tuple[float, float]) -> None:
    axes.set_xscale("log")
    axes.set_xlim(*ends)
    low, high = (math.log10(end) for end in ends)
    decades = range(math.ceil(low), math.floor(high) + 1)
    axes.xaxis.set_major_locator(ticker.FixedLocator([10.0**e for e in decades]))
    axes.xaxis.set_minor_locator(ticker.LogLocator(subs=[2.0, 5.0]))
    axes.xaxis.set_minor_formatter(ticker.NullFormatter())
    axes.xaxis.set_major_formatter(lambda value, _: f"×{number_words(value)}")
    axes.set_xlabel("frontier over meek effective compute on the reference date")


def _key(data: Sequence[Past], start: datetime.date, today: datetime.date) -> Key:
    look = {"lw": 1.2, "ms": 3.4, "mfc": "white"}
    key: Key = {f"P(peak past on {start})": Line2D([], [], **_START, **look)}
    if any(row.by_today for row in data):
        key[f"P(peak past today, {today})"] = Line2D([], [], **_TODAY, **look)
    key["95 % limits of its Monte Carlo error"] = Line2D([], [], color=INK, lw=2.2)
    key["ratios observed"] = Patch(fc=LIGHT_ORANGE, ec=QUIET, lw=0.5)
    return key


def _marks(start: datetime.date) -> str:
    years = sorted({pair.year for pair in pairs_observed()})
    when = " to ".join(str(year) for year in years)
    return (
        "Bars: physical training compute of the frontier over that of others in "
        f"{when}. Where only the lead counts, as for loss, they may be read against "
        f"the solid line, whatever the day; elsewhere the level of {start} counts too. "
        "The dotted line is for pairs that stood so far apart on that date and have "
        "drifted since."
    )
