"""Nothing is used twice: what cards were read from, and what may be used on them."""

import datetime
from pathlib import Path

import pytest

import priors
from priors.cards import shipped
from priors.evidence.data_sets import (
    data_set,
    first_published,
    shipped_data_sets,
)
from priors.evidence.own import append
from priors.evidence.typed import horizon_row
from priors.faults import Refusal
from priors.overlaps import (
    WEAK_CARD,
    cited_data_sets,
    overlaps,
    refuse_overlaps,
    same_data,
)

TODAY = datetime.date(2026, 12, 1)
HORIZONS = [name for name in shipped_data_sets() if "metr" in data_set(name).families]
INDICES = [name for name in shipped_data_sets() if "eci" in data_set(name).families]
READ_FROM = {"horizon_at_anchor", "horizon_doubling_time", "horizon_ratio_50_80"}


@pytest.mark.parametrize("name", shipped())
def test_shipped_cards_cite_data_sets_that_there_are(name: str):
    card = priors.load(name)
    tables = card.tables["parameters"]
    for parameter, sets in cited_data_sets(card).items():
        for one in sets:
            # A month of publication stands as its last day.
            days = (first_published(one) - tables[parameter]["date"]).days
            assert days <= 31


def test_the_weak_card_was_read_from_no_horizon_index_or_lag():
    used = {*HORIZONS, *INDICES, "open-lags", "consumer-lags"}
    assert overlaps(priors.load(WEAK_CARD), used) == ()
    refuse_overlaps(priors.load(WEAK_CARD), used)


@pytest.mark.parametrize("used", HORIZONS)
def test_every_state_and_summary_of_a_series_is_the_same_data(used: str):
    found = [one for one in overlaps(priors.load(), [used]) if "metr" in one.cited]
    assert {one.parameter for one in found} >= READ_FROM
    assert {one.used for one in found} == {used}
    assert {one.cited for one in found} == {"metr-th1.1"}
    shared = {one.shared for one in found}
    theirs, ours = (
        {(row.observable.name, row.label) for row in data_set(name).rows}
        for name in (used, "metr-th1.1")
    )
    counted = None if data_set(used).is_summary else len(theirs & ours)
    assert shared == {counted}


def test_a_refusal_names_both_and_offers_the_weak_card():
    with pytest.raises(Refusal) as refusal:
        refuse_overlaps(priors.load(), ["metr-th1.1-2026-03", "eci-2026-04"])
    told = [str(fault) for fault in refusal.value.faults]
    words = "was read from metr-th1.1: with metr-th1.1-2026-03 46 rows in common"
    assert any(f"horizon_at_anchor {words}" in one for one in told)
    assert any("eci_per_oom was read from eci-2026-04" in one for one in told)
    assert all("before-metr" in one and "--evidence" in one for one in told)


def test_other_series_may_be_used():
    assert overlaps(priors.load(), ["chess", "consumer-lags"]) == ()
    assert not same_data(data_set("eci-2026-04"), data_set("metr-th1.1"))


def own_rows(file: Path, *models: str) -> str:
    rows = [
        horizon_row(
            model=model,
            date="2026-11-01",
            horizon="15h",
            source="https://metr.org",
            today=TODAY,
        )
        for model in models
    ]
    append(rows, file)
    return str(file)


def test_a_new_model_is_no_overlap_and_an_old_one_is(tmp_path: Path):
    new = own_rows(tmp_path / "new.csv", "Model of tomorrow")
    assert overlaps(priors.load(), [new], tmp_path) == ()
    old = own_rows(tmp_path / "old.csv", "Model of tomorrow", "gpt-5")
    found = overlaps(priors.load(), [old], tmp_path)
    assert {one.shared for one in found} == {1}


def test_unknown_ids_are_refused_where_they_stand(tmp_path: Path):
    with pytest.raises(Refusal, match=r"did you mean metr-th1\.1\?"):
        overlaps(priors.load(), ["metr-th11"], tmp_path)
    card = tmp_path / "mine.toml"
    card.write_text(
        'schema = 1\nname = "mine"\ndescription = "."\nreference_date = 2023-03-14\n'
        '[parameters.hardware_growth]\nunit = "x/yr"\npoint = 1.4\n'
        'evidence = ["metr-th2"]\n',
        encoding="utf-8",
    )
    with pytest.raises(Refusal) as refusal:
        overlaps(priors.load(card), ["metr-th1.1"], tmp_path)
    (fault,) = refusal.value.faults
    assert fault.file == str(card)
    assert fault.key == "parameters.hardware_growth.evidence"
    assert 'unknown data set "metr-th2"' in fault.message
