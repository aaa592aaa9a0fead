"""The gaps of the 2026 paper's Figure 2: METR time horizon and success on tasks."""

from mc.engine.experiment import Experiment

EXPERIMENT = Experiment(
    name="metr-gaps",
    question="How far does a fixed training budget fall behind on METR's tasks?",
    assumptions=(
        "The actors share hardware and algorithms; only their spending differs.",
        "The 50 % horizon follows effective compute: METR's trend, kinked or straight.",
        "Success is logistic in the log of the horizon, with one slope for all models.",
        "Progress at fixed compute, taken at its word, has a faster meek clock and "
        "smaller gaps: --card fixed-compute-2026.",
    ),
    metrics=("time_horizon", "task_success_4min", "task_success_1h", "task_success_4h"),
)

if __name__ == "__main__":
    from experiments.cli import run_script

    run_script(EXPERIMENT)
