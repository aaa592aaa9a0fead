"""Pages of the metrics and the compute paths, from what the program knows of them.

No fact stands here: names, formulas, bounds, needs and caveats are the registry's,
words the records' own. ``PICTURES=0`` leaves out the pictures, which take some minutes.
"""

import datetime
import inspect
import os
import sys
from collections.abc import Iterator
from pathlib import Path

from mc.model.entries import Entry, shelf
from priors.parameters import parameter

CARD = "literature-2026"
METRIC = "task_success_1h"
"""The metric in which a path is pictured."""
DRAWS = 1024
TODAY = datetime.date(2026, 12, 1)
TITLES = {"metrics": "Metrics", "compute": "Compute paths"}


def write_pages(folder: Path) -> list[Path]:
    """Write one page for every metric and path, and one that lists each shelf.

    Args:
        folder: Where they go; made if it is not there.

    Returns:
        The pages.
    """
    pages = []
    for kind, title in TITLES.items():
        (folder / kind).mkdir(parents=True, exist_ok=True)
        entries = shelf(kind)
        for entry in entries.values():
            file = folder / kind / f"{entry.name}.md"
            drawn = _picture(entry, kind, file.with_suffix(".svg"))
            file.write_text("\n\n".join(_page(entry, kind, drawn)) + "\n", "utf-8")
            pages.append(file)
        pages.append(folder / f"{kind}.md")
        pages[-1].write_text(_list(title, kind, entries), "utf-8")
    return pages


def _list(title: str, kind: str, entries: dict[str, Entry]) -> str:
    rows = [
        f"| [{e.name}]({kind}/{e.name}.md) | {e.summary} |" for e in entries.values()
    ]
    tree = [f"{kind}/{name}" for name in entries]
    return "\n".join(
        [
            f"# {title}",
            "",
            "| name | |",
            "|---|---|",
            *rows,
            "",
            "```{toctree}",
            ":hidden:",
            "",
            *tree,
            "```",
            "",
        ]
    )


def _page(entry: Entry, kind: str, picture: Path | None) -> Iterator[str]:
    yield f"# {entry.name}"
    yield f"{_capital(entry.summary)}."
    if picture is not None:
        what = "the metric" if kind == "metrics" else METRIC
        yield f"![The gap in {what}, frontier and meek]({picture.name})"
        yield f"*{DRAWS:,} draws of the card `{CARD}`.*"
    if entry.formula:
        yield f"```{{raw}} html\n{_formula(entry.formula)}\n```"
        yield "x = ln C; C is effective training compute in FLOP."
    yield from _facts(entry, kind)
    words = inspect.getdoc(entry.load()) or ""
    if words:
        yield "## As the code says it"
        yield f"```text\n{words}\n```"
    needed = list(_needed(entry))
    if needed:
        yield "## Beliefs it needs"
        yield "\n".join(["| parameter | unit | meaning |", "|---|---|---|", *needed])
    if entry.caveats:
        yield "## Caveats"
        yield "\n".join(f"- {line}" for _, line in entry.caveats)


def _facts(entry: Entry, kind: str) -> Iterator[str]:
    told: dict[str, str] = {}
    if kind == "metrics":
        low, high = ("none" if b is None else f"{b:g}" for b in entry.bounds)
        told = {
            "unit of the gap": entry.unit,
            "which way is better": entry.direction,
            "bounds": f"{low} to {high}",
            "closed": f"a gap of at most {entry.tolerance:g} {entry.unit}",
            **_class(entry),
            "short names": ", ".join(f"`{name}`" for name in entry.aliases),
        }
    else:
        told = {
            "puts its own in the place of": ", ".join(entry.replaces),
            "takes for granted": entry.assumes,
        }
    told["words"] = ", ".join(f"`{key}`" for key in entry.arguments)
    rows = [f"| {name} | {text} |" for name, text in told.items() if text]
    if rows:
        yield "\n".join(["| | |", "|---|---|", *rows])


def _class(entry: Entry) -> dict[str, str]:
    """Meek or mighty, by which theorem, as ``meekmc classify`` says."""
    from experiments.cli.classify import limit_in_words, of_entry
    from mc.model.meekness import KINDS

    found = of_entry(entry)
    verdict = found.verdict
    theorem = f" ({verdict.theorem} of arXiv 2607.00913)" if verdict.theorem else ""
    return {
        "class": f"{KINDS[verdict.kind]}{theorem}",
        "limit of the gap": limit_in_words(found),
        "why": verdict.reason,
    }


def _needed(entry: Entry) -> Iterator[str]:
    names = dict.fromkeys(n for need in entry.needs for o in need for n in o)
    for name in names:
        known = parameter(name.removesuffix("[]"))
        if known is not None:
            yield f"| `{known.name}` | {known.unit} | {known.meaning} |"


def _formula(text: str) -> str:
    """A metric as MathML, which browsers set without a script."""
    from sympy.printing.mathml import mathml

    from mc.model.formula import parse

    inner = mathml(parse(text).expression, printer="presentation")
    begun = "<mi>F</mi><mo>(</mo><mi>x</mi><mo>)</mo><mo>=</mo>"
    return f'<p><math display="block">{begun}{inner}</math></p>'


def _capital(words: str) -> str:
    return words[:1].upper() + words[1:]


def _picture(entry: Entry, kind: str, file: Path) -> Path | None:
    """The fan of one metric, or of one path; None where the card does not reach."""
    if os.environ.get("PICTURES") == "0":
        return None
    if file.is_file():
        return file
    import priors
    from mc.engine.experiment import Experiment
    from mc.engine.run import run
    from mc.figures import fan
    from mc.figures.picture import save_one
    from priors.faults import Refusal

    metric = METRIC if kind == "compute" else next(iter(entry.aliases), entry.name)
    question = Experiment(
        name=entry.name,
        question=entry.summary,
        metrics=(metric,),
        path=entry.name if kind == "compute" else None,
    )
    for card in (CARD, "paths-2026"):
        try:
            found = run(question, priors.load(card), draws=DRAWS, today=TODAY)
        except Refusal:
            continue
        save_one(fan(found, next(iter(found.manifest["metrics"]))), file)
        return file
    return None


if __name__ == "__main__":
    for page in write_pages(Path(sys.argv[1])):
        print(page)  # noqa: T201
