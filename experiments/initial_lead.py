"""Whether the gap of a pair of developers that already stand apart still grows.

At a lead of 50 the peak of the loss gap is past with probability 0.68 under the card
``history-2026``; 0.60 under the default, where three draws in ten have the smaller
exponent of Hoffmann et al., which gives 0.41.
"""

import datetime

from mc.engine.experiment import Experiment
from mc.engine.scenario import Scenario

RATIOS = ("3", "10", "30", "50", "100", "300", "1e3", "1e4", "1e5", "1e6")
"""Frontier over meek effective compute at the reference date, beside the card's own."""

EXPERIMENT = Experiment(
    name="initial-lead",
    question="For a developer who already stands far behind, is the peak past?",
    assumptions=(
        "Whatever the lead, both gain from the same hardware and algorithms.",
        "The frontier is the same in every scenario: the other actor starts lower.",
        "A loss gap falls once the lead passes a number that growth rates set.",
    ),
    metrics=("loss=validation_loss", "task_success_1h", "capability_index"),
    scenarios=tuple(
        Scenario(name=f"x{ratio}", changes=(f"initial_compute_ratio={ratio}",))
        for ratio in RATIOS
    ),
    end=datetime.date(2050, 1, 1),
    draws=2**14,
    figure="past",
)

if __name__ == "__main__":
    from experiments.cli import run_script

    run_script(EXPERIMENT)
