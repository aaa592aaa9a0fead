"""Lines of keys, and files that are no TOML."""

import os
import tomllib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from priors.document import outline_of, read_document
from priors.faults import Refusal

TEXT = '''schema = 1  # [not.a.header]
[parameters.x]
interval = [
  1.25,
  1.57,
]
mixture = [
  { weight = 0.3, point = 1 },
  { weight = 0.7, interval = [1, 2], mass = 0.9 },
]
quantiles = { "0.05" = 1, "0.5" = 2 }
note = """
[parameters.fake]
= not a key
"""
a.b = 3
[[rows]]
k = 1
[rows.sub]
[[rows]]
k = 2
[rows.sub]
'''
LINES = {
    "schema": 1,
    "parameters.x": 2,
    "parameters.x.interval": 3,
    "parameters.x.interval[0]": 4,
    "parameters.x.interval[1]": 5,
    "parameters.x.mixture[0].point": 8,
    "parameters.x.mixture[1].mass": 9,
    "parameters.x.quantiles.0.05": 11,
    "parameters.x.note": 12,
    "parameters.x.a.b": 16,
    "rows[0].k": 18,
    "rows[1].k": 21,
    "rows[1].sub": 22,
}


def refusal(path) -> str:
    with pytest.raises(Refusal) as caught:
        read_document(path)
    return str(caught.value)


def test_every_key_has_its_line():
    outline = outline_of(TEXT)
    assert {key: outline.lines.get(key) for key in LINES} == LINES
    assert "parameters.fake" not in outline.lines
    assert outline.twice == ()


def test_a_fault_falls_back_to_the_nearest_key_that_is_written(tmp_path):
    path = tmp_path / "card.toml"
    path.write_text(TEXT)
    document = read_document(path)
    assert document.fault("", "parameters.x.mixture[1].sd").line == 9
    assert document.fault("", "parameters.x.quantiles.0.05").line == 11
    assert document.fault("", "parameters.y.point").line is None
    assert str(document.fault("m", "schema")) == f"{path}:1: schema: m"


@given(st.text(alphabet="ab.=\"'[]{},#\n 1\\", max_size=60))
def test_scanning_never_fails_and_finds_every_top_level_key(text):
    outline = outline_of(text)
    try:
        tables = tomllib.loads(text)
    except (ValueError, RecursionError):
        return
    if not {'"', "'"} & set(text):
        assert outline.twice == ()
    plain = {key for key in tables if key.isalnum()}
    found = {key.split(".")[0].split("[")[0] for key in outline.lines}
    assert plain <= found


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("a = 1\nb = 2\na = 3\n", "card.toml:3: a: given twice (lines 1 and 3)"),
        ("[t]\nk = 1\n[u]\n[t]\n", "card.toml:4: t: given twice (lines 1 and 4)"),
        ("x = { a = 1, a = 2 }", "card.toml:1: x.a: given twice"),
        ("a = 1\nb = \n", "card.toml:2: not TOML: Invalid value"),
        ("", "the file is empty"),
        ("# only a comment\n", "the file is empty"),
        ("a = " + "[" * 100_000, "nested deeper than 32 levels"),
        ("a = " + "{a=" * 100 + "1" + "}" * 100, "nested deeper than 32 levels"),
        (".".join("a" * 100) + " = 1", "nested deeper than 32 levels"),
    ],
)
def test_texts_that_are_no_card_are_refused(tmp_path, text, message):
    path = tmp_path / "card.toml"
    path.write_text(text)
    assert message in refusal(path)


def test_thirty_two_levels_are_read(tmp_path):
    path = tmp_path / "card.toml"
    path.write_text("a = " + "[" * 31 + "]" * 31)
    assert read_document(path).outline.depth <= 32


def test_files_that_are_no_text_are_refused(tmp_path):
    path = tmp_path / "card.toml"
    path.write_bytes(b"a = 1\n\xff")
    assert "is not UTF-8 text (byte 0xff at offset 6)" in refusal(path)
    assert "is a directory" in refusal(tmp_path)
    assert "there is no such file" in refusal(tmp_path / "none.toml")
    os.mkfifo(tmp_path / "pipe.toml")
    assert "is not a regular file" in refusal(tmp_path / "pipe.toml")
    path.write_bytes(b"#" * (2**20 + 1))
    assert "has 1,048,577 bytes; a card has at most 1,048,576" in refusal(path)


def test_a_byte_order_mark_and_windows_line_ends_are_accepted(tmp_path):
    path = tmp_path / "card.toml"
    path.write_bytes(b"\xef\xbb\xbfa = 1\r\nb = 2\r\n")
    document = read_document(path)
    assert document.tables == {"a": 1, "b": 2}
    assert document.outline.lines["b"] == 2
