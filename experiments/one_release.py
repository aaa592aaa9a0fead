"""One strong model: as a jump in compute, and as one more point on a trend.

As a jump it is the scenarios below. As evidence it moves what is believed of METR's
trend: ``--card before-opus-4.5`` and ``--card with-opus-4.5`` differ by one model.
"""

import datetime

from mc.engine.experiment import Experiment
from mc.engine.scenario import Scenario

JUMP = "trend_break_date=2027-07-01"

EXPERIMENT = Experiment(
    name="one-release",
    question="Does one strong model change who catches up?",
    assumptions=(
        "The model is worth 1.5 to 10 times the effective compute, on one day.",
        "Growth before and after that day is that of the baseline.",
        "One model is not a trend: no rate changes, in any scenario.",
    ),
    metrics=(
        "validation_loss",
        "success_1_week=task_success:minutes=2400",
        "capability_index",
    ),
    scenarios=(
        Scenario(
            name="frontier_jumps",
            summary="the frontier's model; nobody else can repeat it",
            path="+trend_break",
            changes=(JUMP,),
        ),
        Scenario(
            name="both_jump",
            summary="how it was made is known at once",
            path="+trend_break:who=both",
            changes=(JUMP,),
        ),
    ),
    end=datetime.date(2040, 1, 1),
    draws=2**14,
    figure="moves",
)

if __name__ == "__main__":
    from experiments.cli import run_script

    run_script(EXPERIMENT)
