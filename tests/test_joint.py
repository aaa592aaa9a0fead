"""Central values, order of parents, and what a run needs and no more."""

import datetime
import pickle

import numpy as np
import pytest

from priors import cards
from priors.dependence import RankCorrelation, clusters
from priors.faults import Refusal
from priors.joint import Belief, Component, Group, JointPrior, Marginal
from priors.laws import Normal, Point
from priors.units import Unit

REAL = Unit(name="1", kind="real")


def belief(name: str, *means: float, **options) -> Belief:
    slope = options.pop("slope", 0.0)
    marginals = tuple(
        Marginal(law=Normal(mean=mean, sd=0.1), slope=slope) for mean in means
    )
    return Belief(name=name, unit=REAL, marginals=marginals, **options)


def joint() -> JointPrior:
    pairs = [RankCorrelation(first="c", second="d", value=0.5)]
    return JointPrior(
        reference_date=datetime.date(2023, 3, 14),
        beliefs=(
            belief("a", 1.0, parent="e", slope=2.0),
            belief("b", 5.0, 7.0, by="label"),
            belief("c", 3.0),
            belief("d", 4.0),
            belief("e", 10.0, parent="alias", slope=1.0),
            belief("f", 0.0, parent="table", slope=1.0),
        ),
        components=(
            Component(name="label", labels=("x", "y"), weights=(0.4, 0.6)),
            Component(name="idle", labels=("x",), weights=(1.0,)),
        ),
        groups=(
            Group(
                name="fit",
                columns={
                    "table": np.array([1.0, 5.0, 2.0]),
                    "other": np.array([1.0, 1.0, 1.0]),
                },
            ),
        ),
        clusters=clusters(pairs, ["c", "d"])[0],
        aliases={"alias": "b"},
        units=dict.fromkeys("abcdef", REAL),
    )


def test_central_values_follow_labels_parents_aliases_and_tables():
    assert joint().central() == {
        "a": 1.0 + 2.0 * 17.0,
        "alias": 7.0,
        "b": 7.0,
        "c": 3.0,
        "d": 4.0,
        "e": 17.0,
        "f": 2.0,
        "other": 1.0,
        "table": 2.0,
    }
    assert tuple(joint().central()) == joint().names()


def test_parents_come_before_what_is_given_them():
    order = [belief.name for belief in joint().in_order()]
    assert order.index("b") < order.index("e") < order.index("a")
    assert sorted(order) == list("abcdef")


def test_a_run_gets_what_it_needs_and_its_parents():
    small = joint().restricted({"a", "nowhere"})
    assert small.names() == ("a", "alias", "b", "e")
    assert [part.name for part in small.components] == ["label"]
    assert small.clusters == ()
    assert small.groups == ()
    whole = joint().central()
    assert small.central() == {name: whole[name] for name in small.names()}


def test_a_cluster_comes_whole_so_that_draws_keep_their_bits():
    small = joint().restricted({"d"})
    assert small.names() == ("c", "d")
    np.testing.assert_array_equal(
        small.clusters[0].cholesky, joint().clusters[0].cholesky
    )


def test_a_table_keeps_its_rows_when_a_column_is_not_needed():
    small = joint().restricted({"f"})
    assert list(small.groups[0].columns) == ["table"]
    assert small.groups[0].rows == 3


@pytest.mark.parametrize(
    ("weights", "message"),
    [((0.5, 0.6), "add to 1.1, not to 1"), ((1.0, 0.0), "must all be above 0")],
)
def test_weights_must_be_probabilities(weights, message):
    with pytest.raises(Refusal, match=message):
        Component(name="label", labels=("x", "y"), weights=weights)


def test_weights_may_miss_one_by_rounding_only():
    Component(name="label", labels=("x", "y"), weights=(0.1 + 2e-10, 0.9))
    assert Component(name="c", labels=("x", "y"), weights=(0.5, 0.5)).heaviest == 0


def test_a_point_is_a_point_unless_it_hangs_on_a_parent():
    point = (Marginal(law=Point(value=1.0)),)
    assert Belief(name="a", unit=REAL, marginals=point).is_point
    assert not Belief(name="a", unit=REAL, marginals=point, parent="b").is_point
    assert not Belief(name="a", unit=REAL, marginals=point * 2, by="label").is_point


def test_a_shipped_prior_travels_between_processes():
    shipped = cards.load().joint
    back = pickle.loads(pickle.dumps(shipped))
    assert back.central() == shipped.central()
    assert back.units == shipped.units
