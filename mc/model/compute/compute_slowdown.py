"""The frontier's compute slows, and with it the algorithms that compute brings."""

import dataclasses

from mc.model.axes import Parameters
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
        epoch = 0 * ledger.log_ratio
        date = parameters["compute_slowdown_date"]
        compute = Kinked(
            early=ledger.hardware.rate(epoch) + ledger.investment.rate(epoch),
            later=parameters["late_training_compute_growth"],
            date=date,
        )
        algorithms = scaled(compute, parameters["software_feedback"])
        kept = ledger.kept
        if "proprietary_share" in parameters:
            kept = (*kept, scaled(algorithms, parameters["proprietary_share"]))
        ledger = dataclasses.replace(
            ledger,
            algorithms=algorithms,
            investment=Total.of(compute, less=(ledger.hardware,)),
            kept=kept,
        )
        return ledger.with_landmark("compute_slows", date)
