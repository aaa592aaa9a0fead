"""A card that says a law in every way, and every way to say it wrongly."""

import copy
import re
from collections.abc import Iterator
from typing import Any

from priors.toml_text import card_text

TABLE = "flop\n1e25\n2e25\n3e25\n2.5e25\n2.1e25\n1.7e25\n1.9e25\n2.2e25\n"
EVERY = """schema = 1
name = "everything"
description = "every way of saying a law"
reference_date = 2023-03-14
path = "investment_slowdown"

[components.scaling_law]
weights = { besiroglu = 0.7, hoffmann = 0.3 }

[parameters.hardware_growth]
unit = "x/yr"
interval = [1.25, 1.57]
mass = 0.9
median = 1.4
truncate = [1.0, 3.0]
source = "Somebody, A History of Chips, 2024"
date = 2024-05-01
evidence = ["hardware-price-performance"]
note = "Read off a figure."

[parameters.algorithmic_growth]
unit = "x/yr"
quantiles = { "0.05" = 1.8, "0.5" = 2.7, "0.95" = 4.05 }

[parameters.training_compute_growth]
unit = "OOM/yr"
law = "normal"
mean = 0.66
sd = 0.07

[parameters.loss_exponent]
unit = "1"
by = "scaling_law"
besiroglu = { law = "normal", mean = 0.1787, sd = 0.0054 }
hoffmann = { law = "uniform", low = 0.14, high = 0.17 }

[parameters.irreducible_loss]
unit = "nats/token"

[parameters.irreducible_loss.given]
parameter = "loss_exponent"
intercept = 0.987
slope = 4.645
residual_sd = 0.0045

[parameters.reducible_loss_at_pivot]
unit = "nats/token"
law = "lognormal"
median = 2.38
sigma = 0.005

[parameters.pivot_compute]
unit = "FLOP"
point = 1.385e17

[parameters.horizon_doubling_time]
unit = "days"
mixture = [
    { weight = 0.35, interval = [170.0, 207.0], mass = 0.9 },
    { weight = 0.65, law = "triangular", low = 90.0, mode = 129.0, high = 160.0 },
]

[parameters.horizon_at_anchor]
unit = "minutes"
law = "metalog"
quantiles = { "0.05" = 33.0, "0.5" = 60.0, "0.95" = 104.0 }

[parameters.anchor_date]
law = "uniform"
low = 2025-02-01
high = 2025-03-01

[parameters.horizon_ratio_50_80]
unit = "ratio"
law = "student_t"
mean = 5.0
scale = 0.3
df = 7
truncate = [3.0, 8.0]

[parameters.initial_compute]
unit = "FLOP"
empirical = "fit.csv"
column = "flop"

[parameters.proprietary_share]
law = "beta"
a = 2.0
b = 5.0

[dependence]
spearman = [["algorithmic_growth", "hardware_growth", 0.3]]
"""
NOWHERE = (
    *("nan", "inf", "-inf", "1e400", "true", "{}", "[[[1]]]", "12:30:00"),
    "{ a = 1 }",
)
"""Values, as TOML writes them, that no key of a card takes."""
SOMEWHERE = ("[]", '""', '"words"', "-1", "0", "1e300", "9999-12-31", "[1, 2, 3]")
"""Values that a few keys take."""

Tables = dict[str, Any]
Path = tuple[str | int, ...]
_PARENTS = {"irreducible_loss": ("loss_exponent",)}
_SECTIONS = ("components", "parameters", "dependence")
_MARKED = re.compile(r'"@@(.*?)@@"')


def values(tables: Any, path: Path = ()) -> Iterator[Path]:
    """Where every value that is no table stands, lists and what is in them."""
    if isinstance(tables, dict):
        for key, value in tables.items():
            yield from values(value, (*path, key))
        return
    yield path
    if isinstance(tables, list):
        for index, value in enumerate(tables):
            yield from values(value, (*path, index))


def keys(tables: Any, path: Path = ()) -> Iterator[Path]:
    """Where every key stands."""
    if isinstance(tables, dict):
        for key, value in tables.items():
            yield (*path, key)
            yield from keys(value, (*path, key))
    elif isinstance(tables, list):
        for index, value in enumerate(tables):
            yield from keys(value, (*path, index))


def with_value(tables: Tables, path: Path, toml: str) -> str:
    """The card with another value, as TOML writes it, at a place."""
    changed = copy.deepcopy(alone(tables, path))
    _table(changed, path)[path[-1]] = f"@@{toml}@@".replace('"', "'")
    return _text(changed)


def with_name(tables: Tables, path: Path, name: str) -> str:
    """The card with another name for a key."""
    changed = copy.deepcopy(alone(tables, path))
    table = _table(changed, path)
    renamed = [(name if key == path[-1] else key, v) for key, v in table.items()]
    table.clear()
    table.update(renamed)
    return _text(changed)


def without(tables: Tables, path: Path) -> str:
    """The card without a key."""
    changed = copy.deepcopy(alone(tables, path))
    del _table(changed, path)[path[-1]]
    return _text(changed)


def slips(key: str) -> list[str]:
    """A key as fingers slip: a letter less, one twice, two the wrong way round."""
    swapped = key[1] + key[0] + key[2:] if len(key) > 1 else key * 3
    return [s for s in (key[1:], key + key[-1], swapped, key.upper()) if s != key]


def alone(tables: Tables, path: Path) -> Tables:
    """What of a card reading a place depends on, so that it is read quickly."""
    section, *below = map(str, path)
    names = {"loss_exponent"}
    if section == "parameters" and below:
        names = {below[0], *_PARENTS.get(below[0], ())}
    elif section == "dependence":
        names = set(tables["dependence"]["spearman"][0][:2])
    kept = {name: tables["parameters"][name] for name in sorted(names)}
    left = () if section == "dependence" else ("dependence",)
    rest = {key: value for key, value in tables.items() if key not in left}
    return rest | {"parameters": kept}


def _table(tables: Tables, path: Path) -> Any:
    at: Any = tables
    for step in path[:-1]:
        at = at[step]
    return at


def _text(tables: Tables) -> str:
    head = {key: value for key, value in tables.items() if key not in _SECTIONS}
    body = {key: tables[key] for key in _SECTIONS if key in tables}
    return _MARKED.sub(lambda m: m[1].replace("'", '"'), card_text(head, body))
