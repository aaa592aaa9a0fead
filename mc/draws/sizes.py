"""Numbers of draws that fill whole points of every replicate."""

MIN_REPLICATES = 8


def check_replicates(replicates: int) -> None:
    """Refuse a number of replicates that blocks or errors cannot use.

    Raises:
        ValueError: ``replicates`` is no power of two, or below 8.
    """
    power = replicates > 0 and replicates & (replicates - 1) == 0
    if not power or replicates < MIN_REPLICATES:
        raise ValueError(
            f"replicates = {replicates} must be a power of two, at least "
            f"{MIN_REPLICATES}"
        )


def round_up(num_draws: int, replicates: int) -> int:
    """Smallest ``replicates * 2**k`` that is not below ``num_draws``.

    Raises:
        ValueError: ``replicates`` is no power of two or below 8, or no draw is asked.
    """
    check_replicates(replicates)
    if num_draws < 1:
        raise ValueError(f"the number of draws is {num_draws}; it must be at least 1")
    points = -(-num_draws // replicates)
    return replicates << (points - 1).bit_length()
