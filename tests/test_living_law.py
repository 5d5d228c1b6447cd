"""The law changes: answers are frozen, reviewed, signed and freed, and their askers are told."""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy.exc import DBAPIError

from handlers.current import Current, overlay_of
from handlers.law import changes, texts
from handlers.law.state import state_of
from knowledge.collecting import Text
from knowledge.law import LawFile, LawIndex
from knowledge.matcher import Matcher
from knowledge.reading import Knowledge
from storage.law import EntryEvent
from storage.transaction import Transaction
from storage.words import EntryEventKind, RoleWord, ScopeKind
from tests.houses import RESIDENTS_GROUP, House, knowledge

ENTRY = "fee-dissatisfied"
ASKED = "物业服务不好能不交物业费吗"
CITED = knowledge().entries[ENTRY].citations[0]
ARTICLE = 944


@pytest.fixture
async def house(tmp_path: Path) -> AsyncIterator[House]:
    """The street at Monday noon, with a lawyer."""
    house = House(tmp_path)
    await house.settle()
    await house.store.run(_lawyer)
    await house.store.run(lambda tx: changes.settle(tx, knowledge()))
    yield house
    house.store.close()


def _lawyer(tx: Transaction) -> None:
    person = tx.residents.add(name="律师甲", community_id=1, estate_id=1)
    tx.residents.bind(person, "terminal", "律师甲", "律师甲")
    tx.residents.grant(person.id, RoleWord.LAWYER, ScopeKind.COMMUNITY, 1, title="建港党群驿站律师")


def an_article(text: str = "改过的条文。", *, repealed: bool = False) -> Text:
    law = "中华人民共和国民法典"
    return Text("民法典", law, ARTICLE, 0, text, "2027-01-01 施行", repealed)


async def load(house: House, *articles: Text) -> list[str]:
    """Load statutes as the command does; return the answers frozen by it."""
    frozen = await house.store.run(
        lambda tx: [one.id for one in changes.take_over(tx, knowledge(), articles)]
    )
    await house.current.refresh(house.store, house.clock())
    return frozen


async def say(house: House, who: str, text: str, *, group: str | None = None) -> str:
    """Say something to a worker that knows what changed; return all that is answered."""
    await house.current.refresh(house.store, house.clock())
    replies = await house.say(who, text, group=group)
    return "\n".join([reply.text for reply in replies])


async def history(house: House, entry: str = ENTRY) -> list[EntryEvent]:
    return await house.store.run(lambda tx: tx.law.events(entry))


async def reviewed(house: House) -> None:
    await say(house, "律师甲", f"审 {ENTRY}")


async def test_the_same_text_freezes_nothing_and_an_unknown_article_is_harmless(
    house: House,
) -> None:
    unknown = replace(an_article(), short="别的法", law="别的法")

    assert await load(house, unknown) == []
    assert ENTRY not in house.current.knowledge.withheld


async def test_a_changed_article_freezes_every_answer_that_cites_it_and_no_other(
    house: House,
) -> None:
    frozen = await load(house, an_article())

    citing = [one.id for one in knowledge().entries.values() if CITED in one.citations]
    assert sorted(frozen) == sorted(citing)
    assert set(house.current.knowledge.withheld) == set(citing)


@pytest.mark.parametrize("article", [an_article(), an_article(repealed=True), an_article("")])
async def test_what_changed_or_is_repealed_is_not_given_any_more(
    house: House, article: Text
) -> None:
    await load(house, article)

    private = await say(house, "居民甲", ASKED)
    group = await say(house, "居民甲", ASKED, group=RESIDENTS_GROUP)

    for said in (private, group):
        assert "有了变化" in said
        assert "9" in said
        assert knowledge().entries[ENTRY].short not in said


async def test_an_old_button_does_not_give_a_frozen_answer(house: House) -> None:
    offered = await house.say("居民甲", "物业费")
    [name] = {c.action.partition(":")[2] for c in offered[0].choices if c.number == 1}
    citation = knowledge().entries[name].citations[0]
    short, number = citation.removesuffix("条").split("第")
    await load(house, replace(an_article(), short=short, number=int(number)))

    assert "有了变化" in await say(house, "居民甲", "1")


async def test_lawyers_hear_of_it_once_and_not_again_for_the_same_text(house: House) -> None:
    await load(house, an_article())
    first = await house.delivered()
    again = await load(house, an_article())

    assert [to for to, text in first if "法条有变化" in text] == ["律师甲"]
    assert again == []
    assert await house.delivered() == []


async def test_askers_of_half_a_year_are_told_once_in_daytime(house: House) -> None:
    await say(house, "居民乙", ASKED)
    house.clock.forward(timedelta(days=181))
    await say(house, "居民甲", ASKED)
    await say(house, "居民甲", ASKED)
    house.clock.forward(timedelta(hours=10))
    await load(house, an_article())

    at_night = await house.delivered()
    house.clock.forward(timedelta(hours=12))
    in_the_morning = [one for one in await house.delivered() if one[0] != "律师甲"]

    assert at_night == []
    [(to, text)] = in_the_morning
    assert to == "居民甲"
    assert knowledge().entries[ENTRY].title in text
    assert "回复 9" in text


async def test_a_lawyer_frees_it_after_comparing_and_the_same_text_freezes_it_no_more(
    house: House,
) -> None:
    await load(house, an_article())

    hasty = await say(house, "律师甲", f"解冻 {ENTRY}")
    compared = await say(house, "律师甲", f"解冻 {ENTRY} 已核对")

    assert CITED in hasty
    assert "已解冻" in compared
    assert ENTRY not in await load(house, an_article())
    assert knowledge().entries[ENTRY].short in await say(house, "居民甲", ASKED)
    assert ENTRY in await load(house, an_article("又改了。"))


@pytest.mark.parametrize("who", ["居民甲", "书记甲", "街道甲", "管理员甲", "物业甲"])
@pytest.mark.parametrize("words", [f"签 {ENTRY}", f"解冻 {ENTRY} 已核对"])
async def test_nobody_but_a_lawyer_signs_or_frees(house: House, who: str, words: str) -> None:
    await load(house, an_article())
    before = await history(house)

    said = await say(house, who, words)

    assert "只能由律师" in said
    assert await history(house) == before


@pytest.mark.parametrize("words", ["待审", f"审 {ENTRY}", f"冻结 {ENTRY} 不对"])
async def test_residents_get_one_clear_sentence(house: House, words: str) -> None:
    said = await say(house, "居民甲", words)

    assert "审核法律答复是律师" in said
    assert ENTRY not in house.current.knowledge.withheld


async def test_a_signed_answer_names_the_lawyers_role_and_no_longer_waits(house: House) -> None:
    unread = await say(house, "律师甲", f"签 {ENTRY}")
    await reviewed(house)
    signed = await say(house, "律师甲", f"签 {ENTRY}")

    answer = await say(house, "居民甲", ASKED)
    why = await say(house, "居民甲", "为什么这么回")

    assert "请先说「审" in unread
    assert "已签" in signed
    assert "建港党群驿站律师于 2026 年 11 月 23 日复核" in answer
    assert "尚待律师复核" not in answer
    assert "不代替律师意见" in answer
    assert "建港党群驿站律师" in why
    assert "第 1 版" in why


async def test_a_lawyer_who_only_says_sign_is_shown_what_waits(house: House) -> None:
    [which] = await house.say("律师甲", "签")
    [others] = await house.say("居民甲", "签")

    assert which.text.startswith(texts.SIGN_HOW)
    assert "未签" in which.choices[0].label
    assert texts.SIGN_HOW not in others.text


async def test_a_signature_is_void_once_a_cited_article_is_another(house: House) -> None:
    await reviewed(house)
    await say(house, "律师甲", f"签 {ENTRY}")
    await load(house, an_article())
    await say(house, "律师甲", f"解冻 {ENTRY} 已核对")

    assert "尚待律师复核" in await say(house, "居民甲", ASKED)
    assert "签名失效 1" in await say(house, "律师甲", "待审")


async def test_what_changed_since_it_was_read_is_not_signed(house: House) -> None:
    await reviewed(house)
    await load(house, an_article())
    await say(house, "律师甲", f"解冻 {ENTRY} 已核对")

    assert "请先说「审" in await say(house, "律师甲", f"签 {ENTRY}")


async def test_the_list_has_the_frozen_first_and_numbers_lead_on(house: House) -> None:
    await say(house, "书记甲", f"冻结 {ENTRY} 第二款说得不清楚")

    await house.current.refresh(house.store, house.clock())
    [first] = await house.say("律师甲", "待审")
    whole = await say(house, "律师甲", "审 1")
    [second] = await house.say("律师甲", "待审 2")

    assert "冻结 1" in first.text
    assert "冻结" in first.choices[0].label
    assert len([choice for choice in first.choices if choice.number not in {0, 9}]) == 6
    assert knowledge().entries[ENTRY].short in whole
    assert second.choices[0].label != first.choices[0].label


async def test_the_whole_answer_is_shown_with_the_text_of_its_articles_and_its_history(
    house: House,
) -> None:
    await load(house, an_article("本条文字很特别。"))
    said = [await say(house, "律师甲", f"审 {ENTRY}")]
    while "更多" in said[-1]:
        said.append(await say(house, "律师甲", "更多"))

    shown = "\n".join(said)
    entry = knowledge().entries[ENTRY]
    for piece in (*[fact.say[:40] for fact in entry.facts], *entry.citations, *entry.next):
        assert piece[:12] in shown
    assert "本条文字很特别。" in shown
    assert "和核对时不一样" in shown
    assert "冻结（法条有变化）" in shown


async def test_the_basis_shows_the_text_where_it_was_loaded(house: House) -> None:
    without = await say(house, "居民甲", ASKED) and await say(house, "居民甲", "依据")
    await load(house, replace(an_article("本条文字很特别。"), number=577))
    await say(house, "律师甲", f"解冻 {ENTRY} 已核对")

    await say(house, "居民甲", ASKED)
    loaded = await say(house, "居民甲", "依据")

    assert "1. 民法典第944条（《中华人民共和国民法典》" in without
    assert "核对" in without
    assert "2. 民法典第577条" in loaded
    assert "本条文字很特别。（您看到的是新文本" in loaded


async def test_holding_back_needs_a_reason_and_is_told(house: House) -> None:
    await say(house, "居民甲", ASKED)

    bare = await say(house, "书记甲", f"冻结 {ENTRY}")
    done = await say(house, "书记甲", f"冻结 {ENTRY} 第二款说得不清楚")
    twice = await say(house, "书记甲", f"冻结 {ENTRY} 再来一次")

    assert "为什么冻结" in bare
    assert "1 位问过的居民" in done
    assert "已经冻结" in twice
    assert sorted(to for to, _ in await house.delivered()) == ["居民甲", "律师甲"]
    assert [event.kind for event in await history(house)] == [
        EntryEventKind.SHIPPED,
        EntryEventKind.FROZEN,
    ]


def rewritten(**change: object) -> Knowledge:
    """The knowledge of a later release in which one answer was written anew."""
    entries = dict(knowledge().entries)
    entries[ENTRY] = replace(entries[ENTRY], **change)  # type: ignore[arg-type]
    return Knowledge(Matcher.load().over(entries), knowledge().law)


async def start(house: House, shipped: Knowledge) -> None:
    """Start a worker with this release."""
    await house.store.run(lambda tx: changes.settle(tx, shipped))
    house.current = Current(shipped)
    await house.current.refresh(house.store, house.clock())


async def test_a_new_text_is_noticed_at_start_and_its_askers_are_told_once(house: House) -> None:
    await say(house, "居民甲", ASKED)
    release = rewritten(short="新的结论。")

    await start(house, knowledge())
    before = await house.delivered()
    await start(house, release)
    told = await house.delivered()
    await start(house, release)

    assert before == []
    [(to, text)] = told
    assert to == "居民甲"
    assert "更新了" in text
    assert await house.delivered() == []


@pytest.mark.parametrize("change", [{"phrasings": ("换个问法",)}, {"keywords": "别的词"}])
async def test_other_ways_of_asking_are_no_new_answer(
    house: House, change: dict[str, object]
) -> None:
    await say(house, "居民甲", ASKED)

    await start(house, rewritten(**change))

    assert await house.delivered() == []


async def test_of_a_frozen_answer_its_askers_hear_the_news_when_it_is_freed(house: House) -> None:
    await say(house, "居民甲", ASKED)
    await load(house, an_article())
    await house.delivered()

    await start(house, rewritten(short="新的结论。"))
    while_frozen = await house.delivered()
    await house.store.run(_free)

    assert while_frozen == []
    assert [to for to, text in await house.delivered() if "更新了" in text] == ["居民甲"]


def _free(tx: Transaction) -> None:
    changes.thaw(tx, rewritten(short="新的结论。").entries[ENTRY], state_of(tx, ENTRY), "x" * 64, 1)


async def test_lawyers_see_the_end_of_answers_coming_once_a_week(house: House) -> None:
    last = knowledge().entries[ENTRY].valid_until
    house.clock.now = house.clock.now.replace(year=last.year, month=last.month, day=10)
    for _ in range(3):
        await house.store.run(lambda tx: changes.warn_of_expiry(tx, knowledge()))

    told = await house.delivered()

    assert [to for to, _ in told] == ["律师甲"]
    assert f"{last.month} 月 {last.day} 日" in told[0][1]


async def test_a_street_without_a_lawyer_tells_its_staff(tmp_path: Path) -> None:
    house = House(tmp_path)
    await house.settle()

    await load(house, an_article())

    assert [to for to, _ in await house.delivered()] == ["街道调度群"]
    house.store.close()


@pytest.mark.parametrize(
    "statement", ["UPDATE entry_events SET kind = 'signed'", "DELETE FROM entry_events"]
)
async def test_history_cannot_be_rewritten(house: House, statement: str) -> None:
    def rewrite(tx: Transaction) -> None:
        tx.reading().exec_driver_sql(statement)

    with pytest.raises(DBAPIError, match="append-only"):
        await house.store.run(rewrite)


async def test_a_copy_that_is_right_again_frees_nothing_by_itself(house: House) -> None:
    right = Text("示范法", "示范法", 1, 0, "为了示范。", "2020", False)
    law = LawIndex([LawFile("示范法", "示范法", "2020", True, "现行有效", {1: right.sha256})])
    entries = {ENTRY: replace(knowledge().entries[ENTRY], citations=("示范法第1条",))}
    shipped = Knowledge(Matcher.load().over(entries), law)
    wrong = replace(right, text="为了别的。")
    await house.store.run(lambda tx: changes.take_over(tx, shipped, [wrong]))
    await house.store.run(lambda tx: changes.take_over(tx, shipped, [right]))

    overlay = await house.store.run(lambda tx: overlay_of(tx, law))

    assert set(overlay.frozen) == {ENTRY}
    assert overlay.articles == {}
