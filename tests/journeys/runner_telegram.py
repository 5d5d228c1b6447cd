"""Plays a journey through the real Telegram channel against the strict Bot API of the tests."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path

from bot.channels.telegram.channel import TelegramChannel
from bot.wiring import Service
from handlers.localtime import local
from storage.transaction import Transaction
from tests.journeys import journey as words
from tests.journeys import playing
from tests.journeys.journey import Journey, Presses, Says, SentAgain
from tests.journeys.playing import Heard, Windows
from tests.journeys.street_house import StreetHouse
from tests.peers.telegram.server import TelegramPeer
from tests.peers.telegram.shapes import Chat, Message, User
from tests.stores import Database
from tests.telegram_house import QUICK, a_photo

FIRST_USER = 501
FIRST_GROUP = -1001234567000
MOVING_IN = timedelta(minutes=1)
"""Before the journey its people press start."""


async def faults(journey: Journey, folder: Path, database: Database) -> list[str]:
    """Return what people did not see as the journey says, and what Telegram found wrong."""
    async with TelegramPeer(now=lambda: house.clock().timestamp()) as peer:
        peer.world.can_read_all_group_messages = True
        house = StreetHouse(journey, folder, partial(_front, peer), database)
        async with house:
            street = _Street(peer, house)
            await street.move_in(journey)
            found = await playing.faults(journey, house, street)
        return [*found, *peer.violations]


@asynccontextmanager
async def _front(peer: TelegramPeer, service: Service) -> AsyncIterator[None]:
    """Put Telegram before the process, as its only channel."""
    channel = TelegramChannel(
        peer.token,
        service.dispatcher,
        service.store,
        service.media,
        clock=service.clock,
        api_url=peer.root_url,
        wake_words=("小二",),
        pace=QUICK,
    )
    service.senders["telegram"] = channel.sender
    await channel.start()
    try:
        yield
    finally:
        await channel.stop()


class _Street:
    """The people and groups of the demo street, with Telegram in their hands."""

    def __init__(self, peer: TelegramPeer, house: StreetHouse) -> None:
        self._peer = peer
        self._house = house
        self._users: dict[str, User] = {}
        self._groups: dict[str, Chat] = {}
        self._last: dict[tuple[str, str], Message] = {}
        self._shown: dict[str, int] = {}
        self._back: set[str] = set()
        """Those who unblock the bot as soon as they want to write."""
        self._line_is_broken = False

    async def move_in(self, journey: Journey) -> None:
        """Give everybody an account, have those we know press start, and bind the groups."""
        spoken = [step for step in journey.steps if isinstance(step, Says | Presses | SentAgain)]
        store = self._house.service.store
        known = await store.run(_names)
        strangers = {step.who for step in spoken} - set(known)
        for number, name in enumerate([*known, *sorted(strangers)], start=FIRST_USER):
            self._users[name] = self._peer.user(number, name)
        groups = await store.run(_groups)
        unknown = {step.group for step in spoken if step.group} - set(groups)
        for number, name in enumerate([*groups, *sorted(unknown)]):
            members = list(self._users.values())
            self._groups[name] = self._peer.group(FIRST_GROUP - number, name, members)
        await store.run(self._bind)
        self._house.clock.now -= MOVING_IN
        # The others did so once: they can be reached, and are not greeted.
        self._peer.world.started |= {self._users[name].id for name in known}
        for name in sorted(journey.names & set(known)):
            await self._peer.start(self._users[name])
        await self.settled()
        self.news()
        self._house.clock.now += MOVING_IN

    def _bind(self, tx: Transaction) -> None:
        for person in tx.residents.demo_people():
            user = str(self._users[person.name or ""].id)
            tx.residents.bind(person, "telegram", user, user)
        for group in tx.directory.groups():
            tx.directory.bind_group("telegram", str(self._groups[group.name].id), group.id)

    async def say(self, step: Says) -> None:
        if step.who in self._back:
            self._back.discard(step.who)
            await self._peer.unblock(self._users[step.who])
        self._last[step.who, step.group] = await self._said(step)

    async def _said(self, step: Says) -> Message:
        user = self._users[step.who]
        where: Chat | User = self._groups[step.group] if step.group else user
        if step.edits:
            return await self._peer.edit(user, self._last[step.who, step.group], step.text)
        if step.photo:
            return await self._peer.send_photo(user, where, a_photo(), step.text)
        if not step.text:  # nobody can send nothing: a file without a word is the nearest to it
            return await self._peer.send_document(user, where, b"\0", "application/octet-stream")
        return await self._peer.say(user, where, step.text)

    async def press(self, step: Presses) -> None:
        where: Chat | User = self._groups[step.group] if step.group else self._users[step.who]
        offers = [message for message in self._peer.messages_to(where) if message.labels]
        assert offers, f"nothing to press for {step.who}"
        label = next((one for one in offers[-1].labels if step.label in one), None)
        assert label is not None, f"no {step.label} among {offers[-1].labels}"
        press = await self._peer.press(self._users[step.who], offers[-1], label)
        await self._peer.wait_for(lambda: self._peer.answer_to(press))

    async def again(self, _step: SentAgain) -> None:
        self._peer.resend_last()

    async def strike(self, what: str) -> None:
        match what:
            case words.LINE_BREAKS:
                self._line_is_broken = True
                await self._peer.stop()
            case words.LINE_COMES:
                self._line_is_broken = False
                await self._peer.start_listening()
            case _ if what.startswith(words.BLOCKS):
                await self._peer.block(self._users[what.removeprefix(words.BLOCKS)])
            case _:
                assert what.startswith(words.UNBLOCKS), what
                self._back.add(what.removeprefix(words.UNBLOCKS))

    async def settled(self) -> None:
        """Return when the bot has taken everything and asks for more."""
        if not self._line_is_broken:
            await self._peer.drained()
            await self._peer.wait_for(lambda: self._peer.is_polled)

    async def objects(self) -> bool:
        """It tells at once what it does not take."""
        return False

    def news(self) -> Windows:
        found: Windows = {}
        chats = {name: user.id for name, user in self._users.items()}
        chats |= {name: group.id for name, group in self._groups.items()}
        for name, chat_id in chats.items():
            messages = self._peer.messages_to(chat_id)
            found[name] = [_heard(one) for one in messages[self._shown.get(name, 0) :]]
            self._shown[name] = len(messages)
        return found


def _heard(message: Message) -> Heard:
    """Return the text with its buttons; those of a card, which bear no number, are counted."""
    numbered = (
        label if label[:1].isdigit() else f"{place} {label}"
        for place, label in enumerate(message.labels, start=1)
    )
    at = local(datetime.fromtimestamp(message.date, UTC)).isoformat()
    return Heard("\n".join([message.text, *numbered]), at)


def _names(tx: Transaction) -> list[str]:
    return [person.name or "" for person in tx.residents.demo_people()]


def _groups(tx: Transaction) -> list[str]:
    return [group.name for group in tx.directory.groups()]
