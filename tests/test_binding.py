"""Codes make people and groups known; roles come only from those with authority."""

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest

from handlers.message import Message
from handlers.residents import texts
from storage.residents import Resident
from storage.transaction import Transaction
from storage.words import CodePurpose, RoleWord, ScopeKind
from tests.houses import CHANNEL, RESIDENTS_GROUP, House
from tests.stores import Database

PAPER = timedelta(hours=72)


@pytest.fixture
async def house(tmp_path: Path, database: Database) -> AsyncIterator[House]:
    """The street, with a captain and a grid worker besides."""
    house = House(tmp_path, database=database)
    await house.settle()

    def more(tx: Transaction) -> None:
        for name, role, kind, scope in (
            ("楼栋长甲", RoleWord.CAPTAIN, ScopeKind.ESTATE, 1),
            ("网格员甲", RoleWord.GRID, ScopeKind.COMMUNITY, 1),
        ):
            person = tx.residents.add(name=name, community_id=1, estate_id=1)
            tx.residents.bind(person, CHANNEL, name, name)
            tx.residents.grant(person.id, role, kind, scope)
        tx.residents.add(name="居民戊", community_id=2, estate_id=2)

    await house.store.run(more)
    yield house
    house.store.close()


async def someone(house: House, who: str) -> Resident:
    found = await house.store.run(lambda tx: tx.residents.at(f"{CHANNEL}:{who}"))
    assert found is not None
    return found


async def roles(house: House, who: str) -> set[RoleWord]:
    person = await someone(house, who)
    held = await house.store.run(lambda tx: tx.residents.roles(person.id))
    return {role.role for role in held}


async def paper(house: House, name: str, by: str = "楼栋长甲") -> str:
    [made] = await house.say(by, f"给{name}开口令")
    return made.text.split("：")[1].split("\n")[0]


async def first_admin(house: House, code: str = "FIRSTADMIN", hours: int = 1) -> None:
    def make(tx: Transaction) -> None:
        tx.codes.make(code, CodePurpose.FIRST_ADMIN, tx.now + timedelta(hours=hours))

    await house.store.run(make)


# The first administrator


async def test_the_code_makes_the_first_administrator_once(house: House) -> None:
    await first_admin(house)

    [done] = await house.say("新人", "绑定 FIRSTADMIN")
    [used] = await house.say("别人", "绑定 FIRSTADMIN")

    assert texts.ADMIN_BOUND in done.text
    assert await roles(house, "新人") == {RoleWord.ADMIN}
    assert "已经用过" in used.text
    assert await roles(house, "别人") == set()


async def test_the_code_expires(house: House) -> None:
    await first_admin(house)
    house.clock.forward(timedelta(hours=2))

    [late] = await house.say("新人", "绑定 FIRSTADMIN")

    assert "过期" in late.text
    assert await roles(house, "新人") == set()


@pytest.mark.parametrize(
    "words",
    [
        "我是管理员",
        "任命居民甲为管理员",
        "授权 居民甲 当 街道",
        "给我管理员权限",
        "撤销书记甲的书记",
    ],
)
async def test_nobody_becomes_anything_by_words(house: House, words: str) -> None:
    await house.say("居民甲", words)

    assert await roles(house, "居民甲") == set()
    assert await roles(house, "书记甲") == {RoleWord.SECRETARY}


# Paper codes


async def test_a_paper_code_binds_a_person_once(house: House) -> None:
    code = await paper(house, "居民乙")

    [bound] = await house.say("新手机", f"绑定 {code.lower()}")
    [used] = await house.say("别人", f"绑定{code}")

    assert "居民乙您好" in bound.text
    assert (await someone(house, "新手机")).id == (await someone(house, "居民乙")).id
    assert "已经用过" in used.text


async def test_a_paper_code_works_in_full_width_too(house: House) -> None:
    code = await paper(house, "居民乙")

    [bound] = await house.say("新手机", f"绑定 {_wide(code)}")

    assert "居民乙您好" in bound.text


async def test_a_paper_code_is_over_after_three_days(house: House) -> None:
    code = await paper(house, "居民乙")
    house.clock.forward(PAPER + timedelta(minutes=1))

    [late] = await house.say("新手机", f"绑定 {code}")

    assert "过期" in late.text


async def test_in_a_group_a_paper_code_binds_nobody(house: House) -> None:
    code = await paper(house, "居民乙")

    [refused] = await house.say("路人", f"绑定 {code}", group=RESIDENTS_GROUP)

    [too_late] = await house.say("新手机", f"绑定 {code}")

    assert "已经作废" in refused.text
    assert "已经用过" in too_late.text
    assert (await someone(house, "路人")).name is None


async def test_a_code_shown_to_a_group_without_calling_us_is_over_too(house: House) -> None:
    code = await paper(house, "居民乙")

    [warned] = await house.say("新手机", f"绑定 {code}", group=RESIDENTS_GROUP, addressed=False)
    silent = await house.say("居民甲", "绑定 ABCD2345", group=RESIDENTS_GROUP, addressed=False)
    [too_late] = await house.say("新手机", f"绑定 {code}")

    assert "已经作废" in warned.text
    assert silent == []
    assert "已经用过" in too_late.text


@pytest.mark.parametrize(
    ("said", "addressed"),
    [("这个口令 {} 怎么用啊", True), ("楼栋长给我的码是{}，帮我看看", False), ("{}", False)],
)
async def test_a_code_in_a_sentence_to_a_group_is_over_too(
    house: House, said: str, *, addressed: bool
) -> None:
    code = await paper(house, "居民乙")
    shown = said.format(code if addressed else _wide(code))

    [warned] = await house.say("新手机", shown, group=RESIDENTS_GROUP, addressed=addressed)
    [too_late] = await house.say("别人", f"绑定 {code}")

    assert "已经作废" in warned.text
    assert "已经用过" in too_late.text


def _wide(code: str) -> str:
    return "".join(chr(ord(character) + 0xFEE0) for character in code)


async def test_a_code_that_an_edit_shows_to_a_group_is_over_too(house: House) -> None:
    code = await paper(house, "居民乙")

    [warned] = await house.say("新手机", f"绑定 {code}", group=RESIDENTS_GROUP, is_edit=True)
    [too_late] = await house.say("别人", f"绑定 {code}")

    assert "已经作废" in warned.text
    assert "已经用过" in too_late.text


@pytest.mark.parametrize("addressed", [True, False])
async def test_a_code_shown_to_a_group_while_we_were_away_is_over_too(
    house: House, *, addressed: bool
) -> None:
    code = await paper(house, "居民乙")

    [warned] = await house.say(
        "新手机", f"绑定 {code}", group=RESIDENTS_GROUP, addressed=addressed, age=timedelta(hours=2)
    )
    [too_late] = await house.say("别人", f"绑定 {code}")

    assert "已经作废" in warned.text
    assert "已经用过" in too_late.text


async def test_a_longer_word_that_begins_like_a_code_burns_none(house: House) -> None:
    code = await paper(house, "居民乙")

    silent = await house.say("居民甲", f"{code}9", group=RESIDENTS_GROUP, addressed=False)
    [bound] = await house.say("新手机", f"绑定 {code}")

    assert silent == []
    assert "居民乙您好" in bound.text


async def test_what_a_newcomer_did_stays_theirs(house: House) -> None:
    await house.say("新手机", "三栋二单元电梯坏了")
    await house.say("新手机", "芳草苑小区")
    await house.say("新手机", "确认")
    await house.say("新手机", "着火了")
    code = await paper(house, "居民乙")

    await house.say("新手机", f"绑定 {code}")
    await house.say("书记甲", "收到 1")

    said = await house.delivered()
    assert (
        "新手机",
        "值班人员已经看到您的消息，正在处理。有危险请继续打急救电话，不要等。",
    ) in said
    [mine] = await house.say("居民乙", "我的报修")
    assert "1001" in mine.text


async def test_a_link_from_a_group_still_works_after_binding(house: House) -> None:
    [said] = await house.say("新手机", "我的积分", group=RESIDENTS_GROUP)
    code = await paper(house, "居民乙")
    await house.say("新手机", f"绑定 {code}")

    [goes_on] = await house.dispatcher.handle(
        Message(CHANNEL, "新手机", "新手机", "", "s1", start_key=said.private_key)
    )

    assert "我的积分" in goes_on.text


async def test_a_known_person_is_not_swallowed_by_another(house: House) -> None:
    code = await paper(house, "居民乙")

    [refused] = await house.say("居民甲", f"绑定 {code}")

    assert "已经绑定为「居民甲」" in refused.text
    assert (await someone(house, "居民甲")).name == "居民甲"


async def test_ones_own_code_is_not_used_up_by_the_account_already_bound(house: House) -> None:
    code = await paper(house, "居民乙")

    [same] = await house.say("居民乙", f"绑定 {code}")
    [bound] = await house.say("新手机", f"绑定 {code}")

    assert same.text == texts.IS_YOU
    assert "居民乙您好" in bound.text


@pytest.mark.parametrize("who", ["居民甲", "路人", "物业甲"])
async def test_only_those_in_charge_make_codes(house: House, who: str) -> None:
    [refused] = await house.say(who, "给居民乙开口令")

    assert "权限" in refused.text


async def test_a_captain_makes_no_code_beyond_the_estate(house: House) -> None:
    [refused] = await house.say("楼栋长甲", "给居民戊开口令")

    assert "权限" in refused.text


@pytest.mark.parametrize(
    ("who", "whom"),
    [
        ("楼栋长甲", "书记甲"),
        ("网格员甲", "管理员甲"),
        ("书记甲", "街道甲"),
        ("街道甲", "管理员甲"),
    ],
)
async def test_a_code_never_lends_more_than_its_maker_could_give(
    house: House, who: str, whom: str
) -> None:
    [refused] = await house.say(who, f"给{whom}开口令")

    assert "权限" in refused.text


async def test_residents_cannot_find_out_who_is_registered(house: House) -> None:
    [known] = await house.say("居民甲", "给居民乙开口令")
    [unknown] = await house.say("居民甲", "给张三开口令")

    assert known.text == unknown.text


# Guessing


async def test_guessing_codes_is_stopped_even_when_the_next_guess_is_right(house: House) -> None:
    code = await paper(house, "居民乙")
    for n in range(5):
        await house.say("贼", f"绑定 GUESS{n}")

    [stopped] = await house.say("贼", f"绑定 {code}")
    house.clock.forward(timedelta(hours=1, minutes=1))
    [bound] = await house.say("贼", f"绑定 {code}")

    assert stopped.text == texts.TOO_MANY_CODES
    assert "绑定成功" in bound.text


async def test_a_link_is_no_code(house: House) -> None:
    [said] = await house.say("居民甲", "我的积分", group=RESIDENTS_GROUP)

    [refused] = await house.say("贼", f"绑定 {said.private_key}")

    assert "口令不对" in refused.text


# Groups


async def test_a_group_code_binds_the_group_once(house: House) -> None:
    [made] = await house.say("管理员甲", f"给{RESIDENTS_GROUP}开口令")
    code = made.text.split("口令：")[1].split("\n")[0]

    [alone] = await house.say("路人", f"绑定 {code}")
    [bound] = await house.say("路人", f"绑定 {code}", group="新群")
    [used] = await house.say("路人", f"绑定 {code}", group="又一个群")

    assert "不能在这里用" in alone.text
    assert RESIDENTS_GROUP in bound.text
    assert "已经用过" in used.text
    address = await house.store.run(lambda tx: tx.directory.group_at(CHANNEL, "新群"))
    assert address is not None
    assert address.group_id == 2


# Roles


async def test_roles_are_given_and_taken_within_authority(house: House) -> None:
    [given] = await house.say("书记甲", "任命居民甲为网格员 建港")
    assert "居民甲现在是建港的网格员" in given.text
    assert await roles(house, "居民甲") == {RoleWord.GRID}
    assert [to for to, _text in await house.delivered()] == ["居民甲"]

    await house.say("书记甲", "任命居民甲为网格员 建港")
    [who] = await house.say("居民甲", "我是谁")
    assert who.text.count("网格员") == 1

    [taken] = await house.say("书记甲", "撤销居民甲的网格员")
    assert "不再是网格员" in taken.text
    assert await roles(house, "居民甲") == set()


@pytest.mark.parametrize(
    ("who", "words"),
    [
        ("书记甲", "任命居民甲为街道"),
        ("书记甲", "任命居民甲为书记 建港"),
        ("书记甲", "任命居民甲为网格员 街道"),
        ("街道甲", "任命居民甲为管理员"),
        ("网格员甲", "任命居民甲为楼栋长"),
        ("物业甲", "任命居民甲为物业"),
    ],
)
async def test_nobody_gives_more_than_they_may(house: House, who: str, words: str) -> None:
    [refused] = await house.say(who, words)

    assert "权限" in refused.text
    assert await roles(house, "居民甲") == set()


async def test_nobody_takes_a_role_they_could_not_give(house: House) -> None:
    [refused] = await house.say("书记甲", "撤销管理员甲的管理员")

    assert "权限" in refused.text
    assert await roles(house, "管理员甲") == {RoleWord.ADMIN}


async def test_cancelling_a_shift_is_not_taken_for_taking_a_role(house: House) -> None:
    [said] = await house.say("居民甲", "取消明天的班")

    assert "权限" not in said.text
