"""A figure that belongs to no run, as one file."""

from pathlib import Path

import matplotlib as mpl
from matplotlib.figure import Figure

from mc.figures.style import print_style

DPI = 200


@print_style()
def save_one(figure: Figure, file: Path) -> None:
    """Write a figure in the format of the file's ending, without a date."""
    mpl.rcParams["svg.hashsalt"] = file.stem
    dateless = {".svg": {"Date": None}, ".pdf": {"CreationDate": None}}
    figure.savefig(file, dpi=DPI, metadata=dateless.get(file.suffix.lower()))
