"""How a text is written is told from its characters, and what we say can be written otherwise."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge.english import ENGLISH, English
from knowledge.overlay import Overlay, Withheld
from knowledge.writing import Writing, simplified, to_traditional, writing_of
from tests.houses import knowledge

TRADITIONAL, SIMPLIFIED, LATIN = Writing.TRADITIONAL, Writing.SIMPLIFIED, Writing.LATIN


@pytest.mark.parametrize(
    ("text", "writing"),
    [
        ("物業費可以不交嗎", TRADITIONAL),
        ("3棟電梯壞了", TRADITIONAL),
        ("物业费可以不交吗", SIMPLIFIED),
        ("我叫陳大文，电梯坏了，请来修", SIMPLIFIED),
        ("wifi 密码 is what", SIMPLIFIED),
        ("妳好", None),
        ("你好", None),
        ("1", None),
        ("A3-501", None),
        ("hello", None),
        ("OK", None),
        ("/start", None),
        ("can I refuse to pay the fee?", LATIN),
        ("bonjour, je voudrais savoir", LATIN),
        ("", None),
    ],
)
def test_the_characters_tell(text: str, writing: Writing | None) -> None:
    assert writing_of(text) is writing


def test_what_is_chosen_from_can_be_typed_back() -> None:
    """Law: a label or a title in traditional characters, made simple again, is what it was."""
    entries = knowledge().entries.values()
    labels = [label for e in entries for t in e.tell_apart for label in (t.this, t.that)]
    shown = [*(e.title for e in entries), *labels]
    changed = [text for text in shown if simplified(to_traditional(text)) != text]

    assert len(changed) <= len(shown) // 100


@given(st.text(max_size=50))
def test_made_simple_twice_is_made_simple_once_and_keeps_every_place(text: str) -> None:
    once = simplified(text)

    assert simplified(once) == once
    assert len(once) == len(text)


@pytest.fixture(scope="module")
def english() -> English:
    return English.load()


@pytest.mark.parametrize(
    ("text", "entry"),
    [
        ("Can I refuse to pay the property fee?", "fee-dissatisfied"),
        ("my house is empty, must I pay the management fee", "fee-vacant"),
        ("The ceiling is leaking, it comes from my upstairs neighbour", "leak-upstairs"),
        ("My landlord won\u2019t return my deposit", "rent-deposit"),
        ("a dog bit my son, who pays?", "dog-bite"),
        ("can I charge my e-bike in the hallway", "ebike-hallway"),
        ("How many owners must agree to install an elevator?", "lift-vote"),
    ],
)
def test_a_question_in_english_finds_its_answer(english: English, text: str, entry: str) -> None:
    found = english.find(text)

    assert found is not None
    assert found.entry == entry


@pytest.mark.parametrize(
    "text",
    [
        "Where can I buy milk?",
        "my boss does not pay my salary",
        "Can I divorce my wife?",
        "what is the weather today",
        "I want to rent a car early",
        "The elevator in building 3 is broken",
        "x" * 2000,
    ],
)
def test_what_is_not_certain_has_no_english_answer(english: English, text: str) -> None:
    assert english.find(text) is None


def test_an_answer_that_may_not_be_given_is_not_given_in_english_either() -> None:
    text = "Can I refuse to pay the property fee?"
    overlay = Overlay(frozen={"fee-dissatisfied": Withheld.LAW_CHANGED})

    assert knowledge().read(text).english is not None
    assert knowledge().under(overlay, date(2026, 11, 25)).read(text).english is None


def test_every_english_answer_belongs_to_an_entry_and_fits_into_one_message(
    english: English,
) -> None:
    entries = knowledge().entries

    assert ENGLISH.exists()
    assert len(english.answers) >= 25
    assert all(one.entry in entries for one in english.answers)
    assert all(len(one.answer) <= 300 and one.answer.isascii() for one in english.answers)
    assert len({one.entry for one in english.answers}) == len(english.answers)
