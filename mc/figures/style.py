"""Sizes, type and colours of every figure: readable in print, in grey and by all.

Bands differ in lightness and lines in dash, so that no meaning hangs on hue alone.
Hues are Okabe and Ito's.
"""

import contextlib
import math
from collections.abc import Iterator
from typing import Any, Literal

import matplotlib as mpl

Columns = Literal[1, 2]
"""How many columns of a page a figure spans."""

WIDTHS = {1: 3.5, 2: 7.2}
"""Inches, for one and two columns."""

INK = "#222222"
QUIET = "#5c5c5c"
FAINT = "#b8b8b8"
SHADE = "#f3f3f3"
BLUE = "#0072b2"
DARK_BLUE = "#08405f"
MIDDLE_BLUE = "#6ba6d0"
LIGHT_BLUE = "#c3dcef"
VERMILION = "#d55e00"
DARK_ORANGE = "#8a3d00"
LIGHT_ORANGE = "#f6d7b0"

LINES: tuple[tuple[str, Any, str], ...] = (
    (INK, "-", "o"),
    (BLUE, (0, (5.0, 1.6)), "s"),
    (VERMILION, (0, (1.2, 1.3)), "D"),
    ("#007a5a", (0, (5.0, 1.4, 1.2, 1.4)), "^"),
    ("#b0578d", (0, (2.6, 1.2)), "v"),
    ("#a87400", (0, (5.0, 1.2, 1.2, 1.2, 1.2, 1.2)), "P"),
)
"""Colour, dash and mark of each line in a panel of several; the first is the baseline.

Hues are Okabe and Ito's, some darker so that they keep on white.
"""

TITLE_SIZE = 8.5
PANEL_SIZE = 7.0
TEXT_SIZE = 6.5
SMALL_SIZE = 5.6
LEADING = 1.28
"""Distance of base lines over the size of the type."""

DASHED = (0, (4.5, 1.8))
DOTTED = (0, (1.0, 1.6))

RC: dict[str, Any] = {
    "axes.axisbelow": False,
    "axes.edgecolor": INK,
    "axes.labelcolor": INK,
    "axes.labelpad": 2.5,
    "axes.labelsize": TEXT_SIZE,
    "axes.linewidth": 0.6,
    "axes.spines.right": False,
    "axes.spines.top": False,
    "axes.titlelocation": "left",
    "axes.titlepad": 4.0,
    "axes.titlesize": PANEL_SIZE,
    "axes.titleweight": "bold",
    "font.family": ["DejaVu Sans"],
    "font.size": TEXT_SIZE,
    "legend.borderaxespad": 0.0,
    "legend.borderpad": 0.0,
    "legend.columnspacing": 1.2,
    "legend.fontsize": 6.0,
    "legend.frameon": False,
    "legend.handlelength": 2.2,
    "legend.handletextpad": 0.5,
    "legend.labelspacing": 0.35,
    "svg.fonttype": "path",
    "text.color": INK,
    "text.parse_math": False,
    "xtick.color": INK,
    "xtick.labelsize": 6.0,
    "xtick.major.pad": 2.0,
    "xtick.major.size": 2.5,
    "xtick.major.width": 0.6,
    "xtick.minor.size": 1.3,
    "xtick.minor.width": 0.4,
    "ytick.color": INK,
    "ytick.labelsize": 6.0,
    "ytick.major.pad": 2.0,
    "ytick.major.size": 2.5,
    "ytick.major.width": 0.6,
    "ytick.minor.size": 1.3,
    "ytick.minor.width": 0.4,
}


@contextlib.contextmanager
def print_style() -> Iterator[None]:
    """The settings of every figure while it is made or saved, whatever the user's."""
    with mpl.rc_context():
        mpl.rcdefaults()
        mpl.rcParams.update(RC)
        yield


_SUPERSCRIPTS = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")


def power(exponent: int) -> str:
    """A power of ten in letters that need no typesetting: ``10⁵``."""
    return "10" + str(exponent).translate(_SUPERSCRIPTS)


def number_words(value: float, digits: int = 3) -> str:
    """A number as a reader writes it: ``0.0123``, ``4.6``, ``41,000``, ``2.1×10²⁵``."""
    if value == 0 or not math.isfinite(value):
        return f"{value:g}"
    rounded = float(f"{value:.{digits - 1}e}")
    exponent = math.floor(math.log10(abs(rounded)))
    if -4 <= exponent < 6:
        places = max(digits - 1 - exponent, 0)
        text = f"{rounded:,.{places}f}"
        return text.rstrip("0").rstrip(".") if "." in text else text
    mantissa = f"{rounded / 10.0**exponent:.{digits - 1}f}".rstrip("0").rstrip(".")
    return power(exponent) if mantissa == "1" else f"{mantissa}×{power(exponent)}"
