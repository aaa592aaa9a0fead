"""Contenders compute the same; how fast they do is no test's business."""

import json
from pathlib import Path

import numpy as np
import pytest

from benchmarks import job, numpy_job
from benchmarks.pairs import of_times
from experiments.cli import main


def told(capsys, *args):
    with pytest.raises(SystemExit) as end:
        main(["bench", *args])
    return end.value.code, capsys.readouterr()


def test_parts_are_listed(capsys):
    code, text = told(capsys, "--list")
    assert code == 0
    assert "throughput" in text.out


@pytest.mark.parametrize(
    ("args", "match"),
    [(("kernal",), "did you mean kernel?"), (("--out", "FILE"), "is there already")],
)
def test_a_wrong_part_and_a_file_that_is_there_are_refused(
    capsys, tmp_path, args, match
):
    taken = tmp_path / "taken.json"
    taken.write_text("{}")
    code, text = told(capsys, *(str(taken) if a == "FILE" else a for a in args))
    assert code == 2
    assert match in text.err
    assert json.loads(taken.read_text()) == {}


def test_a_ratio_is_the_median_of_its_pairs():
    mine = np.array([[1.0, 1.0], [2.0, 1.0], [1.0, 1.0]])
    theirs = np.array([[2.0, 3.0], [8.0, 3.0], [3.0, 3.0]])
    found = of_times(mine, theirs)
    assert found.median == 3.0
    assert (found.contender_seconds, found.reference_seconds) == (1.0, 3.0)
    assert 2.0 <= found.low <= found.median <= found.high <= 4.0


def test_the_reference_model_peaks_where_a_fine_grid_does():
    inputs = job.drawn(64, np.random.default_rng(1))
    height, years, closed = numpy_job.closing(inputs, 60.0)
    grid = np.linspace(0.0, job.until_years(), 40_001)[:, None]
    gaps = numpy_job.success_gap(inputs, grid, 60.0)
    np.testing.assert_allclose(height, gaps.max(axis=0), rtol=1e-5)
    assert np.all(np.abs(grid[gaps.argmax(axis=0), 0] - years) < 5e-3)
    last = grid[len(grid) - 1 - np.argmax(gaps[::-1] > job.TOLERANCE, axis=0), 0]
    assert np.all(np.abs(last - closed)[np.isfinite(closed)] < 5e-3)


@pytest.mark.slow
def test_meekmc_and_numpy_find_the_same_medians():
    from benchmarks.throughput import check
    from mc.engine.run import execute

    check(execute(job.plan(2**13)), numpy_job.run(2**13, by_sorting=True))


def test_the_page_shows_what_was_measured_last():
    from benchmarks.page import lines

    docs = Path(__file__).parents[1] / "docs"
    found = json.loads((docs / "benchmarks.json").read_text(encoding="utf-8"))
    page = (docs / "benchmarks.md").read_text(encoding="utf-8")
    shown = page.split("<!-- measured -->\n")[1].split("<!-- /measured -->")[0]
    assert shown.strip() == "\n".join(lines(found)).strip()
    assert {"throughput", "kernel", "accuracy", "startup", "memory"} <= found.keys()
