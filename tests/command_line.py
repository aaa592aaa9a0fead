"""The command line as a user calls it, in this process, on a terminal of 80 columns."""

import contextlib
import io

import pytest

from experiments.cli import main


def called(*args: object) -> tuple[int, str, str]:
    """Exit code and what was printed on both streams."""
    out, err = io.StringIO(), io.StringIO()
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("COLUMNS", "80")
        with (
            contextlib.redirect_stdout(out),
            contextlib.redirect_stderr(err),
            pytest.raises(SystemExit) as stop,
        ):
            main([str(arg) for arg in args])
    assert isinstance(stop.value.code, int)
    return stop.value.code, out.getvalue(), err.getvalue()
