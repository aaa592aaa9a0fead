"""Two ways to read one benchmark: the share that is right, and the nines of it."""

import datetime

from mc.engine.experiment import Experiment

EXPERIMENT = Experiment(
    name="benchmarks",
    question="Does a fixed training budget catch up on benchmarks?",
    assumptions=(
        "Accuracy is logistic in log compute, or falls with the loss of every token.",
        "No question is wrong for ever: accuracy tends to 100 %.",
        "Nines of reliability are the same errors, counted by their logarithm.",
    ),
    metrics=(
        "MMLU=benchmark_logistic:instance=mmlu",
        "MMLU_nines=nines_of_reliability:of=logistic,instance=mmlu",
        "GPQA=benchmark_logistic:instance=gpqa",
        "GPQA_nines=nines_of_reliability:of=logistic,instance=gpqa",
        "long_answer=benchmark_gompertz",
        "answer_nines=nines_of_reliability",
    ),
    end=datetime.date(2045, 1, 1),
    draws=2**14,
    figure="pairs",
)

if __name__ == "__main__":
    from experiments.cli import run_script

    run_script(EXPERIMENT)
