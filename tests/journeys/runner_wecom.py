"""Plays a journey through WeCom: the app in private, the robots in the groups of the corporation.

What happens is told in a group by its group robot; who wants something there calls the smart
robot, and where others press a button types the words that the group robot printed. Nothing that
is said without a call reaches us.
"""

from collections.abc import AsyncIterator
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
from tests.journeys import playing
from tests.journeys.journey import Journey, Presses, Says
from tests.journeys.runner_wechat import BOT, Street, served
from tests.journeys.street_house import StreetHouse
from tests.peers.telegram.wire import Line
from tests.peers.wecom.poster import Answer, Poster
from tests.peers.wecom.server import WeComPeer
from tests.wecom_house import APP_KEY, PATIENT, settings

PACE = replace(PATIENT, keep=timedelta(seconds=10))
"""A busy machine may take long to keep a message: whatever comes late must be in the database."""


class _Phone(Poster):
    """The app on everybody's telephone, spoken to as the account on WeChat is."""

    async def event(
        self, user: str, name: str, key: str = "", at: int | None = None, **_: str
    ) -> Answer:
        return await super().event(user, name, key, at)


class _Platform(WeComPeer):
    """WeCom, looked at as the WeChat of the tests is."""

    photos: dict[str, bytes] = {}  # noqa: RUF012  nobody fetches by address here
    groups: dict[str, str] = {}  # noqa: RUF012  set for each street
    """Names of groups by the keys of their robots."""

    @property
    def url(self) -> str:
        return self.root_url

    @property
    def faults(self) -> list[str]:
        """What we did that WeCom forbids, or that it swallows without a word."""
        return [*self.violations, *(f"too many for {one.to}: {one.text}" for one in self.dropped)]


class _Street(Street):
    channel = "wecom"

    def __init__(self, peer: _Platform, house: StreetHouse, phone: _Phone) -> None:
        super().__init__(peer, house, phone)  # type: ignore[arg-type]
        self._platform = peer
        self._poster = phone
        phone.codes = peer.codes
        self._words: dict[str, list[str]] = {}
        """By group, what its robot last printed to be typed."""

    def _bind(self, tx: Transaction) -> None:
        for group in tx.directory.groups():
            tx.directory.bind_group(ROBOT, self._chat(group.name), group.id)
            self._groups.append(group.name)
        for person in tx.residents.demo_people():
            user = self._users[person.name or ""]
            for channel in (APP, ROBOT):
                tx.residents.bind(person, channel, user, user)

    def _listen(self) -> None:
        names = {user: name for name, user in self._users.items()}
        self._platform.on_shown = lambda user, text: self._note(names[user], text)
        self._platform.on_told = lambda key, text: self._hear(self._platform.groups[key], text)

    async def _leave(self, who: str) -> None:
        """Have the app be closed to a member; nobody is told."""
        self._platform.members.discard(self._users[who])

    async def _come_back(self, who: str) -> None:
        self._platform.members.add(self._users[who])

    async def _say_in_room(self, step: Says) -> None:
        """Whoever wants an answer calls the robot; of everything else WeCom posts nothing."""
        if BOT in step.text:
            await self._call(step.who, step.text, step.group)
        elif not step.silent:
            await self._call(step.who, f"{BOT} {step.text}", step.group)

    async def press(self, step: Presses) -> None:
        """What was sent has a card with buttons; of what was answered the number is typed."""
        user = self._users[step.who]
        sent = self._platform.texts_to(user)[-1:]
        card = self._platform.card_of(user, step.label)
        if step.group or card is None or sent != self._shown[step.who][-1:]:
            await super().press(step)
        else:
            await self._poster.press(user, **card)

    async def _press_in_room(self, step: Presses) -> None:
        words = next((one for one in self._words.get(step.group, []) if step.label in one), None)
        assert words is not None, f"no {step.label} in {self._words.get(step.group)}"
        await self._call(step.who, f"{BOT} {words}", step.group)

    async def _call(self, who: str, said: str, group: str) -> None:
        answer = await self._poster.ask(self._users[who], said, group=self._chat(group))
        assert answer.status == 200
        assert not answer.stream or answer.stream["finish"], "nobody fetches the rest"
        self._note(group, str(answer.stream.get("content", "")))

    def _hear(self, group: str, told: str) -> None:
        """Take a card with its words, which bear no number, counted as a card's buttons are."""
        closing = texts.answer_in_group(BOT.removeprefix("@"))
        said, _, typed = told.removesuffix(f"\n{closing}").partition(texts.TYPE_ONE)
        words = typed.split("\n")[1:]
        if words:
            self._words[group] = words
        counted = [f"{number} {one}" for number, one in enumerate(words, start=1)]
        self._note(group, "\n".join([said, *counted]))

    def _chat(self, group: str) -> str:
        """Return the group's id in WeCom: its place among all."""
        names = list(self._platform.groups.values())
        return f"wr-{names.index(group)}" if group in names else "wr-unknown"


async def faults(journey: Journey, folder: Path) -> list[str]:
    """Return what people did not see as the journey says, and what WeCom found wrong."""
    async with _Platform(lambda: house.clock.now) as peer:
        peer.secrets.add(APP_KEY)
        peer.members |= {f"o-person-{number:04}" for number in range(100)}
        line = Line(Starlette())
        house = StreetHouse(journey, folder, partial(_front, peer, line, folder))
        async with house:
            phone = _Phone(f"http://127.0.0.1:{line.port}", lambda: house.clock().timestamp())
            street = _Street(peer, house, phone)
            await street.move_in(journey)
            try:
                found = await playing.faults(journey, house, street)
            finally:
                await phone.close()
        return [*found, *peer.faults]


@asynccontextmanager
async def _front(
    peer: _Platform, line: Line, folder: Path, service: Service
) -> AsyncIterator[None]:
    """Put the app and both kinds of robots before the process."""
    groups = await service.store.run(lambda tx: [group.name for group in tx.directory.groups()])
    peer.groups = {f"group-robot-{number:04}": name for number, name in enumerate(groups)}
    peer.robots |= set(peer.groups)
    parts = open_parts(
        _settings(peer, folder),
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


def _settings(peer: _Platform, folder: Path) -> WeCom:
    robots = folder / "groups.toml"
    start = f"{peer.root_url}{PUSH_PATH}"
    robots.write_text(
        "".join(f'"{name}" = "{start}{key}"\n' for key, name in peer.groups.items()), "utf-8"
    )
    return settings(peer, folder, push_file=str(robots), kf_token="")
