"""Two states whose spending grows alike; one of them buys worse chips."""

import datetime

from mc.engine.experiment import Experiment
from mc.engine.scenario import Scenario

EXPERIMENT = Experiment(
    name="export-controls",
    question="How many years do export controls on chips buy, metric by metric?",
    assumptions=(
        "The state's spending grows and slows as the frontier's does, from a "
        "twenty-fifth of it; algorithms reach it in full.",
        "Controls cut what its dollars buy from 2023 on, smuggled, rented and homemade "
        "chips included.",
        "Years bought are those by which the same draw is later with controls.",
    ),
    metrics=(
        "loss=validation_loss",
        "success_1_h=task_success:minutes=60",
        "ECI=capability_index",
        "time_horizon",
    ),
    actors=("rival-state",),
    scenarios=(
        Scenario(
            name="dearer_chips",
            summary="chips cost the state twice as much: its budget buys half",
            changes=("meek_budget=2.5e5..2.5e6@90% dollars",),
        ),
        Scenario(
            name="slower_chips",
            summary="half of the progress in FLOP per dollar does not reach the state",
            path="+proprietary_progress",
            changes=("proprietary_hardware_share=0.5", "proprietary_share=0"),
        ),
        Scenario(
            name="no_better_chips",
            summary="no progress in FLOP per dollar reaches the state",
            path="+proprietary_progress",
            changes=("proprietary_hardware_share=1", "proprietary_share=0"),
        ),
    ),
    levels=("success_1_h=0.8", "ECI=160", "time_horizon=160", "time_horizon=2000"),
    end=datetime.date(2045, 1, 1),
    at=(
        datetime.date(2030, 1, 1),
        datetime.date(2035, 1, 1),
        datetime.date(2040, 1, 1),
    ),
    draws=2**14,
    figure="bought",
)

if __name__ == "__main__":
    from experiments.cli import run_script

    run_script(EXPERIMENT)
