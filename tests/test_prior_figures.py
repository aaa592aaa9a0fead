"""Figures of beliefs: every word on the page, none on another."""

import itertools

import pytest
from test_figures import texts

import priors
from mc.analysis.predictive import checks
from mc.figures.cards import Panel, cards_drawn
from mc.figures.densities import density, shared_ends
from mc.figures.fits import fits
from mc.figures.implied import implied
from priors.candidates import Asked, candidates, ranked
from priors.contrasts import contrasts
from priors.echo import overall
from priors.units import GROWTH_UNITS, own_unit

NUMBERS = {
    "x/yr": (1.2, 1.4, 1.9),
    "doubling_months": (4.0, 7.0, 15.0),
    "OOM/yr": (-0.1, 0.2, 0.4),
}


def fitted(unit, numbers):
    quantiles = dict(zip(("0.05", "0.5", "0.95"), numbers, strict=True))
    asked = Asked.of({"quantiles": quantiles}, unit)
    laws = {one.name: one.law for one in ranked(candidates(asked)[0])}
    return fits(laws, asked.canonical, unit, "Laws")


def compared(*names):
    cards = {name: priors.load(name) for name in names}
    found = contrasts(cards)[:12]
    panels = [
        Panel(
            name=one.name,
            unit=next(iter(cards.values())).joint.units[one.name],
            laws=one.laws,
            pool=one.pooled((0.5, 0.5)) if len(names) == len(one.laws) == 2 else None,
        )
        for one in found
    ]
    return cards_drawn(panels, list(cards), (0.5, 0.5) if len(names) == 2 else ())


def of_card(name):
    found, _ = checks(priors.load(name))
    pairs = [(check.observation, check.draws) for check in found]
    return implied(pairs, [not check.seen for check in found], name)


FIGURES = {
    **{
        name: (lambda name=name: fitted(GROWTH_UNITS[name], NUMBERS[name]))
        for name in NUMBERS
    },
    "FLOP": lambda: fitted(own_unit("FLOP", "scale"), (1e24, 1e25, 1e27)),
    "two cards": lambda: compared("literature-2026", "history-2026"),
    "one card": lambda: compared("literature-2026"),
    "implied": lambda: of_card("literature-2026"),
}


@pytest.mark.parametrize("name", FIGURES)
def test_every_word_is_on_the_page_and_on_no_other(name):
    figure = FIGURES[name]()
    figure.draw_without_rendering()
    page = figure.bbox.padded(1)
    boxes = [(t.get_text(), t.get_window_extent()) for t in texts(figure)]
    assert len(boxes) > 10
    for text, box in boxes:
        assert page.x0 <= box.x0, text
        assert page.y0 <= box.y0, text
        assert page.x1 >= box.x1, text
        assert page.y1 >= box.y1, text
    for (one, a), (other, b) in itertools.combinations(boxes, 2):
        assert not a.padded(-2.0).overlaps(b.padded(-2.0)), (one, other)


@pytest.mark.parametrize("name", ["irreducible_loss", "hardware_growth"])
def test_a_density_is_the_mass_of_its_bins(name):
    law = overall(priors.load("literature-2026").joint, name)
    found = density(law, shared_ends([law]))
    width = found.middles[1] - found.middles[0]
    held = found.density.sum() * width + sum(found.atoms.values())
    # An axis leaves out 0.2 % at either end.
    assert held == pytest.approx(1.0, abs=0.005)
    assert found.density.min() >= 0.0
    assert found.atoms == ({1.69: 0.3} if name == "irreducible_loss" else {})
