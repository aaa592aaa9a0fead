"""Univariate laws, each known by its quantile function in both tails.

A tail is never found from its complement: ``upper_quantile`` keeps the digits that
``quantile(1 - q)`` would lose. Methods take and return float64 arrays with an axis.
"""

import math
from dataclasses import dataclass
from typing import Protocol, runtime_checkable

import numpy as np

from priors import normal, special
from priors.shapes import Float
from priors.units import Values


@runtime_checkable
class Law(Protocol):
    """One distribution on the real line; ``u`` and ``q`` are probabilities."""

    @property
    def support(self) -> tuple[float, float]:
        """Return the ends of the smallest interval that holds all the mass."""
        ...

    def quantile(self, u: Values) -> Values:
        """Return the smallest x with P(X ≤ x) ≥ u."""
        ...

    def upper_quantile(self, q: Values) -> Values:
        """Return the smallest x with P(X > x) ≤ q."""
        ...

    def cdf(self, x: Values) -> Values:
        """Return P(X ≤ x)."""
        ...

    def survival(self, x: Values) -> Values:
        """Return P(X > x)."""
        ...

    def log_density(self, x: Values) -> Values:
        """Return the log density at x; of an atom, the log of its mass."""
        ...

    def at_score(self, z: Values) -> Values:
        """Return the quantile at Φ(z), precise however far z lies in either tail."""
        tail = normal.cdf(-np.abs(z))
        return np.where(z > 0, self.upper_quantile(tail), self.quantile(tail))


@dataclass(frozen=True, kw_only=True)
class Point(Law):
    """A value that is taken as known.

    Attributes:
        value: The value.
    """

    value: float

    @property
    def support(self) -> tuple[float, float]:
        """Return the value, twice."""
        return self.value, self.value

    def quantile(self, u: Values) -> Values:
        """Return the value, whatever ``u``."""
        return np.full_like(u, self.value)

    def upper_quantile(self, q: Values) -> Values:
        """Return the value, whatever ``q``."""
        return np.full_like(q, self.value)

    def cdf(self, x: Values) -> Values:
        """Return one from the value upwards."""
        return np.where(x >= self.value, 1.0, 0.0)

    def survival(self, x: Values) -> Values:
        """Return one below the value."""
        return np.where(x >= self.value, 0.0, 1.0)

    def log_density(self, x: Values) -> Values:
        """Return the log of the mass: 0 at the value, −∞ elsewhere."""
        return np.where(x == self.value, 0.0, -np.inf)


@dataclass(frozen=True, kw_only=True, eq=False)
class Empirical(Law):
    """Equal mass on each of the values of a table; quantiles are order statistics.

    Attributes:
        values: The values, ascending, at least one.
    """

    values: Float[np.ndarray, " rows"]

    @property
    def support(self) -> tuple[float, float]:
        """The smallest and the largest value."""
        return float(self.values[0]), float(self.values[-1])

    def quantile(self, u: Values) -> Values:
        """Return the order statistic ⌈nu⌉, the first one where u = 0."""
        return self._order_statistic(np.ceil(u * self.values.size))

    def upper_quantile(self, q: Values) -> Values:
        """Return the order statistic ⌈n(1 − q)⌉."""
        return self._order_statistic(self.values.size - np.floor(q * self.values.size))

    def cdf(self, x: Values) -> Values:
        """Return the share of values at or under x."""
        return np.searchsorted(self.values, x, side="right") / self.values.size

    def survival(self, x: Values) -> Values:
        """Return the share of values above x."""
        size = self.values.size
        return (size - np.searchsorted(self.values, x, side="right")) / size

    def log_density(self, x: Values) -> Values:
        """Return the log of the mass at x, −∞ between the values."""
        below = np.searchsorted(self.values, x, side="left")
        count = np.searchsorted(self.values, x, side="right") - below
        with np.errstate(divide="ignore"):
            return np.log(count / self.values.size)

    def _order_statistic(self, rank: Values) -> Values:
        index = np.clip(rank, 1, self.values.size).astype(np.int64) - 1
        return self.values[index]


class Standardised(Law):
    """A law that is a standard one, stretched and moved: X = shift + stretch·S."""

    @property
    def _frame(self) -> tuple[float, float]:
        raise NotImplementedError

    @property
    def support(self) -> tuple[float, float]:
        """The ends of the standard law, stretched and moved."""
        shift, stretch = self._frame
        low, high = self._standard_support()
        return shift + stretch * low, shift + stretch * high

    def quantile(self, u: Values) -> Values:
        """Return the smallest x with P(X ≤ x) ≥ u."""
        shift, stretch = self._frame
        return shift + stretch * self._quantile(u)

    def upper_quantile(self, q: Values) -> Values:
        """Return the smallest x with P(X > x) ≤ q."""
        shift, stretch = self._frame
        return shift + stretch * self._upper_quantile(q)

    def cdf(self, x: Values) -> Values:
        """Return P(X ≤ x)."""
        shift, stretch = self._frame
        return self._cdf((x - shift) / stretch)

    def survival(self, x: Values) -> Values:
        """Return P(X > x)."""
        shift, stretch = self._frame
        return self._survival((x - shift) / stretch)

    def log_density(self, x: Values) -> Values:
        """Return the log density at x, −∞ outside the support."""
        shift, stretch = self._frame
        with np.errstate(divide="ignore"):
            return self._log_density((x - shift) / stretch) - math.log(stretch)

    def _standard_support(self) -> tuple[float, float]:
        return -math.inf, math.inf

    def _quantile(self, u: Values) -> Values:
        raise NotImplementedError

    def _upper_quantile(self, q: Values) -> Values:
        return -self._quantile(q)  # of a law that is symmetric about 0

    def _cdf(self, s: Values) -> Values:
        raise NotImplementedError

    def _survival(self, s: Values) -> Values:
        return self._cdf(-s)

    def _log_density(self, s: Values) -> Values:
        raise NotImplementedError


@dataclass(frozen=True, kw_only=True)
class Normal(Standardised):
    """The normal law.

    Attributes:
        mean: Its centre, μ.
        sd: Its standard deviation, σ > 0.
    """

    mean: float
    sd: float

    def at_score(self, z: Values) -> Values:
        """Return μ + σz."""
        return self.mean + self.sd * z

    @property
    def _frame(self) -> tuple[float, float]:
        return self.mean, self.sd

    def _quantile(self, u: Values) -> Values:
        return normal.quantile(u)

    def _cdf(self, s: Values) -> Values:
        return normal.cdf(s)

    def _log_density(self, s: Values) -> Values:
        return -0.5 * s * s - 0.5 * math.log(2.0 * math.pi)


@dataclass(frozen=True, kw_only=True)
class LogNormal(Law):
    """The law of a positive number whose natural logarithm is normal.

    Attributes:
        mu: Mean of the logarithm; the median is exp(mu).
        sigma: Standard deviation of the logarithm, > 0.
    """

    mu: float
    sigma: float

    @property
    def logarithm(self) -> Normal:
        """The law of the logarithm."""
        return Normal(mean=self.mu, sd=self.sigma)

    @property
    def support(self) -> tuple[float, float]:
        """Everything above zero."""
        return 0.0, math.inf

    def quantile(self, u: Values) -> Values:
        """Return the smallest x with P(X ≤ x) ≥ u."""
        return np.exp(self.logarithm.quantile(u))

    def upper_quantile(self, q: Values) -> Values:
        """Return the smallest x with P(X > x) ≤ q."""
        return np.exp(self.logarithm.upper_quantile(q))

    def at_score(self, z: Values) -> Values:
        """Return exp(μ + σz)."""
        return np.exp(self.logarithm.at_score(z))

    def cdf(self, x: Values) -> Values:
        """Return P(X ≤ x)."""
        with np.errstate(divide="ignore"):
            return self.logarithm.cdf(np.log(np.maximum(x, 0.0)))

    def survival(self, x: Values) -> Values:
        """Return P(X > x)."""
        with np.errstate(divide="ignore"):
            return self.logarithm.survival(np.log(np.maximum(x, 0.0)))

    def log_density(self, x: Values) -> Values:
        """Return the log density at x, −∞ up to zero."""
        log_x = np.log(np.where(x > 0.0, x, 1.0))
        inside = self.logarithm.log_density(log_x) - log_x
        return np.where(x > 0.0, inside, -np.inf)


@dataclass(frozen=True, kw_only=True)
class StudentT(Standardised):
    """Student's t, for heavy tails.

    Attributes:
        df: Degrees of freedom, ν > 0.
        mean: Its centre (the mean where ν > 1).
        scale: Its scale, > 0; the standard deviation is larger.
    """

    df: float
    mean: float
    scale: float

    @property
    def _frame(self) -> tuple[float, float]:
        return self.mean, self.scale

    def _quantile(self, u: Values) -> Values:
        return special.stdtrit(self.df, u)

    def _cdf(self, s: Values) -> Values:
        return special.stdtr(self.df, s)

    def _log_density(self, s: Values) -> Values:
        half = 0.5 * self.df
        log_constant = -special.betaln(half, 0.5) - 0.5 * math.log(self.df)
        return log_constant - (half + 0.5) * np.log1p(s * s / self.df)
