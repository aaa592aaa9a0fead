"""Blocks that were finished are read, and nothing else changes."""

import dataclasses
import datetime
import errno
import itertools
import json

import numpy as np
import pytest

import priors
from experiments.metr_gaps import EXPERIMENT
from mc.engine import durable, storage
from mc.engine.blocks import Cut
from mc.engine.ledger import LEDGER, MAGIC, Foreign, Ledger
from mc.engine.plan import make_plan
from mc.engine.run import execute

SMALL = dataclasses.replace(EXPERIMENT, metrics=("task_success_1h",), scenarios=())
DRAWS, BLOCK = 2**16, 2**13
SIZES = {"chunk": BLOCK, "block": BLOCK, "long_block": BLOCK, "stored": 2**15}
TODAY = datetime.date(2026, 12, 1)


class PowerOff(Exception):
    """The power is off."""


def plan_of(draws=DRAWS, **options):
    return make_plan(SMALL, priors.load(), draws=draws, today=TODAY, **options)


def ran(ledger=None, plan=None, stop_after=None, sizes=SIZES):
    """A run, cut off when so many draws have been told."""
    plan = plan or plan_of()
    told = itertools.accumulate(iter(lambda: BLOCK, None))

    def progress(_):
        if stop_after is not None and next(told) > stop_after:
            raise PowerOff

    cut = Cut(num_draws=plan.num_draws, replicates=plan.replicates, **sizes)
    return execute(plan, progress=progress, cut=cut, ledger=ledger)


def digests(results, folder):
    with storage.writing(folder) as scratch:
        results.save(scratch)
    return {file.name: storage.digest(file) for file in folder.iterdir()}


@pytest.fixture(scope="module")
def whole(tmp_path_factory):
    return digests(ran(), tmp_path_factory.mktemp("whole") / "run")


@pytest.fixture(scope="module")
def started(tmp_path_factory):
    """The folder of a run of which five blocks of eight were finished."""
    folder = tmp_path_factory.mktemp("started") / "blocks"
    with pytest.raises(PowerOff):
        ran(Ledger(folder), stop_after=5 * BLOCK)
    return folder


@pytest.fixture
def copied(started, tmp_path):
    folder = tmp_path / "blocks"
    folder.mkdir()
    for file in started.iterdir():
        (folder / file.name).write_bytes(file.read_bytes())
    return folder


def test_a_run_that_was_cut_off_ends_with_the_same_bytes(copied, whole, tmp_path):
    ledger = Ledger(copied)
    assert digests(ran(ledger), tmp_path / "run") == whole
    assert (ledger.kept, ledger.written) == (5, 3)


def test_more_draws_read_the_blocks_of_fewer(copied, whole, tmp_path):
    ran(Ledger(copied), plan_of(DRAWS // 2))
    ledger = Ledger(copied)
    assert digests(ran(ledger), tmp_path / "run") == whole
    assert ledger.kept == 5


def test_a_damaged_block_is_told_and_computed_again(copied, whole, tmp_path):
    first = sorted(copied.glob("*.block"))[0]
    data = bytearray(first.read_bytes())
    data[len(data) // 2] ^= 1
    first.write_bytes(data)
    said = []
    ledger = Ledger(copied, said.append)
    assert digests(ran(ledger), tmp_path / "run") == whole
    assert ledger.kept == 4
    assert "does not match its checksum" in said[0]


def test_counts_that_were_kept_alone_are_read(copied, whole, tmp_path):
    ledger = Ledger(copied)
    ran(ledger)
    kept = tmp_path / "kept"
    ledger.copy_to(kept, lambda name: name.startswith("counts-"))
    assert len(list(kept.glob("draws-*"))) == 0
    again = Ledger(kept)
    assert digests(ran(again), tmp_path / "run") == whole
    assert (again.kept, again.written) == (4, 4)


def test_another_configuration_is_refused_with_the_difference(copied):
    before = {file.name: file.read_bytes() for file in copied.iterdir()}
    with pytest.raises(Foreign, match="seed was 0, now 1"):
        ran(Ledger(copied), plan_of(seed=1))
    assert {file.name: file.read_bytes() for file in copied.iterdir()} == before


@pytest.mark.parametrize(
    ("line", "words"),
    [
        (b'{"format": 99, "owner": {}}\n', "newer than this program"),
        (b"\x00\xff\n", "line 1"),
        (b"[]\n", "line 1"),
    ],
)
def test_a_ledger_that_cannot_be_read_is_refused(tmp_path, line, words):
    (tmp_path / LEDGER).write_bytes(line)
    with pytest.raises(Foreign, match=words):
        Ledger(tmp_path).open({"configuration": {}})
    assert (tmp_path / LEDGER).read_bytes() == line


def small_ledger(folder, count=4):
    ledger = Ledger(folder)
    ledger.open({"configuration": {"seed": 0}})
    for i in range(len(ledger.blocks), count):
        ledger.write(f"counts-{i}", [np.arange(5) + i])
    return ledger


def held(folder):
    """The blocks of a folder after a restart, with what they hold."""
    ledger = Ledger(folder)
    ledger.open({"configuration": {"seed": 0}})
    like = [(np.dtype(np.int64), (5,))]
    return {n: ledger.read(n, like)[0] for n in ledger.blocks if ledger.sound(n)}


FAULTS = {
    "write": ("write", errno.ENOSPC),
    "fsync": ("fsync", errno.EIO),
    "rename": ("replace", errno.EIO),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_every_nth_call_that_fails_loses_no_block(fault, tmp_path, monkeypatch):
    name, code = FAULTS[fault]
    real = getattr(durable.os, name)
    failed = 0
    for n in itertools.count():
        calls = itertools.count()

        def call(*args, calls=calls, n=n):
            if next(calls) == n:
                raise OSError(code, "planted")
            return real(*args)

        folder = tmp_path / str(n)
        with monkeypatch.context() as patch:
            patch.setattr(durable.os, name, call)
            try:
                small_ledger(folder)
            except OSError:
                failed += 1
            else:
                break
        for i, (block, rows) in enumerate(held(folder).items()):
            assert block == f"counts-{i}"
            np.testing.assert_array_equal(rows, np.arange(5) + i)
        small_ledger(folder)
        assert len(held(folder)) == 4
    assert failed >= 4


def test_a_torn_last_line_is_no_line_and_every_cut_can_be_resumed(tmp_path):
    small_ledger(tmp_path / "whole", 2)
    data = (tmp_path / "whole" / LEDGER).read_bytes()
    first = data.index(b"\n") + 1
    for size in range(first, len(data)):
        (tmp_path / "whole" / LEDGER).write_bytes(data[:size])
        found = held(tmp_path / "whole")
        assert len(found) == data[first:size].count(b"\n")
    small_ledger(tmp_path / "whole", 2)
    assert (tmp_path / "whole" / LEDGER).read_bytes() == data


def test_every_flipped_bit_of_a_block_is_found(tmp_path):
    ledger = small_ledger(tmp_path, 1)
    (file,) = tmp_path.glob("*.block")
    data = file.read_bytes()
    for place in range(len(data)):
        file.write_bytes(data[:place] + bytes([data[place] ^ 1]) + data[place + 1 :])
        assert not ledger.sound("counts-0")
        file.write_bytes(data[:place])
        assert not ledger.sound("counts-0")
    file.write_bytes(data)
    assert ledger.sound("counts-0")


def test_a_block_of_other_arrays_is_not_read(tmp_path):
    ledger = small_ledger(tmp_path, 1)
    with pytest.raises(Foreign, match="other arrays"):
        ledger.read("counts-0", [(np.dtype(np.int64), (10**9,))])
    assert next(tmp_path.glob("*.block")).read_bytes().startswith(MAGIC)


def test_a_ledger_names_its_owner(tmp_path):
    small_ledger(tmp_path, 1)
    line = (tmp_path / LEDGER).read_text().splitlines()[0]
    assert json.loads(line)["owner"] == {"configuration": {"seed": 0}}
