"""The validation-loss gap of the 2025 paper, *Meek Models Shall Inherit the Earth*."""

import datetime

from mc.engine.experiment import Experiment

EXPERIMENT = Experiment(
    name="loss-gap",
    question="How far does a fixed training budget fall behind in validation loss?",
    assumptions=(
        "The actors share hardware and algorithms; only their spending differs.",
        "Reducible loss is a power of effective compute; both train compute-optimally.",
        "The irreducible loss is the same for both and cancels from the gap.",
    ),
    metrics=("validation_loss",),
    end=datetime.date(2050, 1, 1),
    at=tuple(datetime.date(year, 1, 1) for year in (2030, 2035, 2040, 2045)),
)

if __name__ == "__main__":
    from experiments.cli import run_script

    run_script(EXPERIMENT)
