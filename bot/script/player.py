"""Plays a script: says what people say, moves the clock, and lets faults strike."""

import asyncio
from dataclasses import dataclass
from datetime import datetime

from msgspec.structs import replace

from bot.channels.rendering import Limits
from bot.media import MediaRefused
from bot.script import texts
from bot.script.clock import TURN, ManualClock
from bot.script.hours import Hours
from bot.script.house import House, group_names, move_in
from bot.script.output import Output
from bot.script.record import Place, Record, RecordingSender
from bot.script.steps import (
    Again,
    Block,
    Database,
    Edit,
    Line,
    Move,
    MoveTo,
    Press,
    Restart,
    Say,
    ScriptMistake,
    Sent,
    Spoken,
    Step,
)
from handlers.localtime import local
from handlers.message import Attachment, AttachmentKind, Message


@dataclass(frozen=True, slots=True)
class Channel:
    """The channel whose people speak in the script."""

    name: str
    limits: Limits


class Player:
    """One run of one script."""

    def __init__(
        self,
        house: House,
        clock: ManualClock,
        channel: Channel,
        output: Output,
        *,
        jumps: bool = True,
    ) -> None:
        """`jumps` lets the clock leave out minutes in which nothing can happen."""
        self._hours = Hours(house, clock, jumps=jumps)
        self._house = house
        self._clock = clock
        self._channel = channel
        self._output = output
        self._record = Record(clock, channel.limits, output, self._size_of)
        self._groups: set[str] = set()
        self._last: dict[Place, Message] = {}
        self._last_said: dict[Place, Message] = {}
        self._sender = RecordingSender(self._record, self._groups)
        self._kept: list[tuple[datetime, Place, Message]] = []
        """What people said while the line was broken, as the platform keeps it."""
        self._run = 0
        self._count = 0

    async def play(self, steps: list[Step]) -> None:
        """Play all steps; raises ScriptMistake when one cannot be."""
        spoken = [step for step in steps if isinstance(step, Spoken)]
        self._groups |= {step.group for step in spoken if step.group}
        self._house.senders[self._channel.name] = self._sender
        service = await self._house.open()
        self._groups |= await service.store.run(group_names)
        speakers = {step.speaker for step in spoken}
        self._run = await service.store.run(move_in(self._channel.name, speakers))
        await self._hours.tick()
        try:
            for step in steps:
                self._record.line = step.line
                await self._take(step)
        finally:
            self._house.outage.end()
            await self._house.close()

    async def _take(self, step: Step) -> None:
        match step:
            case Move():
                await self._until(MoveTo(step.line, self._clock.now + step.by))
            case MoveTo():
                await self._until(step)
            case Restart():
                await self._restart()
            case Database():
                await self._database(up=step.up)
            case Line():
                await self._line(up=step.up)
            case Block():
                self._block(step)
            case _:
                await self._spoken(step)

    # People speak.

    async def _spoken(self, step: Spoken) -> None:
        self._output.heard(step, self._clock.now)
        place = Place(step.speaker, step.group)
        message = await self._message(step, place)
        if self._sender.is_broken:
            self._kept.append((self._clock.now, place, message))
        else:
            await self._hear(message, place)
        self._last[place] = message
        if isinstance(step, Say):
            self._last_said[place] = message
        self._clock.now += TURN

    async def _hear(self, message: Message, place: Place) -> None:
        if self._house.service is not None:
            await self._hours.keep_current()
            for reply in await self._house.service.dispatcher.handle(message):
                self._record.say(reply, place, "reply")
            await self._hours.deliver()

    async def _message(self, step: Spoken, place: Place) -> Message:
        match step:
            case Again():
                return self._last[place]
            case Edit():
                return replace(
                    self._last_said[place],
                    text=step.text.replace(texts.BOT, "").strip(),
                    is_edit=True,
                    platform_id=self._new_id(),
                )
            case Press():
                return self._pressed(step, place)
            case Say():
                sent = tuple([await self._attached(one) for one in step.sent])
                return replace(
                    self._bare(step),
                    text=step.text,
                    addressed=step.addressed,
                    attachments=sent,
                )

    def _bare(self, step: Spoken) -> Message:
        return Message(
            channel=self._channel.name,
            chat=step.group or step.speaker,
            sender=step.speaker,
            text="",
            platform_id=self._new_id(),
            is_group=step.group is not None,
            keeps_transcript=self._channel.name == "web",
        )

    def _pressed(self, step: Press, place: Place) -> Message:
        """A button where there are buttons; what one types instead where there are none."""
        found = self._record.offer(place, step.wanted)
        if found is None:
            shown = self._record.shown_at(place)
            raise ScriptMistake(step.line, texts.no_such_choice(step.speaker, step.wanted, shown))
        reply, choice = found
        bare = self._bare(step)
        if not self._channel.limits.buttons:
            typed = choice.say if choice.number is None else str(choice.number)
            return replace(bare, text=typed or choice.label)
        if choice.number is None or reply.menu is None:
            return replace(bare, text=choice.label, pressed=choice.action)
        return replace(bare, text=choice.label, pressed=str(choice.number), menu=reply.menu)

    async def _attached(self, sent: Sent) -> Attachment:
        media = None
        if sent.photo is not None and self._house.service is not None:
            try:
                media = await self._house.service.media.keep(
                    await asyncio.to_thread(sent.photo.read_bytes)
                )
            except MediaRefused:
                # As on a platform: what is no photograph arrives as something unreadable.
                return Attachment(AttachmentKind.OTHER)
        return Attachment(
            sent.kind,
            media=media,
            transcript=sent.transcript,
            latitude=sent.latitude,
            longitude=sent.longitude,
        )

    def _new_id(self) -> str:
        """Return the id the platform gives a message: the platform outlives our process."""
        self._count += 1
        return f"s{self._run}-{self._count}"

    def _size_of(self, name: str) -> int:
        service = self._house.service
        path = service.media.path(name) if service else None
        return path.stat().st_size if path is not None and path.exists() else 0

    # Time passes.

    async def _until(self, step: MoveTo) -> None:
        if step.at <= self._clock.now - TURN * 20:
            now = local(self._clock.now).isoformat(timespec="minutes")
            raise ScriptMistake(step.line, texts.NOT_BACK.format(now=now))
        await self._hours.pass_until(step.at)
        self._output.note(texts.CLOCK.format(at=f"{local(self._clock.now):%Y-%m-%d %H:%M}"))

    # Faults strike.

    async def _restart(self) -> None:
        await self._house.kill()
        self._output.note(texts.RESTARTED)
        if not self._house.outage.lasts:
            await self._start()

    async def _database(self, *, up: bool) -> None:
        if up:
            self._house.outage.end()
            self._output.note(texts.DATABASE_UP)
            if self._house.service is None:
                await self._start()
        else:
            self._house.outage.begin()
            self._output.note(texts.DATABASE_DOWN)

    async def _line(self, *, up: bool) -> None:
        """What was said meanwhile arrives at once, in order, and is as old as it is."""
        self._sender.is_broken = not up
        self._output.note(texts.LINE_UP if up else texts.LINE_DOWN)
        if up:
            kept, self._kept = self._kept, []
            for said_at, place, message in kept:
                age = int((self._clock.now - said_at).total_seconds())
                await self._hear(replace(message, age_seconds=age), place)

    def _block(self, step: Block) -> None:
        if step.blocks:
            self._sender.blocked_by.add(step.who)
        else:
            self._sender.blocked_by.discard(step.who)
        say = texts.BLOCKED if step.blocks else texts.UNBLOCKED
        self._output.note(say.format(who=step.who))

    async def _start(self) -> None:
        await self._house.open()
        await self._hours.tick()
