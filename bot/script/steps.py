"""What a script is made of: things people do, the clock that moves, faults that strike."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from handlers.message import AttachmentKind


@dataclass(frozen=True, slots=True)
class Sent:
    """Something that is sent along with a text; a photo is still a file here."""

    kind: AttachmentKind
    photo: Path | None = None
    transcript: str | None = None
    latitude: float | None = None
    longitude: float | None = None


@dataclass(frozen=True, slots=True)
class Say:
    """Somebody writes, in private or in a group."""

    line: int
    speaker: str
    group: str | None
    written: str
    """As it stands in the script, for those who read along."""
    text: str
    addressed: bool = True
    sent: tuple[Sent, ...] = ()


@dataclass(frozen=True, slots=True)
class Edit:
    """Somebody edits their last message."""

    line: int
    speaker: str
    group: str | None
    written: str
    text: str


@dataclass(frozen=True, slots=True)
class Again:
    """The platform sends somebody's last message once more."""

    line: int
    speaker: str
    group: str | None
    written: str


@dataclass(frozen=True, slots=True)
class Press:
    """Somebody presses a choice of the last message to them."""

    line: int
    speaker: str
    group: str | None
    written: str
    wanted: str
    """The number of the choice, or a piece of its label."""


@dataclass(frozen=True, slots=True)
class Move:
    """Time passes."""

    line: int
    by: timedelta


@dataclass(frozen=True, slots=True)
class MoveTo:
    """Time passes until a moment."""

    line: int
    at: datetime


@dataclass(frozen=True, slots=True)
class Restart:
    """The process is killed and started again."""

    line: int


@dataclass(frozen=True, slots=True)
class Database:
    """The database goes away, or comes back."""

    line: int
    up: bool


@dataclass(frozen=True, slots=True)
class Line:
    """The line to the platform breaks: it keeps what people say until the line is back."""

    line: int
    up: bool


@dataclass(frozen=True, slots=True)
class Block:
    """Somebody blocks the bot, or lets it write to them again."""

    line: int
    who: str
    blocks: bool


Spoken = Say | Edit | Again | Press
Step = Spoken | Move | MoveTo | Restart | Database | Line | Block


@dataclass(frozen=True, slots=True)
class Mistake:
    """Something wrong in a line of the script."""

    line: int
    why: str


class ScriptMistake(Exception):
    """A mistake that shows only while the script is played."""

    def __init__(self, line: int, why: str) -> None:
        super().__init__(f"{line}: {why}")
        self.mistake = Mistake(line, why)
