"""The terminal: paragraphs, labelled lines, a progress bar, at 80 columns or more."""

import contextlib
import dataclasses
import os
import textwrap
from collections.abc import Iterator, Sequence

from rich.console import Console
from rich.progress import (
    BarColumn,
    Progress,
    TaskProgressColumn,
    TextColumn,
    TimeRemainingColumn,
)
from rich.text import Text

NARROWEST, WIDEST = 80, 100
BULLET = "- "


@dataclasses.dataclass(frozen=True, kw_only=True)
class Block:
    """A title, lines that stand as they are, and a paragraph to wrap below them."""

    title: str
    lines: tuple[str, ...] = ()
    paragraph: str = ""


class Screen:
    """Where a command says what it does; a silent one says nothing.

    Attributes:
        width: Widest line that is written.
    """

    def __init__(self, *, silent: bool = False) -> None:
        self._silent = silent
        self._console = _console(stderr=False)
        self.width = min(self._console.width, WIDEST)

    def title(self, text: str) -> None:
        """Write a line that stands out."""
        self._write(textwrap.wrap(text, self.width), "bold")

    def lines(self, *lines: str) -> None:
        """Write lines as they are."""
        self._write(lines)

    def labelled(self, pairs: Sequence[tuple[str, str]]) -> None:
        """Write texts beside their labels, wrapped."""
        indent = max(len(label) for label, _ in pairs) + 4
        lines = []
        for label, text in pairs:
            wrapped = _wrapped(text, self.width - indent)
            for first, line in zip(
                [label, *[""] * len(wrapped)], wrapped, strict=False
            ):
                lines.append(f"  {first:<{indent - 2}}{line}")
        self._write(lines)

    def block(self, block: Block) -> None:
        """Write a block, with an empty line before it."""
        self.lines("")
        self.title(block.title)
        self.lines(*block.lines)
        for line in block.paragraph.splitlines():
            self.lines(*_wrapped(line, self.width))

    def _write(self, lines: Sequence[str], style: str = "") -> None:
        if lines and not self._silent:
            self._console.print(Text("\n".join(lines), style=style))


@contextlib.contextmanager
def progress(num_draws: int, *, silent: bool) -> Iterator["Bar"]:
    """A bar on stderr; none where stderr is no terminal or nothing is to be said."""
    console = _console(stderr=True)
    columns = (
        TextColumn("{task.description}"),
        BarColumn(bar_width=None),
        TaskProgressColumn(),
        TextColumn("{task.fields[speed]}"),
        TimeRemainingColumn(),
    )
    hidden = silent or not console.is_terminal
    with Progress(*columns, console=console, transient=True, disable=hidden) as shown:
        yield Bar(shown, num_draws)


class Bar:
    """Draws done, a second and left; then what else is being done."""

    def __init__(self, shown: Progress, num_draws: int) -> None:
        self._shown = shown
        self._task = shown.add_task("compiling", total=num_draws, speed="")

    def begin(self, num_draws: int) -> None:
        """Tell that so many draws are begun, from the first on."""
        self._shown.reset(self._task, total=num_draws, description="compiling")

    def advance(self, num_draws: int) -> None:
        """Tell that further draws are done."""
        self._shown.update(self._task, advance=num_draws, description="drawing")
        speed = self._shown.tasks[0].speed
        if speed:
            self._shown.update(self._task, speed=f"{speed:,.0f} draws/s")

    def now(self, doing: str) -> None:
        """Tell what is being done after the draws."""
        self._shown.update(self._task, description=doing)


def _console(*, stderr: bool) -> Console:
    plain = bool(os.environ.get("NO_COLOR"))
    console = Console(
        stderr=stderr, soft_wrap=True, color_system=None if plain else "auto"
    )
    console.width = max(console.width, NARROWEST)
    return console


def _wrapped(text: str, width: int) -> list[str]:
    """Lines of a text; those after a bullet's first are indented."""
    return textwrap.wrap(
        text,
        width,
        subsequent_indent="  " if text.startswith(BULLET) else "",
        break_long_words=False,
        break_on_hyphens=False,
    )
