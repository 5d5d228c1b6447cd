"""Several workers behind one address: started, replaced one after another, and stopped together."""

import asyncio
import logging
import os
import signal
import socket
from collections.abc import Callable, Sequence
from dataclasses import dataclass

log = logging.getLogger(__name__)

READY = b"r"
COME_BACK_SECONDS = (1.0, 2.0, 5.0, 15.0, 30.0)
"""Before a worker that ended by itself is started again; longer while it ends before it serves."""


@dataclass(frozen=True, slots=True)
class Place:
    """What a worker is given by the process that started it."""

    listening: socket.socket
    """Shared by all workers: whoever is free takes the next visitor, and nobody waits for one
    that is gone."""
    line: socket.socket
    """To the process that started it; it ends when that process does."""

    @classmethod
    def inherited(cls, descriptors: str) -> "Place":
        """Return the place from the numbers of its two open files."""
        listening, line = (socket.socket(fileno=int(number)) for number in descriptors.split(","))
        listening.setblocking(False)
        return cls(listening, line)

    def serves(self) -> None:
        """Tell the process that started this one that it serves."""
        self.line.send(READY)

    def on_orphaned(self, stop: Callable[[], None]) -> None:
        """Have `stop` called when that process is gone: nobody else would end this one."""
        loop = asyncio.get_running_loop()

        def gone() -> None:
            loop.remove_reader(self.line)
            stop()

        loop.add_reader(self.line, gone)


class Worker:
    """One worker's process."""

    def __init__(self, process: asyncio.subprocess.Process, line: socket.socket) -> None:
        self._process = process
        self._line = line
        self.over = asyncio.create_task(process.wait())

    @classmethod
    async def start(cls, command: Sequence[str], listening: socket.socket) -> "Worker":
        """Start one; it is told by two open files where it serves and who started it."""
        line, far_end = socket.socketpair()
        line.setblocking(False)
        with far_end:
            inherited = (listening.fileno(), far_end.fileno())
            process = await asyncio.create_subprocess_exec(
                *command,
                "--place",
                ",".join(map(str, inherited)),
                pass_fds=inherited,
                # Ctrl-C in the terminal is for the process that started it, which passes it on.
                start_new_session=True,
            )
        return cls(process, line)

    async def serves(self) -> bool:
        """Wait until it serves; False when it ended before."""
        return await asyncio.get_running_loop().sock_recv(self._line, 1) == READY

    async def stop(self) -> int:
        """Have it finish what it is doing; return its exit code."""
        self.signal(signal.SIGTERM)
        code = await self.over
        self._line.close()
        return code

    def signal(self, number: signal.Signals) -> None:
        """Send it a signal, if it is there."""
        if self._process.returncode is None:
            os.kill(self._process.pid, number)


class Workers:
    """All of them."""

    def __init__(self, command: Sequence[str], count: int, listening: socket.socket) -> None:
        self._command = command
        self._count = count
        self._listening = listening
        self._workers: list[Worker] = []

    async def run(
        self, stop: asyncio.Event, renew: asyncio.Event, ready: Callable[[], None]
    ) -> int:
        """Serve until `stop`; replace all, one after another, at `renew`.

        Return an exit code: not 0 when the first worker could not serve; it has said why.
        """
        first = await Worker.start(self._command, self._listening)
        if not await first.serves():
            return await first.over
        # Only now the others: the first one has brought the database forward.
        rest = [Worker.start(self._command, self._listening) for _ in range(self._count - 1)]
        self._workers = [first, *await asyncio.gather(*rest)]
        await asyncio.gather(*(worker.serves() for worker in self._workers[1:]))
        ready()
        keepers = [asyncio.create_task(self._keep(place)) for place in range(self._count)]
        renewing = asyncio.create_task(self._renew(renew))
        await stop.wait()
        for task in (renewing, *keepers):
            task.cancel()
        await asyncio.gather(renewing, *keepers, return_exceptions=True)
        await asyncio.gather(*(worker.stop() for worker in self._workers))
        return 0

    async def _keep(self, place: int) -> None:
        """See to it that there is always a worker in this place."""
        failures = 0
        while True:
            worker = self._workers[place]
            code = await asyncio.shield(worker.over)
            if self._workers[place] is not worker:
                continue  # it was replaced
            log.error("a worker ended by itself (%s); another one takes its place", code)
            await asyncio.sleep(COME_BACK_SECONDS[min(failures, len(COME_BACK_SECONDS) - 1)])
            self._workers[place] = await Worker.start(self._command, self._listening)
            failures = 0 if await self._workers[place].serves() else failures + 1

    async def _renew(self, renew: asyncio.Event) -> None:
        """Replace each worker by a new one, which serves before the old one stops."""
        while True:
            await renew.wait()
            renew.clear()
            for place in range(self._count):
                following = await Worker.start(self._command, self._listening)
                if not await following.serves():
                    log.error("the new worker does not serve; the old ones stay")
                    await following.over
                    break
                worker, self._workers[place] = self._workers[place], following
                await worker.stop()
            else:
                log.info("all workers were replaced")
