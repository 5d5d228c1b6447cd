"""The command `xiaoer script`: reads a script, plays it, says where it is wrong."""

import asyncio
import sys
import tempfile
from datetime import UTC, datetime
from pathlib import Path
from typing import TextIO

from bot.channels.rendering import LIMITS
from bot.config import Config
from bot.folder import FolderUnusable
from bot.script import texts
from bot.script.clock import ManualClock
from bot.script.house import House
from bot.script.output import JsonOutput, Output, TalkOutput, Write
from bot.script.parse import decode, moment, parse
from bot.script.player import Channel, Player
from bot.script.steps import Mistake, ScriptMistake, Step
from handlers.localtime import SHANGHAI

START = datetime(2026, 11, 23, 9, 0, tzinfo=SHANGHAI)
"""A Monday morning: a fresh street always begins then, so that a script always plays the same."""

MISTAKES = 2
"""Exit code for a script that cannot be played."""


def play(
    path: str | Path,
    at: str | datetime | None = None,
    channel: str = "web",
    data: str | Path | None = None,
    as_json: bool = False,
    *,
    config: Config | None = None,
    write: Write | None = None,
    complain: Write | None = None,
) -> int:
    """Play the script and return the exit code.

    `path` may be "-" for standard input. `at` sets the start; without one a fresh street begins
    on a fixed Monday, a given data folder with the present minute.
    """
    write = write or _to(sys.stdout)
    complain = complain or _to(sys.stderr)
    name = str(path)
    start = _start(at, fresh=data is None)
    if start is None:
        complain(f"{texts.NOT_A_START}\n")
        return MISTAKES
    try:
        script, folder = _read(name)
    except OSError as error:
        complain(f"{texts.no_script(name, error.strerror or str(error))}\n")
        return MISTAKES
    lines, unreadable = decode(script)
    steps, mistakes = parse(lines, folder)
    if unreadable or mistakes:
        _complain(complain, name, [*unreadable, *mistakes])
        return MISTAKES
    limits = LIMITS[channel]
    output: Output = JsonOutput(write) if as_json else TalkOutput(write, limits)
    config = config or Config(demo=True)
    run = _Run(config, ManualClock(start), Channel(channel, limits), output, steps)
    try:
        if data is None:
            with tempfile.TemporaryDirectory(prefix="xiaoer-script-") as fresh:
                asyncio.run(run.against(Path(fresh)))
        else:
            asyncio.run(run.against(Path(data)))
    except ScriptMistake as mistake:
        _complain(complain, name, [mistake.mistake])
        return MISTAKES
    except BrokenPipeError:  # whoever reads had enough: `| head`
        return 1
    except FolderUnusable as unusable:
        complain(f"{unusable}\n")
        return 1
    return 0


class _Run:
    """What one run needs, apart from the folder."""

    def __init__(
        self,
        config: Config,
        clock: ManualClock,
        channel: Channel,
        output: Output,
        steps: list[Step],
    ) -> None:
        self._config = config
        self._clock = clock
        self._channel = channel
        self._output = output
        self._steps = steps

    async def against(self, data: Path) -> None:
        """Play against this data folder."""
        house = House(self._config, data, self._clock)
        await Player(house, self._clock, self._channel, self._output).play(self._steps)


def _start(at: str | datetime | None, *, fresh: bool) -> datetime | None:
    if isinstance(at, datetime):
        return at.replace(tzinfo=SHANGHAI) if at.tzinfo is None else at
    if at is not None:
        return moment(at)
    return START if fresh else datetime.now(UTC).replace(second=0, microsecond=0)


def _read(name: str) -> tuple[bytes, Path]:
    if name == "-":
        return sys.stdin.buffer.read(), Path.cwd()
    path = Path(name)
    return path.read_bytes(), path.parent


def _complain(complain: Write, name: str, mistakes: list[Mistake]) -> None:
    for mistake in sorted(mistakes, key=lambda one: one.line):
        complain(f"{texts.mistake(name, mistake.line, mistake.why)}\n")


def _to(stream: TextIO) -> Write:
    """Return a writer of UTF-8, whatever the terminal is set to."""

    def write(text: str) -> None:
        stream.buffer.write(text.encode("utf-8", "backslashreplace"))
        stream.buffer.flush()

    return write
