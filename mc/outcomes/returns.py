"""What a lead is worth and what it costs: discounted areas under gap and spending.

Gauss–Legendre panels end at the path's breaks. One node of all draws is looked at
after the other, and sums are carried over a running scale, since spending that grows
for a century is more than float32 holds.
"""

import dataclasses
from collections.abc import Callable

import jax
import jax.numpy as jnp
import numpy as np
from jaxtyping import Array, Float

from mc.model.axes import AnyArray, Metric, Path, Trajectories, Values
from mc.model.differences import log_one_minus_exp
from mc.model.pytree import pytree
from mc.model.signed import Signed

PANELS = 32
"""Panels of a window without breaks, dense early as the knots of events are."""

NODES = 20
"""Nodes of a panel: to 2100 the metrics of the shelf need no more in float64."""

Edges = Float[Array, "edges draws"]
PerDraw = Float[AnyArray, " draws"]
Area = tuple[Values, Values]


@pytree
@dataclasses.dataclass(frozen=True, kw_only=True)
class Returns:
    """Discounted sums over the window, each as sign and natural logarithm.

    ``∫ e^(−δt)·gap dt`` is in units of the gap times years; on the scale ``log`` the
    gap is a logarithm, and this is its area, in ln times years.
    ``∫ e^(−δt)·(frontier's − meek actor's spending) dt`` is in years of the frontier's
    spending at the epoch.

    Attributes:
        gap_sign: −1, 0 or 1.
        log_gap_years: ``ln`` of the size of the area under the gap.
        spending_sign: −1 where the meek actor spends more, 0 or 1.
        log_spending_years: ``ln`` of the size of what one spends more.
    """

    gap_sign: PerDraw
    log_gap_years: PerDraw
    spending_sign: PerDraw
    log_spending_years: PerDraw


def discounted(
    metric: Metric,
    path: Path,
    *,
    discount: Values,
    until_years: Values,
    log_meek_spending: Callable[[Values], Values],
) -> Returns:
    """Areas under gap and extra spending from the epoch to the window's end.

    Args:
        metric: Per-draw constants of the metric.
        path: Per-draw constants of the path.
        discount: ``δ``, ln per year.
        until_years: End of the window.
        log_meek_spending: ``ln`` of the meek actor's spending on a date over the
            frontier's at the epoch, ``meek_spending`` for instance.
    """
    budget = metric.budget(path)
    shape = jnp.broadcast_shapes(
        jnp.shape(path.lead(until_years)), jnp.shape(budget.lead(until_years))
    )
    edges = _panel_edges(budget, path, until_years, shape)

    def gap(years: Values) -> Signed:
        size, log_size = metric.on(years).gaps(budget.x(years), budget.lead(years))
        behind = size < 0
        log_behind = jnp.log(jnp.where(behind, -size, 1.0))
        return Signed(jnp.sign(size), jnp.where(behind, log_behind, log_size))

    def spending(years: Values) -> Signed:
        frontier, meek = path.log_investment(years), log_meek_spending(years)
        more = frontier - meek
        log_size = jnp.maximum(frontier, meek) + log_one_minus_exp(jnp.abs(more))
        return Signed(jnp.sign(more), log_size)

    gained, paid = _areas((gap, spending), edges, discount)
    return Returns(
        gap_sign=gained.sign,
        log_gap_years=gained.log,
        spending_sign=paid.sign,
        log_spending_years=paid.log,
    )


def meek_spending(path: Path) -> Callable[[Values], Values]:
    """What the meek actor of a path spends, as ``discounted`` takes it.

    Assumed: at the epoch a lead in effective compute is one in spending alone.
    """
    return lambda years: path.log_meek_investment(years) - path.lead(0 * years)


def _panel_edges(
    budget: Trajectories, path: Path, until_years: Values, shape: tuple[int, ...]
) -> Edges:
    """Ends of panels, increasing; breaks outside the window make empty panels."""
    shares = jnp.asarray(np.linspace(0, 1, PANELS + 1) ** 1.5, until_years.dtype)
    breaks = budget.breaks() if budget is path else (*budget.breaks(), *path.breaks())
    rows = [share * until_years for share in shares]
    rows += [jnp.clip(date, 0.0, until_years) for date in breaks]
    return jnp.sort(jnp.stack([jnp.broadcast_to(row, shape) for row in rows]), axis=0)


def _areas(
    integrands: tuple[Callable[[Values], Signed], ...], edges: Edges, discount: Values
) -> tuple[Signed, ...]:
    """``∫ e^(−δt)·f dt`` of each integrand, summed over a running scale."""
    roots, weights = np.polynomial.legendre.leggauss(NODES)
    places = jnp.asarray((roots + 1) / 2, edges.dtype)
    log_weights = jnp.asarray(np.log(weights / 2), edges.dtype)

    def panel(i: Array, totals: tuple[Area, ...]) -> tuple[Area, ...]:
        left, width = edges[i], edges[i + 1] - edges[i]
        log_width = jnp.where(width > 0, jnp.log(jnp.where(width > 0, width, 1.0)), 0)

        def node(j: Array, sums: tuple[Area, ...]) -> tuple[Area, ...]:
            years = left + width * places[j]
            weight = log_weights[j] + log_width - discount * years
            terms = [function(years) for function in integrands]
            kept = [jnp.where(width > 0, term.sign, 0.0) for term in terms]
            logs = [weight + term.log for term in terms]
            added = zip(sums, kept, logs, strict=True)
            return tuple(_added(*each) for each in added)

        sums = jax.lax.fori_loop(0, NODES, node, (empty,) * len(integrands))
        pairs = zip(totals, sums, strict=True)
        return tuple(_added(total, s[1], s[0]) for total, s in pairs)

    nothing = jnp.zeros_like(edges[0] + discount)
    empty = (jnp.full_like(nothing, -jnp.inf), nothing)
    totals = (empty,) * len(integrands)
    totals = jax.lax.fori_loop(0, edges.shape[0] - 1, panel, totals)
    return tuple(_settled(*total) for total in totals)


def _added(area: Area, size: Values, log_scale: Values) -> Area:
    """The sum with ``size·e^log_scale``, over the larger of the two scales."""
    scale, total = area
    log_scale = jnp.where(size == 0, -jnp.inf, log_scale)
    larger = jnp.maximum(scale, log_scale)
    finite = jnp.where(jnp.isfinite(larger), larger, 0.0)
    total = total * jnp.exp(scale - finite) + size * jnp.exp(log_scale - finite)
    return larger, total


def _settled(scale: Values, total: Values) -> Signed:
    size = jnp.abs(total)
    log = scale + jnp.log(jnp.where(size > 0, size, 1.0))
    return Signed(jnp.sign(total), jnp.where(size > 0, log, -jnp.inf))
