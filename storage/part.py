"""A part of an object that is made when it is first asked for.

As functools.cached_property, without the lock it takes each time before Python 3.12: that cost a
message's transaction, which one thread runs, more than any other single call.
"""

from collections.abc import Callable
from typing import Any, Generic, TypeVar

P = TypeVar("P")


class Part(Generic[P]):
    """Makes the part from its owner and leaves it in the owner's attributes."""

    def __init__(self, make: Callable[[Any], P]) -> None:
        self._make = make

    def __set_name__(self, _owner: type, name: str) -> None:
        self._name = name

    def __get__(self, instance: Any, _owner: type | None = None) -> P:
        """Return the part; asked once, since what is found in the instance comes first."""
        part = instance.__dict__[self._name] = self._make(instance)
        return part
