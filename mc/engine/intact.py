"""Files of a run folder are data: each is checked before it is believed.

What is read here may come from anywhere. Nothing in it is run, its size is known before
memory is taken for it, and what is missing is named.
"""

import json
from pathlib import Path
from typing import Any

import pandas as pd
import xarray as xr

from mc.engine.storage import NotARun

MOST_MANIFEST = 2**26
"""Bytes of the largest manifest that is read."""
SLACK = 2**20
"""Bytes that arrays may declare beyond the size of their file, which is not packed."""
_TOLD = {
    **dict.fromkeys(("run_id", "command"), str),
    **dict.fromkeys(("configuration", "experiment", "card", "metrics"), dict),
    **dict.fromkeys(("draws", "status_counts", "bands", "device"), dict),
    "versions": dict,
    "shows": str,
    **dict.fromkeys(("caveats", "scenarios"), list),
}
_WITHIN = {
    "card": ("name", "sha256", "tables"),
    "draws": ("total", "stored"),
    "experiment": ("name",),
}
_GROUPS = ("bands", "central", "constant_data", "prior", "prior_predictive")


def read_json(file: Path) -> dict[str, Any]:
    """Read an object of strict JSON, of a size that a manifest can have.

    Raises:
        NotARun: If it is no such file.
    """
    try:
        size = file.stat().st_size
        if size > MOST_MANIFEST:
            raise ValueError(f"{size:,} bytes are more than a manifest has")
        found = json.loads(file.read_text(encoding="utf-8"), parse_constant=_refused)
    except (OSError, ValueError, RecursionError) as error:
        raise NotARun(f"{file.parent} is not a run folder: {error}") from error
    if not isinstance(found, dict):
        raise NotARun(f"{file.parent} is not a run folder: {file.name} is no object")
    return found


def check_manifest(manifest: dict[str, Any], file: Path) -> None:
    """Refuse a manifest without what every run tells.

    Raises:
        NotARun: If something is missing, or no object, text or list as it must be.
    """
    lacking = [name for name in _TOLD if name not in manifest]
    wrong = [n for n, kind in _TOLD.items() if not isinstance(manifest.get(n), kind)]
    lacking += [
        f"{name}.{key}"
        for name, keys in _WITHIN.items()
        for key in keys
        if name not in wrong and key not in manifest[name]
    ]
    if lacking:
        raise NotARun(f"{file} is damaged: it lacks {', '.join(lacking)}")
    if wrong:
        raise NotARun(f"{file} is damaged: {', '.join(wrong)}: of another kind")


def read_table(file: Path, columns: tuple[str, ...], **options: Any) -> pd.DataFrame:
    """Read a CSV file that has at least some columns.

    Raises:
        NotARun: If it cannot be read, or lacks one.
    """
    try:
        table = pd.read_csv(file, **options)
    except (OSError, ValueError) as error:
        raise NotARun(f"{file} is damaged: {error}") from error
    missing = [name for name in columns if name not in table.columns]
    if missing:
        raise NotARun(f"{file} is damaged: no column {', '.join(missing)}")
    return table


def read_tree(file: Path) -> xr.DataTree:
    """Read the arrays of a run, which take no more memory than their file.

    Raises:
        NotARun: If they would, or groups are missing, or it is no such file.
    """
    try:
        with xr.open_datatree(file, engine="h5netcdf", phony_dims="access") as tree:
            missing = [name for name in _GROUPS if name not in tree.children]
            if missing:
                raise NotARun(f"{file} is damaged: no group {', '.join(missing)}")
            arrays = [v for g in tree.subtree for v in g.dataset.variables.values()]
            declared, size = sum(v.nbytes for v in arrays), file.stat().st_size
            if declared > size + SLACK:
                raise NotARun(
                    f"{file} is damaged: its arrays would take {declared:,} bytes, "
                    f"and the file has {size:,}"
                )
            return tree.load()
    except (OSError, ValueError, KeyError, RuntimeError) as error:
        raise NotARun(f"{file} is damaged: {error}") from error


def _refused(constant: str) -> float:
    raise ValueError(f"{constant} is no number of strict JSON")
