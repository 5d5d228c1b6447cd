"""A one-time code that two workers are given at the same moment works once."""

import asyncio
from collections.abc import Coroutine, Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import TypeVar

import pytest
from sqlalchemy import text

from handlers.message import Message, Reply
from handlers.residents import texts
from storage.engine import open_engine
from storage.transaction import Transaction
from storage.words import CodePurpose, RoleWord
from tests.houses import CHANNEL, House
from tests.stores import DEADLINE_SECONDS, Database, EngineKind, until

pytestmark = pytest.mark.skipif(
    not EngineKind.POSTGRESQL.is_there, reason="PostgreSQL is not installed"
)

Result = TypeVar("Result")

CODE = "K7M2P9QX"
PATIENT = timedelta(seconds=DEADLINE_SECONDS)
WAITING = (
    "SELECT pid FROM pg_stat_activity"
    " WHERE datname = current_database() AND wait_event_type = 'Lock'"
)


@pytest.fixture
def workers(tmp_path: Path, shared: Database) -> Iterator[tuple[House, House]]:
    pair = tuple(House(tmp_path, database=shared, busy_timeout=PATIENT) for _ in range(2))
    yield pair[0], pair[1]
    for house in pair:
        house.store.close()


@contextmanager
def untouchable(database: Database) -> Iterator[None]:
    """Let everybody read the codes, and nobody use one, while the block lasts."""
    engine = open_engine(database.url)
    try:
        with engine.connect() as connection:
            connection.execute(text("SELECT hash FROM codes FOR UPDATE"))
            yield
    finally:
        engine.dispose()


async def at_once(
    database: Database, *using: Coroutine[object, object, Result]
) -> list[Result | BaseException]:
    """Let go of the code when all have read it as unused and are about to use it."""
    with untouchable(database):
        running = [asyncio.create_task(work) for work in using]
        await until(lambda: len(database.run(WAITING)) == len(using))
    return await asyncio.gather(*running, return_exceptions=True)


async def a_code(house: House, purpose: CodePurpose, name: str | None = None) -> None:
    """Make the code, for this person where it is somebody's."""

    def make(tx: Transaction) -> None:
        person = tx.residents.add(name=name) if name else None
        subject_id = person.id if person else None
        tx.codes.make(CODE, purpose, tx.now + timedelta(hours=1), subject_id=subject_id)

    await house.store.run(make)


def bind(house: House, who: str) -> Coroutine[object, object, list[Reply]]:
    return house.dispatcher.handle(Message(CHANNEL, who, who, f"绑定 {CODE}", f"by {who}"))


async def test_of_two_who_bind_with_one_code_at_the_same_moment_one_is_bound(
    workers: tuple[House, House], shared: Database
) -> None:
    one, other = workers
    await a_code(one, CodePurpose.BIND_PERSON, "居民乙")

    answers = await at_once(shared, bind(one, "新手机"), bind(other, "别人"))
    [person] = await one.store.run(lambda tx: tx.residents.named("居民乙"))
    bound = await one.store.run(lambda tx: tx.residents.addresses(person.id))

    assert sorted(("居民乙您好" in str(said), "已经用过" in str(said)) for said in answers) == [
        (False, True),
        (True, False),
    ]
    assert len(bound) == 1


async def test_of_two_who_become_the_first_administrator_at_the_same_moment_one_does(
    workers: tuple[House, House], shared: Database
) -> None:
    one, other = workers
    await a_code(one, CodePurpose.FIRST_ADMIN)

    answers = await at_once(shared, bind(one, "新人"), bind(other, "别人"))
    roles = shared.run("SELECT role FROM roles")

    assert sum(texts.ADMIN_BOUND in str(said) for said in answers) == 1
    assert roles == [(RoleWord.ADMIN,)]


async def test_a_code_that_another_worker_uses_meanwhile_is_not_used_again(
    workers: tuple[House, House], shared: Database
) -> None:
    """Whoever looks at nothing first, but only uses it, is told so too."""
    await a_code(workers[0], CodePurpose.ADMIN_LINK)

    used = await at_once(
        shared, *(house.store.run(lambda tx: tx.codes.use(CODE, 1)) for house in workers)
    )

    assert used in ([True, False], [False, True])
