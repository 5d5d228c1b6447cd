"""A resident is answered in the script they write; who writes English is not left alone."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from handlers.faq import texts
from knowledge.writing import Writing, to_traditional, writing_of
from tests.houses import RESIDENTS_GROUP, House


@pytest.fixture
async def house(tmp_path: Path) -> AsyncIterator[House]:
    """The street at Monday noon."""
    house = House(tmp_path)
    await house.settle()
    yield house
    house.store.close()


async def test_traditional_is_answered_in_traditional_with_its_choices(house: House) -> None:
    replies = await house.say("居民甲", "房屋漏水該誰修")

    shown = "".join(r.text + "".join(c.label for c in r.choices) for r in replies)
    assert writing_of(shown) is Writing.TRADITIONAL
    assert "没" not in shown
    assert "依據" in shown
    assert "看法律依據" in shown


async def test_the_rest_and_a_number_stay_traditional_until_simplified_is_written(
    house: House,
) -> None:
    await house.say("居民甲", "房屋漏水該誰修")

    thanks = await house.say("居民甲", "1")
    points = await house.say("居民甲", "我的积分")

    assert thanks[0].text == to_traditional(texts.THANKS_UP)
    assert writing_of(points[0].text) is Writing.SIMPLIFIED


async def test_commands_names_and_labels_work_in_traditional(house: House) -> None:
    [summary] = await house.say("居民甲", "芳草苑小區3棟電梯壞了")
    [cancelled] = await house.say("居民甲", "取消")
    [tickets] = await house.say("居民甲", "我的報修")

    assert "芳草苑小區" in summary.text
    assert "3棟" in summary.text or "3栋" in summary.text
    assert "取消" in cancelled.text
    assert "報修" in tickets.text


async def test_a_label_shown_in_traditional_may_be_typed(house: House) -> None:
    await house.say("居民甲", "房屋漏水該誰修")

    [thanks] = await house.say("居民甲", "沒幫上")

    assert thanks.text == to_traditional(texts.SORRY_DOWN)


async def test_staff_read_simplified(house: House) -> None:
    await house.say("居民甲", "芳草苑小區3棟電梯壞了")
    await house.say("居民甲", "確認")

    [(_, card)] = await house.delivered()

    assert "电梯坏了" in card
    assert writing_of(card) is Writing.SIMPLIFIED


async def test_an_english_question_gets_an_english_answer_with_its_articles(house: House) -> None:
    answer, basis = await house.say("居民甲", "Can I refuse to pay the property fee?")

    assert answer.text.isascii()
    assert "民法典第944条" in basis.text
    assert "not replace a lawyer" in basis.text
    assert max(len(answer.text), len(basis.text)) <= 300
    person = await house.store.run(lambda tx: tx.residents.at("terminal:居民甲"))
    assert person is not None
    [given] = await house.store.run(lambda tx: tx.answers.given_to(person.id))
    assert given.entry == "fee-dissatisfied"


async def test_the_basis_and_a_thumb_work_after_an_english_answer(house: House) -> None:
    await house.say("居民甲", "Can I refuse to pay the property fee?")

    basis, *_ = await house.say("居民甲", "依据")
    [thanks] = await house.say("居民甲", "有用")

    assert "民法典第944条" in basis.text
    assert thanks.text == texts.THANKS_UP


async def test_what_has_no_english_answer_is_handed_over_politely(house: House) -> None:
    [reply] = await house.say("居民甲", "Where can I renew my library card here?")
    await house.say("居民甲", "9")
    [(_, card)] = await house.delivered()

    assert reply.text == texts.ENGLISH_HANDOVER
    assert "Reply 9" in reply.text
    assert card


async def test_one_english_word_is_no_english_question(house: House) -> None:
    [hello] = await house.say("居民甲", "hello")

    assert writing_of(hello.text) is Writing.SIMPLIFIED


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("there is a fire in my kitchen", "119"),
        ("I smell gas in the hallway", "119"),
        ("help, my son is stuck in the lift", "119"),
        ("please call an ambulance", "120"),
        ("please help my grandma fell down", "120"),
        ("someone is attacking me", "110"),
    ],
)
async def test_an_english_emergency_has_its_number_in_the_first_line_in_english(
    house: House, text: str, number: str
) -> None:
    first, *_ = await house.say("居民甲", text)

    line = first.text.splitlines()[0]
    assert number in line
    assert line.isascii()
    assert "马上" in first.text or "先离开" in first.text


@pytest.mark.parametrize(
    "text",
    [
        "How many owners must agree to install an elevator?",
        "The elevator in building 3 is broken",
        "can I park in the fire lane",
        "what should I do if there is a fire",
    ],
)
async def test_a_calm_question_in_english_alarms_nobody(house: House, text: str) -> None:
    await house.say("居民甲", text)

    assert await house.delivered() == []


async def test_a_group_gets_the_english_answer_and_what_it_is_worth(house: House) -> None:
    said = await house.say("居民甲", "can I keep my dog without a leash", group=RESIDENTS_GROUP)

    assert "leash" in said[0].text
    assert "does not replace a lawyer" in said[-1].text
