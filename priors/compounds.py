"""Laws made from other laws: mixed, cut, or carried over to the canonical scale."""

import math
from dataclasses import dataclass

import numpy as np

from priors.laws import Empirical, Law, LogNormal, Normal, Point
from priors.quadrature import normal_nodes
from priors.roots import first_reached
from priors.shapes import Bool
from priors.units import Unit, Values


@dataclass(frozen=True, kw_only=True)
class Mixture(Law):
    """One of several laws, chosen by weight; its CDF is the weighted sum.

    Attributes:
        weights: Positive, adding to 1.
        laws: As many laws.
    """

    weights: tuple[float, ...]
    laws: tuple[Law, ...]

    @property
    def support(self) -> tuple[float, float]:
        """From the lowest lower end to the highest upper end."""
        ends = [law.support for law in self.laws]
        return min(low for low, _ in ends), max(high for _, high in ends)

    def quantile(self, u: Values) -> Values:
        """Return the root of the CDF, between the quantiles of the laws."""
        ends = np.stack([law.quantile(u) for law in self.laws])
        return first_reached(
            lambda x: self.cdf(x) >= u, ends.min(axis=0), ends.max(axis=0)
        )

    def upper_quantile(self, q: Values) -> Values:
        """Return the root of the survival function, between those of the laws."""
        ends = np.stack([law.upper_quantile(q) for law in self.laws])
        return first_reached(
            lambda x: self.survival(x) <= q, ends.min(axis=0), ends.max(axis=0)
        )

    def cdf(self, x: Values) -> Values:
        """Return the weighted sum of P(X ≤ x)."""
        pairs = zip(self.weights, self.laws, strict=True)
        return np.sum([weight * law.cdf(x) for weight, law in pairs], axis=0)

    def survival(self, x: Values) -> Values:
        """Return the weighted sum of P(X > x)."""
        pairs = zip(self.weights, self.laws, strict=True)
        return np.sum([weight * law.survival(x) for weight, law in pairs], axis=0)

    def log_density(self, x: Values) -> Values:
        """Return the log density; where some law has an atom, the log of its mass."""
        smooth = np.full(x.shape, -np.inf)
        atoms = np.full(x.shape, -np.inf)
        for weight, law in zip(self.weights, self.laws, strict=True):
            term = np.log(weight) + law.log_density(x)
            if has_atoms(law):
                atoms = np.logaddexp(atoms, term)
            else:
                smooth = np.logaddexp(smooth, term)
        return np.where(np.isneginf(atoms), smooth, atoms)


@dataclass(frozen=True, kw_only=True)
class Truncated(Law):
    """A law without atoms, cut to [low, high] and scaled up to mass 1 again.

    Attributes:
        law: The law that is cut.
        low: The lower end.
        high: The upper end.
    """

    law: Law
    low: float
    high: float

    @property
    def mass(self) -> float:
        """The mass of the uncut law between the ends."""
        return self._shares()[2]

    @property
    def support(self) -> tuple[float, float]:
        """The part of the uncut support between the ends."""
        low, high = self.law.support
        return max(low, self.low), min(high, self.high)

    def quantile(self, u: Values) -> Values:
        """Return F⁻¹(F(low) + u·mass), computed in the nearer tail."""
        below, above, inside = self._shares()
        return self._between(below + u * inside, above + (1.0 - u) * inside)

    def upper_quantile(self, q: Values) -> Values:
        """Return the same from the other tail."""
        below, above, inside = self._shares()
        return self._between(below + (1.0 - q) * inside, above + q * inside)

    def cdf(self, x: Values) -> Values:
        """Return P(X ≤ x)."""
        x = np.clip(x, self.low, self.high)
        below, above, inside = self._shares()
        left = (self.law.cdf(x) - below) / inside
        right = (inside + above - self.law.survival(x)) / inside
        return np.clip(np.where(self._is_low(x), left, right), 0.0, 1.0)

    def survival(self, x: Values) -> Values:
        """Return P(X > x)."""
        x = np.clip(x, self.low, self.high)
        below, above, inside = self._shares()
        left = (below + inside - self.law.cdf(x)) / inside
        right = (self.law.survival(x) - above) / inside
        return np.clip(np.where(self._is_low(x), left, right), 0.0, 1.0)

    def log_density(self, x: Values) -> Values:
        """Return the uncut log density over the mass kept, −∞ outside."""
        inside = (x >= self.low) & (x <= self.high)
        log_density = self.law.log_density(x) - np.log(self.mass)
        return np.where(inside, log_density, -np.inf)

    def _shares(self) -> tuple[float, float, float]:
        """Return P(X < low), P(X > high) and P(low ≤ X ≤ high)."""
        ends = np.array([self.low, self.high])
        cdf, survival = self.law.cdf(ends), self.law.survival(ends)
        if cdf[1] <= 0.5:
            inside = cdf[1] - cdf[0]
        elif survival[0] <= 0.5:
            inside = survival[0] - survival[1]
        else:
            inside = 1.0 - cdf[0] - survival[1]
        return float(cdf[0]), float(survival[1]), float(inside)

    def _between(self, lower: Values, upper: Values) -> Values:
        tail = np.minimum(lower, upper)
        from_above = self.law.upper_quantile(tail)
        x = np.where(lower <= upper, self.law.quantile(tail), from_above)
        return np.clip(x, self.low, self.high)

    def _is_low(self, x: Values) -> Bool[np.ndarray, "..."]:
        return self.law.cdf(x) <= 0.5


@dataclass(frozen=True, kw_only=True)
class Transformed(Law):
    """A law of the number as typed, carried over to the canonical scale.

    Attributes:
        base: The law of the number as typed, without atoms.
        unit: The unit it was typed in.
    """

    base: Law
    unit: Unit

    @property
    def support(self) -> tuple[float, float]:
        """The ends of the base law, mapped."""
        low, high = sorted(self.unit.to_canonical(np.array(self.base.support)))
        return float(low), float(high)

    def quantile(self, u: Values) -> Values:
        """Map the quantile; of a decreasing unit, the one of the other tail."""
        base = self.base
        typed = base.upper_quantile(u) if self.unit.decreasing else base.quantile(u)
        return self.unit.to_canonical(typed)

    def upper_quantile(self, q: Values) -> Values:
        """Map the upper quantile; of a decreasing unit, the lower one."""
        base = self.base
        typed = base.quantile(q) if self.unit.decreasing else base.upper_quantile(q)
        return self.unit.to_canonical(typed)

    def cdf(self, x: Values) -> Values:
        """Return P(X ≤ x)."""
        typed = self.unit.from_canonical(x)
        if self.unit.decreasing:
            return np.where(x > 0.0, self.base.survival(typed), 0.0)
        return self.base.cdf(typed)

    def survival(self, x: Values) -> Values:
        """Return P(X > x)."""
        typed = self.unit.from_canonical(x)
        if self.unit.decreasing:
            return np.where(x > 0.0, self.base.cdf(typed), 1.0)
        return self.base.survival(typed)

    def log_density(self, x: Values) -> Values:
        """Return the base log density at the typed number, plus ln |dx/dy|."""
        inside = (x > 0.0) | (not self.unit.decreasing)
        x = np.where(inside, x, 1.0)
        log_density = self.base.log_density(self.unit.from_canonical(x))
        return np.where(inside, log_density + self.unit.log_typed_slope(x), -np.inf)


def carried_over(base: Law, unit: Unit) -> Law:
    """Return the canonical law of a number whose law is stated as typed.

    Points, tables, a lognormal of a logarithmic unit and a normal of a linear one
    stay what they are, exactly; the rest becomes ``Transformed``.
    """
    match base:
        case Point(value=value):
            return Point(value=float(unit.to_canonical(np.array([value]))[0]))
        case Empirical(values=values):
            return Empirical(values=np.sort(unit.to_canonical(values)))
        case LogNormal(mu=mu, sigma=sigma) if unit.form == "log":
            return Normal(mean=mu - float(np.log(unit.factor)), sd=sigma)
        case Normal(mean=mean, sd=sd) if unit.form == "linear":
            return Normal(mean=unit.factor * mean, sd=unit.factor * sd)
    if unit.form == "linear" and unit.factor == 1.0:
        return base
    return Transformed(base=base, unit=unit)


def has_atoms(law: Law) -> bool:
    """Return whether some value has mass of its own."""
    if isinstance(law, Mixture):
        return any(has_atoms(part) for part in law.laws)
    return isinstance(law, Point | Empirical)


def mean(law: Law, unit: Unit) -> float | None:
    """Return the mean of the number in the card's unit, or None if it has none.

    Gauss–Legendre quadrature over the normal score; tails that still matter beyond
    nine standard scores, or a doubling time whose growth may be zero, have no mean.

    Args:
        law: A law on the canonical scale.
        unit: The unit to report in.
    """
    match law:
        case Point(value=value):
            return float(unit.from_canonical(np.array([value]))[0])
        case Empirical(values=values):
            return float(np.mean(unit.from_canonical(values)))
        case Mixture(weights=weights, laws=laws):
            parts = [mean(part, unit) for part in laws]
            known = [part for part in parts if part is not None]
            return float(np.dot(weights, known)) if len(known) == len(parts) else None
    if unit.decreasing and law.quantile(np.array([1e-15]))[0] <= 0.0:
        return None
    z, weights = normal_nodes()
    with np.errstate(over="ignore"):
        terms = weights * unit.from_canonical(law.at_score(z))
    sizes = np.abs(terms)
    settled = np.sum(sizes[np.abs(z) > 9.0]) <= 1e-6 * np.sum(sizes) < math.inf
    return float(np.sum(terms)) if settled else None
