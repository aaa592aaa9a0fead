"""A run folder from anywhere is data: what is damaged in it is named, exit code 4."""

import json
import os
import shutil
from collections.abc import Callable
from pathlib import Path

import h5py
import pytest
from command_line import called

from experiments.cli.refusals import STORED

COMMANDS = (
    ("plot",),
    ("sensitivity",),
    ("explain", "--draw", "3"),
    ("reweight", "--set", "hardware_growth=1.3..1.5@90%"),
)


@pytest.fixture(scope="module")
def whole(tmp_path_factory) -> Path:
    out = tmp_path_factory.mktemp("runs") / "run"
    given = ("--draws", "1024", "--no-plots", "--quiet", "--out", out)
    assert called("run", "loss-gap", *given)[0] == 0
    return out


def bomb(file: Path) -> None:
    """Four terabytes of zeros in a few kilobytes."""
    with h5py.File(file, "w") as tree:
        for group in ("bands", "central", "constant_data", "prior_predictive"):
            tree.create_group(group)
        tree.create_dataset(
            "prior/hardware_growth",
            shape=(10**6, 10**6),
            dtype="f4",
            chunks=(1000, 1000),
            compression="gzip",
        )


def told(key: str, value: object = None) -> Callable[[Path], object]:
    """A manifest with another value of a key, or without it."""

    def edit(file: Path) -> None:
        manifest = json.loads(file.read_text()) | {key: value}
        if value is None:
            del manifest[key]
        file.write_text(json.dumps(manifest))

    return edit


NC, SUMMARY, BANDS, MANIFEST = (
    "results.nc",
    "summary.csv",
    "bands.csv",
    "manifest.json",
)
DAMAGE: dict[str, tuple[str, Callable[[Path], object], str]] = {
    "arrays cut short": (NC, lambda f: os.truncate(f, 5000), "damaged"),
    "arrays of noise": (NC, lambda f: f.write_bytes(os.urandom(5000)), "damaged"),
    "no arrays": (NC, lambda f: f.unlink(), "No such file"),
    "a bomb": (NC, bomb, "would take 4,000,000,000,000 bytes"),
    "empty arrays": (NC, lambda f: h5py.File(f, "w").close(), "no group bands"),
    "no table": (SUMMARY, lambda f: f.unlink(), "No such file"),
    "another table": (SUMMARY, lambda f: f.write_text("a,b\n1,2\n"), "no column"),
    "an empty table": (SUMMARY, lambda f: f.write_text(""), "damaged"),
    "bands of noise": (BANDS, lambda f: f.write_bytes(b"\xff" * 99), "damaged"),
    "nested too deep": (
        MANIFEST,
        lambda f: f.write_text('{"format": ' + "[" * 10**5 + "]" * 10**5 + "}"),
        "not a run folder",
    ),
    "a list": (MANIFEST, lambda f: f.write_text("[1]"), "is no object"),
    "no number": (MANIFEST, lambda f: f.write_text('{"a": NaN}'), "strict JSON"),
    "a flag for a format": (MANIFEST, told("format", value=True), "format is True"),
    "no metrics": (MANIFEST, told("metrics"), "lacks metrics"),
    "no card": (MANIFEST, told("card"), "lacks card"),
    "a card that is none": (MANIFEST, told("card", {}), "card.tables"),
    "a list for a card": (MANIFEST, told("card", [1]), "card: of another kind"),
    "a number for draws": (MANIFEST, told("draws", 3), "draws: of another kind"),
    "no identity": (MANIFEST, told("run_id"), "lacks run_id"),
}


@pytest.mark.parametrize("name", DAMAGE)
def test_what_is_damaged_is_named_by_every_command(name: str, whole, tmp_path: Path):
    file, damage, said = DAMAGE[name]
    run = tmp_path / "run"
    shutil.copytree(whole, run)
    damage(run / file)
    before = {f.name: f.stat().st_size for f in run.iterdir()}
    for command, *options in COMMANDS:
        code, out, err = called(command, run, *options)
        assert (code, out) == (STORED, ""), (command, err)
        assert said in err, (command, err)
        assert err.startswith("meekmc: error: ")
        assert len(err.splitlines()) == 1
    assert {f.name: f.stat().st_size for f in run.iterdir()} == before


def test_the_run_itself_is_read(whole):
    code, out, _ = called("explain", whole, "--draw", "3")
    assert code == 0
    assert "3" in out
