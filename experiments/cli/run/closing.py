"""When every gap is closed for good, as a block of text; sources a line each."""

import datetime

from experiments.cli import wording
from experiments.cli.run import peaks
from experiments.cli.terminal import Block
from experiments.cli.text_table import grid
from mc.engine.plan import Plan
from mc.engine.results import Results
from priors.units import MONTHS_PER_YEAR


def block(plan: Plan, results: Results, width: int) -> Block:
    """Dates and probabilities of every metric, and the errors of these."""
    by = [day for day in plan.experiment.by if day in plan.by]
    rows = []
    for choice in plan.metrics:
        label = choice.label
        if peaks.is_never(results, label, "convergence_date"):
            rows.append((label, peaks.never(plan)))
            continue
        names = [*(f"p_by_{day}" for day in by), "p_never"]
        shares = [
            wording.row(results, label, "convergence_date", n)["text"] for n in names
        ]
        found = wording.dates(results, label, "convergence_date")
        rows.append((label, *found, *shares))
        rows += _sources(plan, results, label, names)
    header = ("", "date 5 %", "50 %", "95 %", *(f"<{_year(d)}" for d in by), "never")
    mixed = any(row[0].startswith(" ") for row in rows)
    of_sources = "Indented: one source alone, with its weight. " if mixed else ""
    return Block(
        title="Trend gap closed for good: date, and probability before a year",
        lines=tuple(grid(header, rows, width)),
        paragraph=f"{of_sources}{_tolerances(plan)} {_errors(results)}".strip(),
    )


def _sources(
    plan: Plan, results: Results, label: str, shares: list[str]
) -> list[tuple[str, ...]]:
    """The same under each of the sources that a component mixes, a line each."""
    rows = []
    for component in plan.card.joint.components:
        for name, weight in zip(component.labels, component.weights, strict=True):
            table = results.summary(metric=label, quantity="convergence_date")
            of = f"|{component.name}={name}"
            if f"q0.5{of}" in set(table["statistic"]):
                found = wording.dates(results, label, "convergence_date", of)
                texts = (
                    wording.row(results, label, "convergence_date", n + of)["text"]
                    for n in shares
                )
                rows.append((f"  {name} ({weight:.0%})", *found, *texts))
    return rows


def _tolerances(plan: Plan) -> str:
    labels: dict[str, list[str]] = {}
    for choice in plan.metrics:
        text = wording.tolerance(plan.tolerances[choice.label], choice.entry.unit)
        labels.setdefault(text, []).append(choice.label)
    parts = [f"{text} ({', '.join(names)})" for text, names in labels.items()]
    return f"Closed: a gap of at most {'; '.join(parts)}."


def _errors(results: Results) -> str:
    """The largest Monte Carlo errors of the dates and probabilities shown."""
    rows = results.summary(quantity="convergence_date").to_dict("records")
    dated = [row for row in rows if row["statistic"] in wording.QUANTILES]
    of_all = [row for row in rows if "|" not in row["statistic"]]
    counted = [row for row in of_all if row["statistic"].startswith("p_")]
    parts = [
        f"{name} {wording.short(factor * max(errors))} {unit}"
        for name, found, factor, unit in (
            ("dates", dated, MONTHS_PER_YEAR, "months"),
            ("probabilities", counted, 100.0, "points"),
        )
        if (errors := [row["mc_error"] for row in found if row["mc_error"] >= 0.0])
    ]
    if not parts:
        return ""
    return f"Monte Carlo errors, at most: {', '.join(parts)} (each in summary.csv)."


def _year(day: datetime.date) -> str:
    return str(day.year) if (day.month, day.day) == (1, 1) else str(day)
