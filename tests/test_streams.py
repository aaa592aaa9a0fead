import hashlib
import itertools
import json
import struct
from pathlib import Path

import jax
import numpy as np
import pytest

from mc.draws import streams
from mc.draws.sequences import Stream

ORACLES = json.loads(Path(__file__).with_name("oracles.json").read_text())["oracles"]
VALUES = {oracle["id"]: oracle["values"] for oracle in ORACLES}
WORD = np.iinfo(np.uint32)


def words(*numbers: int) -> np.ndarray:
    return np.array(numbers, np.uint32)


def from_hex(texts: list[str]) -> list[int]:
    return [int(text, 16) for text in texts]


@pytest.mark.parametrize(
    ("answer", "key", "counter"),
    [
        ("zeros", (0, 0), (0, 0)),
        ("ones", (WORD.max, WORD.max), (WORD.max, WORD.max)),
        ("pi", (0x13198A2E, 0x03707344), (0x243F6A88, 0x85A308D3)),
    ],
)
def test_threefry_gives_the_published_answers(answer, key, counter):
    (a, b), (high, low) = words(*key)[:, None], words(*counter)[:, None]
    block = streams.threefry2x32((a, b), (high, low))
    assert [int(part[0]) for part in block] == from_hex(
        VALUES["r.01"][f"threefry {answer}"]
    )


@pytest.mark.parametrize("index", [0, 1, 2, 12345, 1_000_000, 2**32 + 5])
def test_a_word_at_any_index_is_the_oracles(index):
    expected = int(VALUES["r.02"][f"bits[{index}]"], 16)
    high, low = divmod(index, 2**32)
    seed = (words(0), words(int(VALUES["r.02"]["seed"])))
    assert int(streams.word(seed, words(high), words(low))[0]) == expected
    on_device = Stream(keys=words(0, int(VALUES["r.02"]["seed"]))[None]).words(index, 1)
    assert int(on_device[0]) == expected


def test_folding_an_index_into_a_key_is_the_cipher_of_the_index():
    seed = (words(0), words(int(VALUES["r.02"]["seed"])))
    folded = streams.threefry2x32(seed, (words(0), words(3)))
    assert [int(part[0]) for part in folded] == from_hex(
        VALUES["r.02"]["fold_in(key,3)"]
    )


def test_a_stream_is_what_jax_random_bits_returns_for_one_axis():
    keys = streams.keys(7, 0, 4, "hardware_growth")
    ours = np.asarray(Stream(keys=keys).words(0, 5000)).reshape(5000, 4)
    for replicate, key in enumerate(keys):
        stock = jax.random.bits(jax.random.wrap_key_data(key), (5000,), np.uint32)
        assert np.array_equal(ours[:, replicate], np.asarray(stock))


def test_host_and_device_count_alike_across_2_to_the_32():
    keys = streams.keys(0, 0, 8, "loss_exponent")
    first, num = 2**32 - 50, 100
    index = np.arange(first, first + num, dtype=np.uint64)[:, None]
    high, low = (index >> np.uint64(32)).astype(np.uint32), index.astype(np.uint32)
    host = streams.word((keys[:, 0], keys[:, 1]), high, low)
    assert np.array_equal(Stream(keys=keys).words(first, num), host.ravel())


def test_a_key_is_the_head_of_a_big_endian_sha_256():
    message = (
        b"meekmc/1\0" + struct.pack(">QII", 2**63 + 5, 3, 15) + "κ_growth".encode()
    )
    head = struct.unpack(">II", hashlib.sha256(message).digest()[:8])
    assert tuple(streams.key(2**63 + 5, 3, 15, "κ_growth").tolist()) == head


def test_keys_never_change_between_versions():
    key = streams.key(0, 0, 0, "hardware_growth")
    assert key.tolist() == [0x02FF47D5, 0x7A2930C9]


def test_no_two_seeds_copies_replicates_or_names_share_a_key():
    cases = itertools.product(
        (0, 1, 2**32, 2**64 - 1), (0, 1), (0, 1, 2), ("a", "b", "a\0", "")
    )
    keys = [tuple(streams.key(*case).tolist()) for case in cases]
    assert len(set(keys)) == len(keys) == 96


@pytest.mark.parametrize(
    ("name", "numbers"),
    [
        ("seed", (-1, 0, 0)),
        ("seed", (2**64, 0, 0)),
        ("copy", (0, -1, 0)),
        ("copy", (0, 2**32, 0)),
        ("replicate", (0, 0, 2**32)),
    ],
)
def test_a_number_that_does_not_fit_is_refused_by_name(name, numbers):
    with pytest.raises(ValueError, match=f"{name} is -?[0-9]+; it must be at least 0"):
        streams.key(*numbers, name="hardware_growth")
