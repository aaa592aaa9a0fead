"""kill -9 of real processes at every named point and at random times: nothing lost."""

import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import killed_run
import numpy as np
import pytest

SCRIPT = Path(killed_run.__file__)
RANDOM_KILLS = int(os.environ.get("MEEKMC_KILLS", "12"))
ROWS = np.array([killed_run.rows_of(n) for n in range(killed_run.BLOCKS)])
EXPECTED = ",".join(map(str, ROWS.sum(axis=0)))


def started(folder, *args):
    environment = os.environ | {"PYTHONPATH": str(SCRIPT.parent.parent)}
    return subprocess.Popen(
        [sys.executable, SCRIPT, folder, *map(str, args)],
        stdout=subprocess.PIPE,
        text=True,
        env=environment,
    )


def finished_lines(folder):
    """Blocks that have their line, of a run that was killed."""
    ledger = killed_run.unfinished.place_of(folder) / "blocks" / "ledger.jsonl"
    return ledger.read_bytes().count(b"\n") - 1 if ledger.exists() else 0


def check_goes_on(folder):
    """Finish a killed run here: every block with a line is read, the end is right."""
    done = finished_lines(folder)
    is_whole = (folder / "manifest.json").exists()
    if not is_whole:
        assert killed_run.run(folder) == done
    assert (folder / "summary.csv").read_text() == EXPECTED
    beside = [p for p in folder.parent.iterdir() if p.name != folder.name]
    # A kill while it is tried whether the place takes files leaves the empty trial.
    left = [p for p in beside if not p.name.startswith(".meekmc-") or any(p.iterdir())]
    assert left == [] or is_whole


def test_a_kill_at_every_named_point_loses_no_block(tmp_path, capsys):
    landed = 0
    for point, most in killed_run.POINTS.items():
        for number in sorted({1, 2, most - 1, most} & set(range(1, most + 1))):
            folder = tmp_path / f"{point}-{number}" / "run"
            child = started(folder, point, number)
            child.communicate()
            assert child.returncode == -signal.SIGKILL, (point, number)
            landed += 1
            check_goes_on(folder)
    with capsys.disabled():
        sys.stdout.write(f"\n{landed} kills at named points landed, none lost\n")
    assert landed >= 28


def test_kills_at_random_times_lose_no_block(tmp_path, capsys):
    seed = int(np.random.SeedSequence().generate_state(1)[0])
    chance = random.Random(seed)
    landed = 0
    for number in range(10 * RANDOM_KILLS):
        folder = tmp_path / str(number) / "run"
        child = started(folder)
        assert child.stdout is not None
        assert child.stdout.readline() == "begun\n"
        time.sleep(chance.uniform(0, 0.12))
        child.kill()
        child.communicate()
        landed += child.returncode == -signal.SIGKILL
        check_goes_on(folder)
        if landed == RANDOM_KILLS:
            break
    with capsys.disabled():
        sys.stdout.write(f"\n{landed} random kills landed (seed {seed}), none lost\n")
    assert landed == RANDOM_KILLS


def test_a_lock_is_let_go_by_a_kill(tmp_path):
    folder = tmp_path / "run"
    child = started(folder, "half-line", 1)
    child.communicate()
    assert child.returncode == -signal.SIGKILL
    assert (tmp_path / ".run.lock").exists()
    with killed_run.unfinished.held(folder):
        other = started(folder)
        other.communicate()
        assert other.returncode == 1


@pytest.mark.parametrize("number", [1, 2])
def test_a_run_that_dies_between_two_renames_comes_back(tmp_path, number):
    """The finished run stays, or is put back, whichever rename is the last."""
    folder = tmp_path / "run"
    killed_run.run(folder)
    old = killed_run.storage.replaced(folder)
    if number == 1:
        folder.rename(old)
    else:
        old.mkdir()
    killed_run.unfinished.begin(folder, resume=True, say=print)
    assert (folder / "summary.csv").read_text() == EXPECTED
    assert not old.exists()
