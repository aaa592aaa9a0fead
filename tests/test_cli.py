import contextlib
import importlib.metadata
import io
import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from command_line import called

import mc.engine.run
from experiments import metr_gaps, registry
from experiments.cli import refusals, run_script
from experiments.cli.run import command as run
from experiments.cli.terminal import progress
from mc.engine import results as stored
from mc.engine import storage

SCRIPT = """from mc.engine.experiment import Experiment

EXPERIMENT = Experiment(
    name="mine", question="Mine?", metrics=("validation_loss",), draws=1024
)
"""


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    folder = tmp_path_factory.mktemp("runs") / "metr"
    args = ("run", "metr-gaps", "--draws", "1000", "--no-plots", "--out", str(folder))
    code, out, err = called(
        *args, "--today", "2026-11-24", "--set", "world_product=1e14"
    )
    assert (code, err) == (0, "")
    return folder, out


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def row_of(out: str, title: str, label: str) -> str:
    block = out[out.index(title) :]
    return next(line for line in block.splitlines() if line.startswith(label))


def test_nothing_that_a_run_tells_is_wider_than_80_columns(told: tuple[Path, str]):
    assert max(map(len, told[1].splitlines())) <= 80


def test_a_run_tells_what_it_will_do(told: tuple[Path, str]):
    folder, out = told
    said = " ".join(out.split())
    assert metr_gaps.EXPERIMENT.question in said
    assert "1,024 in 16 replicates of 64 (rounded up from 1,000); sobol, seed 0" in said
    assert "card literature-2026, reference date 2023-03-14; replaced" in said
    assert "events until 2100-01-01" in said
    assert re.search(r"unused \d+ of the card's \d+ parameters \(listed in", said)
    assert str(folder) in said


def test_a_run_says_what_its_numbers_are(told: tuple[Path, str]):
    said = " ".join(told[1].split())
    assert "2.1e25 FLOP, $41M a run in 2023-03, the same for ever." in said
    assert "The frontier starts equal and grows its spending ×3.3 a year, from" in said
    assert re.search(r"from about 20\d\d ×1\.\d, on path investment_slowdown\.", said)
    assert "beliefs: observed quantities keep their priors" in said
    assert "Every gap is a trend gap." in said
    assert "solves in one attempt under automatic scoring" in said
    assert "×1.25 (time_horizon); 5 points (task_success_4min," in said
    assert "1 more in manifest.json" in said


def test_the_headline_is_the_summary(told: tuple[Path, str]):
    folder, out = told
    results = stored.load(folder)
    closing = row_of(out, "Trend gap closed", "task_success_1h").split()
    names = ["p_by_2030-01-01", "p_by_2035-01-01", "p_by_2040-01-01", "p_never"]
    shown = [
        results.statistic("task_success_1h", "convergence_date", name)["text"]
        for name in names
    ]
    assert closing[-4:] == shown
    median = results.statistic("task_success_1h", "convergence_date", "q0.5")["text"]
    assert closing[4] == median[:4]
    peak = row_of(out, "Peak of the trend gap", "task_success_1h").split()
    height = results.statistic("task_success_1h", "peak_gap", "q0.5").to_dict()
    assert f"{peak[1]}%" == height["text"]
    lag = results.statistic("compute", "lag_months@2030-01-01", "q0.5").to_dict()
    cells = row_of(out, "How far apart", "lag_months").split()
    assert float(cells[3]) == pytest.approx(float(lag["number"]), rel=1e-2)


def test_never_is_a_word_and_names_its_assumption(told: tuple[Path, str]):
    for title in ("Peak of the trend gap", "Trend gap closed"):
        row = row_of(told[1], title, "time_horizon")
        words = "never, if budgets grow for ever, more slowly"
        assert row.split(maxsplit=1)[1] == words


def test_the_ledger_holds_2030_2035_and_the_end(told: tuple[Path, str]):
    lines = told[1][told[1].index("Plausibility: ") :].splitlines()
    assert lines[1].split() == ["2030-01-01", "2035-01-01", "2040-01-01"]
    labels = ("spending on a run", "share of world product", "training FLOP")
    labels += ("horizon, work-years", "passes 1 %", "passes 10 %", "passes 100 %")
    assert all(any(line.startswith(label) for line in lines) for label in labels)


def test_a_run_leaves_the_files_it_names(told: tuple[Path, str]):
    folder, out = told
    names = ["bands.csv", "manifest.json", "results.nc", "summary.csv"]
    assert sorted(file.name for file in folder.iterdir()) == names
    assert all(name in out[out.index("Done in ") :] for name in names)
    manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    assert manifest["command"].startswith("meekmc run metr-gaps --draws 1000 ")
    assert manifest["configuration"]["at"] == [
        *("2026-11-24", "2030-01-01", "2035-01-01", "2040-01-01")
    ]


def test_a_taken_folder_is_refused_before_any_draw(
    told: tuple[Path, str], monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(mc.engine.run, "execute", None)
    before = {file: file.read_bytes() for file in told[0].iterdir()}
    code, _, err = called("run", "metr-gaps", "--out", str(told[0]))
    assert code == refusals.STORED
    assert "never overwrites" in err
    assert {file: file.read_bytes() for file in told[0].iterdir()} == before


def test_json_is_strict_and_alone_and_a_script_does_the_same(
    here: Path, monkeypatch: pytest.MonkeyPatch
):
    (here / "mine.py").write_text(SCRIPT, encoding="utf-8")
    code, out, err = called("run", "mine.py", "--no-plots", "--json", "--out", "a")
    assert (code, err) == (0, "")
    told = json.loads(out, parse_constant=pytest.fail)
    assert (told["folder"], told["draws"]) == ("a", 1024)
    found = {row["quantity"] for row in told["headline"]}
    assert {"peak_gap", "convergence_date", "lag_months@2030-01-01"} <= found

    monkeypatch.setattr(sys, "argv", ["mine.py", "--no-plots", "--quiet", "--out", "b"])
    said = io.StringIO()
    with contextlib.redirect_stdout(said), pytest.raises(SystemExit) as stop:
        run_script(registry.find("mine.py"))
    assert (stop.value.code, said.getvalue()) == (0, "b\n")
    for name in ("summary.csv", "bands.csv", "results.nc"):
        assert (here / "a" / name).read_bytes() == (here / "b" / name).read_bytes()
    manifest = json.loads((here / "b" / "manifest.json").read_text(encoding="utf-8"))
    assert manifest["command"] == "python mine.py --no-plots --quiet --out b"
    assert manifest["run_id"] == told["run_id"]


def test_two_runs_of_one_second_both_keep_their_work(
    told: tuple[Path, str], here: Path
):
    results = stored.load(told[0])
    (here / "a").mkdir()
    (here / "a" / "file").touch()
    with progress(1, silent=True) as bar:
        for expected in ("a-2", "a-3"):
            made = run._written(results, here / "a", bar, is_fixed=False, plots=False)
            assert made == here / expected
        with pytest.raises(storage.FolderTaken):
            run._written(results, here / "a", bar, is_fixed=True, plots=False)


def test_a_fault_in_a_figure_does_not_cost_the_run(
    told: tuple[Path, str], here: Path, monkeypatch: pytest.MonkeyPatch
):
    def fail(*_: object) -> None:
        raise ValueError("no ink")

    monkeypatch.setattr("mc.figures.draw_all", fail)
    with progress(1, silent=True) as bar, pytest.raises(refusals.Stop) as stop:
        run._written(stored.load(told[0]), here / "a", bar, is_fixed=True, plots=True)
    assert stop.value.code == refusals.OURS
    assert "no ink" in str(stop.value)
    names = ["bands.csv", "manifest.json", "results.nc", "summary.csv"]
    assert sorted(file.name for file in (here / "a").iterdir()) == names


def imported(lines: tuple[str, ...]) -> str:
    """The last line that a program prints which may call the command line."""
    begin = (
        "import sys",
        "from experiments.cli import main",
        "def call(*args):",
        "    try:",
        "        main(args)",
        "    except SystemExit as stop:",
        "        return stop.code",
    )
    done = subprocess.run(
        [sys.executable, "-c", "\n".join(begin + lines)],
        capture_output=True,
        text=True,
        check=True,
        cwd=Path(__file__).parent.parent,
    )
    return done.stdout.splitlines()[-1]


def test_light_commands_and_refusals_import_no_jax():
    lines = (
        "codes = [call('--help'), call('--version'), call('list')]",
        "codes += [call('run', '--help'), call('priors', 'list')]",
        "codes += [call('priors', 'names'), call('priors', 'show', 'paper-2026')]",
        "codes += [call('priors', 'check', 'paper-2026')]",
        "codes += [call('priors', 'compare', 'paper-2026', 'history-2026')]",
        "codes += [call('run', 'metr-gaps', '--set', 'hardware_growth=40')]",
        "codes += [call('run', 'metr-gaps', '--metric', 'nope', '--end', 'x')]",
        "codes += [call('plot', 'nope'), call('actors'), call('paths')]",
        "half = 'half: investment_growth*=0.5; path=exponental'",
        "codes += [call('run', 'metr-gaps', '--scenario', half)]",
        "heavy = {'jax', 'jaxlib', 'matplotlib', 'pandas', 'xarray', 'scipy.stats'}",
        "print(codes, heavy & set(sys.modules))",
    )
    assert imported(lines) == f"{[0] * 9 + [2, 2, 4, 0, 0, 2]} set()"


def test_help_and_lists_import_no_arrays():
    lines = (
        "codes = [call('list'), call('nope'), call('run', '--draw', '3')]",
        "others = [m for m in sys.modules if m.startswith('experiments.cli.voi')]",
        "codes += [call('--help'), call('run', '--help'), call('priors', '--help')]",
        "print(codes, others, {'numpy', 'jaxtyping'} & set(sys.modules))",
    )
    assert imported(lines) == "[0, 2, 2, 0, 0, 0] [] set()"


def test_a_refusal_reads_a_card_without_scipy():
    lines = (
        "codes = [call('run', 'nope'), call('run', 'loss-gap', '--draws', 'x')]",
        "codes += [call('run', 'loss-gap', '--set', 'nope=1')]",
        "codes += [call('run', 'loss-gap', '--metric', 'nope')]",
        "codes += [call('priors', 'show', 'nope')]",
        "codes += [call('priors', 'show', 'meek-2025')]",
        "heavy = {'scipy', 'jaxtyping', 'pandas'}",
        "print(codes, heavy & set(sys.modules))",
    )
    assert imported(lines) == "[2, 2, 2, 2, 2, 0] set()"


def test_a_card_is_shown_with_nothing_of_scipy_but_special_functions():
    lines = (
        "import scipy.special",
        "before = {name for name in sys.modules if name.startswith('scipy')}",
        "code = call('priors', 'show', 'literature-2026')",
        "after = {name for name in sys.modules if name.startswith('scipy')}",
        "print(code, after - before, {'jaxtyping', 'pandas'} & set(sys.modules))",
    )
    assert imported(lines) == "0 set() set()"


def test_help_shows_every_option_within_80_columns():
    _, out, _ = called("run", "--help")
    options = "card set path actor scenario metric draws replicates seed design"
    options += " start end events-until today tolerance device out json quiet no-plots"
    assert all(f"--{option} " in out for option in options.split())
    for args in ((), ("run", "--help"), ("priors", "--help"), ("priors", "show", "-h")):
        code, out, _ = called(*args)
        assert code == 0
        assert max(map(len, out.splitlines())) <= 80


def test_the_version_is_that_of_the_distribution():
    version = importlib.metadata.version("meekmc")
    assert called("--version")[1] == f"meekmc {version}\n"


@pytest.mark.slow
def test_a_script_a_command_and_another_process_write_the_same_bytes(here: Path):
    script = Path(metr_gaps.__file__).resolve()
    options = ["--draws", "2048", "--today", "2026-11-24", "--quiet", "--out"]
    program = "from experiments.cli import main; main()"
    for args in (
        [str(script), *options, "a"],
        ["-c", program, "run", "metr-gaps", *options, "b"],
    ):
        path = {"PYTHONPATH": str(script.parent.parent)}
        subprocess.run([sys.executable, *args], check=True, env=os.environ | path)
    names = {
        str(file.relative_to(here / folder))
        for folder in "ab"
        for file in (here / folder).rglob("*.*")
    } - {"manifest.json"}
    assert len(names) > 10
    for name in names:
        assert (here / "a" / name).read_bytes() == (here / "b" / name).read_bytes()


@pytest.mark.slow
def test_plot_draws_the_figures_of_a_run_again(told: tuple[Path, str]):
    code, out, err = called("plot", str(told[0]))
    assert (code, err) == (0, "")
    assert all(Path(line).is_file() for line in out.splitlines())
    assert str(told[0] / "figures" / "gaps.png") in out.splitlines()
