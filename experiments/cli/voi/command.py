"""``meekmc voi``: which number a decision would gain most from knowing."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from experiments.cli import devices, run_folder, stored_draws
from experiments.cli.options import Json
from experiments.cli.plot_option import Plot, draw, picture
from experiments.cli.run_folder import Run
from experiments.cli.stored_draws import Draws
from experiments.cli.strict_json import print_json
from experiments.cli.waiting import waiting
from priors.faults import Fault, Refusal, nearest

if TYPE_CHECKING:
    from experiments.cli.voi.display import Checks
    from mc.analysis.information import Information
    from mc.analysis.payoffs import Terms
    from mc.engine.replay import Replay

SHIPPED = Path(__file__).parents[2] / "decisions"
DECISION, CHECK = "--decision", "--check"
MOST_INSIDE = 2**12
"""Draws of the inner level of a check."""

OfDecision = Annotated[
    str,
    typer.Option(
        DECISION,
        metavar="DECISION",
        help="A TOML file with actions, outcomes and payoffs, or the name of a "
        "decision that comes with the program: export-controls.",
    ),
]
Check = Annotated[
    list[str] | None,
    typer.Option(
        CHECK,
        metavar="INPUT",
        help="Beside it, what an input is worth by simulation on two levels; slow. "
        "Repeatable.",
    ),
]


def voi(
    run: Run,
    decision: OfDecision,
    draws: Draws = None,
    check: Check = None,
    plot: Plot = None,
    *,
    as_json: Json = False,
) -> None:
    """Say what each belief is worth to a decision: the value of information."""
    file = picture(plot)

    from mc.analysis.decision_file import read_decision

    asked = read_decision(_located(decision))
    results = run_folder.stored(run)

    from mc.analysis.payoffs import bind

    plan = run_folder.plan_of(run, results)
    terms = bind(asked, results, plan)
    num_draws = stored_draws.num_draws(draws, plan)
    devices.start("auto")

    from experiments.cli.voi import display
    from mc.analysis.information import information
    from mc.engine.replay import Replay

    with waiting("drawing again for the worth of each input"):
        replay = Replay(plan)
        found = information(replay, terms, num_draws)
        checks = _checked(replay, terms, found, check or [])
    if as_json:
        print_json(display.record(found, checks, results.run_id))
    else:
        display.show(found, checks, plan.num_draws)
    if file is not None:
        draw(display.picture(found, results), file)


def _located(text: str) -> Path:
    """The file of a decision."""
    known = sorted(path.stem for path in SHIPPED.glob("*.toml"))
    if text in known:
        return SHIPPED / f"{text}.toml"
    if text.endswith(".toml") or "/" in text or Path(text).exists():
        return Path(text)
    line = f'no decision "{text}"{nearest(text, known)}'
    told = f"{line} (there is: {', '.join(known)}; or name a TOML file)"
    raise Refusal(Fault(told, key=DECISION))


def _checked(
    replay: "Replay", terms: "Terms", found: "Information", names: list[str]
) -> "Checks":
    """What inputs are worth by simulation on two levels."""
    from mc.analysis.two_level import two_level

    known = [one.name for one in found.inputs]
    checks = {}
    for name in names:
        if name not in known:
            line = f"no input {name}{nearest(name, known)} (there is: "
            raise Refusal(Fault(f"{line}{', '.join(sorted(known))})", key=CHECK))
        try:
            inside = min(found.num_draws, MOST_INSIDE)
            checks[name] = two_level(replay, terms, name, inside)
        except ValueError as error:
            line = f"{error}: two levels need an input that is drawn on its own"
            raise Refusal(Fault(line, key=CHECK)) from error
    return checks
