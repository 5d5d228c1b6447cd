"""The same tables, statements and talks on PostgreSQL."""

import asyncio
import itertools
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from handlers import ticks
from handlers.current import overlay_of
from handlers.law import changes
from handlers.learning import clock as learning
from knowledge.collecting import Text
from knowledge.reading import Knowledge
from storage.engine import open_engine
from storage.migrate import current, differences, newest, upgrade
from storage.sendings import Limit
from storage.store import Store
from storage.transaction import Transaction
from storage.words import RoleWord, ScopeKind, Servant, TransferKind, WindowKind
from tests.houses import CHANNEL, STAFF_GROUP, House, knowledge, small_knowledge
from tests.peers import postgres

pytestmark = pytest.mark.skipif(postgres.programs() is None, reason="PostgreSQL is not installed")


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    with postgres.server() as url:
        engine = open_engine(url)
        upgrade(engine)
        engine.dispose()
        yield url


_THOUSANDS = itertools.count(step=1000)


class PostgresHouse(House):
    """The same street over PostgreSQL."""

    def __init__(self, folder: Path, url: str, *, shipped: Knowledge | None = None) -> None:
        self.url = url
        super().__init__(folder, shipped=shipped)
        # The database is shared: a message of another test is no resend of an earlier one.
        self._number = next(_THOUSANDS)

    def open_store(self) -> Store:
        return Store(open_engine(self.url), clock=self.clock)


def test_the_migrated_layout_is_what_the_code_needs(address: str) -> None:
    engine = open_engine(address)

    assert current(engine) == newest()
    assert differences(engine) == []
    engine.dispose()


async def test_a_whole_report_travels_on_postgresql(address: str, tmp_path: Path) -> None:
    house = PostgresHouse(tmp_path, address)
    await house.settle()

    await house.say("居民甲", "三栋二单元电梯坏了")
    opened = await house.say("居民甲", "1")
    cards = await house.delivered()
    accepted = await house.say("物业甲", "接单 1001", group=STAFF_GROUP, addressed=False)
    told = await house.delivered()
    answered = await house.say("居民甲", "对物业不满意，可以不交物业费吗？")
    awarded = await house.say("书记甲", "给居民甲加5分 门前整洁")
    house.restart()
    points = await house.say("居民甲", "我的积分")
    asked = await house.say("居民甲", "9")

    assert "1001" in opened[0].text
    assert [who for who, _ in cards] == [STAFF_GROUP]
    assert "接单" in accepted[0].text
    assert "居民甲" in {who for who, _ in told}
    assert "民法典第944条" in answered[0].text
    assert "5" in awarded[0].text
    assert "5" in points[0].text
    assert "待回" in asked[0].text
    house.store.close()


async def test_questions_are_sorted_linked_and_told_on_postgresql(
    address: str, tmp_path: Path
) -> None:
    asked = "岗亭旁边那台卖水的机器赚的钱有没有我们一份"
    house = PostgresHouse(tmp_path, address, shipped=small_knowledge())
    await house.store.run(lambda tx: a_lawyer(tx, "律师丙"))
    await house.say("居民乙", asked)
    house.clock.forward(timedelta(hours=1))

    listed = await minute(house, "待答")
    await house.say("街道甲", "归入 1 income-owner")
    await house.say("律师丙", "准 1")
    history = await minute(house, "问法 1")
    told = await house.delivered()
    answered = await house.say("居民甲", asked)

    assert "卖水的机器" in listed
    assert "在用" in history
    assert ("居民乙", True) in [(who, "现在答得上了" in text) for who, text in told]
    assert small_knowledge().entries["income-owner"].short in answered[0].text
    house.store.close()


async def minute(house: House, says: str) -> str:
    house.clock.forward(timedelta(minutes=1))
    await learning.rehearse(house.store, house.current, house.clock)
    await ticks.every_minute(house.store, house.spool, house.street, house.current, house.clock)
    return "\n".join(reply.text for reply in await house.say("街道甲", says))


def a_lawyer(tx: Transaction, name: str) -> None:
    person = tx.residents.add(name=name, community_id=1)
    tx.residents.bind(person, CHANNEL, name, name)
    tx.residents.grant(person.id, RoleWord.LAWYER, ScopeKind.COMMUNITY, 1)


async def test_claims_come_back_and_batches_hold_on_postgresql(
    address: str, tmp_path: Path
) -> None:
    house = PostgresHouse(tmp_path, address)
    store = house.store
    person = await store.run(lambda tx: tx.residents.add(name="居民丙"))
    for number in range(30):
        await store.run(
            lambda tx, n=number: tx.notices.schedule(  # type: ignore[misc]
                key=f"pg:{n}", text="x", topic="t", resident_id=person.id
            )
        )

    first = await store.run(lambda tx: tx.notices.claim_due(house.clock(), 100))
    nothing = await store.run(lambda tx: tx.notices.claim_due(house.clock(), 100))
    house.clock.forward(timedelta(minutes=3))
    again = await store.run(lambda tx: tx.notices.claim_due(house.clock(), 100))
    await asyncio.gather(
        *(store.run(lambda tx, n=n: tx.notices.delivered(n, "sink")) for n in again)  # type: ignore[misc]
    )
    house.clock.forward(timedelta(minutes=3))
    over = await store.run(lambda tx: tx.notices.claim_due(house.clock(), 100))

    ours = {f"pg:{n}" for n in range(30)}
    assert ours <= {n.key for n in first}
    assert nothing == []
    assert {n.key for n in first} <= {n.key for n in again}
    assert over == []
    store.close()


async def test_the_law_changes_on_postgresql(address: str, tmp_path: Path) -> None:
    house = PostgresHouse(tmp_path, address)
    store = house.store
    await store.run(lambda tx: changes.settle(tx, knowledge()))
    people = [await store.run(lambda tx: tx.residents.add().id) for _ in range(3)]
    for person in [*people, *people]:
        await store.run(
            lambda tx, who=person: tx.answers.record(who, "fee-dissatisfied", 1, 0.9)  # type: ignore[misc]
        )
    article = Text("民法典", "民法典", 944, 0, "改过的条文。", "2027", False)

    frozen = await store.run(lambda tx: changes.take_over(tx, knowledge(), [article]))
    again = await store.run(lambda tx: changes.take_over(tx, knowledge(), [article]))
    overlay = await store.run(lambda tx: overlay_of(tx, knowledge().law))
    due = await store.run(lambda tx: tx.notices.claim_due(house.clock(), 1000))
    told = [notice.resident_id for notice in due if notice.topic == "answer_changed"]
    with pytest.raises(Exception, match="append-only"):
        await store.run(lambda tx: tx.reading().exec_driver_sql("DELETE FROM entry_events"))

    assert "fee-dissatisfied" in {entry.id for entry in frozen}
    assert again == []
    assert set(overlay.articles) == {"民法典第944条"}
    assert set(overlay.frozen) == {entry.id for entry in frozen}
    assert [told.count(person) for person in people] == [1, 1, 1]
    store.close()


async def test_the_ledger_refuses_change_on_postgresql(address: str, tmp_path: Path) -> None:
    house = PostgresHouse(tmp_path, address)
    person = await house.store.run(lambda tx: tx.residents.add(name="居民丁"))
    give = {"resident_id": person.id, "amount": 3, "kind": TransferKind.AWARD}
    for _ in range(2):
        await house.store.run(
            lambda tx: tx.points.award(
                key="pg",
                reason_id=None,
                actor_id=None,
                same_input="3",
                **give,  # type: ignore[arg-type]
            )
        )

    with pytest.raises(Exception, match="append-only"):
        await house.store.run(
            lambda tx: tx.reading().exec_driver_sql("UPDATE transfers SET amount = 9")
        )

    assert await house.store.run(lambda tx: tx.points.balance(person.id)) == 3
    assert await house.store.run(lambda tx: tx.points.faults()) == []
    house.store.close()


async def test_late_answers_quotas_and_tokens_are_counted_on_postgresql(
    address: str, tmp_path: Path
) -> None:
    house = PostgresHouse(tmp_path, address)
    now = house.clock()
    store = house.store

    def begin(tx: Transaction) -> list[object]:
        tx.late_answers.begin("w:1", "w", "li", {"MsgId": "1"}, promised=True)
        kept = [tx.late_answers.keep("w:2", "w", "li", [{"text": "a"}], promised=True)]
        kept += [tx.late_answers.keep("w:2", "w", "li", [{"text": "b"}], promised=True)]
        tx.quotas.open("w:li", WindowKind.MESSAGE, 2, now + timedelta(hours=1))
        tx.quotas.consent("w:li", "T", 1)
        taken = [tx.quotas.take("w:li", 1) for _ in range(3)]
        used = [tx.quotas.use_consent("w:li", "T") for _ in range(2)]
        leases = [tx.access_tokens.lease("w", timedelta(seconds=9)) for _ in range(2)]
        tx.access_tokens.keep("w", "token", now + timedelta(hours=2))
        return [kept, taken, used, leases]

    counted = await store.run(begin)
    unfinished = await store.run(
        lambda tx: tx.late_answers.unfinished("w", now + timedelta(seconds=1))
    )
    handed = await store.run(lambda tx: tx.late_answers.hand_out("w", "li", "w:3"))
    again = await store.run(lambda tx: tx.late_answers.hand_out("w", "li", "w:3"))
    other = await store.run(lambda tx: tx.late_answers.hand_out("w", "li", "w:4"))
    token = await store.run(lambda tx: tx.access_tokens.of("w"))
    store.close()

    assert counted == [[True, False], [True, True, False], [True, False], [True, False]]
    assert [one.message for one in unfinished] == [{"MsgId": "1"}]
    assert handed == again == [[{"text": "a"}]]
    assert other == []
    assert token is not None
    assert token.token == "token"


async def test_what_wecom_limits_is_counted_on_postgresql(address: str, tmp_path: Path) -> None:
    house = PostgresHouse(tmp_path, address)
    minute = Limit(2, timedelta(minutes=1))

    def work(tx: Transaction) -> list[object]:
        waits = [tx.sendings.take("wecom:li", 1, (minute,)) for _ in range(3)]
        sent = [tx.customers.sending("n1", "wecom_kf:w", unasked=True) for _ in range(2)]
        bounced = [tx.customers.failed("n1", "10") is not None for _ in range(2)]
        tx.customers.move_cursor("wk", "3")
        tx.customers.serve("wecom_kf:w", Servant.QUEUE)
        opened = [tx.streams.open(f"s{n}", "wecom_bot:li", 1, timedelta(minutes=6)) for n in "aab"]
        tx.streams.finish("sa")
        opened.append(tx.streams.open("sb", "wecom_bot:li", 1, timedelta(minutes=6)))
        known = [tx.customers.cursor("wk"), tx.customers.servant("wecom_kf:w")]
        return [waits, sent, bounced, known, opened]

    counted = await house.store.run(work)
    house.store.close()

    assert counted == [
        [None, None, timedelta(minutes=1)],
        [True, False],
        [True, False],
        ["3", Servant.QUEUE],
        [True, True, False, True],
    ]
