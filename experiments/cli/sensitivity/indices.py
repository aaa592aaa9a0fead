"""Sobol' indices and Shapley effects of a figure, as a table, JSON and a picture."""

import dataclasses
from typing import TYPE_CHECKING, Any

from experiments.cli.text_table import grid

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from experiments.cli.terminal import Screen
    from mc.analysis.ranks import Estimate
    from mc.analysis.shapley import Shares
    from mc.analysis.sobol import Parting
    from mc.engine.plan import Plan
    from mc.engine.results import Results

MOST_LINES = 14
_TOGETHER = (
    "as one, for Sobol' indices want independent inputs; --method shapley parts them"
)
Rows = dict[str, dict[str, "Estimate"]]


def rows_of(found: "Parting | Shares") -> Rows:
    """The indices of each input, by its name and theirs."""
    from mc.analysis.sobol import Parting

    if isinstance(found, Parting):
        return {p.name: {"first": p.first, "total": p.total} for p in found.parts}
    return {s.name: {"Shapley": s.effect, "total": s.total} for s in found.shares}


def show(screen: "Screen", found: "Parting | Shares", plan: "Plan") -> None:
    """Write the table and what its columns are."""
    screen.title(f"What the variance behind {found.target.name} comes from")
    rows = rows_of(found)
    if not rows or not any(e.number for part in rows.values() for e in part.values()):
        screen.lines("There is none: all draws agree.")
        return
    names = list(next(iter(rows.values())))
    header = ("", *(cell for name in names for cell in (name, "±")))
    cells = [
        (name, *(cell for e in part.values() for cell in _cells(e)))
        for name, part in list(rows.items())[:MOST_LINES]
    ]
    screen.lines(*grid(header, cells, screen.width))
    screen.lines("")
    told = _told(found, len(rows) - len(cells))
    of = "" if found.num_draws == plan.num_draws else f" of {plan.num_draws:,}"
    screen.labelled([(n, f"{text}{of}" if n == "draws" else text) for n, text in told])


def record(found: "Parting | Shares", run_id: str) -> dict[str, Any]:
    """The same for JSON."""
    return {
        "run_id": run_id,
        "figure": found.target.name,
        "as": "belief",
        "parted": found.parted,
        "draws": found.num_draws,
        "inputs": [
            {"name": name, **{n: dataclasses.asdict(e) for n, e in part.items()}}
            for name, part in rows_of(found).items()
        ],
    }


def picture(found: "Parting | Shares", results: "Results") -> "Figure":
    """The indices as dots."""
    from mc.figures.indices import indices

    rows = {
        name: {n: (e.number, e.mc_error) for n, e in part.items()}
        for name, part in list(rows_of(found).items())[:MOST_LINES]
    }
    title = f"What the variance behind {found.target.name} comes from"
    told = dict(_told(found, 0))
    told["variance"] = f"the variance is {told['variance']}"
    told |= {"±": "two standard errors, over replicates"}
    words = {"±": "Whiskers", "draws": "", "shows": "Shows", "variance": ""}
    lines = (
        f"{words.get(n, n)}: {text}".removeprefix(": ") for n, text in told.items()
    )
    notes = " ".join(f"{line[:1].upper()}{line[1:]}." for line in lines)
    return indices(rows, title, notes, results)


def _cells(estimate: "Estimate") -> tuple[str, str]:
    number = f"{estimate.number:.3f}".replace("-", "−")
    return number, f"{estimate.mc_error:.3f}"


def _told(found: "Parting | Shares", more: int) -> list[tuple[str, str]]:
    from mc.analysis.sobol import Parting

    told = [("variance", f"of {found.parted}")]
    if isinstance(found, Parting):
        told += [
            ("first", "the share of it that goes when the input is known"),
            ("total", "the share that is left when all else is known; more than first "
             "where inputs act together"),
            ("inputs", "drawn independently; of a parameter that a label or another "
             "one decides, what then remains of it"),
        ]  # fmt: skip
        told += [("dependent", f"{part.name}: {_TOGETHER}") for part in found.parts
                 if " + " in part.name]  # fmt: skip
    else:
        told += [
            ("Shapley", "shares that add to 1, of dependent inputs too"),
            ("total", "the share that is left when all else is known"),
        ]
        for names in found.dependent:
            told.append(("dependent", ", ".join(names)))
    told += [
        ("±", "one standard error, over replicates; a small negative number is 0"),
        ("draws", f"in each sample the first {found.num_draws:,}"),
        ("shows", "beliefs: which of them, known better, would narrow the answer"),
    ]
    if more > 0:
        told.append(("not shown", f"{more} inputs with less; all with --json"))
    return told
