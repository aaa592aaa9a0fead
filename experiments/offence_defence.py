"""An attacker and a defender with unlike budgets: which measure decides who is safe.

A target that stays as it is saturates: in the end any budget suffices to take it, or
to guard against the same attack. A contest in which each side meets the other's best,
and the longest operation that either can carry out, do not.
"""

import datetime

from mc.engine.experiment import Experiment

EXPERIMENT = Experiment(
    name="offence-defence",
    question="Attack or defence on a small budget: does the richer side's edge last?",
    assumptions=(
        "Both sides use one capability; only what they spend on training differs.",
        "Taking a fixed target is a task of four hours; a target may also be guarded "
        "better every day, and then each attack is a match of both sides.",
        "Matches go by Elo in compute, as in board games: no data are of attacks.",
    ),
    metrics=(
        "fixed_target=task_success:minutes=240",
        "guarded_target=head_to_head_win_rate",
        "longest_operation=time_horizon",
    ),
    levels=("fixed_target=0.5", "fixed_target=0.95"),
    end=datetime.date(2040, 1, 1),
    draws=2**14,
    figure="offence",
)

if __name__ == "__main__":
    from experiments.cli import run_script

    run_script(EXPERIMENT)
