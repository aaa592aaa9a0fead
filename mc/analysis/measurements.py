"""Measurements that could be made: what they would say in each draw.

A measurement says the value of a parameter with a normal error. What its result is
worth is the worth of knowing the result (Strong, Oakley, Brennan and Breeze, Medical
Decision Making 35, 2015, summarise data in the same way).
"""

import numpy as np
from scipy.special import ndtri

from mc.analysis.decision import Measurement
from mc.analysis.inputs import Input
from mc.draws.designs import Design

NOISE = 2
"""Copy of the coordinates that predictive noise is drawn from."""
STREAM = "measurements."


def measured(one: Input, measurement: Measurement, design: Design) -> Input:
    """The result of a measurement in each draw.

    Args:
        one: The parameter that is measured.
        measurement: How well, on the parameter's canonical scale.
        design: Of the draws; the error has a stream of its own by name.
    """
    points, _ = one.values.shape
    words = design.words(f"{STREAM}{measurement.name}", 0, points, NOISE)
    scores = ndtri((np.asarray(words, np.float64) + 0.5) / 2.0**32)
    noise = measurement.sd * scores.reshape(one.values.shape)
    return Input(name=measurement.name, values=one.values.astype(np.float64) + noise)
