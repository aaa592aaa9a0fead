"""Blocks on worker processes: the same bits, and a lost worker costs a block."""

import datetime
import importlib.util
import os
import pickle
import signal

import numpy as np
import pytest
from command_line import called

import priors
from experiments.loss_gap import EXPERIMENT
from mc.engine import cluster as clusters
from mc.engine.blocks import Cut
from mc.engine.cluster import OtherMachines, connected
from mc.engine.devices import find_devices
from mc.engine.invalid import CoarseIntegral, InvalidDraw
from mc.engine.ledger import Ledger
from mc.engine.plan import make_plan
from mc.engine.run import execute

DRAWS = 2**15
WORKERS = 2
# Distributed leaves sockets to the garbage collector when its processes are killed.
QUIET = pytest.mark.filterwarnings("ignore::ResourceWarning", "ignore::Warning")


def plan():
    today = datetime.date(2026, 12, 1)
    return make_plan(
        EXPERIMENT, priors.load("literature-2026"), draws=DRAWS, today=today
    )


def cut():
    """Twelve blocks, of which the first four keep their draws."""
    return Cut(
        num_draws=DRAWS,
        replicates=16,
        chunk=2**11,
        tile=2**11,
        stored=2**13,
        block=2**11,
        long_block=2**12,
    )


def assert_same(one, other):
    assert one.run_id == other.run_id
    assert one.summary_table.equals(other.summary_table)
    assert one.bands.equals(other.bands)
    for group in ("prior", "prior_predictive"):
        left, right = (r.tree[group].to_dataset() for r in (one, other))
        assert left.identical(right)


@pytest.fixture(scope="module")
def alone():
    return execute(plan(), cut=cut())


@QUIET
@pytest.mark.slow
def test_workers_make_the_same_bits_and_a_lost_one_costs_no_digit(alone, tmp_path):
    ledger = Ledger(tmp_path / "blocks")
    with connected(f"local:{WORKERS}") as workers:
        pids = workers.processes()
        assert len(set(pids)) == WORKERS
        assert os.getpid() not in pids
        done = []

        def progress(num_draws):
            done.append(num_draws)
            if len(done) == 2:
                os.kill(pids[0], signal.SIGKILL)

        found = execute(
            plan(), cut=cut(), progress=progress, ledger=ledger, cluster=workers
        )
        assert pids[0] not in workers.processes()
    assert sum(done) == DRAWS
    assert ledger.written == len(list(cut().blocks()))
    assert_same(found, alone)


@QUIET
@pytest.mark.slow
def test_a_worker_of_another_machine_is_refused():
    identity = find_devices().identity()
    with connected("local:1") as workers:
        workers.check(identity)
        with pytest.raises(OtherMachines, match=r"jaxlib was .9\.9"):
            workers.check({**identity, "jaxlib": "9.9"})


@pytest.mark.parametrize("kind", [InvalidDraw, CoarseIntegral])
def test_an_invalid_draw_comes_back_from_a_worker_as_it_was(kind):
    sent = kind(7, "loss", {"x": 1.0})
    back = pickle.loads(pickle.dumps(sent))
    assert type(back) is kind
    assert (back.index, back.metric, back.inputs) == (7, "loss", {"x": 1.0})
    assert str(back) == str(sent)


@pytest.mark.parametrize(
    "address", ["local", "local:0", "local:1000", "tcp://host", "tcp://a/b:1", "x:1"]
)
def test_what_is_no_cluster_is_refused(address):
    code, out, err = called("run", "loss-gap", "--cluster", address)
    assert (code, out) == (2, "")
    assert "is neither local:N" in err


def test_without_the_package_it_is_named(monkeypatch):
    real = importlib.util.find_spec

    def find_spec(name, *rest):
        return None if name == "distributed" else real(name, *rest)

    monkeypatch.setattr(importlib.util, "find_spec", find_spec)
    code, _, err = called("run", "loss-gap", "--cluster", "local:2")
    assert code == 2
    assert "pip install 'meekmc[cluster]'" in err


@QUIET
def test_a_scheduler_that_does_not_answer_ends_with_3(monkeypatch, tmp_path):
    monkeypatch.setattr(clusters, "SECONDS", 1)
    out = tmp_path / "run"
    asked = ("--draws", "1024", "--cluster", "tcp://127.0.0.1:9", "--out", out)
    code, _, err = called("run", "loss-gap", *asked, "--quiet")
    assert code == 3
    assert "tcp://127.0.0.1:9" in err
    assert list(tmp_path.iterdir()) == []


def test_a_task_is_the_same_when_it_is_sent():
    found = pickle.loads(pickle.dumps(plan()))
    assert found.run_id("float32") == plan().run_id("float32")
    assert np.array_equal(found.num_draws, DRAWS)
