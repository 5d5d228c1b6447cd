"""Programs of tests/peers/node, run by Node; `make test` installs what they need."""

import asyncio
import json
import shutil
import subprocess
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parent / "node"
NODE = shutil.which("node")
MISSING = (
    "Node or the packages of tests/peers/node are missing: `make test` installs them"
    if NODE is None or not (FOLDER / "node_modules").exists()
    else None
)

Asked = dict[str, Any]


async def run(program: str, asked: Asked) -> Asked:
    """Return the JSON a program prints when it was asked this."""
    assert NODE is not None
    process = await asyncio.create_subprocess_exec(
        NODE,
        str(FOLDER / program),
        json.dumps(asked),
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    said, complaints = await process.communicate()
    assert process.returncode == 0, complaints.decode()
    answer: Asked = json.loads(said)
    return answer


@asynccontextmanager
async def serving(program: str, asked: Asked) -> AsyncIterator[str]:
    """Run a server; give its address."""
    assert NODE is not None
    process = await asyncio.create_subprocess_exec(
        NODE,
        str(FOLDER / program),
        json.dumps(asked),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
    )
    assert process.stdout is not None
    port = (await process.stdout.readline()).decode().strip()
    try:
        yield f"http://127.0.0.1:{port}/"
    finally:
        process.kill()
        await process.communicate()


@contextmanager
def answering(*command: str) -> Iterator["Answering"]:
    """Run a program that answers each line with a line."""
    process = subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, encoding="utf-8"
    )
    with process:
        try:
            yield Answering(process)
        finally:
            process.kill()


class Answering:
    """A program that is asked line by line."""

    def __init__(self, process: "subprocess.Popen[str]") -> None:
        self._process = process

    def ask(self, questions: list[Asked]) -> list[Asked]:
        """Return an answer to each question."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(json.dumps(questions) + "\n")
        self._process.stdin.flush()
        line = self._process.stdout.readline()
        assert line, "the program ended; see its words on stderr"
        answers: list[Asked] = json.loads(line)
        return answers
