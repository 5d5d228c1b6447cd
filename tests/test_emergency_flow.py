"""Danger comes first: the number in the first line, the staff alerted until somebody goes."""

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest

from handlers import ticks
from handlers.emergency import texts
from handlers.message import Message
from knowledge.emergency import EmergencyKind
from storage.outage import Outage
from storage.transaction import Transaction
from storage.words import RoleWord, ScopeKind
from tests.houses import CHANNEL, RESIDENTS_GROUP, STAFF_GROUP, House

FIRE = "着火了，快来人"
MINUTE = timedelta(minutes=1)


@pytest.fixture
async def house(tmp_path: Path) -> AsyncIterator[House]:
    """The street, with a database that gives up soon when it is locked."""
    house = House(tmp_path, busy_timeout=timedelta(milliseconds=50))
    await house.settle()
    yield house
    house.store.close()


async def after(house: House, minutes: int) -> list[tuple[str, str]]:
    """Let the minutes pass, and return what was said unasked meanwhile."""
    said = []
    for _ in range(minutes):
        house.clock.forward(MINUTE)
        await ticks.every_minute(house.store, house.spool, house.street, house.current, house.clock)
        said += await house.delivered()
    return said


def alerts(said: list[tuple[str, str]]) -> list[str]:
    return [to for to, text in said if "【紧急】" in text]


@pytest.mark.parametrize(
    ("words", "number"),
    [
        ("着火了", "119"),
        ("家里好大的煤气味", "gas-1"),
        ("电梯里困了两个人", "lift-1"),
        ("有人触电了", "120"),
        ("我老伴晕倒了", "120"),
        ("有人拿刀砍人", "110"),
        ("门口出车祸了", "122"),
        ("我不想活了", "12356"),
    ],
)
async def test_the_number_stands_in_the_first_line(house: House, words: str, number: str) -> None:
    first, *_ = await house.say("居民甲", words)

    assert number in first.text.splitlines()[0]


async def test_a_newcomer_gets_the_number_before_any_introduction(house: House) -> None:
    first, *_ = await house.say("陌生人", FIRE)

    assert "119" in first.text.splitlines()[0]


async def test_the_draft_is_kept_and_said_to_be(house: House) -> None:
    await house.say("居民甲", "楼道灯不亮了")

    _first, after_it = await house.say("居民甲", FIRE)
    [summary] = await house.say("居民甲", "五栋一单元")

    assert "给您留着" in after_it.text
    assert "楼道灯不亮" in summary.text


@pytest.mark.parametrize("together", [True, False], ids=["with the words", "after them"])
async def test_the_staff_see_a_picture_of_the_danger(house: House, together: bool) -> None:
    photos = ["ab/fire.jpg"]
    said = await house.say("居民甲", FIRE, photos=photos if together else [])
    if not together:
        said += await house.say("居民甲", photos=photos)
    told = await house.delivered()

    shown = [chat for chat, reply in house.recorder.sent if reply.media == tuple(photos)]
    assert STAFF_GROUP in shown
    assert len(shown) == len(alerts(told)) / 2
    assert said[-1].text == (texts.ALERTED if together else texts.PICTURES_PASSED_ON)


async def test_a_picture_long_after_a_danger_is_one_of_a_report(house: House) -> None:
    await house.say("居民甲", FIRE)
    house.clock.forward(timedelta(minutes=10))

    [said] = await house.say("居民甲", photos=["ab/lamp.jpg"])
    await house.delivered()

    assert "报修" in said.text
    assert all(reply.media == () for _, reply in house.recorder.sent)


async def test_a_talk_that_a_person_has_taken_over_does_not_swallow_it(house: House) -> None:
    await house.say("居民甲", "9")
    await house.say("书记甲", "回 1 您好")

    first, *_ = await house.say("居民甲", FIRE)

    assert "119" in first.text.splitlines()[0]
    assert set(alerts(await house.delivered())) == {STAFF_GROUP, "书记甲", "街道甲"}


async def test_more_messages_than_a_person_can_type_do_not_silence_it(house: House) -> None:
    for _ in range(60):
        await house.dispatcher.handle(Message(CHANNEL, "居民甲", "居民甲", "菜单", f"spam-{_}"))

    first, *_ = await house.say("居民甲", FIRE)

    assert "119" in first.text.splitlines()[0]


async def test_staff_is_alerted_every_three_minutes_until_somebody_goes(house: House) -> None:
    await house.say("居民甲", FIRE)
    everybody = {STAFF_GROUP, "书记甲", "街道甲"}

    assert set(alerts(await house.delivered())) == everybody
    assert alerts(await after(house, 2)) == []
    assert set(alerts(await after(house, 1))) == everybody
    assert len(alerts(await after(house, 12))) == 4 * len(everybody)

    [taken] = await house.say("书记甲", "收到 1", group=STAFF_GROUP, addressed=False)
    said = await after(house, 10)

    assert "警 1 由您处理" in taken.text
    assert ("居民甲", texts.on_the_way()) in said
    assert alerts(said) == []


async def test_only_the_first_takes_an_alarm(house: House) -> None:
    await house.say("居民甲", FIRE)
    await house.say("书记甲", "收到 1")

    [second] = await house.say("街道甲", "收到 1")

    assert "已经有人收到" in second.text


@pytest.mark.parametrize("who", ["居民乙", "陌生人", "商户甲"])
async def test_nobody_without_that_duty_can_stop_an_alarm(house: House, who: str) -> None:
    def trade(tx: Transaction) -> None:
        trader = tx.residents.add(name="商户甲", community_id=1)
        tx.residents.bind(trader, CHANNEL, "商户甲", "商户甲")
        tx.residents.grant(trader.id, RoleWord.MERCHANT, ScopeKind.STREET, 0)

    await house.store.run(trade)
    await house.say("居民甲", FIRE)
    await house.delivered()

    [refused] = await house.say(who, "收到 1")

    assert "权限" in refused.text
    assert alerts(await after(house, 3))


async def test_a_group_reads_no_name_phone_or_room(house: House) -> None:
    await house.say("居民甲", "3栋2单元501着火了，我电话13800001111")

    said = await house.delivered()

    [group] = [text for to, text in said if to == STAFF_GROUP]
    [private] = [text for to, text in said if to == "书记甲"]
    for personal in ("居民甲", "13800001111", "501"):
        assert personal not in group
    assert "13800001111" in private
    assert "居民甲" in private


async def test_in_a_group_the_number_is_said_to_all(house: House) -> None:
    [said] = await house.say("居民甲", FIRE, group=RESIDENTS_GROUP, addressed=False)

    assert "119" in said.text.splitlines()[0]
    assert "居民甲" not in said.text


async def test_what_is_said_next_about_the_same_danger_reaches_the_staff(house: House) -> None:
    await house.say("居民甲", FIRE)
    await house.delivered()

    await house.say("居民甲", "五栋楼顶着火了")
    said = await house.delivered()

    assert {to for to, text in said if "五栋楼顶" in text} == {STAFF_GROUP, "书记甲", "街道甲"}
    assert all("警 1 居民又说" in text for _to, text in said)


@pytest.mark.parametrize(
    "calm", ["怎么预防煤气中毒", "着火了怎么逃生", "不是着火，是做饭的烟", "火灾险怎么买"]
)
async def test_a_question_about_danger_is_no_alarm(house: House, calm: str) -> None:
    replies = await house.say("居民甲", calm)

    assert replies
    assert alerts(await house.delivered()) == []


async def test_with_nobody_on_duty_no_help_is_promised(tmp_path: Path) -> None:
    empty = House(tmp_path)

    first, after_it = await empty.say("居民甲", FIRE)
    empty.store.close()

    assert "119" in first.text
    assert after_it.text == texts.NOBODY_ALERTED


async def test_with_the_database_locked_the_alarm_is_answered_kept_and_sent_once(
    house: House,
) -> None:
    outage = Outage(house.database.url)
    outage.begin()

    first, later = await house.say("居民甲", FIRE)
    await ticks.every_minute(house.store, house.spool, house.street, house.current, house.clock)

    assert "119" in first.text.splitlines()[0]
    assert later.text == texts.ALERT_LATER
    assert len(house.spool.waiting()) == 1

    outage.end()
    said = await after(house, 1)
    again = await after(house, 1)

    assert set(alerts(said)) == {STAFF_GROUP, "书记甲", "街道甲"}
    assert any("系统恢复后补发" in text for _to, text in said)
    assert alerts(again) == []
    assert house.spool.waiting() == []


async def test_an_alarm_handled_later_than_its_sender_waited_is_not_raised_twice(
    tmp_path: Path,
) -> None:
    house = House(tmp_path, busy_timeout=timedelta(seconds=20))
    await house.settle()
    outage = Outage(house.database.url)
    outage.begin()

    first, _later = await house.say("居民甲", FIRE)
    outage.end()
    said = await house.delivered() + await after(house, 2)
    house.store.close()

    assert "119" in first.text
    assert sorted(alerts(said)) == sorted([STAFF_GROUP, "书记甲", "街道甲"])


async def test_a_spool_that_cannot_be_written_still_leaves_the_number(
    house: House, tmp_path: Path
) -> None:
    (tmp_path / "alarms.jsonl").mkdir()
    outage = Outage(house.database.url)
    outage.begin()

    first, later = await house.say("居民甲", FIRE)
    outage.end()

    assert "119" in first.text.splitlines()[0]
    assert later.text == texts.NOBODY_ALERTED


async def test_a_line_cut_off_in_the_spool_spoils_only_itself(house: House, tmp_path: Path) -> None:
    path = tmp_path / "alarms.jsonl"
    path.write_text('{"kind": "fi', "ascii")
    outage = Outage(house.database.url)
    outage.begin()
    await house.say("居民甲", FIRE)
    outage.end()

    assert set(alerts(await after(house, 1))) == {STAFF_GROUP, "书记甲", "街道甲"}
    assert alerts(await after(house, 1)) == []


def test_every_danger_has_its_words(house: House) -> None:
    for kind in EmergencyKind:
        number, step = texts.first_aid(kind, house.street).splitlines()
        assert number
        assert step
        assert texts.alert_in_group(1, kind, "", "")


async def test_who_looks_for_somebody_is_told_what_to_tell_the_police(house: House) -> None:
    lost, *_ = await house.say("居民甲", "我老头子走丢了找不到屋里")
    house.clock.forward(timedelta(hours=1))
    cry, *_ = await house.say("居民甲", "救命啊有人吗")

    assert lost.text == texts.SOMEBODY_LOST
    assert "110" in lost.text.splitlines()[0]
    assert cry.text != texts.SOMEBODY_LOST
