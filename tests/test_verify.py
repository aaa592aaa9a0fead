"""``meekmc verify``: a sound run passes, and no change to it goes unseen."""

import dataclasses
import json
import re
import shutil

import numpy as np
import pytest
from command_line import called

import priors
from experiments.registry import find
from mc.engine import blocks, storage
from mc.engine.ledger import LEDGER, MAGIC
from mc.engine.plan import make_plan
from mc.engine.replay import Replay
from mc.engine.results import load, read_manifest
from mc.engine.verification import check_draws, check_files

DRAWS = 2**14
TILE = 2**13


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    folder = tmp_path_factory.mktemp("made") / "run"
    options = ("--draws", DRAWS, "--no-plots", "--quiet", "--out", folder)
    code, _, err = called("run", "metr-gaps", *options)
    assert (code, err) == (0, "")
    return folder


@pytest.fixture(scope="module")
def replay():
    return Replay(make_plan(find("metr-gaps"), priors.load(), draws=DRAWS))


@pytest.fixture
def run(made, tmp_path):
    """A copy of the run, to be damaged."""
    return shutil.copytree(made, tmp_path / "run")


@pytest.fixture
def counted(tmp_path, monkeypatch):
    """A run of four blocks, of which the last two are kept as counts."""
    real = blocks.Cut.on.__func__

    def on(cls, kind, **sizes):
        small = {"chunk": TILE, "block": TILE, "long_block": TILE, "stored": 2 * TILE}
        return dataclasses.replace(real(cls, kind, **sizes), **small)

    monkeypatch.setattr(blocks.Cut, "on", classmethod(on))
    folder = tmp_path / "counted"
    options = ("--draws", 4 * TILE, "--no-plots", "--quiet", "--out", folder)
    code, _, err = called("run", "loss-gap", *options)
    assert (code, err) == (0, "")
    return folder


def rewritten(run, **changes):
    """Change the manifest as an editor would."""
    told = read_manifest(run) | changes
    (run / "manifest.json").write_text(json.dumps(told), encoding="utf-8")


def test_a_sound_run_passes_and_nothing_is_written(run):
    before = {file.name: file.read_bytes() for file in run.iterdir()}
    code, out, err = called("verify", run)
    assert (code, err) == (0, "")
    assert "3 of 3 match their checksums" in out
    assert "27 of 27" in re.sub(r"\s+", " ", out)
    assert max(map(len, out.splitlines())) <= 80
    assert {file.name: file.read_bytes() for file in run.iterdir()} == before


@pytest.mark.parametrize("name", ["summary.csv", "bands.csv", "results.nc"])
def test_a_flipped_bit_and_a_lost_file_are_named(run, name):
    file = run / name
    data = bytearray(file.read_bytes())
    data[len(data) // 2] ^= 1
    file.write_bytes(data)
    code, out, err = called("verify", run, "--json")
    assert code == 4
    assert f"{file} does not match its checksum" in err
    assert "make it again: meekmc run metr-gaps" in err
    found = json.loads(out)
    assert (found["sound"], found["draws"], len(found["damaged"])) == (False, None, 1)
    file.unlink()
    code, _, err = called("verify", run)
    assert code == 4
    assert f"{file} cannot be read" in err


def test_blocks_of_counts_are_counted_again(counted):
    """One of them, at random; here both are wrong, with checksums made anew."""
    code, out, err = called("verify", counted, "--block")
    assert (code, err) == (0, "")
    assert "results.nc and 1 block of counts" in re.sub(r"\s+", " ", out)
    ledger = counted / "blocks" / LEDGER
    text = ledger.read_text()
    for file in counted.glob("blocks/*.block"):
        before = storage.digest(file)
        data = bytearray(file.read_bytes())
        data[len(MAGIC)] ^= 1
        file.write_bytes(data)
        text = text.replace(before, storage.digest(file))
    ledger.write_text(text)
    names = read_manifest(counted)["files"]
    rewritten(counted, files={n: storage.digest(counted / n) for n in names})
    assert called("verify", counted)[0] == 0
    code, _, err = called("verify", counted, "--block")
    assert code == 4
    assert re.search(r"blocks: counts-\S+ counts otherwise", err)


def test_every_byte_of_a_table_counts(made, tmp_path):
    data = (made / "summary.csv").read_bytes()[:200]
    (tmp_path / "table.csv").write_bytes(data)
    storage.write_manifest(tmp_path, {})
    manifest = json.loads((tmp_path / "manifest.json").read_text())
    assert not check_files(tmp_path, manifest).faults
    for place in range(len(data)):
        changed = data[:place] + bytes([data[place] ^ 1]) + data[place + 1 :]
        for other in (changed, data[:place]):
            (tmp_path / "table.csv").write_bytes(other)
            assert check_files(tmp_path, manifest).faults


@pytest.mark.parametrize("name", ["../secret", "/etc/passwd", "link"])
def test_no_name_leads_out_of_the_folder(tmp_path, name):
    (tmp_path / "secret").write_text("x", encoding="utf-8")
    folder = tmp_path / "run"
    folder.mkdir()
    (folder / "link").symlink_to(tmp_path / "secret")
    manifest = {"files": {name: storage.digest(tmp_path / "secret")}}
    (fault,) = check_files(folder, manifest).faults
    assert "outside the folder" in fault


def test_files_that_the_manifest_does_not_name_are_told_and_left(run):
    (run / "notes.txt").write_text("mine", encoding="utf-8")
    code, out, _ = called("verify", run, "--json")
    assert code == 0
    assert json.loads(out)["others"] == ["notes.txt"]


def test_a_draw_that_was_changed_is_found_under_its_own_index(made, replay):
    """Its checksum may have been made anew: the draw itself is made again."""
    results = load(made)
    changed = TILE + 5 * 16 + 3
    prior = results.parameters["hardware_growth"].to_numpy()
    cell = changed % 16, changed // 16
    prior[cell] = np.nextafter(prior[cell], np.float32(np.inf))
    found = check_draws(replay, results, 2, np.random.default_rng(0))
    assert found.ranges == ((0, TILE), (TILE, TILE))
    (difference,) = found.differences
    assert difference.variable == "prior/hardware_growth"
    assert (difference.num_draws, difference.first) == (1, changed)


def test_a_changed_status_of_one_draw_is_found(made, replay):
    results = load(made)
    status = results.events["convergence_status"].to_numpy()
    status[0, 1, 2, 7] += 1
    found = check_draws(replay, results, 9, np.random.default_rng(0))
    (difference,) = found.differences
    assert difference.variable == "prior_predictive/convergence_status"
    assert (difference.num_draws, difference.first) == (1, 7 * 16 + 2)


def test_the_command_names_what_differs_and_where_it_was_made(run):
    results = load(run)
    growth = results.parameters["hardware_growth"].to_numpy()
    growth *= np.float32(1.5)
    results.tree.to_netcdf(run / "again.nc", engine="h5netcdf")
    results.tree.close()
    (run / "again.nc").replace(run / "results.nc")
    sums = {n: storage.digest(run / n) for n in read_manifest(run)["files"]}
    rewritten(run, files=sums)
    code, out, err = called("verify", run)
    assert code == 4
    assert "differs, see below" in out
    assert "prior/hardware_growth differs in 16,384 of the draws" in err
    assert "same kind of machine" in err


@pytest.mark.slow
def test_numbers_of_another_run_are_found_when_it_is_run_again(run):
    """A table that was changed with its checksum: only running it again can tell."""
    table = run / "summary.csv"
    table.write_text(table.read_text().replace("observed", "beyond", 1))
    sums = read_manifest(run)["files"] | {"summary.csv": storage.digest(table)}
    rewritten(run, files=sums, bands={"bin_mass": 1.0, "recounts": 9})
    assert called("verify", run)[0] == 0
    code, _, err = called("verify", run, "--all")
    assert code == 4
    assert f"{table} differs from that of the same run made again" in err
    assert "manifest.json: bands differs" in err
    assert "bands.csv differs" not in err
    assert "results.nc differs" not in err


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "is not a run folder"),
        ('{"format": 99}', "newer than this program"),
        ('{"format": 1}', "older than this program"),
        ('{"format": 2}', "it lacks run_id, command, configuration"),
    ],
)
def test_a_manifest_that_cannot_be_read_is_refused(run, text, words):
    (run / "manifest.json").write_text(text, encoding="utf-8")
    code, _, err = called("verify", run)
    assert code == 4
    assert words in err


def test_a_changed_configuration_is_found(run):
    told = read_manifest(run)["configuration"]
    rewritten(run, configuration=told | {"events_until": "2090-01-01"})
    code, _, err = called("verify", run)
    assert code == 4
    assert "configuration.events_until" in err
