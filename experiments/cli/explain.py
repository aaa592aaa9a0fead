"""``meekmc explain``: one draw of a run, made again from its index."""

import math
from typing import TYPE_CHECKING, Annotated, Any

import typer

from experiments.cli import run_folder, wording
from experiments.cli.options import Json
from experiments.cli.plot_option import Plot, draw, picture
from experiments.cli.run_folder import Run
from experiments.cli.strict_json import print_json
from experiments.cli.text_table import grid
from experiments.cli.waiting import waiting
from priors.faults import Fault, Refusal

if TYPE_CHECKING:
    from experiments.cli.terminal import Screen
    from mc.analysis.explain import Course, Explained
    from mc.engine.plan import Plan

DRAW, NEAREST = "--draw", "--nearest"
_COLUMNS = 5
Index = Annotated[
    str | None,
    typer.Option(DRAW, metavar="INDEX", help="Its index, from 0 to one below N."),
]
Nearest = Annotated[
    str | None,
    typer.Option(
        NEAREST,
        metavar="pLEVEL:FIGURE",
        help="The draw at a quantile of [METRIC/]QUANTITY, e.g. p90:convergence_date, "
        "p50:task_success_1h/peak_gap.",
    ),
]


def explain(
    run: Run,
    index: Index = None,
    nearest: Nearest = None,
    plot: Plot = None,
    *,
    as_json: Json = False,
) -> None:
    """Make one draw of a run again: its inputs, what becomes of it, and why."""
    file = picture(plot)
    if (index is None) == (nearest is None):
        raise Refusal(Fault(f"give one of {DRAW} INDEX and {NEAREST} p90:FIGURE"))
    results = run_folder.stored(run)

    from mc.analysis.chosen import nearest_index, read_index, read_place
    from mc.analysis.explain import explain as explained

    place = read_place(nearest, results) if nearest is not None else None
    if place is None:
        chosen = read_index(index or "", results)
    else:
        chosen = nearest_index(place, results)
    plan = run_folder.plan_of(run, results)
    with waiting(f"making draw {chosen:,} again"):
        found = explained(run_folder.replay_of(run, results, plan), results, chosen)
    if as_json:
        print_json(_record(found, plan, results.run_id))
    else:
        _show(_screen(), found, plan, place.name if place else "")
    if file is not None:
        from mc.figures.draw import Line, one_draw

        lines = [
            Line(
                scenario=course.scenario,
                metric=course.metric,
                series=course.series,
                peak=course.peak_date,
                closed=course.convergence_date,
                why=why(course, plan),
            )
            for course in found.courses
        ]
        draw(one_draw(results, found.index, lines), file)


def _screen() -> "Screen":
    from experiments.cli.terminal import Screen

    return Screen()


def _show(screen: "Screen", found: "Explained", plan: "Plan", place: str) -> None:
    screen.title(
        f"Draw {found.index:,}: point {found.point:,} of replicate {found.replicate}, "
        f"seed {plan.seed}, {plan.design}"
    )
    if place:
        order = "already < a date < beyond < undetermined < never"
        screen.labelled([("stands at", f"{place}, all draws in the order {order}")])
    rows = [(one.name, one.text, _percentile(one.percentile)) for one in found.inputs]
    screen.lines(*grid(("", "value", "percentile"), rows, screen.width))
    worlds = len(plan.scenarios) > 1
    for course in found.courses:
        world = f" in {course.scenario}" if worlds else ""
        screen.lines("")
        screen.title(f"{course.metric}{world}")
        screen.lines(*_table(course, plan, screen.width))
        screen.labelled([("why", why(course, plan))])
    screen.lines("")
    told = [("percentile", "share of the run's stored draws below, equal ones half")]
    if found.constant:
        told.append(("the same in all", ", ".join(found.constant)))
    screen.labelled([*told, ("as stored", _as_stored(found))])


def _table(course: "Course", plan: "Plan", width: int) -> list[str]:
    """Where the actors stand at a few dates."""
    show, unit = wording.of_unit(course.unit)
    dates = [str(day) for day in plan.dates]
    last = len(dates) - 1
    steps = sorted({last * i // (_COLUMNS - 1) for i in range(_COLUMNS)})
    names = [name for name in ("frontier", "meek") if name in course.series]
    header = ("", *(wording.month(dates[i]) for i in steps))
    rows = [
        (name, *(wording.number(course.series[name][i]) for i in steps))
        for name in names
    ]
    gaps = (show(course.series["gap"][i]) for i in steps)
    rows.append((f"gap{',' if unit else ''}{unit}", *gaps))
    return grid(header, rows, width)


def why(course: "Course", plan: "Plan") -> str:
    """What becomes of the gap, in sentences: its peak, its end, and the reason."""
    return f"{_peak(course)} {_end(course, plan)}"


def _peak(course: "Course") -> str:
    height, status = _height(course, course.peak_gap), course.peak_status.word
    several = f", the highest of {course.num_peaks}" if course.num_peaks > 1 else ""
    if status == "observed":
        return f"The gap peaks on {course.peak_date} at {height}{several}."
    if status == "beyond":
        return f"The gap still rises at the end of the window ({course.peak_date})."
    if status == "already":
        return f"The gap falls from the start, from {height}."
    if status == "never":
        return "The gap never peaks: it rises for ever."
    return "Whether the gap peaks is not known."


def _end(course: "Course", plan: "Plan") -> str:
    bar = wording.tolerance(course.tolerance, course.unit)
    status, reason = course.convergence_status.word, course.convergence_reason.word
    if status == "observed":
        return (
            f"It is at most {bar} from {course.convergence_date} on and stays there: "
            f"{_limit(course)}."
        )
    if status == "already":
        said = {
            "no_lead": "the frontier never leads",
            "never_apart": f"it never exceeds {bar}",
        }
        return f"It is closed from the start: {said.get(reason, reason)}."
    if status == "beyond":
        left = _height(course, course.gap_at_end)
        return (
            f"On {plan.dates[-1]} it is {left}, and it closes, but after "
            f"{plan.experiment.events_until}: {_limit(course)}, below {bar}."
        )
    if status == "never":
        return f"It never closes: {_limit(course)}, above {bar}."
    return "It is not closed by then, and where it goes is not known."


def _limit(course: "Course") -> str:
    limit = course.limit_gap
    if math.isnan(limit):
        return "where it goes is not known"
    if math.isinf(limit):
        return "it grows without end"
    return f"it tends to {_height(course, limit)}"


def _height(course: "Course", value: float) -> str:
    show, unit = wording.of_unit(course.unit)
    return f"{show(value)}{unit}"


def _percentile(share: float | None) -> str:
    return "–" if share is None else f"{100 * share:.1f}"


def _as_stored(found: "Explained") -> str:
    same = [course.stored for course in found.courses]
    if None in same:
        return "nothing to compare: only the first draws of the run are stored"
    if all(same):
        return "yes, all events, bit by bit"
    return "no: made on another machine or with other versions, or the file is changed"


def _record(found: "Explained", plan: "Plan", run_id: str) -> dict[str, Any]:
    return {
        "run_id": run_id,
        "draw": found.index,
        "replicate": found.replicate,
        "point": found.point,
        "inputs": [vars(one) for one in found.inputs],
        "constant": list(found.constant),
        "dates": list(plan.dates),
        "lag_months": found.lag_months.tolist(),
        "courses": [
            {
                "scenario": course.scenario,
                "metric": course.metric,
                "unit": course.unit,
                "peak_gap": course.peak_gap,
                "peak_date": course.peak_date,
                "peak_status": course.peak_status.word,
                "convergence_date": course.convergence_date,
                "convergence_status": course.convergence_status.word,
                "reason": course.convergence_reason.word,
                "limit_gap": course.limit_gap,
                "why": why(course, plan),
                "as_stored": course.stored,
                "series": {n: rows.tolist() for n, rows in course.series.items()},
            }
            for course in found.courses
        ],
    }
