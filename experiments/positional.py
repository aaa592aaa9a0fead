"""A reward for being ahead, beside the skill it rests on."""

from mc.engine.experiment import Experiment

EXPERIMENT = Experiment(
    name="positional",
    question="What does a fixed budget win where only the better one is paid?",
    assumptions=(
        "One skill, read twice: as a win rate, which is bounded, and as Elo.",
        "The expected reward pays by the win rate between the two actors.",
        "Winner takes all pays the whole prize for any lead, however small.",
    ),
    metrics=(
        "win_rate=win_rate_fixed_opponent:opponent=1000",
        "expected_reward=positional_reward:form=expected",
        "Elo=elo",
        "winner_takes_all=positional_reward",
    ),
    draws=2**14,
    figure="pairs",
)

if __name__ == "__main__":
    from experiments.cli import run_script

    run_script(EXPERIMENT)
