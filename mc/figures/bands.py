"""One banded series: its quantiles, the central run and a few draws, and the marks."""

import datetime
from dataclasses import dataclass

import numpy as np
from jaxtyping import Float, Shaped
from matplotlib.axes import Axes
from matplotlib.lines import Line2D
from matplotlib.patches import Patch

from mc.engine.results import Results
from mc.engine.scenario import BASELINE
from mc.figures.page import Key, day_number
from mc.figures.style import (
    DARK_BLUE,
    DASHED,
    DOTTED,
    FAINT,
    INK,
    LIGHT_BLUE,
    MIDDLE_BLUE,
    QUIET,
    SHADE,
    VERMILION,
)

NUM_DRAWN = 12
"""Single draws shown beside the bands, spread evenly over those kept."""


@dataclass(frozen=True, kw_only=True)
class Band:
    """What is drawn of one series.

    Attributes:
        dates: The dates, ``datetime64[D]``.
        levels: Probabilities of the quantiles, ascending and symmetric.
        quantiles: Quantiles over draws, in the shown unit.
        central: The run at the central parameters.
        curves: Single draws.
        extrapolated: Dates beyond where data reach.
    """

    dates: Shaped[np.ndarray, " dates"]
    levels: tuple[float, ...]
    quantiles: Float[np.ndarray, "dates levels"]
    central: Float[np.ndarray, " dates"]
    curves: Float[np.ndarray, "dates curves"]
    extrapolated: Shaped[np.ndarray, " dates"]

    @property
    def median(self) -> Float[np.ndarray, " dates"]:
        """The pointwise median."""
        return self.quantiles[:, self.levels.index(0.5)]

    @property
    def extrapolated_from(self) -> datetime.date | None:
        """The first date beyond where data reach."""
        if not self.extrapolated.any():
            return None
        return self.dates[self.extrapolated.argmax()].item()


def band_data(
    results: Results,
    label: str,
    series: str,
    factor: float = 1.0,
    scenario: str = BASELINE,
) -> Band:
    """The arrays of one series in one scenario, times ``factor``.

    Raises:
        KeyError: If the run has no such series.
    """
    table = results.band(label, series, scenario)
    names = [c for c in table.columns if c.startswith("q")]
    place = {"scenario": scenario, "metric": label, "series": series}
    curves = results.tree["curves"].to_dataset()["value"].sel(place).to_numpy()
    central = results.tree["central"].to_dataset()["value"].sel(place).to_numpy()
    return Band(
        dates=table.index.to_numpy().astype("datetime64[D]"),
        levels=tuple(float(name[1:]) for name in names),
        quantiles=factor * table[names].to_numpy(np.float64),
        central=factor * central,
        curves=factor * curves[:, :NUM_DRAWN],
        extrapolated=table["extrapolated"].to_numpy(bool),
    )


def draw_band(axes: Axes, band: Band) -> None:
    """Bands from light to dark, single draws, the central run and the median."""
    half = len(band.levels) // 2
    shades = (LIGHT_BLUE, MIDDLE_BLUE)
    for i in range(half):
        low, high = band.quantiles[:, i], band.quantiles[:, -1 - i]
        colour = shades[min(i, len(shades) - 1)]
        axes.fill_between(band.dates, low, high, color=colour, lw=0, zorder=2 + i)
    axes.plot(band.dates, band.curves, color=INK, lw=0.3, alpha=0.55, zorder=5)
    axes.plot(band.dates, band.central, color="white", lw=1.9, zorder=6)
    axes.plot(band.dates, band.median, color=DARK_BLUE, lw=1.5, zorder=7)
    axes.plot(band.dates, band.central, color=VERMILION, lw=1.1, ls=DASHED, zorder=8)


def draw_today(axes: Axes, today: datetime.date) -> None:
    """A vertical mark at the run's today, where the axis holds it."""
    axes.axvline(day_number(today), color=QUIET, lw=0.6, ls="-.", zorder=6.5)


def draw_extrapolated(axes: Axes, band: Band) -> None:
    """A shade over the dates beyond where data reach."""
    start = band.extrapolated_from
    if start is not None:
        end = day_number(band.dates[-1].item())
        axes.axvspan(day_number(start), end, color=SHADE, lw=0, zorder=0)


def band_key(band: Band, today: datetime.date) -> Key:
    """The words for every mark of ``draw_band`` and its companions."""
    half = len(band.levels) // 2
    shades = (LIGHT_BLUE, MIDDLE_BLUE)
    widths = [band.levels[-1 - i] - band.levels[i] for i in range(half)]
    key = {"median": Line2D([], [], color=DARK_BLUE, lw=1.5)}
    key |= {
        f"{width:.0%} of draws".replace("%", " %"): Patch(color=shade, lw=0)
        for width, shade in sorted(zip(widths, shades, strict=True))
    }
    count = band.curves.shape[1]
    key |= {
        "central parameters": Line2D([], [], color=VERMILION, lw=1.1, ls=DASHED),
        f"{count} single draws": Line2D([], [], color=INK, lw=0.4, alpha=0.7),
        f"today, {today}": Line2D([], [], color=QUIET, lw=0.6, ls="-."),
    }
    if band.extrapolated_from is not None:
        key["beyond the data: extrapolated"] = Patch(fc=SHADE, ec=FAINT, lw=0.4)
    return key


def tolerance_key() -> Line2D:
    """The handle of the tolerance line."""
    return Line2D([], [], color=INK, lw=0.7, ls=DOTTED)


def today_of(results: Results) -> datetime.date:
    """What "today" means in the run."""
    return datetime.date.fromisoformat(results.manifest["configuration"]["today"])
