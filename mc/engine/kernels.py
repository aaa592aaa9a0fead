"""The jitted functions: bands, events, crossings, curves …, each for one tile.

Each is compiled once for a path and a metric; beliefs, dates, edges and tolerances
are inputs. What is compared bit for bit goes through the same one of them.
"""

import functools
from collections.abc import Mapping

import jax
import jax.numpy as jnp
from jaxtyping import Array, Float, Int

from mc.engine.world import Arguments, World
from mc.model.axes import Parameters
from mc.outcomes.counts import count_below
from mc.outcomes.crossings import Crossings, find_crossings
from mc.outcomes.events import Events, find_events
from mc.outcomes.fades import Fades, find_fades
from mc.outcomes.plausibility import Plausibility, plausibility
from mc.outcomes.returns import Returns, discounted, meek_spending
from mc.outcomes.standing import Standing, standing

Edges = Mapping[str, Float[Array, "edges dates"]]
Counts = Mapping[str, Int[Array, "edges dates"]]


@functools.partial(jax.jit, static_argnames="size")
def tile_of(parameters: Parameters, offset: Int[Array, ""], *, size: int) -> Parameters:
    """The draws from ``offset`` on: every kernel sees one shape, so compiles once."""
    return {
        name: jax.lax.dynamic_slice_in_dim(values, offset, size)
        for name, values in parameters.items()
    }


@functools.partial(jax.jit, static_argnames="world", donate_argnums=0)
def count_tile(
    counts: Counts,
    parameters: Parameters,
    arguments: Arguments,
    years: Float[Array, " dates"],
    edges: Edges,
    *,
    world: World,
) -> Counts:
    """Add a tile's draws below each edge to ``counts``."""
    series = world.series(parameters, arguments, years)
    return {
        name: counts[name] + count_below(series[name], edges[name][:, :, None], axis=1)
        for name in counts
    }


@functools.partial(jax.jit, static_argnames="world")
def curve_tile(
    parameters: Parameters,
    arguments: Arguments,
    years: Float[Array, " dates"],
    *,
    world: World,
) -> dict[str, Float[Array, "dates draws"]]:
    """Every series of a tile's draws, kept: for pilots, a few curves, few dates."""
    return world.series(parameters, arguments, years)


@functools.partial(jax.jit, static_argnames="world")
def event_tile(
    parameters: Parameters,
    arguments: Arguments,
    knots: Float[Array, " knots"],
    until_years: Float[Array, ""],
    log_tolerance: Float[Array, ""],
    *,
    world: World,
) -> tuple[Events, Array]:
    """Events of a tile's draws, and which draws are invalid."""
    path, metric = world.prepare(parameters, arguments)
    events = find_events(
        metric,
        path,
        knots=world.widened(knots),
        until_years=world.widened(until_years),
        log_tolerance=world.widened(log_tolerance),
    )
    broken = jnp.isnan(events.peak_gap) | jnp.isnan(events.convergence_years)
    kept = jax.tree.map(_short, world.narrowed(events, knots))
    return kept, metric.invalid() | broken


def _short(column: Array) -> Array:
    """Codes and small counts in a byte each."""
    return column if column.dtype.kind == "f" else column.astype(jnp.int8)


@functools.partial(jax.jit, static_argnames="world")
def crossing_tile(
    parameters: Parameters,
    arguments: Arguments,
    knots: Float[Array, " knots"],
    until_years: Float[Array, ""],
    level: Float[Array, ""],
    direction: Float[Array, ""],
    *,
    world: World,
) -> Crossings:
    """When a tile's actors come to a level."""
    path, metric = world.prepare(parameters, arguments)
    crossings = find_crossings(
        metric,
        path,
        level=world.widened(level),
        direction=world.widened(direction),
        knots=world.widened(knots),
        until_years=world.widened(until_years),
    )
    return world.narrowed(crossings, knots)


@functools.partial(jax.jit, static_argnames="world")
def fade_tile(
    parameters: Parameters,
    arguments: Arguments,
    knots: Float[Array, " knots"],
    until_years: Float[Array, ""],
    log_share: Float[Array, ""],
    *,
    world: World,
) -> Fades:
    """When a tile's gaps are back to a share of their peaks."""
    path, metric = world.prepare(parameters, arguments)
    fades = find_fades(
        metric,
        path,
        knots=world.widened(knots),
        until_years=world.widened(until_years),
        log_share=world.widened(log_share),
    )
    return world.narrowed(fades, knots)


@functools.partial(jax.jit, static_argnames="world")
def returns_tile(
    parameters: Parameters,
    arguments: Arguments,
    until_years: Float[Array, ""],
    *,
    world: World,
) -> Returns:
    """What a tile's leads are worth and cost up to a date."""
    path, metric = world.prepare(parameters, arguments)
    returns = discounted(
        metric,
        path,
        discount=world.mechanisms(world.widened(parameters))["discount_rate"],
        until_years=world.widened(until_years),
        log_meek_spending=meek_spending(path),
    )
    return world.narrowed(returns, until_years)


@functools.partial(jax.jit, static_argnames="world")
def disagreement_tile(
    parameters: Parameters,
    arguments: Arguments,
    years: Float[Array, " dates"],
    *,
    world: World,
) -> Float[Array, " draws"]:
    """Largest relative error of a tile's integrals over the dates, by draw."""
    path, metric = world.prepare(parameters, arguments)
    times = world.widened(years)[:, None]
    budget = metric.budget(path)
    lead = budget.lead(times)
    x = jnp.broadcast_to(budget.x(times), lead.shape)
    return jnp.max(metric.disagreement(x, lead), axis=0)


@functools.partial(jax.jit, static_argnames="world")
def standing_tile(
    parameters: Parameters,
    years: Float[Array, " dates"],
    *,
    world: World,
) -> Standing:
    """Where a tile's actors stand at each date."""
    path, _ = world.prepare(parameters, {})
    return standing(path, years[:, None])


@functools.partial(jax.jit, static_argnames="world")
def plausibility_tile(
    parameters: Parameters,
    years: Float[Array, " dates"],
    until_years: Float[Array, ""],
    *,
    world: World,
) -> Plausibility:
    """What growth for ever implies for a tile's frontier."""
    path, _ = world.prepare(parameters, {})
    known = world.mechanisms(parameters)
    return plausibility(path, known, years[:, None], until_years)


@functools.partial(jax.jit, static_argnames="world")
def mechanism_tile(parameters: Parameters, *, world: World) -> Parameters:
    """What is so in a tile's world, on canonical scales."""
    return world.mechanisms(parameters)


@functools.partial(jax.jit, static_argnames="world")
def extrapolated_tile(
    parameters: Parameters,
    arguments: Arguments,
    years: Float[Array, " dates"],
    *,
    world: World,
) -> Array:
    """Whether the frontier stands beyond where data reach, ``[dates, draws]``."""
    path, metric = world.prepare(parameters, arguments)
    times = world.widened(years)[:, None]
    budget = metric.budget(path)
    return metric.extrapolated(budget.x(times) + budget.lead(times))
