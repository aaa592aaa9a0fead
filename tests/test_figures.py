"""Figures: the numbers drawn are those of the tables, and the page holds them all."""

import dataclasses
import datetime
import itertools

import matplotlib as mpl
import numpy as np
import pytest
from matplotlib import dates as mdates
from matplotlib.text import Text
from PIL import Image
from tiers import tiered

import priors
from experiments.loss_gap import EXPERIMENT as LOSS_GAP
from experiments.metr_gaps import EXPERIMENT as METR_GAPS
from mc import figures
from mc.engine.results import load
from mc.engine.run import run
from mc.engine.scenario import Scenario
from mc.engine.storage import write_manifest
from mc.figures.actors import actors_data
from mc.figures.bands import draw_band
from mc.figures.beliefs import beliefs_data, components_data
from mc.figures.choice import choice
from mc.figures.dates import dates_data
from mc.figures.delays import delays_data
from mc.figures.fan import fan_data
from mc.figures.lag import lag_data
from mc.figures.page import date_ticks, day_number
from mc.figures.peaks import peaks_data
from mc.figures.scenarios import scenarios_data
from mc.figures.style import LINES, number_words
from mc.figures.worlds import dollars, in_words
from priors.units import years_since

TODAY = datetime.date(2026, 11, 24)
QUANTILES = ["q0.05", "q0.25", "q0.5", "q0.75", "q0.95"]
WORLD_METRICS = ("validation_loss", "task_success_1h", "time_horizon")
SUCCESS = ("task_success_4min", "task_success_1h", "task_success_4h")


def small(experiment, card="literature-2026", **changes):
    asked = dataclasses.replace(experiment, **changes)
    return run(asked, priors.load(card), draws=1024, today=TODAY)


SLOW_FIXTURES = ("metr", "mixed", "short", "worlds")


@pytest.fixture(scope="session")
def metr():
    """All four METR metrics under the default card."""
    return small(METR_GAPS)


@pytest.fixture(scope="session")
def mixed():
    """A card whose horizon is a mixture of three fits, one label a draw."""
    return small(METR_GAPS, "windows-2026", metrics=("task_success_1h",))


@pytest.fixture(scope="session")
def points():
    """The 2025 paper: every parameter a point, so that all draws are equal."""
    return small(LOSS_GAP, "meek-2025")


@pytest.fixture(scope="session")
def horizon():
    """One metric, whose gap never peaks and never closes in any draw."""
    return small(METR_GAPS, metrics=("time_horizon",))


@pytest.fixture(scope="session")
def short():
    """A window so short that events lie inside it, beyond it and, at 4 h, before."""
    return small(
        METR_GAPS,
        metrics=("task_success_4min", "task_success_4h"),
        end=datetime.date(2027, 1, 1),
        events_until=datetime.date(2027, 3, 1),
        at=(),
        by=(),
    )


@pytest.fixture(scope="session")
def worlds():
    """Four worlds: the card's own, two budgets, and spending half as fast."""
    return small(
        LOSS_GAP,
        metrics=WORLD_METRICS,
        actors=("equal-2023", "1k-usd", "1b-usd"),
        scenarios=(Scenario(name="half", changes=("investment_growth*=0.5",)),),
    )


RUNS = ("metr", "points", "horizon", "short")


@pytest.fixture(params=tiered(RUNS, quick=["points"]))
def any_run(request):
    return request.getfixturevalue(request.param)


DRAWN = {}
"""Figures by run and columns, so that each is drawn once."""


def every_figure(results, columns):
    key = (results.run_id, columns)
    if key not in DRAWN:
        fans = [figures.fan(results, m, columns) for m in results.manifest["metrics"]]
        drawings = (figures.dates, figures.peaks, figures.priors_used)
        DRAWN[key] = {
            "gaps": figures.gaps(results, columns),
            "lag": figures.lag(results, columns),
            "fan": fans[0],
            **{draw.__name__: draw(results, columns) for draw in drawings},
            **dict(enumerate(fans[1:])),
        }
    return DRAWN[key]


def texts(figure):
    """Visible words of a figure, axis labels and legends among them."""
    unseen = {label for axes in figure.axes for label in _labels_out_of_view(axes)}
    return [
        text
        for text in figure.findobj(Text)
        if text.get_visible() and text.get_text().strip() and text not in unseen
    ]


def _labels_out_of_view(axes):
    """Labels of ticks that lie outside their axis, or on one that is off."""
    for axis in (axes.xaxis, axes.yaxis):
        low, high = sorted(axis.get_view_interval())
        for tick in (*axis.get_major_ticks(), *axis.get_minor_ticks()):
            if not (axes.axison and low <= tick.get_loc() <= high):
                yield from (tick.label1, tick.label2)


def words(figure):
    return " ".join(t.get_text() for t in texts(figure)).replace("\u00a0", " ")


def flat(figure):
    """All words on one line, as before wrapping."""
    return " ".join(words(figure).split())


@pytest.mark.parametrize("metric", SUCCESS)
def test_a_fan_draws_the_tables_success_in_percentage_points(metr, metric):
    data = fan_data(metr, metric)
    for series in ("gap", "frontier", "meek"):
        table = metr.band(metric, series)[QUANTILES].to_numpy()
        np.testing.assert_array_equal(getattr(data, series).quantiles, 100 * table)
    assert data.labels.gap_unit == "percentage points"
    assert data.labels.tolerance == 5.0
    assert data.today == TODAY


def test_a_fan_of_horizons_draws_the_difference_in_hours(metr):
    data = fan_data(metr, "time_horizon")
    table = metr.band("time_horizon", "gap_difference")[QUANTILES].to_numpy()
    np.testing.assert_array_equal(data.gap.quantiles, table)
    assert (data.labels.gap_unit, data.labels.log) == ("hours", True)
    assert data.labels.tolerance is None


def test_a_fan_of_losses_subtracts_the_frontier_from_the_meek(points):
    data = fan_data(points, "validation_loss")
    assert data.labels.difference == "meek − frontier"
    assert data.labels.gap_unit == "nats/token"
    difference = data.meek.median - data.frontier.median
    np.testing.assert_allclose(data.gap.median, difference, rtol=0, atol=1e-6)


def test_the_drawn_lines_hold_the_data(metr):
    data = fan_data(metr, "task_success_1h")
    axes = figures.fan(metr, "task_success_1h").axes[0]
    drawn = [line.get_ydata() for line in axes.lines]
    for values in (data.gap.median, data.gap.central, *data.gap.curves.T):
        assert any(np.array_equal(values, ydata) for ydata in drawn)
    assert axes.get_xlim()[0] == mdates.date2num(datetime.date(2023, 3, 14))


def test_the_extrapolated_dates_are_those_of_the_table(metr):
    rows = metr.band("task_success_1h", "gap")
    first = rows.index[rows["extrapolated"].argmax()].date()
    assert fan_data(metr, "task_success_1h").gap.extrapolated_from == first


def test_the_lag_draws_the_table(metr):
    table = metr.band("compute", "lag_months")[QUANTILES].to_numpy()
    np.testing.assert_array_equal(lag_data(metr).quantiles, table)


@pytest.mark.parametrize("metric", SUCCESS)
@pytest.mark.parametrize("place", [0, 1])
def test_cumulative_dates_pass_through_the_tables_probabilities(metr, metric, place):
    event = dates_data(metr, metric)[place]
    epoch = datetime.date.fromisoformat(metr.tree.attrs["epoch"])
    for day in (TODAY, datetime.date(2030, 1, 1), datetime.date(2035, 1, 1)):
        before = event.years < years_since(epoch, day)
        levels = [event.shares["already"], *event.probability[before]]
        row = metr.statistic(metric, f"{event.event}_date", f"p_by_{day}")
        assert levels[-1] == pytest.approx(row["number"], abs=1e-12)


def test_the_curve_and_the_statuses_leave_no_draw_out(any_run):
    for metric in any_run.manifest["metrics"]:
        for event in dates_data(any_run, metric):
            reached = event.shares["already"] + event.shares["observed"]
            last = event.probability[-1] if len(event.years) else reached
            assert last == pytest.approx(reached, abs=1e-12)
            assert sum(event.shares.values()) == pytest.approx(1, abs=1e-12)


def test_censored_dates_are_written_as_words(short):
    peak, closed = dates_data(short, "task_success_4h")
    assert closed.words == "beyond Mar 2027"
    assert closed.shares["beyond"] == 1.0
    assert 0 < peak.shares["beyond"] < 1
    assert peak.quantiles[2] == "beyond Mar 2027"
    assert peak.words.endswith("– beyond]")
    assert "beyond" in words(every_figure(short, 2)["dates"])


@pytest.mark.parametrize("metric", SUCCESS)
def test_peak_intervals_are_the_tables_quantiles(metr, metric):
    data = peaks_data(metr, metric)
    for level, years, height in zip(
        ("q0.05", "q0.5", "q0.95"),
        data.interval(data.years),
        data.interval(data.heights),
        strict=True,
    ):
        at = metr.statistic(metric, "peak_years", level)["number"]
        peak = metr.statistic(metric, "peak_gap", level)["number"]
        assert years == pytest.approx(at, abs=1e-6)
        assert height == pytest.approx(100 * peak, rel=1e-6)


def test_a_panel_without_peaks_says_so(metr, horizon):
    for results in (metr, horizon):
        assert not len(peaks_data(results, "time_horizon").years)
        assert "No draw has a peak" in words(every_figure(results, 2)["peaks"])


def test_a_panel_of_some_peaks_says_how_many(short):
    share = peaks_data(short, "task_success_4h").shares["observed"]
    assert 0 < share < 1
    assert f"{share:.1%} of draws".replace("%", " %") in words(
        every_figure(short, 2)["peaks"]
    )


def test_never_is_said_in_words_when_no_draw_has_a_date(horizon):
    shown = words(every_figure(horizon, 2)["dates"])
    assert "peak: never, if budgets grow for ever, more slowly" in shown
    assert "closed: never, if budgets grow for ever, more slowly" in shown


def test_never_names_what_the_path_takes_for_granted(horizon):
    told = {**horizon.manifest["scenarios"][0], "assumes": "budgets stop growing"}
    manifest = {**horizon.manifest, "scenarios": [told]}
    ended = dataclasses.replace(horizon, manifest=manifest)
    assert "peak: never, if budgets stop growing" in words(figures.dates(ended))
    assert "if budgets stop growing" in flat(figures.peaks(ended))
    assert "draw by draw, if budgets stop growing" in flat(choice(ended))
    told["assumes"] = "budgets are capped and the meek actor follows"
    shown = words(figures.dates(ended))
    assert "closed: never, on this path" in shown
    assert f"Never, if {told['assumes']}." in flat(figures.dates(ended))


def test_equal_draws_are_said_to_agree(points):
    assert "all draws agree" in words(figures.peaks(points))
    assert "All draws agree" in flat(figures.fan(points, "validation_loss"))
    assert [event.words for event in dates_data(points, "validation_loss")] == [
        "May 2028",
        "Apr 2046",
    ]


def test_beliefs_show_every_needed_parameter(any_run):
    shown = {record.name for record in beliefs_data(any_run)}
    drawn = {str(name) for name in any_run.tree["prior"].to_dataset().data_vars}
    assert shown == {name for name in drawn if not name.startswith("components.")}


def test_beliefs_count_every_draw_but_the_outermost(metr):
    for record in beliefs_data(metr):
        if record.is_point:
            assert record.atoms == {record.quantiles[1]: 1.0}
            continue
        edges = np.log(record.edges) if record.log else record.edges
        mass = (record.density * np.diff(edges)).sum() + sum(record.atoms.values())
        assert 1 - 4 / 1024 <= mass <= 1
        draws = metr.tree["prior"].to_dataset()[record.name].to_numpy()
        for level, q in zip((0.05, 0.5, 0.95), record.quantiles, strict=True):
            # Rows of a table repeat, so a quantile may stand on a tie of draws.
            assert (draws < q).mean() <= level + 1 / 1024
            assert level <= (draws <= q).mean() + 1 / 1024


def test_growths_are_also_said_as_doubling_times(points):
    said = {record.name: record for record in beliefs_data(points)}
    assert said["algorithmic_growth"].words == "2.8 x/yr"
    assert said["algorithmic_growth"].aside == "doubles in 8.1 months"
    assert said["meek_budget"].words == "$1,000"
    assert said["loss_exponent"].words == "0.154"


def test_component_shares_are_the_cards_weights(mixed):
    shares = components_data(mixed)["horizon_window"]
    assert list(shares) == ["all", "from_2023", "from_2024"]
    # Sobol' in 16 replicates of 64 points: each share is off by less than 1/64.
    np.testing.assert_allclose(list(shares.values()), [0.35, 0.45, 0.2], atol=1 / 64)


def test_every_figure_says_what_it_is(any_run):
    manifest = any_run.manifest
    for figure in every_figure(any_run, 2).values():
        shown = flat(figure)
        for needed in (
            f"Card {manifest['card']['name']}",
            f"experiment {manifest['experiment']['name']}",
            "1,024 draws",
            f"run {any_run.run_id}",
            "Trend gap: the gap is between two points",
            "Shows beliefs",
            "FLOP, $",
        ):
            assert needed in shown


def test_banded_figures_name_their_levels(any_run):
    for name in ("gaps", "fan", "lag"):
        figure = every_figure(any_run, 2)[name]
        shown = flat(figure)
        assert "50 % of draws" in shown
        assert "90 % of draws" in shown
        assert "pointwise 50 % and 90 % equal-tailed intervals of draws" in shown
        assert "bands are not paths" in shown


def test_the_actor_and_success_are_named(metr, points):
    assert "2.1×10²⁵ FLOP, $41M a run on 2023-03-14" in flat(figures.lag(metr))
    assert "10²⁰ FLOP, $1,000 a run on 2025-01-01" in flat(figures.lag(points))
    success = "share of METR-suite tasks of this human length"
    assert success in flat(figures.fan(metr, "task_success_4h"))
    assert success not in flat(figures.fan(metr, "time_horizon"))


@pytest.mark.parametrize("columns", [1, 2])
def test_no_word_is_cut_and_none_collide(any_run, columns):
    for figure in every_figure(any_run, columns).values():
        assert figure.get_figwidth() == {1: 3.5, 2: 7.2}[columns]
        assert_room(figure)


def assert_room(figure):
    """Nothing is cut at the page's edge, and no words lie on each other."""
    page = figure.bbox.padded(1)
    boxes = [(t.get_text(), t.get_window_extent()) for t in texts(figure)]
    for text, box in boxes:
        assert page.x0 <= box.x0, text
        assert page.y0 <= box.y0, text
        assert page.x1 >= box.x1, text
        assert page.y1 >= box.y1, text
    for (one, a), (other, b) in itertools.combinations(boxes, 2):
        inner = a.padded(-1.5)
        assert not inner.overlaps(b.padded(-1.5)), (one, other)


def test_a_second_save_has_the_same_bytes(short, tmp_path):
    saved = []
    for folder in ("one", "two"):
        (tmp_path / folder).mkdir()
        for draw in (figures.gaps, figures.dates, figures.peaks, figures.priors_used):
            stem = tmp_path / folder / draw.__name__
            saved += figures.save(draw(short), stem, run_id=short.run_id)
    for one, other in zip(saved[:8], saved[8:], strict=True):
        assert one.read_bytes() == other.read_bytes(), one.name


@pytest.mark.slow
def test_a_loaded_run_is_drawn_with_the_same_bytes(horizon, tmp_path):
    horizon.save(tmp_path)
    write_manifest(tmp_path, horizon.manifest)
    drawn = figures.draw_all(horizon, tmp_path / "one")
    redrawn = figures.draw_all(load(tmp_path), tmp_path / "two")
    for one, other in zip(drawn, redrawn, strict=True):
        assert one.read_bytes() == other.read_bytes(), one.name


def test_the_users_own_settings_change_nothing(points, tmp_path):
    mine = figures.save(figures.lag(points), tmp_path / "lag", run_id="a")
    expected = [file.read_bytes() for file in mine]
    settings = {"font.size": 20.0, "axes.facecolor": "black", "savefig.dpi": 50.0}
    with mpl.rc_context(settings):
        figures.save(figures.lag(points), tmp_path / "lag", run_id="a")
        assert mpl.rcParams["font.size"] == 20.0
    assert [file.read_bytes() for file in mine] == expected


def test_files_carry_the_run_and_no_date(points, tmp_path):
    png, svg = figures.save(figures.lag(points), tmp_path / "lag", run_id=points.run_id)
    with Image.open(png) as image:
        assert image.info["Run"] == points.run_id
        assert image.size[0] == 3.5 * 200
    text = svg.read_text(encoding="utf-8")
    assert points.run_id in text
    assert "<dc:date>" not in text


@pytest.mark.parametrize("name", tiered(["metr", "points"], quick=["points"]))
def test_draw_all_writes_every_figure_that_applies(name, request, tmp_path):
    results = request.getfixturevalue(name)
    files = figures.draw_all(results, tmp_path / "figures")
    fans = [f"fan-{metric}" for metric in results.manifest["metrics"]]
    stems = ["gaps", *fans, "dates", "peaks", "priors", "lag"]
    expected = [f"{stem}.{kind}" for stem in stems for kind in ("png", "svg")]
    assert [file.name for file in files] == expected
    assert sorted(f.name for f in (tmp_path / "figures").iterdir()) == sorted(expected)


def test_values_without_end_are_drawn_without_a_warning(metr):
    data = fan_data(metr, "time_horizon")
    quantiles = data.gap.quantiles.copy()
    quantiles[-20:, 3:] = np.inf
    band = dataclasses.replace(data.gap, quantiles=quantiles)
    figure = figures.fan(metr, "time_horizon")
    draw_band(figure.axes[0], band)
    figure.draw_without_rendering()
    assert np.isfinite(figure.axes[0].get_ylim()).all()


def test_an_unknown_metric_is_refused_with_the_known_ones(metr):
    with pytest.raises(KeyError, match=r"no metric 'loss'.*time_horizon"):
        figures.fan(metr, "loss")


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0.0, "0"),
        (0.05, "0.05"),
        (4.6, "4.6"),
        (999.96, "1,000"),
        (41_000.0, "41,000"),
        (-0.25, "-0.25"),
        (2.1e25, "2.1×10²⁵"),
        (1e20, "10²⁰"),
        (3.2e-7, "3.2×10⁻⁷"),
    ],
)
def test_numbers_are_written_as_read(value, text):
    assert number_words(value) == text


@pytest.mark.parametrize(
    ("amount", "text"),
    [(950.0, "$950"), (1e3, "$1,000"), (4.1e7, "$41M"), (1.06e14, "$106T")],
)
def test_money_is_written_as_said(amount, text):
    assert dollars(amount) == text


@pytest.mark.parametrize(
    ("first", "last", "labels"),
    [
        ((2023, 3, 14), (2040, 1, 1), ["2025", "2030", "2035", "2040"]),
        ((2024, 1, 1), (2025, 3, 1), ["Jan 2024", "Apr 2024", "Jul 2024", "Oct 2024"]),
    ],
)
def test_dates_are_ticked_at_round_months_and_years(first, last, labels):
    ends = [day_number(datetime.date(*day)) for day in (first, last)]
    places, found = date_ticks(ends[0], ends[1], 5)
    assert found[: len(labels)] == labels
    assert all(ends[0] <= place <= ends[1] for place in places)


@pytest.mark.parametrize("metric", WORLD_METRICS[:2])
def test_scenarios_are_drawn_with_the_tables_numbers(worlds, metric):
    data = scenarios_data(worlds, metric)
    assert data.names == ("baseline", "1k-usd", "1b-usd", "half")
    axes = figures.scenarios(worlds).axes[2 * WORLD_METRICS.index(metric)]
    drawn = [line.get_ydata() for line in axes.lines]
    for name, band, span in zip(data.names, data.gaps, data.closed, strict=True):
        table = worlds.band(metric, "gap", name)["q0.5"].to_numpy()
        np.testing.assert_array_equal(band.median, data.labels.factor * table)
        assert any(np.array_equal(band.median, ydata) for ydata in drawn)
        row = worlds.statistic(metric, "convergence_date", "q0.5", name)
        if row["status"] == "observed":
            day = datetime.date.fromisoformat(row["text"])
            assert span.days[1] == day_number(day)


def test_delays_are_the_tables(worlds):
    data = delays_data(worlds)
    assert len(data) == 3 * 3 * 2
    for found in data:
        for level, years, status in zip(
            QUANTILES, found.years, found.statuses, strict=True
        ):
            row = worlds.statistic(
                found.metric, f"{found.event}_delay", level, found.scenario
            )
            assert row["status"] == status
            if status == "observed":
                assert years == row["number"]
        assert sum(found.shares.values()) == pytest.approx(1)
    shown = flat(figures.delays(worlds))
    assert "Without a date in any world: time horizon" in shown
    for found in data:
        assert found.metric == "time_horizon" or found.words in shown


def test_actors_stand_at_their_budgets(worlds):
    data = actors_data(worlds)
    assert [actor.world.name for actor in data] == ["1k-usd", "baseline", "1b-usd"]
    # Two digits of the budget that the preset is named after.
    np.testing.assert_allclose([actor.budget for actor in data][::2], [1e3, 1e9], 5e-3)
    for actor in data:
        for day, leads in actor.leads.items():
            for level, lead in zip(("q0.05", "q0.5", "q0.95"), leads, strict=True):
                name = actor.world.name
                row = worlds.statistic("compute", f"lead_oom@{day}", level, name)
                assert lead == row["number"]
    shown = flat(figures.actors(worlds))
    assert "Not drawn: half" in shown
    assert "$1,000" in shown


def test_figures_of_worlds_name_actors_paths_and_today(worlds):
    for draw in (figures.scenarios, figures.delays, figures.actors):
        shown = flat(draw(worlds))
        assert "5.1×10²⁰ FLOP, $1,000 a run" in shown
        assert "2.1×10²⁵ FLOP, $41M a run" in shown
        assert "path investment_slowdown" in shown
        assert "investment_growth*=0.5" in shown
    for draw in (figures.scenarios, figures.actors, figures.peaks, figures.lag):
        assert f"today, {TODAY}" in flat(draw(worlds))
    shown = flat(figures.lag(worlds))
    assert "Baseline; scenarios of this run: 1k-usd, 1b-usd, half." in shown


def test_an_actor_keeps_its_words_where_figures_begin_later(worlds):
    later = small(
        LOSS_GAP,
        metrics=("validation_loss",),
        actors=("equal-2023", "1k-usd"),
        start=datetime.date(2026, 1, 1),
    )
    for name in ("baseline", "1k-usd"):
        assert in_words(later, name) == in_words(worlds, name)
    assert "FLOP" in in_words(later, "1k-usd")


def test_many_worlds_are_drawn_as_dates_alone(worlds):
    many = worlds.manifest["scenarios"] * 2
    assert len(many) > len(LINES)
    crowd = dataclasses.replace(worlds, manifest=worlds.manifest | {"scenarios": many})
    assert len(figures.scenarios(crowd).axes) == len(WORLD_METRICS)


def test_words_of_figures_of_worlds_do_not_collide(worlds):
    for draw in (figures.scenarios, figures.delays, figures.actors):
        assert_room(draw(worlds))


def test_the_scenarios_are_drawn_where_there_are_some(worlds, points, tmp_path):
    def stems(results, name):
        return {file.stem for file in figures.draw_all(results, tmp_path / name)}

    assert "scenarios" in stems(worlds, "worlds")
    assert "scenarios" not in stems(points, "points")


def test_a_run_of_one_world_has_no_delays(points):
    with pytest.raises(KeyError, match="no scenario"):
        figures.delays(points)
