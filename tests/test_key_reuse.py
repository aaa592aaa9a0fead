"""No random key is used twice: ``conftest`` has JAX watch every test for it."""

import ast
from pathlib import Path

import jax
import pytest
from jax.errors import KeyReuseError

ROOMS = ("mc", "priors", "experiments")
BLIND = ("PRNGKey", "threefry_2x32")
"""Calls whose keys JAX cannot watch, because they are plain arrays."""
HANDED_OVER = ("mc/analysis/conditioning/chains.py",)
"""Where the one key goes to NumPyro, which splits it itself."""


def test_the_watch_sees_a_key_that_is_used_twice():
    key = jax.random.key(0)
    jax.random.normal(key)
    with pytest.raises(KeyReuseError):
        jax.random.uniform(key)


def test_no_key_is_one_that_cannot_be_watched():
    house = Path(__file__).parents[1]
    found = [
        str(file.relative_to(house))
        for room in ROOMS
        for file in (house / room).rglob("*.py")
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8")))
        if isinstance(node, ast.Attribute) and node.attr in BLIND
    ]
    assert tuple(found) == HANDED_OVER
