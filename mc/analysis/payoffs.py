"""What each action is worth in each draw of a run: a decision bound to its figures."""

import dataclasses
import datetime
from collections.abc import Mapping

import numpy as np
from jaxtyping import Bool, Float, Int

from mc.analysis.decision import IS, IS_NOT, Clause, Decision, Outcome, Payoff
from mc.analysis.output import Output
from mc.analysis.target import DATE, Target, read_target
from mc.engine.columns import Column
from mc.engine.plan import Plan
from mc.engine.results import Results
from mc.outcomes.status import Status
from priors.faults import Fault, Refusal
from priors.units import decimal_years, years_since

Grid = Float[np.ndarray, "points replicates"]
Mask = Bool[np.ndarray, "points replicates"]
Codes = Int[np.ndarray, "points replicates"]
_NONE = -1


@dataclasses.dataclass(frozen=True, kw_only=True, eq=False)
class Payoffs:
    """Draws as the decision sees them.

    Attributes:
        values: What each action is worth, in the decision's unit.
        outcomes: Place of each draw's outcome in the decision.
    """

    values: Float[np.ndarray, "points replicates actions"]
    outcomes: Codes


@dataclasses.dataclass(frozen=True, kw_only=True, eq=False)
class _Known:
    """A quantity in every draw.

    Attributes:
        is_date: Whether its numbers are decimal years of dates.
        numbers: As people read them; NaN where there is none.
        status: A ``Status``.
    """

    is_date: bool
    numbers: Grid
    status: Codes

    @property
    def line(self) -> Grid:
        """Numbers from already to never, as infinities."""
        early = self.status == Status.ALREADY
        late = self.status > Status.OBSERVED
        return np.where(early, -np.inf, np.where(late, np.inf, self.numbers))


@dataclasses.dataclass(frozen=True, kw_only=True, eq=False)
class Terms:
    """A decision whose quantities are figures of a run.

    Attributes:
        decision: The decision.
        plan: The run's plan.
        targets: The figure of each quantity as it is written.
    """

    decision: Decision
    plan: Plan
    targets: dict[str, Target]

    def payoffs(self, columns: Mapping[str, Column]) -> Payoffs:
        """What the actions are worth in draws.

        Args:
            columns: Of each quantity as it is written, by point and replicate.

        Raises:
            Refusal: If a draw has no outcome, or no number where a payoff needs one.
        """
        known = {name: self._known(name, column) for name, column in columns.items()}
        outcomes = self._outcomes(known)
        names = [outcome.name for outcome in self.decision.outcomes]
        values = np.zeros((*outcomes.shape, len(self.decision.actions)))
        for place, action in enumerate(self.decision.actions):
            for code, name in enumerate(names):
                here = outcomes == code
                worth = self._worth(action.payoffs[name], known, here)
                values[here, place] = worth[here]
        return Payoffs(values=values, outcomes=outcomes)

    def _known(self, name: str, column: Column) -> _Known:
        target = self.targets[name]
        output = Output.of(self.plan, target, column)
        numbers = np.full(output.values.shape, np.nan)
        seen = output.status == Status.OBSERVED
        values = output.values[seen].astype(np.float64)
        is_date = target.quantity.endswith(DATE)
        if is_date:
            numbers[seen] = decimal_years(self.plan.epoch, values)
        elif values.size:
            numbers[seen] = np.vectorize(output.quantity.number, [float])(values)
        return _Known(is_date=is_date, numbers=numbers, status=output.status)

    def _outcomes(self, known: Mapping[str, _Known]) -> Codes:
        """The first outcome of each draw that holds."""
        shape = next(iter(known.values())).status.shape
        codes = np.full(shape, _NONE)
        for code, outcome in enumerate(self.decision.outcomes):
            undecided = codes == _NONE
            codes[undecided & self._holds(outcome, known, undecided)] = code
        if left := np.count_nonzero(codes == _NONE):
            line = f"{left:,} of {codes.size:,} draws have none of these outcomes"
            raise self._refusal(f'{line}; add rest = "otherwise"', "outcomes")
        return codes

    def _holds(
        self, outcome: Outcome, known: Mapping[str, _Known], undecided: Mask
    ) -> Mask:
        found = np.ones(undecided.shape, bool)
        for clause in outcome.clauses:
            quantity, key = known[clause.quantity], f"outcomes.{outcome.name}"
            if clause.relation not in (IS, IS_NOT) and not quantity.is_date:
                unknown = quantity.status == Status.UNDETERMINED
                if number := np.count_nonzero(unknown & undecided & found):
                    line = (
                        f"{clause.quantity} is undetermined in {number:,} draws; give "
                        f'them an outcome before: "{clause.quantity} is undetermined"'
                    )
                    raise self._refusal(line, key)
            found &= self._compared(clause, quantity, key)
        return found

    def _compared(self, clause: Clause, known: _Known, key: str) -> Mask:
        mark, line = clause.mark, known.line
        if isinstance(mark, Status):
            return (known.status == mark) == (clause.relation == IS)
        place = self._place(mark, clause.quantity, known, key)
        end = self._decimal(self.plan.experiment.events_until)
        if known.is_date and place > end:
            until = self.plan.experiment.events_until
            line = f"{mark} is after the event window of the run, which ends {until}"
            raise self._refusal(line, key)
        match clause.relation:
            case "<":
                return line < place
            case "<=":
                return line <= place
            case ">":
                return line > place
            case _:
                return line >= place

    def _worth(self, payoff: Payoff, known: Mapping[str, _Known], here: Mask) -> Grid:
        if payoff.of is None:
            return np.full(here.shape, payoff.base)
        quantity = known[payoff.of]
        lost = here & np.isnan(quantity.numbers)
        if number := np.count_nonzero(lost):
            words = [s.word for s in Status if (quantity.status[lost] == s).any()]
            line = (
                f"{payoff.of} has no number in {number:,} of these draws "
                f"({', '.join(words)}); give them an outcome of their own: "
                f'"{payoff.of} is {words[0]}"'
            )
            raise self._refusal(line, f"{payoff.key}.of")
        key = f"{payoff.key}.from"
        origin = self._place(payoff.origin, payoff.of, quantity, key)
        return payoff.base + payoff.slope * (quantity.numbers - origin)

    def _place(
        self, mark: float | datetime.date, name: str, known: _Known, key: str
    ) -> float:
        """A mark as a number; a date is its decimal year."""
        if not isinstance(mark, datetime.date):
            return mark
        if not known.is_date:
            unit = self.targets[name].quantity
            raise self._refusal(f"{mark}: {unit} is a number, not a date", key)
        return self._decimal(mark)

    def _decimal(self, date: datetime.date) -> float:
        epoch = self.plan.epoch
        return float(decimal_years(epoch, np.array([years_since(epoch, date)]))[0])

    def _refusal(self, message: str, key: str) -> Refusal:
        return Refusal(self.decision.document.fault(message, key))


def bind(decision: Decision, results: Results, plan: Plan) -> Terms:
    """Find the quantities of a decision among the figures of a run.

    Args:
        decision: The decision.
        results: The run.
        plan: Its plan.

    Raises:
        Refusal: With every quantity that the run does not have, or has several of.
    """
    faults: list[Fault] = []
    targets = {}
    for text, key in decision.uses:
        try:
            target = read_target(text, results, key)
        except Refusal as refusal:
            said = (fault.message for fault in refusal.faults)
            faults += [decision.document.fault(line, key) for line in said]
            continue
        if text.rpartition("/")[2].strip() != target.quantity:
            line = f"{text} is a statistic of all draws; name its quantity"
            faults.append(decision.document.fault(line, key))
        targets[text] = target
    if faults:
        raise Refusal(faults)
    return Terms(decision=decision, plan=plan, targets=targets)
