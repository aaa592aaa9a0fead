"""Takes the place of jaxtyping where it is not installed: annotations say no shape.

``benchmarks/gpu.sh`` puts it on the path of a machine that has JAX and little else.
Nothing is checked at run time there; the tests check with jaxtyping itself.
"""

from typing import Any

from jax import Array

__all__ = [
    "Array",
    "Bool",
    "Float",
    "Float32",
    "Int",
    "Int32",
    "Shaped",
    "UInt32",
]


class Shaped:
    """``Shaped[Array, "draws"]`` is ``Array``."""

    def __class_getitem__(cls, item: tuple[Any, str]) -> Any:
        """The array type alone."""
        return item[0]


class Bool(Shaped):
    """Of truth values."""


class Float(Shaped):
    """Of floats."""


class Float32(Shaped):
    """Of single precision."""


class Int(Shaped):
    """Of integers."""


class Int32(Shaped):
    """Of 32 bits."""


class UInt32(Shaped):
    """Of 32 bits, without sign."""
