"""What every platform of the tests has in common: it listens while a block of the test runs."""

from types import TracebackType
from typing import Self

from tests.peers.telegram.wire import Line


class Listening:
    """A server on a port of its own, which it keeps over `stop` and `start_listening`."""

    _line: Line

    async def start_listening(self) -> None:
        """Open the port, the same as before."""
        await self._line.open()

    async def stop(self) -> None:
        """Close the port and cut every connection; everything is remembered."""
        await self._line.close()

    async def __aenter__(self) -> Self:
        await self.start_listening()
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        await self.stop()
