"""The data folder: one process at a time, or, on PostgreSQL, the workers of one street."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from bot import texts

DEFAULT = Path("data")
LOCK = "xiaoer.lock"


class FolderUnusable(Exception):
    """The data folder cannot be used now; the message says why and what to do."""


@contextmanager
def claimed(folder: Path, *, shared: bool = False) -> Iterator[None]:
    """Hold the folder for this process; raises FolderUnusable when another one has it.

    Those who only share it may hold it together.

    The lock belongs to the process, so it is gone when the process is, however it ended.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        handle = os.open(folder / LOCK, os.O_RDWR | os.O_CREAT, 0o600)
    except OSError as error:
        reason = error.strerror or str(error)
        raise FolderUnusable(texts.NO_FOLDER.format(folder=folder, reason=reason)) from None
    with os.fdopen(handle, "r+") as file:
        try:
            fcntl.flock(file, (fcntl.LOCK_SH if shared else fcntl.LOCK_EX) | fcntl.LOCK_NB)
        except OSError:
            pid = file.read().strip() or "?"
            raise FolderUnusable(texts.IN_USE.format(folder=folder, pid=pid)) from None
        file.truncate(0)
        file.write(str(os.getpid()))
        file.flush()
        yield
