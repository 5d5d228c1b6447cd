"""In groups the bot is silent unless addressed and never says anything personal."""

import re
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from handlers import texts
from handlers.courtesy import texts as courtesy
from handlers.message import Message, Reply
from handlers.residents import texts as residents_texts
from tests.houses import CHANNEL, RESIDENTS_GROUP, STAFF_GROUP, House

UNKNOWN = "别处的群"


@pytest.fixture
async def house(tmp_path: Path) -> AsyncIterator[House]:
    """The street, with a report of 居民甲 that the staff has seen."""
    house = House(tmp_path)
    await house.settle()
    await house.say("居民甲", "三栋二单元电梯坏了")
    await house.say("居民甲", "1")
    await house.delivered()
    yield house
    house.store.close()


async def press(
    house: House, who: str, action: str, *, group: str = STAFF_GROUP, number: str = "p1"
) -> list[Reply]:
    return await house.dispatcher.handle(
        Message(CHANNEL, group, who, "", number, is_group=True, addressed=False, pressed=action)
    )


async def follow(house: House, who: str, key: str | None, number: str = "s1") -> list[Reply]:
    return await house.dispatcher.handle(Message(CHANNEL, who, who, "", number, start_key=key))


@pytest.mark.parametrize("words", ["大家好", "房屋漏水该谁修", "我的积分", "接单 1001", "绑定"])
async def test_residents_talking_among_themselves_are_not_answered(
    house: House, words: str
) -> None:
    assert await house.say("居民乙", words, group=RESIDENTS_GROUP, addressed=False) == []


async def test_strangers_talking_among_themselves_are_not_written_down(house: House) -> None:
    await house.say("路人", "大家好", group=RESIDENTS_GROUP, addressed=False)

    assert await house.store.run(lambda tx: tx.residents.at("terminal:路人")) is None


@pytest.mark.parametrize("words", ["", "你好", "你能做什么", "菜单"])
async def test_staff_who_only_call_are_told_what_they_can_do_there(
    house: House, words: str
) -> None:
    [told] = await house.say("书记甲", words, group=STAFF_GROUP)
    [of_residents] = await house.say("居民乙", words, group=RESIDENTS_GROUP)

    assert told.text == courtesy.welcome_staff("洲头街")
    assert of_residents.text == texts.welcome("洲头街", group=True)


async def test_what_staff_are_told_of_works_there_without_calling(house: House) -> None:
    told = courtesy.welcome_staff("洲头街")
    orders = re.findall("「(.+?)」", told)

    answers = [await house.say("书记甲", it, group=STAFF_GROUP, addressed=False) for it in orders]

    assert len(orders) == 8
    assert all(answers)


async def test_a_question_is_answered_with_its_articles(house: House) -> None:
    [answer] = await house.say("居民乙", "房屋漏水该谁修", group=RESIDENTS_GROUP)

    assert "民法典第" in answer.text
    assert len(answer.text) <= 300


@pytest.mark.parametrize(
    "words", ["我的积分", "我的报修", "我的班", "我是谁", "1001", "三栋的电梯又坏了", "9", "人工"]
)
async def test_nothing_personal_is_said_there(house: House, words: str) -> None:
    [said] = await house.say("居民甲", words, group=RESIDENTS_GROUP)

    assert said.text.startswith(texts.PRIVATE_ONLY)
    assert said.private_key is not None


async def test_what_somebody_lets_slip_is_not_repeated(house: House) -> None:
    [said] = await house.say("居民甲", "3栋501漏水 13800001111", group=RESIDENTS_GROUP)

    assert "501" not in said.text
    assert "13800001111" not in said.text
    assert said.private_key is not None


async def test_the_private_way_goes_on_for_the_same_person_once(house: House) -> None:
    [said] = await house.say("居民甲", "我的积分", group=RESIDENTS_GROUP)

    [stranger] = await follow(house, "居民乙", said.private_key, "s1")
    [mine] = await follow(house, "居民甲", said.private_key, "s2")
    [points] = await house.say("居民甲", "1")
    [over] = await follow(house, "居民甲", said.private_key, "s3")

    assert "我的积分" in mine.text
    assert "接着办" in mine.choices[0].label
    assert "您现在有 0 个积分" in points.text
    assert "您刚才在群里说" not in stranger.text
    assert over.text == residents_texts.LINK_OVER


async def test_an_unknown_group_is_told_once_and_then_there_is_silence(house: House) -> None:
    [told] = await house.say("路人", "你好", group=UNKNOWN)

    assert told.text == texts.UNBOUND_GROUP
    for words in ("你好", "房屋漏水该谁修", "我的积分", "接单 1001"):
        assert await house.say("路人", words, group=UNKNOWN) == []


async def test_staff_work_in_their_group_without_calling_the_bot(house: House) -> None:
    [done] = await house.say("物业甲", "接单 1001", group=STAFF_GROUP, addressed=False)

    assert "1001" in done.text


async def test_staff_words_do_nothing_in_a_group_of_strangers(house: House) -> None:
    await house.say("路人", "你好", group=UNKNOWN)

    assert await house.say("物业甲", "接单 1001", group=UNKNOWN) == []


@pytest.mark.parametrize("words", ["接单 1001", "办结 1001 好了", "待办", "回 1 您好", "收到 1"])
async def test_who_has_no_role_is_refused_in_the_staff_group(house: House, words: str) -> None:
    for who in ("居民乙", "路人"):
        [refused] = await house.say(who, words, group=STAFF_GROUP, addressed=False)
        assert "权限" in refused.text


@pytest.mark.parametrize("words", ["待办", "待回", "接单 1001", "回 1 您好"])
async def test_what_staff_read_is_not_read_out_among_residents(house: House, words: str) -> None:
    [said] = await house.say("物业甲", words, group=RESIDENTS_GROUP)

    assert said.text.startswith(texts.PRIVATE_ONLY)


async def test_a_card_is_pressed_by_those_who_may(house: House) -> None:
    [refused] = await press(house, "居民乙", "tickets.accept:1001", number="p1")
    [done] = await press(house, "物业甲", "tickets.accept:1001", number="p2")

    assert "权限" in refused.text
    assert "1001" in done.text


@pytest.mark.parametrize(
    "action", ["menu.my_points", "menu.my_tickets", "tickets.status:1001", "no.such", "form.put:x"]
)
async def test_a_forged_press_reaches_nothing_personal(house: House, action: str) -> None:
    assert await press(house, "居民甲", action) == [Reply(texts.NOT_YOURS)]


async def test_edits_in_a_group_do_nothing(house: House) -> None:
    assert await house.say("物业甲", "接单 1001", group=STAFF_GROUP, is_edit=True) == []
    assert await house.say("居民甲", "着火了", group=STAFF_GROUP, is_edit=True) == []


async def test_points_given_in_a_group_name_no_balance(house: House) -> None:
    await house.say("书记甲", "给居民乙加7分 门前整洁")
    [done] = await house.say("书记甲", "给居民乙加5分 门前整洁", group=STAFF_GROUP)

    assert "5 分" in done.text
    assert "12" not in done.text


async def test_a_group_that_took_the_bot_back_is_told_again(house: House) -> None:
    await house.store.run(lambda tx: tx.directory.leave_group(f"{CHANNEL}:{STAFF_GROUP}"))
    await house.say("书记甲", "待办", group=STAFF_GROUP)

    await house.say("居民甲", "9")

    assert [to for to, _text in await house.delivered()] == [STAFF_GROUP]


async def test_a_wrong_code_in_an_unknown_group_binds_nothing(house: House) -> None:
    await house.say("路人", "绑定 ABCD2345", group=UNKNOWN)

    address = await house.store.run(lambda tx: tx.directory.group_at(CHANNEL, UNKNOWN))
    assert address is None or address.group_id is None
