"""Names of paths and metrics are read without importing them."""

import subprocess
import sys

import pytest

from mc.model.registry import (
    BadArgument,
    UnknownName,
    metric_choice,
    metric_names,
    path_entry,
    shelf,
)
from priors.parameters import parameter


def test_listing_names_costs_no_jax():
    code = (
        "import sys; from mc.model.registry import metric_names, path_entry; "
        "metric_names(); path_entry('exponential'); sys.exit('jax' in sys.modules)"
    )
    subprocess.run([sys.executable, "-c", code], check=True)


def test_an_alias_and_its_arguments_are_one_label():
    assert metric_choice("task_success:minutes=60").label == "task_success_1h"
    assert metric_choice("task_success_1h").arguments == {"minutes": 60.0}


def test_a_label_may_be_chosen():
    choice = metric_choice("short=task_success:minutes=0.5")
    assert (choice.label, choice.arguments) == ("short", {"minutes": 0.5})


def test_an_unnamed_length_gets_a_label_of_its_own():
    assert metric_choice("task_success:minutes=30").label == "task_success_minutes30"


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("task_success", "minutes"),
        ("task_success:minutes=x", "no number"),
        ("task_success:minutes=-1", "outside"),
        ("task_success:minutes=nan", "outside"),
        ("task_success:minutes", "key=value"),
        ("task_success:minutes=1,minutes=2", "once"),
        ("task_success:hours=1", "minutes"),
        ("validation_loss:minutes=1", "none"),
        ("task_success_1h:minutes=60", "no arguments"),
        ("a b=validation_loss", "letters"),
        ("../x=validation_loss", "letters"),
    ],
)
def test_a_metric_that_cannot_be_is_refused_in_words(text, word):
    with pytest.raises(BadArgument, match=word):
        metric_choice(text)


def test_an_unknown_name_lists_the_known_ones():
    with pytest.raises(UnknownName, match="validation_loss"):
        metric_choice("validation_los")
    with pytest.raises(UnknownName, match="exponential"):
        path_entry("linear")


@pytest.mark.parametrize("kind", ["metrics", "compute"])
def test_every_entry_has_its_record_and_registered_parameters(kind):
    for entry in shelf(kind).values():
        record = entry.load()
        assert callable(getattr(record, "prepare", getattr(record, "apply", None)))
        named = {name for need in entry.needs for option in need for name in option}
        assert all(parameter(name.removesuffix("[]")) for name in named), named
        assert entry.summary


def test_a_missing_need_is_said_with_its_alternatives():
    _, missing = path_entry("exponential").requirements(frozenset({"clock_ratio"}))
    assert missing == [
        "hardware_growth",
        "investment_growth or training_compute_growth",
    ]


def test_names_hold_the_metrics_of_the_paper():
    assert {"validation_loss", "time_horizon", "task_success_4h"} <= set(metric_names())
