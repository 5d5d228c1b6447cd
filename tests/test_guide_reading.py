"""Questions about the street itself are heard; legal questions and reports are not among them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge.guide import GuideKind, Utility, best_named, read_guide, stopped_in
from knowledge.intent import Intent
from knowledge.matcher import Decision
from tests.houses import knowledge

OFFICE, SERVICE, OUTAGE = GuideKind.OFFICE, GuideKind.SERVICE, GuideKind.OUTAGE


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("居委会几点上班", OFFICE),
        ("党群驿站电话是多少", OFFICE),
        ("社区电话多少", OFFICE),
        ("物业电话几多", OFFICE),
        ("街道办在哪里", OFFICE),
        ("建港社区居委会周六开门吗", OFFICE),
        ("今天上班吗", OFFICE),
        ("国庆节社区上班吗", OFFICE),
        ("派出所电话", OFFICE),
        ("社區電話多少", OFFICE),
        ("办居住证明带什么", SERVICE),
        ("老年证怎么办理", SERVICE),
        ("高龄津贴需要什么材料", SERVICE),
        ("社保卡在哪里办", SERVICE),
        ("为什么停水", OUTAGE),
        ("今天停电吗", OUTAGE),
        ("停水了，什么时候来水", OUTAGE),
        ("冇得电么时候来电", OUTAGE),
        ("今天停不停气", OUTAGE),
    ],
)
def test_questions_about_the_street_are_heard(text: str, kind: GuideKind) -> None:
    guide = read_guide(text)

    assert guide is not None
    assert guide.kind is kind


@pytest.mark.parametrize(
    "text",
    [
        "物业停水停电催缴物业费合法吗",
        "物业可以断水断电吗",
        "停电把冰箱里东西放坏了，能索赔吗",
        "停水要提前通知吗",
        "居委会可以罚款吗",
        "物业公司在哪里公示收费",
        "物业电话打不通",
        "居委会不管怎么办",
        "社区不给开证明怎么办",
        "狗证怎么办",
        "我们小区停水了",
        "电梯没电了",
        "今天有什么班",
        "法律援助要带什么材料",
    ],
)
def test_law_reports_and_shifts_are_no_such_questions(text: str) -> None:
    assert read_guide(text) is None


def test_ways_of_asking_for_entries_are_not_taken_for_them() -> None:
    entries = knowledge().entries.values()
    asked = [text for entry in entries for text in (entry.title, *entry.phrasings)]
    taken = [text for text in asked if knowledge().read(text).guide is not None]

    assert len(taken) <= len(asked) // 1000, taken


@pytest.mark.parametrize(
    "text", ["居委会几点上班", "办居住证明带什么", "为什么停水", "社区电话多少"]
)
def test_no_entry_is_given_for_them(text: str) -> None:
    reading = knowledge().read(text)

    assert reading.intent is Intent.FAQ
    assert reading.match.decision is Decision.HANDOVER


def test_what_is_cut_off_is_named() -> None:
    assert stopped_in("我家停水停电了") == {Utility.WATER, Utility.POWER}
    assert stopped_in("家里没燃气了") == {Utility.GAS}
    assert stopped_in("楼道灯坏了") == frozenset()


def test_a_name_said_whole_beats_one_that_is_alike_and_a_longer_one_a_shorter() -> None:
    names = [["建港社区居委会", "居委会"], ["红建社区居委会", "居委会"], ["党群驿站"]]

    assert best_named("居委会几点上班", names) == [0, 1]
    assert best_named("红建社区居委会电话", names) == [1]
    assert best_named("党群亿站在哪", names) == [2]
    assert best_named("菜场在哪", names) == []


@given(st.text(max_size=60))
def test_anything_may_be_asked(text: str) -> None:
    read_guide(text)
    stopped_in(text)
