"""Whatever comes in, once or twice, whole or broken: one effect, and the next message is heard."""

import asyncio
from collections.abc import AsyncIterator, Callable
from datetime import timedelta
from pathlib import Path

import pytest
from msgspec.structs import replace

from handlers import fitting, routes, texts
from handlers.emergency import chat as emergency
from handlers.message import Attachment, AttachmentKind, Message, Reply
from knowledge.emergency import EmergencyKind
from storage.tickets import Ticket
from storage.transaction import Transaction
from tests.houses import CHANNEL, STAFF_GROUP, House
from tests.stores import Database, EngineKind


@pytest.fixture
async def house(tmp_path: Path, database: Database) -> AsyncIterator[House]:
    """The street at Monday noon."""
    house = House(tmp_path, database=database, busy_timeout=timedelta(milliseconds=50))
    await house.settle()
    yield house
    house.store.close()


def said(text: str, number: str = "x", who: str = "居民甲") -> Message:
    return Message(CHANNEL, who, who, text, number)


async def hear(house: House, message: Message) -> list[Reply]:
    house.clock.forward(timedelta(seconds=5))
    return await house.dispatcher.handle(message)


def _ticket(number: int) -> Callable[[Transaction], Ticket | None]:
    return lambda tx: tx.tickets.by_number(number)


async def tickets(house: House) -> int:
    found = 0
    while await house.store.run(_ticket(1001 + found)):
        found += 1
    return found


# Once


async def test_the_same_message_twice_has_one_effect_and_one_answer(house: House) -> None:
    await house.say("居民甲", "三栋二单元电梯坏了")
    confirmation = said("1")

    first = await hear(house, confirmation)
    again = await hear(house, confirmation)
    house.restart()
    later = await hear(house, confirmation)

    assert first == again == later
    assert await tickets(house) == 1


async def test_the_same_message_at_the_same_time_has_one_effect(house: House) -> None:
    await house.say("居民甲", "三栋二单元电梯坏了")

    answers = await asyncio.gather(*(house.dispatcher.handle(said("1")) for _ in range(8)))

    assert all(answer == answers[0] for answer in answers)
    assert await tickets(house) == 1


async def test_one_persons_messages_are_heard_in_their_order(house: House) -> None:
    words = ["楼道灯不亮了", "五栋一单元", "确认"]

    await asyncio.gather(
        *(house.dispatcher.handle(said(text, str(n))) for n, text in enumerate(words, start=900))
    )

    assert await tickets(house) == 1


# Broken input


@pytest.mark.parametrize(
    "text",
    [
        "",
        " \n\t ",
        "\x00\x01\x02",
        "\ud800",
        "三栋\udfff电梯\ud83d坏了",
        "电" * 100_000,
        "{}[]{{%s}}%d\\",
        "'; DROP TABLE residents; --",
        "\u202e\u200b\ufeff",
        "𠀀𠀁🀄️👨‍👩‍👧",
        "9" * 5000,
        "收到 999999",
        "改9",
        "1" * 30,
    ],
)
async def test_no_text_stops_the_next_message(house: House, text: str) -> None:
    replies = await hear(house, said(text))

    assert replies
    assert all(reply.text for reply in replies)
    assert "出了点问题" not in replies[0].text
    assert "您现在有 0 个积分" in (await house.say("居民甲", "我的积分"))[0].text


@pytest.mark.parametrize("kind", list(AttachmentKind))
async def test_no_attachment_stops_the_next_message(house: House, kind: AttachmentKind) -> None:
    message = replace(said(""), attachments=(Attachment(kind, media="a.jpg"),))

    [reply] = await hear(house, message)

    assert "出了点问题" not in reply.text
    assert await house.say("居民甲", "我的积分")


@pytest.mark.parametrize(
    "broken",
    [
        replace(said("你好"), platform_id="\ud800"),
        replace(said("你好"), sender="\udfff", chat="\udfff"),
        replace(said(""), pressed="\ud800", menu="x"),
        replace(said(""), pressed="tickets.accept:99999999999999999999999"),
        replace(said(""), pressed="handover.answer:x"),
        replace(said(""), pressed="shifts.join:-1"),
        replace(said(""), start_key="\ud800"),
        replace(said(""), pressed="form.put:=\x00"),
    ],
)
async def test_nothing_a_channel_may_hand_over_stops_the_next_message(
    house: House, broken: Message
) -> None:
    replies = await asyncio.wait_for(hear(house, broken), 10)

    assert replies
    assert "您现在有 0 个积分" in (await house.say("居民甲", "我的积分"))[0].text


async def test_of_a_very_long_text_it_is_said_that_the_end_was_not_read(house: House) -> None:
    replies = await hear(house, said("请问" + "很长的话" * 20_000))

    assert texts.TOO_LONG in "".join(reply.text for reply in replies)


async def test_a_broken_message_does_not_take_its_batch_along(house: House) -> None:
    broken = [replace(said("你好", "b", f"路人{n}"), platform_id=f"\ud800{n}") for n in range(3)]
    whole = [said("我的积分", f"w{n}", who) for n, who in enumerate(("居民甲", "居民乙"))]

    answers = await asyncio.gather(*(house.dispatcher.handle(m) for m in (*broken, *whole)))

    assert all("您现在有 0 个积分" in answer[0].text for answer in answers[3:])


# Too much


async def test_who_sends_too_much_is_told_once_and_heard_a_minute_later(house: House) -> None:
    answers = [await house.dispatcher.handle(said("菜单", f"t{n}")) for n in range(40)]
    other = await house.dispatcher.handle(said("菜单", "o", "居民乙"))
    house.clock.forward(timedelta(minutes=1))
    later = await house.dispatcher.handle(said("菜单", "later"))

    assert [a for a in answers if a == [Reply(texts.SLOW_DOWN)]] == [[Reply(texts.SLOW_DOWN)]]
    assert answers[-1] == []
    assert "小二" in other[0].text
    assert "小二" in later[0].text


# Mistakes of ours


async def test_a_mistake_of_ours_is_apologised_for_with_a_reference(
    house: House, caplog: pytest.LogCaptureFixture
) -> None:
    def broken(_message: Message, _context: object) -> list[Reply]:
        raise ZeroDivisionError

    routes.ACTIONS["test.broken"] = broken
    try:
        message = replace(said("", "ref-12345678"), pressed="test.broken")
        [apology] = await hear(house, message)
    finally:
        del routes.ACTIONS["test.broken"]

    assert "12345678" in apology.text
    assert "ref-12345678" in caplog.text
    assert await house.say("居民甲", "我的积分")


async def test_what_a_failed_message_wrote_is_taken_back(house: House) -> None:
    def half(_message: Message, context) -> list[Reply]:  # type: ignore[no-untyped-def]
        context.tx.residents.add(name="半个人")
        raise ZeroDivisionError

    routes.ACTIONS["test.half"] = half
    try:
        await hear(house, replace(said(""), pressed="test.half"))
    finally:
        del routes.ACTIONS["test.half"]

    assert await house.store.run(lambda tx: tx.residents.named("半个人")) == []


# Restart, menus, buttons


async def test_a_restart_keeps_draft_and_menu(house: House) -> None:
    await house.say("居民甲", "三栋二单元电梯坏了")
    house.restart()

    [done] = await house.say("居民甲", "1")

    assert "1001" in done.text


async def test_a_button_of_an_old_menu_does_nothing(house: House) -> None:
    [summary] = await house.say("居民甲", "三栋二单元电梯坏了")
    await house.say("居民甲", "取消")
    await house.say("居民甲", "帮助")

    [old] = await hear(house, replace(said(""), pressed="1", menu=summary.menu))

    assert old.text == texts.OLD_MENU
    assert await tickets(house) == 0


@pytest.mark.parametrize(("days", "is_over"), [(6, False), (8, True)])
async def test_a_number_of_a_menu_long_past_does_nothing(
    house: House, days: int, is_over: bool
) -> None:
    await house.say("居民甲", "菜单")
    house.clock.forward(timedelta(days=days))

    [answer] = await house.say("居民甲", "3")

    assert (answer.text == texts.OLD_MENU) is is_over
    assert ("个积分" in answer.text) is not is_over


async def test_a_button_pressed_twice_reports_once(house: House) -> None:
    [summary] = await house.say("居民甲", "三栋二单元电梯坏了")

    await hear(house, replace(said("", "a"), pressed="1", menu=summary.menu))
    [again] = await hear(house, replace(said("", "b"), pressed="1", menu=summary.menu))

    assert again.text == texts.OLD_MENU
    assert await tickets(house) == 1


@pytest.mark.parametrize("number", ["1", "１", "一", "①", "第一个", "回复1"])
async def test_a_number_means_the_last_menu_however_it_is_written(
    house: House, number: str
) -> None:
    await house.say("居民甲", "三栋二单元电梯坏了")

    [done] = await house.say("居民甲", number)

    assert "1001" in done.text


async def test_a_number_after_a_notice_means_the_notices_menu(house: House) -> None:
    await house.say("居民甲", "三栋二单元电梯坏了")
    await house.say("居民甲", "1")
    await house.say("居民甲", "菜单")
    await house.say("物业甲", "办结 1001 换了主板", group=STAFF_GROUP)
    [news] = [text for to, text in await house.delivered() if to == "居民甲" and "换了主板" in text]

    [thanks] = await house.say("居民甲", "1")

    assert news
    assert "1001" in thanks.text
    assert "什么东西坏了" not in thanks.text


async def test_a_number_nobody_offered_is_explained(house: House) -> None:
    await house.say("居民甲", "菜单")

    [unknown] = await house.say("居民甲", "7")

    assert unknown.text == texts.NO_SUCH_CHOICE


# Sizes


async def test_a_turn_is_two_messages_of_three_hundred_characters_and_the_rest_on_demand(
    house: House,
) -> None:
    asked = ["房屋漏水该谁修", "楼上漏水找谁", "业主可以换物业吗", "菜单", "依据", "更多", "更多"]
    for words in asked:
        replies = await house.say("居民甲", words)
        assert len(replies) <= fitting.TURN
        assert all(len(reply.text) <= fitting.MESSAGE for reply in replies)


@pytest.mark.parametrize("length", [299, 300, 301, 599, 600, 601, 650, 1200, 5000])
@pytest.mark.parametrize("sentence", ["话", "一句话。", "一句话，没有完\n"])
def test_nothing_is_lost_when_a_text_is_fitted(length: int, sentence: str) -> None:
    text = (sentence * length)[:length].strip()
    whole = ""
    replies = [Reply(text, media=("a.jpg",))]
    while replies:
        shown, rest = fitting.fit(replies)
        assert len(shown) <= fitting.TURN
        assert all(len(reply.text) <= fitting.MESSAGE for reply in shown)
        whole += "".join(reply.text.replace(f"\n{texts.MORE_HINT}", "") for reply in shown)
        replies = [Reply(piece) for piece in rest]
    assert whole.replace("\n", "") == text.replace("\n", "")


# The database


async def test_a_locked_database_is_said_in_words_and_nothing_is_half_stored(house: House) -> None:
    await house.say("居民甲", "三栋二单元电梯坏了")
    with house.database.taken():
        [sorry] = await hear(house, said("1", "same"))

    assert "没有办成" in sorry.text
    assert await tickets(house) == 0
    assert "1001" in (await hear(house, said("1", "same")))[0].text


async def test_everybody_waiting_for_a_locked_database_is_told_together(
    tmp_path: Path, database: Database
) -> None:
    house = House(tmp_path, database=database, busy_timeout=timedelta(milliseconds=300))
    await house.settle()
    with house.database.taken():
        crowd = [house.dispatcher.handle(said("我的积分", str(n), f"路人{n}")) for n in range(40)]
        answers = await asyncio.wait_for(asyncio.gather(*crowd), 5)
    house.store.close()

    assert all("没有办成" in answer[0].text for answer in answers)


async def test_a_full_disk_is_said_in_words_and_nothing_is_half_stored(tmp_path: Path) -> None:
    house = House(tmp_path, database=Database(EngineKind.SQLITE, tmp_path))
    await house.settle()
    await house.say("居民甲", "三栋二单元电梯坏了")
    await house.store.run(_pages(lambda used: used))

    answers = [
        await hear(house, said("1" if n == 0 else "房屋漏水该谁修", f"f{n}")) for n in range(80)
    ]
    danger = await hear(house, said("着火了", "fire"))
    full = [answer for answer in answers if "存储满了" in answer[0].text]
    await house.store.run(_pages(lambda used: used + 100_000))

    assert full
    assert "119" in danger[0].text
    confirmed = any("1001" in answer[0].text for answer in answers)
    assert await tickets(house) == int(confirmed)
    assert await house.say("居民甲", "我的积分")
    house.store.close()


def _pages(most: Callable[[int], int]) -> Callable[[Transaction], None]:
    def work(tx: Transaction) -> None:
        connection = tx.reading()
        used = connection.exec_driver_sql("PRAGMA page_count").scalar()
        assert isinstance(used, int)
        connection.exec_driver_sql(f"PRAGMA max_page_count = {most(used)}")

    return work


def test_first_aid_needs_nothing_but_the_configuration(tmp_path: Path) -> None:
    house = House(tmp_path)
    for kind in EmergencyKind:
        assert len(emergency.first_aid(kind, house.street)) <= fitting.MESSAGE
    house.store.close()
