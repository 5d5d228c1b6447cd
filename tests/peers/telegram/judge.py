"""aiogram, in the process of .venv-peers: a judge of all that was said, and a bot of its own."""

import asyncio
import json
import subprocess
from pathlib import Path
from types import TracebackType
from typing import Self

from tests.peers.telegram.server import TelegramPeer
from tests.peers.telegram.shapes import Json, Object, as_list, as_object

ROOT = Path(__file__).parents[3]
PYTHON = ROOT / ".venv-peers/bin/python"
NO_PYTHON = f"{PYTHON} is missing: `make test` builds it from requirements/peers.txt"


class Judge:
    """aiogram_check.py as a process; importing aiogram takes it seconds, so keep one for a module.

    It starts at once and belongs to no event loop: `with Judge() as judge:`.
    """

    def __init__(self) -> None:
        self._process = subprocess.Popen(
            [str(PYTHON), "-m", "tests.peers.telegram.aiogram_check"],
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        with self._process:
            self._process.kill()

    async def complaints(self, peer: TelegramPeer) -> list[str]:
        """Return what aiogram finds wrong with any request, answer or update of this peer."""
        return await self.judge(everything_said(peer))

    async def judge(self, lines: list[Object]) -> list[str]:
        """Return what is wrong with requests (`method`, `params`) or objects (`type`, `object`)."""
        verdicts = await asyncio.to_thread(lambda: [self._ask(line) for line in lines])
        return [str(error) for verdict in verdicts for error in as_list(verdict["errors"])]

    async def play_scenario(self, peer: TelegramPeer, stranger_id: int, flooded_id: int) -> Object:
        """Let aiogram_scenario.py talk to this peer; return what its bot met."""
        arguments: list[Json] = [peer.root_url, peer.token, stranger_id, flooded_id]
        answer = await asyncio.to_thread(self._ask, {"scenario": arguments})
        return as_object(answer["seen"])

    def _ask(self, line: Object) -> Object:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(json.dumps(line) + "\n")
        self._process.stdin.flush()
        answer = self._process.stdout.readline()
        assert answer, "aiogram_check.py ended; see its words on stderr"
        return as_object(json.loads(answer))


def everything_said(peer: TelegramPeer) -> list[Object]:
    """Return every request the peer knows, every message it answered with, every update it made."""
    lines: list[Object] = []
    for request in peer.requests:
        if request.status == 404:
            continue
        attached: Object = {name: f"attach://{name}" for name in request.files}
        params = attached if request.method.startswith("send") else {}
        lines.append({"method": request.method, "params": params | request.params})
        if isinstance(request.result, dict) and "message_id" in request.result:
            lines.append({"type": "Message", "object": request.result})
    return lines + [{"type": "Update", "object": update.body} for update in peer.updates]
