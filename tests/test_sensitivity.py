"""What moves a figure: closed forms of ranks and PAWN, the run's own numbers, words."""

import json
import math

import numpy as np
import pytest
from command_line import called
from scipy import stats

import priors
from experiments.cli import main, refusals
from experiments.registry import find
from mc.analysis.inputs import Input
from mc.analysis.output import Output
from mc.analysis.ranks import pawn, pawn_of_nothing, slides_of, spearman
from mc.analysis.sensitivity import place, sensitivity
from mc.analysis.target import Target, read_target
from mc.engine.classes import class_flags, class_shares, limit_column
from mc.engine.plan import make_plan
from mc.engine.replay import Replay
from mc.engine.results import load
from mc.engine.run import execute
from mc.outcomes.distributions import Sorted
from mc.outcomes.status import Status
from mc.outcomes.subset import Subset
from priors.faults import Refusal

DRAWS = 2**12
SCORES = np.random.default_rng(1).standard_normal((4, 4096, 16))


@pytest.fixture(scope="module")
def plan():
    return make_plan(find("loss-gap"), priors.load(), draws=DRAWS)


@pytest.fixture(scope="module")
def results(plan):
    return execute(plan, device="cpu")


@pytest.fixture(scope="module")
def replay(plan):
    return Replay(plan, device="cpu")


@pytest.fixture(scope="module")
def found(replay, results):
    return sensitivity(replay, read_target(None, results, "--figure"), DRAWS)


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """A run as the command line leaves it."""
    out = tmp_path_factory.mktemp("runs") / "run"
    given = ["--draws", str(DRAWS), "--out", str(out), "--quiet", "--no-plots"]
    with pytest.raises(SystemExit) as stop:
        main(["run", "loss-gap", *given])
    assert stop.value.code == 0
    return out


def of(name, values, labels=()):
    return Input(name=name, values=values, labels=labels)


def test_spearman_of_a_normal_pair_is_that_of_its_correlation():
    x, noise = SCORES[0], SCORES[1]
    rho = 0.6
    estimate = spearman(of("x", x), rho * x + math.sqrt(1 - rho**2) * noise)
    exact = 6 / math.pi * math.asin(rho / 2)
    assert abs(estimate.number - exact) < 5 * estimate.mc_error
    assert estimate.mc_error < 0.01


def test_ranks_take_a_monotone_map_and_censored_draws_as_they_are():
    x = SCORES[0]
    censored = np.where(x > 1, np.inf, np.exp(x))
    assert spearman(of("x", x), np.exp(x)).number == pytest.approx(1.0)
    expected = stats.spearmanr(x.ravel(), censored.ravel())[0]
    assert spearman(of("x", x), censored).number == pytest.approx(expected)


def test_pawn_of_a_linear_normal_model_is_the_distance_of_its_slides():
    """The distance between N(0, 1) and the output given a tenth of the input."""
    x, noise = SCORES[0], SCORES[1]
    rho = 0.8
    y = rho * x + math.sqrt(1 - rho**2) * noise
    grid = np.linspace(-5, 5, 2001)
    edges = stats.norm.ppf(np.linspace(0, 1, 11))
    nodes, weights = np.polynomial.legendre.leggauss(64)
    distances = []
    for low, high in zip(
        np.clip(edges[:-1], -9, 9), edges[1:].clip(-9, 9), strict=True
    ):
        at = 0.5 * (high - low) * nodes + 0.5 * (high + low)
        mass = 0.5 * (high - low) * weights * stats.norm.pdf(at) * 10
        below = (
            stats.norm.cdf((grid[:, None] - rho * at) / math.sqrt(1 - rho**2)) @ mass
        )
        distances.append(np.abs(below - stats.norm.cdf(grid)).max())
    estimate = pawn(of("x", x), y)
    assert abs(estimate.number - np.median(distances)) < 5 * estimate.mc_error + 0.003


def test_pawn_of_an_input_without_effect_is_noise_and_of_labels_goes_by_label():
    y = SCORES[0]
    noise = pawn_of_nothing(y)
    assert 0 < noise.number < 0.03
    assert abs(pawn(of("z", SCORES[2]), y).number - noise.number) < 0.01
    label = (y > 0).astype(np.int8)
    assert pawn(of("law", label, ("low", "high")), y).number == pytest.approx(0.5, 0.02)
    assert set(np.unique(slides_of(of("x", y)))) == set(range(10))


def test_more_than_two_labels_have_no_rank_correlation():
    codes = np.random.default_rng(2).integers(0, 3, (64, 16))
    assert math.isnan(
        spearman(of("law", codes, ("a", "b", "c")), SCORES[0][:64]).number
    )


def test_a_subset_of_all_draws_is_what_summaries_sort():
    values = np.where(SCORES[0] > 1.5, np.inf, SCORES[0])
    status = np.where(values == np.inf, Status.NEVER, Status.OBSERVED).astype(np.int8)
    everyone = np.ones(values.shape, bool)
    subset, ordered = Subset(values, status, everyone), Sorted(values, status)
    assert np.array_equal(subset.status_counts, ordered.status_counts)
    for level in (0.05, 0.5, 0.95):
        outcome = subset.outcome(level, level)
        other = ordered.outcome(level, level)
        assert outcome.status is other.status
        assert outcome.value == other.value or outcome.status is Status.NEVER
        shares = subset.shares(outcome, level)
        assert np.array_equal(shares, ordered.shares(other, level))
    assert np.array_equal(subset.shares_before(0.3), ordered.shares_before(0.3))


def test_a_subset_that_some_replicates_lack_has_its_error_from_the_others():
    values, status = SCORES[0][:64], np.ones((64, 16), np.int8)
    some = np.zeros(values.shape, bool)
    some[:, :4] = True
    subset, few = Subset(values, status, some), Sorted(values[:, :4], status[:, :4])
    assert subset.outcome(0.5, 0.5) == few.outcome(0.5, 0.5)
    assert np.array_equal(subset.shares_before(0.1), few.shares_before(0.1))


def test_the_draws_of_a_run_come_again_bit_by_bit(replay, results, plan):
    events = results.tree["prior_predictive"].to_dataset()
    events = events.sel(scenario="baseline", metric="validation_loss")
    for name in ("convergence_years", "peak_years"):
        sample = replay.sample(("validation_loss", name), DRAWS)
        stored = events[name].to_numpy().T
        assert np.array_equal(sample.column[0].astype(stored.dtype), stored)
    few = replay.sample(("validation_loss", "peak_years"), DRAWS // 2)
    assert np.array_equal(few.column[0], sample.column[0][: DRAWS // 32])


@pytest.mark.parametrize(
    "figure",
    [
        "convergence_date/q0.5",
        "peak_gap/q0.95",
        "convergence_date/p_by_2030-01-01",
        "convergence_date/p_beyond",
        "compute/lag_months@2030-01-01/q0.5",
        "limit_gap/p_meek",
        "limit_gap/p_diverging",
        "convergence_date/q0.25|observed",
    ],
)
def test_the_figure_over_all_draws_is_that_of_the_summary(
    replay, results, plan, figure
):
    target = read_target(figure, results, "--figure")
    sample = replay.sample(target.key, DRAWS)
    row = Output.of(plan, target, sample.column).row()
    told = results.statistic(target.metric, target.quantity, target.statistic).to_dict()
    for field in ("number", "text", "status", "mc_error"):
        found = getattr(row, field)
        assert found == told[field] or (found is None and math.isnan(told[field]))


def test_classes_are_counted_draw_by_draw_as_in_all():
    values = np.array([-1.0, 0.0, 0.2, np.inf, np.nan, -np.inf, 0.0, 3.0])
    column = limit_column(np.stack([values] * 16, axis=1))
    flags = class_flags(*column)
    assert np.stack(list(flags.values())).sum(axis=0).tolist() == [[1] * 16] * 8
    for name, shares in class_shares(Sorted(*column)).items():
        assert flags[name].mean(axis=0).tolist() == shares.tolist()


def test_a_figure_of_dated_draws_is_of_those_alone(plan):
    """Near an end it is the order statistic of the dated draws there."""
    rng = np.random.default_rng(4)
    status = rng.choice([1, 4], size=(256, 16)).astype(np.int8)
    values = np.where(status == Status.OBSERVED, rng.uniform(1, 9, (256, 16)), np.inf)
    target = Target(
        scenario="baseline",
        metric="m",
        quantity="convergence_date",
        statistic="q0.5|observed",
    )
    output = Output.of(plan, target, (values, status))
    some = rng.uniform(size=values.shape) < 0.3
    dated = np.sort(values[some & (status == Status.OBSERVED)])
    middle = dated[int(np.ceil(dated.size / 2)) - 1]
    row = output.row(some)
    assert row.number == output.quantity.number(middle)
    assert row.statistic == "q0.5|observed"
    nobody = output.row(np.zeros_like(some))
    assert (nobody.number, nobody.text) == (None, "no draws")


def test_the_tornado_knows_which_way_beliefs_move_the_closing(found):
    movers = {mover.input.name: mover for mover in found.movers}
    assert found.target.name == "validation_loss/convergence_date/q0.5"
    growth = movers["algorithmic_growth"]
    low, high = growth.extremes
    assert place(low.near) > found.base.number > place(high.near)
    assert low.at is not None
    assert abs(place(low.at) - place(low.near)) < 1.0
    assert growth.rank.number < -0.5
    swings = [mover.swing for mover in found.movers]
    assert swings == sorted(swings, reverse=True)


def test_what_a_label_decides_is_told_near_a_point_but_not_at_it(found):
    movers = {mover.input.name: mover for mover in found.movers}
    assert all(end.at is None for end in movers["loss_exponent"].ends)
    law = movers["scaling_law"]
    assert {end.point for end in law.ends} == {"besiroglu", "hoffmann"}
    for end in law.ends:
        assert end.at is not None
        errors = math.hypot(end.near.mc_error, end.at.mc_error)
        assert abs(end.near.number - end.at.number) < 5 * errors


def test_a_censored_figure_is_analysed_over_all_draws(replay, results, plan):
    target = Target(
        scenario="baseline", metric="m", quantity="convergence_date", statistic="q0.5"
    )
    values = np.array([[1.0, -np.inf], [np.inf, np.inf]])
    status = np.array([[1, 0], [4, 2]], np.int8)
    output = Output.of(plan, target, (values, status))
    line = output.line
    assert line[0, 1] < line[0, 0] < line[1, 1] < line[1, 0]
    assert output.numbers.tolist() == [[1.0, 0.0], [plan.until_years] * 2]
    assert "restricted time" in output.parted
    assert "never" in output.analysed


@pytest.mark.parametrize(
    ("figure", "word"),
    [
        ("convergence_dat/q0.5", "did you mean convergence_date?"),
        ("validation_los", "did you mean validation_loss?"),
        ("convergence_date/q0.5|scaling_law=hoffmann", "one source's draws"),
        ("peak_gap/xyzzy", "peak_gap has q0.05"),
        ("q0.5", "names "),
    ],
)
def test_a_figure_that_is_none_is_refused_in_words(results, figure, word):
    with pytest.raises(Refusal, match=word.replace("?", r"\?")):
        read_target(figure, results, "--figure")


def test_the_command_says_it_within_80_columns_and_draws_it(folder, tmp_path):
    picture = tmp_path / "tornado.png"
    code, out, err = called("sensitivity", folder, "--plot", picture)
    assert (code, err) == (0, f"{picture}\n")
    assert max(map(len, out.splitlines())) <= 80
    assert "What moves validation_loss/convergence_date/q0.5" in out
    assert picture.stat().st_size > 10_000


def test_json_holds_every_input_with_its_errors(folder):
    figure = "convergence_date/p_by_2030-01-01"
    args = ("sensitivity", folder, "--figure", figure, "--draws", "2048", "--json")
    code, out, err = called(*args)
    assert (code, err) == (0, "")
    told = json.loads(out)
    assert told["draws"] == 2048
    assert told["base"]["unit"] == "probability"
    assert {"scaling_law", "algorithmic_growth"} <= {i["name"] for i in told["inputs"]}
    for one in told["inputs"]:
        assert one["pawn"]["mc_error"] >= 0
        assert 0 <= one["ends"][0]["near"]["number"] <= 1


def test_variances_are_parted_within_80_columns(folder, tmp_path):
    picture = tmp_path / "indices.png"
    args = ("--method", "sobol", "--draws", "1024", "--plot", picture)
    code, out, err = called("sensitivity", folder, *args)
    assert (code, err) == (0, f"{picture}\n")
    assert max(map(len, out.splitlines())) <= 80
    assert "algorithmic_growth  " in out
    assert picture.stat().st_size > 10_000


@pytest.mark.parametrize(
    ("args", "word"),
    [
        (["--method", "sobl"], "did you mean sobol?"),
        (["--as", "beleif"], "did you mean belief?"),
        (["--draws", "1e6"], "the run has 4,096 draws"),
        (["--draws", "few"], "--draws"),
        (["--figure", "convergence_date/p_nevr"], "p_never"),
        (["--plot", "x.bmp"], ".png"),
        (
            ["--figure", "convergence_date/q0.5|observed", "--method", "sobol"],
            "no variance to part",
        ),
    ],
)
def test_bad_options_are_refused(folder, args, word):
    code, out, err = called("sensitivity", folder, *args)
    assert (code, out) == (refusals.REFUSED, "")
    assert word in err


def test_a_folder_of_another_version_or_of_none_is_refused(folder, tmp_path):
    code, _, err = called("sensitivity", tmp_path / "none")
    assert (code, "no such folder" in err) == (refusals.STORED, True)
    manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    for number, word in ((1, "older"), (99, "newer")):
        other = tmp_path / str(number)
        other.mkdir()
        text = json.dumps(manifest | {"format": number})
        (other / "manifest.json").write_text(text, encoding="utf-8")
        code, _, err = called("sensitivity", other)
        assert (code, word in err) == (refusals.STORED, True)


def test_a_run_whose_beliefs_changed_since_is_not_drawn_again(folder, tmp_path):
    other = tmp_path / "changed"
    other.mkdir()
    for file in folder.iterdir():
        (other / file.name).write_bytes(file.read_bytes())
    manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    manifest["command"] += " --set hardware_growth=1.5"
    (other / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")
    assert load(other).run_id == manifest["run_id"]
    code, _, err = called("sensitivity", other)
    assert code == refusals.STORED
    assert "the card literature-2026 changed since" in err
