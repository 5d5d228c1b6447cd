"""Prints rows side by side, as Markdown, medians over interleaved rounds."""

from collections.abc import Sequence
from statistics import median

WHOLE_FROM = 100
"""Larger numbers are shown without decimals."""


def show(head: Sequence[str], rows: Sequence[Sequence[object]]) -> None:
    """Print a table."""
    print("| " + " | ".join(head) + " |")
    print("|" + "---|" * len(head))
    for row in rows:
        print("| " + " | ".join(_cell(cell) for cell in row) + " |")


def middle(values: Sequence[float]) -> float:
    """Return the median."""
    return median(values)


def quantile(values: Sequence[float], share: float) -> float:
    """Return the value that `share` of all values do not exceed."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(len(ordered) * share))]


def _cell(value: object) -> str:
    if isinstance(value, float):
        return f"{value:,.2f}" if abs(value) < WHOLE_FROM else f"{value:,.0f}"
    return str(value)
