"""meekmc in a process that kills itself: python killed_command.py POINT N ARGUMENTS.

Blocks are small, so that a run of few draws has several.
"""

import dataclasses
import sys

import killed_run

from experiments.cli import main
from mc.engine import blocks

BLOCK = 2**13


def use_small_blocks() -> None:
    """Cut every run of this process into blocks of 8,192 draws."""
    real = blocks.Cut.on.__func__

    def on(cls, kind, **sizes):
        small = {"chunk": BLOCK, "block": BLOCK, "long_block": BLOCK}
        return dataclasses.replace(real(cls, kind, **sizes), stored=2**14, **small)

    blocks.Cut.on = classmethod(on)  # pyright: ignore[reportAttributeAccessIssue]


if __name__ == "__main__":
    use_small_blocks()
    if sys.argv[1] != "never":
        killed_run.kill_at(sys.argv[1], int(sys.argv[2]))
    sys.exit(main(sys.argv[3:]))
