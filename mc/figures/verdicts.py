"""What becomes of a gap for ever: the classes of its limit, and words for them."""

from dataclasses import dataclass

from mc.engine.results import Results
from mc.engine.scenario import BASELINE
from mc.figures.style import number_words

CLASSES = {
    "reversed": "reversed",
    "meek": "meek",
    "constant_gap": "constant gap",
    "diverging": "diverging",
    "undetermined": "undetermined",
}
"""Classes of a limit as ``summary.csv`` names them, and as people do."""
NEARLY_ALL = 0.95
"""Share of the draws from which on one class speaks for the metric."""
_LEVELS = ("q0.05", "q0.5", "q0.95")


@dataclass(frozen=True, kw_only=True)
class Verdict:
    """The limit of one metric's gap, over all draws.

    Attributes:
        shares: Probability of each class.
        texts: The same as written in ``summary.csv``.
        limit: The 5, 50 and 95 % quantiles of the limit in words.
        unit: What stands behind these; empty for a ratio.
    """

    shares: dict[str, float]
    texts: dict[str, str]
    limit: tuple[str, str, str]
    unit: str

    @property
    def group(self) -> str:
        """``closes``, ``never`` or, where draws differ, ``depends``.

        A gap that turns round has closed on the way.
        """
        closes = self.shares["meek"] + self.shares["reversed"]
        if closes >= NEARLY_ALL:
            return "closes"
        return "never" if closes <= 1 - NEARLY_ALL else "depends"

    @property
    def words(self) -> str:
        """The classes that draws fall into, the commonest first."""
        found = sorted(
            (name for name, share in self.shares.items() if share),
            key=lambda name: -self.shares[name],
        )
        if len(found) == 1:
            return CLASSES[found[0]]
        return ", ".join(
            f"{CLASSES[name]} {self.texts[name].replace('%', ' %')}" for name in found
        )

    @property
    def limit_words(self) -> str:
        """What the gap tends to, with its unit."""
        low, middle, high = self.limit
        words = middle if low == middle == high else f"{middle} [{low} – {high}]"
        return (
            words if middle in ("0", "×1", "∞", "−∞", "×0") else f"{words}{self.unit}"
        )


def verdict(results: Results, metric: str, scenario: str = BASELINE) -> Verdict:
    """The limit of one metric's gap in one scenario.

    Raises:
        KeyError: If the run has no such metric, or no limits.
    """
    rows = results.summary(metric=metric, quantity="limit_gap", scenario=scenario)
    if rows.empty:
        raise KeyError(f"no limit of the gap of {metric} in this run")
    rows = rows.set_index("statistic")
    unit = results.manifest["metrics"][metric]["unit"]
    factor = 100.0 if unit == "probability" else 1.0

    def words(level: str) -> str:
        status, number = str(rows.at[level, "status"]), float(rows.at[level, "number"])
        if status != "observed":
            lowest = "×0" if unit == "ratio" else "−∞"
            return {"already": lowest, "never": "∞"}.get(status, "unknown")
        shown = number_words(factor * number)
        return f"×{shown}" if unit == "ratio" else shown

    low, middle, high = map(words, _LEVELS)
    return Verdict(
        shares={name: float(rows.at[f"p_{name}", "number"]) for name in CLASSES},
        texts={name: str(rows.at[f"p_{name}", "text"]) for name in CLASSES},
        limit=(low, middle, high),
        unit={"probability": " points", "ratio": ""}.get(unit, f" {unit}"),
    )
