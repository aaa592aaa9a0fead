"""Who wins: against an opponent who stays, on a scale without end, one another."""

import datetime

from mc.engine.experiment import Experiment

EXPERIMENT = Experiment(
    name="games",
    question="Does a fixed training budget catch up at games?",
    assumptions=(
        "Elo is linear in log training compute, and no game is ever played perfectly.",
        "Win rates follow Elo: 400 points are odds of ten to one.",
        "The fixed opponents do not learn: one equals the meek actor at the start, "
        "one is 2,000 Elo stronger.",
    ),
    metrics=(
        "wins_vs_equal=win_rate_fixed_opponent",
        "Elo=elo",
        "wins_vs_2000=win_rate_fixed_opponent:opponent=2000",
        "head_to_head=head_to_head_win_rate",
    ),
    end=datetime.date(2040, 1, 1),
    draws=2**14,
    figure="pairs",
)

if __name__ == "__main__":
    from experiments.cli import run_script

    run_script(EXPERIMENT)
