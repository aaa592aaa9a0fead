"""Differences of exponentials and logistics, written without cancellation.

Each is an identity, so its relative error is a few roundings at any
lead; subtracting the two values loses every digit of a small one.
"""

import jax.numpy as jnp

from mc.model.axes import Values

_LARGEST = 80.0
"""Beside ``e`` to this power 1 is nothing, and it is a number in float32 too."""


def one_minus_exp(q: Values) -> Values:
    """``1 − e^(−q)``."""
    return -jnp.expm1(-q)


def log1p(x: Values) -> Values:
    """``ln(1 + x)`` for finite ``x`` above −1; XLA's own takes twice as long."""
    # XLA takes (1 + x) − 1 for x unless something stands between.
    whole = jnp.maximum(1 + x, 0.0)
    return jnp.log(whole) + (x - (whole - 1)) / whole


def log_one_minus_exp(q: Values) -> Values:
    """``ln(1 − e^(−q))`` for ``q`` > 0; minus infinity at and below zero.

    Near zero ``1 − e^(−q) = 2·tanh(q/2)/(1 + tanh(q/2))``; far from it, what is lost
    in ``1 − e^(−q)`` is added to the logarithm.
    """
    safe = jnp.where(q > 0, q, 1.0)
    share, small = jnp.tanh(safe / 2), jnp.exp(-safe)
    near = safe < 1
    whole = jnp.where(near, 2 * share / (1 + share), 1 - small)
    lost = jnp.where(near, 0.0, (1 - whole) - small)
    return jnp.where(q > 0, jnp.log(whole) + lost / whole, -jnp.inf)


def log_expm1(q: Values) -> Values:
    """``ln(e^q − 1)`` for ``q`` > 0; minus infinity at and below zero."""
    return q + log_one_minus_exp(q)


def log1p_difference(low: Values, d: Values) -> Values:
    """``ln(1 + e^(low + d) − e^low)`` for ``d`` ≥ 0, however large either is."""
    high = low + d
    bounded = jnp.minimum(high, _LARGEST)
    share = jnp.tanh(d / 2)
    return log1p(2 * jnp.exp(bounded) * share / (1 + share)) + (high - bounded)


def log_logistic(z: Values) -> Values:
    """``ln σ(z)``, exact in both tails."""
    return jnp.minimum(z, 0.0) - log1p(jnp.exp(-jnp.abs(z)))


def logistic_difference(z: Values, d: Values) -> Values:
    """``σ(z + d) − σ(z) = (1 − e^(−d)) / ((1 + e^z)·(1 + e^(−z−d)))``.

    For ``d`` of either sign, with ``1 − e^(−|d|) = 2·tanh(|d|/2)/(1 + tanh(|d|/2))``;
    a power that overflows leaves the right limit, zero.
    """
    size = jnp.abs(d)
    low = jnp.minimum(z, z + d)
    both = (1 + jnp.exp(low)) * (1 + jnp.exp(-low - size))
    share = jnp.tanh(d / 2)
    return 2 * share / ((1 + jnp.abs(share)) * both)


def log_logistic_difference(z: Values, d: Values) -> Values:
    """``ln(σ(z + d) − σ(z))`` for ``d`` > 0; minus infinity at and below zero."""
    return log_logistic(z + d) + log_logistic(-z) + log_one_minus_exp(d)


def log_logistic_slope_change(z: Values, d: Values) -> Values:
    """``ln σ'(z + d) − ln σ'(z)``, exact for small ``d`` too.

    ``cosh((z + d)/2) / cosh(z/2) = 1 + (cosh(d/2) − 1) + sinh(d/2)·tanh(z/2)``, with
    ``u = e^(d/2) − 1`` in both; where that is far from 1 the two logarithms of
    ``σ'(z) = e^(−|z|)/(1 + e^(−|z|))²`` are subtracted. One logarithm serves both.
    """
    near = jnp.abs(d) < 1
    quarter = jnp.tanh(jnp.where(near, d, 0.0) / 4)
    u = 2 * quarter / (1 - quarter)
    more = u * (u + (u + 2) * jnp.tanh(z / 2)) / (2 * (u + 1))
    ahead, here = jnp.abs(z + d), jnp.abs(z)
    whole = jnp.where(near, 1 + more, (1 + jnp.exp(-ahead)) / (1 + jnp.exp(-here)))
    lost = jnp.where(near, more - (whole - 1), 0.0)
    moved = jnp.where(near, 0.0, ahead - here)
    return -(moved + 2 * (jnp.log(whole) + lost / whole))
