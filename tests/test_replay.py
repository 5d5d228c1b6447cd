"""Before a phrasing is published everything known is asked again; what suffers is named."""

from dataclasses import replace

import pytest

from knowledge.matcher import Decision, Matcher
from knowledge.overlay import Overlay, Withheld
from knowledge.replay import Case, Level, Moved, Outcome, level, replay
from tests.houses import small_knowledge
from tests.stores import NOON

TODAY = NOON.date()
MACHINE = "岗亭旁边那台卖水的机器赚的钱有没有我们一份"
ENTRY = "income-owner"
OTHER = "fund-transfer"
OUTSIDE = 455
"""Sentences of outside.json."""


def test_a_good_phrasing_harms_nothing() -> None:
    outcome = small_knowledge().rehearse(Case(MACHINE, "income-owner"), [])

    assert outcome.is_good
    assert outcome.suffered == ()
    phrasings = sum(len(entry.phrasings) for entry in small_knowledge().entries.values())
    assert outcome.asked == phrasings + OUTSIDE


def test_a_phrasing_that_takes_a_question_from_its_entry_is_found_out() -> None:
    theirs = small_knowledge().entries["neigh-oil-smoke"].phrasings[0]

    outcome = small_knowledge().rehearse(Case(theirs, OTHER), [Case(theirs, "neigh-oil-smoke")])

    worst = min(outcome.suffered, key=lambda one: one.after)
    assert worst.case == Case(theirs, "neigh-oil-smoke")
    assert (worst.after, worst.instead) == (Level.WRONG, OTHER)


def test_a_phrasing_is_no_witness_for_itself() -> None:
    """Each is asked while it is left out: else it would find itself, whatever becomes of it."""
    shipped = Matcher.load()
    [only, *_] = shipped.entries[ENTRY].phrasings
    bare = replace(
        shipped.entries[ENTRY], title="", keywords="", short="", facts=(), phrasings=(only,)
    )
    others = {name: shipped.entries[name] for name in (OTHER, "noise-upstairs", "gas-leak")}
    before = shipped.over({**others, ENTRY: bare})
    after = shipped.over({**others, ENTRY: replace(bare, phrasings=())})
    assert level(before.match(only), ENTRY) > level(after.match(only), ENTRY)

    outcome = replay(before, after, [])

    assert only not in {one.case.text for one in outcome.suffered}


def test_a_phrasing_that_answers_what_is_not_ours_is_found_out() -> None:
    outcome = small_knowledge().rehearse(Case("给我讲个笑话", "income-owner"), [])

    assert not outcome.is_good
    [joke] = [one for one in outcome.suffered if one.case.text == "给我讲个笑话"]
    assert (joke.before, joke.after, joke.instead) == (Level.RIGHT, Level.WRONG, ENTRY)


def test_what_residents_called_a_good_answer_stays_one() -> None:
    asked = small_knowledge().entries[ENTRY].phrasings
    liked = next(text for text in asked if level(small_knowledge().read(text).match, ENTRY) > 2)

    outcome = small_knowledge().rehearse(Case(liked, OTHER), [Case(liked, ENTRY)])

    assert Case(liked, ENTRY) in {one.case for one in outcome.suffered}


@pytest.mark.parametrize(
    ("asked", "suffered", "weaker", "stronger", "good"),
    [
        (4000, 0, 0, 0, True),
        (4000, 1, 0, 9, False),
        (4000, 0, 4, 0, True),
        (4000, 0, 5, 0, False),
        (4000, 0, 5, 1, True),
        (10, 0, 1, 0, True),
    ],
)
def test_nothing_may_turn_wrong_and_little_less_sure(
    asked: int, suffered: int, weaker: int, stronger: int, good: bool
) -> None:
    lost = Moved(Case("问", ENTRY), Level.RIGHT, Level.WRONG, OTHER)
    less = Moved(Case("问", ENTRY), Level.RIGHT, Level.OFFERED, ENTRY)

    outcome = Outcome(asked, (lost,) * suffered, (less,) * weaker, stronger)

    assert outcome.is_good is good


def test_a_published_phrasing_is_answered_in_any_writing() -> None:
    before = small_knowledge()
    after = before.under(Overlay(phrasings=(("income-owner", MACHINE),)), TODAY)

    assert before.read(MACHINE).match.decision is not Decision.ANSWER
    for said in (MACHINE, f"请问{MACHINE}？", MACHINE.replace("卖", "賣").replace("机", "機")):
        match = after.read(said).match
        assert (match.decision, match.candidates[0].entry) == (Decision.ANSWER, "income-owner")


def test_nothing_laid_over_the_shipped_knowledge_changes_nothing() -> None:
    under = small_knowledge().under(Overlay(), TODAY)

    assert under.read(MACHINE).match == small_knowledge().read(MACHINE).match


def test_a_phrasing_of_an_entry_that_is_gone_is_left_out() -> None:
    overlay = Overlay(phrasings=(("gone", MACHINE),))

    knowledge = small_knowledge().under(overlay, TODAY)

    assert knowledge.entries == small_knowledge().entries
    assert knowledge.read(MACHINE).match == small_knowledge().read(MACHINE).match


def test_a_published_phrasing_of_a_frozen_entry_is_not_answered() -> None:
    overlay = Overlay(frozen={ENTRY: Withheld.HELD_BACK}, phrasings=((ENTRY, MACHINE),))

    knowledge = small_knowledge().under(overlay, TODAY)

    assert not knowledge.is_given(ENTRY)
    assert knowledge.read(MACHINE).match.decision is Decision.HANDOVER
