"""Research that speeds itself up, for all or for the frontier alone: a scenario."""

import datetime

from mc.engine.experiment import Experiment
from mc.engine.scenario import Scenario

BRAKED, RUNAWAY = "research_feedback=-0.3", "research_feedback=0.1"
"""Below 0 each gain makes the next one harder to find; above 0, easier."""

EXPERIMENT = Experiment(
    name="automated-research",
    question="If AI research speeds itself up, who gains: the frontier or all?",
    assumptions=(
        "A scenario and not a belief: no data say how strongly research feeds back.",
        "Algorithms gain a million to a trillion times in all; then they stand still.",
        "It begins in 2027. Shared: both have every gain; secret: the frontier alone.",
    ),
    metrics=(
        "validation_loss",
        "success_1_week=task_success:minutes=2400",
        "capability_index",
    ),
    scenarios=(
        Scenario(
            name="shared",
            summary="research feeds back, gains get harder, all have them",
            path="+automated_research",
            changes=(BRAKED,),
        ),
        Scenario(
            name="secret",
            summary="the same, but only the frontier has the gains",
            path="+automated_research:who=frontier",
            changes=(BRAKED,),
        ),
        Scenario(
            name="shared_runaway",
            summary="gains get easier until the ceiling, all have them",
            path="+automated_research",
            changes=(RUNAWAY,),
        ),
        Scenario(
            name="secret_runaway",
            summary="the same, but only the frontier has the gains",
            path="+automated_research:who=frontier",
            changes=(RUNAWAY,),
        ),
    ),
    end=datetime.date(2045, 1, 1),
    draws=2**14,
    figure="sides",
)

if __name__ == "__main__":
    from experiments.cli import run_script

    run_script(EXPERIMENT)
