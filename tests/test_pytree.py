"""Records of two classes are two structures, however alike their fields are."""

import dataclasses

import jax
import jax.numpy as jnp
import pytest
from metric_cases import Case, dtype

from mc.model.axes import Values
from mc.model.pytree import pytree


@pytree
@dataclasses.dataclass(frozen=True)
class First:
    value: Values
    name: str = dataclasses.field(default="a", metadata={"static": True})


@pytree
@dataclasses.dataclass(frozen=True)
class Second:
    value: Values
    name: str = dataclasses.field(default="a", metadata={"static": True})


def test_structures_of_two_classes_differ():
    ones = jnp.ones(2, dtype())
    first, second = First(ones), Second(ones)
    assert jax.tree.structure(first) != jax.tree.structure(second)
    assert jax.tree.structure(first) == jax.tree.structure(First(2 * ones))
    assert jax.tree.structure(first) != jax.tree.structure(First(ones, "b"))
    doubled = jax.tree.map(lambda x: 2 * x, First(ones, "b"))
    assert (doubled.value.tolist(), doubled.name) == ([2.0, 2.0], "b")
    ((path, _),) = jax.tree_util.tree_leaves_with_path(first)
    assert jax.tree_util.keystr(path) == ".value"


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("task_share:tasks=metr", "task_share:tasks=occupation"),
        ("time_horizon:gap=ratio", "time_horizon:gap=doublings"),
    ],
)
def test_metrics_of_like_fields_are_told_apart(one, other):
    records = [Case(text).record for text in (one, other)]
    structures = [jax.tree.structure(record) for record in records]
    assert structures[0] != structures[1]
