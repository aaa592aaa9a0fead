"""What ``meekmc robustness`` shows: the headline in every setting, and what holds."""

import dataclasses
import math
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from experiments.cli import wording
from experiments.cli.strict_json import print_json
from experiments.cli.terminal import BULLET, Block, Screen
from experiments.cli.text_table import grid
from mc.analysis.robustness import FACTORS, Claim, Finding, Pull, claims, pulls
from mc.engine.plan import Plan
from priors.units import MONTHS_PER_YEAR

if TYPE_CHECKING:
    from matplotlib.figure import Figure

_CLOSED = "convergence_date"
_MOST_EXAMPLES = 3
_HOW = (
    "Each date: the median over all draws from which the gap stays closed at that "
    "tolerance. Never: the share of draws in which it never does, at the middle "
    "tolerance. All settings share their draws. Without bound: closed from the start, "
    "or never, in some of a set."
)


@dataclasses.dataclass(frozen=True, kw_only=True)
class Asked:
    """What was asked.

    Attributes:
        metric: As it was typed.
        plan: Of one setting; what all have alike is read from it.
        left_out: Why a path, card and actor are not among the settings.
    """

    metric: str
    plan: Plan
    left_out: Mapping[tuple[str, str, str], str]

    @property
    def name(self) -> str:
        """The experiment."""
        return self.plan.experiment.name

    @property
    def by(self) -> tuple[str, ...]:
        """Days before which the gap may be closed."""
        return tuple(str(day) for day in self.plan.experiment.by)

    @property
    def unit(self) -> str:
        """Unit of the tolerances."""
        return self.plan.metrics[0].entry.unit

    @property
    def behind(self) -> str:
        """The unit of a tolerance, where it does not go with the number."""
        return "" if self.unit in ("probability", "ratio") else f" ({self.unit})"

    def bar(self, value: float) -> str:
        """A tolerance as it is read."""
        told = wording.tolerance(value, self.unit)
        return f"{value:g}" if self.behind else told

    def claims(self, found: Sequence[Finding]) -> tuple[Claim, ...]:
        """What may be concluded."""
        return claims(found, self.by, str(self.plan.today))


def show(found: Sequence[Finding], asked: Asked, *, as_json: bool) -> None:
    """Write the table and what holds, or JSON."""
    if as_json:
        print_json(_record(found, asked))
        return
    screen = Screen()
    bars = _bars(found)
    screen.title(
        f"{asked.name}: when the gap of {asked.metric} is closed, "
        f"{len(found)} settings of path, card, actor and tolerance{asked.behind}, "
        f"{asked.plan.num_draws:,} draws of each"
    )
    for card in dict.fromkeys(one.setting.card for one in found):
        here = [one for one in found if one.setting.card == card]
        header = ("", *map(asked.bar, bars), "never")
        screen.lines("")
        screen.title(card)
        screen.lines(*grid(header, _lines(here, bars), screen.width))
    held = "\n".join(f"{BULLET}{_held(claim, found)}" for claim in asked.claims(found))
    screen.block(Block(title="What holds", paragraph=held))
    screen.block(Block(title="How far it moves"))
    screen.labelled([("range", _range(found, asked)), *map(_pulled, pulls(found))])
    if asked.left_out:
        screen.block(Block(title="Left out", paragraph=_reasons(asked.left_out)))
    screen.block(Block(title="How to read it", paragraph=f"{_HOW} {_errors(found)}"))


def _bars(found: Sequence[Finding]) -> list[float]:
    return sorted({one.setting.tolerance for one in found})


def _lines(found: Sequence[Finding], bars: Sequence[float]) -> list[tuple[str, ...]]:
    """A line each path and actor: a date for each tolerance."""
    by: dict[tuple[str, str], dict[float, Finding]] = {}
    for one in found:
        key = one.setting.path, one.setting.actor
        by.setdefault(key, {})[one.setting.tolerance] = one
    lines = []
    for (path, actor), row in by.items():
        dates = (wording.month(row[bar].closed.text) for bar in bars)
        middle = row[bars[len(bars) // 2]]
        never = middle.rows[_CLOSED, "p_never"].text
        lines.append((f"  {path}, {actor}", *dates, never))
    return lines


def _held(claim: Claim, found: Sequence[Finding]) -> str:
    total, true = len(claim.holds), sum(claim.holds)
    if true == total:
        words = f"in all {total}"
    elif true == 0:
        words = "in none"
    else:
        words = f"in {true} of {total}{_only(claim, found)}"
    if claim.close:
        words += f"; {claim.close} within two standard errors"
    return f"{claim.words}: {words}"


def _only(claim: Claim, found: Sequence[Finding]) -> str:
    """The one value of a factor that all exceptions, or all that hold, share."""
    for holds, words in ((False, "not in some with"), (True, "only with")):
        some = [
            one for one, is_so in zip(found, claim.holds, strict=True) if is_so is holds
        ]
        for factor in FACTORS:
            values = {getattr(one.setting, factor) for one in some}
            every = {getattr(one.setting, factor) for one in found}
            if len(values) == 1 < len(every):
                return f", {words} {factor} {_value(values.pop())}"
    return ""


def _value(value: str | float) -> str:
    return value if isinstance(value, str) else f"{value:g}"


def _range(found: Sequence[Finding], asked: Asked) -> str:
    first, last = (pick(found, key=lambda one: one.place) for pick in (min, max))
    return f"{_named(first, asked)}, to {_named(last, asked)}"


def _named(one: Finding, asked: Asked) -> str:
    setting = one.setting
    bar = asked.bar(setting.tolerance)
    words = f"{setting.path}, {setting.card}, {setting.actor}, {bar}"
    return f"{wording.month(one.closed.text)} ({words})"


def _pulled(pull: Pull) -> tuple[str, str]:
    middle, most = (_years(value) for value in (pull.median, pull.most))
    sets = f"{pull.groups} sets that differ in it alone"
    return pull.factor, f"{middle} in the median of {sets}, at most {most}"


def _years(value: float) -> str:
    return f"{value:.1f} years" if math.isfinite(value) else "without bound"


def _errors(found: Sequence[Finding]) -> str:
    errors = [one.closed.mc_error or 0.0 for one in found]
    share = max(one.rows[_CLOSED, "p_never"].mc_error or 0.0 for one in found)
    shares = f", shares {wording.short(100 * share)} points" if share else ""
    months = wording.short(MONTHS_PER_YEAR * max(errors))
    return f"Monte Carlo errors: dates at most {months} months{shares}."


def _reasons(left_out: Mapping[tuple[str, str, str], str]) -> str:
    groups: dict[str, list[str]] = {}
    for names, reason in left_out.items():
        groups.setdefault(reason, []).append(" + ".join(names))
    lines = []
    for reason, names in groups.items():
        more = len(names) - _MOST_EXAMPLES
        shown = "; ".join(names[:_MOST_EXAMPLES]) + (
            f"; {more} more" if more > 0 else ""
        )
        lines.append(f"{BULLET}{reason}: {shown}")
    return "\n".join(lines)


def _record(found: Sequence[Finding], asked: Asked) -> dict[str, Any]:
    plan = asked.plan
    return {
        "experiment": asked.name,
        "metric": asked.metric,
        "unit": asked.unit,
        "draws": plan.num_draws,
        "seed": plan.seed,
        "settings": [
            dataclasses.asdict(one.setting)
            | {
                "figures": [
                    dataclasses.asdict(row) | {"metric": asked.metric}
                    for row in one.rows.values()
                ]
            }
            for one in found
        ],
        "claims": [dataclasses.asdict(claim) for claim in asked.claims(found)],
        "moves": [dataclasses.asdict(pull) for pull in pulls(found)],
        "left_out": [
            {"path": path, "card": card, "actor": actor, "why": why}
            for (path, card, actor), why in asked.left_out.items()
        ],
    }


def drawn(found: Sequence[Finding], asked: Asked) -> "Figure":
    """The dates as dots, a row a card and path."""
    from mc.figures.robustness import Dot, robustness

    dots = [
        Dot(
            group=one.setting.card,
            row=one.setting.path,
            actor=one.setting.actor,
            tolerance=one.setting.tolerance,
            text=one.closed.text,
            status=one.closed.status,
        )
        for one in found
    ]
    bars = map(asked.bar, _bars(found))
    notes = [
        f"Experiment {asked.name}, {asked.plan.num_draws:,} draws of each setting, all "
        f"the same, seed {asked.plan.seed}. Dots: the median date, already and never "
        f"beside the axis. Lines: tolerances {', '.join(bars)}{asked.behind}; filled "
        "is the middle one.",
        " ".join(_sentence(_held(claim, found)) for claim in asked.claims(found)),
    ]
    title = f"When the gap of {asked.metric} is closed, in {len(found)} settings"
    return robustness(dots, title, notes)


def _sentence(words: str) -> str:
    return f"{words[:1].upper()}{words[1:]}."
