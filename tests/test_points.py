"""Points through the real dispatcher: who gives them, who is told, and what the ledger keeps."""

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest

from handlers.points import clock
from storage.transaction import Transaction
from storage.words import RoleWord, ScopeKind
from tests.houses import CHANNEL, RESIDENTS_GROUP, STAFF_GROUP, House
from tests.stores import Database


def _gifts(tx: Transaction) -> None:
    for name, price, stock in (("家用锅", 200, 5), ("香囊", 20, 1)):
        tx.points.add_gift(name, price, stock)


@pytest.fixture
async def house(tmp_path: Path, database: Database) -> AsyncIterator[House]:
    house = House(tmp_path, database=database)
    await house.settle()
    await house.store.run(_gifts)
    yield house
    house.store.close()


async def said(house: House, who: str, text: str, group: str | None = None) -> str:
    return "\n".join(reply.text for reply in await house.say(who, text, group=group))


async def balance(house: House, who: str) -> int:
    def read(tx: Transaction) -> int:
        [person] = tx.residents.named(who)
        return tx.points.balance(person.id)

    return await house.store.run(read)


@pytest.mark.parametrize(
    "text",
    [
        "给居民乙加5分 门前整洁",
        "给居民乙加五分 门前整洁",
        "居民乙 +5 门前整洁",
        "给 居民乙 加 ５ 分，门前整洁",
        "请给居民乙奖励5个积分 门前整洁",
        "居民乙+5分 门前整洁",
    ],
)
async def test_staff_give_points_and_the_resident_is_told(house: House, text: str) -> None:
    answer = await said(house, "书记甲", text)

    assert answer == "已给居民乙加 5 分，现在一共 5 分。"
    assert await balance(house, "居民乙") == 5
    [(who, told)] = await house.delivered()
    assert who == "居民乙"
    assert "门前整洁" in told
    assert "一共 5 分" in told
    own = await said(house, "居民乙", "我的积分")
    assert "您现在有 5 个积分" in own
    assert "+5 门前整洁" in own
    assert await house.store.run(clock.reconcile) == []


@pytest.mark.parametrize(
    ("who", "text", "why"),
    [
        ("居民甲", "给居民乙加5分 门前整洁", "权限"),
        ("物业甲", "给居民乙加5分 门前整洁", "权限"),
        ("管理员甲", "给居民乙加5分 门前整洁", "权限"),
        ("居民甲", "给不存在的人加5分 门前整洁", "权限"),
        ("书记甲", "给不存在的人加5分 门前整洁", "没有找到"),
        ("书记甲", "给书记甲加5分 门前整洁", "自己"),
        ("书记甲", "给居民乙加5分", "原因"),
        ("书记甲", "给居民乙加0分 门前整洁", "最少"),
        ("书记甲", "给居民乙加21分 门前整洁", "最多"),
        ("书记甲", "给外区居民加5分 门前整洁", "权限"),
    ],
)
async def test_points_are_given_only_with_authority_a_reason_and_in_measure(
    house: House, who: str, text: str, why: str
) -> None:
    await house.store.run(lambda tx: tx.residents.add(name="外区居民", community_id=2).id)

    assert why in await said(house, who, text)

    assert await balance(house, "居民乙") == 0
    assert await house.delivered() == []


async def test_the_scope_of_a_role_decides_whose_points_it_gives(house: House) -> None:
    def people(tx: Transaction) -> None:
        near = tx.residents.add(name="王芳", community_id=1, estate_id=1)
        far = tx.residents.add(name="王芳", community_id=2, estate_id=2)
        tx.residents.join_team(9, far.id)
        for name, role, kind, scope in (
            ("楼栋长甲", RoleWord.CAPTAIN, ScopeKind.ESTATE, 1),
            ("队长甲", RoleWord.COORDINATOR, ScopeKind.TEAM, 9),
            ("队长乙", RoleWord.COORDINATOR, ScopeKind.TEAM, 8),
        ):
            person = tx.residents.add(name=name)
            tx.residents.bind(person, CHANNEL, name, name)
            tx.residents.grant(person.id, role, kind, scope)
        assert near.id != far.id

    await house.store.run(people)

    assert "已给王芳加 1 分" in await said(house, "楼栋长甲", "给王芳加1分 门前整洁")
    assert "已给王芳加 2 分" in await said(house, "队长甲", "给王芳加2分 清洁家园")
    assert "权限" in await said(house, "队长乙", "给王芳加2分 清洁家园")
    assert "2 位" in await said(house, "街道甲", "给王芳加2分 清洁家园")
    balances = await house.store.run(
        lambda tx: [tx.points.balance(person.id) for person in tx.residents.named("王芳")]
    )
    assert balances == [1, 2]


async def test_a_resent_award_counts_once(house: House) -> None:
    for _ in range(3):
        await house.say("书记甲", "给居民乙加5分 门前整洁", number=88)

    assert await balance(house, "居民乙") == 5
    assert len(await house.delivered()) == 1


async def test_the_same_award_in_two_messages_counts_twice(house: House) -> None:
    await house.say("书记甲", "给居民乙加5分 门前整洁")
    await house.say("书记甲", "给居民乙加5分 门前整洁")

    assert await balance(house, "居民乙") == 10


async def test_an_award_in_a_group_names_no_balance(house: House) -> None:
    answer = await said(house, "书记甲", "给居民乙加5分 门前整洁", STAFF_GROUP)

    assert answer == "已给居民乙加 5 分。"
    assert await balance(house, "居民乙") == 5


async def test_a_balance_is_never_told_in_a_group(house: House) -> None:
    await house.say("书记甲", "给居民乙加17分 门前整洁")

    own = await said(house, "居民乙", "我的积分", RESIDENTS_GROUP)
    gifts = await said(house, "居民乙", "积分能换什么", RESIDENTS_GROUP)

    assert "17" not in own
    assert "私聊" in own
    assert "17" not in gifts
    assert "香囊：20 分" in gifts


async def test_gifts_show_price_stock_and_that_exchange_is_not_open_yet(house: House) -> None:
    answer = await said(house, "居民甲", "积分能换什么")

    assert "家用锅：200 分（还有 5 件）" in answer
    assert "您现在有 0 个积分" in answer
    assert "还不能" in answer
    assert "9" in answer


async def test_a_reason_is_kept_as_it_was_written_and_apart_from_the_ledger(house: House) -> None:
    await house.say("书记甲", "给居民乙加5分 帮邻居修 Wi-Fi，很热心")

    assert "+5 帮邻居修 Wi-Fi，很热心" in await said(house, "居民乙", "我的积分")
    ledger = [
        str(row)
        for table in ("transfers", "entries", "lots", "accounts")
        for row in house.database.run(f"SELECT * FROM {table}")
    ]
    assert ledger
    assert not [row for row in ledger if "热心" in row or "居民乙" in row]


async def test_an_award_is_taken_back_once_by_a_line_of_its_own(house: House) -> None:
    await house.say("书记甲", "给居民乙加2分 扫楼道")
    await house.say("书记甲", "给居民乙加5分 门前整洁")

    done = await said(house, "书记甲", "撤销加分")
    again = await said(house, "书记甲", "撤销加分")
    by_name = await said(house, "书记甲", "撤销给居民乙的加分")

    assert done == "已撤销给居民乙加的 5 分（门前整洁）。现在一共 2 分。"
    assert "已经撤销过了" in again
    assert "已经撤销过了" in by_name
    assert await balance(house, "居民乙") == 2
    own = await said(house, "居民乙", "我的积分")
    assert "−5 撤销：门前整洁" in own
    [told] = [text for to, text in await house.delivered() if "登记错了" in text]
    assert "现在一共 2 分" in told
    assert await house.store.run(clock.reconcile) == []


@pytest.mark.parametrize(
    "text",
    ["撤销居民乙加分", "撤销给居民乙的加分", "撤销加分 居民乙", "给居民乙加错分了", "加错了"],
)
async def test_it_is_taken_back_in_the_words_people_use(house: House, text: str) -> None:
    await house.say("书记甲", "给居民乙加5分 门前整洁", group=STAFF_GROUP)

    answer = await said(house, "书记甲", text, STAFF_GROUP)

    assert answer == "已撤销给居民乙加的 5 分（门前整洁）。"
    assert await balance(house, "居民乙") == 0


async def test_only_who_gave_points_takes_them_back(house: House) -> None:
    await house.say("书记甲", "给居民乙加5分 门前整洁")

    assert "没有找到" in await said(house, "街道甲", "撤销给居民乙的加分")
    assert "权限" in await said(house, "物业甲", "撤销给居民乙的加分")
    assert "没有报班" in await said(house, "居民乙", "撤销加分")
    assert await balance(house, "居民乙") == 5


async def test_points_that_are_spent_are_not_taken_back(house: House) -> None:
    await house.say("书记甲", "给居民乙加5分 门前整洁")

    def spends(tx: Transaction) -> bool:
        [person], other = tx.residents.named("居民乙"), tx.residents.add()
        return tx.points.move(
            key="spent", from_id=person.id, to_id=other.id, amount=3, actor_id=None
        )

    assert await house.store.run(spends)

    assert "用掉" in await said(house, "书记甲", "撤销加分")
    assert await balance(house, "居民乙") == 2
    assert await house.store.run(clock.reconcile) == []


async def test_who_is_meant_is_asked_when_it_was_long_ago(house: House) -> None:
    await house.say("书记甲", "给居民乙加5分 门前整洁")
    house.clock.forward(timedelta(days=2))

    assert "写上名字" in await said(house, "书记甲", "撤销加分")
    assert await balance(house, "居民乙") == 5


async def test_the_same_wish_sent_again_takes_back_once(house: House) -> None:
    await house.say("书记甲", "给居民乙加5分 门前整洁")
    for _ in range(3):
        await house.say("书记甲", "撤销加分", number=88)

    assert await balance(house, "居民乙") == 0


@pytest.mark.parametrize(
    "text",
    [
        "撤销给居民乙的5分",
        "撤销居民乙的5分",
        "撤销给居民乙加的五分",
        "撤销加分 居民乙 5分",
        "撤销加分5分",
    ],
)
async def test_an_award_before_the_last_is_named_by_its_points(house: House, text: str) -> None:
    await house.say("书记甲", "给居民乙加5分 门前整洁")
    await house.say("书记甲", "给居民乙加2分 扫楼道")

    done = await said(house, "书记甲", text)
    again = await said(house, "书记甲", text)

    assert done == "已撤销给居民乙加的 5 分（门前整洁）。现在一共 2 分。"
    assert "已经撤销过了" in again
    assert await balance(house, "居民乙") == 2


async def test_points_nobody_gave_are_not_taken_back(house: House) -> None:
    await house.say("书记甲", "给居民乙加5分 门前整洁")

    assert "没有找到" in await said(house, "书记甲", "撤销给居民乙的3分")
    assert await balance(house, "居民乙") == 5
