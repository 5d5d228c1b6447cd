"""Two entries that look alike are told apart by one question, and only when that is needed."""

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge.entries import Entry, TellApart
from knowledge.look_alikes import NEAR, Fork, chosen_in_words, to_tell_apart
from knowledge.matcher import Candidate, Decision, Match
from tests.houses import knowledge

ASK = "您不想交，是因为服务没做好，还是因为房子没住人？"
FORK = Fork(ASK, (("服务没做好", "bad"), ("房子没住人", "empty")))


def an_entry(name: str, *told: TellApart) -> Entry:
    day = date(2026, 11, 25)
    return Entry(name, "", name, (), "", "", (), (), (), "none", told, "national", day, "", day, 1)


ENTRIES = {
    "bad": an_entry("bad", TellApart("empty", ASK, "服务没做好", "房子没住人")),
    "empty": an_entry("empty"),
    "other": an_entry("other"),
}


def a_match(decision: Decision, *candidates: tuple[str, float]) -> Match:
    return Match(
        decision, candidates[0][1], tuple(Candidate(name, sure, ()) for name, sure in candidates)
    )


@pytest.mark.parametrize(
    "match",
    [
        a_match(Decision.OFFER, ("bad", 0.5), ("empty", 0.2), ("other", 0.1)),
        a_match(Decision.ANSWER, ("bad", 0.88), ("empty", NEAR)),
    ],
)
def test_near_look_alikes_are_told_apart_by_their_question(match: Match) -> None:
    assert to_tell_apart(match, ENTRIES) == FORK


def test_it_does_not_matter_which_of_the_two_names_the_other() -> None:
    match = a_match(Decision.OFFER, ("empty", 0.5), ("bad", 0.2))

    assert to_tell_apart(match, ENTRIES) == FORK


@pytest.mark.parametrize(
    "match",
    [
        a_match(Decision.ANSWER, ("bad", 0.97), ("empty", NEAR / 2)),
        a_match(Decision.OFFER, ("bad", 0.5), ("other", 0.2), ("empty", 0.1)),
        a_match(Decision.OFFER, ("bad", 0.5)),
        a_match(Decision.HANDOVER, ("bad", 0.1), ("empty", 0.1)),
        a_match(Decision.DECLINE, ("bad", 0.1), ("empty", 0.1)),
        Match(Decision.DECLINE, 0.0, ()),
    ],
)
def test_nobody_is_asked_needlessly(match: Match) -> None:
    assert to_tell_apart(match, ENTRIES) is None


def test_every_shipped_question_leads_to_two_entries_and_fits_on_buttons() -> None:
    entries = knowledge().entries
    for entry in entries.values():
        for told in entry.tell_apart:
            match = a_match(Decision.OFFER, (entry.id, 0.5), (told.other, 0.2))
            fork = to_tell_apart(match, entries)
            assert fork is not None
            assert fork.ask == told.ask
            assert {name for _, name in fork.branches} == {entry.id, told.other}
            assert all(1 <= len(label) <= 14 for label, _ in fork.branches)


@pytest.mark.parametrize(
    ("said", "labels", "chosen"),
    [
        ("没住人", ("服务没做好", "房子没住人"), 1),
        ("没有人住的", ("服务没做好", "房子没住人"), 1),
        ("服务不好", ("服务没做好", "房子没住人"), 0),
        ("房东", ("我是租客", "我是房东"), 1),
        ("我是租客啊", ("我是租客", "我是房东"), 0),
        ("没有伤到", ("没有伤到人", "已经伤到人"), 0),
        ("联系不到", ("联系不上", "联系得上"), 0),
        ("有人住", ("上面是屋顶", "上面有住户"), 1),
        ("房子沒住人", ("服务没做好", "房子没住人"), 1),
        ("伤到人", ("没有伤到人", "已经伤到人"), None),
        ("物业费能不能少交", ("服务没做好", "房子没住人"), None),
        ("楼上漏水谁赔", ("赔多少", "谁该赔"), None),
        ("我的积分", ("服务没做好", "房子没住人"), None),
        ("房子没住人" * 5, ("服务没做好", "房子没住人"), None),
        ("", ("服务没做好", "房子没住人"), None),
        ("没住人", (), None),
    ],
)
def test_a_choice_is_understood_in_words(
    said: str, labels: tuple[str, ...], chosen: int | None
) -> None:
    assert chosen_in_words(said, labels) == chosen


@given(st.text(max_size=30), st.lists(st.text(max_size=14), max_size=4))
def test_whatever_is_said_chooses_one_of_the_labels_or_none(said: str, labels: list[str]) -> None:
    chosen = chosen_in_words(said, labels)

    assert chosen is None or 0 <= chosen < len(labels)


def test_the_label_itself_chooses_it() -> None:
    """Law: whoever repeats a label means it, for every shipped pair whose labels differ enough."""
    unclear = []
    for entry in knowledge().entries.values():
        for told in entry.tell_apart:
            labels = (told.this, told.that)
            unclear += [
                label for n, label in enumerate(labels) if chosen_in_words(label, labels) != n
            ]

    # The router takes a label that is repeated word for word before it asks here.
    assert len(unclear) <= 0.02 * sum(2 * len(e.tell_apart) for e in knowledge().entries.values())


def test_an_entry_may_name_no_look_alike() -> None:
    alone = {"bad": replace(ENTRIES["bad"], tell_apart=()), "empty": ENTRIES["empty"]}

    assert to_tell_apart(a_match(Decision.OFFER, ("bad", 0.5), ("empty", 0.2)), alone) is None
