def test_x(tmp_path):
    import pytest

    import experiments.cli as c

    with pytest.raises(SystemExit) as s:
        c.main(
            (
                "run",
                "metr-gaps",
                "--draws",
                "1000",
                "--no-plots",
                "--out",
                str(tmp_path / "a"),
                "--today",
                "2026-11-24",
                "--debug",
            )
        )
    assert s.value.code == 0
