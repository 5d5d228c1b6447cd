"""Plays a journey through WeCom: the app in private, the robots in the groups of the corporation.

What happens is told in a group by its group robot; who wants something there calls the smart
robot, and where others press a button types the words that the group robot printed. Nothing that
is said without a call reaches us.
"""

from collections.abc import AsyncIterator, Callable, Iterable
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import timedelta
from functools import partial
from pathlib import Path

from starlette.applications import Starlette

from bot.channels.wecom import texts
from bot.channels.wecom.opening import open_parts
from bot.channels.wecom.reading import CHANNEL as APP
from bot.channels.wecom.smart_reading import CHANNEL as ROBOT
from bot.config_wecom import PUSH_PATH, WeCom
from bot.web import wecom_route
from bot.wiring import Service
from storage.transaction import Transaction
from tests.journeys import street
from tests.journeys.journey import Journey, Presses, Says
from tests.journeys.posted import Posted
from tests.journeys.rooms import BOT
from tests.journeys.street import Sight, Street, served
from tests.journeys.street_house import StreetHouse
from tests.peers.telegram.wire import Line
from tests.peers.wecom.poster import Poster
from tests.peers.wecom.server import WeComPeer
from tests.stores import Database
from tests.wecom_house import APP_KEY, PATIENT, settings

PACE = replace(PATIENT, keep=timedelta(seconds=10))
"""A busy machine may take long to keep a message: whatever comes late must be in the database."""


class _App(Posted):
    """The app on everybody's telephone."""

    def __init__(self, poster: Poster, peer: WeComPeer) -> None:
        super().__init__(poster, peer)
        self._poster = poster
        self._peer = peer
        poster.codes = peer.codes

    def addresses(self, user: str) -> dict[str, str]:
        return {APP: user, ROBOT: user}

    def listen(self, show: Callable[[str, str], None]) -> None:
        self._peer.on_shown = show

    async def follow(self, user: str) -> str:
        return (await self._poster.event(user, "subscribe")).text

    async def press(self, user: str, label: str, last: str) -> bool:
        """What was sent has a card with buttons; of what was answered the number is typed."""
        card = self._peer.card_of(user, label)
        if card is None or self._peer.texts_to(user)[-1:] != [last]:
            return False
        await self._poster.press(user, **card)
        return True

    async def leave(self, user: str) -> None:
        """Have the app be closed to a member; nobody is told."""
        self._peer.members.discard(user)

    async def come_back(self, user: str) -> None:
        self._peer.members.add(user)


class _Groups:
    """The groups of the corporation, each with its own robot and the smart one."""

    def __init__(self, poster: Poster, peer: WeComPeer, sight: Sight, keys: dict[str, str]) -> None:
        """`keys` has the names of the groups by the keys of their robots."""
        self._poster = poster
        self._peer = peer
        self._sight = sight
        self._keys = keys
        self._users: dict[str, str] = {}
        self._words: dict[str, list[str]] = {}
        """By group, what its robot last printed to be typed."""

    def bind(self, tx: Transaction) -> None:
        for group in tx.directory.groups():
            tx.directory.bind_group(ROBOT, self._chat(group.name), group.id)
        names = [person.name or "" for person in tx.residents.demo_people()]
        self._users = street.user_ids(names)

    def open(self, unknown: Iterable[str]) -> None:
        """Let their robots be heard; what the street does not know has none."""
        del unknown
        self._peer.on_told = lambda key, text: self._hear(self._keys[key], text)

    async def say(self, step: Says) -> None:
        """Whoever wants an answer calls the robot; of everything else WeCom posts nothing."""
        if BOT in step.text:
            await self._call(step.who, step.text, step.group)
        elif not step.silent:
            await self._call(step.who, f"{BOT} {step.text}", step.group)

    async def press(self, step: Presses) -> None:
        words = next((one for one in self._words.get(step.group, []) if step.label in one), None)
        assert words is not None, f"no {step.label} in {self._words.get(step.group)}"
        await self._call(step.who, f"{BOT} {words}", step.group)

    async def _call(self, who: str, said: str, group: str) -> None:
        answer = await self._poster.ask(self._users[who], said, group=self._chat(group))
        assert answer.status == 200
        assert not answer.stream or answer.stream["finish"], "nobody fetches the rest"
        self._sight.note(group, str(answer.stream.get("content", "")))

    def _hear(self, group: str, told: str) -> None:
        """Take a card with its words, which bear no number, counted as a card's buttons are."""
        closing = texts.answer_in_group(BOT.removeprefix("@"))
        said, _, typed = told.removesuffix(f"\n{closing}").partition(texts.TYPE_ONE)
        words = typed.split("\n")[1:]
        if words:
            self._words[group] = words
        counted = [f"{number} {one}" for number, one in enumerate(words, start=1)]
        self._sight.note(group, "\n".join([said, *counted]))

    def _chat(self, group: str) -> str:
        """Return the group's id in WeCom: its place among all."""
        names = list(self._keys.values())
        return f"wr-{names.index(group)}" if group in names else "wr-unknown"


async def faults(journey: Journey, folder: Path, database: Database) -> list[str]:
    """Return what people did not see as the journey says, and what WeCom found wrong."""
    async with WeComPeer(lambda: house.clock.now) as peer:
        peer.secrets.add(APP_KEY)
        peer.members |= set(street.user_ids([str(number) for number in range(100)]).values())
        line = Line(Starlette())
        keys: dict[str, str] = {}
        front = partial(_front, peer, line, keys, folder)
        house = StreetHouse(journey, folder, front, database)
        async with house:
            poster = Poster(f"http://127.0.0.1:{line.port}", lambda: house.clock().timestamp())
            sight = Sight(house.clock)
            groups = _Groups(poster, peer, sight, keys)
            try:
                people = Street(house, _App(poster, peer), groups, sight)
                found = await street.faults(journey, house, people)
            finally:
                await poster.close()
        swallowed = [f"too many for {one.to}: {one.text}" for one in peer.dropped]
        return [*found, *peer.violations, *swallowed]


@asynccontextmanager
async def _front(
    peer: WeComPeer, line: Line, keys: dict[str, str], folder: Path, service: Service
) -> AsyncIterator[None]:
    """Put the app and both kinds of robots before the process."""
    groups = await service.store.run(lambda tx: [group.name for group in tx.directory.groups()])
    keys.update({f"group-robot-{number:04}": name for number, name in enumerate(groups)})
    peer.robots |= set(keys)
    parts = open_parts(
        _settings(peer, folder, keys),
        service.dispatcher,
        service.store,
        service.media,
        clock=service.clock,
        pace=PACE,
    )
    service.senders.update(parts.senders)
    async with served(line, service, wecom_route.routes(parts)):
        for part in parts.running:
            await part.start()
        try:
            yield
        finally:
            for part in parts.running:
                await part.stop()


def _settings(peer: WeComPeer, folder: Path, keys: dict[str, str]) -> WeCom:
    robots = folder / "groups.toml"
    start = f"{peer.root_url}{PUSH_PATH}"
    robots.write_text(
        "".join(f'"{name}" = "{start}{key}"\n' for key, name in keys.items()), "utf-8"
    )
    return settings(peer, folder, push_file=str(robots), kf_token="")
