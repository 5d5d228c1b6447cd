"""Reports as residents and staff live through them: real dispatcher, real file, real clockwork."""

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest

from handlers import texts as shared
from handlers.message import Attachment, AttachmentKind, Message
from handlers.tickets.reporting import texts
from storage.words import TicketEventKind, TicketLevel, TicketState
from tests.stores import NOON, Database
from tests.ticket_street import CHANNEL, COMMUNITY_GROUP, STREET_GROUP, House, a_street, photo


@pytest.fixture
async def house(tmp_path: Path, database: Database) -> AsyncIterator[House]:
    """A street at Monday noon."""
    house = await a_street(tmp_path, database)
    yield house
    house.store.close()


async def resolved(house: House, number: int = 1001) -> None:
    """Have the property mend it, and forget what was said about it."""
    [done] = await house.says("物业甲", f"办结 {number} 已更换主板", group=COMMUNITY_GROUP)
    assert "办结" in done
    house.post.arrived.clear()


async def kinds(house: House, number: int = 1001) -> list[TicketEventKind]:
    ticket = await house.ticket(number)
    events = await house.store.run(lambda tx: tx.tickets.events(ticket.id))
    return [event.kind for event in events]


# Reporting


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


# The staff


async def test_the_card_shows_the_matter_and_nothing_of_the_person(house: House) -> None:
    await house.says("居民甲", "3栋2单元501漏水，我电话13800001111")

    await house.says("居民甲", "1")

    [card] = house.post.to(COMMUNITY_GROUP)
    assert "【报修 1001】" in card
    assert "3栋2单元" in card
    for hidden in ("501", "13800001111", "居民甲"):
        assert hidden not in card


async def test_a_long_report_is_shortened_for_the_group_only_after_it_was_masked(
    house: House,
) -> None:
    await house.says("居民甲", "三栋漏水，" + "一直滴，" * 30 + "找我儿子13800001111")
    await house.says("居民甲", "1")
    await house.says("居民甲", "怎么还不来修，打我电话13800001111")
    await house.says("网格员甲", "待办", group=COMMUNITY_GROUP)

    assert not [text for text in house.post.to(COMMUNITY_GROUP) if "1380" in text]


async def test_what_lies_next_door_is_found_by_the_reporters_own_building(house: House) -> None:
    [summary] = await house.says("居民甲", "楼上一直漏水")

    assert "在哪里：芳草苑小区 3栋 楼上" in summary


async def test_the_place_and_the_contact_go_to_whoever_accepted_alone(house: House) -> None:
    await house.says("居民甲", "3栋2单元501漏水，我电话13800001111")
    await house.says("居民甲", "1")
    house.post.arrived.clear()

    [line] = await house.says("物业甲", "", group=COMMUNITY_GROUP, press="tickets.accept:1001")

    assert line == "1001 号已由物业接单。"
    [details] = house.post.to("物业甲")
    assert "501" in details
    assert "13800001111" in details
    [told] = house.post.to("居民甲")
    assert "物业已接单" in told
    assert house.post.arrived == []


async def test_words_do_what_the_button_does(house: House) -> None:
    await house.reported()

    [line] = await house.says("网格员甲", "接单1001", group=COMMUNITY_GROUP)

    assert line == "1001 号已由社区网格员接单。"
    assert (await house.ticket()).state is TicketState.ACTIVE


@pytest.mark.parametrize("who", ["居民甲", "居民乙", "管理员甲", "城管甲"])
@pytest.mark.parametrize("said", ["接单 1001", "办结 1001 好了", "退回 1001 不管", "升级 1001"])
async def test_who_has_no_authority_changes_nothing(house: House, who: str, said: str) -> None:
    await house.reported()

    [refused] = await house.says(who, said)

    assert "权限" in refused
    assert await kinds(house) == [TicketEventKind.OPENED]


async def test_a_ticket_is_accepted_once(house: House) -> None:
    await house.reported()

    said = await asyncio.gather(
        house.says("物业甲", "接单 1001"), house.says("网格员甲", "接单 1001")
    )

    [again] = await house.says("物业甲", "接单 1001")
    [late] = await house.says("网格员甲", "接单 1001")

    assert sum("由您办理" in replies[0] for replies in said) == 1
    assert again == "1001 号您已经接单了。办好了请发「办结 1001 结果」。"
    assert late == "1001 号已经由物业甲（物业）接单了，您不用再接。"
    assert await kinds(house) == [TicketEventKind.OPENED, TicketEventKind.ACCEPTED]


async def test_a_result_without_words_is_asked_for_in_private_and_shown_how_in_a_group(
    house: House,
) -> None:
    await house.reported()

    [in_group] = await house.says("物业甲", "办结 1001", group=COMMUNITY_GROUP)
    asked = await house.says("物业甲", "办结 1001")
    await house.says("物业甲", "", attachments=(photo("b.jpg"),))
    [done] = await house.says("物业甲", "已更换 LED 灯，试过了。")

    assert "办结 1001 已更换主板" in in_group
    assert "办理结果" in asked[0]
    assert done == "1001 号已由物业办结，已请居民确认。"
    [(_, told)] = [arrival for arrival in house.post.arrived if arrival[0] == "居民甲"]
    assert "已更换 LED 灯，试过了。" in told.text
    assert told.media == ("b.jpg",)
    assert [choice.label for choice in told.choices] == ["修好了", "没解决"]


async def test_a_reason_that_sounds_like_a_question_is_still_the_reason(house: House) -> None:
    await house.reported()
    await house.says("网格员甲", "退回 1001")
    house.post.arrived.clear()

    [done] = await house.says("网格员甲", "不归我们管 是电梯公司的事")

    assert "1001 号已退回" in done
    await house.wait(timedelta(minutes=1))
    cards = house.post.to(COMMUNITY_GROUP)
    assert any("（社区网格员退回：不归我们管 是电梯公司的事）" in card for card in cards)


async def test_the_words_belong_to_the_step_asked_for_last(house: House) -> None:
    await house.reported()
    await house.reported("居民乙", "五栋单元门坏了")
    await house.says("网格员甲", "退回 1001")

    [asked] = await house.says("网格员甲", "办结 1002")
    [done] = await house.says("网格员甲", "已换门锁")

    assert "办理结果" in asked
    assert "1002 号已由社区网格员办结" in done
    assert (await house.ticket(1001)).state is TicketState.NEW


async def test_staff_ask_for_a_ticket_as_they_speak(house: House) -> None:
    await house.reported()

    for words in ("超时的有哪些", "还有没办完的吗"):
        [listed] = await house.says("网格员甲", words)
        assert "1001 电梯坏了" in listed
    [by_choice] = await house.says("网格员甲", "1")
    [by_words] = await house.says("网格员甲", "1001 现在什么情况")

    assert "居民报修，已收到" in by_choice
    assert by_words == by_choice


async def test_a_returned_ticket_is_the_communitys_to_assign(house: House) -> None:
    await house.reported()

    [line] = await house.says("物业甲", "退回 1001 公共管网", group=COMMUNITY_GROUP)

    assert line == "1001 号已退回，转给建港社区。"
    assert "公共管网" in house.post.to(COMMUNITY_GROUP)[0]
    assert "您不用再报" in house.post.to("居民甲")[0]
    assert (await house.ticket()).state is TicketState.TRIAGE


async def test_a_ticket_climbs_to_the_district_and_no_further(house: House) -> None:
    await house.reported()

    ladder = [
        ("物业甲", COMMUNITY_GROUP, COMMUNITY_GROUP, "建港社区"),
        ("网格员甲", COMMUNITY_GROUP, STREET_GROUP, "街道"),
        ("街道甲", STREET_GROUP, STREET_GROUP, "汉阳区有关部门"),
    ]
    for who, group, next_group, unit in ladder:
        [line] = await house.says(who, "升级 1001", group=group)
        assert line == f"1001 号已升级到{unit}。"
        assert "【报修 1001】" in house.post.to(next_group)[0]
        assert unit in house.post.to("居民甲")[0]
    [top] = await house.says("城管甲", "升级 1001", group=STREET_GROUP)

    assert "不能再往上升级" in top
    [left_behind] = await house.says("物业甲", "接单 1001")
    assert "权限" in left_behind


async def test_nobody_accepting_in_time_is_said_once_and_not_after_somebody_did(
    house: House,
) -> None:
    await house.reported()
    await house.reported("居民乙", "五栋单元门坏了")
    await house.says("物业甲", "接单 1002")
    house.post.arrived.clear()

    await house.wait(timedelta(hours=2))
    await house.wait(timedelta(hours=2))

    [reminder] = house.post.to(COMMUNITY_GROUP)
    assert "1001" in reminder
    assert "没有人接单" in reminder


async def test_the_list_shows_what_the_asker_may_act_on(house: House) -> None:
    await house.reported()
    await house.reported("居民乙", "五栋单元门坏了")
    await house.says("网格员甲", "升级 1002")

    [of_property] = await house.says("物业甲", "待办")
    [of_grid] = await house.says("网格员甲", "待办", group=COMMUNITY_GROUP)
    [of_resident] = await house.says("居民甲", "待办")

    assert "1001" in of_property
    assert "1002" not in of_property
    assert "1001" in of_grid
    assert "1002" in of_grid
    assert "权限" in of_resident


# Following


async def test_somebody_elses_number_tells_nothing(house: House) -> None:
    await house.reported()

    others = [
        await house.says("居民乙", said)
        for said in ("1001", "没解决 1001", "修好了 1001", "撤回 1001", "1001 5分")
    ]
    [unknown] = await house.says("居民乙", "1002")

    assert {replies[0].replace("1001", "1002") for replies in others} == {unknown}
    assert await kinds(house) == [TicketEventKind.OPENED]


async def test_the_reporter_sees_state_and_history(house: House) -> None:
    await house.reported()
    await house.says("物业甲", "接单 1001")

    [mine] = await house.says("居民甲", "我的报修")
    [one] = await house.says("居民甲", "1001到哪了")

    assert "1001 电梯坏了（芳草苑小区 三栋二单元）：处理中，芳草苑小区物业在办" in mine
    assert "芳草苑小区物业接单" in one
    assert "您报修，已收到" in one


async def test_nothing_reported_yet_offers_to_report(house: House) -> None:
    [reply] = await house.says("居民甲", "我的报修")

    assert "还没有报修" in reply
    assert "1 报修" in reply


async def test_pressing_reaches_the_staff_once_a_working_day(house: House) -> None:
    await house.reported()
    urge = "怎么还没人来修电梯，都等了一天了"

    first = await house.says("居民甲", urge)
    second = await house.says("居民甲", urge)
    same_day = house.post.to(COMMUNITY_GROUP)
    await house.wait(timedelta(days=1))
    house.post.arrived.clear()
    await house.says("居民甲", urge)

    assert "已替您催办" in first[0]
    assert "已经转告过了" in second[0]
    assert len(same_day) == 1
    assert len(house.post.to(COMMUNITY_GROUP)) == 1


# The result


async def test_not_solved_goes_back_to_the_same_unit_then_one_rung_up(house: House) -> None:
    await house.reported()
    await resolved(house)

    first = await house.says("居民甲", "没解决")
    await house.says("居民甲", "门还是关不上")
    cards = house.post.to(COMMUNITY_GROUP)
    level = (await house.ticket()).level
    await resolved(house)
    await house.says("居民甲", "没解决，还是关不上")

    assert "重新交给芳草苑小区物业" in first[0]
    assert "第 1 次重开" in cards[0]
    assert "门还是关不上" in cards[1]
    assert level is TicketLevel.ESTATE
    assert (await house.ticket()).level is TicketLevel.COMMUNITY
    [again] = house.post.to(COMMUNITY_GROUP)
    assert "第 2 次重开：还是关不上" in again


async def test_saying_not_solved_again_reopens_once(house: House) -> None:
    await house.reported()
    await resolved(house)

    await house.says("居民甲", "没解决")
    await house.says("居民甲", "没解决")

    assert (await kinds(house)).count(TicketEventKind.REOPENED) == 1


async def test_the_reason_may_be_left_out(house: House) -> None:
    await house.reported()
    await resolved(house)
    await house.says("居民甲", "没解决")

    [done] = await house.says("居民甲", "跳过")

    assert "照样重办" in done
    assert (await house.ticket()).state is TicketState.NEW


async def test_a_dispute_after_fourteen_days_is_a_new_matter(house: House) -> None:
    await house.reported()
    await resolved(house)
    await house.wait(timedelta(days=14, minutes=1))

    [refused] = await house.says("居民甲", "没解决 1001")

    assert "14" in refused
    assert (await house.ticket()).state is TicketState.CLOSED


async def test_a_confirmed_ticket_asks_for_stars_and_keeps_them_from_the_group(
    house: House,
) -> None:
    await house.reported()
    await house.says("物业甲", "办结 1001 已更换主板", group=COMMUNITY_GROUP)
    house.post.arrived.clear()

    [asked] = await house.says("居民甲", "1")
    [thanks] = await house.says("居民甲", "4")

    assert "4 4 分，满意" in asked
    assert "4 分" in thanks
    ticket = await house.ticket()
    assert (ticket.state, ticket.rating) == (TicketState.CLOSED, 4)
    assert house.post.arrived == []


@pytest.mark.parametrize(
    ("said", "stars", "state"),
    [
        ("5分", 5, TicketState.CLOSED),
        ("满意", 5, TicketState.CLOSED),
        ("1001 三分", 3, TicketState.RESOLVED),
        ("不满意", 2, TicketState.RESOLVED),
    ],
)
async def test_stars_in_words_are_kept_and_good_ones_confirm(
    house: House, said: str, stars: int, state: TicketState
) -> None:
    await house.reported()
    await resolved(house)

    await house.says("居民甲", said)

    ticket = await house.ticket()
    assert (ticket.rating, ticket.state) == (stars, state)


async def test_silence_is_filed_after_a_week_and_never_counted_as_satisfied(house: House) -> None:
    await house.reported()
    await resolved(house)

    await house.wait(timedelta(days=6, hours=23))
    before = (await house.ticket()).state
    await house.wait(timedelta(hours=2))
    await house.wait(timedelta(minutes=1))

    assert before is TicketState.RESOLVED
    ticket = await house.ticket()
    assert (ticket.state, ticket.rating) == (TicketState.CLOSED, None)
    [told] = house.post.to("居民甲")
    assert "不算您满意" in told


async def test_news_of_a_step_waits_for_the_morning(house: House) -> None:
    await house.reported()
    await house.wait(timedelta(hours=10))
    house.post.arrived.clear()

    await house.says("物业甲", "接单 1001")
    at_night = house.post.to("居民甲")
    await house.wait(timedelta(hours=10))

    assert at_night == []
    assert len(house.post.to("居民甲")) == 1


# Taking back


async def test_a_fresh_report_is_taken_back_and_the_staff_knows(house: House) -> None:
    await house.reported()

    [done] = await house.says("居民甲", "撤回")

    assert "1001" in done
    assert "已撤回" in done
    assert "居民已撤回" in house.post.to(COMMUNITY_GROUP)[0]
    assert (await house.ticket()).state is TicketState.WITHDRAWN


async def test_an_accepted_report_is_taken_back_within_ten_minutes_only(house: House) -> None:
    await house.reported()
    await house.says("物业甲", "接单 1001")
    house.clock.now = NOON + timedelta(minutes=11)

    [refused] = await house.says("居民甲", "撤回 1001")

    assert "已经有人接单" in refused
    assert (await house.ticket()).state is TicketState.ACTIVE


async def test_an_older_report_is_taken_back_only_by_its_number(house: House) -> None:
    await house.reported()
    await house.wait(timedelta(hours=1))

    [which] = await house.says("居民甲", "撤回")
    [done] = await house.says("居民甲", "撤回 1001")

    assert "撤回 1001" in which
    assert "已撤回" in done
