"""Two worlds beside each other: as rows of a file, as JSON, and as a figure."""

import dataclasses
import math
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import pandas as pd

from mc.analysis.closing import course
from mc.analysis.comparison import Change, by_draw, compare
from mc.analysis.events import DATES, epoch_of
from mc.analysis.sides import Pair, Side, differences
from mc.engine.scenario import BASELINE
from mc.outcomes.summaries import Row
from priors.faults import Fault, Refusal

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from mc.figures.compared import Panel


@dataclasses.dataclass(frozen=True, kw_only=True, eq=False)
class Compared:
    """Two worlds and how their figures differ.

    Attributes:
        pair: The worlds.
        names: What the runs were called by: folders, or cards.
        changes: Every figure.
        draws: Differences draw by draw; none where draws are not shared.
    """

    pair: Pair
    names: tuple[str, ...]
    changes: tuple[Change, ...]
    draws: tuple[Row, ...]

    @classmethod
    def of(cls, pair: Pair, names: tuple[str, ...]) -> "Compared":
        """Compare two worlds."""
        draws = by_draw(pair) if pair.is_paired else ()
        return cls(pair=pair, names=names, changes=compare(pair), draws=draws)

    @property
    def sides(self) -> dict[str, Side]:
        """Both worlds, the first before."""
        return {"before": self.pair.before, "after": self.pair.after}

    @property
    def told(self) -> dict[str, str]:
        """Both worlds in words."""
        names = (self.names[0], self.names[-1])
        return {
            place: _in_words(side, name)
            for (place, side), name in zip(self.sides.items(), names, strict=True)
        }

    @property
    def gain(self) -> float | None:
        """The geometric mean of the gains; None where none is known."""
        known = [math.log(one.gain) for one in self.changes if one.gain is not None]
        return math.exp(sum(known) / len(known)) if known else None


def table(found: Sequence[Compared]) -> pd.DataFrame:
    """A row each figure, and each difference draw by draw."""
    rows = []
    for one in found:
        rows += [_figure(change) for change in one.changes]
        rows += [dataclasses.asdict(row) for row in one.draws]
    first = ["scenario", "metric", "quantity", "statistic"]
    first += ["before", "before_text", "after", "after_text"]
    rest = [name for name in rows[0] if name not in first]
    made = pd.DataFrame(rows, columns=[*first, *rest])
    return made.astype({"mc_df": "Int64"})


def record(one: Compared) -> dict[str, Any]:
    """The same for JSON."""
    pair = one.pair
    found: dict[str, Any] = {
        "experiment": pair.before.results.manifest["experiment"]["name"]
    }
    for place, side in one.sides.items():
        who = {"run_id": side.results.run_id, "scenario": side.scenario}
        found[place] = {"told": one.told[place], **who}
    return found | {
        "differ": differences(pair),
        "paired": pair.is_paired,
        "unlike": list(pair.unlike),
        "gain": one.gain,
        "figures": [
            {
                "metric": change.before.metric,
                "quantity": change.before.quantity,
                "statistic": change.before.statistic,
                "before": dataclasses.asdict(change.before),
                "after": dataclasses.asdict(change.after),
                "change": dataclasses.asdict(change.moved),
                "gain": change.gain,
            }
            for change in one.changes
        ],
        "draw_by_draw": [dataclasses.asdict(row) for row in one.draws],
    }


def drawn(found: Sequence[Compared]) -> "Figure":
    """When the gap is closed in both worlds, and the difference, a row a metric.

    Raises:
        Refusal: If no draw has a date in any of them.
    """
    from mc.figures.compared import compared

    panels = [
        panel
        for one in found
        for metric in one.pair.metrics
        if (panel := _panel(one.pair, metric)) is not None
    ]
    if not panels:
        raise Refusal(Fault("no draw of either has a date to draw", key="--plot"))
    pair, told = found[0].pair, found[0].told
    is_one_run = pair.before.results is pair.after.results
    after = "its scenarios" if is_one_run and len(found) > 1 else told["after"]
    notes = [f"Before: {told['before']}. After: {after}."]
    words = [f"{what}: {text}" for what, text in differences(pair).items()]
    if words and (len(found) == 1 or not is_one_run):
        notes.append(f"What differs: {'; '.join(words)}.")
    return compared(panels, pair.before.results, epoch_of(pair.before.results), notes)


def _in_words(side: Side, name: str) -> str:
    card = side.results.manifest["card"]
    changed = f" with {', '.join(card['overridden'])} set" if card["overridden"] else ""
    words = name if name == card["name"] else f"{name}, card {card['name']}{changed}"
    world = "" if side.scenario == BASELINE else f", scenario {side.scenario}"
    return f"{words}{world} ({side.results.run_id}), {side.draws:,} draws"


def _figure(change: Change) -> dict[str, Any]:
    told = dataclasses.asdict(change.moved) | {"quantity": change.before.quantity}
    for place, row in (("before", change.before), ("after", change.after)):
        told |= {place: row.number, f"{place}_text": row.text}
    return told | {"gain": change.gain}


def _panel(pair: Pair, metric: str) -> "Panel | None":
    """The closing of a metric, or its peak where it never closes."""
    from mc.figures.compared import Panel

    for event in reversed(DATES):
        here = course(pair, metric, event)
        if here is not None:
            break
    else:
        return None
    world = pair.after.scenario
    return Panel(
        metric=metric,
        world="" if world == BASELINE else world,
        event=here.event,
        years=here.years,
        before=here.before,
        after=here.after,
        moved=here.moved,
        reach=here.reach,
        apart=here.apart if pair.is_paired else None,
    )
