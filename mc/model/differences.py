"""Differences of exponentials and logistics, written without cancellation.

Each is an identity, so its relative error is a few roundings at any
lead; subtracting the two values loses every digit of a small one.
"""

import jax.numpy as jnp

from mc.model.axes import Values


def one_minus_exp(q: Values) -> Values:
    """``1 − e^(−q)``."""
    return -jnp.expm1(-q)


def log_one_minus_exp(q: Values) -> Values:
    """``ln(1 − e^(−q))`` for ``q`` > 0; minus infinity at and below zero."""
    safe = jnp.where(q > 0, q, 1.0)
    near = jnp.log(-jnp.expm1(-safe))
    far = jnp.log1p(-jnp.exp(-safe))
    return jnp.where(q > 0, jnp.where(safe < 1, near, far), -jnp.inf)


def log_expm1(q: Values) -> Values:
    """``ln(e^q − 1)`` for ``q`` > 0; minus infinity at and below zero."""
    return q + log_one_minus_exp(q)


def log_logistic(z: Values) -> Values:
    """``ln σ(z)``, exact in both tails."""
    return jnp.minimum(z, 0.0) - jnp.log1p(jnp.exp(-jnp.abs(z)))


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
    ``σ'(z) = e^(−|z|)/(1 + e^(−|z|))²`` are subtracted.
    """
    near = jnp.abs(d) < 1
    u = jnp.expm1(jnp.where(near, d, 0.0) / 2)
    ratio = u * (u + (u + 2) * jnp.tanh(z / 2)) / (2 * (u + 1))
    ahead, here = jnp.abs(z + d), jnp.abs(z)
    tails = jnp.log1p(jnp.exp(-ahead)) - jnp.log1p(jnp.exp(-here))
    return -jnp.where(near, 2 * jnp.log1p(ratio), ahead - here + 2 * tails)
