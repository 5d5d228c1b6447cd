"""Reports as residents make them: real dispatcher, real file, real clockwork."""

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest

from handlers import texts as shared
from handlers.message import Attachment, AttachmentKind, Message
from handlers.tickets.reporting import texts
from storage.words import TicketLevel
from tests.stores import Database
from tests.ticket_street import (
    CHANNEL,
    COMMUNITY_GROUP,
    House,
    a_street,
    photo,
    resolved,
)


@pytest.fixture
async def house(tmp_path: Path, database: Database) -> AsyncIterator[House]:
    """A street at Monday noon."""
    house = await a_street(tmp_path, database)
    yield house
    house.store.close()


async def test_one_sentence_goes_straight_to_the_summary(house: House) -> None:
    [summary] = await house.says("居民甲", "三栋二单元电梯坏了")

    assert "（1）什么事：电梯坏了" in summary
    assert "（2）在哪里：芳草苑小区 三栋二单元" in summary
    assert "（3）照片：没有（可以直接发来）" in summary
    assert "（4）联系电话：没有留（不留也行）" in summary


async def test_only_the_missing_place_is_asked_for(house: House) -> None:
    [question] = await house.says("居民甲", "楼道灯不亮了")
    [summary] = await house.says("居民甲", "五栋一单元")

    assert "在哪里" in question
    assert "（1）什么事：楼道灯不亮了" in summary
    assert "芳草苑小区 五栋一单元" in summary


async def test_the_confirmation_names_number_who_acts_when_and_the_way_back(house: House) -> None:
    await house.says("居民甲", "三栋二单元电梯坏了")

    [done] = await house.says("居民甲", "1")

    for said in ("已收到", "1001", "芳草苑小区物业", "今天下午 2 点", "我的报修", "撤回"):
        assert said in done
    assert len(done) <= 300


async def test_confirming_twice_opens_one_ticket(house: House) -> None:
    await house.reported()

    await house.says("居民甲", "确认")
    await house.says("居民甲", "确认提交")

    assert await house.store.run(lambda tx: tx.tickets.by_number(1002)) is None


async def test_the_platform_sending_the_confirmation_again_opens_one_ticket(house: House) -> None:
    await house.says("居民甲", "三栋二单元电梯坏了")
    confirmation = Message(CHANNEL, "居民甲", "居民甲", "1", "same")

    both = await asyncio.gather(house.hears(confirmation), house.hears(confirmation))

    assert both[0] == both[1]
    assert await house.store.run(lambda tx: tx.tickets.by_number(1002)) is None


async def test_photos_and_a_phone_number_are_taken_whenever_they_come(house: House) -> None:
    await house.says("居民甲", "楼道灯不亮了，我电话13800001111", attachments=(photo("a.jpg"),))
    await house.says("居民甲", "", attachments=(photo("b.jpg"),))

    [summary] = await house.says("居民甲", "五栋")

    assert "照片：2 张" in summary
    assert "联系电话：13800001111" in summary
    assert "什么事：楼道灯不亮了\n" in summary


async def test_a_point_on_the_map_is_a_place(house: House) -> None:
    await house.says("居民甲", "井盖没了")
    point = Attachment(AttachmentKind.LOCATION, latitude=30.5512345, longitude=114.2654321)

    [summary] = await house.says("居民甲", "", attachments=(point,))

    assert "在哪里：地图位置 30.55123，114.26543" in summary


async def test_a_room_named_at_the_summary_keeps_the_building_it_lies_in(house: House) -> None:
    await house.says("居民甲", "三栋灯不亮了")

    [in_the_kitchen] = await house.says("居民甲", "厨房")
    [another] = await house.says("居民甲", "五栋")

    assert "在哪里：芳草苑小区 三栋 厨房\n" in in_the_kitchen
    assert "在哪里：芳草苑小区 五栋\n" in another


async def test_a_part_of_the_place_said_anew_takes_the_place_of_that_part(house: House) -> None:
    await house.says("居民甲", "三栋一单元四楼电梯坏了")

    [unit] = await house.says("居民甲", "不对不对是二单元")
    [floor] = await house.says("居民甲", "应该是在五楼")

    assert "在哪里：芳草苑小区 三栋二单元四楼\n" in unit
    assert "在哪里：芳草苑小区 三栋二单元五楼\n" in floor


async def test_a_place_said_before_the_matter_is_kept_and_corrected(house: House) -> None:
    await house.says("居民甲", "报修")

    [asked] = await house.says("居民甲", "三栋一单元")
    await house.says("居民甲", "不对不对是二单元")
    [summary] = await house.says("居民甲", "门禁坏了")

    assert asked == texts.ASK_WHAT
    assert "在哪里：芳草苑小区 三栋二单元\n" in summary


async def test_a_sentence_that_tells_more_than_a_place_leaves_the_place_alone(
    house: House,
) -> None:
    await house.says("居民甲", "三栋二单元门禁坏了")

    [hint] = await house.says("居民甲", "电梯里有人抽烟")

    assert "在哪里：芳草苑小区 三栋二单元\n" in hint


async def test_another_matter_at_the_summary_is_asked_to_wait(house: House) -> None:
    await house.says("居民甲", "三栋二单元电梯坏了")

    [hint] = await house.says("居民甲", "厕所堵了")

    assert shared.ANOTHER_MATTER in hint
    assert "什么事：电梯坏了\n" in hint


async def test_a_place_said_just_after_a_report_is_added_to_it(house: House) -> None:
    await house.reported()
    house.post.arrived.clear()

    [added] = await house.says("居民甲", "是在三栋一单元四楼那里")
    await house.wait(timedelta(minutes=1))

    assert "已补充到 1001 号" in added
    [note] = house.post.to(COMMUNITY_GROUP)
    assert "【报修 1001】居民补充：是在三栋一单元四楼那里" in note


async def test_who_accepts_reads_the_place_added_and_the_reporter_may_still_press(
    house: House,
) -> None:
    await house.reported()
    await house.says("居民甲", "是在三栋一单元四楼那里")

    [pressed] = await house.says("居民甲", "催一下")
    [accepted] = await house.says("物业甲", "接单 1001")

    assert "已替您催办" in pressed
    assert "（补充：三栋一单元四楼那里）" in accepted


async def test_a_number_sent_after_the_report_reaches_only_who_accepts_it(house: House) -> None:
    await house.reported()
    house.post.arrived.clear()

    [kept] = await house.says("居民甲", "我的电话是１３８００００１１１１")
    await house.wait(timedelta(minutes=1))
    [accepted] = await house.says("物业甲", "接单 1001")
    await house.says("居民甲", "对了 电话 13900001111")
    await house.wait(timedelta(minutes=1))

    assert "1001 号" in kept
    assert "13800001111" in accepted
    assert not any("1380000" in card for card in house.post.to(COMMUNITY_GROUP))
    assert any("13900001111" in said for said in house.post.to("物业甲"))


async def test_a_number_in_full_width_fills_the_draft(house: House) -> None:
    await house.says("居民甲", "三栋二单元电梯坏了")

    [summary] = await house.says("居民甲", "我的电话是１３８００００１１１１")

    assert "联系电话：13800001111" in summary


async def test_staff_who_say_that_anothers_report_is_done_finish_it(house: House) -> None:
    await house.reported()

    [of_property] = await house.says("物业甲", "1001 办好了")
    [of_resident] = await house.says("居民乙", "1001 办好了")

    assert "1001 号「电梯坏了」已由物业办结" in of_property
    assert "没有找到编号 1001" in of_resident


async def test_to_hand_on_has_the_words_people_use(house: House) -> None:
    await house.reported()

    [done] = await house.says("网格员甲", "把1001转给社区")

    assert "1001 号已升级" in done


async def test_a_finished_report_is_confirmed_by_words_that_say_so(house: House) -> None:
    await house.reported()
    await resolved(house)
    await house.wait(timedelta(minutes=1))

    [stars] = await house.says("居民甲", "好了")

    assert "1001 号就此结束" in stars


async def test_a_report_made_by_mistake_is_withdrawn_by_saying_so(house: House) -> None:
    await house.reported()

    [withdrawn] = await house.says("居民甲", "报错了")

    assert "1001 号「电梯坏了」已撤回" in withdrawn


async def test_a_place_said_long_after_a_report_begins_another(house: House) -> None:
    await house.reported()
    await house.wait(timedelta(minutes=11))

    [asked] = await house.says("居民甲", "四栋二单元")

    assert asked == texts.ASK_WHAT


@pytest.mark.parametrize(
    ("words", "what"),
    [
        ("还有那个三栋楼道里头的灯坏了好多天了", "灯坏了好多天了"),
        ("算了还是先不报楼道灯了 我要报电梯 三栋电梯昨天就不动了", "电梯昨天就不动了"),
        ("那个三栋楼下窨井盖不见了", "窨井盖不见了"),
        ("三栋店门口路灯不亮", "路灯不亮"),
        ("三栋店里电闸跳了推不上去", "电闸跳了推不上去"),
    ],
)
async def test_words_on_the_way_to_the_matter_are_left_out(
    house: House, words: str, what: str
) -> None:
    [summary] = await house.says("居民甲", words)

    assert f"（1）什么事：{what}\n" in summary


@pytest.mark.parametrize(
    "words", ["师傅几时来咧", "维修师傅什么时候来", "那修的人几点来修啊", "那这个电梯到底么时候修"]
)
async def test_who_asks_when_the_workman_comes_sees_the_report(house: House, words: str) -> None:
    await house.reported()

    [listed] = await house.says("居民甲", words)

    assert "1001 电梯坏了" in listed


async def test_who_reports_is_not_part_of_what_is_reported(house: House) -> None:
    [summary] = await house.says("居民甲", "我是三栋的老王 我屋里灯不亮了")

    assert "什么事：我屋里灯不亮了\n" in summary


async def test_an_edited_message_corrects_the_draft_and_shows_it_again(house: House) -> None:
    await house.says("居民甲", "三栋二单元电梯坏了")

    [summary] = await house.says("居民甲", "五栋二单元电梯不动了", edit=True)

    assert "什么事：电梯不动了" in summary
    assert "芳草苑小区 五栋二单元" in summary


async def test_a_room_number_answers_where_although_it_looks_like_a_ticket(house: House) -> None:
    await house.says("居民甲", "马桶堵了")

    replies = await house.says("居民甲", "1201")

    assert "芳草苑小区 1201" in replies[-1]


async def test_a_newcomer_is_asked_for_the_estate_and_may_mistype_it(house: House) -> None:
    await house.says("新人", "3栋2单元电梯坏了")

    [summary] = await house.says("新人", "芳草园")
    await house.says("新人", "1")

    assert "小区：芳草苑小区" in summary
    assert (await house.ticket()).estate_id == 11


async def test_a_newcomer_who_names_the_estate_is_not_asked_for_it(house: House) -> None:
    [*_, summary] = await house.says("新人", "芳草苑3栋2单元电梯坏了")

    assert "在哪里：芳草苑小区 3栋2单元" in summary


async def test_a_street_called_like_an_estate_is_no_estate(house: House) -> None:
    [*_, summary] = await house.says("新人", "红建路12号井盖没了")
    await house.says("新人", "1")

    assert "在哪里：红建路12号" in summary
    assert (await house.ticket()).level is TicketLevel.STREET


async def test_a_draft_that_is_taken_back_is_gone(house: House) -> None:
    await house.says("居民甲", "三栋二单元电梯坏了")

    await house.says("居民甲", "撤回")
    await house.says("居民甲", "确认提交")

    assert await house.store.run(lambda tx: tx.tickets.by_number(1001)) is None
