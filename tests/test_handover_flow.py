"""A person takes over a talk: who is told, who may answer, and when the bot speaks again."""

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest

from handlers import ticks
from handlers.handover import texts
from storage.transaction import Transaction
from storage.words import RoleWord, ScopeKind
from tests.houses import RESIDENTS_GROUP, STAFF_GROUP, House
from tests.stores import Database


@pytest.fixture
async def house(tmp_path: Path, database: Database) -> AsyncIterator[House]:
    """The street at Monday noon."""
    house = House(tmp_path, database=database)
    await house.settle()
    yield house
    house.store.close()


async def minute(house: House) -> list[tuple[str, str]]:
    await ticks.every_minute(house.store, house.spool, house.street, house.current, house.clock)
    return await house.delivered()


@pytest.mark.parametrize("word", ["9", "９", "人工", "转人工", "我要人工"])
async def test_a_person_is_called_from_everywhere(house: House, word: str) -> None:
    [promise] = await house.say("居民甲", word)

    assert "待回 1" in promise.text
    assert [to for to, text in await house.delivered() if "【待回 1】" in text] == [STAFF_GROUP]


async def test_the_card_carries_the_matter_without_personal_data(house: House) -> None:
    await house.say("居民甲", "转人工，我住3栋2单元501，电话13800001111，要办低保")

    [(_to, card)] = await house.delivered()

    assert "低保" in card
    for personal in ("13800001111", "501", "居民甲"):
        assert personal not in card


async def test_an_answer_reaches_the_resident_and_the_bot_keeps_silent(house: House) -> None:
    await house.say("居民甲", "9")
    await house.delivered()

    [sent] = await house.say("书记甲", "回 1 您好，下午上门看", group=STAFF_GROUP)

    assert "这就发给居民" in sent.text
    assert await house.delivered() == [("居民甲", "社区书记回复您：您好，下午上门看")]
    assert await house.say("居民甲", "房屋漏水该谁修") == []
    assert await house.delivered() == [(STAFF_GROUP, texts.card_more(1, "房屋漏水该谁修"))]


async def test_staff_may_answer_privately(house: House) -> None:
    await house.say("居民甲", "9")
    await house.delivered()

    await house.say("物业甲", "回 1 马上到")

    assert await house.delivered() == [("居民甲", "物业回复您：马上到")]


async def test_given_back_the_bot_speaks_again(house: House) -> None:
    await house.say("居民甲", "9")
    await house.say("书记甲", "回 1 您好")
    await house.delivered()

    await house.say("书记甲", "交还 1", group=STAFF_GROUP, addressed=False)

    assert await house.delivered() == [("居民甲", texts.BACK_WITH_BOT)]
    assert await house.say("居民甲", "我的积分")


async def test_after_twelve_hours_the_bot_speaks_again_but_wakes_nobody(house: House) -> None:
    house.clock.forward(timedelta(hours=3))
    await house.say("居民甲", "9")
    await house.say("书记甲", "回 1 您好")
    await house.delivered()

    house.clock.forward(timedelta(hours=11, minutes=50))
    await minute(house)
    assert await house.say("居民甲", "我的积分") == []
    await house.delivered()
    house.clock.forward(timedelta(minutes=15))
    at_three = await minute(house)

    assert await house.say("居民甲", "我的积分")
    assert texts.BACK_AFTER_HOURS not in [text for _to, text in at_three]
    house.clock.forward(timedelta(hours=5))
    assert ("居民甲", texts.BACK_AFTER_HOURS) in await minute(house)


async def test_off_hours_it_says_when_somebody_answers(house: House) -> None:
    house.clock.forward(timedelta(hours=9))

    [promise] = await house.say("居民甲", "9")

    assert "不是上班时间" in promise.text
    assert "明天（周二）上午 10 点半前回复您" in promise.text


async def test_who_waits_too_long_is_shown_to_the_staff_once(house: House) -> None:
    await house.say("居民甲", "9")
    await house.delivered()

    house.clock.forward(timedelta(hours=2, minutes=1))
    assert await minute(house) == [(STAFF_GROUP, texts.overdue(1))]
    assert await minute(house) == []


async def test_nobody_is_reminded_of_what_was_answered_even_without_a_group(house: House) -> None:
    for group in (STAFF_GROUP, "街道调度群"):
        await house.store.run(lambda tx, g=group: tx.directory.leave_group(f"terminal:{g}"))  # type: ignore[misc]
    await house.say("居民甲", "9")
    assert {to for to, _text in await house.delivered()} == {"书记甲", "街道甲"}

    await house.say("书记甲", "回 1 您好")
    await house.delivered()
    house.clock.forward(timedelta(hours=3))

    assert await minute(house) == []


COMPLAINT = (
    "我真是忍无可忍了，物业费一年比一年高，服务一年比一年差。五栋一单元的电梯三天两头坏，没人来修；"
    "楼下垃圾桶满了三天没人倒，臭得窗户都不敢开；顶楼的防水也没做好，一下雨天花板就滴水漏水，墙皮都掉了；"
    "还有一楼的路灯也不亮。我打了无数次物业电话没人接，居委会踢皮球，我要投诉你们，今天不给我一个说法我就去区里！"
)


async def test_a_long_complaint_of_many_matters_goes_whole_to_the_staff(house: House) -> None:
    [reply] = await house.say("居民甲", COMPLAINT)

    assert texts.TAKEN_UP in reply.text
    assert "待回 1" in reply.text
    assert texts.ONE_BY_ONE in reply.text
    [(to, card)] = await house.delivered()
    assert to == STAFF_GROUP
    assert COMPLAINT in card


async def test_a_long_question_about_one_matter_is_answered(house: House) -> None:
    told = (
        "我家住在三栋，去年买的房子，收房的时候看着都还好好的，哪个晓得住了半年，楼上的邻居把卫生间重新装修了一遍，"
        "从那以后我家天花板就开始漏水，找他说了好多回，他总是推三阻四，说跟他没得关系，我也不知道怎么办才好，"
        "请问楼上漏水他不修，我该怎么办？"
    )

    conclusion, *_ = await house.say("居民甲", told)

    assert texts.TAKEN_UP not in conclusion.text
    assert "漏" in conclusion.text


async def test_the_card_shows_what_was_last_left_without_an_answer(house: House) -> None:
    await house.say("居民甲", "物业费涨价了冇得人通知我们我可以不交不")
    await house.say("居民甲", "那他要是硬是不修呢")
    await house.say("居民甲", "9")

    [(_to, card)] = await house.delivered()

    assert "那他要是硬是不修呢" in card


async def test_the_card_shows_what_was_refused(house: House) -> None:
    await house.say("居民甲", "1099号修到哪里了")
    await house.say("居民甲", "1099 进度")
    await house.say("居民甲", "9")

    [(_to, card)] = await house.delivered()

    assert "1099 进度" in card


async def test_a_code_that_was_refused_is_shown_to_nobody(house: House) -> None:
    await house.say("居民甲", "绑定 ABCD2345")
    await house.say("居民甲", "9")

    [(_to, card)] = await house.delivered()

    assert "ABCD" not in card


@pytest.mark.parametrize("words", ["帮我跟队长说一声", "麻烦你帮我给物业带个话，门口的花蛮好看"])
async def test_words_for_somebody_are_passed_on(house: House, words: str) -> None:
    [promise] = await house.say("居民甲", words)

    assert "待回 1" in promise.text
    [(_to, card)] = await house.delivered()
    assert words in card


async def test_the_help_of_staff_names_their_words(house: House) -> None:
    [of_secretary] = await house.say("书记甲", "帮助")
    [of_resident] = await house.say("居民甲", "帮助")

    for words in ("「待办」", "「待回」", "「待答」"):
        assert words in of_secretary.text
        assert words not in of_resident.text


async def test_giving_back_has_more_than_one_word(house: House) -> None:
    await house.say("居民甲", "9")
    await house.say("书记甲", "回 1 您好")

    [done] = await house.say("书记甲", "交回 1")

    assert done.text == texts.given_back(1)


@pytest.mark.parametrize("who", ["居民乙", "陌生人"])
@pytest.mark.parametrize("words", ["回 1 您好", "交还 1", "待回"])
async def test_people_without_a_role_are_refused(house: House, who: str, words: str) -> None:
    await house.say("居民甲", "9")
    await house.delivered()

    [refused] = await house.say(who, words)

    assert "权限" in refused.text
    assert await house.delivered() == []


async def test_staff_of_another_community_is_refused(house: House) -> None:
    def elsewhere(tx: Transaction) -> None:
        person = tx.residents.add(name="书记乙", community_id=2)
        tx.residents.bind(person, "terminal", "书记乙", "书记乙")
        tx.residents.grant(person.id, RoleWord.SECRETARY, ScopeKind.COMMUNITY, 2)

    await house.store.run(elsewhere)
    await house.say("居民甲", "9")

    [refused] = await house.say("书记乙", "回 1 您好")
    [listed] = await house.say("书记乙", "待回")

    assert "权限" in refused.text
    assert listed.text == texts.NOBODY_WAITS


async def test_a_property_manager_does_not_read_people_of_unknown_estates(house: House) -> None:
    await house.say("陌生人", "9")

    [refused] = await house.say("物业甲", "回 1 您好")

    assert "权限" in refused.text


async def test_who_waits_is_not_read_out_among_residents(house: House) -> None:
    await house.say("居民甲", "转人工，我要办低保")

    replies = await house.say("书记甲", "待回", group=RESIDENTS_GROUP)

    assert all("低保" not in reply.text for reply in replies)


async def test_what_is_said_while_waiting_is_passed_on(house: House) -> None:
    await house.say("居民甲", "9")
    await house.delivered()

    [said] = await house.say("居民甲", "我孙子上户口的那件")

    assert said.text == texts.PASSED_ALONG
    assert await house.delivered() == [(STAFF_GROUP, texts.card_more(1, "我孙子上户口的那件"))]


async def test_calling_twice_makes_one_request(house: House) -> None:
    await house.say("居民甲", "9")
    await house.delivered()

    [again] = await house.say("居民甲", "人工")

    assert again.text == texts.already(1)
    assert await house.delivered() == []


async def test_calling_once_more_while_somebody_answers_is_heard(house: House) -> None:
    await house.say("居民甲", "9")
    await house.say("书记甲", "回 1 您好")

    [said] = await house.say("居民甲", "9")

    assert said.text == texts.STILL_OWNED


async def test_staff_commands_work_while_their_own_talk_is_taken_over(house: House) -> None:
    await house.say("物业甲", "9")
    await house.say("街道甲", "回 1 您好")

    [told] = await house.say("物业甲", "待回")

    assert "1：" in told.text


async def test_an_answer_without_words_or_to_nobody_is_explained(house: House) -> None:
    await house.say("居民甲", "9")

    [empty] = await house.say("书记甲", "回 1", group=STAFF_GROUP)
    [unknown] = await house.say("书记甲", "回 7 您好", group=STAFF_GROUP)

    assert "回 1 您好" in empty.text
    assert "待回 7" in unknown.text


async def test_nobody_answers_twice_after_the_end(house: House) -> None:
    await house.say("居民甲", "9")
    await house.say("书记甲", "交还 1")
    await house.delivered()

    [over] = await house.say("书记甲", "回 1 您好")

    assert "已经结束" in over.text
    assert await house.delivered() == []


async def test_what_the_bot_does_not_do_itself_goes_to_people(house: House) -> None:
    replies = await house.say("居民甲", "我建议小区里装几个充电桩")

    assert texts.PASSED_ON in replies[0].text
    assert [to for to, text in await house.delivered() if "充电桩" in text] == [STAFF_GROUP]


async def test_a_request_outlives_a_restart(house: House) -> None:
    await house.say("居民甲", "9")
    house.restart()

    await house.say("书记甲", "回 1 您好")
    house.restart()

    assert ("居民甲", "社区书记回复您：您好") in await house.delivered()
    assert await house.say("居民甲", "谢谢") == []


async def test_a_corrected_message_reaches_the_person_who_has_the_talk(house: House) -> None:
    await house.say("居民甲", "9")
    waiting = await house.say("居民甲", "我住三栋", is_edit=True)
    await house.say("书记甲", "回 1 您好")
    owned = await house.say("居民甲", "我住五栋", is_edit=True)

    said = [text for to, text in await house.delivered() if to == STAFF_GROUP]
    assert (waiting, owned) == ([], [])
    assert "【待回 1】居民更正：我住三栋" in said
    assert "【待回 1】居民更正：我住五栋" in said


async def test_what_was_said_to_staff_and_to_a_form_is_corrected_in_both(house: House) -> None:
    await house.say("居民甲", "9")
    await house.say("居民甲", "三栋水管坏了")

    [draft] = await house.say("居民甲", "三栋水龙头坏了", is_edit=True)

    assert "水龙头坏了" in draft.text
    said = [text for to, text in await house.delivered() if to == STAFF_GROUP]
    assert "【待回 1】居民更正：三栋水龙头坏了" in said


@pytest.mark.parametrize("group", [STAFF_GROUP, None])
async def test_staff_correct_what_they_wrote_to_a_resident(house: House, group: str | None) -> None:
    await house.say("居民甲", "9")
    await house.say("书记甲", "回 1 明天上午来", group=group, addressed=False)
    await house.say("书记甲", "回 1 后天上午来", group=group, addressed=False, is_edit=True)
    await house.say("居民乙", "回 1 不来了", group=group, addressed=False, is_edit=True)

    told = [text for to, text in await house.delivered() if to == "居民甲"]
    assert told == ["社区书记回复您：明天上午来", "社区书记更正：后天上午来"]
