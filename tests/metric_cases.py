"""Every metric of the shelf with every choice of words, over draws of the priors."""

import dataclasses
import functools
import itertools
import math

import jax
import jax.numpy as jnp
import numpy as np
from exact_metrics import exact
from tiers import tiered
from worlds import UNTIL_YEARS, dtype, mp, mpf

from mc.draws.designs import Sobol
from mc.draws.transport import Transport
from mc.model.metrics.task_share import REACH, WIDTH, TaskShare
from mc.model.metrics.task_volume import TaskVolume
from mc.model.registry import metric_choice, path_entry, shelf
from mc.outcomes.events import find_events
from mc.outcomes.trace import event_knots
from priors import cards

POINTS, REPLICATES = 64, 8
DRAWS = POINTS * REPLICATES
"""So many scrambled points reach about three standard deviations either way."""

NUMBERS = {
    "items": (1, 5),
    "minutes": (4, 240),
    "n": (1, 10, 1000),
    "opponent": (0, 800),
    "q": (0.5, 0.8),
    "slope": (1, 2.5),
}
"""Numbers tried of an argument; its default, or else its least, where none is here."""

QUICK = (
    "elo",
    "expected_harm_time",
    "log_log_compute:slope=2.5",
    "task_success:minutes=240",
    "task_volume:minutes=240",
    "time_horizon:reliability=50,gap=ratio",
    "validation_loss",
)
"""One metric of each scale, class and number of budgets, for the quick tests."""

INSTANCES = ("", "mmlu")
STEP = mpf("1e-20")
"""Relative step of a derivative in sixty digits."""


def texts(*, normal=False, every=True):
    """Every metric as one types it, each choice of words and some numbers.

    Args:
        normal: Only those that are a function of one budget.
        every: All numbers and instances that are tried, or only the last of each.
    """
    found = []
    for name, entry in shelf("metrics").items():
        if normal and entry.not_normal:
            continue
        options = [_typed(key, rule, every) for key, rule in entry.arguments.items()]
        for typed in itertools.product(*options):
            text = ",".join(filter(None, typed))
            found.append(f"{name}:{text}" if text else name)
    return tuple(found)


def tiered_texts(**options):
    """The same as parameters of a test, slow unless they are among the quick ones."""
    found = texts(**options)
    return tiered(found, quick=[text for text in found if text in QUICK])


def _typed(key, rule, every):
    """What may be typed for an argument; nothing where it is left out."""
    if "choices" in rule:
        return [f"{key}={word}" for word in rule["choices"]]
    values = NUMBERS.get(key, (rule.get("default", rule.get("low")),))
    values = INSTANCES if "names" in rule else values
    return [f"{key}={v}" if v != "" else "" for v in values][0 if every else -1 :]


@functools.cache
def draws():
    """Draws of the default card, every parameter on its canonical scale."""
    design = Sobol(seed=8, replicates=REPLICATES)
    transport = Transport.compile(cards.load().joint, design, np.dtype(dtype()))
    return transport.draw(0, POINTS).values


class Case:
    """A metric, its records over the draws, and its exact form for each of them.

    Attributes:
        entry: The registry entry, as its words choose.
        parameters: What path and metric read, on the canonical scales.
        path: The exponential path of each draw.
        record: The metric of each draw.
        now: The same, on the date of each draw.
        invalid: Draws that make no sense; another one stands in their place.
        x: Log budget of the meek actor: of half the draws early, to 60.
        lead: From 1e-5 to 60.
        years: To 2100.
    """

    def __init__(self, text, changes=None, without=()):
        choice = metric_choice(text)
        self.text, self.choice, self.entry = text, choice, choice.entry
        changed = {name: _column(values) for name, values in (changes or {}).items()}
        self.size = max((v.size for v in changed.values()), default=DRAWS)
        drawn = {k: v[: self.size] for k, v in draws().items() if k not in without}
        drawn |= changed
        needed = _needed(self.entry, frozenset(drawn))
        base = dict(choice.instanced)
        self.arguments = _canonical(choice)
        self._prepare({base.get(name, name): drawn[name] for name in needed})
        self.invalid = np.asarray(self.record.invalid())
        if self.invalid.any():
            order = np.arange(self.size)
            kept = np.where(self.invalid, np.argmin(self.invalid), order)
            changed = {base.get(name, name) for name in changed}
            self._prepare(
                {k: v if k in changed else v[kept] for k, v in self.parameters.items()}
            )
        self.budget = self.record.budget(self.path)
        rng = np.random.default_rng(3)
        most = np.where(np.arange(self.size) % 2, 60.0, 12.0)
        self.x = _column(rng.uniform(0, 1, self.size) * most)
        self.lead = _column(10 ** rng.uniform(-5, np.log10(60), self.size))
        self.years = _column(rng.uniform(0, 77, self.size))
        self.now = self.record.on(self.years)

    def _prepare(self, parameters):
        self.parameters = parameters
        self.path = path_entry("exponential").load().prepare(parameters)
        prepare = self.choice.load().prepare
        self.record = prepare(parameters, self.path, self.arguments)

    @functools.cached_property
    def host(self):
        """Parameters of each draw."""
        columns = {k: floats(v).tolist() for k, v in self.parameters.items()}
        return [{k: v[i] for k, v in columns.items()} for i in range(self.size)]

    @property
    def span(self):
        """Range of the metric on the device's scale; 0 where it is unbounded."""
        low, high = self.entry.bounds
        if low is None or high is None or self.entry.scale == "log":
            return 0.0
        return high - low

    @functools.cached_property
    def quadrature(self):
        """Share of its gap that a metric may lose by averaging over nodes, by draw."""
        if not isinstance(self.record, TaskShare):
            return np.zeros(DRAWS)
        slope = floats(self.record.logits)
        widest = max(sd for _, _, sd in self.record.PARTS)
        beyond = [float(mp.ncdf(widest * b - REACH)) for b in slope]
        return 8 * np.exp(-2 * np.pi**2 / (slope * WIDTH)) + np.array(beyond)

    def exact(self, i, changes=None):
        """The textbook form under draw ``i``, in the digits that are set."""
        host = {k: float(v) for k, v in self.arguments.items()}
        parameters = self.host[i] | (changes or {})
        return exact(self.entry.name, self.choice.words, host, parameters)

    def at(self, i):
        """``x``, lead and years of draw ``i``."""
        return tuple(mpf(float(v[i])) for v in (self.x, self.lead, self.years))

    @functools.cached_property
    def exact_gaps(self):
        """The gap of each draw with sixty digits."""
        with mp.workdps(60):
            return [self.exact(i).gap(*self.at(i)) for i in range(DRAWS)]

    def sensitivity(self, i):
        """``Σ|θ·∂gap/∂θ|`` over all that draw ``i`` is computed from."""
        with mp.workdps(60):
            still, place = self.exact_gaps[i], self.at(i)
            total = mpf(0)
            for name, value in self.host[i].items():
                moved = self.exact(i, {name: mpf(value) * (1 + STEP)})
                total += abs(moved.gap(*place) - still)
            form = self.exact(i)
            for k, value in enumerate(place):
                moved = (*place[:k], value * (1 + STEP), *place[k + 1 :])
                total += abs(form.gap(*moved) - still)
            return float(total / STEP)


def without_other_lead(record):
    """The record with no lead in any budget but the metric's own."""
    if isinstance(record, TaskVolume):
        return dataclasses.replace(record, log_more=0 * record.log_more)
    return record


def mirrored(record):
    """The record with the actors' other budgets swapped."""
    if isinstance(record, TaskVolume):
        return dataclasses.replace(record, log_more=-record.log_more)
    return record


@jax.jit
def gaps(record, x, lead):
    """Gap and its logarithm, compiled as the engine compiles them."""
    return record.gaps(x, lead)


@jax.jit
def _found(record, path, log_tolerance):
    knots = jnp.asarray(event_knots(UNTIL_YEARS), dtype())
    until = jnp.asarray(UNTIL_YEARS, dtype())
    return find_events(
        record, path, knots=knots, until_years=until, log_tolerance=log_tolerance
    )


def found_events(record, path, tolerance):
    """Events on the host."""
    found = _found(record, path, jnp.asarray(math.log(tolerance), dtype()))
    return jax.tree.map(np.asarray, found)


def floats(values):
    """Values on the host, in double precision."""
    return np.asarray(values, float)


def epsilon():
    """Spacing of the numbers of this test run at 1."""
    return float(np.finfo(dtype()).eps)


def smallest():
    """Below this the numbers of this test run, or sixty digits, say too little."""
    return max(float(np.finfo(dtype()).tiny) / epsilon(), 1e-40)


def largest():
    """Beyond this there is infinity."""
    return float(np.finfo(dtype()).max)


def _column(values):
    return jnp.asarray(values, dtype())


def _needed(entry, available):
    path, absent = path_entry("exponential").requirements(available)
    own, missing = entry.requirements(available)
    assert not absent + missing, (absent, missing)
    return path | own | {"initial_compute", "initial_compute_ratio"}


def _canonical(choice):
    rules = choice.entry.arguments
    typed = {
        name: math.log(value) if rules[name].get("log") else value
        for name, value in choice.arguments.items()
    }
    return {
        name: _column(value) for name, value in {**typed, **choice.entry.fixed}.items()
    }
