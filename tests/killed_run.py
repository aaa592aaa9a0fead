"""A run of the ledger alone, to be killed: python killed_run.py DIR [POINT N].

Blocks are a pure function of their number, as those of a run are; the folder, the lock,
the ledger and the renames are the ones of every run. At the Nth passing of POINT the
process kills itself as a power cut would.
"""

import itertools
import os
import signal
import sys
import time
from pathlib import Path

import numpy as np

from mc.engine import durable, storage, unfinished

BLOCKS = 6
POINTS = {
    "opened": 7,
    "written": 7,
    "synced": 7,
    "renamed": 7,
    "folder-synced": 7,
    "before-line": 6,
    "half-line": 6,
    "after-line": 6,
    "run-in-place": 1,
}
"""How often a run passes each at least."""


def rows_of(number: int) -> np.ndarray:
    """What a block comes to."""
    return np.random.default_rng(number).integers(0, 1000, 64)


def run(folder: Path) -> int:
    """Make, or go on with, the run in ``folder``; return how many blocks were read."""
    with unfinished.held(folder):
        ledger = unfinished.begin(folder, resume=True, say=print)
        ledger.open({"configuration": {"seed": 0}})
        total = np.zeros(64, np.int64)
        for number in range(BLOCKS):
            name = f"counts-{number}"
            if ledger.sound(name):
                total += ledger.read(name, [(total.dtype, total.shape)])[0]
                continue
            time.sleep(0.01)
            ledger.write(name, [rows_of(number)])
            total += rows_of(number)
        with storage.writing(folder) as scratch:
            (scratch / "summary.csv").write_text(",".join(map(str, total)))
            unfinished.keep_counts(ledger, scratch)
            counts = {"configuration": {"seed": 0}, "draws": {"total": BLOCKS}}
            storage.write_manifest(scratch, counts)
        unfinished.end(unfinished.place_of(folder))
        return ledger.kept


def kill_at(point: str, number: int) -> None:
    """Kill this process at the Nth passing of a point."""
    passed = itertools.count(1)

    def reached(name: str) -> None:
        if name == point and next(passed) == number:
            os.kill(os.getpid(), signal.SIGKILL)

    durable.reached = reached


if __name__ == "__main__":
    if len(sys.argv) > 2:
        kill_at(sys.argv[2], int(sys.argv[3]))
    sys.stdout.write("begun\n")
    sys.stdout.flush()
    run(Path(sys.argv[1]))
