"""Words that a shell completes: experiments, cards, paths, actors, metrics, beliefs.

A shell asks with every press of a key, so nothing here imports an array. Where none of
these words fits, the shell goes on with file names.
"""

from collections.abc import Iterable


def experiments(incomplete: str) -> list[tuple[str, str]]:
    """Experiments that come with the program, each with its question."""
    from experiments import registry

    return [
        (entry.name, entry.question)
        for entry in registry.listed().values()
        if entry.name.startswith(incomplete)
    ]


def cards(incomplete: str) -> list[str]:
    """Cards that come with the program."""
    from priors.cards import shipped

    return _starting(incomplete, shipped())


def actors(incomplete: str) -> list[str]:
    """Actors that come with the program."""
    from priors.actors import shipped_actors

    return _starting(incomplete, shipped_actors())


def paths(incomplete: str) -> list[tuple[str, str]]:
    """Compute paths; the last of those that a plus joins is completed."""
    from mc.model.entries import shelf

    before, plus, last = incomplete.rpartition("+")
    return [
        (before + plus + entry.name, entry.summary)
        for entry in shelf("compute").values()
        if entry.name.startswith(last)
    ]


def metrics(incomplete: str) -> list[str]:
    """Metrics of the registry."""
    from mc.model.registry import metric_names

    return _starting(incomplete, metric_names())


def beliefs(incomplete: str) -> list[tuple[str, str]]:
    """Parameters that ``--set`` takes, with an equals sign to go on from."""
    from priors.parameters import PARAMETERS

    return [
        (f"{name}=", parameter.meaning)
        for name, parameter in PARAMETERS.items()
        if name.startswith(incomplete)
    ]


def _starting(incomplete: str, words: Iterable[str]) -> list[str]:
    return [word for word in words if word.startswith(incomplete)]
