"""Slower clocks: the same gap at the same height, on a later date (Theorem 2.6).

One run, that at the central parameters, in every world. Against date the curves are
apart; against the lead in compute they are one curve as far as only the clock differs.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from jaxtyping import Float, Shaped
from matplotlib import dates as mdates
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from mc.engine.results import Results
from mc.figures.bands import band_data, draw_today, today_of, tolerance_key
from mc.figures.captions import footer
from mc.figures.delays import delay_data
from mc.figures.labels import MetricLabels, capital, metric_labels, metric_names
from mc.figures.page import Key, blank, compose, date_axis
from mc.figures.rows import Span, span_data
from mc.figures.scales import finite, linear_axis, log_axis, plain, ratio_axis
from mc.figures.style import DOTTED, FAINT, LINES, QUIET, SMALL_SIZE, print_style
from mc.figures.verdicts import verdict
from mc.figures.worlds import MOST_LINES, world_names

ANSWER = "what slower clocks move: dates, and neither heights nor classes"
TALL = 1.65
"""Inches of a row."""


@dataclass(frozen=True, kw_only=True)
class Course:
    """One metric in one world, at the central parameters.

    Attributes:
        world: Name of the world.
        dates: The dates, ``datetime64[D]``.
        gap: The gap, in the shown unit.
        lead: The lead in compute, OOM.
        shifts: In words, how much later peak and closing come, and how much higher
            the peak is, over all draws; empty for the baseline.
        closed: When the gap is closed for good.
    """

    world: str
    dates: Shaped[np.ndarray, " dates"]
    gap: Float[np.ndarray, " dates"]
    lead: Float[np.ndarray, " dates"]
    shifts: tuple[str, ...]
    closed: Span

    @property
    def peak(self) -> int:
        """Where the gap is highest."""
        return int(np.nanargmax(np.where(np.isfinite(self.gap), self.gap, -np.inf)))


def clocks_data(results: Results, metric: str) -> tuple[Course, ...]:
    """One metric in every world of a run.

    Raises:
        KeyError: If the run has no such metric.
    """
    labels = metric_labels(results, metric)
    return tuple(_course(results, labels, name) for name in world_names(results))


def _course(results: Results, labels: MetricLabels, name: str) -> Course:
    gap = band_data(results, labels.label, labels.gap_series, labels.factor, name)
    lead = band_data(results, "compute", "lead_oom", 1.0, name)
    is_first = name == world_names(results)[0]
    return Course(
        world=name,
        dates=gap.dates,
        gap=gap.central,
        lead=lead.central,
        shifts=() if is_first else _shifts(results, labels, name),
        closed=span_data(results, labels.label, "convergence_date", name),
    )


def _shifts(results: Results, labels: MetricLabels, name: str) -> tuple[str, ...]:
    """Years later, draw by draw, and the change of the height in per cent of it."""
    metric, found = labels.label, []
    for event, words in (("peak", "peak"), ("convergence", "closed")):
        row = delay_data(results, metric, name, event)
        if row.shares["undetermined"] < 1.0:
            found.append(f"{words} {row.words}")
    rows = results.summary(metric=metric, quantity="peak_gap_change", scenario=name)
    change = rows.set_index("statistic").loc[["q0.05", "q0.95"]]
    before = results.statistic(metric, "peak_gap", "q0.5").to_dict()
    if found and (change["status"] == "observed").all():
        size = float(change["number"].abs().max())
        part = abs(size / before["number"])
        exact = "same height" if part < 1e-4 else f"height within {part:.1%}"
        found.append(exact.replace("%", " %"))
    return tuple(found)


@print_style()
def clocks(results: Results) -> Figure:
    """Draw the gap against date and against the lead, in every world.

    Raises:
        LookupError: If there are more worlds than lines can be told apart.
    """
    names, worlds = metric_names(results), world_names(results)
    if len(worlds) > MOST_LINES:
        raise LookupError(f"{len(worlds)} worlds are more than {MOST_LINES} lines")
    figure = blank(2, TALL * len(names))
    grid = figure.subplots(len(names), 2, squeeze=False, width_ratios=[1.25, 1])
    today = today_of(results)
    for panels, name in zip(grid, names, strict=True):
        labels, courses = metric_labels(results, name), clocks_data(results, name)
        _draw_dates(panels[0], labels, courses)
        _draw_leads(panels[1], labels, courses)
        draw_today(panels[0], today)
        known = verdict(results, name)
        panels[0].set_title(f"{capital(labels.title)}: against date")
        panels[1].set_title(f"against the lead: {known.words}", weight="normal")
        _write_shifts(panels[1], courses)
    grid[-1, 1].set_xlabel("lead of the frontier in effective compute, OOM")
    compose(
        figure,
        title=results.manifest["experiment"]["question"],
        key=_key(worlds, today.isoformat()),
        footer=footer(results, names, _marks(results), compared=True),
    )
    return figure


def _draw_dates(axes: Axes, labels: MetricLabels, courses: Sequence[Course]) -> None:
    """The gap of every world against date, its peak marked at its height."""
    for course, (colour, dash, mark) in zip(courses, LINES, strict=False):
        axes.plot(course.dates, course.gap, color=colour, ls=dash, lw=1.4, zorder=4)
        if 0 < course.peak < len(course.gap) - 1:
            top = course.gap[course.peak]
            axes.axhline(top, color=FAINT, lw=0.6, zorder=1)
            axes.plot(
                course.dates[course.peak],
                top,
                marker=mark,
                ms=3.4,
                mfc="white",
                mec=colour,
                zorder=6,
            )
    _value_axis(axes, labels, courses)
    axes.set_ylabel(f"gap, {labels.gap_unit}")
    first, last = mdates.date2num(courses[0].dates[[0, -1]]).tolist()
    date_axis(axes, first, last, most_ticks=5)


def _draw_leads(axes: Axes, labels: MetricLabels, courses: Sequence[Course]) -> None:
    """The same against the lead; a mark where each world is on the last date."""
    for course, (colour, dash, mark) in zip(courses, LINES, strict=False):
        axes.plot(course.lead, course.gap, color=colour, ls=dash, lw=1.4, zorder=4)
        axes.plot(
            course.lead[-1],
            course.gap[-1],
            marker=mark,
            ms=3.4,
            color=colour,
            zorder=6,
            clip_on=False,
        )
    _value_axis(axes, labels, courses)
    axes.tick_params(labelleft=False)
    axes.set_xlim(left=0.0)
    axes.xaxis.set_major_formatter(plain)


def _value_axis(axes: Axes, labels: MetricLabels, courses: Sequence[Course]) -> None:
    gaps = [course.gap for course in courses]
    if labels.ratio:
        ratio_axis(axes, *finite(*gaps))
    elif labels.log:
        settled = [gap[len(gap) // 40 :] for gap in gaps]
        positive = [gap[gap > 0] for gap in settled]
        log_axis(axes, *finite(*positive))
    else:
        linear_axis(axes, *finite(*gaps))
    if labels.tolerance is not None:
        axes.axhline(labels.tolerance, color=QUIET, lw=0.7, ls=DOTTED, zorder=2)


def _write_shifts(axes: Axes, courses: Sequence[Course]) -> None:
    """Beside the panel, a block a world."""
    told = [(c, look[0]) for c, look in zip(courses, LINES, strict=False)][1:]
    for number, (course, colour) in enumerate(told):
        axes.annotate(
            "\n".join((course.world, *(course.shifts or ("no peak, no end",)))),
            (1.0, 1.0 - number / max(len(told), 1)),
            xycoords="axes fraction",
            xytext=(6, 0),
            textcoords="offset points",
            va="top",
            size=SMALL_SIZE,
            linespacing=1.25,
            color=colour,
        )


def _key(worlds: Sequence[str], today: str) -> Key:
    key: Key = {
        name: Line2D([], [], color=colour, ls=dash, lw=1.4, marker=mark, ms=3, mfc="w")
        for name, (colour, dash, mark) in zip(worlds, LINES, strict=False)
    }
    key["gap called closed"] = tolerance_key()
    key[f"today, {today}"] = Line2D([], [], color=QUIET, lw=0.6, ls="-.")
    return key


def _marks(results: Results) -> str:
    last = str(results.band("compute", "lead_oom").index[-1].date())
    return (
        "Lines: the run at the central parameters. Open marks: peaks; full marks: "
        f"where each world is on {last}. Words: years later than in the baseline, draw "
        "by draw, 50 % [5 %, 95 %] of all draws; late: past the event window."
    )
