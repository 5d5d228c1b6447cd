"""The store: units of work commit together or not at all, and its faults are said in its words."""

import asyncio
import sqlite3
from collections.abc import Coroutine, Iterator
from datetime import datetime, timedelta
from itertools import pairwise
from pathlib import Path
from uuid import uuid4

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Text

from storage.engine import open_engine
from storage.faults import FaultKind, StoreUnavailable
from storage.ids import SHARDS, IdMaker, shard_of
from storage.migrate import current, differences, newest, upgrade
from storage.store import Store
from storage.tables import metadata
from storage.talks import Talk
from storage.transaction import Needs, Transaction
from storage.words import Kept
from tests.stores import NOON, Clock, Database, EngineKind, a_database

DEADLINE_SECONDS = 20


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return a_database(tmp_path)


@pytest.fixture
def store(database: Database) -> Iterator[Store]:
    opened = database.open()
    yield opened
    opened.close()


def record(number: int) -> Needs:
    return Needs(f"web:{number}", f"web:user-{number}", f"web:chat:{number}")


async def test_what_was_answered_is_remembered_for_a_resend(store: Store) -> None:
    needs = record(1)
    await store.run(lambda tx: tx.inbox.record(needs.inbox, [{"text": "a"}]), needs)

    seen = await store.run(lambda tx: tx.inbox.seen(needs.inbox), needs)

    assert seen == [{"text": "a"}]


async def test_a_failing_unit_leaves_its_neighbours_in_the_batch_alone(store: Store) -> None:
    def fails(tx: Transaction) -> None:
        tx.residents.add(name="nobody")
        tx.inbox.record("web:failed", [])
        message = "ours"
        raise RuntimeError(message)

    def works(number: int) -> Coroutine[None, None, None]:
        return store.run(lambda tx: tx.inbox.record(f"web:{number}", []), record(number))

    outcomes = await asyncio.gather(
        *(works(n) for n in range(5)),
        store.run(fails),
        *(works(n) for n in range(5, 10)),
        return_exceptions=True,
    )

    seen = [await store.run(lambda tx, n=n: tx.inbox.seen(f"web:{n}")) for n in range(10)]  # type: ignore[misc]
    assert [type(o) for o in outcomes if o is not None] == [RuntimeError]
    assert seen == [[]] * 10
    assert await store.run(lambda tx: tx.inbox.seen("web:failed")) is None
    assert await store.run(lambda tx: tx.residents.named("nobody")) == []


async def test_the_same_message_twice_in_one_batch_has_one_effect(store: Store) -> None:
    def work(tx: Transaction) -> str:
        if tx.inbox.seen("web:1") is not None:
            return "again"
        tx.residents.add(name="once")
        tx.inbox.record("web:1", [])
        return "first"

    outcomes = await asyncio.gather(*(store.run(work, record(1)) for _ in range(20)))

    assert sorted(outcomes) == ["again"] * 19 + ["first"]
    assert len(await store.run(lambda tx: tx.residents.named("once"))) == 1


async def test_a_statement_the_engine_refuses_fails_alone(store: Store) -> None:
    def twice_the_same_key(tx: Transaction) -> None:
        for _ in range(2):
            tx.notices.schedule(key="same", text="x", topic="t", resident_id=256)

    good = [store.run(lambda tx, n=n: tx.inbox.record(f"web:{n}", [])) for n in range(8)]  # type: ignore[misc]
    outcomes = await asyncio.gather(*good, store.run(twice_the_same_key), return_exceptions=True)

    assert outcomes[:8] == [None] * 8
    assert isinstance(outcomes[8], Exception)
    assert await store.run(lambda tx: tx.inbox.seen("web:7")) == []


async def test_a_locked_database_is_said_in_words_and_nothing_is_half_stored(
    database: Database,
) -> None:
    store = database.open(busy_timeout=timedelta(milliseconds=50))
    await store.run(lambda tx: tx.inbox.record("web:0", []))

    with database.taken(), pytest.raises(StoreUnavailable) as refused:
        await store.run(lambda tx: tx.inbox.record("web:1", []))

    assert refused.value.kind is FaultKind.LOCKED
    assert await store.run(lambda tx: tx.inbox.seen("web:1")) is None
    store.close()


async def test_a_full_disk_is_said_in_words_and_what_was_confirmed_stays(path: Path) -> None:
    with sqlite3.connect(path) as connection:
        [pages] = connection.execute("PRAGMA page_count").fetchone()
    connection.close()
    engine = open_engine(f"sqlite:///{path}")
    store = Store(engine, clock=lambda: NOON)
    await store.run(lambda tx: tx.inbox.record("web:kept", []))

    def fill(tx: Transaction) -> None:
        tx.reading().exec_driver_sql(f"PRAGMA max_page_count={pages + 8}")
        tx.inbox.record("web:huge", [{"text": "x" * 2_000_000}])

    with pytest.raises(StoreUnavailable) as refused:
        await store.run(fill)

    assert refused.value.kind is FaultKind.FULL
    assert await store.run(lambda tx: tx.inbox.seen("web:kept")) == []
    assert await store.run(lambda tx: tx.inbox.seen("web:huge")) is None
    store.close()


async def test_ids_go_on_after_a_restart_while_the_clock_stands_still(
    database: Database,
) -> None:
    clock = Clock()
    first = database.open(clock)
    before = [(await first.run(lambda tx: tx.residents.add())).id for _ in range(5)]
    first.close()

    second = database.open(clock)
    after = [(await second.run(lambda tx: tx.residents.add())).id for _ in range(5)]
    second.close()

    assert sorted(set(before + after)) == before + after


@given(
    st.lists(
        st.tuples(st.integers(0, SHARDS - 1), st.integers(-3_600_000, 3_600_000)), max_size=400
    )
)
def test_ids_are_never_twice_the_same_and_carry_their_shard(
    wanted: list[tuple[int, int]],
) -> None:
    """Law: strictly increasing above the shard bits, however the clock jumps."""
    maker = IdMaker(3)

    made = [maker.make(shard, NOON + timedelta(milliseconds=ms)) for shard, ms in wanted]

    assert [shard_of(row_id) for row_id in made] == [shard for shard, _ in wanted]
    stamps = [row_id >> 8 for row_id in made]
    assert all(a < b for a, b in pairwise(stamps))
    assert all(0 < row_id < 2**63 for row_id in made)


def test_an_empty_database_is_brought_to_what_the_code_needs(database: Database) -> None:
    """The database of a test was empty when it was migrated (tests/stores.py)."""
    engine = open_engine(database.url)

    upgrade(engine)

    assert current(engine) == newest()
    assert differences(engine) == []
    engine.dispose()


def test_every_column_is_classed_and_free_text_is_personal() -> None:
    for table in metadata.sorted_tables:
        for column in table.c:
            assert column.info.get("personal") in {True, False}, f"{table.name}.{column.name}"
            assert column.info.get("kept") in set(Kept), f"{table.name}.{column.name}"
            if isinstance(column.type, Text):
                assert column.info["personal"], f"{table.name}.{column.name}"


def test_tables_that_grow_carry_their_shard_in_every_key() -> None:
    growing = {t.name for t in metadata.sorted_tables if "shard" in t.c}

    assert growing >= {"residents", "words", "notices", "tickets", "ticket_events", "answers"}
    assert growing >= {"transfers", "entries", "lots", "holds", "accounts", "shifts", "sign_ups"}
    for name in growing:
        table = metadata.tables[name]
        assert "shard" in table.primary_key.columns
        uniques = [c for c in table.constraints if type(c).__name__ == "UniqueConstraint"]
        assert all("shard" in c.columns for c in uniques)  # type: ignore[attr-defined]
        assert all("shard" in i.columns for i in table.indexes if i.unique)


async def test_a_moment_without_a_zone_is_refused(database: Database) -> None:
    naive = datetime(2026, 1, 1)  # noqa: DTZ001  the point of the test
    store = database.open(lambda: naive)

    with pytest.raises(Exception, match="time zone"):
        await store.run(lambda tx: tx.inbox.record("web:1", []))

    store.close()


PRINTABLE = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=40)
UGLY = [
    "",
    "NULL",
    "null",
    "{}",
    '","',
    "\\",
    '\\"',
    "a,b",
    "{a}",
    "\n",
    " ",
    "'",
    "%s",
    ":x",
    "😀",
]


@settings(
    max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(texts=st.lists(PRINTABLE | st.sampled_from(UGLY), min_size=1, max_size=20))
def test_whatever_people_write_is_kept_as_it_is(database: Database, texts: list[str]) -> None:
    """Rows travel to a server as one text, in which some signs mean something."""
    store = database.open()
    loop = asyncio.new_event_loop()
    keys = [f"{uuid4()}:{text}" for text in texts]

    def keep(tx: Transaction) -> None:
        for key, text in zip(keys, texts, strict=True):
            tx.inbox.record(key, [{"text": text}])
            tx.talks.keep(Talk(key, "web", text, text, 1, memory={"said": text}))

    def kept(tx: Transaction) -> list[tuple[object, ...]]:
        talks = [tx.talks.of(key) for key in keys]
        seen = [tx.inbox.seen(key) for key in keys]
        return [
            (talk.chat, talk.memory["said"], talk.form, talk.handover_id, replies)
            for talk, replies in zip(talks, seen, strict=True)
            if talk is not None
        ]

    loop.run_until_complete(store.run(keep))
    found = loop.run_until_complete(store.run(kept))
    loop.close()
    store.close()

    assert found == [(text, text, None, None, [{"text": text}]) for text in texts]


async def test_what_is_committed_reaches_the_file_while_the_store_is_open(tmp_path: Path) -> None:
    """The log is copied beside the messages; no commit is long enough for SQLite to do it."""
    database = Database(EngineKind.SQLITE, tmp_path)
    store = database.open()
    before = database.path.stat().st_size

    await store.run(lambda tx: [tx.residents.add(name="x" * 60) for _ in range(500)])
    async with asyncio.timeout(DEADLINE_SECONDS):
        while database.path.stat().st_size == before:  # noqa: ASYNC110  a thread does it
            await asyncio.sleep(0.01)

    store.close()
