"""What a lead is worth and what it costs, where gaps close and where they grow."""

import datetime

from mc.engine.experiment import Experiment

EXPERIMENT = Experiment(
    name="returns",
    question="What is a lead worth, on a meek metric and on a mighty one?",
    assumptions=(
        "A lead is worth the area under its gap, discounted to the reference date.",
        "It costs what the frontier spends on training beyond the meek actor.",
        "At the start a lead in effective compute is one in spending alone.",
    ),
    metrics=("validation_loss", "task_success_1h", "time_horizon"),
    returns=True,
    at=tuple(datetime.date(year, 1, 1) for year in range(2024, 2041)),
    figure="returns",
)

if __name__ == "__main__":
    from experiments.cli import run_script

    run_script(EXPERIMENT)
