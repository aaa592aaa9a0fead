"""What only some runs ask for, as blocks of text: levels, budgets and others."""

from experiments.cli import wording
from experiments.cli.terminal import BULLET, Block
from experiments.cli.text_table import grid
from mc.engine.columns import COST, CROSSING_DELAY, WORTH
from mc.engine.plan import LEDGER_DATES, Plan
from mc.engine.population import SCORES, WITHIN
from mc.engine.results import Results
from mc.model.registry import MetricChoice, Series


def blocks(plan: Plan, results: Results, width: int) -> list[Block]:
    """Blocks of what was asked for; none where nothing was."""
    found = [_levels(plan, results, width)] if plan.levels else []
    if plan.experiment.fade is not None:
        found.append(_fades(plan, results, plan.experiment.fade, width))
    if plan.population is not None:
        found += [_population(plan, results, c, width) for c in plan.metrics]
    if plan.experiment.returns:
        found.append(_returns(plan, results, width))
    if plan.experiment.preintegrate:
        found.append(_preintegrated(plan, results))
    return found


def _levels(plan: Plan, results: Results, width: int) -> Block:
    rows = []
    for level in plan.levels:
        label, name = level.metric, level.name
        shown = "" if level.unit == "probability" else f" {level.unit}"
        number = f"{100 * level.number:g} %" if not shown else f"{name}{shown}"
        dates = (
            wording.dates(results, label, f"{actor}_crossing_{name}_date")[1]
            for actor in ("frontier", "meek")
        )
        delay = wording.spread(
            results, label, f"{CROSSING_DELAY}_{name}", wording.number
        )
        never = wording.row(results, label, f"meek_crossing_{name}_date", "p_never")
        rows.append((f"{label} {number}", *dates, delay, never["text"]))
    header = ("", "frontier", "meek", f"years later, {wording.SPREAD}", "meek never")
    return Block(
        title="When each actor comes to a level (median), and how much later the meek",
        lines=tuple(grid(header, rows, width)),
    )


def _fades(plan: Plan, results: Results, share: float, width: int) -> Block:
    rows = []
    for choice in plan.metrics:
        dates = wording.dates(results, choice.label, "fade_date")
        never = wording.row(results, choice.label, "fade_date", "p_never")
        rows.append((choice.label, *dates, never["text"]))
    return Block(
        title=f"Trend gap back to {100 * share:g} % of its own peak: date",
        lines=tuple(grid(("", "5 %", "50 %", "95 %", "never"), rows, width)),
        paragraph=_of_logarithms(plan),
    )


def _of_logarithms(plan: Plan) -> str:
    names = [choice.label for choice in plan.metrics if choice.entry.scale == "log"]
    return f"Of the peak's logarithm: {', '.join(names)}." if names else ""


def _population(
    plan: Plan, results: Results, choice: MetricChoice, width: int
) -> Block:
    assert plan.population is not None
    series, amounts = plan.population.series(choice), plan.population.dollars
    days = {day: str(day) for day in (plan.today, *LEDGER_DATES) if day in plan.at}
    words = {WITHIN: "within the tolerance", "concentration": "Gini index"}
    rows = [
        (
            words.get(name, name.replace("_", " ")),
            *(
                wording.spread(
                    results, choice.label, f"{name}@{day}", _show(name, series)
                )
                for day in days
            ),
        )
        for name in series
        if name != "herfindahl"
    ]
    unit = series["mean"].unit
    ends = f"{wording.dollars(amounts[0])} to {wording.dollars(amounts[-1])}"
    title = f"{choice.label} of {len(amounts)} actors of {ends} a run"
    behind = f", {unit}" if unit != "probability" else ", per cent"
    return Block(
        title=f"{title}{behind}, {wording.SPREAD}",
        lines=tuple(grid(("", *days.values()), rows, width)),
        paragraph="Within the tolerance of the frontier: a share of the actors.",
    )


def _show(name: str, series: dict[str, Series]) -> wording.Show:
    """How one of a population's series is written."""
    if name == WITHIN:
        return wording.share
    if name in SCORES and series[name].unit == "probability":
        return wording.points
    return wording.number


def _returns(plan: Plan, results: Results, width: int) -> Block:
    days = [d for d in sorted({*LEDGER_DATES, plan.experiment.end}) if d in plan.at]
    rows = []
    for choice in plan.metrics:
        unit = results.statistic(choice.label, f"{WORTH}@{days[0]}", "q0.5")["unit"]
        cells = (
            wording.spread(results, choice.label, f"{WORTH}@{day}", wording.number)
            for day in days
        )
        rows.append((f"{choice.label}, {unit}", *cells))
    label = plan.metrics[0].label
    cost = (
        wording.spread(results, label, f"{COST}@{day}", wording.short) for day in days
    )
    rows.append(("spent beyond the meek actor", *cost))
    return Block(
        title=f"What the lead is worth and costs up to a date, {wording.SPREAD}",
        lines=tuple(grid(("", *(f"to {day}" for day in days)), rows, width)),
        paragraph="Areas under the gap and under the frontier's extra spending, "
        "discounted to the reference date; spending in years of what the frontier "
        "spent at the start.",
    )


def _preintegrated(plan: Plan, results: Results) -> Block:
    """Which dates were integrated along lines, and which were left to the draws."""
    of: dict[str, list[str]] = {}
    for told in results.manifest["preintegration"]:
        world = "" if len(plan.scenarios) == 1 else f"{told['scenario']}/"
        words = told["quantity"].replace("convergence", "closing").replace("_", " ")
        why = f"{told['left']}; left to the draws: " if "left" in told else ""
        of.setdefault(f"{why}{words}", []).append(f"{world}{told['metric']}")
    lines = [f"{BULLET}{what} of {', '.join(names)}" for what, names in of.items()]
    return Block(
        title="Dates integrated along lines: their quantiles and probabilities",
        paragraph="\n".join(lines),
    )
