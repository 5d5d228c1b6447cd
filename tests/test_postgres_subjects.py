"""What staff, lawyers and WeChat bring about, on PostgreSQL."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from handlers import ticks
from handlers.current import overlay_of
from handlers.law import changes
from handlers.learning import clock as learning
from knowledge.collecting import Text
from storage.sendings import Limit
from storage.transaction import Transaction
from storage.words import RoleWord, ScopeKind, Servant, WindowKind
from tests.houses import CHANNEL, House, knowledge, small_knowledge
from tests.stores import Database, EngineKind

pytestmark = pytest.mark.skipif(
    not EngineKind.POSTGRESQL.is_there, reason="PostgreSQL is not installed"
)


@pytest.fixture
def postgresql(tmp_path: Path) -> Iterator[Database]:
    database = Database(EngineKind.POSTGRESQL, tmp_path)
    yield database
    database.drop()


async def test_questions_are_sorted_linked_and_told_on_postgresql(
    postgresql: Database, tmp_path: Path
) -> None:
    asked = "岗亭旁边那台卖水的机器赚的钱有没有我们一份"
    house = House(tmp_path, database=postgresql, shipped=small_knowledge())
    await house.settle()
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


async def test_the_law_changes_on_postgresql(postgresql: Database, tmp_path: Path) -> None:
    house = House(tmp_path, database=postgresql)
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


async def test_late_answers_quotas_and_tokens_are_counted_on_postgresql(
    postgresql: Database, tmp_path: Path
) -> None:
    house = House(tmp_path, database=postgresql)
    now = house.clock()
    store = house.store

    def begin(tx: Transaction) -> list[object]:
        tx.late_answers.begin("w:1", "w", "li", {"MsgId": "1"}, promised=True)
        kept = [tx.late_answers.keep("w:2", "w", "li", [{"text": "a"}], promised=True)]
        kept += [tx.late_answers.keep("w:2", "w", "li", [{"text": "b"}], promised=True)]
        tx.quotas.open("w:li", WindowKind.MESSAGE, 2, now + timedelta(hours=1))
        tx.quotas.consent("w:li", "T", 1)
        room = [tx.quotas.take("w:li", messages) for messages in (1, 5, 1)]
        taken = [one and one.messages for one in room]
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

    assert counted == [[True, False], [1, 1, None], [True, False], [True, False]]
    assert [one.message for one in unfinished] == [{"MsgId": "1"}]
    assert handed == again == [[{"text": "a"}]]
    assert other == []
    assert token is not None
    assert token.token == "token"


async def test_what_wecom_limits_is_counted_on_postgresql(
    postgresql: Database, tmp_path: Path
) -> None:
    house = House(tmp_path, database=postgresql)
    minute = Limit(2, timedelta(minutes=1))

    def work(tx: Transaction) -> list[object]:
        waits = [tx.sendings.take("wecom:li", 1, (minute,)) for _ in range(3)]
        sent = [tx.customers.sending("n1", "wecom_kf:w", 7, 0) for _ in range(2)]
        bounced = [tx.customers.failed("n1", "10") is not None for _ in range(2)]
        tx.customers.move_cursor("wk", "3")
        tx.customers.serve("wecom_kf:w", Servant.QUEUE)
        opened = [
            tx.streams.open(f"s{n}", "wecom_bot:li", 1, timedelta(minutes=6), "{}") for n in "aab"
        ]
        tx.streams.finish("sa")
        opened.append(tx.streams.open("sb", "wecom_bot:li", 1, timedelta(minutes=6), "{}"))
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
