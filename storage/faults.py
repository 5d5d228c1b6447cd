"""What can be wrong with the database itself, in the words of this product."""

from enum import StrEnum


class FaultKind(StrEnum):
    """Why nothing can be stored at the moment."""

    LOCKED = "locked"
    FULL = "full"
    DOWN = "down"
    CROWDED = "crowded"
    """Every worker number is taken (storage/seats.py)."""


class StoreUnavailable(Exception):
    """The database did not take the work; nothing of it was stored."""

    def __init__(self, kind: FaultKind) -> None:
        super().__init__(kind.value)
        self.kind = kind


def fault_of(error: BaseException) -> FaultKind:
    """Return what an engine's error message means."""
    message = str(error).lower()
    if "locked" in message or "busy" in message or "lock timeout" in message:
        return FaultKind.LOCKED
    if "full" in message or "no space" in message:
        return FaultKind.FULL
    return FaultKind.DOWN
