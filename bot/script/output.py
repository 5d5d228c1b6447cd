"""What was said, as JSON lines or as a talk to read."""

import json
from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import datetime

from bot.channels.rendering import Limits, Shown, as_text
from bot.script import texts
from bot.script.steps import Spoken
from handlers.localtime import local

Write = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class File:
    """A photo that went along."""

    name: str
    type: str
    size: int


@dataclass(frozen=True, slots=True)
class Said:
    """One message of ours, as contracts.md lists its fields."""

    id: int
    line: int
    at: str
    to: str
    where: str
    text: str
    choices: tuple[str, ...]
    kind: str
    ref: int | None
    files: tuple[File, ...]


class JsonOutput:
    """One object a line."""

    def __init__(self, write: Write) -> None:
        self._write = write

    def said(self, said: Said, _shown: Shown) -> None:
        """Write what the bot said."""
        self._write(json.dumps(asdict(said), ensure_ascii=False) + "\n")

    def heard(self, _step: Spoken, _at: datetime) -> None:
        """Leave out what people said: they know it."""

    def note(self, _text: str) -> None:
        """Leave out what happened besides."""


class TalkOutput:
    """The whole talk, for people."""

    def __init__(self, write: Write, limits: Limits) -> None:
        self._write = write
        self._limits = limits

    def said(self, said: Said, shown: Shown) -> None:
        """Write what the bot said, its choices as lines."""
        group = said.where.removeprefix("group:") if said.where != "private" else ""
        text = as_text(shown) if not self._limits.buttons else _with_choices(shown)
        if said.files:
            names = "\u3001".join(file.name for file in said.files)
            text = f"{text}\n{texts.PHOTOS.format(names=names)}"
        kinds = {"notice": texts.UNASKED, "edit": texts.EDITED}
        line = texts.SAID.format(
            at=said.at[11:16],
            to=said.to,
            where=texts.IN_GROUP.format(group=group) if group else "",
            kind=kinds.get(said.kind, ""),
            text=text.replace("\n", "\n    "),
        )
        self._write(f"{line}\n")

    def heard(self, step: Spoken, at: datetime) -> None:
        """Write what somebody said."""
        line = texts.ECHO.format(
            at=local(at).strftime("%H:%M"),
            speaker=step.speaker,
            where=texts.IN_GROUP.format(group=step.group) if step.group else "",
            said=step.written,
        )
        self._write(f"{line}\n")

    def note(self, text: str) -> None:
        """Write what happened besides."""
        self._write(f"{text}\n")


Output = JsonOutput | TalkOutput


def _with_choices(shown: Shown) -> str:
    return "\n".join([shown.text, *(f"[{choice}]" for choice in shown.choices)])
