"""A photograph that does not come costs nobody their words, and nobody else their turn."""

from pathlib import Path

import pytest

from bot.channels.telegram import reading
from bot.channels.telegram.pictures import TRIES
from bot.channels.telegram.poll import AT_A_TIME, FEW
from bot.channels.texts import PHOTO_LOST, PHOTO_TOO_LARGE, PHOTO_UNREADABLE
from handlers import texts
from tests.peers.telegram.server import TelegramPeer
from tests.peers.telegram.shapes import User
from tests.stores import Clock
from tests.telegram_house import WELCOME, House, a_house, a_photo

LONG = 60.0
"""Seconds in which a hundred people are answered on any machine."""


@pytest.mark.parametrize("method", ["getFile", "download"])
async def test_a_photo_is_fetched_again_when_the_line_breaks(
    house: House, greeted: User, method: str
) -> None:
    house.peer.fail_next(method, "drop", times=TRIES - 1)

    await house.peer.send_photo(greeted, greeted, a_photo())

    assert await house.heard(greeted, after=1) == texts.PHOTO_ALONE
    assert len(house.photos_kept()) == 1


async def test_a_photo_larger_than_bots_are_given_is_never_asked_for(
    house: House, greeted: User
) -> None:
    too_large = bytes(reading.DOWNLOAD_BYTES + 1)

    await house.peer.send_document(greeted, greeted, too_large, "image/jpeg")

    await house.peer.wait_for(lambda: house.said(greeted)[-1] == PHOTO_TOO_LARGE)
    assert house.peer.calls("getFile") == []


async def test_a_photo_that_never_comes_is_asked_for_again(house: House, greeted: User) -> None:
    house.peer.fail_next("download", 502, times=TRIES)

    await house.peer.send_photo(greeted, greeted, a_photo(), "转人工")

    await house.peer.wait_for(lambda: house.said(greeted)[-1] == PHOTO_LOST)
    assert len(house.rows("SELECT id FROM handovers")) == 1


async def test_a_full_disk_costs_the_photo_but_not_the_words(house: House, greeted: User) -> None:
    (house.folder / "media").write_text("a file where the folder should be")

    await house.peer.send_photo(greeted, greeted, a_photo(), "转人工")

    await house.peer.wait_for(lambda: house.said(greeted)[-1] == PHOTO_LOST)
    assert len(house.rows("SELECT id FROM handovers")) == 1


async def test_a_slow_photo_holds_up_nobody_else(house: House, greeted: User, wang: User) -> None:
    house.peer.fail_next("download", "hang")

    await house.peer.send_photo(greeted, greeted, a_photo())
    await house.peer.wait_for(lambda: house.peer.calls("getFile"))
    await house.peer.start(wang)

    assert await house.heard(wang) == WELCOME
    assert len(house.peer.messages_to(greeted)) == 1


async def test_a_slow_photo_holds_up_nobody_behind_the_hundred_telegram_shows(
    house: House, greeted: User
) -> None:
    house.peer.fail_next("download", "hang")
    await house.peer.send_photo(greeted, greeted, a_photo())
    await house.peer.wait_for(lambda: house.peer.calls("getFile"))
    crowd = [house.peer.user(1000 + n, f"居民{n}") for n in range(AT_A_TIME + 20)]

    for person in crowd:
        await house.peer.start(person)

    await house.peer.wait_for(lambda: all(len(house.said(person)) == 1 for person in crowd), LONG)
    assert len(house.peer.messages_to(greeted)) == 1


async def test_where_many_are_slow_none_is_confirmed_before_its_end(
    peer: TelegramPeer, clock: Clock, tmp_path: Path
) -> None:
    senders = [peer.user(100 + n, f"居民{n}") for n in range(FEW + 1)]
    crowd = [peer.user(1000 + n, f"居民{n}") for n in range(AT_A_TIME)]
    peer.fail_next("download", "hang", times=len(senders))
    for person in senders:
        await peer.send_photo(person, person, a_photo())
    for person in crowd:
        await peer.start(person)
    async with a_house(peer, clock, tmp_path) as house:
        shown = crowd[: AT_A_TIME - len(senders)]
        await peer.wait_for(lambda: all(len(house.said(person)) == 1 for person in shown), LONG)
        asked = len(peer.calls("getUpdates"))
        await peer.wait_for(lambda: len(peer.calls("getUpdates")) > asked + 2)

    peer.world.faults.clear()
    async with a_house(peer, clock, tmp_path) as house:
        await peer.wait_for(lambda: all(house.said(person) for person in senders), LONG)
        assert {house.said(person)[0] for person in senders} == {texts.PHOTO_ALONE}


async def test_danger_under_a_slow_photo_is_answered_at_once(house: House, greeted: User) -> None:
    house.peer.fail_next("download", "hang")

    await house.peer.send_photo(greeted, greeted, a_photo(), "厨房着火了")

    await house.peer.wait_for(lambda: "119" in house.said(greeted)[-1])


async def test_a_photo_that_is_none_is_said_to_be_none(house: House, greeted: User) -> None:
    await house.peer.send_photo(greeted, greeted, b"no picture")

    await house.peer.wait_for(lambda: house.said(greeted)[-1] == PHOTO_UNREADABLE)
