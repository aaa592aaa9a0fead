"""A conditioned run as a folder: that of ``meekmc run``, its prior and its card."""

import dataclasses
import math
import shlex
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from experiments.cli.refusals import REFUSED, Stop

if TYPE_CHECKING:
    import datetime

    from mc.analysis.conditioning.conditioned import Conditioned
    from mc.engine.plan import Plan
    from mc.engine.results import Results

NAME = "posterior"
"""Of the card in the folder."""


def free(text: str) -> Path:
    """A folder that can take a run, before any work is done."""
    from mc.engine.storage import check_free

    check_free(Path(text))
    return Path(text)


def write(
    folder: Path,
    plan: "Plan",
    found: "Conditioned",
    ids: Sequence[str],
    known: "datetime.date",
) -> None:
    """Run the question under the posterior's card, and write it with its prior.

    Args:
        folder: Where; it is not there yet, or empty.
        plan: What was asked under the prior.
        found: It, before and after data.
        ids: The data sets.
        known: When the last of them was published.
    """
    from experiments.cli.undefined import undefined
    from mc.analysis.conditioning.asked_again import asked_again, card_of, loaded
    from mc.analysis.conditioning.groups import with_groups
    from mc.engine import storage
    from mc.engine.invalid import InvalidDraw
    from mc.engine.run import execute
    from mc.figures import draw_all

    made = card_of(found, NAME, ids, known)
    again = asked_again(plan, loaded(made, NAME))
    try:
        after = execute(again, command=_command(folder, again))
    except InvalidDraw as error:
        raise Stop(REFUSED, undefined(again, error)) from error
    results = with_groups(plan, found, again, _told(after, found, ids))
    with storage.writing(folder) as scratch:
        results.save(scratch)
        card = scratch / f"{NAME}.toml"
        card.write_text(made.text, encoding="utf-8")
        card.with_suffix(".csv").write_text(made.table, encoding="utf-8")
        draw_all(results, scratch / "figures")
        storage.write_manifest(scratch, results.manifest)


def _command(folder: Path, again: "Plan") -> str:
    """What draws the same run without its prior."""
    words = ["meekmc", "run", again.experiment.name]
    words += ["--card", str(folder / f"{NAME}.toml"), "--draws", str(again.num_draws)]
    return shlex.join([*words, "--today", again.today.isoformat()])


def _told(after: "Results", found: "Conditioned", ids: Sequence[str]) -> "Results":
    """The run with what it was conditioned on in its manifest."""
    khat = found.weights.khat
    told = {
        "prior": found.draws.card.name,
        "prior_run": found.draws.results.run_id,
        "evidence": list(ids),
        "sampler": "weights" if found.chains is None else "nuts",
        "khat": khat if math.isfinite(khat) else None,
    }
    return dataclasses.replace(after, manifest=after.manifest | {"conditioned": told})
