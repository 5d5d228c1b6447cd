"""A street with lawyers, and what is asked there that nobody could answer."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path

from handlers import ticks
from handlers.learning import clock as learning
from knowledge.replay import Level, level
from storage.learning import Cluster
from storage.transaction import Transaction
from storage.words import RoleWord, ScopeKind
from tests.houses import CHANNEL, House, small_knowledge

MACHINE = "岗亭旁边那台卖水的机器赚的钱有没有我们一份"
MACHINE_TOO = "请问岗亭旁边那台卖水的机器赚的钱有没有我们一份？"
ENTRY = small_knowledge().entries["income-owner"]
LIKED = next(
    text
    for text in ENTRY.phrasings
    if level(small_knowledge().read(text).match, ENTRY.id) is Level.RIGHT
)
"""A way of asking that the entry knows already."""
HOUR = timedelta(hours=1)


@asynccontextmanager
async def a_house(folder: Path) -> AsyncIterator[House]:
    """The street at Monday noon, with two lawyers and a resident of another community."""
    house = House(folder, shipped=small_knowledge())
    await house.settle()
    await house.store.run(_more_people)
    yield house
    house.store.close()


def _more_people(tx: Transaction) -> None:
    tx.directory.add("communities", [{"id": 2, "name": "向阳", "demo": True}])
    for name, community, role in (
        ("律师甲", 1, RoleWord.LAWYER),
        ("律师乙", 1, RoleWord.LAWYER),
        ("居民丁", 2, None),
    ):
        person = tx.residents.add(name=name, community_id=community)
        tx.residents.bind(person, CHANNEL, name, name)
        if role is not None:
            tx.residents.grant(person.id, role, ScopeKind.COMMUNITY, community)


async def minute(house: House) -> list[tuple[str, str]]:
    """Let a minute pass; return who was told what."""
    house.clock.forward(timedelta(minutes=1))
    await learning.rehearse(house.store, house.current, house.clock)
    await ticks.every_minute(house.store, house.spool, house.street, house.current, house.clock)
    return await house.delivered()


async def wait(house: House, time: timedelta) -> list[tuple[str, str]]:
    """Let this time pass and a minute more; return who was told what in it."""
    house.clock.forward(time)
    return await minute(house)


async def said(house: House, who: str, text: str, group: str | None = None) -> str:
    """Say something; return all that is answered."""
    replies = await house.say(who, text, group=group, addressed=group is None)
    return "\n".join(reply.text for reply in replies)


async def open_clusters(house: House) -> list[Cluster]:
    """Return what waits for an answer, most asked first."""
    return await house.store.run(lambda tx: tx.learning.open_clusters(20))


async def asked(house: House) -> None:
    """居民甲 and 居民乙 ask the same in their own words; an hour later staff can read it."""
    await house.say("居民甲", MACHINE)
    await house.say("居民乙", MACHINE_TOO)
    await wait(house, HOUR)
