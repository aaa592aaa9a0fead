"""The normal law's distribution function and its inverse, a few numbers at a time.

The same rational approximations as in SciPy, from Moshier's Cephes library
(``ndtr.c``, ``ndtri.c``), so that a card is read without SciPy and to the same digit.
"""

import math
from collections.abc import Callable

import numpy as np

from priors import special
from priors.units import Values

FEW = 16
"""More numbers than that are left to SciPy."""
LAST_EXPONENT = 709.782712893384
"""Below exp(−that) a tail counts as nothing."""
MIDDLE = 0.13533528323661269
"""exp(−2): nearer to 0 or 1 another approximation holds."""
ROOT_2_PI = 2.5066282746310007

Terms = tuple[tuple[float, ...], tuple[float, ...]]
# Highest power first; each denominator begins with a 1 that is not written.
_ERF = (
    (
        9.604973739870516,
        90.02601972038427,
        2232.005345946843,
        7003.325141128051,
        55592.30130103949,
    ),
    (
        33.56171416475031,
        521.3579497801527,
        4594.323829709801,
        22629.000061389095,
        49267.39426086359,
    ),
)
_ERFC_BELOW_8 = (
    (
        2.461969814735305e-10,
        0.5641895648310689,
        7.463210564422699,
        48.63719709856814,
        196.5208329560771,
        526.4451949954773,
        934.5285271719576,
        1027.5518868951572,
        557.5353353693994,
    ),
    (
        13.228195115474499,
        86.70721408859897,
        354.9377788878199,
        975.7085017432055,
        1823.9091668790973,
        2246.3376081871097,
        1656.6630919416134,
        557.5353408177277,
    ),
)
_ERFC_ABOVE_8 = (
    (
        0.5641895835477551,
        1.275366707599781,
        5.019050422511805,
        6.160210979930536,
        7.4097426995044895,
        2.9788666537210022,
    ),
    (
        2.2605286322011726,
        9.396035249380015,
        12.048953980809666,
        17.08144507475659,
        9.608968090632859,
        3.369076451000815,
    ),
)
_SCORE_MIDDLE = (
    (
        -59.96335010141079,
        98.00107541859997,
        -56.67628574690703,
        13.931260938727968,
        -1.2391658386738125,
    ),
    (
        1.9544885833814176,
        4.676279128988815,
        86.36024213908905,
        -225.46268785411937,
        200.26021238006066,
        -82.03722561683334,
        15.90562251262117,
        -1.1833162112133,
    ),
)
_SCORE_TAIL = (
    (
        4.0554489230596245,
        31.525109459989388,
        57.16281922464213,
        44.08050738932008,
        14.684956192885803,
        2.1866330685079025,
        -0.1402560791713545,
        -0.03504246268278482,
        -0.0008574567851546854,
    ),
    (
        15.779988325646675,
        45.39076351288792,
        41.3172038254672,
        15.04253856929075,
        2.504649462083094,
        -0.14218292285478779,
        -0.03808064076915783,
        -0.0009332594808954574,
    ),
)
_SCORE_FAR_TAIL = (
    (
        3.2377489177694603,
        6.915228890689842,
        3.9388102529247444,
        1.3330346081580755,
        0.20148538954917908,
        0.012371663481782003,
        0.00030158155350823543,
        2.6580697468673755e-06,
        6.239745391849833e-09,
    ),
    (
        6.02427039364742,
        3.6798356385616087,
        1.3770209948908132,
        0.21623699359449663,
        0.013420400608854318,
        0.00032801446468212774,
        2.8924786474538068e-06,
        6.790194080099813e-09,
    ),
)


def cdf(z: Values) -> Values:
    """Return Φ(z)."""
    return _each(_cdf, z) if z.size <= FEW else special.ndtr(z)


def quantile(u: Values) -> Values:
    """Return Φ⁻¹(u): infinite at 0 and 1, NaN outside."""
    return _each(_quantile, u) if u.size <= FEW else special.ndtri(u)


def _each(function: Callable[[float], float], x: Values) -> Values:
    return np.array([function(number) for number in x.ravel().tolist()]).reshape(
        x.shape
    )


def _cdf(z: float) -> float:
    x = z * math.sqrt(0.5)
    size = abs(x)
    if size < 1.0:
        return 0.5 + 0.5 * _ratio(x, x * x, _ERF)
    if size * size > LAST_EXPONENT:
        return float(x > 0.0)
    terms = _ERFC_BELOW_8 if size < 8.0 else _ERFC_ABOVE_8
    tail = 0.5 * _ratio(math.exp(-size * size), size, terms)
    return 1.0 - tail if x > 0.0 else tail


def _quantile(u: float) -> float:
    if not 0.0 < u < 1.0:
        return {0.0: -math.inf, 1.0: math.inf}.get(u, math.nan)
    is_upper = u > 1.0 - MIDDLE
    tail = 1.0 - u if is_upper else u
    if tail > MIDDLE:
        y = tail - 0.5
        return ROOT_2_PI * (y + y * _ratio(y * y, y * y, _SCORE_MIDDLE))
    x = math.sqrt(-2.0 * math.log(tail))
    terms = _SCORE_TAIL if x < 8.0 else _SCORE_FAR_TAIL
    score = x - math.log(x) / x - _ratio(1.0 / x, 1.0 / x, terms)
    return score if is_upper else -score


def _ratio(factor: float, x: float, terms: Terms) -> float:
    """Return a factor times a ratio of polynomials in x, in the order of Cephes."""
    above, under = terms
    numerator, denominator = 0.0, 1.0
    for coefficient in above:
        numerator = numerator * x + coefficient
    for coefficient in under:
        denominator = denominator * x + coefficient
    return factor * numerator / denominator
