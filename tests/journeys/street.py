"""The people of the demo street where each has an account on the telephone, and their groups.

Whom they write to, and where the groups meet, is each platform's own.
"""

from collections.abc import AsyncIterator, Callable, Iterable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Protocol

from starlette.routing import Route

from bot.web.server import build_app
from bot.wiring import Service
from handlers.localtime import local
from storage.transaction import Transaction
from tests.journeys import journey as words
from tests.journeys import playing
from tests.journeys.journey import Journey, Presses, Says, SentAgain
from tests.journeys.playing import Heard, Windows
from tests.journeys.street_house import StreetHouse
from tests.peers.telegram.wire import Line

MOVING_IN = timedelta(minutes=1)
"""Before the journey its people follow the account and write once."""


@dataclass(slots=True)
class Sight:
    """What everybody sees, of people and of groups."""

    clock: Callable[[], datetime]
    shown: dict[str, list[str]] = field(default_factory=dict)
    """All of it, by the name of the person or group."""
    new: Windows = field(default_factory=dict)

    def note(self, name: str, text: str) -> None:
        """Something is shown there now; nothing, when it is empty."""
        if text:
            at = local(self.clock()).isoformat()
            self.new.setdefault(name, []).append(Heard(text, at))
            self.shown.setdefault(name, []).append(text)

    def take(self) -> Windows:
        """Return what was shown since this was asked last."""
        new, self.new = self.new, {}
        return new


class Account(Protocol):
    """What people write to; what it says at once is returned, everything else is shown."""

    def addresses(self, user: str) -> dict[str, str]:
        """Return by channel in which chat somebody is reached."""

    def listen(self, show: Callable[[str, str], None]) -> None:
        """Have every text shown that reaches somebody of itself, at the moment it comes."""

    async def follow(self, user: str) -> str:
        """Have somebody follow it."""

    async def say(self, user: str, text: str) -> str:
        """Have somebody write; without words, something that has none."""

    async def show(self, user: str) -> str:
        """Have somebody send a photograph."""

    async def again(self, user: str) -> str:
        """Have the platform deliver the last message once more."""

    async def press(self, user: str, label: str, last: str) -> bool:
        """Have somebody press a button under the last message they saw; False without one."""

    async def leave(self, user: str) -> None:
        """Let nothing reach somebody any more."""

    async def come_back(self, user: str) -> None:
        """Let everything reach them again, once they follow."""

    async def break_line(self) -> None:
        """Cut the line to the platform."""

    async def mend_line(self) -> None:
        """Put it back."""

    async def settled(self) -> None:
        """Return when the platform has told us everything and was answered."""

    async def objects(self) -> bool:
        """Let the platform say what did not arrive; whether it had anything to say."""


class Groups(Protocol):
    """Where the groups of the street meet."""

    def bind(self, tx: Transaction) -> None:
        """Let the street know them."""

    def open(self, unknown: Iterable[str]) -> None:
        """Let them meet, and these that the street does not know."""

    async def say(self, step: Says) -> None:
        """Have somebody write there."""

    async def press(self, step: Presses) -> None:
        """Have somebody press a button there, or do what stands for it."""


class Street:
    """The people of the demo street, with the account and the groups in their hands."""

    def __init__(
        self,
        house: StreetHouse,
        account: Account,
        groups: Groups,
        sight: Sight,
        *,
        pushes: bool = False,
    ) -> None:
        """`pushes` says that the account sends the rest of an answer of itself."""
        self._pushes = pushes
        self._house = house
        self._account = account
        self._groups = groups
        self._sight = sight
        self._users: dict[str, str] = {}
        self._back: set[str] = set()
        """Those who follow the account again as soon as they want to write."""

    async def move_in(self, journey: Journey) -> None:
        """Let those of the journey follow the account and write once, and bind the groups."""
        spoken = [step for step in journey.steps if isinstance(step, Says | Presses | SentAgain)]
        store = self._house.service.store
        known = await store.run(
            lambda tx: [person.name or "" for person in tx.residents.demo_people()]
        )
        groups = await store.run(lambda tx: {group.name for group in tx.directory.groups()})
        self._users = user_ids([*known, *sorted({step.who for step in spoken} - set(known))])
        await store.run(self._bind)
        self._groups.open(sorted({step.group for step in spoken if step.group} - groups))
        names = {user: name for name, user in self._users.items()}
        self._account.listen(lambda user, text: self._sight.note(names[user], text))
        self._house.clock.now -= MOVING_IN
        for name in sorted(journey.names & set(known)):
            await self._follow(name)
            await self._account.say(self._users[name], "你好")
        await self.settled()
        self.news()
        self._house.clock.now += MOVING_IN

    def _bind(self, tx: Transaction) -> None:
        self._groups.bind(tx)
        for person in tx.residents.demo_people():
            user = self._users[person.name or ""]
            for channel, chat in self._account.addresses(user).items():
                tx.residents.bind(person, channel, user, chat)

    async def _follow(self, name: str) -> None:
        self._sight.note(name, await self._account.follow(self._users[name]))

    async def say(self, step: Says) -> None:
        if step.who in self._back:
            self._back.discard(step.who)
            await self._follow(step.who)
        if step.group:
            await self._groups.say(step)
            return
        assert not step.edits, "nobody corrects what they sent to the account"
        if step.photo:
            self._sight.note(step.who, await self._account.show(self._users[step.who]))
        if step.text or not step.photo:
            await self._type(step.who, step.text)

    async def _type(self, who: str, text: str) -> None:
        self._sight.note(who, await self._account.say(self._users[who], text))

    async def press(self, step: Presses) -> None:
        """Where there is nothing to press people type what the line says."""
        if step.group:
            await self._groups.press(step)
            return
        shown = self._sight.shown.get(step.who, [])
        if await self._account.press(self._users[step.who], step.label, "".join(shown[-1:])):
            return
        lines = [line for text in shown for line in text.splitlines()]
        found = [line for line in lines if step.label in line]
        assert found, f"no {step.label} in {lines}"
        number = found[-1].split(" ", 1)[0]
        await self._type(step.who, number if number.isdecimal() else found[-1])

    async def again(self, step: SentAgain) -> None:
        """The platform is given the same answer again, and shows it once."""
        assert not step.group, "no journey needs it"
        said = await self._account.again(self._users[step.who])
        if said not in self._sight.shown[step.who]:
            self._sight.note(step.who, said)

    async def strike(self, what: str) -> None:
        match what:
            case words.LINE_BREAKS:
                await self._account.break_line()
            case words.LINE_COMES:
                await self._account.mend_line()
            case _ if what.startswith(words.BLOCKS):
                await self._account.leave(self._users[what.removeprefix(words.BLOCKS)])
            case _:
                assert what.startswith(words.UNBLOCKS), what
                who = what.removeprefix(words.UNBLOCKS)
                await self._account.come_back(self._users[who])
                self._back.add(who)

    async def settled(self) -> None:
        await self._account.settled()
        await playing.all_followed(self._house.service.store, pushes=self._pushes)

    async def objects(self) -> bool:
        return await self._account.objects()

    def news(self) -> Windows:
        return self._sight.take()


def user_ids(names: Sequence[str]) -> dict[str, str]:
    """Return by what the platform knows these people."""
    return {name: f"o-person-{number:04}" for number, name in enumerate(names)}


async def faults(journey: Journey, house: StreetHouse, street: Street) -> list[str]:
    """Let everybody move in and play; return what people did not see as the journey says."""
    await street.move_in(journey)
    return await playing.faults(journey, house, street)


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
