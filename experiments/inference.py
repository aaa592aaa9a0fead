"""Budgets spent on answering: many tries, a plateau, and training beside inference."""

import datetime

from mc.engine.experiment import Experiment

EXPERIMENT = Experiment(
    name="inference",
    question="Does a fixed budget catch up where answers are bought by inference?",
    assumptions=(
        "The frontier's spending on inference grows; the meek actor's does not.",
        "With inference alone, both actors run one model: Elo levels off at a plateau.",
        "With two budgets, training and inference compute stand for each other at a "
        "constant rate.",
    ),
    metrics=(
        "pass_at_k",
        "pass_at_k_nines",
        "Elo_plateau=elo_inference",
        "Elo_2_budgets=elo_two_budgets",
        "pass_2_budgets=pass_at_k_two_budgets",
        "task_volume",
    ),
    end=datetime.date(2040, 1, 1),
    draws=2**14,
    figure="pairs",
)

if __name__ == "__main__":
    from experiments.cli import run_script

    run_script(EXPERIMENT)
