"""A refusal names the place, the key and the nearest name."""

import pickle
import re
from pathlib import Path

from priors.faults import Fault, Refusal, nearest


def test_a_fault_reads_file_line_key_message():
    fault = Fault("is wrong", file="a.toml", line=3, key="parameters.x")
    assert str(fault) == "a.toml:3: parameters.x: is wrong"
    assert str(Fault("is wrong", file="a.toml")) == "a.toml: is wrong"
    assert str(Fault("is wrong", key="x")) == "x: is wrong"


def test_a_refusal_keeps_all_its_faults_even_between_processes():
    refusal = Refusal([Fault("one", line=1, file="a"), Fault("two")])
    back = pickle.loads(pickle.dumps(refusal))
    assert back.faults == refusal.faults
    assert str(back) == "a:1: one\ntwo"


def test_the_nearest_name_is_offered_and_no_far_one():
    assert nearest("medain", ["median", "mass"]) == "; did you mean median?"
    assert nearest("xyz", ["median", "mass"]) == ""


def test_every_known_fault_names_a_test_that_there_is():
    here = Path(__file__).parent
    rows = [
        [cell.strip() for cell in line.strip("|").split("|")]
        for line in (here / "faults.md").read_text(encoding="utf-8").splitlines()
        if re.match(r"\| \d+ \|", line)
    ]
    assert [int(row[0]) for row in rows] == list(range(1, 45))
    for row in rows:
        file, _, name = row[-1].partition("::")
        assert f"\ndef {name}(" in (here / file).read_text(encoding="utf-8")
