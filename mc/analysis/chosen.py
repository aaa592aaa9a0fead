"""Which draw of a run is meant: an index, or the draw at a quantile."""

import re
from dataclasses import dataclass

import numpy as np

from mc.analysis.target import first_metric
from mc.engine.results import Results
from mc.engine.scenario import BASELINE
from priors.faults import Fault, Refusal, nearest

DRAW, NEAREST = "--draw", "--nearest"
NEAREST_TO = {
    "peak_gap": "peak_gap",
    "peak_date": "peak_years",
    "convergence_date": "convergence_years",
}
_LEVEL = re.compile(r"p(\d{1,2}(?:\.\d+)?)")


def read_index(text: str, results: Results) -> int:
    """The index of a draw.

    Raises:
        Refusal: If it is no whole number, or the run has no such draw.
    """
    total = results.manifest["draws"]["total"]
    try:
        index = int(text.replace(",", "").replace("_", ""))
    except ValueError as error:
        line = f'"{text}" is not the index of a draw: a whole number'
        raise Refusal(Fault(line, key=DRAW)) from error
    if not 0 <= index < total:
        line = f"draw {index:,} is not in this run, which has 0 to {total - 1:,}"
        raise Refusal(Fault(line, key=DRAW))
    return index


@dataclass(frozen=True, kw_only=True)
class Place:
    """A quantile of the stored draws.

    Attributes:
        level: Per cent of the draws.
        metric: As in ``summary.csv``.
        quantity: One of ``NEAREST_TO``.
    """

    level: float
    metric: str
    quantity: str

    @property
    def name(self) -> str:
        """In words."""
        return f"{self.level:g} % of {self.metric}/{self.quantity}"


def read_place(text: str, results: Results) -> Place:
    """The quantile that ``p90:[METRIC/]QUANTITY`` means.

    Raises:
        Refusal: If it means none.
    """
    level, colon, figure = text.partition(":")
    found = _LEVEL.fullmatch(level.strip())
    if not colon or found is None:
        wanted = "pLEVEL:[METRIC/]QUANTITY, e.g. p90:convergence_date"
        raise Refusal(Fault(f'"{text}" must be {wanted}', key=NEAREST))
    metric, _, name = figure.strip().rpartition("/")
    metrics = list(results.manifest["metrics"])
    for word, known in ((metric or metrics[0], metrics), (name, list(NEAREST_TO))):
        if word not in known:
            line = (
                f"no {word} here{nearest(word, known)} (there is: {', '.join(known)})"
            )
            raise Refusal(Fault(line, key=NEAREST))
    metric = metric or first_metric(results, name) or metrics[0]
    return Place(level=float(found[1]), metric=metric, quantity=name)


def nearest_index(place: Place, results: Results) -> int:
    """The stored draw at a quantile.

    Draws are taken in the order already < dates < beyond < undetermined < never, and
    equal ones in that of their indices.
    """
    events = results.events
    events = events.sel(scenario=BASELINE, metric=place.metric)
    # Global index g is replicate g mod R, point g div R.
    column = NEAREST_TO[place.quantity]
    event = column.removesuffix("_years")
    keys = [events[column].to_numpy().T.ravel()]
    if event != column:
        keys.append(events[f"{event}_status"].to_numpy().T.ravel())
    order = np.lexsort(keys)
    rank = int(np.ceil(place.level / 100 * len(order)))
    return int(order[max(rank, 1) - 1])
