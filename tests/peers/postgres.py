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


@contextmanager
def server() -> Iterator[str]:
    """Run a server for as long as the block lasts; give its SQLAlchemy address."""
    bin_folder = programs()
    assert bin_folder is not None
    folder = Path(tempfile.mkdtemp(prefix="xiaoer-pg-"))
    data = folder / "data"
    as_owner: list[str] = []
    if os.geteuid() == 0:
        # PostgreSQL refuses to run as root; Debian's package made this user.
        shutil.chown(folder, "postgres")
        as_owner = ["runuser", "-u", "postgres", "--"]
    _run([*as_owner, str(bin_folder / "initdb"), "-D", str(data), "-U", "xiaoer", "-A", "trust"])
    options = f"-k {folder} -c listen_addresses='' -c shared_buffers=32MB"
    control = [*as_owner, str(bin_folder / "pg_ctl"), "-D", str(data), "-w"]
    _run([*control, "-l", str(folder / "log"), "-o", options, "start"])
    try:
        yield f"postgresql+psycopg://xiaoer@/postgres?host={folder}"
    finally:
        _run([*control, "-m", "immediate", "stop"])
        shutil.rmtree(folder, ignore_errors=True)


def _run(command: list[str]) -> None:
    subprocess.run(command, check=True, capture_output=True, cwd="/", timeout=60)
