"""Plays a journey through the real Telegram channel against the strict Bot API of the tests."""

from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from pathlib import Path

from bot.channels.telegram.channel import TelegramChannel
from bot.config import Config
from bot.wiring import Service
from handlers.localtime import SHANGHAI
from storage.transaction import Transaction
from tests.journeys.journey import Happens, Journey, Presses, Says, Sees, SentAgain, Step, Waits
from tests.peers.telegram.server import TelegramPeer
from tests.peers.telegram.shapes import Chat, Message, User
from tests.stores import Clock
from tests.telegram_house import QUICK, a_photo, knowledge

TURN = timedelta(seconds=3)
"""What one spoken line takes, as in bot/script/clock.py."""
FIRST_USER = 501
FIRST_GROUP = -1001234567000

Windows = dict[str, list[str]]
"""What the bot newly said, by the name of the person or group."""


async def faults(journey: Journey, folder: Path) -> list[str]:
    """Return what people did not see as the journey says, and what Telegram found wrong."""
    clock = Clock(datetime.fromisoformat(journey.start).replace(tzinfo=SHANGHAI))
    async with TelegramPeer(now=lambda: clock().timestamp()) as peer:
        peer.world.can_read_all_group_messages = True
        async with _open(peer, clock, folder) as service:
            street = _Street(peer, service, clock)
            await street.move_in(journey)
            found = []
            for number, step in enumerate(journey.steps, start=1):
                complaints = await street.play(step)
                found += [f"{number}: {step}\n  {complaint}" for complaint in complaints]
        return [*found, *peer.violations]


@asynccontextmanager
async def _open(peer: TelegramPeer, clock: Clock, folder: Path) -> AsyncIterator[Service]:
    """Open the demo street with Telegram as its only channel."""
    config = Config(demo=True)
    async with Service.open(config, data=folder, clock=clock, knowledge=knowledge()) as service:
        channel = TelegramChannel(
            peer.token,
            service.dispatcher,
            service.store,
            service.media,
            clock=clock,
            api_url=peer.root_url,
            wake_words=("小二",),
            pace=QUICK,
        )
        service.senders["telegram"] = channel.sender
        await channel.start()
        try:
            await peer.wait_for(lambda: peer.is_polled)
            yield service
        finally:
            await channel.stop()


class _Street:
    """The people and groups of the demo street, with Telegram in their hands."""

    def __init__(self, peer: TelegramPeer, service: Service, clock: Clock) -> None:
        self._peer = peer
        self._service = service
        self._clock = clock
        self._users: dict[str, User] = {}
        self._groups: dict[str, Chat] = {}
        self._last: dict[tuple[str, str], Message] = {}
        self._shown: dict[str, int] = {}
        self._heard: Windows = {}

    async def move_in(self, journey: Journey) -> None:
        """Give everybody an account, press start where we know the person, and bind the groups."""
        spoken = [step for step in journey.steps if isinstance(step, Says | Presses | SentAgain)]
        known = await self._service.store.run(_names)
        strangers = {step.who for step in spoken} - set(known)
        for number, name in enumerate([*known, *sorted(strangers)], start=FIRST_USER):
            self._users[name] = self._peer.user(number, name)
        groups = await self._service.store.run(_groups)
        unknown = {step.group for step in spoken if step.group} - set(groups)
        for number, name in enumerate([*groups, *sorted(unknown)]):
            members = list(self._users.values())
            self._groups[name] = self._peer.group(FIRST_GROUP - number, name, members)
        await self._service.store.run(self._bind)
        for name in known:
            await self._peer.start(self._users[name])
        await self._settle()
        self._clock.forward(timedelta(minutes=1))

    def _bind(self, tx: Transaction) -> None:
        for person in tx.residents.demo_people():
            user = str(self._users[person.name or ""].id)
            tx.residents.bind(person, "telegram", user, user)
        for group in tx.directory.groups():
            tx.directory.bind_group("telegram", str(self._groups[group.name].id), group.id)

    async def play(self, step: Step) -> list[str]:
        """Do what the step says; return what was not seen as it should."""
        before = self._heard
        await self._do(step)
        await self._settle()
        self._clock.forward(TURN)
        if isinstance(step, SentAgain):
            # Telegram shows nothing a second time: what was answered stands, and nothing more.
            again = [text for texts in self._heard.values() for text in texts]
            self._heard = before
            return [*faults_of(step, before), *(f"said twice: {text}" for text in again)]
        return list(faults_of(step, self._heard))

    async def _do(self, step: Step) -> None:
        match step:
            case Says():
                self._last[step.who, step.group] = await self._say(step)
            case Presses():
                await self._press(step)
            case SentAgain():
                self._peer.resend_last()
            case Waits() | Happens():
                raise AssertionError(step)

    async def _say(self, step: Says) -> Message:
        user = self._users[step.who]
        where: Chat | User = self._groups[step.group] if step.group else user
        if step.edits:
            return await self._peer.edit(user, self._last[step.who, step.group], step.text)
        if step.photo:
            return await self._peer.send_photo(user, where, a_photo(), step.text)
        if not step.text:  # nobody can send nothing: a file without a word is the nearest to it
            return await self._peer.send_document(user, where, b"\0", "application/octet-stream")
        return await self._peer.say(user, where, step.text)

    async def _press(self, step: Presses) -> None:
        where: Chat | User = self._groups[step.group] if step.group else self._users[step.who]
        offers = [message for message in self._peer.messages_to(where) if message.labels]
        assert offers, f"nothing to press for {step.who}"
        label = next((one for one in offers[-1].labels if step.label in one), None)
        assert label is not None, f"no {step.label} among {offers[-1].labels}"
        press = await self._peer.press(self._users[step.who], offers[-1], label)
        await self._peer.wait_for(lambda: self._peer.answer_to(press))

    async def _settle(self) -> None:
        """Return when everything is answered and delivered; note what is new."""
        await self._peer.drained()
        await self._peer.wait_for(lambda: self._peer.is_polled)
        while await self._service.delivery.deliver_due():
            pass
        self._heard = {}
        chats = {name: user.id for name, user in self._users.items()}
        chats |= {name: group.id for name, group in self._groups.items()}
        for name, chat_id in chats.items():
            messages = self._peer.messages_to(chat_id)
            self._heard[name] = [_whole(one) for one in messages[self._shown.get(name, 0) :]]
            self._shown[name] = len(messages)


def shows(wanted: Sees, text: str) -> bool:
    """Whether a message, its choices included, is the one that should be seen."""
    has_all = all(piece in text for piece in wanted.has)
    return has_all and not any(piece in text for piece in wanted.lacks)


def faults_of(step: Step, heard: Windows) -> Iterable[str]:
    """Yield what somebody should have seen and did not, or saw and should not."""
    for wanted in step.seen:
        there = heard[wanted.to]
        if not any(shows(wanted, text) for text in there):
            saw = "\n  | ".join(there) or "nothing"
            yield f"{wanted.to} should see {wanted.has}, not {wanted.lacks}; saw\n  | {saw}"
    if isinstance(step, Says) and step.silent:
        place = step.group or step.who
        yield from (f"{place} should be left alone; saw {text}" for text in heard[place])


def _whole(message: Message) -> str:
    """Return the text with its buttons; those of a card, which bear no number, are counted."""
    numbered = (
        label if label[:1].isdigit() else f"{place} {label}"
        for place, label in enumerate(message.labels, start=1)
    )
    return "\n".join([message.text, *numbered])


def _names(tx: Transaction) -> list[str]:
    return [person.name or "" for person in tx.residents.demo_people()]


def _groups(tx: Transaction) -> list[str]:
    return [group.name for group in tx.directory.groups()]
