"""Tables of text that fit the width of a terminal."""

from collections.abc import Sequence

INDENT = "  "


def grid(header: Sequence[str], rows: Sequence[Sequence[str]], width: int) -> list[str]:
    """Lines of a table: labels to the left, everything else to the right.

    Labels move to lines of their own where the table would be too wide.

    Args:
        header: A cell a column, the labels' first.
        rows: Cells; a row of two cells in a wider table says one thing for all columns.
        width: Widest line.
    """
    full = [row for row in rows if len(row) == len(header)]
    sizes = [max(map(len, column)) for column in zip(header, *full, strict=True)]
    first = max(len(row[0]) for row in (header, *rows))
    rest = sum(size + len(INDENT) for size in sizes[1:])
    spans = [len(row[1]) + len(INDENT) for row in rows if len(row) < len(header)]
    if first + max([rest, *spans]) <= width:
        return [_line(row, first, sizes[1:]) for row in (header, *rows)]
    lines = [_line(("", *header[1:]), 0, sizes[1:])]
    for row in rows:
        lines += [row[0], _line(("", *row[1:]), 0, sizes[1:])]
    return lines


def _line(row: Sequence[str], first: int, sizes: Sequence[int]) -> str:
    if len(row) - 1 < len(sizes):
        return f"{row[0]:<{first}}{INDENT}{row[1]}"
    cells = (INDENT + f"{c:>{size}}" for c, size in zip(row[1:], sizes, strict=True))
    return f"{row[0]:<{first}}{''.join(cells)}".rstrip()
