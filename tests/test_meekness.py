"""Known classes, and the answers that no numbers alone may give."""

import functools
import itertools
import math
from typing import Any

import mpmath
import pytest
import sympy as sp
from hypothesis import given, settings
from hypothesis import strategies as st
from tiers import tiered

from mc.model import meekness, patience
from mc.model.evaluation import NotReal, Pole, exact
from mc.model.formula import parse
from mc.model.limits import limits
from mc.model.meekness import LOWEST_COMPUTE, Verdict, classify, decide

BOUNDED = [
    "c0 + c1/(1 + exp(-b*(x - m)))",
    "exp(-n*C**-g)",
    "tanh(k*log(x))",
    "tanh(log(log(C)))",
    "-(E + A*C**-g)",
    "-log(E + A*C**-g)",
    "exp(n*log(1 - e0*C**-g))",
    "C/(1 + C)",
    "erf(x/10)",
    "atan(x)",
    "1 - 1/log(log(log(C)))",
    "1 - exp(-p*C)",
    "5",
]
SLOW = [
    "log(log(C))**0.5",
    "log(log(C))**0.99",
    "log(log(log(C)))",
    "log(log(C))/log(log(log(C)))",
]
BOUNDARY = {
    "log(log(C))": "1",
    "3*log(log(C))": "3",
    "L*log(x)": "L",
    "log(log(C)) + log(log(log(C)))": "1",
    "log(log(C)) + 1/log(C)": "1",
    "x/(1 + x/log(x))": "1",
}
DIVERGING = [
    "log(C)",
    "log(C)**0.01",
    "sqrt(log(C))",
    "C",
    "C**2",
    "C**0.1",
    "exp(exp(x))",
    "-log(A*C**-g)",
    "-log(0 + A*C**-g)",
    "-log10(1 - exp(-n*A*C**-g))",
    "log(log(C))**1.01",
    "log(log(C))**2",
    "log(log(C))*log(log(log(C)))",
    "exp(sqrt(log(log(C))))",
    "E0 + S*x/log(10)",
    "-L/log(1 - e0*exp(-g*x))",
]
NOT_NORMAL = {
    "sin(C)": None,
    "-log(C)": math.log(LOWEST_COMPUTE),
    "-tanh(x)": math.log(LOWEST_COMPUTE),
    "-erf(x/4)": math.log(LOWEST_COMPUTE),
    "1/(log(C) - 50)": 50.0,
    "-1/(log(C) - 50)": 50.0,
    "1/(x - 50)**2": 50.0,
    "sqrt(log(C) - 30)": 30.0,
    "log(30 - x)": 30.0,
    "log(C) + 2*sin(log(C))": 20 * math.pi / 3,
    "x - 3/(1 + exp(-100*(x - 77.7)))": 77.64302917774438,
    "sin(log(log(x)))": math.exp(math.exp(math.pi / 2)),
}
U = "log(log(C))"
STAIRS = (
    f"sqrt({U}) + atan((1 - 1/sqrt({U}))*sin(2*pi*sqrt({U}))"
    f"/(1 - (1 - 1/sqrt({U}))*cos(2*pi*sqrt({U}))))/pi"
)


@functools.cache
def verdict(text: str) -> Verdict:
    formula = parse(text)
    signed = formula.assuming(positive=formula.parameters).expression
    *_, last = decide(signed, formula.variable, math.log(LOWEST_COMPUTE))
    return last


@pytest.mark.parametrize("text", BOUNDED)
def test_a_bounded_metric_is_meek_by_theorem_2_4(text: str):
    found = verdict(text)
    assert (found.kind, found.theorem, found.limit_gap) == ("meek", "2.4", "0")
    assert found.bounded is True


@pytest.mark.parametrize("text", SLOW)
def test_slower_than_the_logarithm_of_log_compute_is_meek(text: str):
    found = verdict(text)
    assert (found.kind, found.theorem, found.limit_gap) == ("meek", "2.5", "0")
    assert found.bounded is False


@pytest.mark.parametrize("text", BOUNDARY)
def test_at_the_boundary_the_gap_settles(text: str):
    found = verdict(text)
    assert (found.kind, str(found.rate)) == ("mighty-constant", BOUNDARY[text])
    assert found.slope == 0
    assert found.limit_gap.endswith("log(b/a)")


@pytest.mark.parametrize("text", tiered(DIVERGING, quick=DIVERGING[:8]))
def test_faster_than_the_boundary_the_gap_diverges(text: str):
    found = verdict(text)
    assert (found.kind, found.limit_gap) == ("mighty-diverging", "oo")
    assert found.bounded is False


@pytest.mark.parametrize("text", NOT_NORMAL)
def test_what_falls_or_is_not_real_is_no_metric_and_the_place_is_told(text: str):
    found = verdict(text)
    assert found.kind == "not-normal"
    assert found.place is not None
    if NOT_NORMAL[text] is not None:
        assert found.place == pytest.approx(NOT_NORMAL[text], rel=1e-3)


def test_a_rate_that_oscillates_for_ever_is_undetermined():
    found = verdict("log(log(C)) + 0.5*sin(log(log(C)))")
    assert found.kind == "undetermined"
    assert "not eventually monotone" in found.reason


def test_an_oscillation_that_dies_out_is_meek():
    assert verdict(f"sqrt({U}) + sin(sqrt({U}))").kind == "meek"
    assert verdict("log(x) + exp(-x)*sin(x)").kind == "mighty-constant"


@pytest.mark.slow
def test_stairs_that_grow_steeper_are_undetermined_though_f_is_small():
    """Steps at u = n² of a height and a width that stay: F/u goes to 0."""
    formula = parse(STAIRS)
    found = classify(formula.expression, formula.variable)
    assert found.kind == "undetermined"
    assert "not eventually monotone" in found.reason


def test_a_class_that_depends_on_a_parameter_is_told_by_cases():
    found = verdict("log(log(C))**p")
    assert found.kind == "undetermined"
    assert "p = 0.5: meek" in found.reason
    assert "p = 1: mighty-constant" in found.reason
    assert "p = 2: mighty-diverging" in found.reason
    assert verdict("x**p").kind == "mighty-diverging"


def test_harm_is_meek_only_if_alignment_outruns_it():
    found = verdict("-exp(l*x)/(1 + exp(e*(x - m)))")
    assert found.kind == "undetermined"
    assert "e = 2: meek" in found.reason


def test_a_wrong_limit_of_sympy_is_not_believed(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(meekness, "limit", lambda *_: sp.oo)
    monkeypatch.setattr(meekness, "rate", lambda *_: sp.S.Zero)
    formula = parse("log(x) + 1/x")
    *_, last = decide(formula.expression, formula.variable, math.log(LOWEST_COMPUTE))
    assert last.kind == "undetermined"
    assert "far out it stands at 1" in last.reason
    monkeypatch.setattr(meekness, "limit", lambda *_: sp.Integer(2))
    formula = parse("1 - 1/x")
    *_, last = decide(formula.expression, formula.variable, math.log(LOWEST_COMPUTE))
    assert last.kind == "undetermined"


def test_classification_in_its_own_process_is_the_same():
    formula = parse("k*log(log(C))")
    found = classify(formula.expression, formula.variable)
    assert (found.kind, found.limit_gap) == ("mighty-constant", "k*log(b/a)")


def test_the_last_thing_found_counts_and_a_failure_is_told():
    assert patience.last(map, abs, (-1, -2), seconds=5.0) == 2
    assert patience.last(iter, (), seconds=5.0) is None
    with pytest.raises(RuntimeError, match="TypeError"):
        patience.last(itertools.count, "no number", seconds=5.0)


def test_limits_are_in_terms_of_the_parameters():
    formula = parse("-(E + A*C**-g)")
    signed = formula.assuming(positive=formula.parameters)
    found = limits(signed.expression, signed.variable)
    assert (str(found.supremum), found.rate, found.slope) == ("-E", 0, 0)
    found = limits(parse("3*x").expression, formula.variable)
    assert (found.supremum, found.rate, found.slope) == (sp.oo, sp.oo, 3)


def test_many_digits_are_taken_where_terms_cancel():
    formula = parse("log(1 - exp(-x))")
    value = exact(formula.expression, {formula.variable: 400.0})
    assert value == pytest.approx(-math.exp(-400), rel=1e-12)
    with pytest.raises(NotReal):
        exact(parse("log(x)").expression, {formula.variable: -1.0})
    with pytest.raises(Pole):
        exact(parse("1/x").expression, {formula.variable: 0.0})


SLOW_PATHS = {
    "meek": ["log(log(x))", "log(x)**0.5", "log(x)/log(log(x))", "-1/x", "atan(x)"],
    "mighty-constant": ["log(x)", "3*log(x)", "log(x) + 1/x"],
    "mighty-diverging": ["x", "sqrt(x)", "log(x)**2", "log(x)*log(log(x))"],
}
EXPONENTIAL = [mpmath.mpf(10) ** (10**k) for k in (1, 2, 3)]
POWER_LAW = [mpmath.mpf(10) ** k for k in (3, 30, 300)]
CLOCKS = (EXPONENTIAL, POWER_LAW)
PAIRS = st.tuples(st.floats(0.1, 2.0), st.floats(1.2, 4.0))


@given(st.sampled_from(sorted(SLOW_PATHS)), st.integers(0, 4), PAIRS)
@settings(max_examples=60, deadline=None)
def test_power_law_compute_has_the_class_of_exponential_compute(kind, index, pair):
    """Theorem 2.6: C0·t^p against C0·t^q, at t = 10^(10^k)."""
    texts = SLOW_PATHS[kind]
    text = texts[index % len(texts)]
    assert verdict(text).kind == kind
    slow, ratio = pair
    for times in CLOCKS:
        first, _, last = (_gap(text, slow, slow * ratio, clock) for clock in times)
        if kind == "meek":
            assert last < 0.9 * first
        elif kind == "mighty-diverging":
            assert last > 1.3 * first
        else:
            wanted = float(str(verdict(text).rate)) * math.log(ratio)
            assert last == pytest.approx(wanted, rel=0.02)


def _gap(text: str, slow: float, fast: float, clock: Any) -> float:
    """The gap where log compute has grown by growth·clock: t, or ln t on power laws."""
    formula, start = parse(text), math.log(1e25)
    with mpmath.workdps(60):
        ends = [
            exact(formula.expression, {formula.variable: start + growth * clock})
            for growth in (slow, fast)
        ]
        return float(ends[1] - ends[0])
