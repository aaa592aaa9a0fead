"""Histories of fixed compute as tables: what each budget or machine gained."""

from collections.abc import Sequence

import pandas as pd

from mc.figures.histories import Days, History


def years_table(budgets: Sequence[History], days: Days) -> pd.DataFrame:
    """Record, straight line between records and number of models, by date."""
    rows = [
        {
            "budget": history.label,
            "date": day,
            "record": record,
            "interpolated": between,
            "models": count,
        }
        for history in budgets
        for day, record, between, count in zip(
            days.astype(str).tolist(),
            history.best_by(days).tolist(),
            history.interpolated_by(days).tolist(),
            history.count_by(days),
            strict=True,
        )
    ]
    return pd.DataFrame(rows)


def gains_table(budgets: Sequence[History], per_oom: float) -> pd.DataFrame:
    """What each budget gained a year, and what growth of algorithms that would be.

    Args:
        budgets: A history a budget.
        per_oom: Points for a factor of ten in effective compute.
    """
    rows = []
    for history in budgets:
        top, gain = history.records(), history.gain_per_year()
        rows.append(
            {
                "budget": history.label,
                "first": f"{top.names[0]}, {top.days[0]}",
                "last": f"{top.names[-1]}, {top.days[-1]}",
                "gain": top.values[-1] - top.values[0],
                "a year, to the last record": top.gain_per_year(),
                "last model": str(history.days[-1]),
                "a year, to the last model": gain,
                "as growth, x/yr": 10.0 ** (gain / per_oom),
            }
        )
    return pd.DataFrame(rows)


def machines_table(
    machines: Sequence[History], per_doubling: Sequence[float]
) -> pd.DataFrame:
    """What each machine gained a year, and what growth of efficiency that would be.

    Args:
        machines: A history a machine.
        per_doubling: Elo for twice the compute: values to try.
    """
    rows = []
    for history in machines:
        slope = history.slope()
        row = {
            "machine": history.label,
            "first": f"{history.names[0]}, {history.days[0]}",
            "last": f"{history.names[-1]}, {history.days[-1]}",
            "gain, Elo": history.values[-1] - history.values[0],
            "Elo a year": slope,
        }
        for elo in per_doubling:
            row[f"x/yr at {elo:g} a doubling"] = 2.0 ** (slope / elo)
        rows.append(row)
    return pd.DataFrame(rows)
