"""Alarms kept on disk while the database is down, until they can be stored properly."""

import json
import os
from pathlib import Path
from threading import Lock


class Spool:
    """A file of JSON lines; every line is on the disk before `keep` returns."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._lock = Lock()

    def keep(self, alarm: dict[str, object]) -> None:
        """Write an alarm down."""
        # A write that was cut off has no end of line: a new one lets it spoil only itself.
        line = "\n" + json.dumps(alarm, ensure_ascii=True) + "\n"
        with self._lock:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            with self._path.open("a", encoding="ascii") as file:
                file.write(line)
                file.flush()
                os.fsync(file.fileno())

    def waiting(self) -> list[dict[str, object]]:
        """Return what was written down and not removed yet; a half-written line is left out."""
        with self._lock:
            if not self._path.exists():
                return []
            lines = self._path.read_text("ascii").split("\n")
        found = []
        for line in lines:
            try:
                alarm = json.loads(line)
            except ValueError:
                continue
            if isinstance(alarm, dict):
                found.append(alarm)
        return found

    def forget(self, count: int) -> None:
        """Remove the first `count` alarms: they are stored now."""
        with self._lock:
            lines = [line for line in self._path.read_text("ascii").split("\n") if line]
            rest = "".join(line + "\n" for line in lines[count:])
            temporary = self._path.with_suffix(".new")
            temporary.write_text(rest, "ascii")
            temporary.replace(self._path)
