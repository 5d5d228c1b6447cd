"""What WeChat takes and does not bring, and numbers that a waiting notice must not swallow."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path

import pytest

from handlers.delivery import Delivery
from handlers.message import Choice, Reply
from storage.residents import address_key
from tests.houses import Recorder
from tests.peers.wechat.server import WeChatPeer
from tests.wechat_house import WeChatHouse, a_house, a_photo, until
from tests.wechat_street import LI, LONG, SEND, TEMPLATE, TEMPLATE_ID, TOKEN, account, tickets

COLOURS = ["red", "green", "blue", "black", "white", "yellow"]


async def test_a_number_that_submits_a_report_does_so_while_a_notice_waits(tmp_path: Path) -> None:
    async with WeChatPeer() as peer:
        config = account(peer, customer_messages=False, template_id=TEMPLATE_ID)
        async with a_house(tmp_path, config) as house:
            await house.bind(LI, "居民甲")
            await house.say(LI, "三栋二单元电梯坏了")
            await house.remind(LI, LONG)
            done, again = [await house.say(LI, "1", number=9) for _ in "ab"]

            assert len(peer.bells) == 1
            assert again == done
            assert tickets(house) == 1
            assert done.index(LONG) < done.index("1001")


async def test_a_number_means_nothing_of_a_notice_before_it_was_read(tmp_path: Path) -> None:
    async with WeChatPeer() as peer:
        config = account(peer, customer_messages=False, template_id=TEMPLATE_ID)
        async with a_house(tmp_path, config) as house:
            await house.bind(LI, "居民甲")
            await house.say(LI, "三栋二单元电梯坏了")
            await house.remind(LI, LONG, Choice("我的积分", "menu.my_points"))
            unread, again = [await house.say(LI, "1", number=9) for _ in "ab"]
            read = await house.say(LI, "1")

    assert unread == again
    assert unread.startswith(LONG)
    assert "个积分" not in unread
    assert "个积分" in read


async def test_a_notice_that_rang_at_nobody_takes_the_next_way(tmp_path: Path) -> None:
    async with a_ringing_house(tmp_path) as (house, peer):
        elsewhere = Recorder()
        senders = {"wechat": house.channel.sender, "terminal": elsewhere}
        delivery = Delivery(house.house.store, senders, house.house.clock)
        await house.remind(LI, "您的报修有人接了。")
        taken = house.rows("SELECT delivered_via FROM notices")
        await ended(house, "failed:user block")
        house.house.clock.forward(timedelta(seconds=6))
        await delivery.deliver_due()

        assert taken == [(f"wechat:{LI}",)]
        assert house.rows("SELECT delivered_via FROM notices") == [("terminal:居民甲",)]
        assert [reply.text for _, reply in elsewhere.sent] == ["您的报修有人接了。"]
        assert len(peer.bells) == 1


async def test_a_template_that_never_arrives_rings_a_few_times_and_reached_nobody(
    tmp_path: Path,
) -> None:
    async with a_ringing_house(tmp_path) as (house, peer):
        await house.remind(LI, "您的报修有人接了。")
        for _ in range(5):
            await ended(house, "failed: system failed")
            await ended(house, "failed: system failed")  # the platform sends it twice
            house.house.clock.forward(timedelta(minutes=1))
            await house.delivery.deliver_due()

        assert len(peer.bells) == 3
        assert house.rows("SELECT state, delivered_via FROM notices") == [("failed", None)]


async def test_who_is_in_danger_reads_the_number_before_what_was_kept(tmp_path: Path) -> None:
    async with a_ringing_house(tmp_path) as (house, _peer):
        await house.remind(LI, LONG)
        answer = await house.say(LI, "家里着火了")

    assert "119" in answer.splitlines()[0]
    assert LONG in answer


@pytest.mark.parametrize("days", [0, 3], ids=["customer message", "template"])
async def test_a_notice_whose_answer_got_lost_is_not_read_again_and_again(
    days: int, tmp_path: Path
) -> None:
    async with (
        WeChatPeer() as peer,
        a_house(tmp_path, account(peer, template_id=TEMPLATE_ID)) as house,
    ):
        await house.say(LI, "你好")
        house.house.clock.forward(timedelta(days=days))
        peer.lose_answers(TEMPLATE if days else SEND, 20)
        await house.remind(LI, "有人接了。")
        for _ in range(60):
            house.house.clock.forward(timedelta(minutes=1))
            await house.delivery.deliver_due()

    assert len(peer.bells if days else peer.said(LI)) == 2


async def test_a_notice_whose_token_got_lost_on_the_line_has_not_left(tmp_path: Path) -> None:
    async with WeChatPeer() as peer, a_house(tmp_path, account(peer)) as house:
        await house.say(LI, "你好")
        peer.lose_answers(TOKEN, 1)
        await house.remind(LI, "有人接了。")
        house.house.clock.forward(timedelta(seconds=6))
        await house.delivery.deliver_due()
        left = await house.run(lambda tx: tx.quotas.remaining(address_key("wechat", LI)))

    assert peer.said(LI) == ["有人接了。"]
    assert left == 4


async def test_messages_that_never_left_are_not_counted(tmp_path: Path) -> None:
    async with WeChatPeer() as peer, a_house(tmp_path, account(peer)) as house:
        await house.say(LI, "你好")
        peer.fail(SEND, -1, times=6)
        for words in ("第一次", "第二次"):
            await house.remind(LI, words)
        left = await house.run(lambda tx: tx.quotas.remaining(address_key("wechat", LI)))
        house.house.clock.forward(timedelta(minutes=1))
        await house.delivery.deliver_due()

    assert left == 5
    assert peer.said(LI) == ["第一次", "第二次"]


async def test_more_than_five_messages_are_said_as_far_as_they_may_and_then_the_rest(
    tmp_path: Path,
) -> None:
    async with WeChatPeer() as peer, a_house(tmp_path, account(peer)) as house:
        await house.say(LI, "你好")
        photos = [await house.media.keep(a_photo(colour)) for colour in COLOURS]
        await house.channel.sender.send(LI, Reply("修好了。", media=tuple(photos)))
        at_once = [one["msgtype"] for one in peer.messages]
        house.house.clock.forward(timedelta(seconds=5))
        answer = await house.phone.say(LI, "我的积分")
        await until(lambda: len(peer.messages) == 7)

    assert at_once == ["text", "image", "image", "image", "image"]
    assert answer.fields["MsgType"] == "image"
    assert [one["msgtype"] for one in peer.messages[5:]] == ["image", "text"]
    assert "积分" in peer.said(LI)[-1]


@asynccontextmanager
async def a_ringing_house(folder: Path) -> AsyncIterator[tuple[WeChatHouse, WeChatPeer]]:
    """Open a house where somebody wrote so long ago that only a template reaches them."""
    async with (
        WeChatPeer() as peer,
        a_house(folder, account(peer, template_id=TEMPLATE_ID)) as house,
    ):
        await house.bind(LI, "居民甲")
        await house.say(LI, "你好")
        house.house.clock.forward(timedelta(days=3))
        yield house, peer


async def ended(house: WeChatHouse, status: str) -> None:
    """Have WeChat report how the last template message ended."""
    [(bell,)] = house.rows("SELECT number FROM bells ORDER BY rung_at DESC LIMIT 1")
    await house.phone.event(LI, "TEMPLATESENDJOBFINISH", Status=status, MsgID=str(bell))
