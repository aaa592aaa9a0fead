import os
import signal
from pathlib import Path

import pytest

import mc.engine.run
from experiments.cli import main, refusals

LOSS = ("run", "loss-gap", "--draws", "1024", "--no-plots", "--quiet")


def ended(capsys: pytest.CaptureFixture, *args: str) -> tuple[int, str]:
    with pytest.raises(SystemExit) as stop:
        main(args)
    assert isinstance(stop.value.code, int)
    return stop.value.code, capsys.readouterr().err


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.mark.parametrize(
    ("error", "code", "said"),
    [
        (KeyboardInterrupt(), refusals.INTERRUPTED, "interrupted; nothing was written"),
        (MemoryError(), refusals.MACHINE, "not enough memory"),
        (OSError(28, "No space left on device"), refusals.MACHINE, "No space left"),
        (KeyError("x"), refusals.OURS, "please report"),
    ],
)
def test_what_ends_a_run_has_its_exit_code(
    here: Path,
    capsys: pytest.CaptureFixture,
    monkeypatch: pytest.MonkeyPatch,
    error: BaseException,
    code: int,
    said: str,
):
    def fail(*_: object, **__: object) -> None:
        raise error

    monkeypatch.setattr(mc.engine.run, "execute", fail)
    found, err = ended(capsys, *LOSS)
    assert found == code
    assert said in err
    assert "Traceback" not in err
    assert list(here.iterdir()) == []


def test_debug_shows_where_a_fault_comes_from(
    capsys: pytest.CaptureFixture, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(mc.engine.run, "execute", lambda *_, **__: 1 / 0)
    code, err = ended(capsys, *LOSS, "--debug")
    assert code == refusals.OURS
    assert "Traceback" in err
    assert "in test_debug" not in err.splitlines()[-1]


def test_a_terminated_run_leaves_nothing(
    here: Path, capsys: pytest.CaptureFixture, monkeypatch: pytest.MonkeyPatch
):
    def end(*_: object, **__: object) -> None:
        os.kill(os.getpid(), signal.SIGTERM)

    before = signal.getsignal(signal.SIGTERM)
    monkeypatch.setattr(mc.engine.run, "execute", end)
    code, err = ended(capsys, *LOSS)
    assert code == refusals.TERMINATED
    assert "terminated" in err
    assert signal.getsignal(signal.SIGTERM) is before
    assert list(here.iterdir()) == []


def test_an_invalid_draw_is_named_with_its_inputs_in_the_cards_units(
    here: Path, capsys: pytest.CaptureFixture
):
    code, err = ended(
        capsys,
        *("run", "metr-gaps", "--metric", "time_horizon", "--draws", "128"),
        *("--set", "algorithmic_growth=0.9 x/yr"),
        *("--set", "hardware_growth=0.9", "--set", "training_compute_growth=0.9"),
    )
    assert code == refusals.REFUSED
    assert "metric time_horizon is undefined at draw 0: " in err
    assert "hardware_growth = 0.9 x/yr" in err
    assert "anchor_date = 2025-02-24" in err
    assert list(here.iterdir()) == []
