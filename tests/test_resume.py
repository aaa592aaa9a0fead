"""Runs from the command line that stop, go on, are extended and are kept apart."""

import json
import os
import signal
from pathlib import Path

import pytest
from command_line import called

from experiments.cli import refusals
from experiments.cli.run import endings
from mc.engine import blocks, durable, storage, unfinished
from mc.engine.ledger import LEDGER

DRAWS, BLOCK = "32768", 2**13
LOSS = ("run", "loss-gap", "--no-plots", "--quiet", "--today", "2026-12-01")
FINAL = ("summary.csv", "bands.csv", "results.nc")


@pytest.fixture
def small(monkeypatch):
    """Four blocks in a run of 32,768 draws, of which half are kept one by one."""
    real = blocks.Cut.on.__func__

    def on(cls, kind, **sizes):
        cut = real(cls, kind, **sizes)
        small = {"chunk": BLOCK, "block": BLOCK, "long_block": BLOCK}
        return blocks.dataclasses.replace(cut, stored=2**14, **small)

    monkeypatch.setattr(blocks.Cut, "on", classmethod(on))


@pytest.fixture
def here(tmp_path, monkeypatch, small):
    monkeypatch.chdir(tmp_path)
    return tmp_path


def ran(*args):
    return called(*LOSS, "--out", "base", *args)


def hashes(folder: Path):
    return {name: storage.digest(folder / name) for name in FINAL}


@pytest.fixture
def stopped_by(monkeypatch):
    """Does something when so many blocks have their line."""

    def plan(count, act):
        lines = iter(range(1, 1000))

        def reached(point):
            if point == "after-line" and next(lines) == count:
                act()

        monkeypatch.setattr(durable, "reached", reached)

    return plan


def full():
    raise OSError(28, "No space left on device")


@pytest.mark.parametrize(
    ("act", "code", "word"),
    [
        (lambda: os.kill(os.getpid(), signal.SIGINT), 130, "interrupted"),
        (lambda: os.kill(os.getpid(), signal.SIGTERM), 143, "terminated"),
        (full, refusals.MACHINE, "No space left"),
    ],
    ids=["ctrl-c", "sigterm", "disk-full"],
)
def test_a_stopped_run_says_how_to_go_on_and_ends_the_same(
    here, stopped_by, monkeypatch, act, code, word
):
    assert ran("--draws", DRAWS)[0] == 0
    whole = hashes(here / "base")
    (here / "base").rename(here / "whole")
    stopped_by(2, act)
    found, _, err = ran("--draws", DRAWS)
    assert (found, word in err, "2 finished blocks are kept" in err) == (code, 1, 1)
    assert f"--out base --draws {DRAWS} --resume" in err
    assert sorted(p.name for p in here.iterdir()) == ["base.unfinished", "whole"]
    monkeypatch.setattr(durable, "reached", lambda _: None)
    code, _, err = ran("--draws", DRAWS)
    assert (code, "--resume" in err) == (refusals.STORED, True)
    assert ran("--draws", DRAWS, "--resume")[0] == 0
    assert hashes(here / "base") == whole
    assert sorted(p.name for p in here.iterdir()) == ["base", "whole"]


def test_a_finished_run_is_extended_from_its_counts(here, monkeypatch):
    assert ran("--draws", "65536")[0] == 0
    whole = hashes(here / "base")
    (here / "base").rename(here / "whole")
    assert ran("--draws", DRAWS)[0] == 0
    kept = {file.name for file in (here / "base" / "blocks").iterdir()}
    assert [n.split("-")[0] for n in sorted(kept)] == ["counts", "counts", LEDGER]
    written = []
    real = unfinished.Ledger.write
    monkeypatch.setattr(
        unfinished.Ledger,
        "write",
        lambda self, name, rows: (written.append(name), real(self, name, rows)),
    )
    assert ran("--draws", "65536", "--resume")[0] == 0
    assert hashes(here / "base") == whole
    assert len(written) == 6
    assert not {f"{name}.block" for name in written} & kept
    manifest = json.loads((here / "base" / "manifest.json").read_text())
    for name, digest in manifest["files"].items():
        assert storage.digest(here / "base" / name) == digest
    code, _, err = ran("--draws", "65536", "--resume")
    assert (code, "ask for more --draws" in err) == (refusals.STORED, True)
    code, _, err = ran("--draws", "131072", "--seed", "3", "--resume")
    assert (code, "seed was 0, now 3" in err) == (refusals.STORED, True)
    assert hashes(here / "base") == whole


def test_a_folder_at_work_is_refused_with_who_holds_it(here):
    with unfinished.held(here / "base"):
        code, _, err = ran("--draws", "128")
    assert code == refusals.STORED
    assert f"base is in use by process {os.getpid()} on host " in err
    assert list(here.iterdir()) == []
    assert ran("--draws", "128")[0] == 0


def test_foreign_files_are_left_alone(here):
    (here / "base").mkdir()
    (here / "base" / "notes.txt").write_text("mine")
    for extra in ((), ("--resume",)):
        assert ran("--draws", "128", *extra)[0] == refusals.STORED
    assert [file.name for file in (here / "base").iterdir()] == ["notes.txt"]


def test_a_damaged_ledger_is_refused_and_untouched(here, stopped_by):
    stopped_by(2, full)
    ran("--draws", DRAWS)
    ledger = here / "base.unfinished" / "blocks" / LEDGER
    lines = ledger.read_bytes().splitlines(keepends=True)
    lines[1] = lines[1].replace(b"sha256", b"sha25")
    ledger.write_bytes(b"".join(lines))
    code, _, err = ran("--draws", DRAWS, "--resume")
    assert (code, "line 2" in err) == (refusals.STORED, True)
    assert ledger.read_bytes() == b"".join(lines)


def test_going_on_needs_a_folder(here):
    code, _, err = called(*LOSS, "--resume")
    assert (code, "--out DIR" in err) == (refusals.REFUSED, True)


def test_the_command_that_goes_on():
    found = endings.resumed("meekmc run x --set 'a b=1'", Path("runs/x y"))
    assert found == "meekmc run x --set 'a b=1' --out 'runs/x y' --resume"
    assert endings.resumed(found, Path("z")) == found
