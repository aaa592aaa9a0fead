"""The page about a run: true to its tables, self-contained, legible in a browser."""

import dataclasses
import datetime
import html
import re
from pathlib import Path

import pytest
from browser import DESK, OVERFLOWING, PHONE, chromium, watched
from command_line import called

import priors
from experiments.metr_gaps import EXPERIMENT
from mc.engine.run import run
from mc.engine.storage import write_manifest
from mc.figures.report import sentences, tables
from mc.figures.report.page import NOT_MODELLED, Material, page

__all__ = ["chromium"]
SLOW_FIXTURES = ("made", "written", "chromium")
METRICS = ("time_horizon", "task_success_1h")
HOSTILE = "<script>alert('x')</script><img src=x onerror=alert(1)>"


@pytest.fixture(scope="module")
def made():
    asked = dataclasses.replace(EXPERIMENT, metrics=METRICS)
    today = datetime.date(2026, 12, 1)
    return run(asked, priors.load("literature-2026"), draws=1024, today=today)


@pytest.fixture(scope="module")
def written(made, tmp_path_factory):
    """A run folder and its page, without what takes a minute beside it."""
    folder = tmp_path_factory.mktemp("reported") / "run"
    folder.mkdir()
    made.save(folder)
    write_manifest(folder, made.manifest)
    code, out, err = called("report", folder, "--no-robustness", "--no-sensitivity")
    assert code == 0, err
    return Path(out.strip())


def told(results):
    material = Material(robustness=None, moves=None, figures=[])
    return page(results, material)


def text_of(shown):
    bare = re.sub(r"<(style|script)>.*?</\1>|<[^>]+>", " ", shown, flags=re.S)
    return " ".join(html.unescape(bare).split())


def test_the_answer_is_the_summarys(made):
    first, second = sentences.answer(made)
    row = made.statistic("task_success_1h", "convergence_date", "p_by_2030-01-01")
    assert f"in {100 * row['number']:.1f} % of draws" in first
    assert first.startswith("Under card literature-2026 and path investment_slowdown")
    median = made.statistic("task_success_1h", "convergence_date", "q0.5")["text"]
    assert f"{datetime.date.fromisoformat(median):%b %Y}" in second
    assert "the gap in time horizon is closed in no draw, if budgets grow" in second


def test_never_is_said_as_a_result_not_as_a_date(made):
    said = sentences.probability(made, "time_horizon", "2030-01-01")
    assert "in no draw" in said
    assert "never, if budgets grow for ever" in said
    assert sentences.interval(made, "time_horizon").startswith("No draw has a date")


def test_a_page_never_says_what_will_happen(made):
    assert not re.search(r"\bwill\b", text_of(told(made)))


def test_every_belief_stands_there_with_its_source(made):
    shown = text_of(told(made))
    said = made.manifest["card"]["tables"]["parameters"]
    drawn = made.tree["prior"].to_dataset().data_vars
    names = [str(name) for name in drawn if not str(name).startswith("components.")]
    assert len(tables.beliefs(made).rows) == len(names)
    for name in names:
        assert name in shown
        assert " ".join(said[name]["source"].split()) in shown


def test_months_behind_stand_beside_the_gap(made):
    caption = "Months behind"
    rows = {row[0]: row[1:] for row in tables.behind(made).rows}
    (found,) = (cells for name, cells in rows.items() if name.startswith(caption))
    day = made.manifest["configuration"]["at"][0]
    median = made.statistic("compute", f"lag_months@{day}", "q0.5")["number"]
    assert float(found[0].split()[0]) == pytest.approx(float(median), rel=0.01)


def test_what_is_not_modelled_is_what_the_documentation_says():
    text = (Path(__file__).parents[1] / "docs" / "not-modelled.md").read_text()
    for name, _ in NOT_MODELLED:
        assert f"**{name}" in text


def test_a_card_cannot_put_anything_into_the_page(made):
    said = made.manifest["card"]["tables"]
    sources = {
        name: {**told, "source": HOSTILE} for name, told in said["parameters"].items()
    }
    card = {
        **made.manifest["card"],
        "name": HOSTILE,
        "description": HOSTILE,
        "tables": {**said, "parameters": sources},
    }
    manifest = {
        **made.manifest,
        "command": f"meekmc run x {HOSTILE}",
        "card": card,
        "experiment": {**made.manifest["experiment"], "question": HOSTILE},
        "caveats": [{"id": "x", "line": HOSTILE, "about": "x"}],
    }
    shown = told(dataclasses.replace(made, manifest=manifest))
    assert "<script" not in shown
    assert "<img" not in shown
    beliefs = len(tables.beliefs(made).rows)
    assert html.unescape(shown).count(HOSTILE) >= beliefs + len(("name", "question"))


def test_the_page_names_no_address_outside_itself(written):
    shown = written.read_text()
    assert not re.search(r"(?:src|href|srcset)=\"(?!data:)", shown)
    assert "url(" not in shown
    assert "@import" not in shown


@pytest.mark.parametrize("width", [PHONE, DESK])
def test_a_browser_shows_it_whole(chromium, written, width):
    assert_whole(chromium, written, width)


def assert_whole(chromium, written, width):
    """All loaded, nothing asked from outside, no text out of its box."""
    shown = chromium.new_page(viewport={"width": width, "height": 900})
    faults = watched(shown)
    asked = []
    shown.on("request", lambda request: asked.append(request.url))
    shown.goto(written.as_uri())
    assert shown.evaluate(
        "() => [...document.images].every(i => i.complete && i.naturalWidth > 0)"
    )
    assert shown.evaluate("() => document.images.length") >= 3
    assert shown.evaluate("() => document.documentElement.scrollWidth") <= width
    assert shown.evaluate(OVERFLOWING) == []
    assert [url for url in asked if not url.startswith(("file:", "data:"))] == []
    assert faults == []
    shown.close()


def test_a_phone_gets_figures_drawn_for_it(chromium, written):
    kinds = {}
    for width in (PHONE, DESK):
        shown = chromium.new_page(viewport={"width": width, "height": 900})
        shown.goto(written.as_uri())
        kinds[width] = shown.evaluate("() => document.images[0].naturalWidth")
        shown.close()
    assert kinds[PHONE] < kinds[DESK]


def test_it_prints_on_a_few_pages(chromium, written):
    shown = chromium.new_page()
    shown.goto(written.as_uri())
    printed = shown.pdf(format="A4")
    shown.close()
    assert printed.startswith(b"%PDF")
    assert 3 <= len(re.findall(rb"/Type\s*/Page\b", printed)) <= 12


@pytest.mark.parametrize(
    ("options", "code", "said"),
    [
        (("--out", "page.txt"), 2, "must end in .html"),
        (("--out", "/no/such/page.html"), 2, "there is no folder"),
    ],
)
def test_what_cannot_be_written_is_refused(tmp_path, options, code, said):
    found, _, err = called("report", tmp_path, *options)
    assert found == code
    assert said in err


def test_no_run_folder_is_refused_as_stored_data(tmp_path):
    assert called("report", tmp_path / "none")[0] == 4


@pytest.mark.slow
def test_a_whole_page_has_what_moves_the_answer(chromium, tmp_path):
    asked = ("--metric", "task_success_1h", "--draws", "1024", "--no-plots", "--quiet")
    assert called("run", "metr-gaps", *asked, "--out", tmp_path / "run")[0] == 0
    code, out, err = called("report", tmp_path / "run", "--no-robustness")
    assert code == 0, err
    shown = text_of(Path(out.strip()).read_text())
    assert "What moves the answer" in shown
    assert "Left out" not in shown
    for width in (PHONE, DESK):
        assert_whole(chromium, Path(out.strip()), width)
    code, out, _ = called("verify", tmp_path / "run")
    assert code == 0
    assert "report.html" in out
