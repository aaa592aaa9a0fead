"""Which actor does more harm: how often a model errs, and what an error can do."""

import datetime

from mc.engine.experiment import Experiment

EXPERIMENT = Experiment(
    name="misalignment",
    question="Whose models do more harm, the frontier's or those of a fixed budget?",
    assumptions=(
        "Misaligned acts become rarer with compute; no data say how fast.",
        "Reading A: what one error can do grows with the calendar, alike for both.",
        "Reading B: what one error can do grows with the compute of who errs.",
    ),
    metrics=(
        "propensity=misalignment_frequency",
        "harm_in_time=expected_harm_time",
        "harm_by_compute=expected_harm_capability",
    ),
    end=datetime.date(2040, 1, 1),
    draws=2**14,
    figure="harm",
)

if __name__ == "__main__":
    from experiments.cli import run_script

    run_script(EXPERIMENT)
