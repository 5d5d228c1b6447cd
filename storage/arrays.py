"""Writes an array of keys as PostgreSQL reads it: the driver takes three times as long for it."""

from collections.abc import Callable, Sequence

from sqlalchemy import ARRAY, Dialect
from sqlalchemy.types import TypeDecorator


class Written(TypeDecorator[Sequence[str | int]]):
    """An array that a statement is given as its text; made with the type of its items."""

    impl = ARRAY
    cache_ok = True

    def bind_processor(self, _dialect: Dialect) -> Callable[[Sequence[str | int] | None], str]:
        """Return what writes it."""
        return lambda values: "{" + ",".join(map(_item, values or ())) + "}"


def _item(value: str | int) -> str:
    if isinstance(value, int):
        return str(int(value))
    if "\\" in value or '"' in value:
        value = value.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{value}"'
