import copy
import datetime
import importlib
from pathlib import Path

import pytest

from experiments import registry
from mc.engine.plan import make_plan
from mc.engine.run import run
from mc.figures import draw_all
from mc.model.registry import metric_choice, shelf
from priors.cards import load
from priors.faults import Refusal

NO_EXPERIMENTS = {"__init__", "fixed_compute", "registry"}
HEAD = "import datetime\nfrom mc import Experiment\n"


def faults_of(file: Path, text: str) -> list[str]:
    file.write_text(text, encoding="utf-8")
    with pytest.raises(Refusal) as refusal:
        registry.find(str(file))
    return [
        str(fault).removeprefix(f"{file.parent}/") for fault in refusal.value.faults
    ]


@pytest.mark.parametrize("name", registry.listed())
def test_what_is_listed_is_what_is_declared_and_can_be_planned(name: str):
    entry = registry.listed()[name]
    experiment = registry.find(name)
    assert experiment is importlib.import_module(entry.module).EXPERIMENT
    assert (experiment.name, experiment.question) == (name, entry.question)
    assert registry.checked(experiment, entry.module) is experiment
    assert make_plan(experiment, load(experiment.card)).metrics


def test_names_are_sorted_and_only_experiments_are_listed():
    names = list(registry.listed())
    assert names == sorted(names)
    files = {file.stem for file in registry.FOLDER.glob("*.py")}
    assert {name.replace("-", "_") for name in names} == files - NO_EXPERIMENTS


@pytest.mark.parametrize("name", registry.listed())
def test_a_question_is_one_line_and_stands_on_few_assumptions(name: str):
    experiment = registry.find(name)
    assert experiment.question.endswith("?")
    assert len(experiment.question) <= 80
    assert len(experiment.assumptions) in (3, 4)


def test_every_family_of_metrics_has_a_row_in_the_choice_of_metrics():
    experiment = registry.find("metric-choice")
    choices = [metric_choice(str(text)) for text in experiment.metrics]
    assert len(choices) >= 18
    capabilities = {entry.capability for entry in shelf("metrics").values()}
    assert {choice.entry.capability for choice in choices} == capabilities
    assert experiment.figure == "choice"


@pytest.mark.parametrize("name", registry.listed())
def test_labels_leave_room_for_a_table_of_eighty_columns(name: str):
    labels = [metric_choice(str(t)).label for t in registry.find(name).metrics]
    assert max(map(len, labels)) <= 17


@pytest.mark.slow
@pytest.mark.parametrize("name", sorted(set(registry.listed()) - {"metr-gaps"}))
def test_an_experiment_runs_and_draws_its_answer(name: str, tmp_path: Path):
    experiment = registry.find(name)
    results = run(experiment, load(experiment.card), draws=1024)
    files = draw_all(results, tmp_path)
    first = "answer.png" if experiment.figure else "gaps.png"
    assert files[0].name == first
    assert all(file.stat().st_size for file in files)


def test_a_script_of_ones_own_is_found_by_its_path(tmp_path: Path):
    (tmp_path / "beside.py").write_text("END = 2035\n", encoding="utf-8")
    text = f"{HEAD}import beside\nEXPERIMENT = Experiment(name='mine', question='?', "
    text += "metrics=('validation_loss',), end=datetime.date(beside.END, 1, 1))\n"
    (tmp_path / "mine.py").write_text(text, encoding="utf-8")
    found = registry.find(str(tmp_path / "mine.py"))
    assert (found.name, found.end) == ("mine", datetime.date(2035, 1, 1))


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("x = 1\nimport nope\n", "mine.py:2: ModuleNotFoundError: No module named"),
        ("x = = 1\n", "mine.py:1: not Python: invalid syntax"),
        ("import sys\n\nsys.exit(3)\n", "mine.py:3: SystemExit: 3"),
        ("x = 1\n", "mine.py: must declare EXPERIMENT"),
        ("EXPERIMENT = 3\n", "mine.py: must declare EXPERIMENT"),
    ],
)
def test_a_script_that_cannot_be_run_is_refused_at_its_line(
    tmp_path: Path, text: str, said: str
):
    (fault,) = faults_of(tmp_path / "mine.py", text)
    assert fault.startswith(said)


def test_every_field_that_is_not_what_it_should_be_is_named():
    wrong = {
        "name": "../x",
        "question": 1,
        "metrics": "validation_loss",
        "end": "2035-01-01",
        "at": ("2030-01-01",),
        "figure": "../choice",
        "draws": 1e3,
    }
    experiment = copy.copy(registry.find("loss-gap"))
    for key, value in wrong.items():
        object.__setattr__(experiment, key, value)
    with pytest.raises(Refusal) as refusal:
        registry.checked(experiment, "mine.py")
    assert [(f.file, f.key) for f in refusal.value.faults] == [
        ("mine.py", key) for key in wrong
    ]


@pytest.mark.parametrize("name", ["../x", "/etc/x", "a/b", "..", "x" * 65, "", "a\0b"])
def test_a_name_cannot_lead_out_of_the_folder_of_runs(name: str):
    assert registry.NAME.fullmatch(name) is None
