"""When a capability that only the frontier has comes within a fixed budget's reach."""

import datetime

from mc.engine.experiment import Experiment

EXPERIMENT = Experiment(
    name="thresholds",
    question="How long after the frontier does a fixed budget come to a level?",
    assumptions=(
        "Levels are 50 % time horizons: a working day, week, month and year.",
        "Every budget is constant and trains with the algorithms and hardware of all.",
        "Above 16 hours no suite measures a horizon: what is there is extrapolated.",
    ),
    metrics=("time_horizon",),
    levels=tuple(f"time_horizon={hours}" for hours in (8, 40, 167, 2000)),
    budgets=tuple(10.0 ** (3 + step / 4) for step in range(25)),
    end=datetime.date(2045, 1, 1),
    figure="thresholds",
)

if __name__ == "__main__":
    from experiments.cli import run_script

    run_script(EXPERIMENT)
