"""Progress that the frontier keeps: a share of it, for some time, or until it leaks."""

import datetime

from mc.engine.experiment import Experiment
from mc.engine.scenario import Scenario

EXPERIMENT = Experiment(
    name="proprietary-progress",
    question="What if the frontier keeps part of its progress to itself?",
    assumptions=(
        "In the baseline all progress in algorithms and hardware spreads at once.",
        "Kept for ever, a share of each year's progress never reaches the meek actor.",
        "Late or leaking progress reaches it after a time that the card believes.",
    ),
    metrics=(
        "loss=validation_loss",
        "success_1_h=task_success:minutes=60",
        "time_horizon",
    ),
    scenarios=(
        Scenario(
            name="late",
            summary="algorithms spread 3 to 18 months late",
            path="+proprietary_progress:form=lag",
        ),
        Scenario(
            name="leaks",
            summary="a third of algorithms is secret and leaks in 0.5 to 3 years",
            path="+proprietary_progress:form=leak",
            changes=("proprietary_share=0.33",),
        ),
        *(
            Scenario(
                name=f"keeps_{percent}",
                summary=f"{percent} % of progress in algorithms is kept for ever",
                path="+proprietary_progress",
                changes=(
                    f"proprietary_share={percent / 100}",
                    "proprietary_hardware_share=0",
                ),
            )
            for percent in (10, 33, 67, 100)
        ),
        Scenario(
            name="keeps_chips",
            summary="33 % of progress in algorithms and in hardware is kept for ever",
            path="+proprietary_progress",
            changes=("proprietary_share=0.33", "proprietary_hardware_share=0.33"),
        ),
        Scenario(
            name="keeps_all",
            summary="no progress in algorithms or in hardware reaches the meek actor",
            path="+proprietary_progress",
            changes=("proprietary_share=1", "proprietary_hardware_share=1"),
        ),
    ),
    end=datetime.date(2045, 1, 1),
    at=(
        datetime.date(2030, 1, 1),
        datetime.date(2035, 1, 1),
        datetime.date(2040, 1, 1),
    ),
    draws=2**14,
    figure="ladder",
)

if __name__ == "__main__":
    from experiments.cli import run_script

    run_script(EXPERIMENT)
