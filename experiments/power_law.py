"""Theorem 2.6: compute that grows as a power of time moves dates and nothing else."""

import datetime

from mc.engine.experiment import Experiment
from mc.engine.scenario import Scenario

EXPERIMENT = Experiment(
    name="power-law",
    question="What if compute grows as a power of time, not exponentially?",
    assumptions=(
        "Every growth starts as it is today and falls with one clock, alike for both.",
        "A power law halves all growth after T years; T is 20, or 5.",
        "The last clock is slower than any power of time, so no theorem speaks of it.",
    ),
    metrics=(
        "loss=validation_loss",
        "success_1_h=task_success:minutes=60",
        "time_horizon",
    ),
    path="exponential",
    scenarios=(
        Scenario(
            name="power_20",
            summary="a power of time: growth halves after 20 years",
            path="+power_law",
            changes=("slowing_time=20 years",),
        ),
        Scenario(
            name="power_5",
            summary="a power of time: growth halves after 5 years",
            path="+power_law",
            changes=("slowing_time=5 years",),
        ),
        Scenario(
            name="slower_still",
            summary="slower than any power of time, T = 5 years",
            path="+log_power",
            changes=("slowing_time=5 years",),
        ),
    ),
    end=datetime.date(2060, 1, 1),
    at=(datetime.date(2030, 1, 1), datetime.date(2045, 1, 1)),
    draws=2**14,
    figure="clocks",
)

if __name__ == "__main__":
    from experiments.cli import run_script

    run_script(EXPERIMENT)
