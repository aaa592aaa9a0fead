"""The registry of parameter names, and which of them say one thing in two ways.

Weights and power scaling act on the canonical scale of each parameter.
"""

from collections.abc import Collection
from dataclasses import dataclass

from priors.units import Kind

SCALES: dict[Kind, str] = {
    "growth": "ln per year",
    "duration": "ln years",
    "scale": "ln",
    "date": "years since the reference date",
    "share": "as is",
    "real": "as is",
}


@dataclass(frozen=True, kw_only=True)
class Parameter:
    """A name that cards and metrics share.

    Attributes:
        name: The field's words.
        symbol: As in formulas.
        kind: What it measures.
        unit: Its own unit.
        plausible: Lowest and highest number that is believed not to be a slip of the
            unit, in the own unit; dates as decimal years.
        meaning: One line.
        default: The point that holds where a card is silent, in the own unit.
    """

    name: str
    symbol: str
    kind: Kind
    unit: str
    plausible: tuple[float, float]
    meaning: str
    default: float | None = None

    @property
    def scale(self) -> str:
        """The canonical scale, in words."""
        return SCALES[self.kind]


def _registry(*rows: tuple) -> dict[str, Parameter]:
    keys = ("name", "symbol", "kind", "unit", "plausible", "meaning", "default")
    return {row[0]: Parameter(**dict(zip(keys, row, strict=False))) for row in rows}


# Append only: the order fixes how correlated parameters are factored.
PARAMETERS = _registry(
    (
        "hardware_growth",
        "g_hw",
        "growth",
        "x/yr",
        (0.5, 20.0),
        "growth of FLOP per dollar, shared by both actors",
    ),
    (
        "algorithmic_growth",
        "g_alg",
        "growth",
        "x/yr",
        (0.5, 200.0),
        "growth of algorithmic and data efficiency, shared by both actors",
    ),
    (
        "investment_growth",
        "g_inv",
        "growth",
        "x/yr",
        (0.2, 50.0),
        "growth of the frontier's spending; the meek actor's is 1",
    ),
    (
        "training_compute_growth",
        "g_C",
        "growth",
        "x/yr",
        (0.2, 50.0),
        "growth of the frontier's physical training compute",
    ),
    (
        "clock_ratio",
        "r",
        "real",
        "1",
        (0.01, 1.0),
        "speed of the meek clock over the frontier's, s/f",
    ),
    (
        "horizon_doubling_time",
        "T_d",
        "duration",
        "days",
        (5.0, 5000.0),
        "doubling of the frontier's 50 % time horizon, calendar time",
    ),
    (
        "horizon_at_anchor",
        "h_1",
        "scale",
        "minutes",
        (1e-3, 1e7),
        "the frontier's 50 % time horizon on the anchor date",
    ),
    (
        "anchor_date",
        "t_1",
        "date",
        "date",
        (2015.0, 2040.0),
        "the date on which the frontier has that horizon",
    ),
    (
        "horizon_ratio_50_80",
        "h50/h80",
        "scale",
        "ratio",
        (1.01, 1000.0),
        "50 % over 80 % time horizon; gives the slope of the success curve",
    ),
    (
        "horizon_elasticity",
        "ε",
        "real",
        "1",
        (0.01, 10.0),
        "elasticity of the time horizon in effective compute",
    ),
    (
        "loss_exponent",
        "γ",
        "real",
        "1",
        (0.01, 1.0),
        "power of the fall of reducible loss with compute, positive",
    ),
    (
        "loss_coefficient",
        "A",
        "scale",
        "nats/token",
        (1.0, 1e8),
        "reducible loss at one FLOP, in R = A·C^−γ",
    ),
    (
        "reducible_loss_at_pivot",
        "R_p",
        "scale",
        "nats/token",
        (0.01, 20.0),
        "reducible loss at the pivot, nearly uncorrelated with γ",
    ),
    (
        "pivot_compute",
        "C_p",
        "scale",
        "FLOP",
        (1e9, 1e30),
        "the compute at which the loss at the pivot holds",
    ),
    (
        "irreducible_loss",
        "E",
        "real",
        "nats/token",
        (0.0, 5.0),
        "limit of the loss as compute grows",
    ),
    (
        "initial_compute_ratio",
        "κ",
        "scale",
        "ratio",
        (1e-3, 1e12),
        "frontier over meek effective compute at the reference date",
        1.0,
    ),
    (
        "initial_compute",
        "C_0",
        "scale",
        "FLOP",
        (1e9, 1e35),
        "the meek actor's effective compute at the reference date",
    ),
    (
        "frontier_compute",
        "κ·C_0",
        "scale",
        "FLOP",
        (1e9, 1e35),
        "the frontier's effective compute at the reference date",
    ),
    (
        "meek_budget",
        "B",
        "scale",
        "dollars",
        (1.0, 1e13),
        "what the meek actor spends on one training run",
    ),
    (
        "compute_per_dollar",
        "P",
        "scale",
        "FLOP/dollar",
        (1e6, 1e27),
        "training FLOP bought by a dollar at the reference date",
    ),
    (
        "world_product",
        "Y",
        "scale",
        "dollars/yr",
        (1e12, 1e17),
        "gross world product at the reference date",
    ),
    (
        "world_product_growth",
        "g_Y",
        "growth",
        "x/yr",
        (0.8, 3.0),
        "growth of gross world product",
    ),
)

# Each row: alternative ways, each a set of names that belong together.
RIVALS: tuple[tuple[tuple[str, ...], ...], ...] = (
    (("investment_growth",), ("training_compute_growth",)),
    (("loss_coefficient",), ("reducible_loss_at_pivot", "pivot_compute")),
    (("clock_ratio",), ("algorithmic_growth",)),
    (("initial_compute_ratio",), ("frontier_compute",)),
    (("horizon_elasticity",), ("horizon_doubling_time",)),
)

# initial_compute = meek_budget · compute_per_dollar: any two give the third. The
# first of them that is not said anew is the one that gives way.
PRODUCT = ("initial_compute", "meek_budget", "compute_per_dollar")


def clashes(names: Collection[str]) -> tuple[tuple[str, ...], ...]:
    """Return the sets of names that together say one thing in two ways."""
    found = []
    for ways in RIVALS:
        said = [[name for name in way if name in names] for way in ways]
        if sum(bool(way) for way in said) > 1:
            found.append(tuple(name for way in said for name in way))
    if all(name in names for name in PRODUCT):
        found.append(PRODUCT)
    return tuple(found)


def replaced(said: Collection[str], inherited: Collection[str]) -> tuple[str, ...]:
    """Return the inherited names that give way to what is said anew."""
    out: list[str] = []
    for ways in RIVALS:
        for way in ways:
            if any(name in said for name in way):
                others = (name for other in ways if other != way for name in other)
                out += [name for name in others if name in inherited]
    left = {*said, *inherited} - set(out)
    if any(name in said for name in PRODUCT) and left.issuperset(PRODUCT):
        out += [name for name in PRODUCT if name not in said][:1]
    return tuple(dict.fromkeys(out))


def halves(names: Collection[str]) -> tuple[tuple[str, str], ...]:
    """Return (stated, missing) for names that mean nothing without each other."""
    return tuple(
        (stated, missing)
        for ways in RIVALS
        for way in ways
        for stated in way
        for missing in way
        if stated in names and missing not in names
    )


def defaults(names: Collection[str]) -> tuple[Parameter, ...]:
    """Return the parameters whose default holds beside the stated names."""
    return tuple(
        parameter
        for parameter in PARAMETERS.values()
        if parameter.default is not None
        and parameter.name not in names
        and not clashes({*names, parameter.name} - set(PRODUCT))
    )
