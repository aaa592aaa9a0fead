"""``meekmc plot``: all figures of a run or some, at a width, in a format."""

import dataclasses
import datetime

import pytest
from command_line import called
from PIL import Image

import priors
from experiments.metr_gaps import EXPERIMENT
from mc.engine.run import run
from mc.engine.storage import write_manifest
from mc.figures.saving import drawings

SLOW_FIXTURES = ("folder",)


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    asked = dataclasses.replace(EXPERIMENT, metrics=("task_success_1h",))
    today = datetime.date(2026, 12, 1)
    results = run(asked, priors.load("literature-2026"), draws=1024, today=today)
    made = tmp_path_factory.mktemp("plotted") / "run"
    made.mkdir()
    results.save(made)
    write_manifest(made, results.manifest)
    return made, results


def test_the_figures_of_a_run_are_listed(folder):
    made, results = folder
    code, out, _ = called("plot", made, "--list")
    assert code == 0
    assert out.split() == list(drawings(results))
    assert not (made / "figures").exists()


def test_one_figure_is_drawn_at_a_width_in_a_format(folder, tmp_path):
    made, _ = folder
    size = {}
    for columns in (1, 2):
        out = tmp_path / str(columns)
        asked = ("--figure", "dates", "--columns", columns, "--out", out)
        code, shown, _ = called("plot", made, *asked, "--format", "png")
        assert code == 0
        assert shown.split() == [str(out / "dates.png")]
        with Image.open(out / "dates.png") as image:
            size[columns] = image.size[0]
    assert size[1] < 0.6 * size[2]


def test_a_pdf_is_the_same_bytes_again(folder, tmp_path):
    made, _ = folder
    found = []
    for name in ("a", "b"):
        asked = ("--figure", "lag", "--format", "pdf", "--out", tmp_path / name)
        assert called("plot", made, *asked)[0] == 0
        found.append((tmp_path / name / "lag.pdf").read_bytes())
    assert found[0] == found[1]
    assert found[0].startswith(b"%PDF")


def test_an_unknown_figure_is_refused_with_those_that_there_are(folder, tmp_path):
    code, out, err = called("plot", folder[0], "--figure", "datse", "--out", tmp_path)
    assert (code, out) == (2, "")
    assert "did you mean dates?" in err
    assert "fan-task_success_1h" in err
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (("--columns", "3"), "3 is neither 1 nor 2"),
        (("--format", "jpg"), "'jpg' is none of png, svg, pdf"),
        (("--out", "/no/such/folder/figures"), "there is no folder /no/such/folder"),
    ],
)
def test_a_width_or_format_that_there_is_not_is_refused(options, said, tmp_path):
    code, _, err = called("plot", tmp_path, *options)
    assert code == 2
    assert said in err
