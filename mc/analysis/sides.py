"""Two worlds to compare: of two runs, or of one, and whether they share their draws."""

import dataclasses
from collections.abc import Mapping, Sequence
from typing import Any

from mc.analysis.events import epoch_of
from mc.engine.results import Results
from mc.engine.scenario import BASELINE
from priors.faults import Fault, Refusal, nearest
from priors.units import years_since

SCENARIO, METRIC = "--scenario", "--metric"
_SAME = ("name", "arguments", "unit")
"""What makes a metric the same in two runs; its tolerance may differ."""


@dataclasses.dataclass(frozen=True, kw_only=True, eq=False)
class Side:
    """One world of one run.

    Attributes:
        results: The run.
        scenario: The world.
    """

    results: Results
    scenario: str

    @property
    def configuration(self) -> Mapping[str, Any]:
        """All that decides the run's numbers."""
        return self.results.manifest["configuration"]

    @property
    def world(self) -> Mapping[str, Any]:
        """The world as the manifest tells it."""
        worlds = self.results.manifest["scenarios"]
        return next(told for told in worlds if told["name"] == self.scenario)

    @property
    def draws(self) -> int:
        """Draws of the run."""
        return int(self.results.manifest["draws"]["total"])


@dataclasses.dataclass(frozen=True, kw_only=True, eq=False)
class Pair:
    """Two worlds whose figures are set against each other.

    Attributes:
        before: What is changed.
        after: What it is changed to.
        metrics: Metrics that both have, in the order of the first.
        unlike: Why a draw of one is not a draw of the other; empty where they are
            paired.
    """

    before: Side
    after: Side
    metrics: tuple[str, ...]
    unlike: tuple[str, ...]

    @property
    def is_paired(self) -> bool:
        """Whether both share every draw."""
        return not self.unlike

    @property
    def shift(self) -> float:
        """Years from the first epoch to the second."""
        epochs = epoch_of(self.before.results), epoch_of(self.after.results)
        return years_since(*epochs)


def pairs_of(
    before: Results,
    after: Results | None,
    scenarios: Sequence[str] = (),
    metrics: Sequence[str] = (),
) -> tuple[Pair, ...]:
    """Worlds of the same name of two runs, or each world of one and its baseline.

    Args:
        before: A run.
        after: Another; None for the scenarios of the first.
        scenarios: Only these; all if empty.
        metrics: Only these; all that both runs have if empty.

    Raises:
        Refusal: If there is nothing to compare, or a name is not known.
    """
    known = [told["name"] for told in before.manifest["scenarios"]]
    if after is None:
        known = known[1:]
        if not known:
            message = "follows no scenario: give a second run to compare it with"
            raise Refusal(Fault(message, key=f"run {before.run_id}"))
    else:
        there = {told["name"] for told in after.manifest["scenarios"]}
        known = [name for name in known if name in there]
    chosen = _chosen(scenarios, known, SCENARIO)
    common = _common(before, after or before)
    names = _chosen(metrics, common, METRIC)
    unlike = _unlike(before, after or before)
    return tuple(
        Pair(
            before=Side(results=before, scenario=BASELINE if after is None else name),
            after=Side(results=after or before, scenario=name),
            metrics=names,
            unlike=unlike,
        )
        for name in chosen
    )


def _chosen(asked: Sequence[str], known: Sequence[str], option: str) -> tuple[str, ...]:
    there = f"(there is: {', '.join(known)})"
    faults = [
        Fault(f"no {name} to compare{nearest(name, known)} {there}", key=option)
        for name in asked
        if name not in known
    ]
    if faults:
        raise Refusal(faults)
    return tuple(name for name in known if not asked or name in asked)


def _common(before: Results, after: Results) -> list[str]:
    """Metrics that mean the same in both runs.

    Raises:
        Refusal: If there is none, or events are sought to different dates.
    """
    one, other = (run.manifest["configuration"] for run in (before, after))
    ends = one["events_until"], other["events_until"]
    if ends[0] != ends[1]:
        message = (
            f"events are sought until {ends[0]} in one run, {ends[1]} in the other"
        )
        raise Refusal(Fault(f"{message}: what is beyond differs", key="--events-until"))
    mine, theirs = before.manifest["metrics"], after.manifest["metrics"]
    common = [
        name
        for name, told in mine.items()
        if name in theirs and all(told[k] == theirs[name][k] for k in _SAME)
    ]
    if not common:
        hints = [nearest(name, theirs) for name in mine]
        hint = next(filter(None, hints), "")
        message = (
            f"the runs have no metric in common{hint} ({', '.join(mine)}; "
            f"{', '.join(theirs)})"
        )
        raise Refusal(Fault(message, key=METRIC))
    return common


def _unlike(before: Results, after: Results) -> tuple[str, ...]:
    """What keeps a draw of one run from being a draw of the other."""
    one, other = (run.manifest["configuration"] for run in (before, after))
    told = [
        f"{name} {one[name]} and {other[name]}"
        for name in ("seed", "design", "replicates")
        if one[name] != other[name]
    ]
    sizes = [run.manifest["draws"]["total"] for run in (before, after)]
    if sizes[0] != sizes[1]:
        told.append(f"{sizes[0]:,} and {sizes[1]:,} draws")
    return tuple(told)


def differences(pair: Pair) -> dict[str, str]:
    """What the two worlds do not have alike, in words, by what it is."""
    sides = pair.before, pair.after
    found: dict[str, str] = {}
    if names := _other_beliefs(pair):
        cards = [side.results.manifest["card"]["name"] for side in sides]
        which = f"{cards[0]}, then {cards[1]}: " if cards[0] != cards[1] else ""
        found["beliefs"] = f"{which}{', '.join(names)}"
    paths = [side.world["path"] for side in sides]
    actors = [side.world.get("actor", {}).get("name", "the card's") for side in sides]
    changes = ["; ".join(side.world.get("changes", [])) or "none" for side in sides]
    epochs = [epoch_of(side.results).isoformat() for side in sides]
    for what, (one, other) in (
        ("path", paths), ("actor", actors), ("changes", changes),
        ("reference date", epochs),
    ):  # fmt: skip
        if one != other:
            found[what] = f"{one}, then {other}"
    for name in pair.metrics:
        bars = [side.results.manifest["metrics"][name]["tolerance"] for side in sides]
        if bars[0] != bars[1]:
            found[f"tolerance of {name}"] = f"{bars[0]:g}, then {bars[1]:g}"
    return found


def _other_beliefs(pair: Pair) -> list[str]:
    """Parameters and components that either run drew and that the cards tell apart."""
    cards = [
        side.results.manifest["card"]["tables"] for side in (pair.before, pair.after)
    ]
    drawn = {
        str(name)
        for side in (pair.before, pair.after)
        for name in side.results.parameters.data_vars
    }
    found = []
    for table, prefix in (("parameters", ""), ("components", "components.")):
        one, other = (_said(card.get(table, {})) for card in cards)
        found += [
            name
            for name in sorted(one.keys() | other.keys())
            if f"{prefix}{name}" in drawn and one.get(name) != other.get(name)
        ]
    if cards[0].get("dependence", {}) != cards[1].get("dependence", {}):
        found.append("dependence")
    return found


def _said(tables: Mapping[str, Any]) -> dict[str, Any]:
    """What each table says of numbers; sources and notes do not count."""
    words = ("source", "date", "note", "evidence")
    return {
        name: {key: value for key, value in table.items() if key not in words}
        if isinstance(table, Mapping)
        else table
        for name, table in tables.items()
    }
