"""The last hop: instead of a network there is a record of who was told what."""

from collections.abc import Callable
from dataclasses import dataclass

from bot.channels.rendering import Limits, Shown, render
from bot.script.clock import ManualClock
from bot.script.output import File, Output, Said
from handlers.delivery import DeliveryError
from handlers.localtime import local
from handlers.message import Choice, Reply

LINE_BROKEN = "the line is broken"
BLOCKED = "blocked by the user"


@dataclass(frozen=True, slots=True)
class Place:
    """Where something was said: to a person in private, or in a group."""

    person: str
    group: str | None = None


class Record:
    """Numbers what is said, writes it out, and knows what there is to press."""

    def __init__(
        self,
        clock: ManualClock,
        limits: Limits,
        output: Output,
        size_of: Callable[[str], int],
    ) -> None:
        self.line = 0
        self._clock = clock
        self._limits = limits
        self._output = output
        self._size_of = size_of
        self._count = 0
        self._offers: dict[Place, Reply] = {}

    def say(self, reply: Reply, place: Place, kind: str) -> None:
        """Write down a message; in a group without a person it is to everybody there."""
        for shown in render(reply, self._limits):
            self._count += 1
            where = "private" if place.group is None else f"group:{place.group}"
            said = Said(
                id=self._count,
                line=self.line,
                at=local(self._clock.now).isoformat(timespec="seconds"),
                to=place.person or place.group or "",
                where=where,
                text=shown.text,
                choices=shown.choices,
                kind=kind,
                ref=None,
                files=self._files(shown),
            )
            self._output.said(said, shown)
        if reply.choices:
            self._offers[_offered_at(place)] = reply

    def offer(self, place: Place, wanted: str) -> tuple[Reply, Choice] | None:
        """Return the choice with this number, or label, of the last message there that had any."""
        reply = self._offers.get(_offered_at(place))
        if reply is None:
            return None
        for position, choice in enumerate(reply.choices, start=1):
            number = position if choice.number is None else choice.number
            if wanted == str(number) or (not wanted.isdecimal() and wanted in choice.label):
                return reply, choice
        return None

    def shown_at(self, place: Place) -> list[str]:
        """Return what there is to press."""
        reply = self._offers.get(_offered_at(place))
        return list(render(reply, self._limits)[-1].choices) if reply else []

    def _files(self, shown: Shown) -> tuple[File, ...]:
        return tuple(File(name, "image/jpeg", self._size_of(name)) for name in shown.media)


class RecordingSender:
    """The sending side of the script's channel."""

    def __init__(self, record: Record, groups: set[str]) -> None:
        self._record = record
        self._groups = groups
        self.is_broken = False
        self.blocked_by: set[str] = set()

    async def send(self, chat: str, reply: Reply) -> None:
        """Write a notice down; raises DeliveryError where nothing arrives."""
        if self.is_broken:
            raise DeliveryError(LINE_BROKEN, permanent=False)
        if chat in self.blocked_by:
            raise DeliveryError(BLOCKED, permanent=True)
        place = Place("", chat) if chat in self._groups else Place(chat)
        self._record.say(reply, place, "notice")


def _offered_at(place: Place) -> Place:
    """A card in a group is there for every member."""
    return place if place.group is None else Place("", place.group)
