"""Yes, thanks, goodbye, nothing more, it is over: what people say around a matter is no report."""

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest
from msgspec.structs import replace

from handlers import texts
from handlers.courtesy import texts as english
from handlers.emergency import texts as emergency
from handlers.faq import texts as faq
from handlers.handover import texts as handover
from tests.houses import RESIDENTS_GROUP, STAFF_GROUP, House
from tests.stores import Database


@pytest.fixture
async def house(tmp_path: Path, database: Database) -> AsyncIterator[House]:
    """The street at Monday noon."""
    house = House(tmp_path, database=database)
    await house.settle()
    yield house
    house.store.close()


@pytest.mark.parametrize("word", ["嗯", "好的", "哦，好"])
async def test_a_bare_yes_after_an_answer_is_heard_and_no_question(house: House, word: str) -> None:
    await house.say("居民甲", "物业服务差，我能不交物业费吗")

    [heard] = await house.say("居民甲", word)

    assert heard.text == texts.HEARD_YES


async def test_a_bare_yes_to_an_offer_is_shown_the_choices_again(house: House) -> None:
    [offer] = await house.say("居民甲", "他说我把墙弄脏了要扣钱")

    [again] = await house.say("居民甲", "嗯")

    assert [choice.label for choice in again.choices] == [c.label for c in offer.choices]
    assert await house.say("居民甲", "2") != [again]


@pytest.mark.parametrize(
    ("words", "answer"),
    [
        ("谢谢你啊小二 你真是好伢", texts.WELCOME),
        ("再见", texts.GOODBYE),
        ("没事了", texts.GOODBYE),
        ("谢谢，没事了", texts.GOODBYE),
        ("改天再说", texts.GOODBYE),
        ("你听到没有", texts.HERE),
        ("小二啊你好我今年八十二了眼睛不好你听得到我说话不", texts.HERE),
    ],
)
async def test_thanks_and_goodbyes_are_answered_in_kind(
    house: House, words: str, answer: str
) -> None:
    [reply] = await house.say("居民甲", words)

    assert reply.text == answer


@pytest.mark.parametrize("words", ["你好我是红建路开餐馆的", "我姓王", "小二，我是三栋的老王"])
async def test_who_only_says_who_they_are_is_asked_what_they_want(house: House, words: str) -> None:
    [reply] = await house.say("居民甲", words)

    assert reply.text == texts.INTRODUCED


@pytest.mark.parametrize("words", ["我叫你们领导来", "我是来投诉的", "我叫警察了"])
async def test_what_only_begins_like_an_introduction_is_none(house: House, words: str) -> None:
    replies = await house.say("居民甲", words)

    assert texts.INTRODUCED not in [reply.text for reply in replies]


async def test_who_says_who_they_are_and_what_they_want_is_answered(house: House) -> None:
    conclusion, *_ = await house.say("居民甲", "您好，我是租客，房东不退押金怎么办")

    assert "押金" in conclusion.text


async def test_a_question_that_goes_on_from_the_last_is_asked_for_whole(house: House) -> None:
    await house.say("居民甲", "物业服务差，我能不交物业费吗")

    [reply] = await house.say("居民甲", "那他要是硬是不修呢")

    assert reply.text == faq.ALL_AT_ONCE


async def test_thanks_with_a_matter_behind_are_about_the_matter(house: House) -> None:
    [summary] = await house.say("居民甲", "谢谢，三栋二单元电梯坏了")

    assert "电梯坏了" in summary.text


async def test_who_wants_nothing_more_never_reports_these_words(house: House) -> None:
    await house.say("居民甲", "报修")

    [hint, question] = await house.say("居民甲", "谢谢，没事了")

    assert hint.text == texts.DRAFT_NOT_SENT
    assert "什么东西坏了" in question.text


async def test_who_called_a_person_can_call_it_off(house: House) -> None:
    await house.say("居民甲", "9")
    await house.delivered()

    [reply] = await house.say("居民甲", "开玩笑的不用找了")

    assert reply.text == handover.CALLED_OFF
    [(to, card)] = await house.delivered()
    assert to == STAFF_GROUP
    assert handover.CARD_CALLED_OFF in card
    [nobody] = await house.say("书记甲", "待回")
    assert nobody.text == handover.NOBODY_WAITS


async def test_what_is_said_beside_a_draft_reaches_the_person_awaited(house: House) -> None:
    await house.say("居民甲", "三栋二单元电梯坏了")
    await house.say("居民甲", "叫你们领导来，转人工")
    await house.say("居民甲", "9")
    await house.delivered()

    [passed, summary] = await house.say("居民甲", "都三天了")

    assert passed.text == handover.PASSED_ALONG
    assert "请核对" in summary.text
    assert await house.delivered() == [(STAFF_GROUP, handover.card_more(1, "都三天了"))]


@pytest.mark.parametrize(
    ("alarm", "over"),
    [
        ("家里煤气味道好大", "关了阀门了 没事了"),
        ("我在电梯里头关倒了", "出来了"),
        ("我家着火了", "火已经灭了"),
        ("我老伴摔倒了起不来", "120来了"),
    ],
)
async def test_that_a_danger_is_over_reaches_the_duty_staff(
    house: House, alarm: str, over: str
) -> None:
    await house.say("居民甲", alarm)
    await house.delivered()

    [heard] = await house.say("居民甲", over)

    assert heard.text == emergency.CLEARED + emergency.AGAIN_IN_DANGER
    assert any(text == emergency.more(1, over) for _to, text in await house.delivered())


async def test_a_place_said_after_an_alarm_reaches_the_duty_staff_and_opens_no_report(
    house: House,
) -> None:
    await house.say("居民甲", "电梯里头关了个人")
    await house.delivered()

    [heard] = await house.say("居民甲", "是五栋一单元")

    assert heard.text == emergency.PLACE_PASSED_ON
    assert (STAFF_GROUP, emergency.more(1, "是五栋一单元")) in await house.delivered()


async def test_who_takes_back_dark_words_still_hears_where_to_call(house: House) -> None:
    await house.say("居民甲", "你们再不管我就从楼上跳下去")

    [heard] = await house.say("居民甲", "我没有要跳 我是气话")

    assert heard.text == emergency.CLEARED + emergency.SOMEBODY_LISTENS


async def test_an_old_alarm_is_over_already(house: House) -> None:
    await house.say("居民甲", "家里煤气味道好大")
    house.clock.forward(timedelta(hours=2))

    [reply] = await house.say("居民甲", "没事了")

    assert reply.text == texts.GOODBYE


async def test_a_new_danger_is_never_taken_for_the_end_of_one(house: House) -> None:
    await house.say("居民甲", "家里煤气味道好大")

    first, _after = await house.say("居民甲", "没事了，哎呀又着火了，火好大")

    assert "119" in first.text


@pytest.mark.parametrize("words", ["好的知道了", "哦哦", "晓得了", "明白了"])
async def test_whoever_has_heard_is_not_greeted_anew(house: House, words: str) -> None:
    await house.say("居民甲", "物业服务差，我能不交物业费吗")

    [heard] = await house.say("居民甲", words)

    assert heard.text == texts.HEARD_YES


@pytest.mark.parametrize("words", ["滚", "傻逼", "你真没用", "你是猪吗", "fuck you", "我要投诉你"])
async def test_an_insult_is_answered_politely_with_a_way_to_a_person(
    house: House, words: str
) -> None:
    [said] = await house.say("居民甲", words)

    assert said.text == texts.SORRY


async def test_an_insult_of_somebody_else_is_a_complaint(house: House) -> None:
    [said, *_] = await house.say("居民甲", "楼上的神经病半夜跳舞")

    assert texts.SORRY not in said.text


@pytest.mark.parametrize("words", ["你是哪个", "我不会用这个", "你是GPT吗"])
async def test_who_does_not_know_the_bot_is_told_what_it_is(house: House, words: str) -> None:
    [said] = await house.say("居民甲", words)

    assert "自动助手" in said.text


@pytest.mark.parametrize(
    ("words", "number"),
    [("我有点不舒服", "120"), ("人难受得很", "120"), ("我老公打我我想离婚怎么办", "110")],
)
async def test_who_is_ill_or_beaten_is_told_whom_to_call(
    house: House, words: str, number: str
) -> None:
    [said] = await house.say("居民甲", words)
    await house.say("居民甲", "9")

    assert number in said.text
    [card] = [text for to, text in await house.delivered() if to == STAFF_GROUP]
    assert words in card


async def test_who_waits_and_reported_nothing_is_not_told_so(house: House) -> None:
    await house.say("居民甲", "9")

    [said] = await house.say("居民甲", "就是那个漏水的事情")

    assert said.text == handover.PASSED_ALONG


@pytest.mark.parametrize("words", ["Hello", "hi", "Good morning!", "Do you speak English?"])
async def test_a_greeting_in_english_gets_english_and_the_numbered_menu(
    house: House, words: str
) -> None:
    [hello] = await house.say("居民甲", words)

    assert hello.text == english.HELLO_ANSWER
    assert [choice.number for choice in hello.choices] == [1, 2, 3, 4, 0, 9]


@pytest.mark.parametrize(
    ("words", "answer"),
    [
        ("thank you", english.THANKS_ANSWER),
        ("Hello, thanks a lot!", english.THANKS_ANSWER),
        ("OK thanks, bye", english.THANKS_ANSWER),
        ("Goodbye", english.BYE_ANSWER),
    ],
)
async def test_thanks_in_english_are_answered_in_kind(
    house: House, words: str, answer: str
) -> None:
    [reply] = await house.say("居民甲", words)

    assert reply.text == answer


async def test_a_greeting_in_english_leaves_the_draft_alone(house: House) -> None:
    [summary] = await house.say("居民甲", "三栋二单元电梯坏了")

    [hello, again] = await house.say("居民甲", "hello")

    assert hello.text == english.LISTENING
    assert again == replace(summary, menu=again.menu)


async def test_a_group_is_greeted_in_english(house: House) -> None:
    [hello] = await house.say("居民甲", "hello", group=RESIDENTS_GROUP)

    assert hello.text == english.HELLO_IN_GROUP


@pytest.mark.parametrize(
    ("words", "answer"), [("👍", faq.GLAD), ("有用", faq.GLAD), ("没用", texts.SORRY)]
)
async def test_a_judgement_of_nothing_is_no_mistake(house: House, words: str, answer: str) -> None:
    [reply] = await house.say("居民甲", words)

    assert reply.text == answer


@pytest.mark.parametrize("words", ["怎么发照片", "照片怎么发给你", "我不会发照片", "可以发图片吗"])
async def test_who_asks_how_to_send_a_photo_is_told_which_keys(house: House, words: str) -> None:
    [reply] = await house.say("居民甲", words)

    assert "[图片 路径]" in reply.text


@pytest.mark.parametrize(
    ("channel", "key"),
    [("wechat", "「＋」"), ("wecom_kf", "「＋」"), ("telegram", "回形针"), ("web", "「照片」按钮")],
)
async def test_the_keys_are_those_of_the_channel(house: House, channel: str, key: str) -> None:
    *_, reply = await house.say("新来的", "怎么发照片", channel=channel)

    assert key in reply.text


async def test_amid_a_report_it_is_said_how_to_send_a_photo(house: House) -> None:
    [summary] = await house.say("居民甲", "三栋二单元电梯坏了")

    [how, again] = await house.say("居民甲", "照片怎么发")

    assert "[图片 路径]" in how.text
    assert again == replace(summary, menu=again.menu)


async def test_the_choices_of_ones_reports_name_matter_and_state(house: House) -> None:
    await house.say("居民甲", "三栋二单元电梯坏了")
    await house.say("居民甲", "1")

    [mine] = await house.say("居民甲", "我的报修")
    [to_do] = await house.say("物业甲", "待办")

    assert mine.choices[0].label == "1001 电梯坏了，已收到"
    assert to_do.choices[0].label == "1001 电梯坏了，已收到"
