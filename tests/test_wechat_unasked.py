"""An account that may not write first: what people are told waits until they write, and is read."""

from datetime import timedelta
from pathlib import Path

from bot.channels.wechat import texts
from handlers.delivery import Delivery
from handlers.message import Choice
from storage.transaction import Transaction
from tests.houses import Recorder
from tests.peers.wechat.server import WeChatPeer
from tests.wechat_house import WeChatHouse, a_house
from tests.wechat_street import LI, account

NEWS = "您的报修有人接了。"


async def test_what_staff_answer_is_read_with_the_next_words_once(tmp_path: Path) -> None:
    async with a_house(tmp_path) as house:
        called = await house.say(LI, "9")
        await house.house.say("街道甲", "回 1 请带身份证来")
        await house.delivery.deliver_due()
        house.house.clock.forward(timedelta(days=2))
        shown, again = [await house.say(LI, "有人吗", number=7) for _ in "ab"]
        after = await house.say(LI, "好的好的")

    assert called.endswith(texts.ASK_FOR_ANSWER)
    assert "请带身份证来" in shown
    assert again == shown
    assert "请带身份证来" not in after


async def test_who_asks_before_the_answer_is_there_is_told_so_and_staff_hear_no_number(
    tmp_path: Path,
) -> None:
    async with a_house(tmp_path) as house:
        await house.say(LI, "9")
        early = await house.say(LI, "1")
        await house.house.say("街道甲", "回 1 请带身份证来")
        await house.delivery.deliver_due()
        shown = await house.say(LI, "1")
        told = [reply.text for _, reply in house.house.recorder.sent]

    assert early == texts.NOT_YET
    assert "请带身份证来" in shown
    assert not [text for text in told if "又说" in text]


async def test_who_writes_while_a_person_has_the_talk_is_told_how_to_see_the_answer(
    tmp_path: Path,
) -> None:
    async with a_house(tmp_path) as house:
        await house.say(LI, "9")
        await house.house.say("街道甲", "回 1 您请说")
        await house.delivery.deliver_due()
        await house.say(LI, "1")
        silent = await house.say(LI, "我家的门打不开")

    assert silent == texts.ASK_FOR_ANSWER


async def test_a_notice_that_asks_is_shown_last_and_its_numbers_count(tmp_path: Path) -> None:
    async with a_house(tmp_path) as house:
        await house.say(LI, "你好")
        await house.remind(LI, NEWS, Choice("我的积分", "menu.my_points"))
        shown = await house.say(LI, "菜单")
        chosen = await house.say(LI, "1")

    assert shown.index("我的报修") < shown.index(NEWS)
    assert shown.endswith("1 我的积分\n回复数字即可。")
    assert "个积分" in chosen


async def test_danger_comes_before_what_waited(tmp_path: Path) -> None:
    async with a_house(tmp_path) as house:
        await house.say(LI, "你好")
        await house.remind(LI, NEWS)
        answer = await house.say(LI, "家里着火了")

    assert "119" in answer.splitlines()[0]
    assert NEWS in answer


async def test_what_another_way_has_said_or_whose_time_is_over_is_not_shown(
    tmp_path: Path,
) -> None:
    async with a_house(tmp_path) as house:
        await house.bind(LI, "居民甲")
        await house.say(LI, "你好")
        senders = {"wechat": house.channel.sender, "terminal": Recorder()}
        await house.remind(LI, NEWS, by=Delivery(house.house.store, senders, house.house.clock))
        soon = house.house.clock() + timedelta(hours=1)
        await house.remind(LI, "一小时后开始。", expires_at=soon)
        house.house.clock.forward(timedelta(hours=2))
        await house.delivery.deliver_due()
        answer = await house.say(LI, "菜单")

        assert states(house) == ["delivered", "expired"]
        assert NEWS not in answer
        assert "一小时后" not in answer


async def test_nobody_is_sent_to_who_has_read_it(tmp_path: Path) -> None:
    async with a_house(tmp_path) as house:
        await house.bind(LI, "居民乙")
        await house.run(only_the_account)
        await house.say(LI, "9")
        await house.house.say("书记甲", "回 1 请带身份证来")
        for hours in (1, 25):
            house.house.clock.forward(timedelta(hours=hours))
            await house.delivery.deliver_due()
        before = await house.house.say("书记甲", "待访")
        shown = await house.say(LI, "我的报修")
        after = await house.house.say("书记甲", "待访")

    assert "居民乙" in before[0].text
    assert "请带身份证来" in shown
    assert "居民乙" not in after[0].text


async def test_what_waited_goes_out_as_soon_as_a_message_is_allowed(tmp_path: Path) -> None:
    consent = (
        "<SubscribeMsgPopupEvent><List><TemplateId><![CDATA[SUB1]]></TemplateId>"
        "<SubscribeStatusString><![CDATA[accept]]></SubscribeStatusString>"
        "<PopupScene>2</PopupScene></List></SubscribeMsgPopupEvent>"
    )
    async with WeChatPeer() as peer:
        peer.consents[LI] = 1
        config = account(peer, customer_messages=False, subscribe_template_id="SUB1")
        async with a_house(tmp_path, config) as house:
            await house.say(LI, "你好")
            await house.remind(LI, NEWS)
            before = list(peer.bells)
            await house.phone.event(LI, "subscribe_msg_popup_event", inside=consent)
            await house.delivery.deliver_due()

    assert before == []
    assert len(peer.bells) == 1


def only_the_account(tx: Transaction) -> None:
    """Leave 居民乙 no way but the account."""
    [person] = tx.residents.named("居民乙")
    for address in tx.residents.addresses(person.id):
        if address.channel != "wechat":
            tx.contacts.release(address)


def states(house: WeChatHouse) -> list[object]:
    """Return how the notices of the test ended."""
    rows = house.rows("SELECT state FROM notices WHERE key LIKE 'test:%' ORDER BY id")
    return [state for (state,) in rows]


async def told_that_it_lies(house: WeChatHouse) -> list[str]:
    await house.delivery.deliver_due()
    told = await house.house.delivered()
    return [text for _chat, text in told if "收不到" in text]


async def test_staff_hear_once_that_their_answer_lies_until_the_resident_writes(
    tmp_path: Path,
) -> None:
    async with a_house(tmp_path) as house:
        await house.say(LI, "9")
        [sent] = await house.house.say("街道甲", "回 1 请带身份证来")
        told = await told_that_it_lies(house)
        await house.house.say("街道甲", "回 1 还要带户口本")
        again = await told_that_it_lies(house)
        shown = await house.say(LI, "1")
        await house.house.say("街道甲", "交还 1")
        over = await told_that_it_lies(house)

    assert "已发" not in sent.text
    [only] = told
    assert only.startswith("【待回 1】")
    assert "另想办法" in only
    assert "请带身份证来" in shown
    assert (again, over) == ([], [])


async def test_staff_hear_that_somebody_who_is_known_will_be_visited(tmp_path: Path) -> None:
    async with a_house(tmp_path) as house:
        await house.bind(LI, "居民乙")
        await house.run(only_the_account)
        await house.say(LI, "9")
        await house.house.say("书记甲", "回 1 请带身份证来")
        [told] = await told_that_it_lies(house)

    assert "24 小时" in told
    assert "待访" in told
