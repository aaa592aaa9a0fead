"""The words for what becomes of an event, and the order they stand in.

Along the time axis: already < a date (observed) < beyond < undetermined < never.
Every quantile and every probability is over all draws in this order.
"""

import enum


class Status(enum.IntEnum):
    """What becomes of an event in one draw; the integer is the order."""

    ALREADY = 0
    OBSERVED = 1
    BEYOND = 2
    UNDETERMINED = 3
    NEVER = 4

    @property
    def word(self) -> str:
        """The word in tables and files."""
        return self.name.lower()


class Reason(enum.IntEnum):
    """The finer reason behind a status, kept beside it."""

    NONE = 0
    AT_START = 1
    NO_LEAD = 2
    NEVER_APART = 3
    OVERTAKEN = 4
    BOTH_FAIL = 5

    @property
    def word(self) -> str:
        """The word in tables and files."""
        return self.name.lower()
