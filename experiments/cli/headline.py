"""What a run found, as blocks of text: the headline, the standing and the ledger."""

import datetime
from pathlib import Path

from experiments.cli import actor, wording
from experiments.cli.grid import grid
from experiments.cli.terminal import BULLET, Block
from mc.engine.plan import LEDGER_DATES, Plan
from mc.engine.results import Results
from priors.units import HOURS_PER_WORK_YEAR, MONTHS_PER_YEAR

NEVER = "never, if budgets grow for ever"
SHARES = ("1", "10", "100")
FIRST = ("trend-gap", "what-success-is")
"""Caveats without which no number here means what it says."""
MAX_CAVEATS = 3
_HORIZON = "time_horizon"
_SPREAD = "50 % [5–95 %]"


def blocks(plan: Plan, results: Results, width: int) -> list[Block]:
    """Everything that is told of a run, in order."""
    return [
        Block(
            title="What follows from these beliefs",
            paragraph=f"{actor.in_words(plan)}\nShown are "
            f"{results.manifest['shows']}. Every gap is a trend gap.",
        ),
        _peaks(plan, results, width),
        _closing(plan, results, width),
        _standing(plan, results, width),
        *_ledger(plan, results, width),
        _caveats(results),
    ]


def files(folder: Path, seconds: float) -> Block:
    """Where the run lies."""
    names = sorted(file.name for file in folder.iterdir() if file.is_file())
    figures = sorted((folder / "figures").glob("*.png"))
    lines = [f"{folder}/: {', '.join(names)}"]
    if figures:
        first = next((f for f in figures if f.stem == "gaps"), figures[0])
        lines.append(f"{first} and {len(figures) - 1} more figures, each also as SVG")
    return Block(title=f"Done in {seconds:.0f} s", paragraph="\n".join(lines))


def _peaks(plan: Plan, results: Results, width: int) -> Block:
    rows = []
    for choice in plan.metrics:
        label = choice.label
        if _is_never(results, label, "peak_date"):
            rows.append((label, NEVER))
            continue
        show, unit = wording.of_unit(choice.entry.unit)
        height = wording.spread(results, label, "peak_gap", show) + unit
        rows.append((label, height, *wording.dates(results, label, "peak_date")))
    header = ("", f"height {_SPREAD}", "date 5 %", "50 %", "95 %")
    return Block(title="Peak of the trend gap", lines=tuple(grid(header, rows, width)))


def _closing(plan: Plan, results: Results, width: int) -> Block:
    by = [day for day in plan.experiment.by if day in plan.by]
    rows = []
    for choice in plan.metrics:
        label = choice.label
        if _is_never(results, label, "convergence_date"):
            rows.append((label, NEVER))
            continue
        names = [*(f"p_by_{day}" for day in by), "p_never"]
        shares = [
            wording.row(results, label, "convergence_date", n)["text"] for n in names
        ]
        found = wording.dates(results, label, "convergence_date")
        rows.append((label, *found, *shares))
    header = ("", "date 5 %", "50 %", "95 %", *(f"<{_year(d)}" for d in by), "never")
    return Block(
        title="Trend gap closed for good: date, and probability before a year",
        lines=tuple(grid(header, rows, width)),
        paragraph=f"{_tolerances(plan)} {_errors(results)}".strip(),
    )


def _standing(plan: Plan, results: Results, width: int) -> Block:
    days = [day for day in (plan.today, LEDGER_DATES[0]) if day in plan.at]
    shown = {day: str(day) for day in days}
    if plan.today in shown:
        shown[plan.today] = f"today, {plan.today}"
    quantities = [
        ("compute", "lag_months", wording.number),
        ("compute", "catch_up_months", wording.number),
        ("compute", "lead_oom", wording.number),
        ("compute", "compute_ratio", wording.ratio),
    ]
    rows = [
        (name, *(wording.spread(results, metric, f"{name}@{d}", show) for d in shown))
        for metric, name, show in quantities
    ]
    for choice in plan.metrics:
        if choice.entry.name == _HORIZON:
            cells = (
                wording.spread(results, choice.label, f"gap@{d}", wording.ratio)
                for d in shown
            )
            rows.append(("horizon ratio", *cells))
    return Block(
        title=f"How far apart the actors stand, {_SPREAD}",
        lines=tuple(grid(("", *shown.values()), rows, width)),
        paragraph="lag_months: how long ago the frontier stood where the meek actor "
        "stands. catch_up_months: how long until it stands where the frontier does.",
    )


def _ledger(plan: Plan, results: Results, width: int) -> list[Block]:
    title = f"Plausibility: the frontier if budgets grow for ever, {_SPREAD}"
    label = "plausibility"
    if results.summary(metric=label).empty:
        reason = "The card names no budget in dollars or no world product: no ledger."
        return [Block(title=title, paragraph=reason)]
    days = [d for d in sorted({*LEDGER_DATES, plan.experiment.end}) if d in plan.at]
    quantities = [
        ("spending on a run", label, "frontier_spending", wording.dollars),
        ("share of world product", label, "share_of_world_product", wording.share),
        ("training FLOP", label, "frontier_training_compute", wording.short),
    ]
    quantities += [
        ("horizon, work-years", choice.label, "frontier", _work_years)
        for choice in plan.metrics
        if choice.entry.name == _HORIZON
    ]
    rows = [
        (name, *(wording.spread(results, metric, f"{stem}@{d}", show) for d in days))
        for name, metric, stem, show in quantities
    ]
    passes = [
        (
            f"passes {share} % of world product",
            *wording.dates(results, label, f"passes_{share}pct_of_world_product_date"),
        )
        for share in SHARES
    ]
    lines = grid(("", *map(str, days)), rows, width)
    lines += grid(("", "5 %", "50 %", "95 %"), passes, width)
    return [Block(title=title, lines=tuple(lines))]


def _caveats(results: Results) -> Block:
    caveats = sorted(results.manifest["caveats"], key=lambda c: c["id"] not in FIRST)
    lines = [f"{BULLET}{caveat['line']}" for caveat in caveats[:MAX_CAVEATS]]
    if len(caveats) > MAX_CAVEATS:
        lines.append(f"{BULLET}{len(caveats) - MAX_CAVEATS} more in manifest.json.")
    return Block(title="Caveats", paragraph="\n".join(lines))


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
    counted = [row for row in rows if row["statistic"].startswith("p_")]
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


def _is_never(results: Results, label: str, quantity: str) -> bool:
    """Whether every draw has the class never."""
    return wording.row(results, label, quantity, "p_never")["number"] == 1.0


def _work_years(hours: float) -> str:
    return wording.short(hours / HOURS_PER_WORK_YEAR)


def _year(day: datetime.date) -> str:
    return str(day.year) if (day.month, day.day) == (1, 1) else str(day)
