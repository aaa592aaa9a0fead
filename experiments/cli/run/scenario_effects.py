"""What each scenario does, in words, and what comes of it, a line a metric."""

from collections.abc import Callable, Sequence
from typing import Any

from experiments.cli import wording
from experiments.cli.run import budgets
from experiments.cli.terminal import BULLET, Block
from experiments.cli.text_table import grid
from mc.engine.plan import Plan
from mc.engine.results import Results
from mc.engine.scenario import BASELINE, Followed
from mc.model.registry import MetricChoice
from priors.parameters import parameter

BELIEF, INTERVENTION = "belief", "intervention"
HEADER = ("", "peak", "peaks in", "closed in", "closes later by", "never")
NEVER = "never closes, nor peaks"
NOTE = (
    "Each 50 % [5–95 %] over all draws, the height 50 %; in brackets … is from the "
    "start, ∞ never. Later by: years from closing in the baseline to closing in the "
    "scenario, draw by draw; −∞ where it only closes here, or is closed from the start."
)

Cells = dict[str, Any]
"""One row of the summary, by column."""


def blocks(plan: Plan, results: Results, width: int) -> list[Block]:
    """What the scenarios change; nothing where only the baseline is followed."""
    if len(plan.scenarios) == 1:
        return []
    told = [f"{BULLET}{line}" for line in worlds(plan, with_start=True)]
    first = Block(title="What the scenarios change", paragraph="\n".join(told))
    tables = [_table(plan, results, choice, width) for choice in plan.metrics]
    last = Block(title=tables[-1].title, lines=tables[-1].lines, paragraph=NOTE)
    return [first, *tables[:-1], last]


def worlds(plan: Plan, *, with_start: bool = False) -> list[str]:
    """One line a world: whether it is believed or done, and what is changed.

    Args:
        plan: The run.
        with_start: Whether actors are told in dollars and FLOP; this imports JAX.
    """
    lines = []
    for world in plan.scenarios:
        summary = f" {world.summary.rstrip('.')}." if _is_told(world) else ""
        done = "; ".join(_done(plan, world, with_start=with_start))
        lines.append(f"{world.name} ({kind(plan, world)}):{summary} {done}.")
    return lines


def kind(plan: Plan, world: Followed) -> str:
    """Whether a world is that of the card, or one in which something is done."""
    is_card = world.is_believed and world.path == plan.path
    return BELIEF if is_card else INTERVENTION


def _is_told(world: Followed) -> bool:
    """Whether its summary says more than who the actor is."""
    is_actors = world.actor is not None and world.summary == world.actor.description
    return bool(world.summary) and world.name != BASELINE and not is_actors


def _done(plan: Plan, world: Followed, *, with_start: bool) -> list[str]:
    """What differs from the baseline; of the baseline, who is in it."""
    base = plan.scenarios[0]
    told = []
    if world.name == BASELINE or world.actor != base.actor:
        told.append(_who(plan, world, with_start=with_start))
    if world.name == BASELINE or world.path != base.path:
        told.append(f"path {world.path.name}")
    if world.interventions is not None:
        told += map(change_in_words, world.interventions.texts)
    return told or ["nothing is changed"]


def _who(plan: Plan, world: Followed, *, with_start: bool) -> str:
    named = world.actor
    words = (
        "the card's own actor"
        if named is None
        else f"actor {named.name}, {named.description}"
    )
    if not with_start:
        return words
    start = budgets.start_of(plan, world)
    return f"{words}: {start.amounts}, the frontier starts {start.ahead}"


def change_in_words(text: str) -> str:
    """``NAME=SPEC`` or ``NAME*=FACTOR`` as people say it."""
    left, _, right = (part.strip() for part in text.partition("="))
    name = left.removesuffix("*").rstrip()
    words = name.replace("_", " ")
    if not left.endswith("*"):
        return f"{words} set to {right}"
    known = parameter(name)
    if known is not None and known.kind == "growth":
        return f"{words} times {right} in logarithm"
    return f"{words} times {right}"


def _table(plan: Plan, results: Results, choice: MetricChoice, width: int) -> Block:
    label = choice.label
    show, unit = wording.of_unit(choice.entry.unit)
    rows = [_row(results, label, world.name, show) for world in plan.scenarios]
    behind = f"; peak in{unit}" if unit else ""
    title = f"{label} in each scenario{behind}"
    return Block(title=title, lines=tuple(grid(HEADER, rows, width)))


def _row(
    results: Results, label: str, scenario: str, show: wording.Show
) -> tuple[str, ...]:
    def found(quantity: str, statistic: str) -> Cells:
        row = results.statistic(label, quantity, statistic, scenario)
        return {str(key): value for key, value in row.to_dict().items()}

    never = found("convergence_date", "p_never")
    if never["number"] == found("peak_date", "p_never")["number"] == 1.0:
        return scenario, NEVER
    height = found("peak_gap", "q0.5")
    tall = show(height["number"]) if height["status"] == "observed" else "∞"
    when = (
        _between([found(event, level) for level in wording.QUANTILES], _year)
        for event in ("peak_date", "convergence_date")
    )
    later = "–"
    if scenario != BASELINE:
        rows = [found("convergence_delay", level) for level in wording.QUANTILES]
        later = _between(rows, _later)
    return scenario, tall, *when, later, never["text"]


def _between(rows: Sequence[Cells], show: Callable[[Cells], str]) -> str:
    """``2032 [2027–2038]`` of three quantiles; one where they agree."""
    low, middle, high = map(show, rows)
    if low == middle == high:
        return middle
    low, high = _short(low), _short(high)
    if "−" in low + high:
        return f"{middle} [{low} to {high}]"
    return f"{middle} [{low.lstrip('+')}–{high.lstrip('+')}]"


def _year(row: Cells) -> str:
    """The year of a date, or the word of a draw without one."""
    return row["text"][:4] if row["status"] == "observed" else row["status"]


def _short(word: str) -> str:
    """The end of an interval, where a word would take too much room."""
    return {"already": "…", "never": "∞"}.get(word, word)


def _later(row: Cells) -> str:
    """A difference in years, or what stands for one without bound."""
    infinite = {"already": "−∞", "beyond": "late", "never": "∞", "undetermined": "?"}
    if row["status"] != "observed":
        return infinite[row["status"]]
    years = row["number"]
    places = 1 if abs(years) < 9.95 else 0
    return f"{years:+.{places}f}".replace("-", "−")
