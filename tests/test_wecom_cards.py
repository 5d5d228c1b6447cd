"""A report on a card in WeCom: taken by its button, once, by who may."""

from datetime import timedelta
from pathlib import Path

import pytest

from storage.transaction import Transaction
from tests.wecom_house import WeComHouse, a_house
from tests.wecom_street import LI, SECRETARY, staff


async def test_a_report_whose_staff_meets_nowhere_is_taken_by_a_button_of_its_card(
    tmp_path: Path,
) -> None:
    async with a_house(tmp_path, push_file="") as house:
        await nobody_reads_the_groups(house)
        await reported(house)
        card = house.peer.card_of(SECRETARY, "接单")
        assert card is not None
        moment = int(house.house.clock().timestamp())
        pressed = [await house.poster.press(SECRETARY, **card, at=moment) for _ in "ab"]
        await house.peer.wait_for(lambda: len(house.peer.texts_to(SECRETARY)) > 1)
        told = house.peer.texts_to(SECRETARY)

    assert [one.status for one in pressed] == [200, 200]
    assert "接单 1001" in told[0]
    assert "已由社区书记接单" in told[1]
    assert len(told) == 2


async def test_a_pressed_card_shows_what_was_chosen_and_cannot_be_pressed_again(
    tmp_path: Path,
) -> None:
    async with a_house(tmp_path, push_file="") as house:
        await nobody_reads_the_groups(house)
        await reported(house)
        card = house.peer.card_of(SECRETARY, "接单")
        assert card is not None
        await house.poster.press(SECRETARY, **card)
        await house.peer.wait_for(lambda: bool(house.peer.chosen))

    assert house.peer.chosen == {card["task"]: "已选：接单"}


@pytest.mark.parametrize("code", ["spent", ""], ids=["spent", "none"])
async def test_a_card_that_cannot_be_changed_any_more_stays_and_the_answer_is_said(
    code: str, tmp_path: Path
) -> None:
    async with a_house(tmp_path, push_file="") as house:
        await nobody_reads_the_groups(house)
        await reported(house)
        card = house.peer.card_of(SECRETARY, "接单")
        assert card is not None
        await house.poster.press(SECRETARY, **card, code=code)
        await house.peer.wait_for(lambda: len(house.peer.texts_to(SECRETARY)) > 1)
        await house.poster.press(SECRETARY, card["task"], card["key"].partition(" ")[0])
        await house.peer.wait_for(lambda: bool(house.peer.chosen))

    told = house.peer.texts_to(SECRETARY)
    assert "已由社区书记接单" in told[1]
    assert len(told) == 3
    assert house.peer.chosen == {card["task"]: "已选"}


async def test_the_same_button_does_nothing_for_a_member_without_an_office(tmp_path: Path) -> None:
    async with a_house(tmp_path, push_file="") as house:
        await nobody_reads_the_groups(house)
        await reported(house)
        card = house.peer.card_of(SECRETARY, "接单")
        assert card is not None
        await house.poster.press(LI, **card)
        await house.poster.press(LI, card["task"], "接单 1001")
        await house.peer.wait_for(lambda: bool(house.peer.texts_to(LI)))
        [said] = house.peer.texts_to(LI)
        state = await house.run(lambda tx: tx.tickets.by_number(1001))

    assert "接单" not in said
    assert state is not None
    assert state.handler_id is None


async def test_a_card_that_is_not_taken_leaves_its_words(tmp_path: Path) -> None:
    async with a_house(tmp_path, push_file="") as house:
        await nobody_reads_the_groups(house)
        house.peer.fail("/cgi-bin/message/send", 0, 40058)
        await reported(house)
        house.house.clock.forward(timedelta(minutes=40))
        await house.deliver()
        answer = await house.say(SECRETARY, "接单 1001")

    assert [one.kind for one in house.peer.sent] == ["text"]
    assert "已由社区书记接单" in answer


async def nobody_reads_the_groups(house: WeComHouse) -> None:
    """Take the groups' chats away: staff are told one by one, the secretary in WeCom."""
    await staff(house)
    await house.say(SECRETARY, "你好")

    def work(tx: Transaction) -> None:
        for group in tx.directory.groups():
            for address in tx.directory.group_addresses(group.id):
                tx.directory.leave_group(address.key)

    await house.run(work)


async def reported(house: WeComHouse) -> None:
    await house.house.say("居民甲", "三栋二单元电梯坏了")
    await house.house.say("居民甲", "确认")
    await house.deliver()
