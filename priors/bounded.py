"""Laws between two ends: uniform, beta, triangular."""

from dataclasses import dataclass

import numpy as np

from priors import special
from priors.laws import Standardised
from priors.units import Values


@dataclass(frozen=True, kw_only=True)
class Uniform(Standardised):
    """Equal density between two ends.

    Attributes:
        low: The lower end.
        high: The upper end, above ``low``.
    """

    low: float
    high: float

    @property
    def _frame(self) -> tuple[float, float]:
        return self.low, self.high - self.low

    def _standard_support(self) -> tuple[float, float]:
        return 0.0, 1.0

    def _quantile(self, u: Values) -> Values:
        return u

    def _upper_quantile(self, q: Values) -> Values:
        return 1.0 - q

    def _cdf(self, s: Values) -> Values:
        return np.clip(s, 0.0, 1.0)

    def _survival(self, s: Values) -> Values:
        return np.clip(1.0 - s, 0.0, 1.0)

    def _log_density(self, s: Values) -> Values:
        return np.where((s >= 0.0) & (s <= 1.0), 0.0, -np.inf)


@dataclass(frozen=True, kw_only=True)
class Beta(Standardised):
    """The beta law, for shares; stretched over [low, high] where these are given.

    Attributes:
        a: First shape, > 0.
        b: Second shape, > 0.
        low: The lower end.
        high: The upper end, above ``low``.
    """

    a: float
    b: float
    low: float = 0.0
    high: float = 1.0

    @property
    def _frame(self) -> tuple[float, float]:
        return self.low, self.high - self.low

    def _standard_support(self) -> tuple[float, float]:
        return 0.0, 1.0

    def _quantile(self, u: Values) -> Values:
        return special.betaincinv(self.a, self.b, u)

    def _upper_quantile(self, q: Values) -> Values:
        return special.betainccinv(self.a, self.b, q)

    def _cdf(self, s: Values) -> Values:
        return special.betainc(self.a, self.b, np.clip(s, 0.0, 1.0))

    def _survival(self, s: Values) -> Values:
        return special.betaincc(self.a, self.b, np.clip(s, 0.0, 1.0))

    def _log_density(self, s: Values) -> Values:
        inside = (s >= 0.0) & (s <= 1.0)
        s = np.where(inside, s, 0.5)
        log_density = special.xlogy(self.a - 1.0, s) + special.xlog1py(self.b - 1.0, -s)
        return np.where(inside, log_density - special.betaln(self.a, self.b), -np.inf)


@dataclass(frozen=True, kw_only=True)
class Triangular(Standardised):
    """A density that rises in a line to its mode and falls in a line from it.

    Attributes:
        low: The lower end.
        mode: The most likely value, from ``low`` to ``high``.
        high: The upper end, above ``low``.
    """

    low: float
    mode: float
    high: float

    @property
    def _frame(self) -> tuple[float, float]:
        return self.low, self.high - self.low

    @property
    def _peak(self) -> float:
        return (self.mode - self.low) / (self.high - self.low)

    def _standard_support(self) -> tuple[float, float]:
        return 0.0, 1.0

    def _quantile(self, u: Values) -> Values:
        rising = np.sqrt(u * self._peak)
        falling = 1.0 - np.sqrt((1.0 - u) * (1.0 - self._peak))
        return np.where(u <= self._peak, rising, falling)

    def _upper_quantile(self, q: Values) -> Values:
        rising = np.sqrt((1.0 - q) * self._peak)
        falling = 1.0 - np.sqrt(q * (1.0 - self._peak))
        return np.where(q > 1.0 - self._peak, rising, falling)

    def _cdf(self, s: Values) -> Values:
        s = np.clip(s, 0.0, 1.0)
        peak = self._peak
        rising = s**2 / (peak if peak > 0.0 else 1.0)
        falling = 1.0 - (1.0 - s) ** 2 / (1.0 - peak if peak < 1.0 else 1.0)
        return np.where(s <= peak, rising, falling)

    def _survival(self, s: Values) -> Values:
        s = np.clip(s, 0.0, 1.0)
        peak = self._peak
        rising = 1.0 - s**2 / (peak if peak > 0.0 else 1.0)
        falling = (1.0 - s) ** 2 / (1.0 - peak if peak < 1.0 else 1.0)
        return np.where(s <= peak, rising, falling)

    def _log_density(self, s: Values) -> Values:
        peak = self._peak
        rising = 2.0 * s / (peak if peak > 0.0 else 1.0)
        falling = 2.0 * (1.0 - s) / (1.0 - peak if peak < 1.0 else 1.0)
        inside = (s >= 0.0) & (s <= 1.0)
        below = s < peak if peak < 1.0 else s <= peak
        return np.log(np.where(inside, np.where(below, rising, falling), 0.0))
