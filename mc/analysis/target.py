"""Which figure of a run is asked about: ``[SCENARIO/]METRIC/QUANTITY/STATISTIC``."""

import dataclasses

from mc.engine.columns import ColumnKey
from mc.engine.results import Results
from mc.engine.scenario import BASELINE
from priors.faults import Fault, Refusal, nearest

FIELDS = ("scenario", "metric", "quantity", "statistic")
MEDIAN = "q0.5"
HEADLINES = ("convergence_date", "peak_date", "peak_gap")
DATE, YEARS = "_date", "_years"
AMONG_OBSERVED = "|observed"


@dataclasses.dataclass(frozen=True, kw_only=True)
class Target:
    """One figure of ``summary.csv``.

    Attributes:
        scenario: As in ``summary.csv``.
        metric: The same.
        quantity: The same.
        statistic: A quantile, ``p_STATUS`` or ``p_by_DATE``.
    """

    scenario: str
    metric: str
    quantity: str
    statistic: str

    @property
    def name(self) -> str:
        """The figure in full; the baseline goes without saying."""
        parts = [self.metric, self.quantity, self.statistic]
        return "/".join(parts if self.scenario == BASELINE else [self.scenario, *parts])

    @property
    def is_conditional(self) -> bool:
        """Whether it is of the draws alone that have a number."""
        return self.statistic.endswith(AMONG_OBSERVED)

    @property
    def label(self) -> str:
        """The metric as the engine labels it in this scenario."""
        if self.scenario == BASELINE:
            return self.metric
        return f"{self.scenario}/{self.metric}"

    @property
    def key(self) -> ColumnKey:
        """The engine's column."""
        if self.quantity.endswith(DATE):
            return self.label, self.quantity.removesuffix(DATE) + YEARS
        return self.label, self.quantity


def read_target(text: str | None, results: Results, option: str) -> Target:
    """The figure that a text names; the headline if there is none.

    Parts may be left out: the scenario is then the baseline, the statistic the
    median, and the metric and the quantity must be the only ones that fit.

    Raises:
        Refusal: If no figure or several are meant, or one of one source alone.
    """
    if text is None:
        return _headline(results)
    rows = _figures(results)
    parts = [part.strip() for part in text.split("/")]
    found = [row for row in rows if _is_named(row, parts)]
    if not found:
        known = {name for row in rows for name in row}
        wrong = next((part for part in parts if part not in known), None)
        hint = nearest(wrong, known) if wrong else ""
        hint = hint or _hint(rows, parts)
        raise Refusal(Fault(f"no figure {text} in this run{hint}", key=option))
    for place, usual in ((0, BASELINE), (-1, MEDIAN)):
        found = [row for row in found if row[place] == usual] or found
    if len(found) > 1:
        names = ["/".join(row) for row in found]
        shown = ", ".join(names[:3]) + (", …" if len(names) > 3 else "")
        raise Refusal(Fault(f"{text} names {len(names)}: {shown}", key=option))
    target = Target(**dict(zip(FIELDS, found[0], strict=True)))
    if "|" not in target.statistic or target.is_conditional:
        return target
    why = "is of one source's draws: ask about all, or run a card with that label alone"
    raise Refusal(Fault(f"{target.name} {why}", key=option))


def _headline(results: Results) -> Target:
    """The first median with a number: of a closing, else a peak, else its height."""
    for quantity in HEADLINES:
        metric = first_metric(results, quantity)
        if metric is not None:
            break
    else:
        metric, quantity = next(iter(results.manifest["metrics"])), HEADLINES[0]
    return Target(scenario=BASELINE, metric=metric, quantity=quantity, statistic=MEDIAN)


def first_metric(results: Results, quantity: str) -> str | None:
    """The first metric with a number for the median of a quantity; None without one."""
    for metric in results.manifest["metrics"]:
        row = results.statistic(metric, quantity, MEDIAN).to_dict()
        if row["status"] == "observed":
            return metric
    return None


def _figures(results: Results) -> list[tuple[str, ...]]:
    """Every figure of a run, by the columns that name it."""
    columns = (results.summary_table[field].astype(str) for field in FIELDS)
    return list(zip(*columns, strict=True))


def _is_named(row: tuple[str, ...], parts: list[str]) -> bool:
    """Whether a figure holds the parts, in their order."""
    fields = iter(row)
    return all(any(part == field for field in fields) for part in parts)


def _hint(rows: list[tuple[str, ...]], parts: list[str]) -> str:
    """What the longest beginning that fits can be followed by."""
    for size in range(len(parts) - 1, 0, -1):
        found = [row for row in rows if _is_named(row, parts[:size])]
        if found:
            place = found[0].index(parts[size - 1]) + 1
            known = sorted({row[place] for row in found})
            return f"; {'/'.join(parts[:size])} has {', '.join(known[:12])}"
    return f" (metrics: {', '.join(dict.fromkeys(row[1] for row in rows))})"
