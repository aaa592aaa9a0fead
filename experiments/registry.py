"""Finds the questions: files here that declare EXPERIMENT, or a script of one's own.

Files are read as text to be listed and imported only to be run, so that a list costs
no arrays and no JAX.
"""

import ast
import dataclasses
import datetime
import importlib
import importlib.util
import re
import sys
import traceback
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING, Any

from priors.faults import Fault, Refusal, nearest

if TYPE_CHECKING:
    from mc.engine.experiment import Experiment

FOLDER = Path(__file__).parent
NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}")
"""What an experiment may be called: its name becomes part of a folder's."""


@dataclasses.dataclass(frozen=True, kw_only=True)
class Listed:
    """An experiment that comes with the program.

    Attributes:
        name: What ``meekmc run`` calls it.
        question: One line.
        module: Where it is declared.
    """

    name: str
    question: str
    module: str


def listed() -> dict[str, Listed]:
    """Every experiment of this folder by name, sorted; nothing is imported."""
    found = {}
    for file in sorted(FOLDER.glob("*.py")):
        fields = _declared(file)
        if fields is not None:
            module = f"experiments.{file.stem}"
            entry = Listed(module=module, **fields)
            found[entry.name] = entry
    return dict(sorted(found.items()))


def find(name: str) -> "Experiment":
    """The experiment of a name, or of the path of a script.

    Raises:
        Refusal: If there is none, or what the script declares cannot be run.
    """
    known = listed()
    if name in known:
        return importlib.import_module(known[name].module).EXPERIMENT
    if name.endswith(".py") or "/" in name:
        return _of_script(Path(name))
    raise Refusal(
        Fault(
            f"unknown experiment {name!r}{nearest(name, known)} "
            f"(there is: {', '.join(known)}; a script of your own is named by its path)"
        )
    )


def checked(experiment: Any, file: str) -> "Experiment":
    """Return what a script declares, if it can be run.

    Args:
        experiment: The script's ``EXPERIMENT``.
        file: The script, for the messages.

    Raises:
        Refusal: With every field that is not what it should be.
    """
    from mc.engine.experiment import Experiment

    if not isinstance(experiment, Experiment):
        message = "must declare EXPERIMENT = mc.Experiment(…) at the top level"
        raise Refusal(Fault(message, file=file))
    faults = [
        Fault(f"{getattr(experiment, key)!r} is not {allowed}", file=file, key=key)
        for key, (is_allowed, allowed) in _FIELDS.items()
        if not is_allowed(getattr(experiment, key))
    ]
    if faults:
        raise Refusal(faults)
    return experiment


def _declared(file: Path) -> dict[str, str] | None:
    """Name and question of the file's EXPERIMENT; None where it has none."""
    for node in ast.parse(file.read_text(encoding="utf-8")).body:
        match node:
            case ast.Assign(
                targets=[ast.Name(id="EXPERIMENT")], value=ast.Call() as call
            ):
                fields = {k.arg: k.value for k in call.keywords}
                return {
                    key: ast.literal_eval(fields[key]) for key in ("name", "question")
                }
    return None


def _of_script(path: Path) -> "Experiment":
    if not path.is_file():
        raise Refusal(Fault("there is no such file", file=str(path)))
    spec = importlib.util.spec_from_file_location(path.stem, path)
    if spec is None or spec.loader is None:
        raise Refusal(Fault("is not a Python script (*.py)", file=str(path)))
    module = importlib.util.module_from_spec(spec)
    sys.path.append(str(path.absolute().parent))
    try:
        spec.loader.exec_module(module)
    except Refusal:
        raise
    except (Exception, SystemExit) as error:
        raise Refusal(_of_error(error, path)) from error
    return checked(_experiment_of(module), str(path))


def _experiment_of(module: ModuleType) -> Any:
    return getattr(module, "EXPERIMENT", None)


def _of_error(error: BaseException, path: Path) -> Fault:
    """What went wrong in a script, at the line of the script where it did."""
    if isinstance(error, SyntaxError):
        return Fault(f"not Python: {error.msg}", file=str(path), line=error.lineno)
    frames = traceback.extract_tb(error.__traceback__)
    here = str(path.absolute())
    lines = [frame.lineno for frame in frames if frame.filename == here]
    message = f"{type(error).__name__}: {error}"
    return Fault(message, file=str(path), line=lines[-1] if lines else None)


def _is_date(value: Any) -> bool:
    is_moment = isinstance(value, datetime.datetime)
    return isinstance(value, datetime.date) and not is_moment


def _are_dates(value: Any) -> bool:
    return isinstance(value, tuple) and all(map(_is_date, value))


def _is_text(value: Any) -> bool:
    return isinstance(value, str)


def _are_texts(value: Any) -> bool:
    return isinstance(value, tuple) and all(map(_is_text, value))


def _are_amounts(value: Any) -> bool:
    return isinstance(value, tuple) and all(map(_is_amount, value))


def _is_amount(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _are_metrics(value: Any) -> bool:
    from mc.model.measure import Measure

    known = str | Measure
    return isinstance(value, tuple) and all(isinstance(item, known) for item in value)


def _are_scenarios(value: Any) -> bool:
    from mc.engine.scenario import Scenario

    return isinstance(value, tuple) and all(
        isinstance(item, Scenario)
        and _is_text(item.name)
        and _is_text(item.summary)
        and _are_texts(item.changes)
        and all(told is None or _is_text(told) for told in (item.path, item.actor))
        for item in value
    )


def _is_figure(value: Any) -> bool:
    """Whether a file of ``mc/figures`` says that it answers a question."""
    if not _is_text(value) or not value.isidentifier():
        return value == ""
    file = FOLDER.parent / "mc" / "figures" / f"{value}.py"
    return file.is_file() and "\nANSWER = " in file.read_text(encoding="utf-8")


_FIELDS = {
    "name": (
        lambda value: _is_text(value) and NAME.fullmatch(value),
        "a name of letters, digits, dot, dash and underscore, 64 at most",
    ),
    "question": (_is_text, "one line of text"),
    "assumptions": (_are_texts, 'lines of text: ("…", "…")'),
    "metrics": (
        lambda value: _are_metrics(value) and value,
        'names of metrics, or functions as mc.Measure: ("time_horizon",)',
    ),
    "card": (_is_text, "the name or path of a card"),
    "path": (
        lambda value: value is None or _is_text(value),
        "the name of a compute path, or None",
    ),
    "actors": (_are_texts, 'names of meek actors: ("equal-2023", "1k-usd")'),
    "scenarios": (
        _are_scenarios,
        'scenarios: (mc.Scenario(name="slow", changes=("investment_growth*=0.5",)),)',
    ),
    "levels": (_are_texts, 'levels: ("time_horizon=40",)'),
    "budgets": (_are_amounts, "dollars a run: (1e3, 1e6)"),
    "fade": (
        lambda value: value is None or (_is_amount(value) and 0 < value < 1),
        "a share of the peak between 0 and 1, or None",
    ),
    "returns": (lambda value: isinstance(value, bool), "True or False"),
    "start": (
        lambda value: value is None or _is_date(value),
        "a datetime.date or None",
    ),
    "end": (_is_date, "a datetime.date"),
    "events_until": (_is_date, "a datetime.date"),
    "at": (_are_dates, "dates: (datetime.date(2030, 1, 1),)"),
    "by": (_are_dates, "dates: (datetime.date(2030, 1, 1),)"),
    "figure": (_is_figure, "a figure family, or empty"),
    "draws": (
        lambda value: isinstance(value, int) and not isinstance(value, bool),
        "a whole number",
    ),
}
