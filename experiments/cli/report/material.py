"""What a page shows beside the run's tables: figures, other settings, what moves it."""

import math
from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from experiments.cli import run_folder
from experiments.cli.waiting import waiting
from priors.faults import Fault, Refusal

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from mc.engine.results import Results
    from mc.figures.report.page import Picture
    from mc.figures.style import Columns

DRAWS = "1024"
"""Of each setting of the robustness figure."""
MOST_DRAWS = 2**14
"""Of the run, made again for what moves the answer."""


def robust(run: str, results: "Results") -> "Picture":
    """The headline under other paths, cards and actors, each with its own draws.

    Raises:
        Refusal: If the question is a script's, or no setting can be run.
    """
    from experiments import registry
    from experiments.cli.robustness import display
    from experiments.cli.robustness.settings import asked_again
    from mc.figures.report import sentences
    from mc.figures.report.page import Picture, png

    del run
    name = results.manifest["experiment"]["name"]
    if name not in registry.listed():
        raise Refusal(Fault("the experiment is a script's own, not in meekmc list"))
    metric = _typed(results, sentences.headline(results))
    found, asked = asked_again(name, metric, draws=DRAWS, silent=False)
    return Picture(
        title=f"When the gap of {metric} is closed, in {len(found)} settings",
        wide=png(display.drawn(found, asked)),
        notes=(f"meekmc robustness {name} --metric {metric} --draws {DRAWS}",),
    )


def moving(run: str, results: "Results") -> "Picture":
    """The tornado of the headline, from draws of the run made again.

    Raises:
        Stop: If they cannot be made again.
        Refusal: If the headline moves in no draw.
    """
    from experiments.cli.sensitivity import tornado
    from mc.analysis.sensitivity import sensitivity
    from mc.analysis.target import read_target
    from mc.figures.report.page import Picture, png

    target = read_target(None, results, "--figure")
    plan = run_folder.plan_of(run, results)
    replay = run_folder.replay_of(run, results, plan)
    with waiting(f"drawing again for what moves {target.name}"):
        found = sensitivity(replay, target, min(plan.num_draws, MOST_DRAWS))
    if found.is_constant:
        raise Refusal(Fault("all draws agree: nothing moves the answer"))
    return Picture(
        title=f"What moves {target.name}",
        wide=png(tornado.picture(found, results)),
        notes=("meekmc sensitivity RUN",),
    )


def drawn(results: "Results") -> "list[Picture]":
    """The figures of the run that a reader looks at first, for two widths."""
    from mc.figures.report.page import Picture, png

    return [
        Picture(
            title=title,
            wide=png(draw(2)),
            narrow=None if title == ANSWER else png(draw(1)),
        )
        for title, draw in _drawings(results).items()
    ]


ANSWER = "The question's own figure"


def _drawings(results: "Results") -> "dict[str, Callable[[Columns], Figure]]":
    """Figures by heading, each for one or two columns."""
    from mc import figures
    from mc.figures.labels import metric_labels, metric_names
    from mc.figures.saving import answer

    found: dict[str, Callable[[Columns], Figure]] = {}
    family = results.manifest["experiment"].get("figure", "")
    if family:
        found[ANSWER] = lambda _: answer(family)(results)
    names = metric_names(results)
    found["Gaps over time"] = partial(_columned, figures.gaps, results)
    found["Dates, with what lies beyond and never"] = partial(
        _columned, figures.dates, results
    )
    found["Heights and dates of the peaks"] = partial(_columned, figures.peaks, results)
    if len(names) == 1:
        title = f"Frontier and meek: {metric_labels(results, names[0]).title}"
        found[title] = lambda columns: figures.fan(results, names[0], columns)
    return found


def _columned(
    draw: "Callable[..., Figure]", results: "Results", columns: "Columns"
) -> "Figure":
    return draw(results, columns)


def _typed(results: "Results", label: str) -> str:
    """A metric of a run as ``--metric`` takes it.

    Raises:
        Refusal: If it is a formula or a function of the user's own.
    """
    from mc.model.registry import metric_names

    if label in metric_names():
        return label
    entry = results.manifest["metrics"][label]
    if entry["name"] not in metric_names():
        raise Refusal(Fault(f"{label} is a metric of your own: not asked in others"))
    words = ",".join(f"{k}={_written(v)}" for k, v in entry["arguments"].items() if v)
    return f"{entry['name']}:{words}" if words else entry["name"]


def _written(value: object) -> str:
    if isinstance(value, float) and math.isfinite(value):
        return f"{value:g}"
    return str(value)
