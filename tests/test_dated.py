"""Cards as of a day: late beliefs give way to earlier ones, or are refused."""

import datetime
from pathlib import Path

import pytest

import priors
from priors.cards import shipped
from priors.faults import Refusal

HEAD = 'schema = 1\nname = "{}"\ndescription = "."\n'
FIRST = HEAD.format("first") + "reference_date = 2023-03-14\n"
DAY = datetime.date(2025, 6, 1)


def belief(name: str, point: float, date: str | None, more: str = "") -> str:
    dated = f"date = {date}\n" if date else ""
    return f'[parameters.{name}]\nunit = "x/yr"\npoint = {point}\n{dated}{more}'


@pytest.fixture
def chain(tmp_path: Path):
    def write(first: str, second: str = "") -> str:
        (tmp_path / "first.toml").write_text(FIRST + first, encoding="utf-8")
        head = HEAD.format("second") + 'extends = "first.toml"\n'
        (tmp_path / "second.toml").write_text(head + second, encoding="utf-8")
        return str(tmp_path / "second.toml")

    return write


def points(card: str, day: datetime.date | None = DAY, *overrides: str):
    tables = priors.load(card, overrides, as_of=day).tables["parameters"]
    return {name: table["point"] for name, table in tables.items()}


def test_without_a_day_and_on_a_late_one_nothing_changes(chain):
    card = chain(belief("hardware_growth", 1.4, "2025-06-01"))
    assert points(card, None) == points(card) == {"hardware_growth": 1.4}
    for name in shipped():
        late = priors.load(name, as_of=datetime.date(2026, 12, 1))
        assert late.sha256 == priors.load(name).sha256


def test_a_late_belief_gives_way_to_the_earlier_one(chain):
    card = chain(
        belief("hardware_growth", 1.4, "2022-06-01"),
        belief("hardware_growth", 1.5, "2025-06-02"),
    )
    assert points(card, None) == {"hardware_growth": 1.5}
    assert points(card) == {"hardware_growth": 1.4}


def test_an_early_belief_stands_over_a_late_one(chain):
    card = chain(
        belief("hardware_growth", 1.4, "2026-06-01"),
        belief("hardware_growth", 1.5, "2022-06-02"),
    )
    assert points(card) == {"hardware_growth": 1.5}


def test_a_late_belief_gives_way_to_an_earlier_one_that_says_the_same(chain):
    card = chain(
        belief("training_compute_growth", 4.6, "2022-06-01"),
        belief("investment_growth", 3.0, "2026-06-01"),
    )
    assert points(card) == {"training_compute_growth": 4.6}


def test_what_is_left_without_a_source_is_refused_all_at_once(chain):
    card = chain(
        belief("hardware_growth", 1.4, "2026-06-01"),
        belief("algorithmic_growth", 2.7, None)
        + belief("training_compute_growth", 4.6, "2022-02-11"),
    )
    with pytest.raises(Refusal) as refusal:
        points(card)
    first, second = list(refusal.value.faults)
    assert "published on 2026-06-01, after 2025-06-01" in first.message
    assert (first.key, first.line) == ("parameters.hardware_growth", 5)
    assert str(first.file).endswith("first.toml")
    assert "has no date of its source" in second.message
    assert str(second.file).endswith("second.toml")


def test_what_is_set_needs_no_source(chain):
    card = chain(belief("hardware_growth", 1.4, "2026-06-01"))
    assert points(card, DAY, "hardware_growth=1.3 x/yr") == {"hardware_growth": 1.3}


def test_data_published_later_make_a_belief_late(chain):
    """A source that says it is early cannot have read what came after it."""
    cites = 'evidence = ["inference-prices"]\n'
    card = chain(belief("hardware_growth", 1.4, "2025-01-01", cites))
    assert points(card) == {"hardware_growth": 1.4}
    words = "its data, inference-prices, were published from 2025-03-31 on"
    with pytest.raises(Refusal, match=words):
        points(card, datetime.date(2025, 3, 1))


def test_the_default_card_was_not_known_in_2025():
    with pytest.raises(Refusal) as refusal:
        priors.load(as_of=datetime.date(2025, 10, 1))
    lost = {fault.key for fault in refusal.value.faults}
    assert "parameters.horizon_doubling_time" in lost
    assert "parameters.hardware_growth" not in lost
