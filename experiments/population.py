"""Many budgets at once: who keeps up with the frontier, and how unequal they are."""

import datetime

from mc.engine.experiment import Experiment

EXPERIMENT = Experiment(
    name="population",
    question="How many budgets keep up with the frontier, and how unequal are they?",
    assumptions=(
        "25 actors, from a thousand to a billion dollars a run in equal ratios.",
        "Every budget is constant; the frontier's grows and is not one of them.",
        "An actor keeps up while its gap is within the metric's tolerance.",
    ),
    metrics=("validation_loss", "task_success_1h", "time_horizon"),
    budgets=tuple(10.0 ** (3 + step / 4) for step in range(25)),
    end=datetime.date(2045, 1, 1),
    figure="population",
)

if __name__ == "__main__":
    from experiments.cli import run_script

    run_script(EXPERIMENT)
