"""Cards whose growths are normal in their logarithms, with what a loss gap needs."""

from collections.abc import Mapping

_REST = """[parameters.initial_compute_ratio]
point = 1
[parameters.initial_compute]
unit = "FLOP"
point = 2e25
[parameters.loss_coefficient]
unit = "nats/token"
point = 1000
[parameters.irreducible_loss]
unit = "nats/token"
point = 1.8
"""


def card_text(
    growths: Mapping[str, tuple[float, float]], loss_exponent: str, more: str = ""
) -> str:
    """A card.

    Args:
        growths: Mean and standard deviation, ln per year, by parameter.
        loss_exponent: The keys of that parameter.
        more: Further tables.
    """
    tables = "".join(
        f'[parameters.{name}]\nunit = "ln/yr"\nlaw = "normal"\n'
        f"mean = {mean}\nsd = {sd}\n"
        for name, (mean, sd) in growths.items()
    )
    head = 'schema = 1\nname = "normal"\nreference_date = 2023-03-14\n'
    exponent = f"[parameters.loss_exponent]\n{loss_exponent}\n"
    return f"{head}{tables}{_REST}{exponent}{more}"
