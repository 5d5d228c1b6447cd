"""Turns what the world does to a command into a sentence and an exit code."""

from collections.abc import Iterator
from contextlib import contextmanager

from bot.commands import texts
from bot.commands.options import give_up


@contextmanager
def in_words() -> Iterator[None]:
    """End the command with a sentence when the folder or the database cannot be used."""
    from bot.folder import FolderUnusable
    from storage.faults import StoreUnavailable
    from storage.opening import DatabaseUnusable

    try:
        yield
    except FolderUnusable as unusable:
        give_up(str(unusable))
    except DatabaseUnusable as unusable:
        give_up(texts.unusable(unusable.reason.value, unusable.detail))
    except StoreUnavailable as unavailable:
        give_up(texts.STORE_UNAVAILABLE.format(reason=unavailable.kind.value))
