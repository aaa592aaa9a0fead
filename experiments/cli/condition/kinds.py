"""What ``meekmc condition`` says of each kind of data, and of what is assumed."""

from functools import singledispatch

from mc.analysis.conditioning.fixed_compute import FixedCompute
from mc.analysis.conditioning.lags import Lags
from mc.analysis.conditioning.likelihood import Likelihood
from mc.analysis.conditioning.releases import Releases
from mc.analysis.conditioning.trend import TIME_HORIZON, Trend

Lines = list[tuple[str, str]]


def title(likelihood: Likelihood) -> str:
    """What the data are, and how many."""
    name = likelihood.name
    return f"{name[0].upper()}{name[1:]}: {len(likelihood.labels)}"


@singledispatch
def told(likelihood: Likelihood) -> Lines:
    """Lines with a word before each: the data, and what is assumed of them."""
    return [("data", likelihood.name)]


@singledispatch
def doubt(likelihood: Likelihood) -> str:
    """Title of what is learnt of the data's own scales."""
    return f"Learnt of {likelihood.name}"


@told.register
def _(likelihood: Trend) -> Lines:
    data, scatter, unit = likelihood.data, likelihood.scatter, likelihood.unit
    lines = [
        ("models", f"released {data.days[0]} to {data.days[-1]}"),
        *_left_out(data),
        *_above(data),
    ]
    assumed = (
        f"the trend drifts, forgetting itself in {scatter.drift_years:g} year; a "
        "release falls short of the best, half-normally; "
    )
    if likelihood.metric == TIME_HORIZON:
        share = f"{scatter.shared:.0%} of their error variance"
        assumed += f"models of one task suite share {share}"
    else:
        assumed += (
            f"all share a shift of the scale, sd {scatter.shift:g} {unit}; errors are "
            f"not stated and learnt, scale {scatter.error:g} {unit}"
        )
    return [*lines, ("assumed", assumed), ("actor", "the frontier")]


@told.register
def _(likelihood: FixedCompute) -> Lines:
    lines = []
    for metric in likelihood.regressions:
        if metric in likelihood.trends_used:
            text = f"{metric}: its slope on compute alone; its trend counts elsewhere"
        else:
            text = f"{metric}: its slope on compute, its rate at one compute"
        lines.append(("data", text))
    share = max(one.noise_share for one in likelihood.regressions.values())
    assumed = (
        f"{share:.0%} of the scatter of log FLOP is error as stated, give or take "
        "half: it flattens slopes on compute and lifts rates at one compute; errors "
        "of a developer's models hang together"
    )
    if likelihood.num_rates:
        more = f"{likelihood.distilled:.0%} to progress at one compute"
        assumed += f"; distilling larger models adds about {more}"
    who = "all makers of models, whatever they spend; what improves is taken as shared"
    return [*lines, ("assumed", assumed), ("actor", who)]


@told.register
def _(likelihood: Lags) -> Lines:
    lines = [("data", f"{likelihood.is_known.sum()} matched")]
    if likelihood.is_above.any():
        number = int(likelihood.is_above.sum())
        lines.append(("unmatched", f"{number}: of these, only that the lag is longer"))
    assumed = (
        f"what a lag means differs between {len(set(likelihood.sources))} sources by "
        f"about {likelihood.definition:g} in ln, and within one by about "
        f"{likelihood.pair:g}"
    )
    who = (
        "a fast follower, which scales its budget or distils (path fast_follower): "
        "of an actor with a fixed budget these data say nothing, and move nothing"
    )
    return [*lines, ("assumed", assumed), ("actor", who)]


@doubt.register
def _(likelihood: Trend) -> str:
    return f"Scatter of {likelihood.name}, by the prior scale of its drift"


@doubt.register
def _(likelihood: FixedCompute) -> str:
    return "Bias of progress at fixed compute, by the error variance of log FLOP"


@doubt.register
def _(likelihood: Lags) -> str:
    return "Scatter of lags, by the prior scale of what differs between sources"


def _left_out(data: Releases) -> Lines:
    left_out = [
        (data.num_earlier, "of before the card's first day"),
        (data.num_open, "of open weights, which follow the frontier"),
        (data.num_others, "no record of their maker, or of a maker that led on no day"),
    ]
    said = [f"{number} {why}" for number, why in left_out if number]
    return [("left out", ", ".join(said))] if said else []


def _above(data: Releases) -> Lines:
    names = [m for m, above in zip(data.models, data.is_above, strict=True) if above]
    return [("above 16 h", f"{', '.join(names)}: only that")] if names else []
