"""``meekmc list``: the questions that come with the program."""

import typer

from experiments import registry


def list_experiments() -> None:
    """List the experiments, one question a line."""
    known = registry.listed()
    width = max(map(len, known))
    for entry in known.values():
        typer.echo(f"{entry.name:<{width}}  {entry.question}")
