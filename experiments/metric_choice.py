"""The thesis of the 2026 paper, *Two AI Metrics Diverged*, on one page."""

from mc.engine.experiment import Experiment

EXPERIMENT = Experiment(
    name="metric-choice",
    question="On which metrics does a fixed training budget catch up?",
    assumptions=(
        "One path of compute for all metrics: only what is measured differs.",
        "Every metric is a curve of compute that goes on as it is believed to be.",
        "Each gap has a tolerance of its own, below which it is called closed.",
    ),
    metrics=(
        "loss=validation_loss",
        "GPQA=benchmark_logistic:instance=gpqa",
        "long_answer=benchmark_gompertz",
        "success_1_h=task_success:minutes=60",
        "METR_suite=task_share",
        "win_rate=win_rate_fixed_opponent:opponent=1000",
        "Elo_plateau=elo_inference",
        "pass_at_k",
        "100_steps=n_step_success:n=100",
        "misalignment=misalignment_frequency",
        "harm_in_time=expected_harm_time",
        "relative_loss",
        "ECI=capability_index",
        "answer_nines=nines_of_reliability",
        "time_horizon",
        "task_volume",
        "Elo=elo",
        "Elo_2_budgets=elo_two_budgets",
        "winners_prize=positional_reward",
        "log_log_compute",
    ),
    draws=2**12,
    figure="choice",
)

if __name__ == "__main__":
    from experiments.cli import run_script

    run_script(EXPERIMENT)
