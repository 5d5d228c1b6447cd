"""What staff propose becomes an answer for all, if a lawyer approves and nothing gets worse."""

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy.exc import DatabaseError

from handlers import ticks
from handlers.current import Current
from handlers.learning import clock as learning
from handlers.localtime import local
from knowledge.matcher import Decision
from knowledge.overlay import Overlay, Withheld
from storage.learning import events
from storage.personal_words import words
from storage.transaction import Transaction
from storage.words import LearningEventKind, PhrasingState
from tests.houses import House, small_knowledge
from tests.learning_house import (
    ENTRY,
    HOUR,
    LIKED,
    MACHINE,
    MACHINE_TOO,
    a_house,
    asked,
    minute,
    open_clusters,
    said,
    wait,
)

OTHER = small_knowledge().entries["fund-transfer"]
THEIRS = small_knowledge().entries["neigh-oil-smoke"].phrasings[0]


@pytest.fixture
async def house(tmp_path: Path) -> AsyncIterator[House]:
    async with a_house(tmp_path) as house:
        yield house


async def proposed(house: House) -> None:
    await asked(house)
    await house.say("书记甲", "归入 1 income-owner")
    await house.delivered()


# Four eyes.


async def test_the_lawyers_are_asked_and_nobody_approves_their_own(house: House) -> None:
    await asked(house)
    text = await said(house, "律师甲", "归入 1 income-owner")
    told = await house.delivered()

    assert f"「{MACHINE}」归入「" in text
    assert [who for who, _ in told] == ["律师乙"]
    assert "自己不能批自己的" in await said(house, "律师甲", "准 1")
    assert "要有律师身份的人批" in await said(house, "书记甲", "准 1")
    assert "要有律师身份的人批" in await said(house, "管理员甲", "准 1")
    assert "已批准" in await said(house, "律师乙", "准 1")
    assert "已经处理过了" in await said(house, "律师乙", "准 1")


async def test_two_lawyers_at_once_decide_once(house: House) -> None:
    await proposed(house)

    def both(tx: Transaction) -> list[bool]:
        was = PhrasingState.PROPOSED
        return [
            tx.learning.move_phrasing(1, was, PhrasingState.APPROVED),
            tx.learning.move_phrasing(1, was, PhrasingState.REFUSED),
        ]

    assert await house.store.run(both) == [True, False]


async def test_a_refusal_needs_a_reason_and_opens_the_question_again(house: House) -> None:
    await proposed(house)

    assert "不准 1 意思不一样" in await said(house, "律师甲", "不准 1")
    await house.say("律师甲", "不准 1 这是两回事")

    assert await house.delivered() == [
        ("书记甲", f"您提出的问法 1「{MACHINE}」没有批准：这是两回事。问题回到待答。")
    ]
    [cluster] = await open_clusters(house)
    assert cluster.askers == 2


async def test_a_proposer_takes_back_and_others_do_not(house: House) -> None:
    await proposed(house)

    assert "只有律师、管理员能撤下" in await said(house, "街道甲", "撤下 1")
    assert "已有人提出归入" in await said(house, "街道甲", "答 1 好的")
    assert "已撤下" in await said(house, "书记甲", "撤下 1")
    assert len(await open_clusters(house)) == 1


async def test_staff_may_put_it_in_a_sentence_of_their_own(house: House) -> None:
    await asked(house)

    personal = await said(house, "书记甲", "归入 1 income-owner 住3栋2单元501的卖水机钱归谁")
    known = await said(house, "书记甲", f"归入 1 income-owner {ENTRY.phrasings[0]}")
    done = await said(house, "书记甲", "归入 1 income-owner 卖水机的场地费归业主吗")

    assert "个人信息（住3栋2单元[房号]的卖水机钱归谁）" in personal
    assert "已经有这一句了" in known
    assert "「卖水机的场地费归业主吗」归入" in done


# Publishing.


async def test_what_is_approved_answers_everybody_and_askers_are_told_once(house: House) -> None:
    await proposed(house)
    assert ENTRY.short not in await said(house, "居民丁", MACHINE)

    await house.say("律师甲", "准 1")
    told = await minute(house)

    by = {who: [text for to, text in told if to == who] for who, _ in told}
    assert set(by) == {"律师甲", "书记甲", "居民甲", "居民乙"}
    assert all(len(texts) == 1 for texts in by.values())
    assert "没有一题变错" in by["律师甲"][0]
    assert "2 位问过的居民会收到通知" in by["律师甲"][0]
    assert f"您今天问的「{MACHINE}」，现在答得上了：" in by["居民甲"][0]
    assert f"您今天问的「{MACHINE_TOO}」，现在答得上了：" in by["居民乙"][0]
    assert "不代替律师意见" in by["居民甲"][0]
    assert ENTRY.citations[0] in await said(house, "居民甲", "看全文 1")
    assert ENTRY.short in await said(house, "居民丁", MACHINE)
    assert await minute(house) == []
    # The offer 居民丁 left was about what is answered by now.
    given = await house.store.run(lambda tx: tx.answers.given_to(_id(tx, "居民乙")))
    assert [answer.entry for answer in given] == ["income-owner"]


async def test_another_worker_loads_it_by_itself(house: House) -> None:
    await proposed(house)
    other, store = Current(small_knowledge()), house.open_store()
    await other.refresh(store, house.clock())
    await house.say("律师甲", "准 1")
    await minute(house)
    assert other.knowledge.read(MACHINE).match.decision is not Decision.ANSWER

    assert await other.refresh(store, house.clock())

    assert other.version == house.current.version == 1
    assert other.knowledge.read(MACHINE).match.decision is Decision.ANSWER
    assert not await other.refresh(store, house.clock())
    store.close()


async def test_a_restart_forgets_nothing(house: House) -> None:
    await proposed(house)
    await house.say("律师甲", "准 1")
    house.restart()

    told = await minute(house)
    house.restart()
    await house.current.refresh(house.store, house.clock())

    assert {"居民甲", "居民乙"} <= {who for who, _ in told}
    assert ENTRY.short in await said(house, "居民丁", MACHINE)


async def test_what_would_make_another_question_wrong_is_not_published(house: House) -> None:
    await asked(house)
    await house.say("书记甲", f"归入 1 fund-transfer {THEIRS}")
    await house.delivered()

    await house.say("律师甲", "准 1")
    told = dict(await minute(house))

    assert set(told) == {"律师甲", "书记甲"}
    assert "没有上线" in told["律师甲"]
    assert THEIRS in told["律师甲"]
    assert f"会错答成「{OTHER.title}」" in told["律师甲"]
    assert [cluster.number for cluster in await open_clusters(house)] == [1]
    assert OTHER.short not in await said(house, "居民丁", THEIRS)
    assert "小二复查没通过问法 1" in await said(house, "书记甲", "问法 1")


async def test_what_a_resident_liked_is_asked_again(house: House) -> None:
    await asked(house)
    await house.say("居民丁", LIKED)
    await house.say("居民丁", "有用")
    await house.say("书记甲", f"归入 1 fund-transfer {LIKED}")
    await house.delivered()

    await house.say("律师甲", "准 1")

    told = dict(await minute(house))
    assert "没有上线" in told["律师甲"]
    assert LIKED in told["律师甲"]


async def test_taken_out_it_is_used_no_more_and_the_rest_is_not_told(house: House) -> None:
    await proposed(house)
    await wait(house, 9 * HOUR)  # past nine in the evening: residents sleep
    await house.say("律师甲", "准 1")
    told = await minute(house)
    assert [who for who, _ in told] == ["律师甲"]

    done = await said(house, "律师甲", "撤下 1 还要再看")
    await minute(house)
    morning = await wait(house, 11 * HOUR)

    assert "已撤下" in done
    assert [who for who, _ in morning] == ["书记甲"]
    assert ENTRY.short not in await said(house, "居民丁", MACHINE)
    assert len(await open_clusters(house)) == 1


async def test_askers_are_not_told_at_night(house: House) -> None:
    await proposed(house)
    await wait(house, 9 * HOUR)
    await house.say("律师甲", "准 1")
    assert {who for who, _ in await minute(house)} == {"律师甲"}

    morning = await wait(house, 11 * HOUR)

    assert {who for who, _ in morning} == {"书记甲", "居民甲", "居民乙"}


async def test_an_entry_that_is_frozen_by_then_is_told_to_nobody(house: House) -> None:
    await proposed(house)
    await wait(house, 9 * HOUR)
    await house.say("律师甲", "准 1")
    await minute(house)
    house.clock.forward(11 * HOUR)
    await house.delivered()
    overlay = Overlay(frozen={"income-owner": Withheld.LAW_CHANGED})
    frozen = small_knowledge().under(overlay, local(house.clock()).date())

    await house.store.run(lambda tx: learning.tell_askers(tx, frozen))
    assert await house.delivered() == []

    told = await minute(house)
    assert sorted(who for who, _ in told) == ["居民乙", "居民甲"]


async def test_after_a_month_it_is_too_late_to_tell(house: House) -> None:
    await proposed(house)
    await wait(house, 9 * HOUR)
    await house.say("律师甲", "准 1")
    await minute(house)
    house.clock.forward(timedelta(days=31, hours=11))
    await house.delivered()

    assert await minute(house) == []


async def test_erased_words_are_shown_to_nobody_and_publish_nothing(house: House) -> None:
    await proposed(house)
    await house.say("律师甲", "准 1")
    await house.store.run(_erase_words)

    told = dict(await minute(house))

    assert "原话已按居民要求删除" in told["律师甲"]
    assert "居民甲" not in told
    assert "（原话已删除）" in await said(house, "书记甲", "待答")
    assert "卖水的机器" not in await said(house, "书记甲", "待答 1")

    await ticks.every_night(house.store, house.current)

    assert "没有待答" in await said(house, "书记甲", "待答")


def _erase_words(tx: Transaction) -> None:
    tx.write(words.update().values(body=None, erased_at=tx.now))


def _id(tx: Transaction, name: str) -> int:
    [person] = tx.residents.named(name)
    return person.id


# History.


def _rewrite(tx: Transaction) -> None:
    tx.write(events.update().values(cluster=2))


def _forget(tx: Transaction) -> None:
    tx.write(events.delete())


async def test_history_says_who_did_what_when_and_cannot_be_changed(house: House) -> None:
    await proposed(house)
    await house.say("律师甲", "准 1")
    await minute(house)
    await house.say("律师乙", "撤下 1 有新规定")

    kinds = await house.store.run(lambda tx: [one.kind for one in tx.learning.history(1)])
    shown = await said(house, "管理员甲", "问法 1")

    kind = LearningEventKind
    assert kinds == [kind.PROPOSED, kind.APPROVED, kind.PUBLISHED, kind.WITHDRAWN]
    for line in ("书记甲提出", "律师甲批准", "小二复查通过，上线", "律师乙撤下问法 1：有新规定"):
        assert line in shown
    for change in (_rewrite, _forget):
        with pytest.raises(DatabaseError, match="append-only"):
            await house.store.run(change)
