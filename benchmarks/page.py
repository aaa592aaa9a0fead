"""What ``meekmc bench --out`` wrote, as the tables of ``docs/benchmarks.md``.

``python -m benchmarks.page docs/benchmarks.json`` prints them; a test compares.
"""

import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

ASKED = {
    ("throughput", "numpy_sort"): 10.0,
    ("throughput", "numpy_quantile"): 25.0,
    ("throughput", "numpyro"): 5.0,
    ("throughput", "python_loop"): 500.0,
    ("kernel", "c"): 0.6,
    ("devices", ""): 1.6,
}
"""Ratios aimed at: times of the other contender over ours."""
NAMES = {
    ("throughput", "numpy_sort"): "standard job, NumPy with `np.sort`",
    ("throughput", "numpy_quantile"): "standard job, NumPy with `np.quantile`",
    ("throughput", "numpyro"): "standard job, NumPyro `Predictive`",
    ("throughput", "python_loop"): "standard job a draw, Python loop",
    ("kernel", "c"): "kernel, C without cancellation",
    ("kernel", "c_plain_subtraction"): "kernel, C with plain subtraction",
    ("devices", ""): "two devices on two cores, one on one core",
    ("startup", "help"): "`meekmc --help`",
    ("startup", "list"): "`meekmc list`",
    ("startup", "priors_show"): "`meekmc priors show`",
    ("startup", "refusal"): "a refused command",
    ("startup", "warm_run"): "`meekmc run metr-gaps --draws 65536 --no-plots`",
}
"""What stands beside ours, in the order of the tables."""


def lines(found: dict[str, Any]) -> list[str]:
    """Every table, in Markdown."""
    parts = [_machine(found["environment"]), *_ratios(found), *_startup(found)]
    return [*parts, *_accuracy(found), *_memory(found)]


def _machine(told: dict[str, Any]) -> str:
    versions = ", ".join(
        f"{name} {told[name]}"
        for name in ("python", "jax", "jaxlib", "numpy", "numpyro")
    )
    return f"{told['date']}: {told['processor']}, {told['cores']} cores; {versions}.\n"


def _ratios(found: dict[str, Any]) -> Iterator[str]:
    yield "| meekmc beside | times as fast | 95 % interval | asked | seconds |"
    yield "|---|---|---|---|---|"
    for (part, name), words in NAMES.items():
        row = _row(found, part, name)
        if part == "startup" or row is None:
            continue
        asked = f"{ASKED[part, name]:g}" if (part, name) in ASKED else ""
        interval = f"{row['low']:.2f}–{row['high']:.2f}"
        seconds = f"{row['contender_seconds']:.3g}, {row['reference_seconds']:.3g}"
        yield f"| {words} | {row['median']:.2f} | {interval} | {asked} | {seconds} |"
    yield ""


def _startup(found: dict[str, Any]) -> Iterator[str]:
    yield "| command | seconds | seconds of `import numpy` |"
    yield "|---|---|---|"
    for (part, name), words in NAMES.items():
        row = _row(found, part, name)
        if part == "startup" and row is not None:
            ours, numpy = row["contender_seconds"], row["reference_seconds"]
            yield f"| {words} | {ours:.2f} | {numpy:.2f} |"
    yield ""


def _accuracy(found: dict[str, Any]) -> Iterator[str]:
    if "accuracy" not in found:
        return
    yield "| figures | design | reach | of | smallest | geometric mean | asked |"
    yield "|---|---|---|---|---|---|---|"
    for name, told in found["accuracy"]["targets"].items():
        for design in ("sobol", "lattice"):
            row = told[design]
            yield (
                f"| {name.replace('_', ' ')} | {design} | {row['reached']} | "
                f"{told['figures']} | {row['smallest']:.3g} | "
                f"{row['geometric_mean']:.3g} | {told['asked']:g} |"
            )
    yield ""


def _memory(found: dict[str, Any]) -> Iterator[str]:
    if "memory" not in found:
        return
    yield "| draws | peak MiB | seconds |"
    yield "|---|---|---|"
    yield f"| imports alone | {found['memory']['imports_mib']:.0f} | |"
    for size, row in found["memory"].items():
        if size.isdigit():
            peak, seconds = row["peak_mib"], row["seconds"]
            yield f"| {int(size):,} | {peak:.0f} | {seconds:.3g} |"


def _row(found: dict[str, Any], part: str, name: str) -> dict[str, Any] | None:
    """A ratio, unless its part was not run or it had nobody to run against."""
    told = found.get(part, {})
    row = told.get(name) if name else told
    return row if row and "median" in row else None


if __name__ == "__main__":
    told = json.loads(Path(sys.argv[1]).read_text(encoding="utf-8"))
    sys.stdout.write("\n".join([*lines(told), ""]))
