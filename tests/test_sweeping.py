"""Photographs that nothing refers to any more are removed, and no others."""

import os
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot import clock
from bot.config import Config
from bot.media import MediaStore
from bot.sweeping import MARGIN, sweep
from bot.wiring import Service
from handlers import ticks
from storage.inbox import KEPT_FOR
from storage.transaction import Transaction
from storage.words import WordsKind
from tests.houses import House, small_knowledge
from tests.stores import Database, EngineKind, until
from tests.telegram_house import a_photo

MONTH = timedelta(days=30)


class Album(House):
    """The street with a folder of photographs."""

    media: MediaStore

    async def photo(self, colour: str) -> str:
        """Keep a photograph that comes now."""
        name = await self.media.keep(a_photo(colour))
        now = self.clock().timestamp()
        os.utime(self.media.path(name), (now, now))
        return name

    async def swept(self, days: int, page: int = 2000) -> int:
        """Let time pass, and the nights of it; return how many photographs were removed."""
        self.clock.forward(timedelta(days=days))
        await ticks.every_minute(self.store, self.spool, self.street, self.current, self.clock)
        await ticks.every_night(self.store, self.current)
        return await sweep(self.store, self.spool, self.media, self.clock(), page)

    def has(self, name: str) -> bool:
        return self.media.path(name).exists()


@pytest.fixture
async def album(tmp_path: Path, database: Database) -> AsyncIterator[Album]:
    album = Album(tmp_path, database=database)
    album.media = MediaStore(tmp_path / "media")
    await album.settle()
    yield album
    album.store.close()


async def test_what_belongs_to_a_report_stays_and_what_belongs_to_nothing_goes(
    album: Album,
) -> None:
    reported, unused = await album.photo("red"), await album.photo("blue")
    await album.say("居民甲", "三栋一单元楼道灯不亮了", photos=[reported])
    await album.say("居民甲", "确认")
    within = await album.swept(MARGIN.days - 1)
    after = await album.swept(400)

    assert (within, after) == (0, 1)
    assert album.has(reported)
    assert not album.has(unused)


async def test_a_photo_of_a_draft_goes_once_the_draft_and_all_words_about_it_are_forgotten(
    album: Album,
) -> None:
    drafted = await album.photo("red")
    await album.say("居民甲", "楼道灯不亮了", photos=[drafted])
    os.utime(album.media.path(drafted), (0, 0))
    as_draft = await album.swept(2)
    dropped = await album.swept(2 * KEPT_FOR.days)

    assert (as_draft, dropped) == (0, 1)


async def test_erased_words_take_their_photo_with_them(album: Album) -> None:
    name = await album.photo("red")
    await album.store.run(lambda tx: tx.words.keep(None, WordsKind.REPORT, "灯坏了", [name]))
    before = await album.swept(30)
    album.database.run("UPDATE words SET body = NULL, media = '[]'")
    after = await album.swept(1)

    assert (before, after) == (0, 1)


async def test_what_comes_again_is_as_new_as_what_comes_for_the_first_time(album: Album) -> None:
    name = await album.photo("red")
    os.utime(album.media.path(name), (0, 0))
    await album.media.keep(a_photo("red"))

    assert await sweep(album.store, album.spool, album.media, datetime(2000, 1, 1, tzinfo=UTC)) == 0


async def test_mentions_are_found_however_many_rows_there_are(album: Album) -> None:
    names = [await album.photo(colour) for colour in ("red", "blue", "green", "yellow", "black")]

    def work(tx: Transaction) -> None:
        for name in names:
            tx.words.keep(None, WordsKind.REPORT, "灯坏了", [name])

    await album.store.run(work)

    assert await album.swept(30, page=2) == 0
    assert all(map(album.has, names))


async def test_an_alarm_that_is_kept_on_disk_keeps_its_photo(album: Album) -> None:
    name = await album.photo("red")
    album.clock.forward(MONTH)
    album.spool.keep({"kind": "fire", "text": "着火了", "key": "k", "media": [name]})

    assert await sweep(album.store, album.spool, album.media, album.clock()) == 0


async def test_what_a_killed_process_left_half_written_goes_too(album: Album) -> None:
    folder = album.media.path(await album.photo("red")).parent
    old, young = folder / "old.new", folder / "young.new"
    for file in (old, young):
        file.write_bytes(b"half a pho")
    now = album.clock().timestamp()
    os.utime(young, (now, now))
    os.utime(old, (0, 0))

    await sweep(album.store, album.spool, album.media, album.clock())

    assert not old.exists()
    assert young.exists()


@pytest.mark.skipif(not EngineKind.POSTGRESQL.is_there, reason="PostgreSQL is not installed")
async def test_of_several_workers_one_sweeps(tmp_path: Path, shared: Database) -> None:
    album = Album(tmp_path, database=shared)
    album.media = MediaStore(tmp_path / "media")
    await album.photo("red")
    album.clock.forward(MONTH)
    other = album.open_store()

    removed = [
        await sweep(store, album.spool, album.media, album.clock())
        for store in (album.store, other, album.store)
    ]
    holder = await album.store.run(lambda tx: tx.seat.number)
    await album.photo("blue")
    album.clock.forward(MONTH)
    by_other = await sweep(other, album.spool, album.media, album.clock())

    assert (removed, holder, by_other) == ([1, 0, 0], 0, 0)
    for store in (album.store, other):
        store.close()


async def test_a_running_service_sweeps_in_the_night(tmp_path: Path) -> None:
    async with Service.open(Config(), data=tmp_path, knowledge=small_knowledge()) as service:
        old, young = [
            service.media.path(await service.media.keep(a_photo(colour)))
            for colour in ("red", "blue")
        ]
        os.utime(old, (0, 0))

        async with clock.running(*service.moved_by_time, night_at={"second": "*"}):
            await until(lambda: not old.exists())

        assert young.exists()
