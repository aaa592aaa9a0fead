"""What ``meekmc compare`` shows: figures in two worlds, and what lies between them."""

import dataclasses
from collections.abc import Sequence
from pathlib import Path

from experiments.cli import wording
from experiments.cli.compare.worlds import Compared, record, table
from experiments.cli.strict_json import print_json
from experiments.cli.summary_figures import cell, is_settled, label_of, write
from experiments.cli.terminal import Block, Screen
from experiments.cli.text_table import grid
from mc.analysis.comparison import Change
from mc.analysis.sides import Pair, differences
from mc.engine.scenario import BASELINE
from mc.outcomes.summaries import Row

HEADER = ("", "before", "after", "change", "±", "gain")
_MOVED = {
    "convergence_delay": "closes later by",
    "peak_delay": "peaks later by",
}
_WITHOUT_NUMBER = {"already": "−∞", "beyond": "late", "undetermined": "–", "never": "∞"}
_UNKNOWN = 0.995
"""Share of draws without a date in either world from which delays say nothing."""
_HOW = (
    "Change: of dates in years, of probabilities in points, of heights in their unit, "
    "of ratios how many times higher; −∞ from no date to one, or to closed from the "
    "start, ∞ the other way, late past the window, – nothing known. ±: its Monte Carlo "
    "error, in the same unit."
)
_GAIN = (
    " Gain: how many times smaller its variance is than that of two runs without "
    "common draws; known to a factor of two from {replicates} replicates. Later by: "
    "50 % [5–95 %] over all draws, each set against the same draw of the other world."
)


def show(found: Sequence[Compared], file: Path | None, *, as_json: bool) -> None:
    """Write what differs: as tables, as a file, or as JSON."""
    write(table(found), file)
    if as_json:
        print_json({"comparisons": [record(one) for one in found]})
        return
    screen = Screen()
    for one in found:
        if one is not found[0]:
            screen.lines("")
        _show(screen, one)
    how = _HOW
    if found[0].pair.is_paired:
        replicates = found[0].pair.before.configuration["replicates"]
        how += _GAIN.format(replicates=replicates)
    screen.block(Block(title="How to read it", paragraph=how))


def _show(screen: Screen, one: Compared) -> None:
    pair = one.pair
    question = pair.before.results.manifest["experiment"]["name"]
    world = "" if pair.after.scenario == BASELINE else f", {pair.after.scenario}"
    screen.title(f"{question}{world}: before and after")
    told = [*one.told.items(), *differences(pair).items(), ("draws", _draws(one))]
    if not differences(pair):
        told.insert(2, ("differ", "in nothing that moves a figure"))
    screen.labelled([*told, *_notices(pair)])
    for metric in pair.metrics:
        changes = [c for c in one.changes if c.before.metric == metric]
        rows = [row for c in changes if (row := _line(c)) is not None]
        screen.lines("")
        screen.title(metric)
        screen.lines(*grid(HEADER, rows, screen.width))
        said = [d for event in _MOVED if (d := _by_draw(one, metric, event))]
        if said:
            screen.labelled(said)


def _draws(one: Compared) -> str:
    pair = one.pair
    if not pair.is_paired:
        return (
            f"unpaired: {', '.join(pair.unlike)}; errors are those of independent runs"
        )
    told = pair.before.configuration
    shared = f"paired: seed {told['seed']}, {told['design']}, the same draws in both"
    if one.gain is None:
        return shared
    times = wording.short(one.gain)
    return f"{shared}; variances of differences are {times} times smaller for it"


def _notices(pair: Pair) -> list[tuple[str, str]]:
    """What else a reader has to know of the figures."""
    told = []
    sides = pair.before, pair.after
    sizes = [side.results.manifest["draws"] for side in sides]
    parts = [
        f"{n['stored']:,} of {n['total']:,}" for n in sizes if n["stored"] < n["total"]
    ]
    if parts:
        told.append(("stored", f"figures are of the draws kept: {', '.join(parts)}"))
    if any(side.configuration.get("preintegrate") for side in sides):
        words = "dates are counted draw by draw here, not integrated along lines"
        told.append(("plain", words))
    return told


def _line(change: Change) -> tuple[str, ...] | None:
    """A line of the table; None of a figure that is not shown, or says nothing."""
    before, after = (dataclasses.asdict(row) for row in (change.before, change.after))
    label = label_of(before)
    if label is None or is_settled(before, after):
        return None
    gain = "" if change.gain is None else f"×{wording.short(change.gain)}"
    unit = change.moved.unit
    texts = (cell(row)[0].removesuffix(unit).rstrip() for row in (before, after))
    if change.before.text.endswith(unit):
        label += f", {unit}"
    return (f"  {label}", *texts, *_moved(change.moved), gain)


def _moved(row: Row) -> tuple[str, str]:
    """A change and its error, without the unit that the column goes without."""
    if row.number is None:
        return _WITHOUT_NUMBER[row.status], ""
    factor = 100.0 if row.unit == "probability" else 1.0
    error = "" if row.mc_error is None else wording.short(factor * row.mc_error)
    if row.unit in ("years", "probability"):
        places = 2 if row.unit == "years" else 1
        text = f"{factor * row.number:+.{places}f}"
    else:
        text = f"{row.number:+.3g}" if row.unit != "ratio" else row.text
    return text.replace("-", "−"), error


def _by_draw(one: Compared, metric: str, name: str) -> tuple[str, str] | None:
    """What one draw sees, in words; None where next to none has a date."""
    rows = {
        row.statistic: row
        for row in one.draws
        if (row.metric, row.quantity) == (metric, name)
    }
    if not rows or (rows["p_undetermined"].number or 0.0) >= _UNKNOWN:
        return None
    low, middle, high = (_years(rows[level]) for level in wording.QUANTILES)
    shares = ", ".join(
        f"{word} in {rows[f'p_{word}'].text}" for word in ("sooner", "later")
    )
    return _MOVED[name], f"{middle} years [{low} to {high}]; {shares} of draws"


def _years(row: Row) -> str:
    if row.number is None:
        return _WITHOUT_NUMBER[row.status]
    return f"{row.number:+.2f}".replace("-", "−")
