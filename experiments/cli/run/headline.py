"""What a run found, as blocks of text: the headline, the standing and the ledger."""

from pathlib import Path

from experiments.cli import wording
from experiments.cli.run import budgets, closing, extras, peaks, scenario_effects
from experiments.cli.terminal import BULLET, Block
from experiments.cli.text_table import grid
from mc.engine.classes import LIMIT
from mc.engine.columns import COMPUTE, HALVING
from mc.engine.plan import LEDGER_DATES, Plan
from mc.engine.results import Results
from priors.units import HOURS_PER_WORK_YEAR

SHARES = ("1", "10", "100")
FIRST = ("trend-gap", "what-success-is")
"""Caveats without which no number here means what it says."""
MAX_CAVEATS = 3
LEADING = {"answer": 0, "gaps": 1}
"""Figures to look at first, in this order."""
CLASSES = {
    "reversed": "Reversed, it turns round and ends below zero",
    "meek": "Meek, the gap closes",
    "constant_gap": "Constant gap, it settles",
    "diverging": "Diverging, it grows without end",
    "undetermined": "Undetermined, its limit is not known",
}
_HORIZON = "time_horizon"


def blocks(plan: Plan, results: Results, width: int) -> list[Block]:
    """Everything that is told of a run, in order."""
    assumed = [f"{BULLET}{line}" for line in plan.experiment.assumptions]
    shown = f"Shown are {results.manifest['shows']}. Every gap is a trend gap."
    return [
        Block(
            title="What follows from these beliefs",
            paragraph="\n".join((budgets.in_words(plan), shown, *assumed)),
        ),
        peaks.block(plan, results, width),
        closing.block(plan, results, width),
        *scenario_effects.blocks(plan, results, width),
        *extras.blocks(plan, results, width),
        _limits(plan, results),
        *_precision(results),
        *_landmarks(results, width),
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
        first = min(figures, key=lambda file: LEADING.get(file.stem, len(LEADING)))
        lines.append(f"{first} and {len(figures) - 1} more figures, each also as SVG")
    return Block(title=f"Done in {seconds:.0f} s", paragraph="\n".join(lines))


def _limits(plan: Plan, results: Results) -> Block:
    """The class of every gap by the theorems, draw by draw, and what halving costs."""
    groups: dict[str, list[str]] = {name: [] for name in CLASSES}
    mixed = []
    for choice in plan.metrics:
        label, shares = choice.label, _shares(results, choice.label)
        if len(shares) > 1:
            parts = [
                f"{name.replace('_', ' ')} {text}" for name, text in shares.items()
            ]
            mixed.append(f"{label} ({', '.join(parts)})")
            continue
        (name,) = shares
        show, unit = wording.of_unit(choice.entry.unit)
        limit = ""
        if name == "constant_gap":
            limit = f" at {wording.spread(results, label, LIMIT, show)}{unit}"
        groups[name].append(label + limit)
    lines = [f"{CLASSES[name]}: {', '.join(ls)}" for name, ls in groups.items() if ls]
    lines += [f"Draws differ: {', '.join(mixed)}"] if mixed else []
    lines += _halvings(plan, results)
    return Block(
        title="What becomes of the gap for ever",
        paragraph="\n".join(f"{BULLET}{line}." for line in lines),
    )


def _shares(results: Results, label: str) -> dict[str, str]:
    """Classes that some draws fall into, the commonest first, with their shares."""
    rows = {
        name: wording.row(results, label, "limit_gap", f"p_{name}") for name in CLASSES
    }
    order = sorted(rows, key=lambda name: -rows[name]["number"])
    return {name: rows[name]["text"] for name in order if rows[name]["number"]}


def _halvings(plan: Plan, results: Results) -> list[str]:
    """What halving an error costs in compute, once for metrics that cost the same."""
    known: dict[str, list[str]] = {}
    for choice in plan.metrics:
        if not results.summary(metric=choice.label, quantity=HALVING).empty:
            cost = wording.spread(results, choice.label, HALVING, wording.ratio)
            known.setdefault(cost, []).append(choice.label)
    return [
        f"Halving the error takes {cost} the compute: {', '.join(labels)}"
        for cost, labels in known.items()
    ]


def _precision(results: Results) -> list[Block]:
    """How precise the figures came to be that were to be precise."""
    told = results.manifest.get("precision", [])
    lines = []
    for row in told:
        width = row["half_width"]
        found = "a word as a limit" if width is None else f"±{wording.short(width)}"
        met = "" if row["is_met"] else ", not as asked"
        lines.append(f"{BULLET}{row['figure']}: {found} (asked ±{row['asked']:g}){met}")
    title = f"Precision after {results.manifest['draws']['total']:,} draws, 95 %"
    return [Block(title=title, paragraph="\n".join(lines))] if told else []


def _landmarks(results: Results, width: int) -> list[Block]:
    """When what happens on the way does, where it does in some draw."""
    rows = results.summary(metric=COMPUTE)
    names = dict.fromkeys(q for q in rows["quantity"] if q.endswith("_date"))
    found = []
    for name in names:
        never = wording.row(results, COMPUTE, name, "p_never")
        if never["number"] < 1.0:
            words = name.removesuffix("_date").replace("_", " ")
            dates = wording.dates(results, COMPUTE, name)
            found.append((words, *dates, never["text"]))
    header = ("", "date 5 %", "50 %", "95 %", "never")
    lines = tuple(grid(header, found, width))
    return [Block(title="On the way", lines=lines)] if found else []


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
    for name, label in _horizons(plan, "horizon ratio").items():
        cells = (
            wording.spread(results, label, f"gap@{d}", wording.ratio) for d in shown
        )
        rows.append((name, *cells))
    return Block(
        title=f"How far apart the actors stand, {wording.SPREAD}",
        lines=tuple(grid(("", *shown.values()), rows, width)),
        paragraph="lag_months: how long ago the frontier stood where the meek actor "
        "stands. catch_up_months: how long until it stands where the frontier does.",
    )


def _ledger(plan: Plan, results: Results, width: int) -> list[Block]:
    assumed = plan.scenarios[0].path.frontier_assumes
    title = f"Plausibility: the frontier if {assumed}, {wording.SPREAD}"
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
        (name, horizon, "frontier", _work_years)
        for name, horizon in _horizons(plan, "horizon, work-years").items()
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


def _horizons(plan: Plan, words: str) -> dict[str, str]:
    """Labels of the time horizons in hours, by the words for them."""
    labels = [
        choice.label
        for choice in plan.metrics
        if choice.entry.name == _HORIZON and choice.entry.unit == "ratio"
    ]
    if len(labels) == 1:
        return {words: labels[0]}
    return {words.replace("horizon", label, 1): label for label in labels}


def _caveats(results: Results) -> Block:
    caveats = sorted(results.manifest["caveats"], key=lambda c: c["id"] not in FIRST)
    lines = [f"{BULLET}{caveat['line']}" for caveat in caveats[:MAX_CAVEATS]]
    if len(caveats) > MAX_CAVEATS:
        lines.append(f"{BULLET}{len(caveats) - MAX_CAVEATS} more in manifest.json.")
    return Block(title="Caveats", paragraph="\n".join(lines))


def _work_years(hours: float) -> str:
    return wording.short(hours / HOURS_PER_WORK_YEAR)
