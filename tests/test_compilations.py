import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import jax
import pytest

from mc.engine import compilations
from mc.engine.compilations import (
    VARIABLE,
    drop_compilations_if_many,
    keep_compilations,
    made_by_and_for,
)

FOLDER = "jax_compilation_cache_dir"
RUN = ("run", "loss-gap", "--draws", "1024", "--no-plots", "--today", "2026-11-30")


@pytest.fixture
def unset(monkeypatch: pytest.MonkeyPatch) -> Iterator[pytest.MonkeyPatch]:
    before = jax.config.values[FOLDER]
    jax.config.update(FOLDER, None)
    yield monkeypatch
    jax.config.update(FOLDER, before)


def kept() -> str | None:
    keep_compilations()
    return jax.config.values[FOLDER]


def test_it_is_off_where_that_is_asked(
    unset: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    unset.setenv("XDG_CACHE_HOME", str(tmp_path))
    unset.setenv(VARIABLE, "off")
    assert kept() is None
    assert list(tmp_path.iterdir()) == []


def test_the_folder_is_the_users_alone_and_names_processor_and_version(
    unset: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    unset.delenv(VARIABLE, raising=False)
    unset.setattr(compilations.sys, "platform", "linux")
    unset.setenv("XDG_CACHE_HOME", str(tmp_path))
    folder = Path(str(kept()))
    assert folder == tmp_path / "meekmc" / made_by_and_for()
    assert folder.stat().st_mode & 0o777 == 0o700
    unset.setattr(compilations, "_processor", lambda: "another")
    assert made_by_and_for() != folder.name


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux has the limit")
def test_kernels_are_dropped_when_there_are_too_many(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    traced = []

    @jax.jit
    def kernel(x: jax.Array) -> jax.Array:
        traced.append(x)
        return x + x

    kernel(jax.numpy.float32(1))
    monkeypatch.setattr(compilations, "MOST_MAPPINGS", 1.0)
    drop_compilations_if_many()
    kernel(jax.numpy.float32(2))
    assert len(traced) == 1
    monkeypatch.setattr(compilations, "MOST_MAPPINGS", 0.0)
    drop_compilations_if_many()
    assert kernel(jax.numpy.float32(3)) == 6
    assert len(traced) == 2


def test_a_folder_that_jax_was_told_stays(
    unset: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    jax.config.update(FOLDER, str(tmp_path))
    unset.setenv(VARIABLE, str(tmp_path / "other"))
    assert kept() == str(tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_cannot_be_made_is_not_used(
    unset: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "file").write_text("")
    unset.setenv(VARIABLE, str(tmp_path / "file"))
    assert kept() is None


def test_a_folder_where_others_write_is_not_used(
    unset: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    unset.setenv(VARIABLE, str(tmp_path))
    (tmp_path / made_by_and_for()).mkdir()
    (tmp_path / made_by_and_for()).chmod(0o777)
    assert kept() is None


def test_a_full_folder_is_emptied(unset: pytest.MonkeyPatch, tmp_path: Path) -> None:
    unset.setenv(VARIABLE, str(tmp_path))
    unset.setattr(compilations, "MOST_BYTES", 3)
    (tmp_path / made_by_and_for()).mkdir(mode=0o700)
    (tmp_path / made_by_and_for() / "old-cache").write_bytes(b"four")
    assert list(Path(str(kept())).iterdir()) == []


@pytest.mark.slow
def test_cold_warm_and_broken_runs_write_the_same_bytes_and_say_nothing(
    tmp_path: Path,
) -> None:
    told = {VARIABLE: str(tmp_path / "cache"), "COLUMNS": "80"}
    script = "from experiments.cli import main; main()"
    found = []
    for name in ("cold", "warm", "broken"):
        args = (*RUN, "--quiet", "--out", str(tmp_path / name))
        done = subprocess.run(
            [sys.executable, "-c", script, *args],
            check=True,
            capture_output=True,
            env=os.environ | told,
            text=True,
        )
        assert done.stderr == ""
        files = list((tmp_path / "cache" / made_by_and_for()).iterdir())
        found.append({file.name for file in files})
        for file in files if name == "warm" else ():
            file.write_bytes(file.read_bytes()[:100])
    assert found[0] == found[1] == found[2] != set()
    for name in ("summary.csv", "bands.csv", "results.nc"):
        cold = (tmp_path / "cold" / name).read_bytes()
        assert (tmp_path / "warm" / name).read_bytes() == cold
        assert (tmp_path / "broken" / name).read_bytes() == cold
