"""What a run left: tables, arrays and a manifest, in memory or in a run folder."""

import dataclasses
import functools
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import xarray as xr

from mc.engine.intact import check_manifest, read_json, read_table, read_tree
from mc.engine.plan import FORMAT
from mc.engine.scenario import BASELINE
from mc.engine.storage import NotARun
from mc.outcomes.summaries import Row

SUMMARY = "summary.csv"
BANDS = "bands.csv"
TREE = "results.nc"
MANIFEST = "manifest.json"
PRIOR, POSTERIOR, PREDICTIVE = "prior", "posterior", "_predictive"
"""Groups of the tree as ArviZ names them."""
_BAND_KEYS = ("scenario", "metric", "date", "series", "extrapolated")


@dataclasses.dataclass(frozen=True, kw_only=True, eq=False)
class Results:
    """A finished run.

    Attributes:
        run_id: Shared by all runs with the same numbers.
        summary_table: Every statistic with its Monte Carlo error, tidy.
        bands: Quantiles over draws of every series at every date.
        tree: Arrays for ArviZ: parameters and events of the stored draws, bands,
            a few curves and the central run.
        manifest: How to get it again: configuration, card, versions, counts.
    """

    run_id: str
    summary_table: pd.DataFrame
    bands: pd.DataFrame
    tree: xr.DataTree
    manifest: dict[str, Any]

    @property
    def parameters(self) -> xr.Dataset:
        """Parameters of the stored draws, of the posterior where there is one."""
        return self.tree[POSTERIOR if self.is_conditioned else PRIOR].to_dataset()

    @property
    def events(self) -> xr.Dataset:
        """What came of the same draws."""
        name = POSTERIOR if self.is_conditioned else PRIOR
        return self.tree[name + PREDICTIVE].to_dataset()

    @property
    def is_conditioned(self) -> bool:
        """Whether the run is of a posterior, with its prior beside it."""
        return POSTERIOR in self.tree.children

    def summary(
        self,
        *,
        metric: str | None = None,
        quantity: str | None = None,
        scenario: str | None = BASELINE,
    ) -> pd.DataFrame:
        """Rows of the summary, of one metric or one quantity if named.

        Args:
            metric: Label of a metric; all if None.
            quantity: As in ``summary.csv``; all if None.
            scenario: Name of a scenario; all if None.
        """
        rows = self.summary_table
        keep = np.ones(len(rows), bool)
        if scenario is not None:
            keep &= (rows["scenario"] == scenario).to_numpy()
        if metric is not None:
            keep &= (rows["metric"] == metric).to_numpy()
        if quantity is not None:
            keep &= (rows["quantity"] == quantity).to_numpy()
        return rows.loc[keep].reset_index(drop=True)

    def statistic(
        self, metric: str, quantity: str, statistic: str, scenario: str = BASELINE
    ) -> pd.Series:
        """One row of the summary.

        Raises:
            KeyError: If there is no such figure.
        """
        place = self._places.get((scenario, metric, quantity, statistic))
        if place is None:
            raise KeyError(f"no figure {metric}/{quantity}/{statistic} in this run")
        return self.summary_table.iloc[place]

    @functools.cached_property
    def _places(self) -> dict[tuple[str, ...], int]:
        """The first row of each scenario, metric, quantity and statistic."""
        rows = self.summary_table
        names = [rows[n] for n in ("scenario", "metric", "quantity", "statistic")]
        keys = list(zip(*names, strict=True))
        return {key: len(keys) - 1 - i for i, key in enumerate(reversed(keys))}

    def band(self, metric: str, series: str, scenario: str = BASELINE) -> pd.DataFrame:
        """Quantiles of one series, indexed by date."""
        rows = self.bands
        here = rows["scenario"] == scenario
        rows = rows.loc[here & (rows["metric"] == metric) & (rows["series"] == series)]
        if rows.empty:
            raise KeyError(f"no series {metric}/{series} in this run")
        return rows.set_index(pd.to_datetime(rows["date"]))

    def save(self, folder: Path) -> None:
        """Write the tables and arrays into ``folder``; the manifest comes last."""
        self.summary_table.to_csv(folder / SUMMARY, index=False, lineterminator="\n")
        self.bands.to_csv(folder / BANDS, index=False, lineterminator="\n")
        self.tree.to_netcdf(folder / TREE, engine="h5netcdf")


def load(folder: str | Path) -> Results:
    """Read a run folder.

    Raises:
        NotARun: If it holds no run, one of another format, or one that is damaged.
    """
    folder = Path(folder)
    manifest = read_manifest(folder)
    return Results(
        run_id=manifest["run_id"],
        summary_table=_read_summary(folder / SUMMARY),
        bands=read_table(folder / BANDS, _BAND_KEYS),
        tree=read_tree(folder / TREE),
        manifest=manifest,
    )


def read_manifest(folder: Path) -> dict[str, Any]:
    """Read how a run was made, and the checksums of its files.

    Raises:
        NotARun: If the folder holds no run, or one of another format.
    """
    manifest = read_json(folder / MANIFEST)
    written = manifest.get("format")
    if isinstance(written, bool) or not isinstance(written, int):
        raise NotARun(f"{folder} is not a run folder: its format is {written!r}")
    if written > FORMAT:
        raise NotARun(
            f"{folder} has format {written}, newer than this program (knows up to "
            f"{FORMAT}); upgrade meekmc"
        )
    if written < FORMAT:
        raise NotARun(
            f"{folder} has format {written}, older than this program's {FORMAT}; run "
            f"it again: {manifest.get('command', 'its command is not known')}"
        )
    check_manifest(manifest, folder / MANIFEST)
    return manifest


def _read_summary(file: Path) -> pd.DataFrame:
    """The summary as it was before it was written: numbers, words and gaps."""
    empty = {name: [""] for name in ("number", "mc_error", "mc_df")}
    names = tuple(field.name for field in dataclasses.fields(Row))
    table = read_table(file, names, keep_default_na=False, na_values=empty)
    for column in ("mc_lower", "mc_upper"):
        table[column] = [_number_or_word(text) for text in table[column]]
    return table.astype({"mc_df": "Int64"})


def _number_or_word(text: float | str) -> float | str | None:
    if text == "":
        return None
    try:
        return float(text)
    except ValueError:
        return text
