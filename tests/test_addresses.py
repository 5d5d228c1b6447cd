"""One person, several accounts: joined by a code of their own, taken apart again, nothing lost."""

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest

from handlers.delivery import Delivery
from handlers.message import Message, Reply
from handlers.residents import binding, texts
from storage.residents import Resident
from storage.transaction import Transaction
from storage.words import Interest, RoleWord, ScopeKind, TransferKind
from tests.houses import CHANNEL, RESIDENTS_GROUP, House

MINUTE = timedelta(minutes=1)
DAY = timedelta(days=1)


@pytest.fixture
async def house(tmp_path: Path) -> AsyncIterator[House]:
    """The street, where 居民丁 was registered twice: on the terminal and on the page."""
    house = House(tmp_path)
    await house.settle()

    def more(tx: Transaction) -> None:
        for channel, user in ((CHANNEL, "居民丁"), ("web", "d")):
            person = tx.residents.add(name="居民丁", community_id=1, estate_id=1, shard=len(user))
            tx.residents.bind(person, channel, user, user)
        captain = tx.residents.add(name="楼栋长甲", community_id=1, estate_id=1)
        tx.residents.bind(captain, CHANNEL, "楼栋长甲", "楼栋长甲")
        tx.residents.grant(captain.id, RoleWord.CAPTAIN, ScopeKind.ESTATE, 1)

    await house.store.run(more)
    house.delivery = Delivery(
        house.store, {CHANNEL: house.recorder, "web": house.recorder}, house.clock
    )
    yield house
    house.store.close()


async def own_code(house: House, who: str = "居民甲", channel: str = CHANNEL) -> str:
    [shown] = await house.say(who, "我的码", channel=channel)
    return shown.text.split("：")[1].split("\n")[0]


async def who_is(house: House, key: str) -> Resident:
    found = await house.store.run(lambda tx: tx.residents.at(key))
    assert found is not None
    return found


async def faults(house: House) -> list[str]:
    return await house.store.run(lambda tx: tx.points.faults())


async def give(house: House, key: str, amount: int) -> None:
    person = await who_is(house, key)
    await house.store.run(
        lambda tx: tx.points.award(
            key=f"{key}:{amount}:{tx.now.isoformat()}",
            resident_id=person.id,
            amount=amount,
            kind=TransferKind.AWARD,
            reason_id=None,
            actor_id=None,
            same_input=f"{person.id}:{amount}",
        )
    )


async def balance(house: House, key: str) -> int:
    person = await who_is(house, key)
    return await house.store.run(lambda tx: tx.points.balance(person.id))


async def merged(house: House) -> list[Reply]:
    """Make the 居民丁 of the page the one of the terminal."""
    code = await own_code(house, "居民丁")
    await house.say("d", f"绑定 {code}", channel="web")
    return await house.say("d", "1", channel="web")


# A code of one's own


async def test_a_code_shown_on_one_channel_binds_on_another(house: House) -> None:
    code = await own_code(house)

    [bound] = await house.say("w", f"绑定 {code}", channel="web")

    assert "居民甲您好" in bound.text
    assert (await who_is(house, "web:w")).id == (await who_is(house, f"{CHANNEL}:居民甲")).id


async def test_the_known_account_hears_of_it_at_once(house: House) -> None:
    code = await own_code(house)
    await house.say("w", f"绑定 {code}", channel="web")

    [(to, said)] = await house.delivered()

    assert to == "居民甲"
    assert "绑定到您名下" in said


async def test_a_code_of_ones_own_is_over_soon_and_after_one_use(house: House) -> None:
    code = await own_code(house)
    await house.say("w", f"绑定 {code}", channel="web")
    [used] = await house.say("x", f"绑定 {code}", channel="web")
    late = await own_code(house)
    house.clock.forward(11 * MINUTE)

    [over] = await house.say("y", f"绑定 {late}", channel="web")

    assert "已经用过" in used.text
    assert "过期" in over.text


async def test_a_code_is_shown_in_private_only(house: House) -> None:
    [said] = await house.say("居民甲", "我的码", group=RESIDENTS_GROUP)

    assert "您的码" not in said.text


async def test_a_name_said_aloud_binds_nobody(house: House) -> None:
    await house.say("w", "我是居民甲", channel="web")
    await house.say("w", "绑定 居民甲", channel="web")

    assert (await who_is(house, "web:w")).name is None


async def test_a_scene_of_a_picture_binds_like_a_code_and_once(house: House) -> None:
    person = await who_is(house, f"{CHANNEL}:居民甲")
    await house.store.run(lambda tx: binding.make_scene(tx, person, "a1b2c3d4e5f6"))

    def scan(who: str) -> Message:
        return Message("wechat", who, who, "", f"scan-{who}", start_key="a1b2c3d4e5f6")

    [bound] = await house.dispatcher.handle(scan("o1"))
    [used] = await house.dispatcher.handle(scan("o2"))

    assert "居民甲您好" in bound.text
    assert "已经用过" in used.text


async def test_what_was_done_under_the_new_account_becomes_the_persons(house: House) -> None:
    await house.say("w", "芳草苑3栋2单元楼道灯不亮了", channel="web")
    await house.say("w", "确认", channel="web")
    await house.say("w", "停 积分", channel="web")
    code = await own_code(house)
    await house.say("w", f"绑定 {code}", channel="web")

    [mine] = await house.say("居民甲", "我的报修")
    [news] = await house.say("居民甲", "我的通知")

    assert "1001" in mine.text
    assert "积分：停了" in news.text


# Two registered people who are one


async def test_a_person_registered_twice_becomes_one_after_a_second_look(house: House) -> None:
    await give(house, "web:d", 7)
    await give(house, f"{CHANNEL}:居民丁", 5)
    code = await own_code(house, "居民丁")

    [asked] = await house.say("d", f"绑定 {code}", channel="web")
    before = await balance(house, f"{CHANNEL}:居民丁")
    [bound] = await house.say("d", "1", channel="web")

    assert "7 个积分" in asked.text
    assert before == 5
    assert "居民丁您好" in bound.text
    assert await balance(house, "web:d") == await balance(house, f"{CHANNEL}:居民丁") == 12
    assert await faults(house) == []
    [shown] = await house.say("居民丁", "我的积分")
    assert "账号合并" in shown.text


async def test_the_same_message_sent_again_merges_once(house: House) -> None:
    await give(house, "web:d", 7)
    code = await own_code(house, "居民丁")
    await house.say("d", f"绑定 {code}", channel="web")

    first = await house.say("d", "1", channel="web", number=500)
    again = await house.say("d", "1", channel="web", number=500)

    assert first == again
    assert await balance(house, "web:d") == 7
    assert await faults(house) == []


async def test_clashing_shifts_are_given_up_and_others_kept(house: House) -> None:
    def shifts(tx: Transaction) -> list[int]:
        return [
            tx.shifts.add(
                title=f"班{n}",
                starts_at=tx.now + DAY + timedelta(hours=hours),
                ends_at=tx.now + DAY + timedelta(hours=hours + 2),
                places=2,
            )
            for n, hours in enumerate((0, 1, 5))
        ]

    ids = await house.store.run(shifts)
    kept, gone = await who_is(house, f"{CHANNEL}:居民丁"), await who_is(house, "web:d")

    def join(tx: Transaction) -> None:
        tx.shifts.join(ids[0], kept.id)
        for shift_id in ids:
            tx.shifts.join(shift_id, gone.id)

    await house.store.run(join)
    await merged(house)

    def left(tx: Transaction) -> tuple[list[str], list[int]]:
        mine = tx.shifts.of_resident(kept.id, tx.now)
        return [shift.title for _, shift in mine], [tx.shifts.by_id(i).taken for i in ids]

    assert await house.store.run(left) == (["班0", "班2"], [1, 0, 1])


@pytest.mark.parametrize(
    ("who", "whose"), [("居民乙", "居民甲"), ("居民甲", "居民丁"), ("居民甲", "路人")]
)
async def test_people_with_other_names_are_never_merged(house: House, who: str, whose: str) -> None:
    code = await own_code(house, whose)

    [refused] = await house.say(who, f"绑定 {code}")

    assert "不一样" in refused.text
    assert (await who_is(house, f"{CHANNEL}:{who}")).name == who


async def test_a_role_is_never_carried_to_another_account(house: House) -> None:
    code = await own_code(house, "路人")

    [refused] = await house.say("书记甲", f"绑定 {code}")
    [both] = await house.say("书记甲", f"绑定 {await own_code(house, '物业甲')}")

    assert "在这里说「我的码」" in refused.text
    assert "管理员" in both.text


async def test_a_stranger_who_uses_a_role_holders_own_code_is_them_and_they_are_told(
    house: House,
) -> None:
    code = await own_code(house, "书记甲")
    await house.say("w", f"绑定 {code}", channel="web")

    [who] = await house.say("w", "我是谁", channel="web")

    assert "书记" in who.text
    assert any("绑定到您名下" in text for _to, text in await house.delivered())


# Taking it back


async def test_staff_take_a_binding_back_within_a_week(house: House) -> None:
    await give(house, "web:d", 7)
    await house.say("d", "芳草苑3栋2单元楼道灯不亮了", channel="web")
    await house.say("d", "确认", channel="web")
    await merged(house)
    [listed] = await house.say("楼栋长甲", "绑定记录 居民丁")
    number = listed.text.split("\n")[1].split("：")[0]

    [undone] = await house.say("楼栋长甲", f"撤销绑定 {number}")
    [twice] = await house.say("楼栋长甲", f"撤销绑定 {number}")
    [mine] = await house.say("d", "我的报修", channel="web")
    [not_mine] = await house.say("居民丁", "我的报修")

    assert "已撤销" in undone.text
    assert "撤销过" in twice.text
    assert "1001" in mine.text
    assert "1001" not in not_mine.text
    assert await balance(house, "web:d") == 7
    assert await balance(house, f"{CHANNEL}:居民丁") == 0
    assert await faults(house) == []


async def test_a_binding_is_not_taken_back_too_late_or_by_anybody(house: House) -> None:
    await merged(house)

    [nobody] = await house.say("居民甲", "撤销绑定 1")
    [unknown] = await house.say("书记甲", "撤销绑定 99")
    house.clock.forward(8 * DAY)
    [late] = await house.say("书记甲", "撤销绑定 1")

    assert "权限" in nobody.text
    assert "没有可以撤销" in unknown.text
    assert "7 天" in late.text


async def test_points_that_were_spent_keep_a_binding_from_being_taken_back(house: House) -> None:
    await give(house, "web:d", 7)
    await merged(house)
    kept = await who_is(house, "web:d")
    other = await who_is(house, f"{CHANNEL}:居民乙")
    await house.store.run(
        lambda tx: tx.points.move(
            key="spent", from_id=kept.id, to_id=other.id, amount=3, actor_id=None
        )
    )

    [refused] = await house.say("书记甲", "撤销绑定 1")

    assert "已经用掉" in refused.text
    assert (await who_is(house, "web:d")).id == kept.id


# Unbinding


async def test_somebody_unbinds_the_account_they_write_from(house: House) -> None:
    code = await own_code(house)
    await house.say("w", f"绑定 {code}", channel="web")
    [which] = await house.say("w", "解绑", channel="web")
    [sure] = await house.say("w", "网页（现在这个）", channel="web")
    [gone] = await house.say("w", "1", channel="web")
    [stranger] = await house.say("w", "我是谁", channel="web")

    assert [c.label for c in which.choices][:2] == ["网页（现在这个）", "终端"]
    assert "解绑这个网页账号吗" in sure.text
    assert "已解绑" in gone.text
    assert "还不知道您是谁" in stranger.text
    assert (await who_is(house, f"{CHANNEL}:居民甲")).name == "居民甲"


async def test_a_stranger_on_an_unbound_account_sees_nothing_of_the_talk(house: House) -> None:
    await house.say("居民甲", "楼道灯不亮了")
    await house.say("居民甲", "解绑")
    await house.say("居民甲", "1")
    await house.say("居民甲", "1")

    said = await house.say("居民甲", "确认")

    assert "楼道灯" not in said[0].text


async def test_staff_unbind_a_lost_telephone_and_the_person_is_told_elsewhere(
    house: House,
) -> None:
    code = await own_code(house)
    await house.say("w", f"绑定 {code}", channel="web")
    await house.delivered()
    [which] = await house.say("楼栋长甲", "解绑 居民甲")
    await house.say("楼栋长甲", "2")
    [done] = await house.say("楼栋长甲", "1")
    told = await house.delivered()

    assert "哪一个" in which.text
    assert "居民甲" in done.text
    assert [to for to, _ in told] in (["w"], ["居民甲"])


@pytest.mark.parametrize("who", ["居民乙", "物业甲"])
async def test_nobody_else_unbinds_anybody(house: House, who: str) -> None:
    [refused] = await house.say(who, "解绑 居民甲")
    [records] = await house.say(who, "绑定记录 居民甲")

    assert "权限" in refused.text
    assert "权限" in records.text


async def test_a_captain_does_not_touch_the_accounts_of_those_above(house: House) -> None:
    [refused] = await house.say("楼栋长甲", "解绑 书记甲")

    assert "权限" in refused.text


async def test_wrong_codes_of_a_picture_count_as_guesses(house: House) -> None:
    for n in range(5):
        await house.say("贼", f"绑定 GUESS{n}")
    code = await own_code(house)

    [stopped] = await house.say("贼", f"绑定 {code}")

    assert stopped.text == texts.TOO_MANY_CODES


def test_every_kind_of_message_can_be_stopped_by_its_name() -> None:
    from handlers.outreach import texts as outreach  # noqa: PLC0415

    assert set(outreach.NAMES) == set(outreach.EXPLAINED) == set(Interest)
