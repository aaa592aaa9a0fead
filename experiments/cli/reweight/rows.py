"""Rows of reweighted tables: found by scenario and metric, put one below another."""

from typing import Any

import pandas as pd

from experiments.cli.reweight.display import told
from experiments.cli.terminal import Screen
from mc.analysis.stored import Stored
from mc.engine.scenario import BASELINE

DATE, MEDIAN = "convergence_date", "q0.5"
_KEYS = ["scenario", "metric", "quantity", "statistic"]


def screen_of(run: str, draws: Stored, what: str) -> Screen:
    """A screen that says which run is asked what."""
    screen = Screen()
    screen.title(f"{draws.results.manifest['experiment']['name']}: {what}")
    screen.labelled(told(run, draws))
    return screen


def places(draws: Stored) -> list[tuple[str, str, str]]:
    """Scenario, metric, and what the two are called."""
    events = draws.results.events
    return [
        (name, metric, metric if name == BASELINE else f"{name}: {metric}")
        for name in map(str, events["scenario"].to_numpy())
        for metric in map(str, events["metric"].to_numpy())
    ]


def long_table(parts: dict[Any, pd.DataFrame], keys: list[str]) -> pd.DataFrame:
    """Tables as one, with what they are of in columns before theirs."""
    if not parts:
        return pd.DataFrame(columns=[*keys, *_KEYS])
    return pd.concat(parts, names=keys).reset_index(level=keys)


def figure_of(
    table: pd.DataFrame,
    name: str,
    metric: str,
    statistic: str = MEDIAN,
    quantity: str = DATE,
) -> dict[Any, Any]:
    """One row of a scenario and a metric."""
    wanted = (name, metric, quantity, statistic)
    keep = (table[_KEYS] == list(wanted)).all(axis=1)
    return table.loc[keep].iloc[0].to_dict()
