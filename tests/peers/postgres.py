"""A real PostgreSQL server for tests: its own data folder, a Unix socket, no network."""

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

PLACES = sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)


def programs() -> Path | None:
    """Return the folder with initdb and postgres, or None when PostgreSQL is not installed."""
    found = shutil.which("initdb")
    candidates = [*PLACES, *([Path(found).resolve().parent] if found else [])]
    return next((place for place in candidates if (place / "initdb").exists()), None)


class Server:
    """A server that a test starts and stops."""

    def __init__(self, *, durable: bool = True) -> None:
        """Make its data folder.

        One that is not durable is faster; what it holds does not outlive a failure of the machine.
        """
        bin_folder = programs()
        assert bin_folder is not None
        self.folder = Path(tempfile.mkdtemp(prefix="xiaoer-pg-"))
        as_owner: list[str] = []
        if os.geteuid() == 0:
            # PostgreSQL refuses to run as root; Debian's package made this user.
            shutil.chown(self.folder, "postgres")
            as_owner = ["runuser", "-u", "postgres", "--"]
        data = ["-D", str(self.folder / "data")]
        self._control = [*as_owner, str(bin_folder / "pg_ctl"), *data, "-w"]
        self._options = f"-k {self.folder} -c listen_addresses='' -c shared_buffers=32MB"
        if not durable:
            self._options += " -c fsync=off -c synchronous_commit=off -c full_page_writes=off"
        _run([*as_owner, str(bin_folder / "initdb"), *data, "-U", "xiaoer", "-A", "trust"])

    @property
    def url(self) -> str:
        """Its SQLAlchemy address."""
        return f"postgresql+psycopg://xiaoer@/postgres?host={self.folder}"

    def start(self) -> None:
        """Start it and wait until it takes connections."""
        _run([*self._control, "-l", str(self.folder / "log"), "-o", self._options, "start"])

    def stop(self) -> None:
        """Stop it as a failure of the machine would: everybody is cut off."""
        _run([*self._control, "-m", "immediate", "stop"])

    def remove(self) -> None:
        """Delete everything it held."""
        shutil.rmtree(self.folder, ignore_errors=True)


@contextmanager
def server(*, durable: bool = True) -> Iterator[Server]:
    """Run a server for as long as the block lasts."""
    made = Server(durable=durable)
    try:
        made.start()
        try:
            yield made
        finally:
            made.stop()
    finally:
        made.remove()


def _run(command: list[str]) -> None:
    subprocess.run(command, check=True, capture_output=True, cwd="/", timeout=60)
