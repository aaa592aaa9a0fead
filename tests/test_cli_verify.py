"""``meekmc verify`` finds what was changed since a run was written."""

import json

import numpy as np
import pytest
import xarray as xr
from command_line import called

from experiments.cli import refusals
from mc.engine import storage


@pytest.fixture
def run(tmp_path):
    folder = tmp_path / "run"
    options = ("--draws", "128", "--no-plots", "--quiet", "--out", folder)
    assert called("run", "loss-gap", *options)[0] == 0
    return folder


def test_a_run_is_as_it_was_until_a_byte_or_a_draw_is_changed(run):
    code, out, _ = called("verify", run)
    assert (code, "3 random draws are the same bit by bit" in out) == (0, True)
    file = run / "bands.csv"
    before = file.read_bytes()
    file.write_bytes(before.replace(b"1", b"2", 1))
    code, out, err = called("verify", run, "--json")
    assert (code, "bands.csv does not match" in err) == (refusals.STORED, True)
    assert json.loads(out)["wrong_files"] == ["bands.csv"]
    file.write_bytes(before)
    _forge(run)
    code, _, err = called("verify", run)
    assert (code, "is another when made again" in err) == (refusals.STORED, True)


def _forge(run):
    """Change every peak, and the checksum with it."""
    tree = xr.load_datatree(run / "results.nc", engine="h5netcdf")
    peaks = tree["prior_predictive"].to_dataset()["peak_gap"]
    peaks.values[...] = np.nextafter(peaks.to_numpy(), np.float32(9))
    tree.to_netcdf(run / "results.nc", engine="h5netcdf")
    manifest = json.loads((run / "manifest.json").read_text())
    manifest["files"]["results.nc"] = storage.digest(run / "results.nc")
    (run / "manifest.json").write_text(json.dumps(manifest))
