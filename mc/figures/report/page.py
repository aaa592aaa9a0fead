"""The page itself: what a run says, put into one HTML file that needs no other."""

import base64
import io
from collections.abc import Sequence
from dataclasses import dataclass
from importlib.resources import files

from jinja2 import Environment, StrictUndefined
from markupsafe import Markup
from matplotlib.figure import Figure

from mc.engine.results import Results
from mc.figures.labels import metric_names
from mc.figures.picture import DPI
from mc.figures.report import sentences, tables
from mc.figures.style import print_style
from mc.figures.worlds import worlds

NOT_MODELLED = (
    ("Developer uplift", "how much faster people build models with models"),
    ("Hardware built by AI", "chips and plants designed and run by models"),
    ("Inference-time compute of each laboratory", "budgets per answer"),
    ("Level shifts by post-training", "one jump, or a faster rate"),
    ("Distillation", "learning from the answers of a better model"),
    ("Data", "the end of public text"),
    ("Regulation", "limits and licences that become law"),
    ("Misuse thresholds", "at which score serious harm becomes possible"),
    ("Who may use a model", "everything here is about who can train it"),
)
"""What no number holds; ``docs/not-modelled.md`` says which way each would push."""


@dataclass(frozen=True, kw_only=True)
class Picture:
    """A figure of the page.

    Attributes:
        title: Its heading.
        wide: PNG for two columns.
        narrow: The same for a phone; None where there is no narrow drawing.
        notes: Sentences below it.
    """

    title: str
    wide: bytes
    narrow: bytes | None = None
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Material:
    """What a run folder does not hold and a page shows beside it.

    Attributes:
        robustness: The answer over paths, cards and actors; None where not asked.
        moves: What moves the answer; None where it cannot be drawn again.
        figures: Figures of the run, in order.
        left_out: Why something of this is missing, in sentences.
    """

    robustness: Picture | None
    moves: Picture | None
    figures: Sequence[Picture]
    left_out: Sequence[str] = ()


def page(results: Results, material: Material) -> str:
    """The page as HTML; all that comes from the run is escaped."""
    told = results.manifest
    folder = files("mc.figures.report")
    environment = Environment(
        autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    environment.filters["data"] = _data
    template = environment.from_string(folder.joinpath("page.html.j2").read_text())
    days = sentences.days(results)
    return template.render(
        style=Markup(folder.joinpath("page.css").read_text()),
        told=told,
        answer=sentences.answer(results),
        metrics=[
            (
                sentences.probability(results, name, next(iter(days), None)),
                sentences.interval(results, name),
            )
            for name in metric_names(results)
        ],
        worlds=worlds(results),
        material=material,
        gaps=tables.gaps(results),
        behind=tables.behind(results),
        beliefs=tables.beliefs(results),
        caveats=[caveat["line"] for caveat in told["caveats"]],
        not_modelled=NOT_MODELLED,
        run_id=results.run_id,
    )


@print_style()
def png(figure: Figure) -> bytes:
    """A figure as PNG at print resolution, without a date."""
    held = io.BytesIO()
    figure.savefig(held, format="png", dpi=DPI, metadata={"Software": "meekmc"})
    return held.getvalue()


def _data(image: bytes) -> str:
    return f"data:image/png;base64,{base64.b64encode(image).decode()}"
