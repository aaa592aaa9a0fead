"""How a run is cut: blocks for the ledger, chunks of draws, tiles of one launch.

Global index g is replicate g mod R, point g div R. Sizes change no digit of a
result: only integers, per-draw values and maxima leave a tile.
"""

import dataclasses
from collections.abc import Iterator

from mc.outcomes.bands import PILOT_DRAWS

BLOCK_DRAWS = 2**20
FIRST_BLOCK_DRAWS = 2**17
"""Of the draws that are kept one by one, blocks are smaller: they are written."""
CHUNK_DRAWS = 2**15
TILE_DRAWS = 2**13
"""A tile's numbers stay in a core's own cache."""
GPU_CHUNK_DRAWS = GPU_TILE_DRAWS = 2**20
"""A launch fills a GPU, and there are few of them."""
GPU_JOBS = 2
"""One chunk is launched while another computes."""
STORED_DRAWS = 2**20
CHUNKS_TO_PAY = 4


@dataclasses.dataclass(frozen=True, kw_only=True)
class Cut:
    """Sizes of one run.

    Attributes:
        num_draws: All draws, R·2^k.
        replicates: R.
        chunk: Draws generated at once.
        tile: Draws evaluated at once; divides ``chunk``.
        stored: Draws whose events are kept one by one, the first ones; ``chunk``
            divides it.
        jobs: Chunks that a device has at once.
        block: Draws of a block of the ledger, up to ``stored``.
        long_block: Draws of a block after that.
    """

    num_draws: int
    replicates: int
    chunk: int = CHUNK_DRAWS
    tile: int = TILE_DRAWS
    stored: int = STORED_DRAWS
    jobs: int = 1
    block: int = FIRST_BLOCK_DRAWS
    long_block: int = BLOCK_DRAWS

    @classmethod
    def on(cls, kind: str, *, num_draws: int, replicates: int) -> "Cut":
        """Sizes that suit a kind of device: ``cpu``, or an accelerator."""
        if kind == "cpu":
            return cls(num_draws=num_draws, replicates=replicates)
        return cls(
            num_draws=num_draws,
            replicates=replicates,
            chunk=GPU_CHUNK_DRAWS,
            tile=GPU_TILE_DRAWS,
            jobs=GPU_JOBS,
        )

    @property
    def chunk_draws(self) -> int:
        """Draws of a chunk: no more than there are."""
        return min(self.chunk, self.num_draws)

    @property
    def tile_draws(self) -> int:
        """Draws of a tile: no more than there are in a chunk, whole points only."""
        return max(min(self.tile, self.chunk_draws), self.replicates)

    @property
    def pilot_draws(self) -> int:
        """The first draws, from which brackets are made."""
        return min(PILOT_DRAWS, self.num_draws)

    @property
    def pilot_tile_draws(self) -> int:
        """Draws of a tile of the pilot, and of the central parameters."""
        return min(self.tile_draws, self.pilot_draws)

    @property
    def stored_draws(self) -> int:
        """The first draws, whose events are kept one by one."""
        return min(self.stored, self.num_draws)

    def num_workers(self, num_devices: int) -> int:
        """Devices that pay: each compiles for itself, and few chunks earn that."""
        chunks = self.num_draws // self.chunk_draws
        return min(num_devices, max(1, chunks // CHUNKS_TO_PAY))

    def chunks(self, num_draws: int) -> Iterator[tuple[int, int]]:
        """First point and number of points of each chunk of the first draws."""
        return self.chunks_of(0, num_draws)

    def chunks_of(self, first_draw: int, num_draws: int) -> Iterator[tuple[int, int]]:
        """First point and number of points of each chunk of a range of draws."""
        size = min(self.chunk_draws, num_draws)
        for first in range(first_draw, first_draw + num_draws, size):
            yield first // self.replicates, size // self.replicates

    def blocks(self) -> Iterator[tuple[int, int]]:
        """First draw and number of draws of each block; more draws move none."""
        first = 0
        while first < self.num_draws:
            small = max(min(self.block, self.stored), self.chunk_draws)
            size = small if first < self.stored else max(small, self.long_block)
            yield first, min(size, self.num_draws - first)
            first += size
