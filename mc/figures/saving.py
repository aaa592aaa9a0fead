"""Figures as files: PNG, SVG or PDF, the same bytes from the same results."""

import ast
import importlib
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

import matplotlib as mpl
from matplotlib.figure import Figure

from mc.engine.results import Results
from mc.figures.beliefs import priors_used
from mc.figures.dates import dates
from mc.figures.fan import fan, gaps
from mc.figures.labels import MANY, metric_names
from mc.figures.lag import lag
from mc.figures.learnt import learnt
from mc.figures.peaks import peaks
from mc.figures.picture import DPI
from mc.figures.scenarios import scenarios
from mc.figures.style import Columns, print_style
from mc.figures.worlds import world_names


def draw_all(results: Results, folder: Path) -> list[Path]:
    """Draw every figure that applies to a run into ``folder``, as PNG and SVG.

    Args:
        results: The run.
        folder: Where the files go; made if it is not there.

    Returns:
        The files, two for each of ``drawings``.

    Raises:
        LookupError: If the experiment names a family that is not there.
    """
    folder.mkdir(parents=True, exist_ok=True)
    files = []
    for name, draw in drawings(results).items():
        files += save(draw(results), folder / name, run_id=results.run_id)
    return files


def drawings(
    results: Results, columns: Columns | None = None
) -> dict[str, Callable[[Results], Figure]]:
    """The figures that apply to a run, by the names of their files.

    Args:
        results: The run.
        columns: Width of those that have several; what suits the run if None.

    Returns:
        ``answer`` where the experiment names the family that answers its question,
        ``gaps``, ``fan-<metric>`` up to ``MANY`` metrics, ``dates``, ``peaks``,
        ``scenarios`` where there are several, ``learnt`` where data were used,
        ``priors`` and ``lag``.

    Raises:
        LookupError: If there is no such family.
    """
    names = metric_names(results)
    usual: Columns = 2 if len(names) > 1 else 1
    found: dict[str, Callable[[Results], Figure]] = {}
    family = results.manifest["experiment"].get("figure", "")
    if family:
        found["answer"] = answer(family)
    found["gaps"] = partial(gaps, columns=columns or usual)
    for metric in names if len(names) <= MANY else ():
        found[f"fan-{metric}"] = partial(fan, metric=metric, columns=columns or 2)
    found["dates"] = partial(dates, columns=columns or usual)
    found["peaks"] = partial(peaks, columns=columns or usual)
    if len(world_names(results)) > 1:
        found["scenarios"] = partial(scenarios, columns=columns or 2)
    if results.is_conditioned:
        found["learnt"] = learnt
    found["priors"] = partial(priors_used, columns=columns or 2)
    found["lag"] = partial(lag, columns=columns or 1)
    return found


def answer(family: str) -> Callable[[Results], Figure]:
    """The function that draws a family: a file here that says what it answers.

    Raises:
        LookupError: If there is no such family.
    """
    if family not in families():
        known = ", ".join(sorted(families()))
        raise LookupError(f"no figure family {family!r}; there is: {known}")
    return getattr(importlib.import_module(f"mc.figures.{family}"), family)


def families() -> dict[str, str]:
    """What the figures that answer a question show, by name: the literal ``ANSWER``."""
    found = {}
    for file in sorted(Path(__file__).parent.glob("*.py")):
        for node in ast.parse(file.read_text(encoding="utf-8")).body:
            match node:
                case ast.Assign(targets=[ast.Name(id="ANSWER")], value=value):
                    found[file.stem] = ast.literal_eval(value)
    return found


@print_style()
def save(
    figure: Figure,
    stem: Path,
    *,
    run_id: str,
    formats: Sequence[str] = ("png", "svg"),
) -> list[Path]:
    """Write one figure with the run id in each file, and no date in any.

    Args:
        figure: The figure.
        stem: Path without a suffix.
        run_id: Identity of the run; it also seeds the names inside the SVG.
        formats: ``png`` (of 200 dpi), ``svg`` or ``pdf``.
    """
    mpl.rcParams["svg.hashsalt"] = run_id
    title = f"{stem.name}, run {run_id}"
    told = {
        "png": {"Software": "meekmc", "Title": title, "Run": run_id},
        "svg": {
            "Creator": "meekmc",
            "Date": None,
            "Identifier": run_id,
            "Title": title,
        },
        "pdf": {"Creator": "meekmc", "CreationDate": None, "Title": title},
    }
    files = []
    for ending in formats:
        files.append(stem.with_name(f"{stem.name}.{ending}"))
        figure.savefig(files[-1], dpi=DPI, metadata=told[ending])
    return files
