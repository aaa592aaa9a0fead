"""Where a command writes a card and what stands beside it: new files, all or none."""

import os
from collections.abc import Mapping
from pathlib import Path

from priors.faults import Fault, Refusal


def new_card(text: str | None, key: str, beside: tuple[str, ...] = ()) -> Path | None:
    """Return where a card goes; None where none is wanted.

    Args:
        text: As typed.
        key: The option.
        beside: Endings of the files that will stand beside it.

    Raises:
        Refusal: If it is no new TOML file in a folder that is there.
    """
    if text is None:
        return None
    file = Path(text)
    if file.suffix != ".toml":
        raise Refusal(Fault(f'"{text}" must end in .toml', key=key))
    for path in (file, *(file.with_suffix(ending) for ending in beside)):
        if path.exists():
            raise Refusal(Fault("is there already", file=str(path), key=key))
    if not file.parent.is_dir():
        raise Refusal(Fault(f"there is no folder {file.parent}", key=key))
    return file


def write_all(texts: Mapping[Path, str]) -> None:
    """Write files beside their places, then rename them in this order.

    Args:
        texts: What goes where; a card after the tables that it names.
    """
    scratch = {path: path.with_name(f".{path.name}.{os.getpid()}") for path in texts}
    try:
        for path, text in texts.items():
            scratch[path].write_text(text, encoding="utf-8")
        for path in texts:
            scratch[path].replace(path)
    finally:
        for path in scratch.values():
            path.unlink(missing_ok=True)
