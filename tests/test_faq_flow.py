"""Questions: answered with articles, explained on demand, declined honestly."""

from collections.abc import AsyncIterator
from itertools import pairwise
from pathlib import Path

import pytest

from handlers.faq import texts
from handlers.faq.chat import BRANCH
from handlers.message import Reply
from storage.answers import Answer
from storage.words import Thumb
from tests.houses import RESIDENTS_GROUP, House, knowledge

ANSWERED = "房屋漏水该谁修"
NOT_OURS = "离婚怎么分财产"


@pytest.fixture
async def house(tmp_path: Path) -> AsyncIterator[House]:
    """The street at Monday noon."""
    house = House(tmp_path)
    await house.settle()
    yield house
    house.store.close()


async def given(house: House, who: str = "居民甲") -> list[Answer]:
    person = await house.store.run(lambda tx: tx.residents.at(f"terminal:{who}"))
    assert person is not None
    return await house.store.run(lambda tx: tx.answers.given_to(person.id))


async def test_an_answer_comes_with_its_articles_and_is_recorded(house: House) -> None:
    replies = await house.say("居民甲", ANSWERED)

    assert "民法典第" in replies[0].text
    assert "尚待律师复核" in replies[0].text
    [answer] = await given(house)
    assert answer.entry_version >= 1
    assert answer.thumb is None


@pytest.mark.parametrize(
    ("words", "thumb"),
    [("有用", Thumb.UP), ("1", Thumb.UP), ("没用", Thumb.DOWN), ("不是我问的", Thumb.DOWN)],
)
async def test_thumbs_are_recorded(house: House, words: str, thumb: Thumb) -> None:
    await house.say("居民甲", ANSWERED)

    await house.say("居民甲", words)

    [answer] = await given(house)
    assert answer.thumb is thumb


async def test_the_articles_are_shown_on_demand(house: House) -> None:
    await house.say("居民甲", ANSWERED)

    basis = await house.say("居民甲", "依据")

    assert "《" in basis[0].text
    assert "民法典第" in basis[0].text


async def test_it_is_explained_how_the_answer_was_found(house: House) -> None:
    await house.say("居民甲", ANSWERED)

    [why] = await house.say("居民甲", "为什么这么回")

    assert "把握约" in why.text
    assert "%" in why.text


@pytest.mark.parametrize("words", ["依据", "为什么这么回"])
async def test_asked_of_no_answer_it_says_so(house: House, words: str) -> None:
    [nothing] = await house.say("居民甲", words)

    assert "刚才没有问" in nothing.text


async def test_no_sentence_is_said_twice_and_the_third_miss_offers_a_person(house: House) -> None:
    words = ["今天股票涨了没有", "红烧肉怎么做", "火星上有水吗", "哪个球队赢了", "月亮多远"]

    said = [(await house.say("居民甲", text))[0].text for text in words]

    assert all(one != other for one, other in pairwise(said))
    assert "回复 9" in said[2]


async def test_a_success_in_between_starts_the_count_anew(house: House) -> None:
    await house.say("居民甲", "火星上有水吗")
    await house.say("居民甲", "月亮多远")
    await house.say("居民甲", "我的积分")

    [missed] = await house.say("居民甲", "哪个球队赢了")

    assert missed.text != texts.THIRD_MISS


async def test_a_joker_hears_at_once_what_is_done_here_and_of_a_person(house: House) -> None:
    words = ["月亮有多大", "讲个笑话", "你会唱歌吗", "1+1等于几"]

    said = [(await house.say("居民甲", text))[0].text for text in words]

    assert said == [texts.IDLE, texts.IDLE_AGAIN, texts.IDLE, texts.IDLE_AGAIN]
    assert "回复 9" in texts.IDLE
    assert "回复 9" in texts.IDLE_AGAIN


async def test_the_first_miss_tells_of_a_person_too(house: House) -> None:
    [missed] = await house.say("居民甲", "月亮上有没有人")

    assert missed.text == f"{texts.NOT_SURE}{texts.TRY_LIKE}"
    assert "回复 9" in missed.text


async def test_what_is_not_ours_is_declined_and_kept_for_people(house: House) -> None:
    replies = await house.say("居民甲", NOT_OURS)

    assert "回复 9" in replies[0].text
    assert await given(house) == []


async def test_a_question_inside_a_report_leaves_the_draft_alone(house: House) -> None:
    await house.say("居民甲", "楼道灯不亮了")

    replies = await house.say("居民甲", ANSWERED)
    [summary] = await house.say("居民甲", "五栋一单元")

    assert "民法典第" in "".join(reply.text for reply in replies)
    assert "楼道灯不亮" in summary.text


async def test_an_offer_is_chosen_by_number(house: House) -> None:
    offered = await house.say("居民甲", "物业费")
    assert offered[0].text == texts.WHICH

    chosen = await house.say("居民甲", "1")

    assert 2 <= len(offered[0].choices) <= 6
    assert "第" in chosen[0].text
    assert len(await given(house)) >= 1


DOUBTFUL = ("狗咬人了怎么办", "押金被扣了怎么办", "业委会不干事怎么办", "停车费怎么收才合法")
"""Ways to ask that fit two look-alikes; which ones the model doubts changes with its training."""


async def told_apart(house: House) -> tuple[Reply, tuple[str, ...]]:
    """Ask until there is a question that tells two apart; return it and its two entries."""
    for text in DOUBTFUL:
        replies = await house.say("居民甲", text)
        branches = [c for c in replies[-1].choices if c.action.startswith(BRANCH)]
        if branches:
            assert len(replies) == 1
            return replies[0], tuple(c.action.removeprefix(BRANCH) for c in branches)
    pytest.fail("none of the doubtful questions is doubted any more")


async def test_look_alikes_are_told_apart_by_one_question_instead_of_titles(house: House) -> None:
    asked, entries = await told_apart(house)

    chosen = await house.say("居民甲", "2")

    assert asked.text.endswith("？")
    assert [choice.label for choice in asked.choices][2] == "都不是"
    assert len(entries) == 2
    assert chosen[0].text.startswith(knowledge().entries[entries[1]].short)
    assert (await given(house))[0].entry == entries[1]


async def test_the_question_is_answered_in_words(house: House) -> None:
    asked, entries = await told_apart(house)

    chosen = await house.say("居民甲", f"是{asked.choices[0].label}的")

    assert chosen[0].text.startswith(knowledge().entries[entries[0]].short)


async def test_another_question_instead_of_a_choice_is_answered(house: House) -> None:
    await told_apart(house)

    replies = await house.say("居民甲", ANSWERED)

    assert "民法典第" in replies[0].text


async def test_the_law_is_answered_and_the_report_offered_unopened(house: House) -> None:
    replies = await house.say("居民甲", "我家天花板漏水了，这个维修费到底谁出")

    assert len(replies) == 2
    assert "民法典第" in replies[0].text
    assert "报修" in [choice.label for choice in replies[1].choices]
    assert len(replies[1].choices) <= 6
    assert "没有正在填写" in (await house.say("居民甲", "取消"))[0].text


async def test_the_offered_report_knows_what_and_where(house: House) -> None:
    await house.say("居民甲", "3栋电梯坏了，物业费能不能少交")

    [summary] = await house.say("居民甲", "报修")

    assert "电梯坏了" in summary.text
    assert "芳草苑小区 3栋" in summary.text
    assert "物业费" not in summary.text


async def test_a_report_that_asks_about_the_law_is_answered_too(house: House) -> None:
    replies = await house.say("居民甲", "电梯又坏了 修电梯的钱谁出")

    assert "报修" in [choice.label for choice in replies[-1].choices]


@pytest.mark.parametrize("text", ["3栋二单元电梯坏了", "3栋楼道灯不亮，找谁修"])
async def test_a_plain_report_stays_a_report(house: House, text: str) -> None:
    [summary] = await house.say("居民甲", text)

    assert "请核对报修内容" in summary.text


async def test_a_later_answer_does_not_offer_the_earlier_report(house: House) -> None:
    await house.say("居民甲", "3栋电梯坏了，物业费能不能少交")

    replies = await house.say("居民甲", ANSWERED)

    assert "报修" not in [choice.label for choice in replies[-1].choices]


async def test_the_person_behind_a_miss_gets_the_question(house: House) -> None:
    await house.say("居民甲", ANSWERED)
    await house.say("居民甲", "9")

    [(_to, card)] = await house.delivered()

    assert ANSWERED in card


ENGLISH = "Can I refuse to pay the property fee?"


@pytest.mark.parametrize(
    ("text", "group", "judge", "person"),
    [
        (ANSWERED, None, "小二看不到您的合同和现场，不代替律师意见", "回复 9"),
        (ANSWERED, RESIDENTS_GROUP, "小二看不到合同和现场，不代替律师", "私聊我"),
        (ENGLISH, None, "this does not replace a lawyer", "Reply 9"),
        (ENGLISH, RESIDENTS_GROUP, "does not replace a lawyer", "message me in private"),
    ],
)
async def test_every_legal_answer_says_what_cannot_be_judged_here_and_who_can(
    house: House, text: str, group: str | None, judge: str, person: str
) -> None:
    replies = await house.say("居民甲", text, group=group)

    said = "\n".join(reply.text for reply in replies)
    assert "第" in said
    assert judge in said
    assert person in said
    assert len(await given(house)) == 1


async def test_a_chosen_answer_says_so_too(house: House) -> None:
    await house.say("居民甲", "物业费")

    chosen = await house.say("居民甲", "1")

    assert "不代替律师意见" in chosen[0].text


def test_so_does_the_command_line() -> None:
    for entry in knowledge().entries.values():
        assert "不代替律师意见" in texts.whole(entry)
        assert "不代替律师" in texts.in_group(entry)
