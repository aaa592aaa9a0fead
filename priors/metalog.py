"""Keelin's metalog: a law through any number of quantiles, if one exists."""

from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from priors import special
from priors.laws import Law
from priors.roots import first_reached
from priors.shapes import Float
from priors.units import Values

REACH = 36.0  # log-odds up to which a metalog must rise; 1 in 4e15


@dataclass(frozen=True, kw_only=True)
class Metalog(Law):
    """A law whose quantile function is a sum of simple terms.

    M(y) = a₁ + a₂L + a₃(y−½)L + a₄(y−½) + a₅(y−½)² + a₆(y−½)²L + …, where L is the
    log-odds ln(y/(1−y)). Keelin, The Metalog Distributions, Decision
    Analysis 13 (2016).

    Attributes:
        coefficients: a₁, a₂, …, at least two.
    """

    coefficients: tuple[float, ...]

    @property
    def support(self) -> tuple[float, float]:
        """The whole line."""
        return -np.inf, np.inf

    @property
    def is_feasible(self) -> bool:
        """Whether the quantile function rises, as one must, over 4e15 to 1 odds."""
        log_odds = np.linspace(-REACH, REACH, 7201)
        return bool(np.all(self._slope(log_odds) > 0.0))

    def quantile(self, u: Values) -> Values:
        """Return M(u)."""
        return self._at(np.log(u) - np.log1p(-u))

    def upper_quantile(self, q: Values) -> Values:
        """Return M(1 − q), without forming 1 − q."""
        return self._at(np.log1p(-q) - np.log(q))

    def at_score(self, z: Values) -> Values:
        """Return M(Φ(z))."""
        return self._at(special.log_ndtr(z) - special.log_ndtr(-z))

    def cdf(self, x: Values) -> Values:
        """Return the root of M(y) = x."""
        return special.expit(self._log_odds(x))

    def survival(self, x: Values) -> Values:
        """Return one minus that root, precise in the upper tail."""
        return special.expit(-self._log_odds(x))

    def log_density(self, x: Values) -> Values:
        """Return −ln M'(y) at the root of M(y) = x."""
        log_odds = self._log_odds(x)
        log_dy = special.log_expit(log_odds) + special.log_expit(-log_odds)
        return log_dy - np.log(self._slope(log_odds))

    def _at(self, log_odds: Values) -> Values:
        terms = _basis(log_odds, len(self.coefficients))
        return np.tensordot(np.array(self.coefficients), terms, axes=1)

    def _slope(self, log_odds: Values) -> Values:
        """Return dM/dL, by the derivative of each term."""
        centred = special.expit(log_odds) - 0.5
        d_centred = special.expit(log_odds) * special.expit(-log_odds)
        slope = np.zeros_like(log_odds)
        for term, coefficient in enumerate(self.coefficients, start=1):
            power, has_log_odds = _term(term)
            d_power = power * centred ** max(power - 1, 0) * d_centred
            if has_log_odds:
                d_power = d_power * log_odds + centred**power
            slope = slope + coefficient * d_power
        return slope

    def _log_odds(self, x: Values) -> Values:
        ends = np.full_like(x, 700.0)
        return first_reached(lambda odds: self._at(odds) >= x, -ends, ends)


def through(
    levels: Float[np.ndarray, " k"], values: Float[np.ndarray, " k"]
) -> Metalog:
    """Return the metalog with as many terms as quantiles that meets all of them.

    Args:
        levels: Probabilities, rising strictly, inside (0, 1).
        values: The quantiles, rising strictly.

    Raises:
        ValueError: If that metalog is no distribution: its density turns negative.
    """
    if not all(a < b for a, b in pairwise(levels)):
        raise ValueError("levels must rise strictly")
    terms = _basis(np.log(levels) - np.log1p(-levels), levels.size)
    law = Metalog(coefficients=tuple(np.linalg.solve(terms.T, values).tolist()))
    if not law.is_feasible:
        raise ValueError(
            f"no metalog of {levels.size} terms meets them: its density would be "
            "negative somewhere"
        )
    return law


def _basis(log_odds: Values, num_terms: int) -> Values:
    centred = special.expit(log_odds) - 0.5
    terms = []
    for term in range(1, num_terms + 1):
        power, has_log_odds = _term(term)
        terms.append(centred**power * (log_odds if has_log_odds else 1.0))
    return np.stack(terms)


def _term(term: int) -> tuple[int, bool]:
    """Return the power of (y − ½) in a term, and whether it is times the log-odds."""
    first = {1: (0, False), 2: (0, True), 3: (1, True), 4: (1, False)}
    return first.get(term, ((term - 1) // 2, term % 2 == 0))
