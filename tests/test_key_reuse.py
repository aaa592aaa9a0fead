"""No random key is used twice.

Draws are hashed from names and numbers and use no key. ``make test-long`` has JAX watch
the quick tests all the same (``JAX_DEBUG_KEY_REUSE=1``), in 1.4 times the time.
"""

import ast
from pathlib import Path

import jax
import pytest
from jax.errors import KeyReuseError

ROOMS = ("mc", "priors", "experiments")
KEYS = ("key", "PRNGKey", "split", "fold_in")
HANDED_OVER = ("mc/analysis/conditioning/chains.py",)
"""Where the one key goes to NumPyro, which splits it itself."""


def test_the_watch_sees_a_key_that_is_used_twice():
    key = jax.random.key(0)
    with jax.debug_key_reuse(True):  # noqa: FBT003
        jax.random.normal(key)
        with pytest.raises(KeyReuseError):
            jax.random.uniform(key)


def test_one_key_is_made_and_it_is_handed_over():
    house = Path(__file__).parents[1]
    found = [
        str(file.relative_to(house))
        for room in ROOMS
        for file in (house / room).rglob("*.py")
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8")))
        if isinstance(node, ast.Attribute)
        and node.attr in KEYS
        and ast.unparse(node.value) in ("jax.random", "random")
    ]
    assert tuple(found) == HANDED_OVER
