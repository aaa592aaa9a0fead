"""The special functions of SciPy, imported when one is first asked for.

Beliefs that only have to be read, or refused, need none of them.
"""

from typing import Any


def __getattr__(name: str) -> Any:
    """Return a function of ``scipy.special``."""
    from scipy import special

    return getattr(special, name)
