"""``meekmc bench``: how fast, against whom; ratios from one run, also as JSON."""

import datetime
import json
from pathlib import Path
from typing import Annotated, Any

import typer

from experiments.cli.terminal import Screen
from priors.faults import Fault, Refusal, nearest

Parts = Annotated[
    list[str] | None,
    typer.Argument(
        metavar="[PART]…", help="Parts to run; all if none is named. See --list."
    ),
]
Quick = Annotated[
    bool, typer.Option("--quick", metavar="", help="Small sizes: a sign of life only.")
]
Listed = Annotated[bool, typer.Option("--list", metavar="", help="List the parts.")]
Out = Annotated[
    str | None,
    typer.Option(
        "--out",
        metavar="FILE",
        help="Write JSON here, pictures beside it.",
    ),
]


def bench(
    parts: Parts = None,
    out: Out = None,
    *,
    quick: Quick = False,
    listed: Listed = False,
) -> None:
    """Measure this machine: ratios against NumPy, NumPyro, C and other set-ups."""
    from benchmarks.suite import PARTS, environment

    screen = Screen()
    if listed:
        screen.labelled([(name, part.summary) for name, part in PARTS.items()])
        return
    unknown = [name for name in parts or () if name not in PARTS]
    if unknown:
        raise Refusal(
            Fault(f"unknown part {name!r}{nearest(name, PARTS)}", key="PART")
            for name in unknown
        )
    file = None if out is None else Path(out)
    if file is not None and file.exists():
        raise Refusal(Fault("is there already", file=str(file), key="--out"))
    written = [] if file is None else [file]
    _use_all_cores()
    found: dict[str, Any] = {"environment": environment(), "quick": quick}
    for name in parts or PARTS:
        now = datetime.datetime.now().strftime("%H:%M")
        screen.title(f"{name}: {PARTS[name].summary} (since {now})")
        found[name] = PARTS[name].measure(quick=quick)
        screen.lines(*(PARTS[name].lines(found[name]) or _lines(found[name])))
        if file is not None:
            file.write_text(json.dumps(found, indent=1) + "\n", encoding="utf-8")
            picture = file.with_name(f"{file.stem}-{name}")
            written += PARTS[name].draw(found[name], picture)
    screen.lines(*map(str, written))


def _use_all_cores() -> None:
    from mc.engine.devices import use_all_cores

    use_all_cores()


def _lines(found: dict[str, Any], indent: str = "  ") -> list[str]:
    """Ratios with their intervals, other figures by name."""
    lines = []
    for name, value in found.items():
        if isinstance(value, dict) and "median" in value:
            interval = f"[{value['low']:.3g}–{value['high']:.3g}]"
            own, other = value["contender_seconds"], value["reference_seconds"]
            times = f"({own:.3g} s, {other:.3g} s)"
            lines.append(f"{indent}{name}: ×{value['median']:.3g} {interval} {times}")
        elif isinstance(value, dict):
            lines += [f"{indent}{name}:", *_lines(value, indent + "  ")]
        elif isinstance(value, float):
            lines.append(f"{indent}{name}: {value:.4g}")
        else:
            lines.append(f"{indent}{name}: {value}")
    return lines
