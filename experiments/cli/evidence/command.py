"""``meekmc evidence list|show|add``: the data sets there are, and rows of one's own."""

import datetime
from pathlib import Path
from typing import Annotated

import typer

from experiments.cli.strict_json import print_json

app = typer.Typer(help="Evidence: what was observed, with its sources.")

AsJson = Annotated[bool, typer.Option("--json", metavar="", help="Print JSON only.")]
Name = Annotated[
    str, typer.Argument(metavar="ID", help="A name from evidence list, or a CSV file.")
]
Kind = Annotated[
    str, typer.Argument(metavar="KIND", help="metr: the time horizon of a model.")
]
Model = Annotated[str, typer.Option("--model", metavar="NAME", help="Which model.")]
Date = Annotated[str, typer.Option("--date", metavar="DATE", help="Day of release.")]
Horizon = Annotated[
    str, typer.Option("--p50", metavar="TIME", help="Done half the time: 15h, 90min.")
]
Ends = Annotated[
    str | None,
    typer.Option("--interval", metavar="A,B@MASS", help="Its ends: 6h,60h@0.95."),
]
Horizon80 = Annotated[
    str | None,
    typer.Option("--p80", metavar="TIME", help="Done four times in five."),
]
Source = Annotated[
    str,
    typer.Option("--source", metavar="URL", help="Who says so; or arXiv NUMBER."),
]
Developer = Annotated[
    str, typer.Option("--developer", metavar="NAME", help="Who made it.")
]
Published = Annotated[
    str | None,
    typer.Option("--published", metavar="DATE", help="Of the number; usually today."),
]
Note = Annotated[
    str, typer.Option("--note", metavar="TEXT", help="What a user should know.")
]
To = Annotated[
    Path | None, typer.Option("--to", metavar="FILE", help="Usually evidence/metr.csv.")
]


@app.command("list")
def list_evidence(*, as_json: AsJson = False) -> None:
    """List the data sets that come with the program, and those in ./evidence."""
    from experiments.cli.evidence.display import overview, summary
    from priors.evidence.data_sets import all_data_sets

    found = all_data_sets()
    if as_json:
        print_json([overview(one) for one in found])
        return
    from experiments.cli.terminal import Screen

    Screen().labelled([(one.id, summary(one)) for one in found])


@app.command("show")
def show_evidence(name: Name, *, as_json: AsJson = False) -> None:
    """Show the rows of a data set, with their intervals and sources."""
    from experiments.cli.evidence import display
    from priors.evidence.data_sets import data_set

    found = data_set(name)
    if as_json:
        rows = [display.record(row) for row in found.rows]
        print_json({**display.overview(found), "rows": rows})
        return
    from experiments.cli.terminal import Screen

    display.show(Screen(), found)


@app.command("add")
def add_evidence(
    kind: Kind,
    model: Model = "",
    date: Date = "",
    horizon: Horizon = "",
    ends: Ends = None,
    horizon80: Horizon80 = None,
    source: Source = "",
    developer: Developer = "",
    published: Published = None,
    note: Note = "",
    to: To = None,
) -> None:
    """Add a row of your own, which evidence list then shows; or refuse it whole."""
    from experiments.cli.evidence.display import added
    from priors.evidence.own import HORIZON_FILE, append
    from priors.evidence.typed import horizon_row
    from priors.faults import Fault, Refusal, nearest

    if kind != "metr":
        hint = nearest(kind, ["metr"])
        raise Refusal(Fault(f'cannot add "{kind}"{hint} (there is: metr)', key="KIND"))
    rows, faults = [], []
    asked = [("p50", horizon, ends), ("p80", horizon80, None)]
    for level, length, between in asked:
        if length is None:
            continue
        try:
            row = horizon_row(
                model=model,
                date=date,
                horizon=length,
                ends=between,
                level=level,
                developer=developer,
                published=published,
                source=source,
                note=note,
                today=datetime.date.today(),
            )
        except Refusal as refusal:
            faults += [f for f in refusal.faults if f not in faults]
            continue
        rows.append(row)
    if faults:
        raise Refusal(faults)
    file = to or HORIZON_FILE
    append(rows, file)
    for line in added(rows, file):
        typer.echo(line)
