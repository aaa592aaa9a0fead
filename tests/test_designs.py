import itertools

import jax
import numpy as np
import pytest
from scipy.stats import qmc

from mc.draws import dimensions, sequences, streams
from mc.draws.designs import DESIGNS, Independent, Lattice, Sobol
from mc.draws.sequences import Net
from priors.parameters import PARAMETERS

REPLICATES = 8
NAMES = ("algorithmic_growth", "components.scaling_law", "a_name_of_my_own")
EVEN = [
    (Sobol, "algorithmic_growth"),
    (Sobol, "irreducible_loss"),
    (Sobol, "a_name_of_my_own"),
    (Lattice, "algorithmic_growth"),
    (Lattice, "irreducible_loss"),
    (Lattice, "a_name_of_my_own"),
]


def every_design(function):
    function = pytest.mark.parametrize("name", NAMES)(function)
    return pytest.mark.parametrize("kind", DESIGNS.values(), ids=DESIGNS)(function)


def points(design, name, first, num, copy=0) -> np.ndarray:
    """Words as an array of points by replicates."""
    words = np.asarray(design.words(name, first, num, copy))
    return words.reshape(num, design.replicates)


@every_design
def test_the_first_draws_of_a_long_run_are_those_of_a_short_one(kind, name):
    design = kind(seed=3, replicates=REPLICATES)
    short, long = design.words(name, 0, 512), design.words(name, 0, 1024)
    assert np.array_equal(short, long[: 512 * REPLICATES])


@every_design
@pytest.mark.parametrize("cut", [1, 300, 777])
def test_a_run_may_be_cut_anywhere(kind, name, cut):
    design = kind(seed=3, replicates=REPLICATES)
    first = 2**20 - 1000
    whole = design.words(name, first, 1000)
    parts = design.words(name, first, cut), design.words(name, first + cut, 1000 - cut)
    assert np.array_equal(whole, np.concatenate(parts))


@every_design
def test_draws_never_change_between_versions(kind, name):
    words = kind(seed=20230314, replicates=8).words(name, 2**19 + 1, 1, copy=1)
    assert words[3:5].tolist() == GOLDEN[kind.__name__, name]


GOLDEN = {
    ("Sobol", "algorithmic_growth"): [1975437115, 2697098147],
    ("Sobol", "components.scaling_law"): [2774705698, 894803340],
    ("Sobol", "a_name_of_my_own"): [1805569566, 3162532918],
    ("Lattice", "algorithmic_growth"): [363995841, 3455047280],
    ("Lattice", "components.scaling_law"): [213805015, 1661615580],
    ("Lattice", "a_name_of_my_own"): [1805569566, 3162532918],
    ("Independent", "algorithmic_growth"): [799934033, 1810068964],
    ("Independent", "components.scaling_law"): [1937156898, 1962537394],
    ("Independent", "a_name_of_my_own"): [4021506060, 2178630828],
}


@pytest.mark.parametrize("point", [0, 1, 6, 2**20 - 1, 3_000_000_001])
@pytest.mark.parametrize("replicate", [0, 7])
def test_a_sobol_word_can_be_recomputed_by_hand(point, replicate):
    key = streams.key(9, 1, replicate, "loss_exponent")[:, None]
    zero, index = np.zeros(33, np.uint32), np.arange(33, dtype=np.uint32)
    shift, *rows = streams.word((key[0], key[1]), zero, index).tolist()
    directions = dimensions.direction_numbers()[256 + 7 - 1].tolist()
    digits = 0
    for bit in range(32):
        if (point ^ point >> 1) >> bit & 1:
            digits ^= directions[bit]
    scrambled = 0
    for place, row in zip(range(31, -1, -1), rows, strict=True):
        used = row >> (place + 1) << (place + 1) | 1 << place
        scrambled |= ((used & digits).bit_count() & 1) << place
    words = Sobol(seed=9, replicates=8).words("loss_exponent", point, 1, copy=1)
    assert int(words[replicate]) == scrambled ^ shift


@every_design
def test_a_coordinate_does_not_know_what_was_asked_before(kind, name):
    alone = points(kind(seed=3, replicates=REPLICATES), name, 0, 64)
    for other in reversed(NAMES):
        kind(seed=3, replicates=REPLICATES).words(other, 0, 64)
    assert np.array_equal(
        alone, points(kind(seed=3, replicates=REPLICATES), name, 0, 64)
    )


@every_design
def test_more_replicates_leave_the_first_ones_alone(kind, name):
    few = points(kind(seed=3, replicates=8), name, 0, 64)
    many = points(kind(seed=3, replicates=32), name, 0, 64)
    assert np.array_equal(few, many[:, :8])


@every_design
def test_seeds_replicates_copies_and_names_give_different_words(kind, name):
    columns = [
        points(kind(seed=seed, replicates=REPLICATES), name, 0, 256, copy)
        for seed in (0, 1, 2**32)
        for copy in (0, 1, 2, 9)
    ]
    columns.append(points(kind(seed=0, replicates=REPLICATES), name + "_2", 0, 256))
    columns = np.concatenate(columns, axis=1).T
    # Two unrelated columns share a word at one place with probability 6e-8.
    same = [np.mean(a == b) for a, b in itertools.combinations(columns, 2)]
    assert max(same) <= 2 / 256


@pytest.mark.parametrize(("kind", "name"), EVEN)
@pytest.mark.parametrize("power", range(1, 13))
def test_each_dyadic_interval_holds_one_of_the_first_points(kind, name, power):
    words = points(kind(seed=5, replicates=REPLICATES), name, 0, 2**power)
    intervals = np.sort(words >> np.uint32(32 - power), axis=0)
    assert (intervals == np.arange(2**power)[:, None]).all()


@pytest.mark.parametrize("name", ["hardware_growth", "a_name_of_my_own"])
@pytest.mark.parametrize("block", [1, 5, 2**20 + 3])
def test_later_blocks_of_a_net_are_as_even_as_the_first(name, block):
    words = points(Sobol(seed=5, replicates=REPLICATES), name, block * 1024, 1024)
    intervals = np.sort(words >> np.uint32(22), axis=0)
    assert (intervals == np.arange(1024)[:, None]).all()


@pytest.mark.parametrize("cut", range(11))
def test_the_first_two_sobol_dimensions_share_every_box(cut):
    design = Sobol(seed=5, replicates=REPLICATES)
    x = points(design, "algorithmic_growth", 0, 1024).astype(np.uint64)
    y = points(design, "hardware_growth", 0, 1024).astype(np.uint64)
    rows, columns = x >> np.uint64(32 - cut), y >> np.uint64(22 + cut)
    boxes = np.sort((rows << np.uint64(10 - cut)) | columns, axis=0)
    assert (boxes == np.arange(1024)[:, None]).all()


def test_unscrambled_points_are_scipys_in_all_1024_dimensions():
    blank = np.zeros((1, 32), np.uint32)
    directions = np.concatenate(
        [
            sequences.linearly_scrambled(dimension, blank)
            for dimension in dimensions.direction_numbers()
        ]
    )
    net = Net(
        byte_sums=sequences.summed_by_byte(directions),
        shifts=np.zeros(1024, np.uint32),
    )
    scipys = qmc.Sobol(1024, scramble=False, bits=32)
    for _ in range(2):
        first = scipys.num_generated
        expected = (scipys.random(256) * 2**32).astype(np.uint32)
        assert np.array_equal(net.words(first, 256), expected.ravel())
        scipys.fast_forward(2**13)


def test_direction_numbers_have_a_unit_diagonal_in_every_dimension():
    directions, bits = dimensions.direction_numbers(), np.arange(32, dtype=np.uint32)
    assert ((directions >> (31 - bits)) & 1 == 1).all()
    assert ((directions & ((np.uint32(1) << (31 - bits)) - np.uint32(1))) == 0).all()


def test_a_linear_scramble_is_a_triangular_product_over_gf2():
    rng = np.random.default_rng(1)
    rows = rng.integers(0, 2**32, (3, 32), np.uint32)
    directions = dimensions.direction_numbers()[6]
    scrambled = sequences.linearly_scrambled(directions, rows)
    for row, result in zip(rows, scrambled, strict=True):
        lower = np.tril(digits(row), -1) + np.eye(32, dtype=int)
        assert np.array_equal(digits(result).T, lower @ digits(directions).T % 2)


def digits(words: np.ndarray) -> np.ndarray:
    """Binary digits of words, the first digit first, a row a word."""
    return np.array([[int(digit) for digit in f"{word:032b}"] for word in words])


@pytest.mark.parametrize("power", [10, 15, 20])
def test_the_first_points_are_the_lattice_of_that_many_points(power):
    design = Lattice(seed=2, replicates=REPLICATES)
    words = points(design, "hardware_growth", 0, 2**power)
    order = np.arange(2**power, dtype=np.uint64) << np.uint64(32 - power)
    lattice = (order * np.uint64(182667)).astype(np.uint32)  # the published z₂
    for replicate in range(REPLICATES):
        unshifted = words[:, replicate] - words[0, replicate]
        assert np.array_equal(np.sort(unshifted), np.sort(lattice))


def test_lattice_multipliers_are_odd_and_never_repeat():
    vector = dimensions.lattice_vector()
    assert (vector % 2 == 1).all()
    assert np.unique(vector).size == 1024
    assert vector[:4].tolist() == [1, 182667, 213731, 255351]


def test_reversed_bits_are_read_backwards():
    words = np.random.default_rng(0).integers(0, 2**32, 1000, np.uint32)
    backwards = [int(f"{word:032b}"[::-1], 2) for word in words]
    assert sequences.reverse_bits(words).tolist() == backwards
    assert np.array_equal(sequences.reverse_bits(jax.numpy.asarray(words)), backwards)


@pytest.mark.parametrize("bit", range(32))
def test_the_hash_is_a_bijection_that_only_carries_upwards(bit):
    # Changing a bit changes that bit of the hash and none below it: so the low k bits
    # depend on the low k bits alone, and words that differ have hashes that differ.
    rng = np.random.default_rng(bit)
    words, seeds = rng.integers(0, 2**32, (2, 100_000), np.uint32)
    flipped = words ^ np.uint32(1 << bit)
    changed = sequences.laine_karras(words, seeds) ^ sequences.laine_karras(
        flipped, seeds
    )
    assert ((changed & -changed) == np.uint32(1 << bit)).all()


def test_coordinates_are_uncorrelated():
    design = Sobol(seed=11, replicates=REPLICATES)
    names = [*dimensions.DIMENSIONS, "my_first", "my_second"]
    words = np.stack([np.asarray(design.words(name, 0, 2**11)) for name in names])
    # 325 pairs at 6.5 standard errors of independent draws: false alarm below 3e-8.
    correlations = np.corrcoef(words.astype(float)) - np.eye(len(names))
    assert np.abs(correlations).max() < 6.5 / np.sqrt(words.shape[1])


def test_every_registered_parameter_has_a_dimension_that_never_changes():
    numbers = dimensions.DIMENSIONS
    assert set(PARAMETERS) <= set(numbers)
    assert len(set(numbers.values())) == len(numbers)
    assert min(numbers.values()) >= 1
    assert max(numbers.values()) <= 255
    assert list(numbers.items())[:24] == list(zip(ISSUED, range(1, 25), strict=True))


ISSUED = [
    "algorithmic_growth",
    "hardware_growth",
    "training_compute_growth",
    "investment_growth",
    "horizon_doubling_time",
    "components.horizon_window",
    "loss_exponent",
    "components.scaling_law",
    "horizon_ratio_50_80",
    "horizon_at_anchor",
    "horizon_elasticity",
    "initial_compute_ratio",
    "reducible_loss_at_pivot",
    "loss_coefficient",
    "pivot_compute",
    "anchor_date",
    "initial_compute",
    "meek_budget",
    "frontier_compute",
    "compute_per_dollar",
    "world_product",
    "world_product_growth",
    "clock_ratio",
    "irreducible_loss",
]


def test_a_copy_stands_256_dimensions_further_as_long_as_there_are_any():
    assert dimensions.dimension("hardware_growth", 1) == 258
    assert dimensions.dimension("irreducible_loss", 3) == 24 + 768
    assert dimensions.dimension("hardware_growth", 4) is None
    assert dimensions.dimension("a_name_of_my_own") is None


def test_a_design_says_what_fills_a_coordinate():
    sobol, lattice, independent = (
        kind(seed=0, replicates=8) for kind in DESIGNS.values()
    )
    assert sobol.describe("training_compute_growth") == "Sobol' dimension 3"
    assert sobol.describe("a_name_of_my_own") == "shuffled van der Corput"
    assert sobol.describe("hardware_growth", 4) == "shuffled van der Corput"
    assert lattice.describe("hardware_growth", 1) == "lattice dimension 258"
    assert lattice.describe("a_name_of_my_own") == "shuffled van der Corput"
    assert independent.describe("loss_exponent") == "stream 'loss_exponent', copy 0"


@pytest.mark.parametrize("kind", DESIGNS.values(), ids=DESIGNS)
@pytest.mark.parametrize("replicates", [0, 4, 12])
def test_replicates_that_cannot_give_an_error_are_refused(kind, replicates):
    with pytest.raises(ValueError, match="must be a power of two, at least 8"):
        kind(seed=0, replicates=replicates)


@pytest.mark.parametrize(
    ("kind", "first", "num"),
    [
        (Lattice, 2**20 - 10, 11),
        (Sobol, 2**32 - 10, 11),
        (Independent, 2**64 - 10, 11),
        (Sobol, -1, 10),
        (Sobol, 0, 0),
    ],
)
def test_points_that_a_design_does_not_have_are_refused(kind, first, num):
    with pytest.raises(ValueError, match=f"a {kind.__name__} design has points 0 to"):
        kind(seed=0, replicates=8).words("hardware_growth", first, num)
    last = kind(seed=0, replicates=8).words("hardware_growth", kind.max_points - 10, 10)
    assert last.shape == (80,)


def test_names_seeds_and_starts_share_one_kernel(caplog):
    for kind in DESIGNS.values():
        for name in ("hardware_growth", "a_name_of_my_own"):
            kind(seed=0, replicates=8).words(name, 0, 96)
    with jax.log_compiles(), caplog.at_level("WARNING", logger="jax"):
        for kind in DESIGNS.values():
            for name in ("loss_exponent", "anchor_date", "another_of_my_own"):
                kind(seed=9, replicates=8).words(name, 12345, 96, copy=1)
        assert not [record for record in caplog.records if "ompil" in record.message]
        Sobol(seed=9, replicates=8).words("hardware_growth", 0, 97)
    assert [record for record in caplog.records if "ompil" in record.message]


@every_design
def test_devices_give_the_same_words(kind, name):
    design = kind(seed=1, replicates=REPLICATES)
    here = design.words(name, 77, 333)
    with jax.default_device(jax.devices()[1]):
        there = design.words(name, 77, 333)
    assert there.devices() == {jax.devices()[1]}
    assert np.array_equal(np.asarray(here), np.asarray(there))
