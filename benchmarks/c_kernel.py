"""The success gap in C, built from its source where it runs: a practical ceiling."""

import ctypes
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
from jaxtyping import Float32

from benchmarks.job import TASKS, Inputs, months

SOURCE = Path(__file__).with_name("kernel.c")
FLAGS = ("-Ofast", "-march=native", "-mprefer-vector-width=512", "-fopenmp")

Peaks = Float32[np.ndarray, "tasks draws"]


def built(inputs: Inputs, folder: Path, *, plain: bool = False) -> Callable[[], Peaks]:
    """The kernel over some draws: the largest monthly gap of each.

    Args:
        inputs: A multiple of 16 draws.
        folder: Where the library goes.
        plain: Subtract two logistic functions, which cancels.

    Raises:
        FileNotFoundError: If there is no C compiler.
        subprocess.CalledProcessError: If it refuses.
    """
    library = folder / f"kernel-{'plain' if plain else 'exact'}.so"
    command = ["gcc", *FLAGS, "-shared", "-fPIC", str(SOURCE), "-o", str(library)]
    subprocess.run(
        [*command, "-lm", *(["-DPLAIN"] if plain else [])], check=True, text=True
    )
    function = ctypes.CDLL(str(library)).success_gap
    function.restype = None
    start = _floats(inputs.slope * inputs.log_start)
    rate = _floats(inputs.slope * inputs.elasticity * inputs.shared)
    lead = _floats(inputs.slope * inputs.elasticity * inputs.lead)
    tasks = _floats(np.log(TASKS)[:, None] * inputs.slope)
    dates = _floats(months())
    peaks = np.empty(tasks.shape, np.float32)

    def run() -> Peaks:
        function(
            *map(_pointer, (start, rate, lead, dates)),
            ctypes.c_size_t(dates.size),
            _pointer(tasks),
            ctypes.c_size_t(len(TASKS)),
            ctypes.c_size_t(start.size),
            _pointer(peaks),
        )
        return peaks

    return run


def _floats(values: np.ndarray) -> Float32[np.ndarray, "..."]:
    return np.ascontiguousarray(values, np.float32)


def _pointer(values: np.ndarray) -> Any:
    return values.ctypes.data_as(ctypes.POINTER(ctypes.c_float))
