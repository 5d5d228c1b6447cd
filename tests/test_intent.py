"""What somebody wants is told from how people really ask for it."""

import json
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge.hashed import BUCKETS, buckets_of, load_hashed, tidy
from knowledge.hashed_learning import written_sentences
from knowledge.intent import MODEL, Intent, classify
from knowledge.intent_training import SENTENCES
from tests.conftest import SHARED_ABSENT
from tests.reading_data import emergencies, intents

HELD_OUT = intents()
"""Sentences no model was trained on."""
SHARED = Path(__file__).parents[2] / "shared"
ANYTHING = st.text(st.characters(), max_size=200)


def test_no_held_out_sentence_was_trained_on() -> None:
    written = {text for texts in written_sentences(SENTENCES).values() for text in texts}

    assert not written & {text for texts in HELD_OUT.values() for text in texts}


def test_the_model_knows_every_intent_but_the_emergency() -> None:
    assert set(load_hashed(MODEL).labels) == set(Intent) - {Intent.EMERGENCY}
    assert set(HELD_OUT) == set(Intent) - {Intent.EMERGENCY}


def test_held_out_sentences_are_told_apart() -> None:
    right = {
        intent: [classify(text).intent == intent for text in texts]
        for intent, texts in HELD_OUT.items()
    }

    assert sum(map(sum, right.values())) / sum(map(len, right.values())) >= 0.96
    assert min(sum(one) / len(one) for one in right.values()) >= 0.8


@pytest.mark.parametrize(
    ("text", "intent"),
    [
        ("三栋二单元电梯坏了", Intent.REPAIR),
        ("電梯壞了", Intent.REPAIR),
        ("电梯坏了谁出钱修？", Intent.FAQ),
        ("报修三天了没人来", Intent.COMPLAINT_URGE),
        ("我报的修到哪一步了", Intent.TICKET_STATUS),
        ("我的报修", Intent.TICKET_STATUS),
        ("我要报修", Intent.REPAIR),
        ("报修", Intent.REPAIR),
        ("我的积分", Intent.POINTS_BALANCE),
        ("积分能换什么", Intent.POINTS_REDEEM),
        ("有什么班", Intent.SHIFT_LIST),
        ("我的班", Intent.SHIFT_LIST),
        ("我要报名夜间巡逻", Intent.SHIFT_SIGNUP),
        ("明天的班我去不了", Intent.SHIFT_CANCEL),
        ("人工", Intent.HUMAN),
        ("谁能借我一个梯子", Intent.MUTUAL_AID),
        ("建议在门口装个减速带", Intent.PROPOSAL),
        ("你好", Intent.GREETING),
        ("谢谢", Intent.GREETING),
        ("今天天气怎么样", Intent.OTHER),
        ("离婚房子怎么分", Intent.FAQ),
        ("怎么预防煤气中毒", Intent.FAQ),
        ("着火了", Intent.EMERGENCY),
        ("", Intent.OTHER),
        ("。。。", Intent.OTHER),
    ],
)
def test_what_the_contract_names_is_understood(text: str, intent: Intent) -> None:
    assert classify(text).intent is intent


@pytest.mark.parametrize("texts", emergencies().alarms.values(), ids=emergencies().alarms)
def test_every_alarm_is_an_emergency(texts: list[str]) -> None:
    assert {classify(text).intent for text in texts} == {Intent.EMERGENCY}


def test_a_command_is_no_emergency() -> None:
    assert classify("/help").intent is not Intent.EMERGENCY


def test_confidence_is_worth_what_it_says() -> None:
    """Of the held-out sentences read with more than 0.9, at least nine in ten are right."""
    guesses = [(classify(text), intent) for intent, texts in HELD_OUT.items() for text in texts]
    sure = [guess.intent == intent for guess, intent in guesses if guess.confidence > 0.9]

    assert len(sure) > len(guesses) / 2
    assert sum(sure) / len(sure) >= 0.9


@given(ANYTHING)
def test_no_text_breaks_it(text: str) -> None:
    """Law: any text gives an intent with a probability, the same every time."""
    guess = classify(text)

    assert 0 <= guess.confidence <= 1
    assert classify(text) == guess


@given(ANYTHING)
def test_tidying_twice_equals_once(text: str) -> None:
    """Law: what the model sees of a tidied text is that text."""
    assert tidy(tidy(text)) == tidy(text)


@given(ANYTHING)
def test_every_bucket_has_a_weight(text: str) -> None:
    """Law: a text never points outside the weights."""
    assert int(buckets_of(tidy(text)).max()) < BUCKETS


@pytest.mark.parametrize("unit", ["着火", "电梯坏了", "0", "他打我", "a", "\ud800", "\x00"])
def test_a_hundred_thousand_characters_take_a_moment(unit: str) -> None:
    text = (unit * 100_000)[:100_000]
    classify(text)

    started = time.process_time()
    classify(text)

    assert time.process_time() - started < 1


def test_many_threads_read_the_same() -> None:
    texts = [text for texts in HELD_OUT.values() for text in texts[:5]]

    with ThreadPoolExecutor(8) as pool:
        together = list(pool.map(classify, texts * 5))

    assert together == [classify(text) for text in texts] * 5


@pytest.mark.skipif(not SHARED.is_dir(), reason=SHARED_ABSENT)
def test_residents_complaints_are_questions_of_law() -> None:
    lines = (SHARED / "eval" / "faq_dev.jsonl").read_text(encoding="utf-8").splitlines()
    read = [classify(json.loads(line)["text"]).intent for line in lines]

    assert read.count(Intent.FAQ) / len(read) >= 0.96
