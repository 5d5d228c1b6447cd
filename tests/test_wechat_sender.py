"""What is said unasked in WeChat: windows, bells, consents, error codes."""

from datetime import timedelta
from pathlib import Path

import pytest

from bot.channels.wechat import texts
from handlers.delivery import Delivery, Kept, WayClosed
from handlers.message import Reply, as_json
from storage.residents import address_key
from storage.words import BellState
from tests.houses import Recorder
from tests.peers.wechat.server import WeChatPeer
from tests.wechat_house import a_house, a_photo, until
from tests.wechat_street import LI, LONG, SEND, TEMPLATE_ID, WANG, account, trouble


async def test_a_notice_reaches_somebody_who_wrote_lately(tmp_path: Path) -> None:
    async with WeChatPeer() as peer, a_house(tmp_path, account(peer)) as house:
        await house.say(LI, "你好")
        await house.remind(LI, "您的报修有人接了。")

        assert peer.said(LI) == ["您的报修有人接了。"]
        assert house.rows("SELECT state FROM notices") == [("delivered",)]


async def test_five_messages_may_follow_one_and_writing_opens_the_window_again(
    tmp_path: Path,
) -> None:
    async with WeChatPeer() as peer, a_house(tmp_path, account(peer)) as house:
        await house.say(LI, "你好", number=1)
        for number in range(5):
            await house.channel.sender.send(LI, Reply(f"第 {number} 条"))
        refused = await trouble(house)
        await house.say(LI, "你好", number=1)
        still = await trouble(house)
        house.house.clock.forward(timedelta(seconds=5))
        await house.say(LI, "在的")
        await house.channel.sender.send(LI, Reply("第 6 条"))

    assert isinstance(refused, Kept)
    assert isinstance(still, Kept)  # the platform sent the first message again
    assert not refused.permanent
    assert len(peer.said(LI)) == 6
    assert peer.count(SEND) == 6


async def test_the_window_closes_after_48_hours(tmp_path: Path) -> None:
    async with WeChatPeer() as peer, a_house(tmp_path, account(peer)) as house:
        await house.say(LI, "你好")
        house.house.clock.forward(timedelta(hours=48, seconds=1))
        refused = await trouble(house)

    assert isinstance(refused, Kept)
    assert peer.count(SEND) == 0


async def test_a_menu_click_opens_three_messages_for_a_minute(tmp_path: Path) -> None:
    async with WeChatPeer() as peer, a_house(tmp_path, account(peer)) as house:
        await house.phone.event(LI, "CLICK", EventKey="shifts")
        for number in range(3):
            await house.channel.sender.send(LI, Reply(f"第 {number} 条"))
        fourth = await trouble(house)
        await house.phone.event(WANG, "CLICK", EventKey="shifts")
        house.house.clock.forward(timedelta(seconds=61))
        too_late = await trouble(house, WANG)

    assert isinstance(fourth, Kept)
    assert isinstance(too_late, Kept)
    assert len(peer.said(LI)) == 3


async def test_a_menu_click_takes_nothing_from_the_window_of_a_message(tmp_path: Path) -> None:
    async with WeChatPeer() as peer, a_house(tmp_path, account(peer)) as house:
        await house.say(LI, "你好")
        await house.phone.event(LI, "CLICK", EventKey="shifts")
        left = await house.run(lambda tx: tx.quotas.remaining(address_key("wechat", LI)))

    assert left == 8


async def test_counts_outlive_a_restart(tmp_path: Path) -> None:
    async with WeChatPeer() as peer:
        async with a_house(tmp_path, account(peer)) as house:
            await house.say(LI, "你好")
            for number in range(4):
                await house.channel.sender.send(LI, Reply(f"第 {number} 条"))
        async with a_house(tmp_path, account(peer)) as house:
            await house.channel.sender.send(LI, Reply("第 5 条"))
            refused = await trouble(house)

    assert isinstance(refused, Kept)


async def test_outside_the_window_a_template_rings_and_the_whole_is_shown_on_writing(
    tmp_path: Path,
) -> None:
    async with WeChatPeer() as peer:
        config = account(peer, template_id=TEMPLATE_ID, template_field="thing2")
        async with a_house(tmp_path, config) as house:
            await house.say(LI, "你好")
            house.house.clock.forward(timedelta(days=3))
            await house.remind(LI, LONG)
            shown = await house.say(LI, "1")

            assert house.rows("SELECT state FROM notices") == [("delivered",)]

    [bell] = peer.bells
    assert bell["template_id"] == TEMPLATE_ID
    assert bell["data"] == {"thing2": {"value": LONG[:19] + "…"}}
    assert shown.split("\n\n")[0] == LONG
    assert peer.count(SEND) == 0


async def test_whether_a_template_arrived_is_noted(tmp_path: Path) -> None:
    address = address_key("wechat", LI)
    outcomes = []
    async with (
        WeChatPeer() as peer,
        a_house(tmp_path, account(peer, template_id=TEMPLATE_ID)) as house,
    ):
        await house.say(LI, "你好")
        house.house.clock.forward(timedelta(days=3))
        for number, status in enumerate(["success", "failed:user block"], 1):
            await house.channel.sender.send(LI, Reply(f"短提醒 {number}"))
            [(bell,)] = house.rows("SELECT number FROM bells WHERE state = 'rung'")
            await house.phone.event(LI, "TEMPLATESENDJOBFINISH", Status=status, MsgID=str(bell))
            outcomes.append(await house.run(lambda tx: sorted(tx.quotas.bells_of(address))))
        gone = house.rows("SELECT unreachable_since FROM addresses WHERE channel = 'wechat'")

    assert outcomes == [[BellState.ARRIVED], [BellState.ARRIVED, BellState.FAILED]]
    assert gone[0][0] is not None


async def test_one_consent_is_one_subscription_message(tmp_path: Path) -> None:
    consent = (
        "<SubscribeMsgPopupEvent><List><TemplateId><![CDATA[SUB1]]></TemplateId>"
        "<SubscribeStatusString><![CDATA[accept]]></SubscribeStatusString>"
        "<PopupScene>2</PopupScene></List></SubscribeMsgPopupEvent>"
    )
    async with WeChatPeer() as peer:
        config = account(peer, subscribe_template_id="SUB1")
        peer.consents[LI] = 5  # our own count stops earlier
        async with a_house(tmp_path, config) as house:
            at = int(house.house.clock().timestamp())
            answers = [
                await house.phone.event(LI, "subscribe_msg_popup_event", at=at, inside=consent)
                for _ in range(2)  # the platform sends it twice
            ]
            await house.channel.sender.send(LI, Reply("短提醒"))
            refused = await trouble(house)

    assert [answer.body for answer in answers] == ["success"] * 2
    assert len(peer.bells) == 1
    assert isinstance(refused, Kept)


CODES = [
    (40003, True, False),
    (43004, True, False),
    (43019, True, False),
    (50005, True, False),
    (45015, False, True),
    (45047, False, True),
    (45009, False, True),
    (48001, False, True),
    (40164, False, True),
    (43101, False, True),
    (40013, False, True),
    (40125, False, True),
    (45002, False, False),
    (99999, False, False),
]


@pytest.mark.parametrize(("code", "permanent", "closed"), CODES)
async def test_a_refusal_means_what_its_code_says(
    code: int, permanent: bool, closed: bool, tmp_path: Path
) -> None:
    async with WeChatPeer() as peer, a_house(tmp_path, account(peer)) as house:
        await house.say(LI, "你好")
        peer.fail(SEND, code)
        error = await trouble(house)

    assert error.permanent is permanent
    assert isinstance(error, WayClosed) is closed
    assert str(code) in error.reason
    assert peer.count(SEND) == 1


@pytest.mark.parametrize(("code", "hours"), [(48001, 7), (45009, 13)])
async def test_a_means_that_is_not_granted_is_left_alone_for_a_while(
    code: int, hours: int, tmp_path: Path
) -> None:
    async with WeChatPeer() as peer, a_house(tmp_path, account(peer)) as house:
        await house.say(LI, "你好")
        peer.fail(SEND, code)
        await trouble(house)
        await trouble(house)
        tried = peer.count(SEND)
        house.house.clock.forward(timedelta(hours=hours))
        await house.channel.sender.send(LI, Reply("提醒"))

    assert tried == 1
    assert peer.said(LI) == ["提醒"]


async def test_when_wechat_closes_the_window_earlier_the_template_rings(tmp_path: Path) -> None:
    config = {"template_id": TEMPLATE_ID}
    async with WeChatPeer() as peer, a_house(tmp_path, account(peer, **config)) as house:
        await house.say(LI, "你好")
        peer.windows[LI] = 0
        await house.channel.sender.send(LI, Reply("提醒"))
        left = await house.run(lambda tx: tx.quotas.remaining(address_key("wechat", LI)))

    assert len(peer.bells) == 1
    assert left == 0


async def test_while_wechat_is_busy_it_is_tried_again(tmp_path: Path) -> None:
    async with WeChatPeer() as peer, a_house(tmp_path, account(peer)) as house:
        await house.say(LI, "你好")
        peer.fail(SEND, -1, times=2)
        await house.channel.sender.send(LI, Reply("提醒"))

    assert peer.said(LI) == ["提醒"]
    assert peer.count(SEND) == 3


async def test_a_photograph_is_uploaded_and_shown(tmp_path: Path) -> None:
    async with WeChatPeer() as peer, a_house(tmp_path, account(peer)) as house:
        await house.say(LI, "你好")
        name = await house.media.keep(a_photo())
        await house.channel.sender.send(LI, Reply("修好了。", media=(name,)))

    [words, photo] = peer.messages
    assert words["msgtype"] == "text"
    assert photo["image"] == {"media_id": next(iter(peer.files))}


async def test_a_notice_goes_another_way_while_wechat_takes_nothing(tmp_path: Path) -> None:
    async with WeChatPeer() as peer, a_house(tmp_path, account(peer)) as house:
        await house.bind(LI, "居民甲")
        elsewhere = Recorder()
        delivery = Delivery(
            house.house.store,
            {"wechat": house.channel.sender, "terminal": elsewhere},
            house.house.clock,
        )
        await house.say(LI, "你好")
        house.house.clock.forward(timedelta(days=3))
        await house.remind(LI, "您的报修有人接了。", by=delivery)

        assert [chat for chat, _ in elsewhere.sent] == ["居民甲"]
        assert house.rows("SELECT delivered_via FROM notices") == [("terminal:居民甲",)]
        reachable = "SELECT count(*) FROM addresses WHERE unreachable_since IS NULL"
        assert house.rows(f"{reachable} AND channel = 'wechat'") == [(1,)]


async def test_what_does_not_fit_into_one_answer_follows_it(tmp_path: Path) -> None:
    async with WeChatPeer() as peer, a_house(tmp_path, account(peer)) as house:
        await house.say(LI, "你好")
        name = await house.media.keep(a_photo())
        kept = [as_json(Reply("这是修好的照片。", media=(name,)))]
        await house.run(
            lambda tx: tx.late_answers.keep("wechat:x", "wechat", LI, kept, promised=True)
        )
        shown = await house.say(LI, "1", number=7)
        again = await house.say(LI, "1", number=7)
        await until(lambda: peer.messages)

    assert shown == again == "这是修好的照片。"
    assert [message["msgtype"] for message in peer.messages] == ["image"]


async def test_without_customer_messages_it_is_announced_and_shown_one_by_one(
    tmp_path: Path,
) -> None:
    async with WeChatPeer() as peer:
        config = account(peer, customer_messages=False)
        async with a_house(tmp_path, config) as house:
            await house.say(LI, "你好")
            name = await house.media.keep(a_photo())
            kept = [as_json(Reply("这是修好的照片。", media=(name,)))]
            await house.run(
                lambda tx: tx.late_answers.keep("wechat:x", "wechat", LI, kept, promised=True)
            )
            words = await house.say(LI, "1")
            photo = await house.phone.say(LI, "1")

    assert words == "这是修好的照片。" + texts.MORE_BEHIND
    assert photo.fields["MsgType"] == "image"
    assert peer.messages == []
