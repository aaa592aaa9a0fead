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
ROUNDING = 1e-6
"""A share of the variance below which readings do nothing."""
_TOGETHER = (
    "as one, for Sobol' indices want independent inputs; --method shapley parts them"
)
_SET = (
    "mechanisms, each set on its own: with the values that it has in the run, whatever "
    "the others have"
)
_READINGS = (
    "how metrics depend on compute, as the card's observations have it of each draw"
)
Rows = dict[str, dict[str, "Estimate"]]


def rows_of(found: "Parting | Shares") -> Rows:
    """The indices of each input, by its name and theirs."""
    from mc.analysis.margins import READINGS
    from mc.analysis.sobol import Parting

    if isinstance(found, Parting):
        rows = {p.name: {"first": p.first, "total": p.total} for p in found.parts}
    else:
        rows = {s.name: {"Shapley": s.effect, "total": s.total} for s in found.shares}
    if READINGS in rows and rows[READINGS]["total"].number < ROUNDING:
        del rows[READINGS]
    return rows


def show(screen: "Screen", found: "Parting | Shares", plan: "Plan") -> None:
    """Write the table and what its columns are."""
    screen.title(_title(found))
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
        "as": found.shown_as,
        "parted": found.parted,
        "draws": found.num_draws,
        "cannot_be_set": list(found.left),
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
    title = _title(found)
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


def _title(found: "Parting | Shares") -> str:
    title = f"What the variance behind {found.target.name} comes from"
    return f"{title}, if all is done" if _is_done(found) else title


def _is_done(found: "Parting | Shares") -> bool:
    from mc.analysis.redraws import INTERVENTION

    return found.shown_as == INTERVENTION


def _told(found: "Parting | Shares", more: int) -> list[tuple[str, str]]:
    told = [("variance", f"of {found.parted}"), *_columns(found), *_inputs(found)]
    shows = "beliefs: which of them, known better, would narrow the answer"
    if _is_done(found):
        shows = "interventions: which thing, if it were made otherwise, would move most"
    told += [
        ("±", "one standard error, over replicates; a small negative number is 0"),
        ("draws", f"in each sample the first {found.num_draws:,}"),
        ("shows", shows),
    ]
    if more > 0:
        told.append(("not shown", f"{more} inputs with less; all with --json"))
    return told


def _columns(found: "Parting | Shares") -> list[tuple[str, str]]:
    """What the indices are."""
    from mc.analysis.sobol import Parting

    known = "set" if _is_done(found) else "known"
    if isinstance(found, Parting):
        return [
            ("first", f"the share of it that goes when the input is {known}"),
            ("total", f"the share that is left when all else is {known}; more than "
             "first where inputs act together"),
        ]  # fmt: skip
    shared = "shares that add to 1" + (
        "" if _is_done(found) else ", of dependent inputs too"
    )
    return [
        ("Shapley", shared),
        ("total", f"the share that is left when all else is {known}"),
    ]


def _inputs(found: "Parting | Shares") -> list[tuple[str, str]]:
    """What the inputs are, and what depends on what."""
    from mc.analysis.margins import READINGS
    from mc.analysis.sobol import Parting

    if _is_done(found):
        told = [("inputs", _SET)]
        told += [(READINGS, _READINGS)] if READINGS in rows_of(found) else []
        return told + ([("no input", ", ".join(found.left))] if found.left else [])
    if not isinstance(found, Parting):
        return [("dependent", ", ".join(names)) for names in found.dependent]
    joined = [part.name for part in found.parts if " + " in part.name]
    return [
        ("inputs", "drawn independently; of a parameter that a label or another one "
         "decides, what then remains of it"),
        *(("dependent", f"{name}: {_TOGETHER}") for name in joined),
    ]  # fmt: skip
