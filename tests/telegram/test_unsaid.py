"""What Telegram did not take in time is said by the outbox: once, and whatever becomes of us."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from tests.peers.telegram.server import TelegramPeer
from tests.peers.telegram.shapes import User
from tests.stores import Clock
from tests.telegram_house import GROUP_ID, QUICK, House, a_house

HASTY = replace(QUICK, give_up=timedelta(0), farewell=timedelta(milliseconds=50))
"""What Telegram does not take at once is given up."""
PATIENT = replace(QUICK, farewell=timedelta(milliseconds=50))
MINUTE = timedelta(minutes=1)
POINTS = "您现在有 0 个积分"


async def deliver(house: House, minutes: int) -> None:
    """Let minutes pass, and have said in them what is due."""
    await house.delivery.deliver_due()
    for _ in range(minutes):
        house.clock.forward(MINUTE)
        await house.delivery.deliver_due()


def points(house: House, person: User) -> list[str]:
    """Return what the person was told about their points."""
    return [words for words in house.said(person) if POINTS in words]


async def over(house: House, kept: int = 1) -> None:
    """Wait until an answer was kept so often and given up, then let Telegram be back."""
    await house.peer.wait_for(lambda: len(house.rows("SELECT key FROM notices")) == kept)
    await house.settled()
    house.peer.world.faults.clear()


async def test_an_answer_that_waits_in_a_flood_outlives_us(
    peer: TelegramPeer, clock: Clock, tmp_path: Path, li: User
) -> None:
    peer.flood(li, seconds=60)
    async with a_house(peer, clock, tmp_path, pace=PATIENT) as house:
        await peer.say(li, li, "我的积分")
        await house.settled()
        confirmed = house.rows("SELECT state, attempts FROM notices")
    async with a_house(peer, clock, tmp_path, pace=PATIENT) as house:
        peer.resend_last()
        await house.settled()
        await deliver(house, 0)
        at_once = len(points(house, li))
        await deliver(house, 20)

    assert confirmed == [("pending", 0)]
    assert at_once == 1
    [said] = points(house, li)
    assert "「我的积分」" in said.splitlines()[0]


async def test_an_answer_that_telegram_was_away_for_too_long_for_is_said_when_it_is_back(
    peer: TelegramPeer, clock: Clock, tmp_path: Path, li: User
) -> None:
    async with a_house(peer, clock, tmp_path, pace=HASTY) as house:
        peer.fail_next("sendMessage", 502, times=50)
        await peer.say(li, li, "我的积分")
        await over(house)
        await deliver(house, 20)

    assert len(points(house, li)) == 1


async def test_what_was_said_after_all_is_in_no_outbox_any_more(
    peer: TelegramPeer, clock: Clock, tmp_path: Path, li: User
) -> None:
    async with a_house(peer, clock, tmp_path) as house:
        peer.fail_next("sendMessage", 502, times=3)
        await peer.say(li, li, "我的积分")
        await peer.next_message(li)
        state = "SELECT state FROM notices"
        await peer.wait_for(lambda: house.rows(state) == [("withdrawn",)])
        await deliver(house, 20)

    assert len(points(house, li)) == 1


async def test_an_answer_that_may_have_arrived_twice_is_not_said_again_soon(
    peer: TelegramPeer, clock: Clock, tmp_path: Path, li: User
) -> None:
    async with a_house(peer, clock, tmp_path) as house:
        peer.fail_next("sendMessage", "drop", times=2, carried_out=True)
        await peer.say(li, li, "我的积分")
        await over(house, kept=2)
        await deliver(house, 9)
        soon = len(points(house, li))
        await deliver(house, 60)

    assert soon == 2
    assert len(points(house, li)) == 3


async def test_what_a_number_means_is_kept_with_the_answer(
    peer: TelegramPeer, clock: Clock, tmp_path: Path, li: User
) -> None:
    async with a_house(peer, clock, tmp_path, pace=HASTY) as house:
        peer.fail_next("sendMessage", 502, times=50)
        await peer.start(li)
        await over(house)
        await deliver(house, 20)
        menu = peer.messages_to(li)[-1]
        [button] = [b for row in menu.buttons for b in row if "积分" in b.text]
        await peer.press(li, menu, button.text)
        await house.heard(li, after=1)

    assert len(points(house, li)) == 1


@pytest.mark.parametrize("bound", [True, False])
async def test_what_a_group_asked_for_is_said_there_where_it_is_one_of_ours(
    peer: TelegramPeer, clock: Clock, tmp_path: Path, li: User, *, bound: bool
) -> None:
    async with a_house(peer, clock, tmp_path, pace=HASTY) as house:
        await peer.start(li)
        await peer.next_message(li)
        group = peer.group(GROUP_ID, "芳草苑居民群", [li])
        if bound:
            await house.bind_group(group)
        before = len(house.said(li))
        peer.fail_next("sendMessage", 502, times=50)
        await peer.say(li, group, "@xiaoer_test_bot 房屋漏水该谁修")
        await over(house)
        await deliver(house, 20)

    there, private = house.said(group), house.said(li)[before:]
    assert len(there if bound else private) == 1
    assert not (private if bound else there)


async def test_who_blocked_the_bot_is_owed_nothing(
    peer: TelegramPeer, clock: Clock, tmp_path: Path, li: User
) -> None:
    async with a_house(peer, clock, tmp_path, pace=HASTY) as house:
        await peer.start(li)
        await peer.next_message(li)
        await peer.deactivate(li)
        await peer.say(li, li, "我的积分")
        await house.settled()

        assert house.rows("SELECT key FROM notices") == []
