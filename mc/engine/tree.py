"""The arrays of a run as an xarray tree, in the groups that ArviZ knows."""

import datetime
from collections.abc import Mapping

import numpy as np
import xarray as xr

from mc.engine.columns import COMPUTE
from mc.engine.execution import Computation
from mc.engine.plan import Plan
from mc.engine.quantities import host_values
from mc.engine.raw import Raw
from mc.engine.scenario import split_label
from mc.engine.tables import PATH_SERIES, series_of
from mc.outcomes.bands import LEVELS
from mc.outcomes.events import Events
from mc.outcomes.status import Reason, Status
from priors.units import Unit, years_since

STATUS_FLAGS = {
    "flag_values": np.arange(len(Status), dtype=np.int8),
    "flag_meanings": " ".join(status.word for status in Status),
}
REASON_FLAGS = {
    "flag_values": np.arange(len(Reason), dtype=np.int8),
    "flag_meanings": " ".join(reason.word for reason in Reason),
}


def make_tree(plan: Plan, computation: Computation, run_id: str) -> xr.DataTree:
    """Groups ``prior``, ``prior_predictive``, ``bands``, ``curves``, ``central``."""
    centre = computation.central_raw
    tree = xr.DataTree.from_dict(
        drawn_groups(plan, computation.stored)
        | {
            "bands": _bands(plan, computation),
            "curves": _curves(plan, computation),
            "central": _central(plan, computation),
            "central_events": _events(
                plan, {k: _first(e) for k, e in centre.events.items()}, replicates=1
            ),
            "constant_data": _constants(plan),
        }
    )
    tree.attrs = {
        "run_id": run_id,
        "experiment": plan.experiment.name,
        "card": plan.card.name,
        "epoch": plan.epoch.isoformat(),
        "chains": "independent replicates of the design: r_hat and ess mean nothing",
    }
    return tree


def drawn_groups(plan: Plan, raw: Raw) -> dict[str, xr.Dataset]:
    """Groups of draws one by one: ``prior``, ``interventions``, ``prior_predictive``.

    Args:
        plan: What was run.
        raw: Whole points, all replicates of each.
    """
    return {
        "prior": _prior(plan, raw.parameters, raw.labels),
        "interventions": _interventions(plan, raw.parameters),
        "prior_predictive": _events(plan, raw.events),
    }


def _prior(
    plan: Plan, parameters: dict[str, np.ndarray], labels: dict[str, np.ndarray]
) -> xr.Dataset:
    """Parameters in the card's units and component labels, by replicate and point."""
    joint = plan.card.joint
    variables = _in_units(plan, parameters, joint.units)
    for name, codes in sorted(labels.items()):
        component = joint.component(name)
        flags = {
            "flag_values": np.arange(len(component.labels), dtype=np.int8),
            "flag_meanings": " ".join(component.labels),
        }
        variables[f"components.{name}"] = _drawn(plan, codes.astype(np.int8), flags)
    return xr.Dataset(
        variables, coords=_draw_coords(plan, len(next(iter(parameters.values()))))
    )


def _interventions(plan: Plan, parameters: dict[str, np.ndarray]) -> xr.Dataset:
    """What actors and scenarios set, draw by draw, as ``SCENARIO.NAME``."""
    units = {key: u for world in plan.scenarios for key, u in world.units().items()}
    variables = _in_units(plan, parameters, units)
    renamed = {key.replace("/", "."): column for key, column in variables.items()}
    return xr.Dataset(renamed)


def _in_units(
    plan: Plan, parameters: dict[str, np.ndarray], units: Mapping[str, Unit]
) -> dict[str, tuple]:
    """The parameters that have a unit, in it, by replicate and point."""
    variables = {}
    for name in sorted(units.keys() & parameters.keys()):
        unit, wide = units[name], np.asarray(parameters[name], np.float64)
        if unit.kind == "date":
            numbers, words = wide, "years from the epoch"
        else:
            numbers, words = unit.from_canonical(wide), unit.name
        variables[name] = _drawn(plan, numbers.astype(np.float32), {"unit": words})
    return variables


def _drawn(plan: Plan, values: np.ndarray, attrs: dict) -> tuple:
    return ("chain", "draw"), values.reshape(-1, plan.replicates).T, attrs


def _draw_coords(plan: Plan, num_draws: int, replicates: int | None = None) -> dict:
    chains = replicates or plan.replicates
    return {"chain": np.arange(chains), "draw": np.arange(num_draws // chains)}


def _events(
    plan: Plan, events: dict[str, Events], replicates: int | None = None
) -> xr.Dataset:
    chains = replicates or plan.replicates
    years = {"units": "year", "epoch": plan.epoch.isoformat()}
    attrs = {
        "peak_gap": {"unit": "as in summary.csv"},
        "peak_years": years,
        "convergence_years": years,
        "peak_status": STATUS_FLAGS,
        "convergence_status": STATUS_FLAGS,
        "peak_reason": REASON_FLAGS,
        "convergence_reason": REASON_FLAGS,
        "num_peaks": {},
        "limit_gap": {"unit": "as in summary.csv; NaN where it is not known"},
    }
    labels = [choice.label for choice in plan.metrics]
    stacks: dict[str, np.ndarray] = {}
    for name in attrs:
        rows = [
            [_column(plan, world.label(label), events, name) for label in labels]
            for world in plan.scenarios
        ]
        stack = np.stack([np.stack(world) for world in rows])
        stacks[name] = np.moveaxis(stack.reshape(*stack.shape[:2], -1, chains), -1, -2)
    for event in ("peak", "convergence"):
        seen = stacks[f"{event}_status"] == Status.OBSERVED
        dates = np.where(seen, stacks[f"{event}_years"], np.nan)
        stacks[f"{event}_years_if_observed"] = dates
        attrs[f"{event}_years_if_observed"] = years
    dims = ("scenario", "metric", "chain", "draw")
    variables = {n: (dims, stack, attrs[n]) for n, stack in stacks.items()}
    num_draws = stacks["peak_years"].shape[-1] * chains
    coords = {"scenario": _names(plan), "metric": labels}
    return xr.Dataset(
        variables, coords=coords | _draw_coords(plan, num_draws, replicates)
    )


def _names(plan: Plan) -> list[str]:
    return [world.name for world in plan.scenarios]


def _column(plan: Plan, label: str, events: dict[str, Events], name: str) -> np.ndarray:
    values = np.asarray(getattr(events[label], name))
    if name in ("peak_gap", "limit_gap"):
        values = host_values(series_of(plan, label)["gap"], values)
    return values.astype(np.float32 if values.dtype.kind == "f" else np.int8)


def _first(events: Events) -> Events:
    fields = {name: np.asarray(values)[:1] for name, values in vars(events).items()}
    return Events(**fields)


def _by_series(
    plan: Plan, arrays: dict[tuple[str, str], np.ndarray]
) -> tuple[np.ndarray, dict]:
    """Arrays by metric and series as one; NaN where a metric lacks a series."""
    places = {key: split_label(key[0]) for key in arrays}
    scenarios = _names(plan)
    metrics = list(dict.fromkeys(metric for _, metric in places.values()))
    names = list(dict.fromkeys(name for _, name in arrays))
    shape = next(iter(arrays.values())).shape
    stack = np.full((len(scenarios), len(metrics), len(names), *shape), np.nan)
    for key, values in arrays.items():
        (label, name), (scenario, metric) = key, places[key]
        numbers = host_values(series_of(plan, label)[name], values)
        at = scenarios.index(scenario), metrics.index(metric), names.index(name)
        stack[at] = numbers
    coords = {"scenario": scenarios, "metric": metrics, "series": names}
    return stack, coords | {"date": _iso(plan.dates)}


def _bands(plan: Plan, computation: Computation) -> xr.Dataset:
    stack, coords = _by_series(plan, computation.bands)
    dims = ("scenario", "metric", "series", "date", "level")
    return xr.Dataset(
        {"quantile": (dims, stack)}, coords=coords | {"level": list(LEVELS)}
    )


def _curves(plan: Plan, computation: Computation) -> xr.Dataset:
    stack, coords = _by_series(plan, computation.curves)
    dims = ("scenario", "metric", "series", "date", "curve")
    coords = coords | {"curve": np.arange(stack.shape[-1])}
    return xr.Dataset({"value": (dims, stack)}, coords=coords)


def _central(plan: Plan, computation: Computation) -> xr.Dataset:
    stack, coords = _by_series(plan, computation.central)
    dims = ("scenario", "metric", "series", "date")
    leads = [computation.first_leads[w.label(COMPUTE)] for w in plan.scenarios]
    ooms = host_values(PATH_SERIES["lead_oom"], np.array(leads))
    variables: dict[str, tuple] = {
        "value": (dims, stack),
        "lead_at_epoch": ("scenario", ooms, {"unit": "OOM"}),
    }
    for name, value in plan.card.joint.restricted(set(plan.needed)).central().items():
        unit = plan.card.joint.units[name]
        wide = np.array([value])
        numbers = wide if unit.kind == "date" else unit.from_canonical(wide)
        variables[f"parameters.{name}"] = ((), float(numbers[0]))
    return xr.Dataset(variables, coords=coords)


def _constants(plan: Plan) -> xr.Dataset:
    labels = [choice.label for choice in plan.metrics]
    years = [years_since(plan.epoch, day) for day in plan.dates]
    return xr.Dataset(
        {
            "years": ("date", years, {"units": "year"}),
            "tolerance": ("metric", [plan.tolerances[label] for label in labels]),
            "until_years": ((), plan.until_years, {"units": "year"}),
        },
        coords={"date": _iso(plan.dates), "metric": labels},
    )


def _iso(dates: tuple[datetime.date, ...]) -> list[str]:
    return [day.isoformat() for day in dates]
