"""Plants known mistakes, one at a time; the tests must notice each: ``make plant``.

Each is a mistake that engines of this kind really made (``reliability.md``, section
3.9). A copy of the sources gets the mistake; the tests named beside it must fail there,
and pass without it.
"""

import os
import shutil
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[1]
COPIED = ("benchmarks", "experiments", "mc", "priors", "tests", "pyproject.toml")


@dataclass(frozen=True)
class Bug:
    """One mistake.

    Attributes:
        name: What it does.
        file: Where it is planted.
        right: The text there, which stands once.
        wrong: What takes its place.
        tests: Files of tests that are to notice.
    """

    name: str
    file: str
    right: str
    wrong: str
    tests: tuple[str, ...]


UNITS, STREAMS = "priors/units.py", "mc/draws/streams.py"
DESIGNS, TABLES = "mc/draws/designs.py", "mc/draws/tables.py"
LINE, ROWS = "mc/outcomes/distributions.py", "mc/outcomes/summaries.py"
ERRORS = "mc/outcomes/errors.py"
DECAY, LEDGER = "mc/model/curves/decay.py", "mc/model/ledger.py"
CONVERGENCE, PEAKS = "mc/outcomes/convergence.py", "mc/outcomes/peaks.py"
BUGS = (
    Bug(
        "growth of OOM per year is taken for natural logarithms",
        UNITS,
        'Unit(name="OOM/yr", kind="growth", factor=LN_10)',
        'Unit(name="OOM/yr", kind="growth")',
        ("units",),
    ),
    Bug(
        "a month has 30 days",
        UNITS,
        "MONTHS_PER_YEAR = 12.0",
        "MONTHS_PER_YEAR = DAYS_PER_YEAR / 30",
        ("units",),
    ),
    Bug(
        "a year has 365 days",
        UNITS,
        "DAYS_PER_YEAR = 365.25",
        "DAYS_PER_YEAR = 365.0",
        ("units",),
    ),
    Bug(
        "the variance of a normal law is taken for its standard deviation",
        "priors/laws.py",
        "return self.mean + self.sd * z",
        "return self.mean + self.sd**2 * z",
        ("laws",),
    ),
    Bug(
        "an interval is 1.96 standard deviations, whatever its mass",
        "priors/families.py",
        "    mean, sd = _line(normal.quantile(levels), values)\n"
        "    return Normal(mean=mean, sd=sd)\n",
        "    mean, sd = _line(np.sign(levels - 0.5) * 1.96, values)\n"
        "    return Normal(mean=mean, sd=sd)\n",
        ("elicitation",),
    ),
    Bug(
        "normal scores beyond 3 are clipped",
        TABLES,
        "scores = jnp.clip(scores, -REACH, REACH)",
        "scores = jnp.clip(scores, -3.0, 3.0)",
        ("tables",),
    ),
    Bug(
        "one stream for every parameter",
        STREAMS,
        "        + name.encode()\n",
        "",
        ("streams", "designs"),
    ),
    Bug(
        "one stream for every replicate",
        STREAMS,
        '_big_endian("replicate", replicate, 4)',
        '_big_endian("replicate", 0, 4)',
        ("streams", "designs"),
    ),
    Bug(
        "the seed has no effect",
        STREAMS,
        '_big_endian("seed", seed, 8)',
        '_big_endian("seed", 0, 8)',
        ("streams", "designs"),
    ),
    Bug(
        "the twin of the pick-freeze design is the draw itself",
        STREAMS,
        '_big_endian("copy", copy, 4)',
        '_big_endian("copy", 0, 4)',
        ("streams", "designs"),
    ),
    Bug(
        "a Sobol' dimension without its scramble",
        DESIGNS,
        "shifts=words[:, 0])",
        "shifts=0 * words[:, 0])",
        ("designs",),
    ),
    Bug(
        "draws depend on where a block begins",
        DESIGNS,
        "return self.sequence(name, copy).words(first_point, num_points)",
        "return self.sequence(name, copy).words(0, num_points)",
        ("designs",),
    ),
    Bug(
        "rank correlations are lost",
        "mc/draws/transport.py",
        "        return own | mixed\n",
        "        return mixed | own\n",
        ("transport",),
    ),
    Bug(
        "Spearman's correlation is taken for Pearson's",
        "priors/dependence.py",
        "return 2.0 * math.sin(math.pi * self.value / 6.0)",
        "return self.value",
        ("dependence",),
    ),
    Bug(
        "the gap by plain subtraction in single precision",
        DECAY,
        "return jnp.exp(self.log_rest(x)) * one_minus_exp(self.exponent * lead)",
        "return self.value(x + lead) - self.value(x)",
        ("metric_values",),
    ),
    Bug(
        "the frontier does without the progress of hardware",
        LEDGER,
        "            *self.counts * (self.hardware,),\n"
        "            self.algorithms,\n"
        "            *self.counts * (self.investment,),\n",
        "            self.algorithms,\n"
        "            *self.counts * (self.investment,),\n",
        ("paths", "compute"),
    ),
    Bug(
        "compute at the start in powers of ten",
        "mc/model/reducible_loss.py",
        "start = log_initial_compute(parameters)",
        "start = log_initial_compute(parameters) / 2.302585",
        ("metric_values",),
    ),
    Bug(
        "the first crossing of the tolerance for the last",
        CONVERGENCE,
        "return jnp.max(jnp.where(above, index, -1), axis=0)",
        "return jnp.argmin(above, axis=0).astype(jnp.int32) - 1",
        ("path_events", "events"),
    ),
    Bug(
        "a tolerance relative to the peak",
        CONVERGENCE,
        "lambda t: log_gap_at(metric, budget, t) - log_tolerance,",
        "lambda t: log_gap_at(metric, budget, t) - log_tolerance - peak.log_gap,",
        ("events",),
    ),
    Bug(
        "a peak on a grid of dates",
        PEAKS,
        "        years = jnp.where(take(after_jump, knot), right, root)\n",
        "        years = jnp.where(take(after_jump, knot), right, left)\n",
        ("events",),
    ),
    Bug(
        "never is read from the window's end, not from the limit",
        CONVERGENCE,
        "        (lasting, Status.NEVER),\n",
        "        (last == final, Status.NEVER),\n",
        ("events",),
    ),
    Bug(
        "censored draws keep their date",
        CONVERGENCE,
        "    return jnp.where(status == Status.OBSERVED, years, "
        "outside.astype(years.dtype))\n",
        "    del outside\n    return years\n",
        ("events",),
    ),
    Bug(
        "censored draws are dropped from quantiles",
        LINE,
        "        target = int(rank(np.array(min(max(prob, 0.0), 1.0)), "
        "self.num_draws))\n"
        "        totals",
        "        target = int(self._already.sum()) + int(\n"
        "            rank(np.array(min(max(prob, 0.0), 1.0)), self.num_observed)\n"
        "        )\n"
        "        totals",
        ("distributions",),
    ),
    Bug(
        "draws that are already past count as the latest",
        LINE,
        "np.where(status == Status.ALREADY, -infinity, infinity)",
        "np.where(status == Status.ALREADY, infinity, infinity)",
        ("distributions",),
    ),
    Bug(
        "a date itself counts as before it",
        LINE,
        'return self._before(value, side="left") / self._per_replicate',
        'return self._before(value, side="right") / self._per_replicate',
        ("distributions",),
    ),
    Bug(
        "errors with 1.96 for Student's factor",
        ERRORS,
        "return float(stdtrit(df, 0.5 + CONFIDENCE / 2))",
        "return 1.959964 + 0.0 * df",
        ("summaries",),
    ),
    Bug(
        "the error of an average with the spread of one replicate",
        ERRORS,
        "float(np.std(values, ddof=1) / np.sqrt(len(values)))",
        "float(np.std(values, ddof=1))",
        ("summaries",),
    ),
    Bug(
        "a count of none is certain",
        ROWS,
        "error = 3 / int(draws.status_counts.sum())",
        "error = 0 / int(draws.status_counts.sum())",
        ("summaries",),
    ),
    Bug(
        "counted quantiles are off by one rank's bracket",
        "mc/outcomes/bands.py",
        "upper = np.sum(counts < target, axis=-1)",
        "upper = np.sum(counts <= target, axis=-1) - 1",
        ("bands",),
    ),
    Bug(
        "a chunk of draws is counted twice, another never",
        "mc/engine/blocks.py",
        "yield first // self.replicates, size // self.replicates",
        "yield first // (2 * size) * 2 * size // self.replicates, "
        "size // self.replicates",
        ("tile",),
    ),
)


def main() -> int:
    """Plant every mistake, or those whose names hold a given word."""
    wanted = [bug for bug in BUGS if all(word in bug.name for word in sys.argv[1:])]
    with tempfile.TemporaryDirectory(prefix="meekmc-planted-") as folder:
        copy = Path(folder)
        for name in COPIED:
            _copied(ROOT / name, copy / name)
        names = sorted({name for bug in wanted for name in bug.tests})
        if _fails(copy, tuple(names)):
            sys.stdout.write("the tests fail without any mistake: nothing is shown\n")
            return 1
        missed = [bug for bug in wanted if not _noticed(copy, bug)]
    sys.stdout.write(f"{len(wanted) - len(missed)} of {len(wanted)} noticed\n")
    return 1 if missed else 0


def _noticed(copy: Path, bug: Bug) -> bool:
    file = copy / bug.file
    text = file.read_text(encoding="utf-8")
    if text.count(bug.right) != 1:
        raise SystemExit(f"{bug.name}: the place in {bug.file} has changed")
    file.write_text(text.replace(bug.right, bug.wrong), encoding="utf-8")
    try:
        noticed = _fails(copy, bug.tests)
    finally:
        file.write_text(text, encoding="utf-8")
    sys.stdout.write(f"{'noticed' if noticed else 'MISSED '}  {bug.name}\n")
    sys.stdout.flush()
    return noticed


def _fails(copy: Path, tests: tuple[str, ...]) -> bool:
    files = [f"tests/test_{name}.py" for name in tests]
    options = ["-q", "-x", "-p", "no:cacheprovider", "-m", "not slow"]
    done = subprocess.run(
        [sys.executable, "-m", "pytest", *options, *files],
        cwd=copy,
        env={
            **os.environ,
            "PYTHONPATH": str(copy),
            "JAX_ENABLE_X64": "0",
            "MEEKMC_CACHE": str(ROOT / ".pytest_cache" / "compiled"),
        },
        capture_output=True,
        check=False,
    )
    if done.returncode not in (0, 1, 2):
        raise SystemExit(done.stdout.decode()[-2000:])
    return done.returncode != 0


def _copied(source: Path, target: Path) -> None:
    if source.is_dir():
        shutil.copytree(source, target, ignore=shutil.ignore_patterns("__pycache__"))
    else:
        shutil.copy(source, target)


if __name__ == "__main__":
    sys.exit(main())
