"""The opening case of the 2026 paper: one capability, two ways to put it to work."""

import datetime

from mc.engine.experiment import Experiment

EXPERIMENT = Experiment(
    name="two-engineers",
    question="Checked at intervals or left alone: who notices a fixed budget?",
    assumptions=(
        "The first engineer checks at an interval: success at that length counts.",
        "The second hands over the longest task he can: the time horizon counts.",
        "Both rest on METR's trend, extended, and one slope of success for all models.",
    ),
    metrics=(
        "success_15_min=task_success:minutes=15",
        "time_horizon",
        "success_1_h=task_success:minutes=60",
        "time_horizon:reliability=80",
        "success_8_h=task_success:minutes=480",
        "doublings_ahead=time_horizon:gap=doublings",
    ),
    end=datetime.date(2040, 1, 1),
    draws=2**14,
    figure="pairs",
)

if __name__ == "__main__":
    from experiments.cli import run_script

    run_script(EXPERIMENT)
