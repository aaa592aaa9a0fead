"""Quick cases of a claim, for ``make test``, and all others, for ``make test-ci``."""

from collections.abc import Iterable
from typing import Any

import pytest


def tiered(cases: Iterable[Any], quick: Iterable[Any]) -> list[Any]:
    """Parameters of a test or fixture; slow is each case that is not among the quick.

    Raises:
        ValueError: a quick one that is no case.
    """
    cases, quick = list(cases), list(quick)
    unknown = [case for case in quick if case not in cases]
    if unknown:
        raise ValueError(f"no case: {unknown}")
    return [
        case if case in quick else pytest.param(case, marks=pytest.mark.slow)
        for case in cases
    ]
