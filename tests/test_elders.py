"""Half sentences, nods, unheard recordings and other names for the bot: how old people talk."""

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest

from handlers import texts
from handlers.courtesy import texts as courtesy
from handlers.handover import texts as handover
from handlers.message import Attachment, AttachmentKind, Message, Reply
from handlers.residents import texts as residents
from tests.houses import CHANNEL, RESIDENTS_GROUP, STAFF_GROUP, House
from tests.stores import Database


@pytest.fixture
async def house(tmp_path: Path, database: Database) -> AsyncIterator[House]:
    """The street at Monday noon."""
    house = House(tmp_path, database=database)
    await house.settle()
    yield house
    house.store.close()


async def speaks(house: House, who: str, number: str) -> list[Reply]:
    """Send a recording that nobody turned into words."""
    recording = (Attachment(AttachmentKind.VOICE),)
    return await house.dispatcher.handle(
        Message(CHANNEL, who, who, text="", platform_id=number, attachments=recording)
    )


async def test_five_half_sentences_make_one_report(house: House) -> None:
    [first] = await house.say("居民甲", "我屋里")
    [second] = await house.say("居民甲", "那个灯")
    [third] = await house.say("居民甲", "不亮了")
    await house.say("居民甲", "好几天了")
    [summary] = await house.say("居民甲", "三栋二单元楼道")

    assert "「我屋里」" in first.text
    assert "「我屋里那个灯」" in second.text
    assert "在哪里" in third.text
    assert "（1）什么事：灯不亮了" in summary.text
    assert "三栋二单元楼道" in summary.text


async def test_a_bare_word_goes_on_with_a_sentence_that_was_begun(house: House) -> None:
    [alone] = await house.say("居民乙", "水龙头")
    await house.say("居民甲", "厨房里")
    [heard] = await house.say("居民甲", "水龙头")
    await house.say("居民甲", "一直滴水")
    [summary] = await house.say("居民甲", "三栋二单元")

    assert "厨房" not in alone.text
    assert "「厨房里水龙头」" in heard.text
    assert "水龙头一直滴水" in summary.text


async def test_half_a_sentence_of_long_ago_belongs_to_nothing(house: House) -> None:
    await house.say("居民甲", "那个灯")
    house.clock.forward(timedelta(minutes=6))

    [asked] = await house.say("居民甲", "不亮了")

    assert "什么东西坏了" in asked.text


async def test_how_long_it_has_lasted_is_neither_what_nor_where(house: House) -> None:
    await house.say("居民甲", "报修")
    [what] = await house.say("居民甲", "好几天了")
    await house.say("居民甲", "电梯坏了")
    [where] = await house.say("居民甲", "三个月了")

    assert "什么东西坏了" in what.text
    assert "在哪里" in where.text


async def test_a_nod_chooses_no_estate(house: House) -> None:
    await house.say("新来的", "楼道灯不亮了")
    await house.say("新来的", "三栋二单元")

    [asked] = await house.say("新来的", "嗯")

    assert asked.text.startswith(texts.WAITING_FOR_YOU)
    assert asked.choices


async def test_an_unheard_recording_is_said_to_be_unheard_also_amid_a_report(
    house: House,
) -> None:
    await house.say("新来的", "三栋二单元楼道灯不亮了")

    unheard, again = await speaks(house, "新来的", "v1")

    assert unheard.text == texts.VOICE_UNHEARD
    assert "哪个小区" in again.text


async def test_a_second_unheard_recording_is_not_answered_with_the_same_words(
    house: House,
) -> None:
    [first] = await speaks(house, "居民甲", "v1")
    [second] = await speaks(house, "居民甲", "v2")

    assert first.text == texts.VOICE_UNHEARD
    assert second.text == texts.VOICE_AGAIN


async def test_the_staff_hear_that_it_was_a_recording(house: House) -> None:
    await house.say("居民甲", "9")
    await house.delivered()

    await speaks(house, "居民甲", "v1")

    assert await house.delivered() == [(STAFF_GROUP, handover.card_more(1, handover.CARD_VOICE))]


@pytest.mark.parametrize("words", ["小儿", "姑娘", "小儿啊", "喂", "喂，小二姑娘", "小姑娘，你好"])
async def test_any_name_for_the_bot_will_do(house: House, words: str) -> None:
    [here] = await house.say("居民甲", words)
    await house.say("居民甲", "9")
    await house.delivered()
    [waiting] = await house.say("居民甲", words)

    assert here.text == texts.HERE
    assert waiting.text == courtesy.HERE_WHILE_WAITING
    assert await house.delivered() == []


@pytest.mark.parametrize(
    ("words", "answer"),
    [
        ("姑娘，我问你个事", courtesy.SAY_ON),
        ("我想跟你反映个情况", courtesy.SAY_ON),
        ("有个事", courtesy.SAY_ON),
        ("你是不是骗子", courtesy.NO_SWINDLER),
        ("要不要钱", courtesy.NO_SWINDLER),
        ("吃饭了没有", courtesy.NO_PERSON),
        ("姑娘你多大了", courtesy.NO_PERSON),
        ("现在几点了", courtesy.now("11 月 23 日（周一）中午 12 点")),
        ("字太小了看不清", residents.ELDER_ON),
    ],
)
async def test_what_is_said_to_the_bot_itself_is_answered(
    house: House, words: str, answer: str
) -> None:
    [reply] = await house.say("居民甲", words)

    assert reply.text == answer


async def test_called_amid_a_report_the_bot_asks_on(house: House) -> None:
    [summary] = await house.say("居民甲", "三栋二单元电梯坏了")

    hello, again = await house.say("居民甲", "姑娘")

    assert hello.text == texts.HELLO
    assert again.text == summary.text


async def test_a_group_hears_an_insult_and_several_matters_for_what_they_are(
    house: House,
) -> None:
    [sorry] = await house.say("居民甲", "没用的东西", group=RESIDENTS_GROUP)
    [several] = await house.say(
        "居民甲", "电梯老是坏，楼道灯也不亮，垃圾没人收", group=RESIDENTS_GROUP
    )

    assert sorry.text == texts.SORRY_IN_GROUP
    assert several.text == texts.several_in_group(3)
    assert several.private_key is not None
