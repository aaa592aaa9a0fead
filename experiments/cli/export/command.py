"""``meekmc export``: a CDF for Metaculus, quantiles for a hub, draws for anyone."""

import datetime
import json
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from experiments.cli import run_folder
from experiments.cli.export import question
from experiments.cli.strict_json import strict
from priors.faults import Fault, Refusal

if TYPE_CHECKING:
    from mc.analysis.exported import Exported

RANGE, OUT = "--range", "--out"


class To(StrEnum):
    """Whose format."""

    METACULUS = "metaculus"
    QUANTILES = "quantiles"
    CSV = "csv"


Format = Annotated[
    To,
    typer.Option(
        "--to",
        help="metaculus: JSON with a CDF of 201 points and the question in words; "
        "quantiles: CSV at 23 levels, with Monte Carlo errors; csv: every stored draw.",
    ),
]
QuantityName = Annotated[
    str | None,
    typer.Option(
        "--quantity",
        metavar="METRIC/QUANTITY",
        help="peak_gap, peak_date or convergence_date of a metric. Default: when the "
        "first gap that closes is closed.",
    ),
]
Scenario = Annotated[
    str,
    typer.Option("--scenario", metavar="NAME", help="One of the run's worlds."),
]
Range = Annotated[
    str | None,
    typer.Option(
        RANGE,
        metavar="LOW..HIGH",
        help="Ends of the CDF, e.g. 2026-01-01..2040-01-01. Default: what holds 99.8 % "
        "of the numbers.",
    ),
]
Out = Annotated[
    str | None,
    typer.Option(OUT, metavar="FILE", help="Write here, not to the terminal."),
]


def export(
    run: run_folder.Run,
    to: Format,
    quantity: QuantityName = None,
    scenario: Scenario = "baseline",
    asked: Range = None,
    out: Out = None,
) -> None:
    """Write one quantity of a run as other tools take it: a CDF, quantiles, draws."""
    file = _new(out)
    if asked is not None and to is not To.METACULUS:
        raise Refusal(Fault(f"goes with --to metaculus, not {to.value}", key=RANGE))
    results = run_folder.stored(run)

    from mc.analysis.exported import exported

    one = exported(results, quantity, scenario)
    text = {To.METACULUS: _metaculus, To.QUANTILES: _quantiles, To.CSV: _draws}[to](
        one, asked
    )
    if file is None:
        typer.echo(text, nl=False)
        return
    file.write_text(text, encoding="utf-8")
    typer.echo(str(file))


def _metaculus(one: "Exported", asked: str | None) -> str:
    low, high = _ends(one, asked)
    points, found = one.cdf(low, high)
    below = float(one.shares_up_to(points[:1])[0])
    upto = float(one.shares_up_to(points[-1:])[0])
    told = {
        **question.in_words(one),
        "range_min": one.text(points[0]),
        "range_max": one.text(points[-1]),
        "open_lower_bound": True,
        "open_upper_bound": True,
        "probability_below": below,
        "probability_above": 1 - upto,
        "shares": one.shares,
        "cdf_is": "the draws' CDF, mixed with a straight line (1.25 %) so that every "
        "step and both ends keep Metaculus' rules",
        "continuous_cdf": [float(value) for value in found],
        "made_by": question.origin(one),
    }
    return (
        json.dumps(strict(told), ensure_ascii=False, allow_nan=False, indent=1) + "\n"
    )


def _quantiles(one: "Exported", asked: str | None) -> str:
    import dataclasses

    import pandas as pd

    del asked
    rows = pd.DataFrame([dataclasses.asdict(row) for row in one.quantiles()])
    rows.insert(4, "level", [float(name[1:]) for name in rows["statistic"]])
    return rows.to_csv(index=False, lineterminator="\n")


def _draws(one: "Exported", asked: str | None) -> str:
    del asked
    return one.table().to_csv(index=False, lineterminator="\n")


def _ends(one: "Exported", asked: str | None) -> tuple[float, float]:
    """Both ends of the range on the scale of the values."""
    if asked is None:
        usual = one.usual_range()
        if usual is None:
            found = max(one.shares, key=lambda word: one.shares[word])
            why = (
                f"no draw has a number ({one.shares[found]:.0%} {found}): state a range"
            )
            raise Refusal(Fault(f"{why}, e.g. {RANGE} LOW..HIGH", key=RANGE))
        return usual
    parts = asked.split("..")
    if len(parts) != 2:
        raise Refusal(Fault(f'"{asked}" must be LOW..HIGH', key=RANGE))
    low, high = (_end(one, part) for part in parts)
    return low, high


def _end(one: "Exported", text: str) -> float:
    try:
        if one.is_date:
            return one.years(datetime.date.fromisoformat(text))
        return float(text)
    except ValueError as error:
        wanted = "a date as 2030-01-01" if one.is_date else "a number"
        raise Refusal(Fault(f'"{text}" is not {wanted}', key=RANGE)) from error


def _new(out: str | None) -> Path | None:
    """A file that is not there yet, in a folder that is."""
    if out is None:
        return None
    file = Path(out)
    if not file.parent.is_dir():
        raise Refusal(Fault(f"there is no folder {file.parent}", key=OUT))
    if file.exists():
        raise Refusal(Fault(f"{file} is there already; choose another", key=OUT))
    return file
