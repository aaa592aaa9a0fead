"""Records that JAX takes apart: frozen dataclasses of a structure of their own."""

import dataclasses
from typing import Any, TypeVar

import jax

Record = TypeVar("Record")
Children = tuple[Any, ...]


def pytree(cls: type[Record]) -> type[Record]:
    """Register a frozen dataclass; a field with ``static`` metadata is no data.

    ``jax.tree_util.register_dataclass`` does the same, but jaxlib 0.10.1 takes the
    structures of two such classes with fields alike for equal. Only their hashes tell
    them apart, so that now and then one metric's kernel served another.
    """
    fields = dataclasses.fields(cls)  # pyright: ignore[reportArgumentType]
    data = tuple(f.name for f in fields if not f.metadata.get("static"))
    static = tuple(f.name for f in fields if f.metadata.get("static"))
    keys = tuple(jax.tree_util.GetAttrKey(name) for name in data)

    def flatten(record: Any) -> tuple[Children, Children]:
        return _of(record, data), _of(record, static)

    def flatten_with_keys(record: Any) -> tuple[Children, Children]:
        children, rest = flatten(record)
        return tuple(zip(keys, children, strict=True)), rest

    def unflatten(rest: Children, children: Any) -> Any:
        values = zip((*data, *static), (*children, *rest), strict=True)
        return cls(**dict(values))

    jax.tree_util.register_pytree_with_keys(
        cls, flatten_with_keys, unflatten, flatten_func=flatten
    )
    return cls


def _of(record: Any, names: tuple[str, ...]) -> Children:
    return tuple(getattr(record, name) for name in names)
