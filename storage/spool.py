"""Alarms kept on disk while the database is down, until they can be stored properly."""

import fcntl
import json
import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from threading import Lock

Kept = dict[str, object]


class Spool:
    """A file of JSON lines, shared by the workers of one machine.

    Every line is on the disk before `keep` returns.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._lock = Lock()

    def keep(self, alarm: Kept) -> None:
        """Write an alarm down."""
        # A write that was cut off has no end of line: a new one lets it spoil only itself.
        line = "\n" + json.dumps(alarm, ensure_ascii=True) + "\n"
        self._path.parent.mkdir(parents=True, exist_ok=True)
        with self._alone(), self._path.open("a", encoding="ascii") as file:
            file.write(line)
            file.flush()
            os.fsync(file.fileno())

    def waiting(self) -> list[Kept]:
        """Return what was written down and not removed yet; a half-written line is left out."""
        if not self._path.exists():
            return []
        with self._alone():
            found = [_read(line) for line in self._lines()]
        return [alarm for alarm in found if alarm is not None]

    def forget(self, alarms: Sequence[Kept]) -> None:
        """Remove these alarms, and broken lines: they are stored now."""
        with self._alone():
            rest = "".join(
                line + "\n"
                for line in self._lines()
                if (alarm := _read(line)) is not None and alarm not in alarms
            )
            temporary = self._path.with_suffix(".new")
            temporary.write_text(rest, "ascii")
            temporary.replace(self._path)

    def _lines(self) -> list[str]:
        return self._path.read_text("ascii").split("\n") if self._path.exists() else []

    @contextmanager
    def _alone(self) -> Iterator[None]:
        """Keep other threads and processes away from the file meanwhile."""
        with self._lock, self._path.with_suffix(".lock").open("w") as guard:
            fcntl.flock(guard, fcntl.LOCK_EX)
            yield


def _read(line: str) -> Kept | None:
    try:
        alarm = json.loads(line)
    except ValueError:
        return None
    return alarm if isinstance(alarm, dict) else None
