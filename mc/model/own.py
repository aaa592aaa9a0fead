"""Metrics of the user's own: a formula, a utility over a metric, or a function."""

import dataclasses
import functools
from collections.abc import Mapping
from typing import Any

import sympy

from mc.model.formula import BadFormula, Formula, parse, symbol, variable_symbol
from mc.model.limits import Limits, limits
from mc.model.measure import COMPUTE, Beliefs, NotNormal, Own, own_entry
from mc.model.meekness import classify
from mc.model.normality import Shape, abnormal
from mc.model.registry import LABEL, BadArgument, MetricChoice, metric_choice

START, MIDDLE = 3.0, 100
"""ln C where a stand-in for a metric begins, and where it has run half its range."""


@dataclasses.dataclass(frozen=True)
class OwnFormula(Own):
    """``LABEL=formula: …``: F in ``x = ln C`` and parameters of the card.

    Attributes:
        formula: What was typed, read.
        points: Values of the parameters that the card fixes, in their own units.
        kind: Its class at the card's central values; empty before a card is known.
    """

    formula: Formula
    logs: frozenset[str] = frozenset()
    points: tuple[tuple[str, float], ...] = ()
    kind: str = ""

    @property
    def needs(self) -> tuple[str, ...]:
        """The formula's parameters."""
        return self.formula.parameters

    @functools.cached_property
    def limits(self) -> Limits:
        """Where the formula and its slopes go; unknown where its class is."""
        if self.kind == "undetermined":
            return Limits()
        return limits(filled(self.formula, dict(self.points)), self.formula.variable)

    def bound(self, beliefs: Beliefs) -> "OwnFormula":
        """The formula under a card's beliefs, which its class rests on.

        Raises:
            NotNormal: If it falls, breaks or is no number at the central values.
        """
        verdict = classify(filled(self.formula, beliefs.central), self.formula.variable)
        if verdict.kind == "not-normal":
            raise NotNormal(verdict.reason)
        return dataclasses.replace(
            self,
            formula=self.formula.assuming(positive=beliefs.positive),
            logs=beliefs.logs,
            points=tuple(sorted(beliefs.points.items())),
            kind=verdict.kind,
        )

    def description(self) -> dict[str, Any]:
        """What decides its numbers."""
        return {"formula": self.formula.text}


@dataclasses.dataclass(frozen=True)
class OwnUtility(Own):
    """``LABEL=of METRIC: …``: a function of a metric ``y``, rising where y is better.

    Attributes:
        inner: The metric, as typed.
        formula: The function of ``y``, read.
        kind: Its class as a function of compute; empty before that is asked.
        turned: −1 where less of it is better, else 1.
    """

    inner: str
    formula: Formula
    logs: frozenset[str] = frozenset()
    kind: str = ""
    turned: int = 1

    @property
    def needs(self) -> tuple[str, ...]:
        """The formula's parameters; the metric's own come with the metric."""
        return self.formula.parameters

    @functools.cached_property
    def choice(self) -> MetricChoice:
        """The metric it is a function of."""
        return metric_choice(self.inner)

    def bound(self, beliefs: Beliefs) -> "OwnUtility":
        """The utility under a card's beliefs, with its class.

        Raises:
            NotNormal: If it does not rise with what is better of the metric.
        """
        falls = self.choice.entry.direction.startswith("lower")
        outer = filled(self.formula, beliefs.central)
        turned = self._turned(outer, falls=falls)
        composed = outer.xreplace({self.formula.variable: self._metric(falls=falls)})
        verdict = classify(turned * composed, variable_symbol("x"))
        if verdict.kind == "not-normal":
            raise NotNormal(verdict.reason)
        return dataclasses.replace(
            self, logs=beliefs.logs, kind=verdict.kind, turned=turned
        )

    def description(self) -> dict[str, Any]:
        """What decides its numbers."""
        return {"formula": self.formula.text, "of": self.choice.description()}

    def _turned(self, outer: Any, *, falls: bool) -> int:
        """1 where U rises with what is better, −1 where U is of a loss and rises.

        Raises:
            NotNormal: If U is not monotone over every value the metric can have.
        """
        y, low = self.formula.variable, self.choice.entry.bounds
        x = variable_symbol("x")
        every = {
            (True, True): 1 / (1 + sympy.exp(MIDDLE - x)),
            (True, False): sympy.exp(x - MIDDLE),
        }.get((low[0] is not None, low[1] is not None), x - MIDDLE)
        shape = Shape(outer.xreplace({y: every}), x)
        fault = abnormal(shape, low=START)
        if falls and fault is not None:
            if abnormal(Shape(-shape.expression, x), low=START) is None:
                return 1
            fault = abnormal(shape, low=START)
        elif falls:
            return -1
        if fault is not None:
            place = float(every.subs(x, fault.x))
            raise NotNormal(f"as a function of y {fault.why}, at y = {place:.4g}")
        return 1

    def _metric(self, *, falls: bool) -> Any:
        """``y`` as a function of ``x = ln C`` and positive constants of its own."""
        inside = parse(self.choice.entry.formula)
        expression: Any = inside.expression
        renamed = {
            old: symbol(f"{old}_of_metric", positive=True)
            for old in expression.free_symbols - {inside.variable}
        }
        expression = expression.xreplace(renamed)
        return -expression if falls else expression


def filled(formula: Formula, values: Mapping[str, float]) -> Any:
    """The expression with numbers for the parameters in ``values``."""
    expression: Any = formula.expression
    numbers = {
        s: sympy.Rational(repr(values[s.name]))
        for s in expression.free_symbols
        if s.name in values
    }
    return expression.xreplace(numbers)


def own_choice(label: str | None, kind: str, rest: str) -> MetricChoice:
    """Read what stands behind ``formula:`` or ``of``.

    Args:
        label: What stands before ``=``; None where nothing does.
        kind: ``formula`` or ``of``.
        rest: What stands behind it.

    Raises:
        BadArgument: If there is no label, or the formula is not allowed.
        UnknownName: If a utility is over an unknown metric.
    """
    if not label:
        raise BadArgument(f"{kind} … needs a label: mine={kind}{_EXAMPLE[kind]}")
    if not LABEL.fullmatch(label):
        raise BadArgument(f"label {label!r}: letters, digits, '_', '.' and '-' only")
    try:
        return _formula(label, rest) if kind == "formula" else _utility(label, rest)
    except BadFormula as error:
        raise BadArgument(f"{label}: {error}") from error


_EXAMPLE = {
    "formula": ": 1/(1+exp(-k*(x-m)))",
    "of": " task_success_1h: -log10(1-y)",
}


def _formula(label: str, text: str) -> MetricChoice:
    formula = parse(text, variable="x")
    entry = own_entry(
        record="FormulaMetric",
        module="mc.model.formula_metric",
        summary=f"formula: {formula.text}",
        needs=(COMPUTE, *(((name,),) for name in formula.parameters)),
        tolerance=0.05,
    )
    return MetricChoice(label=label, entry=entry, own=OwnFormula(formula))


def _utility(label: str, rest: str) -> MetricChoice:
    inner, colon, text = rest.rpartition(":")
    if not colon:
        raise BadArgument(f"{label}: write of METRIC: formula in y")
    formula = parse(text.strip(), variable="y")
    own = OwnUtility(inner.strip(), formula)
    choice = own.choice
    if choice.own is not None:
        raise BadArgument(f"{label}: a utility is over a metric of the registry")
    if not choice.entry.formula:
        raise BadArgument(
            f"{label}: no utility over {choice.entry.name}: {choice.entry.not_normal}"
        )
    entry = dataclasses.replace(
        own_entry(
            record="UtilityMetric",
            module="mc.model.utility_metric",
            summary=f"{formula.text} of {choice.label}",
            needs=(
                *choice.entry.needs,
                *(((name,),) for name in formula.parameters),
            ),
            tolerance=0.05,
        ),
        caveats=choice.entry.caveats,
        undefined=choice.entry.undefined,
        arguments=choice.entry.arguments,
        fixed=choice.entry.fixed,
    )
    return MetricChoice(
        label=label,
        entry=entry,
        arguments=choice.arguments,
        words=choice.words,
        own=own,
    )
