"""A compute path put together: a steady ledger, its parts, its actor, its start."""

import dataclasses
from typing import Any

from mc.model.axes import Parameters, Path, Values
from mc.model.budgets import log_initial_ratio
from mc.model.compute.exponential import steady_ledger
from mc.model.growth.growth import Steady, Total
from mc.model.growth.scaled import scaled
from mc.model.ledger import Ledger


@dataclasses.dataclass(frozen=True)
class PathRecord:
    """What is compiled of a path; hashable.

    Attributes:
        entries: Classes that replace entries of the ledger, in order.
        wrappers: Classes that look at the finished ledger in another way, in order.
    """

    entries: tuple[Any, ...] = ()
    wrappers: tuple[Any, ...] = ()

    def prepare(self, parameters: Parameters, start: Values | None = None) -> Path:
        """Per-draw constants.

        Args:
            parameters: On their canonical scales.
            start: ``x`` at the epoch; zero if None.
        """
        ledger = steady_ledger(parameters)
        if start is not None:
            ledger = dataclasses.replace(ledger, start=start)
        for entry in self.entries:
            ledger = entry.apply(ledger, parameters)
        ledger = _of_actor(ledger, parameters)
        ratio = log_initial_ratio(parameters, self._wrapped(ledger, parameters))
        ledger = dataclasses.replace(ledger, log_ratio=ratio)
        return self._wrapped(ledger, parameters)

    def _wrapped(self, ledger: Ledger, parameters: Parameters) -> Path:
        path: Any = ledger
        for wrapper in self.wrappers:
            path = wrapper.apply(path, parameters)
        return path


def _of_actor(ledger: Ledger, parameters: Parameters) -> Ledger:
    """The ledger of a meek actor whose budget grows, or that gets less than all.

    A budget that is constant in nominal dollars buys less by ``inflation`` a year.
    """
    spending = ledger.meek_investment
    for name, sign in (("meek_investment_growth", 1), ("inflation", -1)):
        if name in parameters:
            spending = Total.of(spending, Steady(per_year=sign * parameters[name]))
    kept, cheaper = ledger.kept, ledger.kept_hardware
    if "meek_hardware_growth" in parameters:
        own = Steady(per_year=parameters["meek_hardware_growth"])
        cheaper = (*cheaper, Total.of(ledger.hardware, less=(own,)))
    if "meek_algorithmic_share" in parameters:
        secret = 1 - parameters["meek_algorithmic_share"]
        kept = (*kept, scaled(ledger.algorithms, secret))
    return dataclasses.replace(
        ledger, meek_investment=spending, kept_hardware=cheaper, kept=kept
    )
