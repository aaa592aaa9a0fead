"""What a terminal shows while something of unknown length is done."""

import contextlib
from collections.abc import Iterator


@contextlib.contextmanager
def waiting(doing: str) -> Iterator[None]:
    """Show on stderr, where that is a terminal, that something is being done."""
    from rich.console import Console

    console = Console(stderr=True)
    with console.status(doing) if console.is_terminal else contextlib.nullcontext():
        yield
