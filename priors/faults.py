"""What is wrong with an input, where it stands, and what is allowed instead."""

import difflib
from collections.abc import Iterable
from dataclasses import KW_ONLY, dataclass


@dataclass(frozen=True)
class Fault:
    """One thing that is refused.

    Attributes:
        message: What was found, what is allowed, and the remedy.
        file: The file as the user named it, or ``--set``.
        line: Line in that file, counted from 1.
        key: Dotted path of the key, e.g. ``parameters.hardware_growth.interval``.
    """

    message: str
    _: KW_ONLY
    file: str | None = None
    line: int | None = None
    key: str | None = None

    def __str__(self) -> str:
        """Render as ``FILE:LINE: KEY: message``, leaving out what is not known."""
        place = self.file or ""
        if self.file and self.line is not None:
            place = f"{self.file}:{self.line}"
        return ": ".join(part for part in (place, self.key, self.message) if part)


class Refusal(Exception):
    """An input is refused and nothing was written (exit code 2).

    All the faults of a file are raised together.

    Attributes:
        faults: The faults, at least one.
    """

    def __init__(self, faults: Fault | Iterable[Fault]):
        self.faults = (faults,) if isinstance(faults, Fault) else tuple(faults)
        super().__init__("\n".join(str(fault) for fault in self.faults))

    def __reduce__(self) -> tuple[type["Refusal"], tuple[tuple[Fault, ...]]]:
        """Travel between processes with the faults, not with their text."""
        return type(self), (self.faults,)


def nearest(name: str, known: Iterable[str]) -> str:
    """Return ``; did you mean x?`` for the closest known name, or an empty string."""
    close = difflib.get_close_matches(name, sorted(known), n=1, cutoff=0.6)
    return f"; did you mean {close[0]}?" if close else ""
