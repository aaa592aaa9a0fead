"""What every draw of a plan says of the best models' horizon on chosen days."""

import datetime
from collections.abc import Callable, Sequence

import numpy as np
from jaxtyping import Float

from mc.engine.replay import Replay
from priors.units import years_since

METRIC = "time_horizon"
FRONTIER = "frontier"


def horizon_trends(
    replay: Replay,
    days: Sequence[datetime.date],
    num_draws: int,
    progress: Callable[[int], None] = lambda _: None,
) -> Float[np.ndarray, "days replicates points"]:
    """Ln minutes of the frontier's 50 % horizon, along the plan's path.

    Args:
        replay: Of a plan that follows ``time_horizon``.
        days: Not before the plan's epoch.
        num_draws: The first draws; whole points of every replicate.
        progress: Called with the number of further draws that are done.
    """
    plan, look = replay.plan, replay.look(METRIC)
    years = [years_since(plan.epoch, day) for day in days]
    where = replay.evaluator.frame.place.put(np.array(years))
    parts = []
    for first, count in replay.cut.chunks(num_draws):
        parameters, _ = replay.sampler.draw(first, count)
        draws = count * plan.replicates
        parts.append(look.curves(parameters, draws, where)[FRONTIER][:, :draws])
        progress(draws)
    found = np.concatenate(parts, axis=1).astype(np.float64)
    return found.reshape(len(days), -1, plan.replicates).swapaxes(1, 2)
