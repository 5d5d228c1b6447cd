"""Plays a journey through the real WeChat webhook; groups, which WeChat has not, stay outside it.

People write to the account; the groups of staff and residents meet on another channel, whose
messages are handed to the same dispatcher.
"""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from pathlib import Path

from msgspec.structs import replace
from starlette.types import ASGIApp

from bot.channels.rendering import choice_text
from bot.channels.wechat.channel import WeChatChannel
from bot.channels.wechat.opening import open_channel
from bot.config import Config
from bot.web import wechat_route
from bot.web.server import build_app
from bot.wiring import Service
from handlers.localtime import SHANGHAI
from handlers.message import Attachment, AttachmentKind, Message, Reply
from storage.transaction import Transaction
from tests.houses import Recorder, knowledge
from tests.journeys.journey import Happens, Journey, Presses, Says, SentAgain, Step, Waits
from tests.journeys.runner_telegram import TURN, Windows, faults_of
from tests.peers.telegram.wire import Line
from tests.peers.wechat.phone import Phone
from tests.peers.wechat.server import WeChatPeer
from tests.stores import Clock
from tests.wechat_house import APP_SECRET, a_photo, settings

ROOMS = "rooms"
"""The channel of the groups."""
BOT = "@小二"


async def faults(journey: Journey, folder: Path, mode: str = "safe") -> list[str]:
    """Return what people did not see as the journey says."""
    clock = Clock(datetime.fromisoformat(journey.start).replace(tzinfo=SHANGHAI))
    async with WeChatPeer() as peer, _open(peer, clock, folder, mode) as (service, phone):
        street = Street(peer, service, phone, clock)
        await street.move_in(journey)
        found = []
        for number, step in enumerate(journey.steps, start=1):
            complaints = await street.play(step)
            found += [f"{number}: {step}\n  {complaint}" for complaint in complaints]
        return found


@asynccontextmanager
async def _open(
    peer: WeChatPeer, clock: Clock, folder: Path, mode: str
) -> AsyncIterator[tuple[Service, Phone]]:
    config = Config(
        demo=True,
        wechat=settings(
            api_url=peer.url,
            secret=APP_SECRET,
            customer_messages=True,
            messages_per_message=100,
            mode=mode,
        ),
    )
    async with Service.open(config, data=folder, clock=clock, knowledge=knowledge()) as service:
        channel = open_channel(
            config.wechat, service.dispatcher, service.store, service.media, clock=clock
        )
        service.senders["wechat"] = channel.sender
        line = Line(_app(service, channel))
        await line.open()
        url = f"http://127.0.0.1:{line.port}{wechat_route.PATH}"
        phone = Phone(url, mode, lambda: clock().timestamp())
        await channel.start()
        try:
            yield service, phone
        finally:
            await phone.close()
            await channel.stop()
            await line.close()


def _app(service: Service, channel: WeChatChannel) -> ASGIApp:
    return build_app(
        service.dispatcher,
        service.store,
        service.street,
        service.media,
        clock=service.clock,
        demo=False,
        secure=False,
        extra_routes=wechat_route.routes(channel),
    )


class Street:
    """The people of the demo street with the account on their telephones, and their groups."""

    channel = "wechat"

    def __init__(self, peer: WeChatPeer, service: Service, phone: Phone, clock: Clock) -> None:
        self._peer = peer
        self._service = service
        self._phone = phone
        self._clock = clock
        self._recorder = Recorder()
        self._users: dict[str, str] = {}
        self._groups: list[str] = []
        self._heard: Windows = {}
        self._shown: Windows = {}
        self._offers: dict[str, Reply] = {}
        self._last: dict[tuple[str, str], Message | tuple[str, int, str]] = {}
        self._pushed = 0
        self._number = 0

    async def move_in(self, journey: Journey) -> None:
        """Let everybody follow the account and write once, and bind the groups."""
        spoken = [step for step in journey.steps if isinstance(step, Says | Presses | SentAgain)]
        known = await self._service.store.run(
            lambda tx: [person.name or "" for person in tx.residents.demo_people()]
        )
        strangers = {step.who for step in spoken} - set(known)
        self._users = {
            name: f"o-person-{number:04}"
            for number, name in enumerate([*known, *sorted(strangers)])
        }
        await self._service.store.run(self._bind)
        unknown = {step.group for step in spoken if step.group} - set(self._groups)
        self._groups += sorted(unknown)
        self._service.senders[ROOMS] = self._recorder
        for name in known:
            await self._phone.event(self._users[name], "subscribe", EventKey="")
            await self._phone.say(self._users[name], "你好")
        await self._settle()
        self._clock.forward(timedelta(minutes=1))

    def _bind(self, tx: Transaction) -> None:
        for group in tx.directory.groups():
            tx.directory.bind_group(ROOMS, group.name, group.id)
            self._groups.append(group.name)
        for person in tx.residents.demo_people():
            name = person.name or ""
            tx.residents.bind(person, ROOMS, name, name)
            tx.residents.bind(person, self.channel, self._users[name], self._users[name])

    async def play(self, step: Step) -> list[str]:
        """Do what the step says; return what was not seen as it should."""
        before = self._heard
        self._heard = {name: [] for name in (*self._users, *self._groups)}
        again = await self._do(step)
        await self._settle()
        self._clock.forward(TURN)
        if isinstance(step, SentAgain):
            # People see nothing a second time; WeChat is given the same answer again.
            twice = [text for name, texts in self._heard.items() for text in texts if name != again]
            self._heard = before
            return [*faults_of(step, before), *(f"said twice: {text}" for text in twice)]
        return list(faults_of(step, self._heard))

    async def _do(self, step: Step) -> str:
        match step:
            case Says():
                await self._say(step)
            case Presses():
                await self._press(step)
            case SentAgain():
                await self._again(step)
            case Waits() | Happens():
                raise AssertionError(step)
        return step.group or step.who

    async def _say(self, step: Says) -> None:
        if step.group:
            await self._say_in_room(step)
            return
        assert not step.edits, "nobody corrects what they sent to the account"
        number = self._phone.number()
        if step.photo:
            self._peer.photos["p"] = a_photo()
            media = f"m{number}"
            self._peer.files[media] = a_photo()
            fields = {"PicUrl": f"{self._peer.url}/photo/p", "MediaId": media}
            user = self._users[step.who]
            answer = await self._phone.send(user, "image", number=number, **fields)
            self._note(step.who, answer.text)
            if not step.text:
                return
            number = self._phone.number()
        await self._type(step.who, step.text, number)

    async def _type(self, who: str, text: str, number: int) -> None:
        self._last[who, ""] = (who, number, text)
        if text:
            answer = await self._phone.say(self._users[who], text, number)
        else:
            answer = await self._phone.send(self._users[who], "shortvideo", number=number)
        assert answer.status == 200
        self._note(who, answer.text)

    async def _say_in_room(self, step: Says) -> None:
        message = self._in_room(step)
        if step.photo:
            kept = await self._service.media.keep(a_photo())
            message = replace(message, attachments=(Attachment(AttachmentKind.PHOTO, kept),))
        self._last[step.who, step.group] = message
        await self._handle(message, step.group)

    def _in_room(self, step: Says) -> Message:
        self._number += 1
        return Message(
            channel=ROOMS,
            chat=step.group,
            sender=step.who,
            text=step.text.replace(BOT, "").strip(),
            platform_id=f"room-{self._number}",
            is_group=True,
            addressed=BOT in step.text,
        )

    async def _handle(self, message: Message, name: str) -> None:
        for reply in await self._service.dispatcher.handle(message):
            self._show(name, reply)

    async def _press(self, step: Presses) -> None:
        """In the account, which has no buttons, people type what the line says."""
        if step.group:
            await self._press_in_room(step)
            return
        lines = [line for text in self._shown.get(step.who, []) for line in text.splitlines()]
        found = [line for line in lines if step.label in line]
        assert found, f"no {step.label} in {lines}"
        number = found[-1].split(" ", 1)[0]
        typed = number if number.isdecimal() else found[-1]
        await self._type(step.who, typed, self._phone.number())

    async def _press_in_room(self, step: Presses) -> None:
        reply = self._offers[step.group]
        choice = next(choice for choice in reply.choices if step.label in choice.label)
        numbered = choice.number is not None and reply.menu is not None
        bare = self._in_room(Says(step.who, choice.label, group=step.group))
        pressed = str(choice.number) if numbered else choice.action
        menu = reply.menu if numbered else None
        await self._handle(replace(bare, pressed=pressed, menu=menu), step.group)

    async def _again(self, step: SentAgain) -> None:
        last = self._last[step.who, step.group]
        if isinstance(last, Message):
            await self._handle(last, step.group)
        else:
            who, number, text = last
            await self._type(who, text, number)

    async def _settle(self) -> None:
        """Return when everything is delivered; note what is new."""
        before = len(self._recorder.sent)
        while await self._service.delivery.deliver_due():
            pass
        for chat, reply in self._recorder.sent[before:]:
            self._show(chat, reply)
        names = {user: name for name, user in self._users.items()}
        for message in self._peer.messages[self._pushed :]:
            text = message.get("text")
            if isinstance(text, dict):
                self._note(names[str(message["touser"])], str(text["content"]))
        self._pushed = len(self._peer.messages)

    def _note(self, name: str, text: str) -> None:
        if text:
            self._heard.setdefault(name, []).append(text)
            self._shown.setdefault(name, []).append(text)

    def _show(self, name: str, reply: Reply) -> None:
        """A room has buttons, which are counted."""
        choices = [choice_text(choice, n) for n, choice in enumerate(reply.choices, 1)]
        self._note(name, "\n".join([reply.text, *choices]))
        if choices:
            self._offers[name] = reply
