"""How long ago the frontier stood where the meek actor stands, against date."""

from matplotlib import dates as mdates
from matplotlib.figure import Figure

from mc.engine.results import Results
from mc.figures.bands import (
    Band,
    band_data,
    band_key,
    draw_band,
    draw_today,
    today_of,
)
from mc.figures.captions import INTERVALS, footer
from mc.figures.page import blank, compose, date_axis
from mc.figures.scales import finite, linear_axis
from mc.figures.style import Columns, print_style


def lag_data(results: Results) -> Band:
    """The lag in effective compute, months."""
    return band_data(results, "compute", "lag_months")


@print_style()
def lag(results: Results, columns: Columns = 1) -> Figure:
    """Draw the lag in effective compute."""
    band, today = lag_data(results), today_of(results)
    figure = blank(columns, 2.2)
    axes = figure.subplots()
    draw_today(axes, today)
    draw_band(axes, band)
    linear_axis(axes, *finite(band.quantiles))
    axes.set_ylabel("lag, months")
    first, last = mdates.date2num(band.dates[[0, -1]]).tolist()
    date_axis(axes, first, last, most_ticks=6)
    compose(
        figure,
        title="Lag in effective compute: how long ago the frontier stood where "
        "the meek actor stands",
        key=band_key(band, today),
        footer=footer(results, [], INTERVALS),
    )
    return figure
