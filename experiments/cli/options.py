"""The options of a run, as ``--help`` shows them; they are read as text."""

from typing import Annotated

import typer

from experiments.cli import completion

Experiment = Annotated[
    str,
    typer.Argument(
        metavar="EXPERIMENT",
        autocompletion=completion.experiments,
        help="A name from meekmc list, or the path of a script.",
    ),
]
Card = Annotated[
    str | None,
    typer.Option(
        "--card",
        metavar="CARD",
        autocompletion=completion.cards,
        help="Other beliefs: a card's name or path.",
    ),
]
Overrides = Annotated[
    list[str] | None,
    typer.Option(
        "--set",
        metavar="NAME=SPEC",
        autocompletion=completion.beliefs,
        help="One other belief: 1.4, or 1.25..1.57@90%, with or without a unit. "
        "Repeatable.",
    ),
]
Path = Annotated[
    str | None,
    typer.Option(
        "--path",
        metavar="NAME",
        autocompletion=completion.paths,
        help="Another compute path, parts joined by a plus (see meekmc paths).",
    ),
]
Actors = Annotated[
    list[str] | None,
    typer.Option(
        "--actor",
        metavar="NAME",
        autocompletion=completion.actors,
        help="Another meek actor: a name from meekmc actors, a budget as 250m-usd, or "
        "a TOML file. Repeatable: the first is the baseline's.",
    ),
]
Scenarios = Annotated[
    list[str] | None,
    typer.Option(
        "--scenario",
        metavar="TEXT",
        help="One that the experiment declares, none, or NAME: CHANGE; CHANGE; "
        "path=PATH; actor=ACTOR, where CHANGE is hardware_growth=1.1 or "
        "investment_growth*=0.5. Repeatable.",
    ),
]
Metrics = Annotated[
    list[str] | None,
    typer.Option(
        "--metric",
        metavar="NAME",
        autocompletion=completion.metrics,
        help="Instead of the experiment's metrics, e.g. task_success:minutes=30. "
        "Repeatable.",
    ),
]
Levels = Annotated[
    list[str] | None,
    typer.Option(
        "--level",
        metavar="METRIC=LEVEL",
        help="Date when each actor comes to a level, in the unit of the metric's "
        "values, e.g. time_horizon=40. Repeatable.",
    ),
]
Budgets = Annotated[
    str | None,
    typer.Option(
        "--budgets",
        metavar="LIST",
        help="Many meek actors: dollars a run as 1k,1M,1e9 or 1k..1B@25, so many from "
        "one to the other in equal ratios.",
    ),
]
Fade = Annotated[
    str | None,
    typer.Option(
        "--fade",
        metavar="SHARE",
        help="Date from which each gap stays at or under a share of its own peak, "
        "e.g. 10%.",
    ),
]
Returns = Annotated[
    bool,
    typer.Option(
        "--returns",
        metavar="",
        help="What the lead is worth and costs, discounted, up to each date.",
    ),
]
Preintegrate = Annotated[
    bool,
    typer.Option(
        "--preintegrate",
        metavar="",
        help="Dates from draws integrated along one direction each: errors several "
        "times smaller, in about twice the time.",
    ),
]
Draws = Annotated[
    str | None,
    typer.Option(
        "--draws",
        metavar="N",
        help="1e6, 1_000_000 or 1M; rounded up to replicates times a power of two.",
    ),
]
Precision = Annotated[
    list[str] | None,
    typer.Option(
        "--precision",
        metavar="FIGURE=ERROR",
        help="Draw until a figure is that precise (half its 95 % limits), e.g. "
        "task_success_1h/convergence_date/q0.5=0.05; --draws is then the most. "
        "Repeatable.",
    ),
]
Replicates = Annotated[
    str | None,
    typer.Option(
        "--replicates",
        metavar="R",
        help="Independent randomisations, a power of two from 8. Default: 16.",
    ),
]
Seed = Annotated[str | None, typer.Option("--seed", metavar="S", help="Default: 0.")]
Design = Annotated[
    str | None,
    typer.Option(
        "--design", metavar="NAME", help="sobol (default), lattice or independent."
    ),
]
Start = Annotated[
    str | None,
    typer.Option(
        "--start",
        metavar="DATE",
        help="First date drawn. Default: the card's reference date.",
    ),
]
End = Annotated[
    str | None,
    typer.Option("--end", metavar="DATE", help="Last date of figures and bands."),
]
EventsUntil = Annotated[
    str | None,
    typer.Option("--events-until", metavar="DATE", help="How far events are sought."),
]
Today = Annotated[
    str | None,
    typer.Option("--today", metavar="DATE", help="Default: the current date (UTC)."),
]
Tolerances = Annotated[
    list[str] | None,
    typer.Option(
        "--tolerance",
        metavar="METRIC=VALUE",
        help="Gap that counts as closed, in the metric's unit. Repeatable.",
    ),
]
Device = Annotated[
    str | None,
    typer.Option("--device", metavar="KIND", help="auto (default), cpu or gpu."),
]
Cluster = Annotated[
    str | None,
    typer.Option(
        "--cluster",
        metavar="ADDRESS",
        help="Compute blocks on Dask workers: local:N processes here, or "
        "tcp://host:port of a scheduler.",
    ),
]
Out = Annotated[
    str | None,
    typer.Option(
        "--out", metavar="DIR", help="Folder of the run. Default: a new one in runs/."
    ),
]
Resume = Annotated[
    bool,
    typer.Option(
        "--resume",
        metavar="",
        help="Go on with the run in --out: finished blocks are read, and a finished "
        "run is extended to more draws.",
    ),
]
Json = Annotated[
    bool,
    typer.Option("--json", metavar="", help="Print one JSON object and nothing else."),
]
Quiet = Annotated[
    bool,
    typer.Option(
        "--quiet", metavar="", help="Print the folder of the run and nothing else."
    ),
]
NoPlots = Annotated[
    bool, typer.Option("--no-plots", metavar="", help="Draw no figures.")
]
