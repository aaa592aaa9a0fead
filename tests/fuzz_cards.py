"""Coverage-guided fuzzing of the card reader, by hand: ``make fuzz``.

Atheris (libFuzzer for Python, Google) mutates the shipped cards and the malformed ones
towards lines of ``priors`` that were not reached before. A card is read, or refused in
words; anything else stops the fuzzer, which leaves the card in a file.
"""

import sys
import tempfile
from pathlib import Path

import atheris

with atheris.instrument_imports(include=["priors"]):
    from priors import cards
    from priors.cards import SHIPPED
    from priors.faults import Refusal

import malformed

FOLDER = Path(tempfile.mkdtemp(prefix="meekmc-fuzz-"))
CARD, SEEDS = FOLDER / "card.toml", FOLDER / "seeds"


def read(data: bytes) -> None:
    """Read a card of these bytes; every fault must name the file."""
    CARD.write_bytes(data)
    try:
        cards.load(CARD)
    except Refusal as refusal:
        for fault in refusal.faults:
            if fault.file is None or not str(fault).strip():
                raise AssertionError(f"a fault without a place: {fault}") from refusal


def seeds() -> None:
    """One small file for each parameter of each card, so that mutations are quick."""
    import tomllib

    SEEDS.mkdir()
    (FOLDER / "fit.csv").write_text(malformed.TABLE)
    for text in (malformed.EVERY, *(f.read_text() for f in SHIPPED.glob("*.toml"))):
        tables = tomllib.loads(text)
        (SEEDS / f"{tables['name']}.toml").write_text(text)
        for name in tables["parameters"]:
            path = ("parameters", name, "note")
            alone = malformed.with_value({"dependence": {}} | tables, path, '"x"')
            stem = f"{tables['name']}-{name}".replace("/", "-")
            (SEEDS / f"{stem}.toml").write_text(alone)


if __name__ == "__main__":
    seeds()
    atheris.Setup([sys.argv[0], str(SEEDS), *sys.argv[1:]], read)
    atheris.Fuzz()
