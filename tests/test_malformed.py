"""Cards and command lines that are wrong in every way are refused in words."""

import tomllib
from pathlib import Path

import malformed
import pytest
from command_line import called
from malformed import EVERY, NOWHERE, SOMEWHERE, TABLE
from tiers import tiered

from priors import cards
from priors.faults import Refusal

TABLES = tomllib.loads(EVERY)
OPEN = ("0.05", "0.5", "0.95")
"""Keys that the user makes up: levels."""
WRONG = [
    (malformed.with_value(TABLES, path, value), path)
    for path in malformed.values(TABLES)
    for value in NOWHERE
] + [
    (malformed.with_name(TABLES, path, slip), (*path[:-1], slip))
    for path in malformed.keys(TABLES)
    if path[-1] not in OPEN and path != ("dependence", "spearman")
    for slip in malformed.slips(str(path[-1]))
]
PERHAPS = [
    malformed.with_value(TABLES, path, value)
    for path in malformed.values(TABLES)
    for value in SOMEWHERE
] + [
    text
    for path in malformed.keys(TABLES)
    for text in (
        malformed.without(TABLES, path),
        malformed.with_name(TABLES, path, ""),
        malformed.with_name(TABLES, path, "0.5"),
    )
]


@pytest.fixture(scope="module")
def card(tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("cards")
    (folder / "fit.csv").write_text(TABLE)
    return folder / "card.toml"


def loaded(card: Path, text: str) -> Refusal | None:
    card.write_text(text)
    try:
        cards.load(card)
    except Refusal as refusal:
        return refusal
    return None


def test_the_card_itself_is_right(card):
    assert loaded(card, EVERY) is None
    assert loaded(card, malformed.with_value(TABLES, ("name",), '"other"')) is None


def test_there_are_over_a_thousand_wrong_cards():
    assert len({text for text, _ in WRONG}) > 1_000


def check_refused(card: Path, wrong) -> None:
    """Refused with the file, a line of it, and the key that is wrong."""
    for text, path in wrong:
        refusal = loaded(card, text)
        assert refusal is not None, (path, text)
        named = [part for part in path if isinstance(part, str)]
        said = str(refusal)
        assert all(fault.file == str(card) for fault in refusal.faults), said
        lines = [fault.line for fault in refusal.faults]
        assert all(n is None or 1 <= n <= text.count("\n") for n in lines), said
        assert any(part in said for part in named[-2:]), (path, said)


def test_every_fifth_wrong_card_is_refused_by_file_line_and_key(card):
    check_refused(card, WRONG[::5])


@pytest.mark.slow
def test_every_wrong_card_is_refused_by_file_line_and_key(card):
    check_refused(card, WRONG)


@pytest.mark.slow
def test_a_card_that_may_be_right_is_read_or_refused_in_words(card):
    refusals = [loaded(card, text) for text in PERHAPS]
    assert 0 < sum(refusal is None for refusal in refusals) < len(PERHAPS) / 4
    for refusal in refusals:
        if refusal is not None:
            assert all(fault.file == str(card) for fault in refusal.faults)


@pytest.mark.parametrize("slip", ["pearman", "spearmans", "psearman"])
def test_a_slip_in_dependence_is_refused(card, slip):
    refusal = loaded(card, EVERY.replace("\nspearman", f"\n{slip}"))
    assert "did you mean spearman?" in str(refusal)


def test_a_wrong_card_on_the_command_line_ends_with_2_and_writes_nothing(
    card, monkeypatch, tmp_path
):
    monkeypatch.chdir(tmp_path)
    for text, _ in WRONG[::97]:
        card.write_text(text)
        for command in (["priors", "check", card], ["run", "loss-gap", "--card", card]):
            code, out, err = called(*command)
            assert (code, out) == (2, ""), err
            assert all(
                line.startswith("meekmc: error: ") for line in err.splitlines()
            ), err
            assert "Traceback" not in err
    assert not list(tmp_path.iterdir())


VALUED = (
    *("--card", "--set", "--path", "--actor", "--scenario", "--metric", "--level"),
    *("--budgets", "--fade", "--draws", "--precision", "--replicates", "--seed"),
    *("--design", "--start", "--end", "--events-until", "--today", "--tolerance"),
    *("--device",),
)
NONSENSE = (
    *("", " ", "=", "a=", "=1", "a=b=c", "..", "../x", "/dev/null", "%s", "{}"),
    *("nan", "1e400", "2024-02-30", "9" * 400, "\u202e", "é\ud83d", "a\nb", "--", "[]"),
)


@pytest.mark.parametrize("text", tiered(NONSENSE, ["", "a=b=c", "a\nb"]))
def test_nonsense_after_any_option_is_refused_in_words(text, monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    for option in VALUED:
        short = [] if option == "--card" else ["--card", "meek-2025"]
        code, out, err = called("run", "loss-gap", *short, option, text)
        assert (code, out) == (2, ""), (option, text, err)
        for line in err.splitlines():
            assert line.startswith("meekmc: error: "), (option, text)
    assert not list(tmp_path.iterdir())
