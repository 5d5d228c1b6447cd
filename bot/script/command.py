"""The command `xiaoer script`: reads a script, plays it, says where it is wrong."""

import asyncio
import sys
import tempfile
from datetime import UTC, datetime
from pathlib import Path
from typing import TextIO

from bot.channels.rendering import LIMITS
from bot.config import Config, Database
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
FAILED = 1
"""Exit code when the folder is in use, or nobody reads what is written."""


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
    jumps: bool = True,
    database: str = "",
) -> int:
    """Play the script and return the exit code.

    `path` may be "-" for standard input. `at` sets the start; without one a fresh street begins
    on a fixed Monday, a given data folder with the present minute. `database` is the URL of an
    empty one to play in, instead of a SQLite file in the folder.
    """
    write = write or _to(sys.stdout)
    complain = complain or _to(sys.stderr)
    try:
        start = _start(at, fresh=data is None)
        steps = _steps(str(path))
        limits = LIMITS[channel]
        output: Output = JsonOutput(write) if as_json else TalkOutput(write, limits)
        settings = _apart(config or Config(demo=True), database, fresh=data is None)
        run = _Run(settings, ManualClock(start), Channel(channel, limits), output, steps, jumps)
        run.in_folder(data)
    except _Unplayable as unplayable:
        complain(f"{unplayable}\n")
        return MISTAKES
    except ScriptMistake as mistake:
        complain(f"{_listed(str(path), [mistake.mistake])}\n")
        return MISTAKES
    except FolderUnusable as unusable:
        complain(f"{unusable}\n")
        return FAILED
    except BrokenPipeError:  # whoever reads had enough: `| head`
        return FAILED
    return 0


class _Unplayable(Exception):
    """The script has mistakes; the message lists all of them."""


class _Run:
    """What one run needs, apart from the folder."""

    def __init__(
        self,
        config: Config,
        clock: ManualClock,
        channel: Channel,
        output: Output,
        steps: list[Step],
        jumps: bool,
    ) -> None:
        self._config = config
        self._clock = clock
        self._channel = channel
        self._output = output
        self._steps = steps
        self._jumps = jumps

    def in_folder(self, data: str | Path | None) -> None:
        """Play against this data folder, or a fresh one."""
        if data is not None:
            asyncio.run(self._against(Path(data)))
            return
        with tempfile.TemporaryDirectory(prefix="xiaoer-script-") as fresh:
            asyncio.run(self._against(Path(fresh)))

    async def _against(self, data: Path) -> None:
        house = House(self._config, data, self._clock)
        player = Player(house, self._clock, self._channel, self._output, jumps=self._jumps)
        await player.play(self._steps)


def _apart(config: Config, database: str, *, fresh: bool) -> Config:
    """Return the configuration without its database: a script never plays in the street's own."""
    changed: dict[str, object] = {"database": Database(url=database)}
    if fresh:
        changed["demo"] = True
    return config.model_copy(update=changed)


def _start(at: str | datetime | None, *, fresh: bool) -> datetime:
    if at is None:
        return START if fresh else datetime.now(UTC).replace(second=0, microsecond=0)
    start = moment(at) if isinstance(at, str) else at
    if start is None:
        raise _Unplayable(texts.NOT_A_START)
    return start.replace(tzinfo=SHANGHAI) if start.tzinfo is None else start


def _steps(name: str) -> list[Step]:
    """Read the script; raises _Unplayable with everything that is wrong in it."""
    try:
        script = sys.stdin.buffer.read() if name == "-" else Path(name).read_bytes()
    except OSError as error:
        raise _Unplayable(texts.no_script(name, error.strerror or str(error))) from None
    lines, unreadable = decode(script)
    steps, mistakes = parse(lines, Path.cwd() if name == "-" else Path(name).parent)
    if unreadable or mistakes:
        raise _Unplayable(_listed(name, [*unreadable, *mistakes]))
    return steps


def _listed(name: str, mistakes: list[Mistake]) -> str:
    in_order = sorted(mistakes, key=lambda one: one.line)
    return "\n".join(texts.mistake(name, one.line, one.why) for one in in_order)


def _to(stream: TextIO) -> Write:
    """Return a writer of UTF-8, whatever the terminal is set to."""

    def write(text: str) -> None:
        stream.buffer.write(text.encode("utf-8", "backslashreplace"))
        stream.buffer.flush()

    return write
