"""Reads a script into steps, and lists every mistake in it at once."""

import re
from datetime import datetime, timedelta
from pathlib import Path

from bot.script import texts
from bot.script.steps import (
    Again,
    Block,
    Database,
    Edit,
    Line,
    Mistake,
    Move,
    MoveTo,
    Press,
    Restart,
    Say,
    ScriptMistake,
    Sent,
    Step,
)
from handlers.localtime import SHANGHAI
from handlers.message import AttachmentKind

LONGEST_MOVE = timedelta(days=400)
"""A slip of the pen must not play for hours: time passes minute by minute."""

_SPAN = re.compile(r"(?:(\d+)d)?(?:(\d+)h)?(?:(\d+)m)?(?:(\d+)s)?")
_PLACE = re.compile(r"(-?\d{1,3}(?:\.\d+)?)\s*[,\uff0c]\s*(-?\d{1,3}(?:\.\d+)?)")
_DIGITS_AT_MOST = 7


def decode(data: bytes) -> tuple[list[str], list[Mistake]]:
    """Return the lines of a script, and those that are not UTF-8."""
    lines: list[str] = []
    mistakes: list[Mistake] = []
    for number, raw in enumerate(data.removeprefix(b"\xef\xbb\xbf").split(b"\n"), start=1):
        try:
            lines.append(raw.removesuffix(b"\r").decode("utf-8"))
        except UnicodeDecodeError:
            lines.append("")
            mistakes.append(Mistake(number, texts.NOT_UTF8))
    return lines, mistakes


def parse(lines: list[str], folder: Path) -> tuple[list[Step], list[Mistake]]:
    """Return the steps, and the mistakes; photos are looked for in `folder`."""
    steps: list[Step] = []
    mistakes: list[Mistake] = []
    for number, line in enumerate(lines, start=1):
        if not line.strip() or line.lstrip().startswith("#"):
            continue
        try:
            step = _step(number, line, folder)
            _check_earlier(step, steps)
        except ScriptMistake as mistake:
            mistakes.append(mistake.mistake)
        else:
            steps.append(step)
    return steps, mistakes


def moment(text: str) -> datetime | None:
    """Return the moment as the street's clocks show it, or None."""
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        return None
    return found.replace(tzinfo=SHANGHAI) if found.tzinfo is None else found.astimezone(SHANGHAI)


def _step(number: int, line: str, folder: Path) -> Step:
    bare = line.strip()
    match bare[0]:
        case "+":
            return Move(number, _span(number, bare[1:].strip()))
        case "=":
            at = moment(bare[1:].strip())
            if at is None:
                raise ScriptMistake(number, texts.NOT_A_TIME)
            return MoveTo(number, at)
        case "!":
            return _order(number, bare)
        case _:
            return _spoken(number, line.lstrip(), folder)


def _span(number: int, text: str) -> timedelta:
    found = _SPAN.fullmatch(text)
    parts = found.groups() if found else ()
    if not any(parts) or any(len(part) > _DIGITS_AT_MOST for part in parts if part):
        raise ScriptMistake(number, texts.NOT_A_SPAN)
    days, hours, minutes, seconds = (int(part or 0) for part in parts)
    span = timedelta(days=days, hours=hours, minutes=minutes, seconds=seconds)
    if span > LONGEST_MOVE:
        raise ScriptMistake(number, texts.NOT_A_SPAN)
    return span


def _order(number: int, text: str) -> Step:
    match text.split():
        case ["!restart"]:
            return Restart(number)
        case ["!database", "down" | "up" as state]:
            return Database(number, up=state == "up")
        case ["!line", "down" | "up" as state]:
            return Line(number, up=state == "up")
        case ["!blocked" | "!unblocked" as state, who]:
            return Block(number, who, blocks=state == "!blocked")
        case _:
            raise ScriptMistake(number, texts.UNKNOWN_ORDER.format(order=text))


def _spoken(number: int, line: str, folder: Path) -> Step:
    found = texts.SPOKEN.fullmatch(line)
    if found is None:
        raise ScriptMistake(number, texts.NOT_A_LINE)
    speaker, group, said = found["speaker"], found["group"], found["said"]
    if texts.AGAIN.fullmatch(said):
        return Again(number, speaker, group, said.strip())
    if pressed := texts.PRESS.fullmatch(said):
        if not pressed["wanted"]:
            raise ScriptMistake(number, texts.NOT_A_NUMBER)
        return Press(number, speaker, group, said.strip(), pressed["wanted"])
    if edited := texts.EDIT.fullmatch(said):
        if not edited["text"].strip():
            raise ScriptMistake(number, texts.EMPTY_EDIT)
        return Edit(number, speaker, group, said.strip(), edited["text"])
    if texts.SPECIAL.search(said):
        raise ScriptMistake(number, texts.ALONE)
    return _say(number, speaker, group, said, folder)


def _say(number: int, speaker: str, group: str | None, said: str, folder: Path) -> Say:
    sent = tuple(
        _sent(number, part["kind"], part["value"] or "", folder)
        for part in texts.PART.finditer(said)
    )
    heard = "".join(one.transcript or "" for one in sent)
    text = texts.PART.sub("", said)
    addressed = group is None or texts.BOT in text
    text = f"{text.replace(texts.BOT, '').strip()}{heard}"
    return Say(number, speaker, group, said, text, addressed, sent)


def _sent(number: int, kind: str, value: str, folder: Path) -> Sent:
    if kind == texts.VOICE:
        return Sent(AttachmentKind.VOICE, transcript=value or None)
    if kind == texts.PLACE:
        found = _PLACE.fullmatch(value)
        if found is None:
            raise ScriptMistake(number, texts.NOT_A_PLACE)
        return Sent(AttachmentKind.LOCATION, latitude=float(found[1]), longitude=float(found[2]))
    if not value:
        raise ScriptMistake(number, texts.NO_PHOTO)
    path = folder / value
    if not path.is_file():
        raise ScriptMistake(number, texts.no_file(value))
    return Sent(AttachmentKind.PHOTO, photo=path)


def _check_earlier(step: Step, earlier: list[Step]) -> None:
    """An edit and a resend need something that was said before, in the same place."""
    if not isinstance(step, Edit | Again):
        return
    kinds = (Say,) if isinstance(step, Edit) else (Say, Edit, Press)
    for other in earlier:
        if isinstance(other, kinds) and other.speaker == step.speaker and other.group == step.group:
            return
    raise ScriptMistake(step.line, texts.NOTHING_SAID.format(speaker=step.speaker))
