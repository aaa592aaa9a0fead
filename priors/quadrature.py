"""Nodes and weights for means over a normal score."""

import math
from functools import cache

import numpy as np

from priors.units import Values

LAST_SCORE, PANELS = 12.0, 32
# Upper half of the 32-point Gauss-Legendre rule on [-1, 1], which is symmetric, as
# scipy.special.roots_legendre computes it: calling that takes SciPy's linear algebra.
LEGENDRE = np.array(
    [
        (0.04830766568773834, 0.09654008851472759),
        (0.14447196158279643, 0.09563872007927465),
        (0.2392873622521371, 0.09384439908080441),
        (0.33186860228212767, 0.09117387869576364),
        (0.4213512761306354, 0.0876520930044037),
        (0.5068999089322295, 0.08331192422694647),
        (0.5877157572407623, 0.07819389578707016),
        (0.6630442669302152, 0.07234579410884849),
        (0.7321821187402897, 0.06582222277636134),
        (0.7944837959679423, 0.05868409347853579),
        (0.8493676137325699, 0.05099805926237625),
        (0.8963211557660521, 0.0428358980222272),
        (0.9349060759377397, 0.03427386291302054),
        (0.9647622555875064, 0.025392065309261264),
        (0.9856115115452684, 0.01627439473090403),
        (0.9972638618494816, 0.00701861000947442),
    ]
)


@cache
def normal_nodes() -> tuple[Values, Values]:
    """Return nodes and weights for means over a normal score within ±12."""
    upper, weights = LEGENDRE.T
    nodes = np.concatenate((-upper[::-1], upper))
    weights = np.concatenate((weights[::-1], weights))
    edges = np.linspace(-LAST_SCORE, LAST_SCORE, PANELS + 1)
    half = 0.5 * np.diff(edges)[:, None]
    z = (0.5 * (edges[1:] + edges[:-1])[:, None] + half * nodes).ravel()
    density = np.exp(-0.5 * z * z) / math.sqrt(2.0 * math.pi)
    return z, (half * weights).ravel() * density
