"""Plays a journey through the real WeChat webhook; groups, which WeChat has not, stay outside it.

People write to the account; the groups of staff and residents meet on another channel, whose
messages are handed to the same dispatcher.
"""

from collections.abc import AsyncIterator, Callable, Container, Sequence
from contextlib import asynccontextmanager
from datetime import timedelta
from functools import partial
from pathlib import Path

from msgspec.structs import replace
from starlette.applications import Starlette
from starlette.routing import Route

from bot.channels.rendering import choice_text
from bot.channels.wechat.opening import open_channel
from bot.config_wechat import WeChat
from bot.web import wechat_route
from bot.web.server import build_app
from bot.wiring import Service
from handlers.delivery import DeliveryError, Sender
from handlers.localtime import local
from handlers.message import Attachment, AttachmentKind, Message, Reply
from storage.transaction import Transaction
from tests.journeys import journey as words
from tests.journeys import playing
from tests.journeys.journey import Journey, Presses, Says, SentAgain
from tests.journeys.playing import Heard, Windows
from tests.journeys.street_house import StreetHouse
from tests.peers.telegram.wire import Line
from tests.peers.wechat.phone import Phone
from tests.peers.wechat.server import WeChatPeer
from tests.wechat_house import APP_SECRET, PATIENT, a_photo, settings

ROOMS = "rooms"
"""The channel of the groups."""
BOT = "@小二"
MOVING_IN = timedelta(minutes=1)
"""Before the journey its people follow the account and write once."""


async def faults(journey: Journey, folder: Path) -> list[str]:
    """Return what people did not see as the journey says."""
    async with WeChatPeer() as peer:
        line = Line(Starlette())
        config = settings(
            api_url=peer.url,
            secret=APP_SECRET,
            customer_messages=True,
            template_id="TM00000001",
        )
        async with StreetHouse(journey, folder, partial(_front, line, config)) as house:
            url = f"http://127.0.0.1:{line.port}{wechat_route.PATH}"
            phone = Phone(url, now=lambda: house.clock().timestamp())
            street = Street(peer, house, phone)
            await street.move_in(journey)
            try:
                return await playing.faults(journey, house, street)
            finally:
                await phone.close()


@asynccontextmanager
async def _front(line: Line, config: WeChat, service: Service) -> AsyncIterator[None]:
    """Put the account before the process."""
    channel = open_channel(
        config,
        service.dispatcher,
        service.store,
        service.media,
        clock=service.clock,
        pace=PATIENT,
    )
    service.senders["wechat"] = channel.sender
    async with served(line, service, wechat_route.routes(channel)):
        await channel.start()
        try:
            yield
        finally:
            await channel.stop()


@asynccontextmanager
async def served(line: Line, service: Service, routes: Sequence[Route]) -> AsyncIterator[None]:
    """Take what the platform posts while the block runs."""
    line.app = build_app(
        service.dispatcher,
        service.store,
        service.street,
        service.media,
        clock=service.clock,
        demo=False,
        secure=False,
        extra_routes=routes,
    )
    await line.open()
    try:
        yield
    finally:
        await line.close()


class Street:
    """The people of the demo street with the account on their telephones, and their groups."""

    channel = "wechat"

    def __init__(self, peer: WeChatPeer, house: StreetHouse, phone: Phone) -> None:
        self._peer = peer
        self._house = house
        self._phone = phone
        self._users: dict[str, str] = {}
        self._groups: list[str] = []
        self._new: Windows = {}
        self._shown: dict[str, list[str]] = {}
        self._offers: dict[str, Reply] = {}
        self._last: dict[tuple[str, str], Message | tuple[str, int, str]] = {}
        self._back: set[str] = set()
        """Those who follow the account again as soon as they want to write."""
        self._line_is_broken = False
        self._number = 0

    async def move_in(self, journey: Journey) -> None:
        """Let those of the journey follow the account and write once, and bind the groups."""
        spoken = [step for step in journey.steps if isinstance(step, Says | Presses | SentAgain)]
        store = self._house.service.store
        known = await store.run(
            lambda tx: [person.name or "" for person in tx.residents.demo_people()]
        )
        strangers = {step.who for step in spoken} - set(known)
        self._users = {
            name: f"o-person-{number:04}"
            for number, name in enumerate([*known, *sorted(strangers)])
        }
        await store.run(self._bind)
        unknown = {step.group for step in spoken if step.group} - set(self._groups)
        self._groups += sorted(unknown)
        self._listen()
        self._house.clock.now -= MOVING_IN
        for name in sorted(journey.names & set(known)):
            await self._follow(name)
            await self._phone.say(self._users[name], "你好")
        await self.settled()
        self.news()
        self._house.clock.now += MOVING_IN

    def _bind(self, tx: Transaction) -> None:
        for group in tx.directory.groups():
            tx.directory.bind_group(ROOMS, group.name, group.id)
            self._groups.append(group.name)
        for person in tx.residents.demo_people():
            name = person.name or ""
            tx.residents.bind(person, ROOMS, name, name)
            tx.residents.bind(person, self.channel, self._users[name], self._users[name])

    def _listen(self) -> None:
        """Note what the account and the groups are told, at the moment it comes."""
        names = {user: name for name, user in self._users.items()}
        self._peer.on_shown = lambda user, text: self._note(names[user], text)
        rooms = _Rooms(self._groups, self._show)
        self._house.house.senders[ROOMS] = self._house.service.senders[ROOMS] = rooms

    async def _follow(self, name: str) -> None:
        answer = await self._phone.event(self._users[name], "subscribe", EventKey="")
        self._note(name, answer.text)

    # What people do.

    async def say(self, step: Says) -> None:
        if step.who in self._back:
            self._back.discard(step.who)
            await self._follow(step.who)
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
        self._note(who, await self._answer(who, text, number))

    async def _answer(self, who: str, text: str, number: int) -> str:
        if self._line_is_broken:  # it is posted three times in vain, and forgotten
            return ""
        if text:
            answer = await self._phone.say(self._users[who], text, number)
        else:
            answer = await self._phone.send(self._users[who], "shortvideo", number=number)
        assert answer.status == 200
        return answer.text

    async def _say_in_room(self, step: Says) -> None:
        message = self._in_room(step)
        if step.photo:
            kept = await self._house.service.media.keep(a_photo())
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
        for reply in await self._house.service.dispatcher.handle(message):
            self._show(name, reply)

    async def press(self, step: Presses) -> None:
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

    async def again(self, step: SentAgain) -> None:
        """The platform is given the same answer again, and shows it once."""
        last = self._last[step.who, step.group]
        if isinstance(last, Message):
            await self._house.service.dispatcher.handle(last)
            return
        who, number, text = last
        said = await self._answer(who, text, number)
        if said not in self._shown[step.who]:
            self._note(step.who, said)

    async def strike(self, what: str) -> None:
        match what:
            case words.LINE_BREAKS:
                self._line_is_broken = True
                await self._peer.stop()
            case words.LINE_COMES:
                self._line_is_broken = False
                await self._peer.start_listening()
            case _ if what.startswith(words.BLOCKS):
                await self._leave(what.removeprefix(words.BLOCKS))
            case _:
                assert what.startswith(words.UNBLOCKS), what
                await self._come_back(what.removeprefix(words.UNBLOCKS))

    async def _leave(self, who: str) -> None:
        """Have somebody follow the account no more."""
        self._peer.unknown.add(self._users[who])
        await self._phone.event(self._users[who], "unsubscribe", EventKey="")

    async def _come_back(self, who: str) -> None:
        self._peer.unknown.discard(self._users[who])
        self._back.add(who)

    # What people see.

    async def settled(self) -> None:
        await playing.all_followed(self._house.service.store)

    def news(self) -> Windows:
        new, self._new = self._new, {}
        return new

    def _note(self, name: str, text: str) -> None:
        if text:
            at = local(self._house.clock()).isoformat()
            self._new.setdefault(name, []).append(Heard(text, at))
            self._shown.setdefault(name, []).append(text)

    def _show(self, name: str, reply: Reply) -> None:
        """A room has buttons, which are counted."""
        choices = [choice_text(choice, n) for n, choice in enumerate(reply.choices, 1)]
        self._note(name, "\n".join([reply.text, *choices]))
        if choices:
            self._offers[name] = reply


class _Rooms(Sender):
    """The groups; nobody is spoken to alone there."""

    def __init__(self, groups: Container[str], show: Callable[[str, Reply], None]) -> None:
        self._groups = groups
        self._show = show

    async def send(self, chat: str, reply: Reply) -> None:
        if chat not in self._groups:
            raise DeliveryError(chat, permanent=True)
        self._show(chat, reply)
