"""The installed program, started as an operator starts it."""

import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

XIAOER = Path(sys.executable).with_name("xiaoer")
LIMIT_SECONDS = 120


def environment(**more: str) -> dict[str, str]:
    """Return this environment without settings of the program, but for those given."""
    own = {name: value for name, value in os.environ.items() if not name.startswith("XIAOER_")}
    # The plainest terminal there is: nothing may depend on its language.
    return {**own, "LC_ALL": "C", "PYTHONWARNINGS": "default", "COLUMNS": "100", **more}


def xiaoer(
    *words: object, given: str | bytes = b"", folder: Path, **variables: str
) -> "subprocess.CompletedProcess[str]":
    """Run one command to its end; say what it wrote."""
    done = subprocess.run(
        [XIAOER, *(str(word) for word in words)],
        input=given.encode() if isinstance(given, str) else given,
        capture_output=True,
        cwd=folder,
        env=environment(**variables),
        timeout=LIMIT_SECONDS,
        check=False,
    )
    return subprocess.CompletedProcess(
        done.args, done.returncode, done.stdout.decode(), done.stderr.decode()
    )


def answers(output: str) -> list[dict[str, object]]:
    """Return what was printed as one JSON object a line."""
    return [json.loads(line) for line in output.splitlines()]


@contextmanager
def running(
    folder: Path, data: Path, **variables: str
) -> Iterator[tuple["subprocess.Popen[str]", str]]:
    """A service on a free port, and its address as it printed it."""
    process = subprocess.Popen(
        [XIAOER, "run", "--data", data],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        encoding="utf-8",
        cwd=folder,
        env=environment(XIAOER_WEB__PORT="0", **variables),
    )
    try:
        assert process.stdout is not None
        found = re.search(r"http://\S+", process.stdout.readline())
        assert found, process.communicate()
        yield process, found[0]
    finally:
        process.kill()
        process.communicate()
