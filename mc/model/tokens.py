"""What may stand in a formula at all, and where it does not: before any syntax."""

import keyword
import re
from collections.abc import Iterator

MAX_LENGTH = 500
MAX_DIGITS = 40
MAX_EXPONENT = 300
MAX_NAME = 64
SHOWN = 24
"""Characters of a formula that a message repeats from the place of the fault."""

_TOKEN = re.compile(
    r"(?P<number>(?:[0-9][0-9_]*\.?[0-9_]*|\.[0-9][0-9_]*)(?:[eE][+-]?[0-9]+)?)"
    r"|(?P<name>[A-Za-z_][A-Za-z0-9_]*)"
    r"|(?P<sign>\*\*|[-+*/(),])"
    r"|(?P<blank>[ ]+)"
)
_INSTEAD = {
    "^": "write ** for a power",
    "=": "a formula has no =",
    "[": "brackets are ( and )",
    "{": "brackets are ( and )",
    "]": "brackets are ( and )",
    "}": "brackets are ( and )",
    "−": "write - (this is another sign)",
    "·": "write *",
    "×": "write *",
    "÷": "write /",
    ".": "a formula has no attributes",
    "%": "write a share as a number",
    "\n": "a formula is one line",
}


class BadFormula(ValueError):
    """A formula that cannot be read.

    Attributes:
        position: Column of the fault, counted from 1.
    """

    def __init__(self, text: str, position: int, reason: str) -> None:
        rest = text[position - 1 : position - 1 + SHOWN]
        shown = "".join(c if c.isprintable() else "�" for c in rest)
        at = f'column {position} ("{shown}")' if shown else "the end"
        super().__init__(f"formula, at {at}: {reason}")
        self.position = position


def margin(text: str) -> int:
    """Blanks before the first sign."""
    return len(text) - len(text.lstrip())


def check(text: str) -> None:
    """Refuse what no formula holds: other signs, Python words, a missing operator.

    Raises:
        BadFormula: With the column of the first fault.
    """
    if len(text) > MAX_LENGTH:
        raise BadFormula(text, MAX_LENGTH + 1, f"longer than {MAX_LENGTH} characters")
    if not text.strip():
        raise BadFormula(text, 1, "a formula is empty")
    ended = False
    before = ""
    for kind, token, column in _tokens(text):
        starts = kind != "sign" or (token == "(" and before != "name")
        if ended and starts:
            raise BadFormula(text, column, "an operator is missing: write * for times")
        _check_token(text, kind, token, column)
        ended, before = kind != "sign" or token == ")", kind
        if token == ")":
            before = "sign"


def _tokens(text: str) -> Iterator[tuple[str, str, int]]:
    start, stop = margin(text), len(text.rstrip())
    while start < stop:
        found = _TOKEN.match(text, start, stop)
        if found is None:
            reason = _INSTEAD.get(text[start], "this sign has no place in a formula")
            raise BadFormula(text, start + 1, reason)
        if found.lastgroup != "blank":
            yield str(found.lastgroup), found[0], start + 1
        start = found.end()


def _check_token(text: str, kind: str, token: str, column: int) -> None:
    if kind == "number":
        digits, _, exponent = token.lower().partition("e")
        if len(digits) > MAX_DIGITS or abs(int(exponent or 0)) > MAX_EXPONENT:
            raise BadFormula(text, column, "a number with too many digits")
    if kind == "name" and keyword.iskeyword(token):
        raise BadFormula(text, column, f"{token} is a word of Python, not a name")
    if kind == "name" and ("__" in token or len(token) > MAX_NAME):
        raise BadFormula(text, column, f"a name of up to {MAX_NAME} letters, no __")
