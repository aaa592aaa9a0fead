"""The terminal: 80 columns, no colour where none is wanted, words that complete."""

import json
import os
import subprocess
import sys

import pytest
import typer
from command_line import called

from experiments.cli.program import COMMANDS, program

WIDTH = 80
COMMANDS_FIRST = next(iter(COMMANDS))
ESCAPE = "\x1b"


def every_command():
    """Words of each command and of each command below one."""
    shelf = typer.main.get_group(program("meekmc", None))
    ctx = shelf.make_context("meekmc", [COMMANDS_FIRST])
    for name in COMMANDS:
        below = getattr(shelf.get_command(ctx, name), "commands", {})
        yield (name,)
        yield from ((name, word) for word in below)


def completed(*words):
    """What bash would be offered for the last word."""
    told = {
        **os.environ,
        "_MEEKMC_COMPLETE": "complete_bash",
        "COMP_WORDS": " ".join(["meekmc", *words]),
        "COMP_CWORD": str(len(words)),
    }
    code = "from experiments.cli import main; main([])"
    done = subprocess.run(
        [sys.executable, "-c", code], env=told, capture_output=True, text=True
    )
    assert not done.stderr
    return done.stdout.split()


@pytest.mark.parametrize("words", [(), *every_command()], ids=" ".join)
def test_help_fits_the_terminal_and_names_every_option_in_words(words, monkeypatch):
    monkeypatch.setenv("NO_COLOR", "1")
    code, shown, _ = called(*words, "--help")
    assert code == 0
    assert ESCAPE not in shown
    assert max(map(len, shown.splitlines())) <= WIDTH
    assert "Show this message" in shown


@pytest.mark.parametrize(
    "words",
    [
        ("list",),
        ("actors",),
        ("paths",),
        ("priors", "list"),
        ("priors", "names"),
        ("priors", "show", "literature-2026"),
        ("evidence", "list"),
        ("classify", "log(log(C))"),
    ],
    ids=" ".join,
)
def test_tables_fit_the_terminal_and_are_also_json(words, monkeypatch):
    monkeypatch.setenv("NO_COLOR", "1")
    monkeypatch.setenv("FORCE_COLOR", "1")
    code, shown, _ = called(*words)
    assert code == 0
    assert ESCAPE not in shown
    assert max(map(len, shown.splitlines())) <= WIDTH
    code, shown, _ = called(*words, "--json")
    assert code == 0
    assert json.loads(shown)


@pytest.mark.parametrize(
    ("words", "offered"),
    [
        (("run", "lo"), ["loss-gap"]),
        (("run", "loss-gap", "--card", "meek"), ["meek-2025"]),
        (
            ("run", "loss-gap", "--path", "power_law+trend"),
            ["power_law+trend_break"],
        ),
        (("run", "loss-gap", "--actor", "1m"), ["1m-usd"]),
        (("run", "loss-gap", "--metric", "validation"), ["validation_loss"]),
        (("run", "loss-gap", "--set", "hardware_g"), ["hardware_growth="]),
        (("priors", "sh"), ["show"]),
        (("classify", "task_success_4m"), ["task_success_4min"]),
        (("run", "no-such"), []),
    ],
)
def test_a_shell_completes_what_the_program_knows(words, offered):
    assert completed(*words) == offered


def test_a_shell_is_offered_every_command():
    assert completed("") == list(COMMANDS)
