"""The value of information as a table, JSON and a picture."""

import dataclasses
import math
from typing import TYPE_CHECKING, Any

from experiments.cli.terminal import Screen
from experiments.cli.text_table import grid
from mc.analysis.decision import Measurement, Outcome
from mc.analysis.information import Information, Knowledge
from mc.analysis.partitions import num_parts
from mc.analysis.ranks import Estimate
from priors.parameters import parameter

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from mc.engine.results import Results

MOST_LINES = 14
EVERYTHING = "everything (EVPI)"
MOST_DIGITS = 6
Checks = dict[str, Estimate]
"""What inputs are worth by simulation on two levels."""


def show(found: Information, checks: Checks, of_draws: int) -> None:
    """Write the table.

    Args:
        found: The value of information.
        checks: By input.
        of_draws: Draws of the run.
    """
    screen, decision = Screen(), found.decision
    screen.title(f"What is worth knowing: {decision.name}, in {decision.unit}")
    if decision.description:
        screen.labelled([("", decision.description)])
    screen.lines("", *grid(("", "payoff", "±"), _actions(found), screen.width), "")
    screen.labelled(_outcomes(found))
    screen.lines("")
    if found.perfect.number == 0:
        best = decision.actions[found.today].name
        screen.lines(f"Nothing: {best} is best in every draw.")
        return
    header = ("", "at most", "±", "at least", "±", "of all")
    shown = [*found.inputs[:MOST_LINES], *found.groups, *found.measurements]
    rows = [_everything(found), *(_row(found, one) for one in shown)]
    screen.lines(*grid(header, rows, screen.width))
    screen.lines("")
    screen.labelled(_told(found, checks, of_draws))


def record(found: Information, checks: Checks, run_id: str) -> dict[str, Any]:
    """The same for JSON."""
    decision = found.decision
    pairs = zip(decision.actions, found.payoffs, strict=True)
    return {
        "run_id": run_id,
        "decision": decision.name,
        "unit": decision.unit,
        "as": "belief",
        "draws": found.num_draws,
        "actions": [{"name": a.name, "payoff": _pair(e)} for a, e in pairs],
        "best_today": decision.actions[found.today].name,
        "outcomes": [
            {"name": o.name, "condition": o.text, "probability": _pair(e)}
            for o, e in zip(decision.outcomes, found.outcomes, strict=True)
        ],
        "evpi": _pair(found.perfect),
        "p_other_action": _pair(found.changes),
        "inputs": [_knowledge(one) for one in found.inputs],
        "groups": [_knowledge(one) for one in found.groups],
        "measurements": [_knowledge(one) for one in found.measurements],
        "two_level": {name: _pair(one) for name, one in checks.items()},
    }


def picture(found: Information, results: "Results") -> "Figure":
    """Bars of what each input and group is worth."""
    from mc.figures.worth import Bar, worths

    def bar(one: Knowledge) -> Bar:
        upper, lower = one.worth.upper, one.worth.lower
        return Bar(
            name=one.name,
            low=(lower.number, lower.mc_error),
            high=(upper.number, upper.mc_error),
        )

    decision = found.decision
    best = decision.actions[found.today].name
    shown = [*found.inputs[:MOST_LINES], *found.groups, *found.measurements]
    notes = (
        f"{best} is best today; worth: what choosing after one has learnt the input "
        "would add to the expected payoff. Dark: a rule found on the other replicates; "
        "light: the best over the draws of each part themselves, up to which it may "
        "go. Whiskers: two standard errors, over replicates. Last: groups, "
        f"measurements. First {found.num_draws:,} draws; beliefs, not interventions."
    )
    return worths(
        [bar(one) for one in shown],
        (found.perfect.number, found.perfect.mc_error),
        f"What is worth knowing: {decision.name}",
        decision.unit,
        notes,
        results,
    )


def _actions(found: Information) -> list[tuple[str, ...]]:
    rows = []
    for place, action in enumerate(found.decision.actions):
        best = ", best today" if place == found.today else ""
        rows.append((f"  {action.name}{best}", *_cells(found, found.payoffs[place])))
    return rows


def _outcomes(found: Information) -> list[tuple[str, str]]:
    pairs = zip(found.decision.outcomes, found.outcomes, strict=True)
    if len(found.outcomes) == 1:
        return [("outcomes", "one: payoffs are functions of quantities alone")]
    return [(one.name, f"{_percent(share)}: {_if(one)}") for one, share in pairs]


def _percent(share: Estimate) -> str:
    return f"{100 * share.number:.1f} % ± {100 * share.mc_error:.1f}"


def _if(outcome: Outcome) -> str:
    return outcome.text if outcome.clauses else "all other draws"


def _everything(found: Information) -> tuple[str, ...]:
    cells = _cells(found, found.perfect)
    return (EVERYTHING, *cells, *cells, "100 %")


def _row(found: Information, one: Knowledge) -> tuple[str, ...]:
    upper, lower = one.worth.upper, one.worth.lower
    ends = [f"{100 * e.number / found.perfect.number:.0f}" for e in (lower, upper)]
    share = "–".join(dict.fromkeys(ends))
    return (one.name, *_cells(found, upper), *_cells(found, lower), f"{share} %")


def _cells(found: Information, estimate: Estimate) -> tuple[str, str]:
    """A number and its error, to three digits of what everything is worth."""
    size = found.perfect.number or abs(found.payoffs[found.today].number) or 1.0
    places = min(max(2 - math.floor(math.log10(size)), 0), MOST_DIGITS)
    number = f"{estimate.number:,.{places}f}".replace("-", "−")
    return number, f"{estimate.mc_error:.{places}f}"


def _told(found: Information, checks: Checks, of_draws: int) -> list[tuple[str, str]]:
    changes = f"{100 * found.changes.number:.0f} %"
    told = [
        ("everything", f"in {changes} of draws another action is best"),
        ("at least", "what a rule adds that knows the input, found on all other "
         "replicates and followed in each"),
        ("at most", "what the best action over the draws of each part adds: noise "
         "counts as knowledge, and the difference to at least is its bias"),
        ("parts", f"{num_parts(found.num_draws)} of equal probability of an input, or "
         "its labels; of several inputs by a fit. A set is never worth less than a "
         "part of it: enforced"),
        ("±", "one standard error, over replicates"),
    ]  # fmt: skip
    if checks:
        cells = {name: " ± ".join(_cells(found, e)) for name, e in checks.items()}
        said = "; ".join(f"{name} {text}" for name, text in cells.items())
        told.append(("two levels", f"by simulation: {said}"))
    told += [(one.name, ", ".join(one.members)) for one in found.groups]
    told += [(one.name, _measured(one)) for one in found.decision.measurements]
    used = f"{found.num_draws:,}"
    part = f"the first {used} of {of_draws:,}"
    told.append(("draws", f"all {used}" if found.num_draws == of_draws else part))
    told.append(("shows", "beliefs: what it is worth to know before choosing"))
    more = len(found.inputs) - MOST_LINES
    if more > 0:
        told.append(("not shown", f"{more} inputs worth less; all with --json"))
    return told


def _measured(one: Measurement) -> str:
    """What is measured, how well, and on which scale."""
    known = parameter(one.of)
    scale = known.scale if known else "as is"
    return f"{one.of} measured, standard error {one.sd:g} ({scale})"


def _knowledge(one: Knowledge) -> dict[str, Any]:
    return {
        "name": one.name,
        "members": list(one.members),
        "upper": _pair(one.worth.upper),
        "lower": _pair(one.worth.lower),
        "bias": one.worth.bias,
    }


def _pair(estimate: Estimate) -> dict[str, float]:
    return dataclasses.asdict(estimate)
