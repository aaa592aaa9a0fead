"""Two worlds draw by draw: errors against known laws, the run's own delays, words."""

import json
import math
import shutil

import numpy as np
import pandas as pd
import pytest
import xarray as xr
from command_line import called
from scipy.special import ndtr
from tiers import tiered

from mc.analysis.closing import course
from mc.analysis.comparison import by_draw, compare
from mc.analysis.sides import differences, pairs_of
from mc.engine.results import Results, load
from mc.outcomes.status import Status
from priors.faults import Refusal

REPLICATES, POINTS, WORLDS = 16, 256, 64
UNTIL = 60.0
BY = "2045-03-14"
HALF = "half: investment_growth*=0.5"
OTHER = ("--set", "hardware_growth=1.5..1.7@90% x/yr")


def made_up(years, heights, *, seed=0, label="linear", until=UNTIL) -> Results:
    """A run of one metric whose closing dates and heights are known."""
    status = np.where(years > until, Status.BEYOND, Status.OBSERVED)
    status = np.where(np.isnan(years), Status.NEVER, status).astype(np.int8)
    line = np.where(status == Status.OBSERVED, years, np.inf).astype(np.float32)
    dims = ("scenario", "metric", "chain", "draw")
    columns = {
        "peak_gap": heights.astype(np.float32),
        "peak_years": line,
        "peak_status": status,
        "convergence_years": line,
        "convergence_status": status,
    }
    events = {name: (dims, one[None, None]) for name, one in columns.items()}
    coords = {"scenario": ["baseline"], "metric": [label]}
    tree = xr.DataTree.from_dict(
        {
            "prior": xr.Dataset({"z": (("chain", "draw"), line)}),
            "prior_predictive": xr.Dataset(events, coords=coords),
        }
    )
    told = {"name": label, "arguments": {}, "unit": "nats", "tolerance": 0.1}
    unit = {"scenario": "baseline", "metric": label, "quantity": "peak_gap"}
    manifest = {
        "card": {"name": "made-up", "overridden": [], "tables": {}},
        "draws": {"total": years.size, "stored": years.size},
        "experiment": {"name": "made-up"},
        "metrics": {label: told},
        "scenarios": [{"name": "baseline", "path": "exponential"}],
        "configuration": {
            "epoch": "2023-03-14",
            "events_until": "2083-03-14",
            "by": [BY],
            "seed": seed,
            "design": "independent",
            "replicates": REPLICATES,
        },
    }
    return Results(
        run_id="0" * 12,
        summary_table=pd.DataFrame([unit | {"statistic": "q0.5", "unit": "nats"}]),
        bands=pd.DataFrame(),
        tree=tree,
        manifest=manifest,
    )


def figure(changes, quantity, statistic):
    return next(
        one
        for one in changes
        if (one.before.quantity, one.before.statistic) == (quantity, statistic)
    )


def scores(seed, size=(2, REPLICATES, POINTS)):
    return np.random.default_rng(seed).standard_normal(size)


@pytest.mark.parametrize("kind", tiered(["paired", "unpaired"], ["paired"]))
def test_errors_of_differences_are_those_of_many_worlds(kind) -> None:
    """The mean square of Student's t with 15 degrees of freedom, within five errors."""
    paired = kind == "paired"
    truths = {
        ("convergence_date", "q0.5"): 1.0,
        ("peak_gap", "q0.25"): 0.5 - 0.6745 * (math.hypot(1.0, 0.3) - 1.0),
        ("convergence_date", f"p_by_{BY}"): ndtr(1.0 / math.sqrt(5.0)) - ndtr(1.0),
    }
    squares = {key: [] for key in truths}
    gains = []
    for world in range(WORLDS):
        z, noise = scores(world)
        x = z if paired else scores(1000 + world)[0]
        before = made_up(20.0 + 2.0 * z, 5.0 + z)
        other = 0 if paired else 1
        after = made_up(21.0 + 2.0 * x + noise, 5.5 + x + 0.3 * noise, seed=other)
        (pair,) = pairs_of(before, after)
        assert pair.is_paired is paired
        changes = compare(pair)
        for key, truth in truths.items():
            row = figure(changes, *key).moved
            squares[key].append(((row.number - truth) / row.mc_error) ** 2)
        gains.append(figure(changes, "convergence_date", "q0.5").gain)
    spread = math.sqrt(3.39 / WORLDS)
    for key, found in squares.items():
        assert np.mean(found) == pytest.approx(15 / 13, abs=5 * spread), key
    if paired:
        # Medians of correlated normals: variances 4 and 5, of the difference known.
        rho = 2.0 / math.sqrt(5.0)
        ratio = 2.0 * math.asin(rho) / math.pi
        apart = 4.0 + 5.0
        shared = apart - 2.0 * 2.0 * math.sqrt(5.0) * ratio
        assert np.median(gains) == pytest.approx(apart / shared, rel=0.25)
    else:
        assert set(gains) == {None}


def test_what_has_no_date_keeps_its_place_draw_by_draw() -> None:
    years = np.tile(np.linspace(10.0, 50.0, POINTS), (REPLICATES, 1))
    later = years + 15.0
    never = later.copy()
    never[:, ::4] = np.nan
    (pair,) = pairs_of(made_up(years, years), made_up(never, years + 2.0))
    rows = {(r.quantity, r.statistic): r for r in by_draw(pair)}

    def number(statistic, quantity="convergence_delay"):
        return rows[quantity, statistic].number

    beyond = float(np.mean(never > UNTIL))
    assert number("p_never") == 0.25
    assert number("p_beyond") == pytest.approx(beyond, abs=1e-12)
    assert beyond > 0.0
    assert number("p_later") == 1.0
    assert number("p_sooner") == 0.0
    assert number("q0.5") == pytest.approx(15.0, abs=1e-4)
    assert rows["convergence_delay", "q0.95"].text == "later without bound"
    assert number("q0.5", "peak_gap_change") == pytest.approx(2.0, abs=1e-5)
    assert number("p_higher", "peak_gap_change") == 1.0
    change = figure(compare(pair), "convergence_date", "p_never").moved
    assert change.number == 0.25


def test_a_shift_of_every_draw_has_hardly_an_error() -> None:
    z, _ = scores(5)
    (pair,) = pairs_of(made_up(20.0 + 2.0 * z, z), made_up(21.5 + 2.0 * z, z))
    median = figure(compare(pair), "convergence_date", "q0.5")
    assert median.moved.number == pytest.approx(1.5, abs=1e-5)
    assert median.moved.mc_error is not None
    assert median.moved.mc_error < 1e-4
    assert median.moved.text == "+1.50 years"
    curve = course(pair, "linear", "convergence_date")
    assert curve is not None
    at = 21.0
    found = np.interp(at, curve.years, curve.moved)
    wanted = ndtr((at - 21.5) / 2.0) - ndtr((at - 20.0) / 2.0)
    assert found == pytest.approx(
        wanted, abs=5 * np.interp(at, curve.years, curve.apart)
    )
    assert (curve.reach <= curve.apart + 1e-12).mean() > 0.9


def test_equal_worlds_do_not_differ() -> None:
    z, _ = scores(6)
    run = made_up(20.0 + 2.0 * z, z)
    (pair,) = pairs_of(run, run)
    assert differences(pair) == {}
    for one in compare(pair):
        assert one.moved.number == 0.0
        if one.moved.statistic.startswith("p_") and one.moved.mc_error is not None:
            assert one.moved.mc_error == 3.0 / z.size


def test_metrics_of_other_names_are_refused_with_the_nearest() -> None:
    z, _ = scores(7)
    other = made_up(z, z, label="linaer")
    with pytest.raises(Refusal, match="no metric in common; did you mean linaer"):
        pairs_of(made_up(z, z), other)


@pytest.fixture(scope="module")
def runs(tmp_path_factory):
    """A run with a scenario, one of other beliefs, and that one as of another seed."""
    folder = tmp_path_factory.mktemp("compared")
    common = ("run", "loss-gap", "--draws", "2048", "--today", "2026-11-24")
    common += ("--quiet", "--no-plots", "--scenario", HALF)
    for name, args in {"one": (), "two": OTHER}.items():
        code, _, err = called(*common, *args, "--out", str(folder / name))
        assert (code, err) == (0, "")
    shutil.copytree(folder / "two", folder / "three")
    edit(folder / "three", lambda told: told["configuration"].update(seed=1))
    return folder


def edit(folder, change):
    """Change the manifest of a run."""
    file = folder / "manifest.json"
    manifest = json.loads(file.read_text(encoding="utf-8"))
    change(manifest)
    file.write_text(json.dumps(manifest), encoding="utf-8")


@pytest.fixture(scope="module")
def told(runs):
    code, out, err = called("compare", str(runs / "one"), str(runs / "two"))
    assert (code, err) == (0, "")
    return out


def test_the_table_fits_the_terminal_and_says_what_differs(told: str) -> None:
    assert max(map(len, told.splitlines())) <= 80
    for words in (
        "paired: seed 0, sobol",
        "hardware_growth",
        "closed, 50 %",
        "closes later by",
        "Gain",
        "loss-gap, half: before and after",
    ):
        assert words in told


def test_figures_are_those_of_the_runs(runs) -> None:
    out = runs / "figures.csv"
    args = ("compare", str(runs / "one"), str(runs / "two"), "--out", str(out))
    code, text, err = called(*args, "--json")
    assert (code, err) == (0, "")
    half, base = (
        {c["after"]["scenario"]: c for c in json.loads(text)["comparisons"]}[name]
        for name in ("half", "baseline")
    )
    assert base["paired"] is True
    assert base["differ"]["beliefs"] == "hardware_growth"
    for one in (half, base):
        for place, folder in (("before", "one"), ("after", "two")):
            summary = load(runs / folder)
            for row in one["figures"]:
                own = summary.statistic(
                    row["metric"],
                    row["quantity"],
                    row["statistic"],
                    one[place]["scenario"],
                )
                assert own["text"] == row[place]["text"]
    table = pd.read_csv(out)
    rows = [row for one in (half, base) for row in one["figures"] + one["draw_by_draw"]]
    assert len(table) == len(rows)
    gains = [row["gain"] for row in base["figures"] if row["gain"] is not None]
    assert np.median(gains) > 2.0


def test_a_scenario_has_the_delays_that_its_run_tells(runs) -> None:
    one = load(runs / "one")
    (pair,) = pairs_of(one, None)
    assert pair.after.scenario == "half"
    for row in by_draw(pair):
        if row.statistic in ("p_sooner", "p_later", "p_lower", "p_higher"):
            continue
        if row.quantity == "peak_gap_change" and row.statistic.startswith("p_"):
            continue
        place = (row.quantity, row.statistic)
        own = one.statistic("validation_loss", *place, "half").to_dict()
        assert own["status"] == row.status
        if row.number is not None:
            assert own["number"] == pytest.approx(row.number, rel=1e-4, abs=1e-5)
            if row.statistic.startswith("p_"):
                assert own["text"] == row.text


def test_runs_of_other_draws_are_unpaired_and_say_so(runs) -> None:
    folders = (str(runs / "one"), str(runs / "three"))
    code, out, err = called("compare", *folders, "--scenario", "baseline")
    assert (code, err) == (0, "")
    assert "unpaired: seed 0 and 1" in out
    assert "closes later by" not in out
    assert "half" not in out.replace(HALF, "")


@pytest.mark.slow
def test_a_picture_is_drawn(runs, tmp_path) -> None:
    file = tmp_path / "compared.png"
    args = ("compare", str(runs / "one"), str(runs / "two"), "--plot", str(file))
    code, _, err = called(*args)
    assert (code, err) == (0, f"{file}\n")
    assert file.stat().st_size > 10_000


@pytest.mark.parametrize(
    ("args", "code", "said"),
    [
        (("one", "two", "three"), 2, "two runs are compared, not 3"),
        (("one", "one"), 2, "is given twice"),
        (("one", "nowhere"), 4, "no such folder"),
        (("one", "two", "--metric", "validation_los"), 2, "mean validation_loss?"),
        (("one", "two", "--scenario", "hafl"), 2, "did you mean half?"),
        (("one", "two", "--out", "here.txt"), 2, "must end in .csv"),
        (("one", "--card", "paper-2026"), 2, "one experiment and two cards"),
    ],
)
def test_what_cannot_be_compared_is_refused(runs, args, code, said) -> None:
    names = [
        str(runs / a) if a in ("one", "two", "three", "nowhere") else a for a in args
    ]
    found, out, err = called("compare", *names)
    assert (found, out) == (code, "")
    assert said in err


def test_a_run_of_another_version_is_refused(runs, tmp_path) -> None:
    copy = tmp_path / "older"
    shutil.copytree(runs / "one", copy)
    edit(copy, lambda told: told.update(format=1))
    code, _, err = called("compare", str(runs / "two"), str(copy))
    assert code == 4
    assert "has format 1" in err


@pytest.mark.slow
def test_an_experiment_is_asked_under_two_cards() -> None:
    cards = ("--card", "literature-2026", "--card", "paper-2026", "--draws", "1024")
    code, out, err = called("compare", "loss-gap", *cards)
    assert (code, err) == (0, "")
    for words in ("literature-2026 (", "paper-2026 (", "paired: seed 0"):
        assert words in out
