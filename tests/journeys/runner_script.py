"""Plays a journey through `xiaoer script --json` and says what was not seen as it should."""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from PIL import Image

from bot.script.command import play
from tests.journeys.journey import (
    Happens,
    Journey,
    Presses,
    Says,
    Sees,
    SentAgain,
    Step,
    Waits,
)


@dataclass(frozen=True, slots=True)
class Heard:
    """One message of the bot, as the script's output has it."""

    line: int
    at: str
    to: str
    where: str
    text: str
    choices: tuple[str, ...]

    @property
    def whole(self) -> str:
        """The text with its choices."""
        return "\n".join([self.text, *self.choices])

    def reached(self, name: str, *, group: bool) -> bool:
        """Whether it was said to this person in private, or in this group."""
        if group:
            return self.where == f"group:{name}"
        return self.where == "private" and self.to == name


def heard_in(output: str) -> list[Heard]:
    """Return the messages of a run with --json."""
    found = []
    for line in output.splitlines():
        said = json.loads(line)
        found.append(
            Heard(
                said["line"],
                said["at"],
                said["to"],
                said["where"],
                said["text"],
                tuple(said["choices"]),
            )
        )
    return found


def run_text(
    script: str, folder: Path, *, at: str, channel: str = "web", database: str = ""
) -> list[Heard]:
    """Play a script, in a database of its own when none is given; fail when it has mistakes."""
    path = folder / "talk.txt"
    path.write_text(script, "utf-8")
    code, said, complaints = played(path, at=at, channel=channel, database=database)
    assert code == 0, complaints
    return heard_in(said)


def played(path: Path, *, at: str | None, channel: str, database: str = "") -> tuple[int, str, str]:
    """Play a script file; return the exit code, what was said as JSON lines, and complaints."""
    said: list[str] = []
    complaints: list[str] = []
    code = play(
        path,
        at,
        channel,
        as_json=True,
        write=said.append,
        complain=complaints.append,
        database=database,
    )
    return code, "".join(said), "".join(complaints)


def faults(journey: Journey, folder: Path, channel: str = "web", database: str = "") -> list[str]:
    """Return what people did not see as the journey says, with what they saw instead."""
    with Image.new("RGB", (320, 240), (90, 120, 60)) as photo:
        photo.save(folder / "photo.jpg")
    lines = [_line(step) for step in journey.steps]
    heard = run_text("\n".join(lines), folder, at=journey.start, channel=channel, database=database)
    found = []
    for number, (step, line) in enumerate(zip(journey.steps, lines, strict=True), start=1):
        here = [one for one in heard if one.line == number]
        found += [f"{number}: {line}\n  {fault}" for fault in _faults_of(step, here)]
    return found


def _line(step: Step) -> str:
    match step:
        case Waits():
            return step.time
        case Happens():
            return step.what
        case Says():
            text = f"[编辑 {step.text}]" if step.edits else step.text
            text = f"{text}[图片 photo.jpg]" if step.photo else text
        case Presses():
            text = f"[按 {step.label}]"
        case SentAgain():
            text = "[同一条]"
    return f"{step.who}{f'@{step.group}' if step.group else ''}: {text}"


def _faults_of(step: Step, heard: list[Heard]) -> Iterable[str]:
    for wanted in step.seen:
        there = [one for one in heard if one.reached(wanted.to, group=wanted.group)]
        if not any(_fits(wanted, one) for one in there):
            saw = "\n  | ".join(f"{one.at[:16]} {one.whole}" for one in there) or "nothing"
            should = f"{wanted.has}, not {wanted.lacks} {wanted.at}"
            yield f"{wanted.to} should see {should}; saw\n  | {saw}"
    for one in heard:
        if _unwanted(step, one):
            yield f"{one.to} should be left alone; saw {one.at} {one.whole}"


def _unwanted(step: Step, one: Heard) -> bool:
    if isinstance(step, Waits):
        return one.to in step.nobody
    if isinstance(step, Says) and step.silent:
        return one.reached(step.group or step.who, group=bool(step.group))
    return False


def _fits(wanted: Sees, one: Heard) -> bool:
    return (
        all(piece in one.whole for piece in wanted.has)
        and not any(piece in one.whole for piece in wanted.lacks)
        and one.at.startswith(wanted.at)
    )
