"""Everybody who was given an answer is told once, by one statement, with ids of their own."""

from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from storage.ids import IN_ONE_STAMP, NEXT_STAMP, SHARDS, IdMaker
from storage.store import Store
from storage.telling import tell_askers
from storage.transaction import Transaction
from tests.stores import NOON, a_database, a_store


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return a_store(a_database(tmp_path))


def nth(start: int, n: int, shard: int) -> int:
    return start + n // IN_ONE_STAMP * NEXT_STAMP + n % IN_ONE_STAMP * SHARDS + shard


@given(st.lists(st.integers(0, 2000), max_size=12), st.integers(0, 255))
def test_a_reserved_block_meets_no_id_made_before_or_after(sizes: list[int], shard: int) -> None:
    """Law: ids of blocks and single ids are all different, whatever their order."""
    maker, seen = IdMaker(), set[int]()
    for size in sizes:
        start = maker.reserve(size, NOON)
        block = {nth(start, n, shard) for n in range(size)}
        single = maker.make(shard, NOON)
        assert len(block) == size
        assert not seen & block
        assert single not in seen | block
        seen |= block | {single}


@settings(max_examples=5, deadline=None)
@given(st.integers(0, 700))
def test_a_block_keeps_ids_sorted_by_time(size: int) -> None:
    maker = IdMaker()
    before = maker.make(255, NOON)
    start = maker.reserve(size, NOON)

    assert before < start
    assert maker.make(0, NOON) > nth(start, max(size - 1, 0), 255) - SHARDS


async def test_each_asker_gets_one_notice_and_nobody_else_any(store: Store) -> None:
    def ask(tx: Transaction) -> list[int]:
        people = [tx.residents.add(shard=n % 256).id for n in range(600)]
        for person in [*people, *people[:50]]:
            tx.answers.record(person, "an-entry", 1, 0.9)
        tx.answers.record(tx.residents.add().id, "another", 1, 0.9)
        return people

    def tell(tx: Transaction) -> int:
        since = NOON - timedelta(days=180)
        late = NOON + timedelta(hours=20)
        return tell_askers(
            tx,
            entry="an-entry",
            since=since,
            key="k",
            text="变了",
            topic="t",
            choices=[],
            due_at=late,
        )

    people = await store.run(ask)

    count = await store.run(tell)
    claimed = await store.run(lambda tx: tx.notices.claim_due(NOON + timedelta(days=1), 1000))

    assert count == 600
    assert sorted(notice.resident_id or 0 for notice in claimed) == sorted(people)
    assert {notice.key for notice in claimed} == {f"k:{person}" for person in people}
    store.close()


async def test_who_asked_long_ago_is_left_in_peace(store: Store) -> None:
    await store.run(lambda tx: tx.answers.record(tx.residents.add().id, "an-entry", 1, 0.9))

    count = await store.run(
        lambda tx: tell_askers(
            tx,
            entry="an-entry",
            since=NOON + timedelta(seconds=1),
            key="k",
            text="变了",
            topic="t",
            choices=[],
            due_at=NOON,
        )
    )

    assert count == 0
    store.close()
