"""Draws until named figures are precise: a fixed ladder of sizes, each twice the last.

What is drawn depends on the errors found and on nothing else, so that the same command
stops at the same number of draws on every machine.
"""

import dataclasses
import math
from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING, Any

from mc.engine.plan import Plan
from mc.engine.scenario import BASELINE
from priors.faults import Fault, Refusal, nearest
from priors.units import parse_number

if TYPE_CHECKING:
    from mc.engine.results import Results

FIRST_POINTS = 2**10
"""Points of each replicate on the first rung."""
MOST_DRAWS = 2**24
"""Draws after which nothing is asked for any more, unless told."""
OPTION = "--precision"
FIELDS = ("scenario", "metric", "quantity", "statistic")


@dataclasses.dataclass(frozen=True, kw_only=True)
class Target:
    """A figure and the error it may have.

    Attributes:
        figure: ``[SCENARIO/]METRIC/QUANTITY/STATISTIC``; parts may be left out.
        error: Half the width of its 95 % limits, in its unit; of dates, years.
    """

    figure: str
    error: float

    @property
    def parts(self) -> tuple[str, ...]:
        """Its parts, in the order of the columns of ``summary.csv``."""
        return tuple(part.strip() for part in self.figure.split("/"))


@dataclasses.dataclass(frozen=True, kw_only=True)
class Reached:
    """How precise a figure came to be.

    Attributes:
        figure: In full.
        asked: The error it may have.
        half_width: The error it has; infinite where a limit is a word.
    """

    figure: str
    asked: float
    half_width: float

    @property
    def is_met(self) -> bool:
        """Whether it is as precise as asked."""
        return self.half_width <= self.asked

    def told(self) -> dict[str, Any]:
        """The same in strict JSON: no width where it is infinite."""
        width = self.half_width if math.isfinite(self.half_width) else None
        return {
            "figure": self.figure,
            "asked": self.asked,
            "half_width": width,
            "is_met": self.is_met,
        }


def read_targets(texts: Sequence[str]) -> tuple[Target, ...]:
    """Targets from ``FIGURE=ERROR``.

    Raises:
        Refusal: With every text that is none.
    """
    faults, found = [], []
    for text in texts:
        figure, equals, number = (part.strip() for part in text.rpartition("="))
        try:
            error = parse_number(number) if equals and figure else math.nan
        except ValueError as wrong:
            faults.append(Fault(str(wrong), key=OPTION))
            continue
        if not error > 0:
            wanted = "FIGURE=ERROR, e.g. convergence_date/q0.5=0.05, the error above 0"
            faults.append(Fault(f'"{text}" must be {wanted}', key=OPTION))
            continue
        found.append(Target(figure=figure, error=error))
    if faults:
        raise Refusal(faults)
    return tuple(found)


def ladder(plan: Plan) -> Iterator[Plan]:
    """The plan at each size, up to its own number of draws."""
    size = plan.replicates * FIRST_POINTS
    while size < plan.num_draws:
        yield dataclasses.replace(plan, num_draws=size, asked_draws=size)
        size *= 2
    yield plan


def until_precise(
    plan: Plan, targets: Sequence[Target], run: Callable[[Plan], "Results"]
) -> "tuple[Plan, Results, tuple[Reached, ...]]":
    """Climb the ladder until every figure is precise, or it ends.

    Args:
        plan: With the most draws allowed.
        targets: At least one.
        run: Runs a plan.

    Returns:
        The plan of the last rung, its results, and how precise each figure is.

    Raises:
        Refusal: If a figure is not one of this run, or not one alone.
    """
    rung, results, reached = plan, None, ()
    for rung in ladder(plan):
        results = run(rung)
        reached = precision_of(results, targets)
        if all(figure.is_met for figure in reached):
            break
    assert results is not None
    results.manifest["precision"] = [figure.told() for figure in reached]
    return rung, results, reached


def precision_of(results: "Results", targets: Sequence[Target]) -> tuple[Reached, ...]:
    """How precise each figure of a run is.

    Raises:
        Refusal: With every figure that the run does not have, or has several of.
    """
    rows = results.summary_table.to_dict("records")
    faults, found = [], []
    for target in targets:
        matches = [row for row in rows if _is_named(row, target.parts)]
        plain = [row for row in matches if row["scenario"] == BASELINE]
        if len(plain or matches) != 1:
            faults.append(_fault(target, matches, rows))
            continue
        (row,) = plain or matches
        figure = "/".join(str(row[field]) for field in FIELDS)
        found.append(
            Reached(figure=figure, asked=target.error, half_width=_half_width(row))
        )
    if faults:
        raise Refusal(faults)
    return tuple(found)


def _is_named(row: dict[str, Any], parts: tuple[str, ...]) -> bool:
    """Whether the parts stand in the row, in order."""
    fields = iter([str(row[field]) for field in FIELDS])
    return all(part in fields for part in parts)


def _half_width(row: dict[str, Any]) -> float:
    """Half of what lies between the limits; none where there is no doubt."""
    low, high = row["mc_lower"], row["mc_upper"]
    if isinstance(low, str) or isinstance(high, str):
        return 0.0 if low == high else math.inf
    if low is None or high is None or math.isnan(low) or math.isnan(high):
        return 0.0
    return (high - low) / 2


def _fault(
    target: Target, matches: list[dict[str, Any]], rows: list[dict[str, Any]]
) -> Fault:
    if matches:
        names = ["/".join(str(row[field]) for field in FIELDS) for row in matches]
        shown = ", ".join(names[:3]) + (", …" if len(names) > 3 else "")
        message = f"{target.figure} names {len(names)} figures: {shown}"
        return Fault(message, key=OPTION)
    known = {str(row[field]) for row in rows for field in FIELDS}
    wrong = next((part for part in target.parts if part not in known), "")
    hint = nearest(wrong, known) if wrong else ""
    return Fault(f"no figure {target.figure} in this run{hint}", key=OPTION)
