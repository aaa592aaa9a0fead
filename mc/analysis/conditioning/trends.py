"""What every draw of a plan says of the best models' horizon on chosen days."""

import datetime
from collections.abc import Callable, Sequence

import numpy as np
from jaxtyping import Float

from mc.analysis.conditioning.likelihood import Wanted
from mc.analysis.conditioning.outlook import said
from mc.engine.replay import Replay

METRIC = "time_horizon"


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
    return said(replay, (Wanted(name=METRIC, days=tuple(days)),), num_draws, progress)
