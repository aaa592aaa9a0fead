"""Strict JAX for every test, in the precision that ``JAX_ENABLE_X64`` asks for."""

import os
from pathlib import Path

os.environ.setdefault("JAX_PLATFORMS", "cpu")
os.environ["JAX_NUM_CPU_DEVICES"] = "2"
os.environ.setdefault(
    "MEEKMC_CACHE", str(Path(__file__).parents[1] / ".pytest_cache" / "compiled")
)

import jax
import pytest

jax.config.update("jax_enable_x64", os.environ.get("JAX_ENABLE_X64", "0") == "1")
jax.config.update("jax_numpy_dtype_promotion", "strict")


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Slow are also the tests of a fixture that their file lists as slow."""
    for item in items:
        if isinstance(item, pytest.Function):
            slow = getattr(item.module, "SLOW_FIXTURES", ())
            if not set(slow).isdisjoint(item.fixturenames):
                item.add_marker("slow")


@pytest.fixture
def x64() -> bool:
    """Whether this run computes in float64."""
    return bool(jax.config.read("jax_enable_x64"))


@pytest.fixture(scope="session", autouse=True)
def compilations() -> None:
    """Compiled kernels are shared by the workers, and kept for the next run."""
    from mc.engine.compilations import keep_compilations

    keep_compilations()


@pytest.fixture(scope="module", autouse=True)
def few_mappings() -> None:
    """A worker runs many files, and its kernels would add up until it died."""
    from mc.engine.compilations import drop_compilations_if_many

    drop_compilations_if_many()
