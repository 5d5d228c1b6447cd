"""What staff see of a report and do with it: its card, its steps, its way to the district."""

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest

from storage.words import TicketEventKind, TicketState
from tests.stores import Database
from tests.ticket_street import (
    COMMUNITY_GROUP,
    STREET_GROUP,
    House,
    a_street,
    kinds,
    photo,
)


@pytest.fixture
async def house(tmp_path: Path, database: Database) -> AsyncIterator[House]:
    """A street at Monday noon."""
    house = await a_street(tmp_path, database)
    yield house
    house.store.close()


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
