"""Questions: answered with articles, explained on demand, declined honestly."""

from collections.abc import AsyncIterator
from itertools import pairwise
from pathlib import Path

import pytest

from handlers.faq import texts
from storage.answers import Answer
from storage.words import Thumb
from tests.houses import House

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


@pytest.mark.parametrize("words", ["依据", "为什么这么回", "有用", "没用"])
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
    offered = await house.say("居民甲", "物业费不交会怎样")
    assert offered[0].text == texts.WHICH

    chosen = await house.say("居民甲", "1")

    assert 2 <= len(offered[0].choices) <= 6
    assert "第" in chosen[0].text
    assert len(await given(house)) >= 1


async def test_the_person_behind_a_miss_gets_the_question(house: House) -> None:
    await house.say("居民甲", ANSWERED)
    await house.say("居民甲", "9")

    [(_to, card)] = await house.delivered()

    assert ANSWERED in card
