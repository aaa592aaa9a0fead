"""How many draws one launch holds: fewer once a device's memory has run out."""

from collections.abc import Callable
from typing import TypeVar

from jax.errors import JaxRuntimeError

OUT_OF_MEMORY = "RESOURCE_EXHAUSTED"
LEAST_DRAWS = 2**8
"""Below this a device lacks the memory for anything else too."""

Result = TypeVar("Result")


class Tile:
    """Draws of one launch on one device; changes no digit of a result.

    Args:
        draws: A power of two, at first.

    Attributes:
        draws: What a launch holds from now on.
    """

    def __init__(self, draws: int) -> None:
        self.draws = draws

    def fitted(self, work: Callable[[], Result]) -> Result:
        """What ``work`` returns; out of memory halves the tile and does it again.

        Args:
            work: Pure, and done when it returns.

        Raises:
            jax.errors.JaxRuntimeError: If the smallest tile does not fit, or for
                another reason.
        """
        while True:
            tried = self.draws
            try:
                return work()
            except JaxRuntimeError as error:
                if OUT_OF_MEMORY not in str(error) or tried // 2 < LEAST_DRAWS:
                    raise
            # Two jobs of one device may fail together: only the first one halves.
            self.draws = min(self.draws, tried // 2)
