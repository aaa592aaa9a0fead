"""Compute grows more slowly: for both actors, or for the frontier alone."""

import datetime

from mc.engine.experiment import Experiment
from mc.engine.scenario import Scenario

EXPERIMENT = Experiment(
    name="compute-slowdown",
    question="Does slower compute help an actor with a fixed training budget?",
    assumptions=(
        "Compute brings algorithms: where the frontier's compute slows, so do they, in "
        "proportion, and the meek actor gets fewer (Whitfill et al.).",
        "Where only spending slows, hardware and algorithms go on for both.",
        "Every draw keeps how its metrics depend on compute.",
    ),
    metrics=(
        "loss=validation_loss",
        "success_1_h=task_success:minutes=60",
        "time_horizon",
    ),
    scenarios=(
        Scenario(
            name="compute_slows",
            summary="the frontier's compute grows 1.7 times a year from 2027",
            path="compute_slowdown:feedback=implied",
            changes=(
                "compute_slowdown_date=2027-01-01",
                "late_training_compute_growth=1.7 x/yr",
            ),
        ),
        Scenario(
            name="spending_slows",
            summary="the frontier's spending slows in 2027, to each draw's late growth",
            path="investment_slowdown",
            changes=("investment_slowdown_date=2027-01-01",),
        ),
        Scenario(
            name="spending_ends",
            summary="the frontier's spending stops growing in 2027",
            path="investment_slowdown:form=ends",
            changes=("investment_slowdown_date=2027-01-01",),
        ),
        Scenario(
            name="spending_halved",
            summary="the frontier's spending has grown half as fast since 2023",
            changes=("investment_growth*=0.5",),
        ),
    ),
    end=datetime.date(2045, 1, 1),
    at=(
        datetime.date(2030, 1, 1),
        datetime.date(2035, 1, 1),
        datetime.date(2040, 1, 1),
    ),
    draws=2**14,
    figure="sides",
)

if __name__ == "__main__":
    from experiments.cli import run_script

    run_script(EXPERIMENT)
