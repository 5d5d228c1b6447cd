"""From a question nobody answered to an answer for everybody who asked: by the real dispatcher."""

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
from knowledge.replay import Level, level
from storage.learning import Cluster, events
from storage.personal_words import words
from storage.transaction import Transaction
from storage.words import ClusterState, LearningEventKind, PhrasingState, RoleWord, ScopeKind
from tests.houses import CHANNEL, RESIDENTS_GROUP, STAFF_GROUP, House, knowledge, small_knowledge

MACHINE = "岗亭旁边那台卖水的机器赚的钱有没有我们一份"
MACHINE_TOO = "请问岗亭旁边那台卖水的机器赚的钱有没有我们一份？"
WAGES = "公司拖欠工资怎么要回来"
JOKE = "打游戏输了能投诉队友吗"
"""Put like a question of law, but idle talk."""
ENTRY = small_knowledge().entries["income-owner"]
OTHER = small_knowledge().entries["fund-transfer"]
THEIRS = small_knowledge().entries["neigh-oil-smoke"].phrasings[0]
LIKED = next(
    text
    for text in ENTRY.phrasings
    if level(small_knowledge().read(text).match, ENTRY.id) is Level.RIGHT
)
OFFERED = next(
    text
    for entry in knowledge().entries.values()
    for text in entry.phrasings
    if small_knowledge().read(text).match.decision is Decision.OFFER
)
HOUR = timedelta(hours=1)


@pytest.fixture
async def house(tmp_path: Path) -> AsyncIterator[House]:
    """The street at Monday noon, with two lawyers and a resident of another community."""
    house = House(tmp_path, shipped=small_knowledge())
    await house.settle()
    await house.store.run(_more_people)
    yield house
    house.store.close()


def _more_people(tx: Transaction) -> None:
    tx.directory.add("communities", [{"id": 2, "name": "向阳", "demo": True}])
    for name, community, role in (
        ("律师甲", 1, RoleWord.LAWYER),
        ("律师乙", 1, RoleWord.LAWYER),
        ("居民丁", 2, None),
    ):
        person = tx.residents.add(name=name, community_id=community)
        tx.residents.bind(person, CHANNEL, name, name)
        if role is not None:
            tx.residents.grant(person.id, role, ScopeKind.COMMUNITY, community)


async def minute(house: House) -> list[tuple[str, str]]:
    """Let a minute pass; return who was told what."""
    house.clock.forward(timedelta(minutes=1))
    await learning.rehearse(house.store, house.current, house.clock)
    await ticks.every_minute(house.store, house.spool, house.street, house.current, house.clock)
    return await house.delivered()


async def wait(house: House, time: timedelta) -> list[tuple[str, str]]:
    house.clock.forward(time)
    return await minute(house)


async def said(house: House, who: str, text: str, group: str | None = None) -> str:
    """Say something; return all that is answered."""
    replies = await house.say(who, text, group=group, addressed=group is None)
    return "\n".join(reply.text for reply in replies)


async def open_clusters(house: House) -> list[Cluster]:
    return await house.store.run(lambda tx: tx.learning.open_clusters(20))


async def asked(house: House) -> None:
    """居民甲 and 居民乙 ask the same in their own words; an hour later staff can read it."""
    await house.say("居民甲", MACHINE)
    await house.say("居民乙", MACHINE_TOO)
    await wait(house, HOUR)


async def proposed(house: House) -> None:
    await asked(house)
    await house.say("书记甲", "归入 1 income-owner")
    await house.delivered()


# What gets in.


async def test_only_questions_about_something_are_kept(house: House) -> None:
    for text in (WAGES, "讲个笑话", JOKE, "今天武汉天气怎么样", "待答", "哈哈哈", "我的积分"):
        await house.say("居民甲", text)
    await wait(house, HOUR)

    [cluster] = await open_clusters(house)
    assert cluster.askers == 1
    assert WAGES in await said(house, "书记甲", "待答")


async def test_chatter_is_not_said_to_be_written_down(house: House) -> None:
    assert "记下来了" in await said(house, "居民甲", WAGES)
    assert "记下来了" not in await said(house, "居民乙", JOKE)


async def test_an_offer_waits_an_hour_for_a_choice(house: House) -> None:
    await house.say("居民甲", OFFERED)
    await house.say("居民乙", OFFERED)
    await house.say("居民乙", "1")
    await minute(house)
    assert await open_clusters(house) == []

    await wait(house, HOUR)

    [cluster] = await open_clusters(house)
    assert (cluster.asked, cluster.askers) == (1, 1)


async def test_a_thumb_down_is_kept_with_what_was_given_and_a_thumb_up_takes_it_back(
    house: House,
) -> None:
    for who in ("居民甲", "居民乙"):
        await house.say(who, LIKED)
        await house.say(who, "没用")
    await house.say("居民乙", "有用")
    await wait(house, HOUR)

    [cluster] = await open_clusters(house)
    shown = await said(house, "书记甲", f"待答 {cluster.number}")
    assert cluster.askers == 1
    assert f"没帮上，给的是「{ENTRY.title}」" in shown


async def test_the_same_person_asking_twice_is_one_asker(house: House) -> None:
    for _ in range(2):
        await house.say("居民甲", WAGES)
    await house.say("居民乙", "公司拖欠工资怎么才能要回来")
    await wait(house, HOUR)

    [cluster] = await open_clusters(house)
    assert (cluster.asked, cluster.askers) == (3, 2)


# What staff see.


async def test_most_askers_come_first_a_page_at_a_time(house: House) -> None:
    rare = ["离婚孩子判给谁", "酒驾被抓会怎么判", "遗嘱怎么写才有效", "网贷逾期会坐牢吗"]
    rare += ["注册商标需要多少钱", "商家不给退定金怎么办", "彩礼能不能要回来"]
    for text in rare:
        await house.say("居民甲", text)
    for who in ("居民甲", "居民乙"):
        await house.say(who, WAGES)
    await wait(house, HOUR)

    first = await said(house, "书记甲", "待答")
    second = await said(house, "书记甲", "待答 下一页")

    assert first.splitlines()[1].endswith("（2 人，今天起）")
    assert "发「待答 下一页」" in first
    shown = [text for text in rare if text in first]
    assert [text for text in rare if text in second] == rare[len(shown) :]
    assert "后面没有了" in await said(house, "书记甲", "待答 下一页")


async def test_staff_see_no_personal_words(house: House) -> None:
    text = "我是居民甲，我叫王小二，住3栋2单元501，电话13800138000，公司拖欠工资怎么要回来"
    await house.say("居民甲", text)
    await wait(house, HOUR)

    for where in (None, STAFF_GROUP):
        shown = await said(house, "书记甲", "待答", where) + await said(
            house, "书记甲", "待答 1", where
        )
        assert "拖欠工资" in shown
        for secret in ("居民甲", "王小二", "501", "13800138000"):
            assert secret not in shown


async def test_residents_and_their_groups_see_nothing(house: House) -> None:
    await asked(house)

    for text in (
        "待答",
        "待答 1",
        "答 1 好的",
        "不答 1 原因",
        "归入 1 1",
        "待批",
        "准 1",
        "问法 1",
    ):
        assert "权限" in await said(house, "居民甲", text)
        assert await said(house, "书记甲", text, RESIDENTS_GROUP) == ""


async def test_a_wrong_number_or_a_missing_word_is_told_what_to_do(house: House) -> None:
    await asked(house)

    assert "说「待答」" in await said(house, "书记甲", "待答 99")
    assert "答 1 您好" in await said(house, "书记甲", "答 1")
    assert "不答 1 和居民" in await said(house, "书记甲", "不答 1")
    assert "发「待答 1」" in await said(house, "书记甲", "归入 1")
    assert "发「待答 1」" in await said(house, "书记甲", "归入 1 1")
    assert "没有「no-such」" in await said(house, "书记甲", "归入 1 no-such")
    assert "说「待批」" in await said(house, "律师甲", "准 99")
    assert "200 个字" in await said(house, "书记甲", "答 1 " + "好" * 201)


# Answering and dismissing.


async def test_a_staff_answer_reaches_each_asker_once_and_is_marked(house: House) -> None:
    await asked(house)

    confirmed = await said(house, "书记甲", "答 1 这件事请周三到党群驿站问律师")

    told = await house.delivered()
    assert "2 位" in confirmed
    assert sorted(who for who, _ in told) == ["居民乙", "居民甲"]
    for _, text in told:
        assert "社区书记答复您：这件事请周三到党群驿站问律师" in text
        assert "工作人员答复" in text
    assert MACHINE in dict(told)["居民甲"]
    assert MACHINE_TOO in dict(told)["居民乙"]
    assert await open_clusters(house) == []
    assert "已经处理完了" in await said(house, "书记甲", "答 1 再说一遍")
    assert "答复了问的人：这件事请周三" in await said(house, "街道甲", "待答 1")


async def test_staff_answer_for_their_own_part_of_the_street(house: House) -> None:
    await house.say("居民甲", WAGES)
    await house.say("居民丁", WAGES)
    await wait(house, HOUR)

    confirmed = await said(house, "书记甲", "答 1 请打 12333")
    told = await house.delivered()
    [left] = await open_clusters(house)
    await house.say("街道甲", "答 1 请打 12333")

    assert "另有 1 人" in confirmed
    assert [who for who, _ in told] == ["居民甲"]
    assert left.askers == 1
    assert [who for who, _ in await house.delivered()] == ["居民丁"]
    assert await open_clusters(house) == []


async def test_a_staff_answer_at_night_arrives_in_the_morning(house: House) -> None:
    await asked(house)
    await wait(house, 9 * HOUR)

    await house.say("书记甲", "答 1 明天办")

    assert await house.delivered() == []
    assert len(await wait(house, 10 * HOUR)) == 2


async def test_a_wrong_answer_is_corrected_for_those_who_were_given_it(house: House) -> None:
    await asked(house)
    await house.say("书记甲", "答 1 请周三到党群驿站问律师")
    await house.delivered()

    done = await said(house, "书记甲", "更正 1 请周四到党群驿站问律师")

    assert "2 位收到过的居民会收到更正" in done
    told = await house.delivered()
    assert sorted(who for who, _ in told) == ["居民乙", "居民甲"]
    for _, text in told:
        assert "社区书记更正之前的答复，以这次为准：请周四到党群驿站问律师" in text
    assert "更正了答复：请周四" in await said(house, "书记甲", "待答 1")


async def test_a_correction_before_the_morning_is_all_that_is_heard(house: House) -> None:
    await asked(house)
    await wait(house, 9 * HOUR)
    await house.say("书记甲", "答 1 周三")
    await house.say("书记甲", "更正 1 周四")
    await house.say("书记甲", "更正 1：周五")

    told = await wait(house, 10 * HOUR)

    assert len(told) == 2
    assert all("周五" in text for _, text in told)


async def test_only_ones_own_answer_is_corrected(house: House) -> None:
    await asked(house)
    unanswered = await said(house, "书记甲", "更正 1 周四")
    await house.say("书记甲", "答 1 周三")
    await house.delivered()

    others = await said(house, "街道甲", "更正 1 周四")
    without = await said(house, "书记甲", "更正 1")

    assert "没有您发出过的答复" in unanswered
    assert "没有您发出过的答复" in others
    assert "请写上对的答复" in without
    assert await house.delivered() == []


async def test_what_is_dismissed_stays_so_for_its_repeats_too(house: House) -> None:
    await house.say("居民甲", WAGES)
    await wait(house, HOUR)

    done = await said(house, "书记甲", "不答 1 和居民事务无关")
    await house.say("居民乙", WAGES)
    await wait(house, HOUR)

    assert "不答了" in done
    assert await open_clusters(house) == []
    assert "书记甲不答：和居民事务无关" in await said(house, "律师甲", "待答 1")


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


async def test_an_answered_matter_opens_anew_when_it_is_asked_again(house: House) -> None:
    await house.say("居民甲", WAGES)
    await wait(house, HOUR)
    await house.say("书记甲", "答 1 请打 12333")
    await house.say("居民乙", WAGES)
    await wait(house, HOUR)

    first = await house.store.run(lambda tx: tx.learning.cluster(1))
    assert first is not None
    assert first.state is ClusterState.ANSWERED
    assert [cluster.number for cluster in await open_clusters(house)] == [2]
