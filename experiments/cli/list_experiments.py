"""``meekmc list``: the questions that come with the program."""

from typing import Annotated

import typer

from experiments import registry
from experiments.cli.strict_json import print_json

AsJson = Annotated[bool, typer.Option("--json", metavar="", help="Print JSON only.")]


def list_experiments(*, as_json: AsJson = False) -> None:
    """List the experiments, one question a line."""
    known = registry.listed()
    if as_json:
        print_json(
            [{"name": one.name, "question": one.question} for one in known.values()]
        )
        return
    from experiments.cli.terminal import Screen

    Screen().labelled([(entry.name, entry.question) for entry in known.values()])
