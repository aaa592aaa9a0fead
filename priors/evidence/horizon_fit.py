"""METR's record horizons as two exponentials that meet at a kink, and how sure that is.

With t in years since the release of Claude 3.7 Sonnet, k the kink and
``s(t) = w·ln(1 + e^((k − t)/w))`` the years still to go before it,
``ln h(t) = ln h_1 + b_late·t + (b_late − b_early)·(s(t) − s(0))``.
``python -m priors.evidence.horizon_fit`` prints the rows that the default card draws.
"""

import csv
import datetime
import io
import sys
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from priors.evidence.arrays import Arrays, arrays
from priors.evidence.data_sets import data_set
from priors.evidence.observables import HORIZON
from priors.evidence.rows import Row
from priors.shapes import Float
from priors.units import DAYS_PER_YEAR, LN_2, decimal_years, years_since

DATA = "metr-th1.1"
ANCHOR = datetime.date(2025, 2, 24)
FIRST, LAST = datetime.date(2023, 6, 1), datetime.date(2024, 12, 31)
"""Between these days a kink is looked for, day by day."""
JOIN_YEARS = 0.1
"""Width w of the join: nine tenths of the turn take 6·w."""
BLOCK = 3
"""Neighbouring releases whose residuals stay together."""
LIKENESS = 1.5
"""Distance in ln h over which task errors lose a share 1 − 1/e of their correlation.

Chosen so that task errors alone give the line from 2023 on an sd of ln doubling time of
0.10; METR's own bootstrap of tasks, 104 to 158 days at 95 %, has 0.106.
"""
ROWS, SEED = 4096, 20260508
COLUMNS = (
    "horizon_at_anchor",
    "horizon_doubling_time",
    "early_horizon_doubling_time",
    "horizon_kink_date",
)
Logs = Float[np.ndarray, "fits rows"]


@dataclass(frozen=True, kw_only=True, eq=False)
class Kinked:
    """Least-squares fits, one an entry.

    Attributes:
        level: ``ln`` minutes on the anchor's date.
        late: Growth of ln minutes after the kink, per year.
        early: The same before it.
        kink: Years since the anchor's date.
        misfit: Sum of squared residuals.
    """

    level: Float[np.ndarray, " fits"]
    late: Float[np.ndarray, " fits"]
    early: Float[np.ndarray, " fits"]
    kink: Float[np.ndarray, " fits"]
    misfit: Float[np.ndarray, " fits"]

    def at(self, years: Float[np.ndarray, " rows"]) -> Logs:
        """Ln minutes, years since the anchor's date."""
        before = before_kink(years, self.kink[:, None]) - before_kink(
            0.0, self.kink[:, None]
        )
        turn = (self.late - self.early)[:, None]
        return self.level[:, None] + self.late[:, None] * years + turn * before


def before_kink(
    years: Float[np.ndarray, "..."] | float, kink: Float[np.ndarray, "..."] | float
) -> Float[np.ndarray, "..."]:
    """Return ``s``, the years still to go before a kink, smooth where it comes."""
    return np.asarray(JOIN_YEARS * np.logaddexp(0.0, (kink - years) / JOIN_YEARS))


def records(rows: Sequence[Row] | None = None) -> Arrays:
    """METR's records of 16 hours and less, those that its own trend is fitted to."""
    rows = data_set(DATA).of(HORIZON) if rows is None else rows
    return arrays([r for r in rows if r.more["record"] == "yes" and not r.censored])


def years_of(found: Arrays) -> Float[np.ndarray, " rows"]:
    """Years since the anchor's date."""
    days = found.days - np.datetime64(ANCHOR)
    return days.astype(np.int64) / DAYS_PER_YEAR


def fit(years: Float[np.ndarray, " rows"], logs: Logs) -> Kinked:
    """Least squares of ln minutes on date; the kink is the best day of the range.

    Args:
        years: Of each release, since the anchor's date.
        logs: ln minutes of each release, one fit a line.
    """
    first, last = (round(years_since(ANCHOR, d) * DAYS_PER_YEAR) for d in (FIRST, LAST))
    kinks = np.arange(first, last + 1) / DAYS_PER_YEAR
    designs = np.stack([_design(years, kink) for kink in kinks])
    solvers = np.linalg.pinv(designs)
    rest = np.eye(years.size) - designs @ solvers
    misfits = np.einsum("fi,kij,fj->fk", logs, rest, logs, optimize=True)
    best = np.argmin(misfits, axis=1)
    level, late, turn = np.einsum("fpi,fi->pf", solvers[best], logs)
    return Kinked(
        level=level,
        late=late,
        early=late - turn,
        kink=kinks[best],
        misfit=np.take_along_axis(misfits, best[:, None], axis=1)[:, 0],
    )


def bootstrap(found: Arrays, rows: int = ROWS, seed: int = SEED) -> Kinked:
    """Refit the records, moved by what scatters about the trend and by task errors.

    Residuals are drawn in circular blocks of neighbouring releases and widened by the
    degrees of freedom of the fit. A measurement is off by what its tasks happened to be
    like: such errors have the printed sd, and the nearer two horizons lie the more
    alike they are. What is a release's own error is in its residual too, so counts
    twice.

    Args:
        found: The records.
        rows: How many fits.
        seed: Of NumPy's PCG64.
    """
    rng = np.random.Generator(np.random.PCG64(seed))
    years, size = years_of(found), len(found)
    best = fit(years, found.values[None])
    trend = best.at(years)[0]
    widened = np.sqrt(size / (size - len(COLUMNS)))
    residuals = (found.values - trend) * widened
    starts = rng.integers(size, size=(rows, -(-size // BLOCK)))
    places = (starts[:, :, None] + np.arange(BLOCK)).reshape(rows, -1)[:, :size] % size
    shared = np.linalg.cholesky(task_errors(trend, found.errors))
    errors = rng.standard_normal((rows, size)) @ shared.T
    return fit(years, trend + residuals[places] + errors)


def task_errors(
    trend: Float[np.ndarray, " rows"], errors: Float[np.ndarray, " rows"]
) -> Float[np.ndarray, "rows rows"]:
    """Covariance of errors that near horizons share, having tasks in common.

    Args:
        trend: ln minutes.
        errors: The printed sd of each measurement.
    """
    apart = np.abs(trend[:, None] - trend[None, :])
    return np.outer(errors, errors) * np.exp(-apart / LIKENESS)


def table(fits: Kinked) -> str:
    """The fits as CSV in the card's units, sorted by the late doubling time."""
    order = np.argsort(fits.late, kind="stable")[::-1]
    columns = (
        np.exp(fits.level),
        DAYS_PER_YEAR * LN_2 / fits.late,
        DAYS_PER_YEAR * LN_2 / fits.early,
        decimal_years(ANCHOR, fits.kink),
    )
    lines = io.StringIO(newline="")
    writer = csv.writer(lines, lineterminator="\n")
    writer.writerow(COLUMNS)
    digits = (5, 5, 5, 8)
    writer.writerows(
        [f"{value:.{d}g}" for value, d in zip(row, digits, strict=True)]
        for row in np.stack(columns, axis=1)[order]
    )
    return lines.getvalue()


def _design(years: Float[np.ndarray, " rows"], kink: float) -> np.ndarray:
    before = before_kink(years, kink) - before_kink(0.0, kink)
    return np.stack([np.ones_like(years), years, before], axis=1)


if __name__ == "__main__":
    sys.stdout.write(table(bootstrap(records())))
