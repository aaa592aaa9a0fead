"""TOML text: what is written is read back as it was."""

import datetime
import tomllib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from priors.toml_text import card_text, parameter_text, table_text

SCALARS = st.one_of(
    st.text(st.characters(exclude_categories=["Cs"])),
    st.booleans(),
    st.integers(-(2**53), 2**53),
    st.floats(allow_nan=False, allow_infinity=False),
    st.dates(datetime.date(1, 1, 1)),
)
KEYS = st.text(st.characters(exclude_categories=["Cs"]), min_size=1)
VALUES = st.recursive(
    SCALARS, lambda inner: st.lists(inner) | st.dictionaries(KEYS, inner), max_leaves=8
)


@settings(max_examples=60, deadline=None, derandomize=True)
@given(st.dictionaries(KEYS, VALUES))
def test_a_table_is_read_back_as_it_was(table):
    assert tomllib.loads(table_text("it", table)) == {"it": table}


def test_a_card_is_read_back_as_it_was():
    tables = {
        "components": {"expert": {"weights": {"a": 0.5, "b": 0.5}}},
        "parameters": {
            "benchmark_floor[mmlu]": {"unit": "share", "point": 0.25},
            "hardware_growth": {"by": "expert", "a": {"point": 1.4}},
        },
        "dependence": {"spearman": [["a", "b", 0.3], ["a", "c", -0.1]]},
    }
    head = {"schema": 1, "name": "mine", "reference_date": datetime.date(2023, 3, 14)}
    assert tomllib.loads(card_text(head, tables)) == head | tables
    bare = card_text(head, {"parameters": {}, "dependence": {"spearman": []}})
    assert tomllib.loads(bare) == head


def test_an_instance_is_quoted():
    assert parameter_text("a[b.c]", {"point": 1}).startswith('[parameters."a[b.c]"]')


@pytest.mark.parametrize("value", [float("nan"), float("inf"), None, b"x"])
def test_what_no_card_can_hold_is_refused(value):
    with pytest.raises((ValueError, TypeError)):
        table_text("it", {"key": value})
