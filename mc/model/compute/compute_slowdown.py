"""The frontier's compute slows, and with it the algorithms that compute brings."""

import dataclasses

from mc.model.axes import Parameters, Values
from mc.model.growth.growth import Total
from mc.model.growth.scaled import scaled
from mc.model.growth.turning import Kinked
from mc.model.ledger import Ledger

ENTRIES = {
    "compute_slowdown": {
        "record": "ComputeSlowdown",
        "summary": "growth of training compute slows, and algorithms slow with it",
        "replaces": ["investment", "algorithms", "kept"],
        "assumes": "growth of compute slows",
        "needs": [
            [["compute_slowdown_date"]],
            [["late_training_compute_growth"]],
            [["software_feedback"]],
            [["proprietary_share"], []],
        ],
        "arguments": {
            "feedback": {
                "default": "stated",
                "choices": {
                    "stated": {},
                    "implied": {
                        "record": "Implied",
                        "summary": "growth of training compute slows, and that of "
                        "algorithms in proportion",
                        "replaces": ["investment", "algorithms"],
                        "needs": [
                            [["compute_slowdown_date"]],
                            [["late_training_compute_growth"]],
                        ],
                    },
                },
            }
        },
        "caveats": [
            [
                "balanced-path",
                "Algorithms grow in proportion to the frontier's compute; no "
                "software-only explosion (Whitfill et al., arXiv 2511.19492).",
            ],
        ],
    }
}


class ComputeSlowdown:
    """``A = (λ/β)·k``, ``I = k − H``; a share φ of A may be secret (science 3.1).

    k is the frontier's physical compute, whose growth kinks on the date.
    """

    @staticmethod
    def apply(ledger: Ledger, parameters: Parameters) -> Ledger:
        """The ledger driven by the frontier's compute."""
        ledger = _driven(ledger, parameters, parameters["software_feedback"])
        if "proprietary_share" not in parameters:
            return ledger
        secret = scaled(ledger.algorithms, parameters["proprietary_share"])
        return dataclasses.replace(ledger, kept=(*ledger.kept, secret))


class Implied:
    """The same with λ/β = a/k', read off the growth of both before compute slows.

    Nothing changes before the date, so that it can be done to the world of a card.
    """

    @staticmethod
    def apply(ledger: Ledger, parameters: Parameters) -> Ledger:
        """The ledger driven by compute at the feedback that there was."""
        epoch = 0 * ledger.log_ratio
        compute = ledger.hardware.rate(epoch) + ledger.investment.rate(epoch)
        feedback = ledger.algorithms.rate(epoch) / compute
        return _driven(ledger, parameters, feedback)


def _driven(ledger: Ledger, parameters: Parameters, feedback: Values) -> Ledger:
    epoch = 0 * ledger.log_ratio
    date = parameters["compute_slowdown_date"]
    compute = Kinked(
        early=ledger.hardware.rate(epoch) + ledger.investment.rate(epoch),
        later=parameters["late_training_compute_growth"],
        date=date,
    )
    ledger = dataclasses.replace(
        ledger,
        algorithms=scaled(compute, feedback),
        investment=Total.of(compute, less=(ledger.hardware,)),
    )
    return ledger.with_landmark("compute_slows", date)
