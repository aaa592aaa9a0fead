"""``meekmc classify``: meek or mighty, why, and the limit of the gap."""

import dataclasses
import json
import math
import re
from typing import TYPE_CHECKING, Annotated, Any

import typer

from experiments.cli import completion
from experiments.cli.waiting import waiting
from mc.model.registry import (
    BadArgument,
    MetricChoice,
    UnknownName,
    metric_choice,
    metric_names,
)
from mc.model.tokens import BadFormula, check
from priors.faults import Fault, Refusal, nearest

if TYPE_CHECKING:
    from mc.model.entries import Entry
    from mc.model.meekness import Verdict

EXAMPLE_CLOCK_RATIO = 0.518
"""a/b at the growth rates of 2025 (the paper's central values), for an example."""
SETTINGS = {"ignore_unknown_options": True, "help_option_names": ["--help"]}
"""A formula may begin with a minus, as in ``-tanh(x)``: it is no short option."""
_NAMED = re.compile(r"\s*[A-Za-z_][A-Za-z0-9_]*\s*(?::.*)?")
_VARIABLES = ("x", "C")

Asked = Annotated[
    str,
    typer.Argument(
        metavar='METRIC|"FORMULA"',
        autocompletion=completion.metrics,
        help="A metric of the registry, or a formula in C or in x = ln C; more is "
        "better, other names are positive parameters.",
    ),
]
AsJson = Annotated[bool, typer.Option("--json", metavar="", help="Print JSON only.")]


@dataclasses.dataclass(frozen=True, kw_only=True)
class Classified:
    """What is said of one metric.

    Attributes:
        formula: How its formula was understood; empty where it has none.
        verdict: Its class.
        limit: Limit of the gap in words, where the theorems do not speak of it.
    """

    formula: str
    verdict: "Verdict"
    limit: str = ""


def classify(asked: Asked, *, as_json: AsJson = False) -> None:
    """Say whether a metric is meek or mighty, and what its gap tends to."""
    choice = named(asked)
    found = of_entry(choice.entry) if choice else _of_formula(asked)
    if as_json:
        told = _record(asked, found)
        typer.echo(json.dumps(told, ensure_ascii=False, allow_nan=False, indent=1))
        return
    from experiments.cli.terminal import Screen

    screen = Screen()
    screen.title(asked)
    screen.labelled(_said(found))


def named(text: str) -> MetricChoice | None:
    """The metric that a name stands for; None for a formula.

    Raises:
        Refusal: If it is a name, and there is no such metric.
    """
    if not _NAMED.fullmatch(text) or text.strip() in _VARIABLES:
        return None
    try:
        return metric_choice(text)
    except UnknownName as error:
        hint = nearest(error.name, metric_names())
        raise Refusal(Fault(f"{error}{hint}", key="METRIC")) from error
    except BadArgument as error:
        hint = nearest(error.name, error.known)
        raise Refusal(Fault(f"{error}{hint}", key="METRIC")) from error


def of_entry(entry: "Entry") -> Classified:
    """The class of a metric of the registry."""
    from mc.model.meekness import Verdict

    if entry.not_normal or not entry.formula:
        why = entry.not_normal or "it has no formula in one actor's compute"
        verdict = Verdict(kind="not-normal", reason=f"{_sentence(why)}.")
        return Classified(formula="", verdict=verdict, limit=entry.limit)
    return _of_formula(entry.formula)


def _of_formula(text: str) -> Classified:
    try:
        check(text)
        from mc.model.formula import parse

        formula = parse(text)
    except BadFormula as error:
        raise Refusal(Fault(str(error))) from error
    from mc.model import meekness

    positive = formula.assuming(positive=formula.parameters)
    with waiting("looking for the limit of the gap"):
        verdict = meekness.classify(positive.expression, positive.variable)
    return Classified(formula=formula.echo, verdict=verdict)


def limit_in_words(found: Classified) -> str:
    """The limit of the gap for a reader, with a number where there is one."""
    verdict = found.verdict
    if found.limit:
        return found.limit
    if verdict.kind != "mighty-constant":
        return {"0": "0", "oo": "infinite"}.get(verdict.limit_gap, "not known")
    words = verdict.limit_gap.replace("*", "·").replace("log(b/a)", "ln(b/a)")
    if verdict.rate is None or verdict.rate.free_symbols:
        return words
    number = -float(verdict.rate) * math.log(EXAMPLE_CLOCK_RATIO)
    at = f"at r = a/b = {EXAMPLE_CLOCK_RATIO} (the 2025 rates)"
    return f"{words}, e.g. {number:.3g} {at}; a, b: growth of meek and frontier log C"


def _said(found: Classified) -> list[tuple[str, str]]:
    from mc.model.meekness import KINDS

    verdict = found.verdict
    bounded = {True: "yes", False: "no", None: "not known"}[verdict.bounded]
    said = [("formula", found.formula)] if found.formula else []
    said += [
        ("class", KINDS[verdict.kind]),
        ("limit of the gap", limit_in_words(found)),
    ]
    if verdict.kind != "not-normal":
        said.append(("bounded", bounded))
    if verdict.theorem:
        said.append(("theorem", f"{verdict.theorem} of arXiv 2607.00913"))
    return [*said, ("reason", verdict.reason)]


def _record(asked: str, found: Classified) -> dict[str, Any]:
    verdict = found.verdict
    limits: dict[str, Any] = {"0": 0, "oo": "inf", "?": found.limit or None}
    return {
        "input": asked,
        "formula": found.formula,
        "class": verdict.kind,
        "bounded": verdict.bounded,
        "limit_gap": limits.get(verdict.limit_gap, verdict.limit_gap),
        "coefficient": _number(verdict.rate),
        "theorem": verdict.theorem,
        "reason": verdict.reason,
        "place": _finite(verdict.place),
    }


def _number(rate: Any) -> Any:
    """L as a number, as text where it has parameters, infinity as ``inf``."""
    if rate is None:
        return None
    return str(rate) if rate.free_symbols else _finite(float(rate))


def _finite(value: float | None) -> float | str | None:
    return "inf" if value == math.inf else value


def _sentence(text: str) -> str:
    return f"{text[:1].upper()}{text[1:]}"
