"""A conditioned run as one tree, in the groups that ArviZ expects.

The run's own draws are of the posterior: the question asked again under its card. What
was believed before stands beside them, and what both say of the data.
"""

import dataclasses
from collections.abc import Sequence
from typing import Any

import numpy as np
import xarray as xr
from jaxtyping import Float

from mc.analysis.conditioning.conditioned import Conditioned, following, wants_of
from mc.analysis.conditioning.likelihood import Likelihood, marginal
from mc.analysis.conditioning.outlook import said
from mc.analysis.conditioning.posterior import SaysOfDraws, split
from mc.analysis.conditioning.scatter import MEAN
from mc.analysis.conditioning.trend import Trend
from mc.analysis.ratios import by_label, log_copula, log_density, score
from mc.analysis.stored import Stored, stored
from mc.engine.plan import Plan
from mc.engine.replay import Replay
from mc.engine.results import POSTERIOR, PREDICTIVE, PRIOR, Results

LIKELIHOOD, OBSERVED = "log_likelihood", "observed_data"
LOG_PRIOR = "log_prior"
SAMPLE = ("chain", "draw")


def with_groups(plan: Plan, found: Conditioned, again: Plan, after: Results) -> Results:
    """The run of a posterior, with prior, predictions and data.

    Args:
        plan: What was asked under the prior.
        found: It, before and after data.
        again: The plan of the run of the posterior's card.
        after: That run.

    Returns:
        The run, whose tree has ``prior``, ``posterior``, both predictives,
        ``log_likelihood`` (one joint density a kind of data), ``observed_data``, and
        ``log_prior`` where every belief that the data may move has one density.
    """
    likelihoods = found.posterior.likelihoods
    before = found.draws.results.tree
    tree = {name: after.tree[name].to_dataset() for name in after.tree.children}
    tree[POSTERIOR], tree[PRIOR] = tree[PRIOR], before[PRIOR].to_dataset()
    for name, own, events in (
        (PRIOR, plan, before[PRIOR + PREDICTIVE].to_dataset()),
        (POSTERIOR, again, tree[PRIOR + PREDICTIVE]),
    ):
        replay = Replay(following(own, likelihoods))
        says = said(replay, wants_of(likelihoods), own.num_draws)
        rng = np.random.default_rng([own.seed, name == POSTERIOR])
        made = _predictions(likelihoods, says, rng, is_posterior=name == POSTERIOR)
        tree[name + PREDICTIVE] = events.merge(made)
        if name == POSTERIOR:
            tree[LIKELIHOOD] = _log_likelihoods(likelihoods, says)
    tree[OBSERVED] = _observed(likelihoods)
    drawn = stored(after, card=again.card)
    priors = _log_priors(found.draws, drawn, tuple(found.columns))
    if priors is not None:
        tree[LOG_PRIOR] = priors
    joined = xr.DataTree.from_dict(tree)
    joined.attrs = dict(after.tree.attrs)
    return dataclasses.replace(after, tree=joined)


def _observed(likelihoods: Sequence[Likelihood]) -> xr.Dataset:
    """What was measured of releases, and which of it is only a lower limit."""
    variables: dict[str, Any] = {}
    for one in _trends(likelihoods):
        dims = (_dim(one),)
        attrs = {"unit": one.unit}
        variables[one.metric] = (dims, one.data.values, attrs)
        variables[f"{one.metric}_is_limit"] = (dims, one.data.is_above)
    return xr.Dataset(variables, coords=_labels(likelihoods))


def _log_priors(
    prior: Stored, draws: Stored, names: Sequence[str]
) -> xr.Dataset | None:
    """Log density, under the prior, of each parameter of draws of the posterior."""
    joint = prior.joint
    beliefs = [joint.belief_of[name] for name in names if name in joint.belief_of]
    if len(beliefs) < len(names) or any(belief.by for belief in beliefs):
        return None
    variables = {
        belief.name: (SAMPLE, by_label(draws, joint, belief, log_density))
        for belief in beliefs
    }
    for cluster in joint.clusters:
        if set(cluster.names) <= set(names):
            members = [joint.belief_of[name] for name in cluster.names]
            scores = [by_label(draws, joint, one, score) for one in members]
            name = f"dependence of {', '.join(cluster.names)}"
            variables[name] = (SAMPLE, log_copula(cluster, np.stack(scores)))
    return _dataset(variables, draws.ones[None])


def _log_likelihoods(
    likelihoods: Sequence[Likelihood], says: SaysOfDraws
) -> xr.Dataset:
    """Log density of each kind of data, all together: they share errors."""
    variables = {}
    for one, own in zip(likelihoods, split(likelihoods, _flat(says)), strict=True):
        density = marginal(one.log_likelihood(own)).reshape(says.shape[1:])
        variables[one.name.replace(" ", "_")] = (SAMPLE, density)
    return _dataset(variables, says)


def _predictions(
    likelihoods: Sequence[Likelihood],
    says: SaysOfDraws,
    rng: np.random.Generator,
    *,
    is_posterior: bool,
) -> xr.Dataset:
    """Releases measured again in each draw: another drift, other errors."""
    variables: dict[str, Any] = {}
    for one, own in zip(likelihoods, split(likelihoods, _flat(says)), strict=True):
        if not isinstance(one, Trend):
            continue
        values = _measured_again(one, own, rng, is_posterior=is_posterior)
        rows = np.moveaxis(values.reshape(len(values), *says.shape[1:]), 0, -1)
        dims = (*SAMPLE, _dim(one))
        variables[one.metric] = (dims, rows.astype(np.float32), {"unit": one.unit})
    return _dataset(variables, says).assign_coords(_labels(likelihoods))


def _measured_again(
    one: Trend,
    says: Float[np.ndarray, "models draws"],
    rng: np.random.Generator,
    *,
    is_posterior: bool,
) -> Float[np.ndarray, "models draws"]:
    """Draws of the data, at a node of the scales that is drawn for each."""
    scatter, draws = one.scatter, says.shape[1]
    nodes = rng.integers(scatter.drifts.size, size=draws)
    if is_posterior:
        by_node = one.log_likelihood(says)
        shares = np.exp(by_node - by_node.max(axis=0))
        upto = np.cumsum(shares, axis=0)
        nodes = (upto < rng.random(draws) * upto[-1]).sum(axis=0)
    made = np.empty_like(says)
    for node in np.unique(nodes):
        at = nodes == node
        root = np.linalg.cholesky(scatter.covariance(one.data, int(node)))
        noise = root @ rng.standard_normal((len(says), int(at.sum())))
        made[:, at] = says[:, at] - MEAN * scatter.shortfalls[node] + noise
    return made


def _dataset(variables: dict[str, Any], says: SaysOfDraws) -> xr.Dataset:
    chains, draws = says.shape[1:]
    coords = {"chain": np.arange(chains), "draw": np.arange(draws)}
    return xr.Dataset(variables, coords=coords)


def _labels(likelihoods: Sequence[Likelihood]) -> dict[str, list[str]]:
    return {_dim(one): list(one.labels) for one in _trends(likelihoods)}


def _trends(likelihoods: Sequence[Likelihood]) -> list[Trend]:
    return [one for one in likelihoods if isinstance(one, Trend)]


def _dim(one: Trend) -> str:
    return f"{one.metric}_model"


def _flat(says: SaysOfDraws) -> Float[np.ndarray, "rows draws"]:
    return says.reshape(len(says), -1)
