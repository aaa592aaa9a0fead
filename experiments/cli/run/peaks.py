"""When every gap peaks, how high, and how likely that is past."""

from experiments.cli import wording
from experiments.cli.terminal import Block
from experiments.cli.text_table import grid
from mc.engine.plan import Plan
from mc.engine.results import Results


def is_never(results: Results, label: str, quantity: str) -> bool:
    """Whether every draw has the class never."""
    return wording.row(results, label, quantity, "p_never")["number"] == 1.0


def never(plan: Plan) -> str:
    """The word for what no draw comes to, and what that takes for granted."""
    return f"never, if {plan.scenarios[0].path.assumes}"


def block(plan: Plan, results: Results, width: int) -> Block:
    """Height and date of every peak; how likely it is past, where today is known."""
    is_dated = plan.today in plan.by
    rows = []
    for choice in plan.metrics:
        label = choice.label
        if is_never(results, label, "peak_date"):
            rows.append((label, never(plan)))
            continue
        show, unit = wording.of_unit(choice.entry.unit)
        height = wording.spread(results, label, "peak_gap", show)
        height += unit if height != wording.WITHOUT_END else ""
        past = [_past(plan, results, label)] if is_dated else []
        when = wording.dates(results, label, "peak_date")
        rows.append((label, height, *when, *past))
    header = ("", f"height {wording.SPREAD}", "date 5 %", "50 %", "95 %")
    header += ("<today",) if is_dated else ()
    today = f"; today is {plan.today}" if is_dated else ""
    return Block(
        title=f"Peak of the trend gap{today}",
        lines=tuple(grid(header, rows, width)),
        paragraph="<today: probability that the peak is past." if is_dated else "",
    )


def _past(plan: Plan, results: Results, label: str) -> str:
    """Probability that a peak lies before today, draws that only fall among them."""
    return wording.row(results, label, "peak_date", f"p_by_{plan.today}")["text"]
