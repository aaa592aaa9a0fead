"""Shapes of arrays in annotations: jaxtyping's where annotations are checked.

What checks them has imported jaxtyping before it imports us. Elsewhere nothing reads
them, and importing it would take longer than a light command does.
"""

import sys
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING or "jaxtyping" in sys.modules:
    from jaxtyping import Bool, Float, Int, UInt32
else:

    class Unchecked:
        """An array of whatever shape: ``Float[np.ndarray, "draws"]`` is an array."""

        def __class_getitem__(cls, item: tuple[Any, str]) -> Any:
            """Return the type of the array."""
            return item[0]

    Bool = Float = Int = UInt32 = Unchecked

__all__ = ["Bool", "Float", "Int", "UInt32"]
