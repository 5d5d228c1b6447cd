"""The matcher answers, offers, declines or calls a person, and is honest about how sure it is."""

import time
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from itertools import islice
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge.entries import Entry, load_entries
from knowledge.matcher import Decision, Matcher
from knowledge.model import MODEL
from knowledge.training import train
from knowledge.training_texts import read_sources

ANY_TEXT = st.text(st.characters(codec=None, categories=None), max_size=300)


@pytest.fixture(scope="module")
def matcher() -> Matcher:
    """Return the matcher as it is shipped."""
    return Matcher.load()


def test_an_entry_is_found_by_its_own_title(matcher: Matcher) -> None:
    found = [
        matcher.match(entry.title).candidates[0].entry == name
        for name, entry in matcher.entries.items()
    ]

    assert sum(found) >= 0.97 * len(found)


@pytest.mark.parametrize(
    ("text", "entry"),
    [
        ("物业服务太差，我可以不交物业费吗", "fee-dissatisfied"),
        ("樓上漏水把我家天花板泡壞了，誰來賠", "leak-upstairs"),
        ("动用维修资金要几多业主同意", "fund-vote"),
        ("有人从楼上扔瓶子砸到人了，找不到是哪个扔的么办", "throw-unknown"),
    ],
)
def test_a_plain_question_is_answered_or_offered(matcher: Matcher, text: str, entry: str) -> None:
    match = matcher.match(text)

    assert match.decision in {Decision.ANSWER, Decision.OFFER}
    assert entry in {candidate.entry for candidate in match.candidates}


@pytest.mark.parametrize(
    "text",
    [
        "今天天气怎么样",
        "给我讲个笑话",
        "哈哈哈",
        "帮我订一张去北京的火车票",
        "",
        "？？？",
        "\ud800",
    ],
)
def test_chatter_is_declined(matcher: Matcher, text: str) -> None:
    match = matcher.match(text)

    assert match.decision == Decision.DECLINE
    assert len(match.candidates) == 3


@pytest.mark.parametrize(
    "text",
    [
        "公司拖欠我三个月工资怎么办",
        "离婚了孩子归谁抚养",
        "借钱给朋友他不还能起诉吗",
        "酒驾会判多久",
    ],
)
def test_other_law_is_not_answered(matcher: Matcher, text: str) -> None:
    assert matcher.match(text).decision != Decision.ANSWER


@given(text=ANY_TEXT)
def test_any_text_gets_three_candidates_in_order(matcher: Matcher, text: str) -> None:
    """Never raises; confidence is a probability, falls, and is that of the first candidate."""
    match = matcher.match(text)

    confidence = [candidate.confidence for candidate in match.candidates]
    assert len(confidence) == 3
    assert confidence == sorted(confidence, reverse=True)
    assert all(0 <= one <= 1 for one in confidence)
    assert match.confidence == confidence[0]
    assert all(1 <= len(candidate.citations) <= 6 for candidate in match.candidates)


COMPLAINT = (
    "我们小区楼下开了一家烧烤店，每天晚上油烟直接飘到楼上，窗户都不敢开，找过社区和城管好多次，"
    "每次来看一下就走了，请问这种情况到底该归哪个部门管，能不能让他们搬走？"
)
WRITTEN = ANY_TEXT | st.sampled_from(
    [
        COMPLAINT, COMPLAINT * 3, "", "\n", "物业费", "楼上漏水把我家天花板泡坏了谁来赔",
        "遛狗不牵绳有人管吗", "哈哈哈", "公司拖欠工资怎么办", "停车位能不能只卖不租",
    ]
)  # fmt: skip


@given(st.lists(WRITTEN, max_size=40))
def test_texts_read_together_are_answered_as_each_alone(matcher: Matcher, texts: list[str]) -> None:
    assert matcher.match_all(texts) == [matcher.match(text) for text in texts]


def test_threads_may_share_a_matcher(matcher: Matcher) -> None:
    texts = [entry.phrasings[0] for entry in islice(matcher.entries.values(), 60)]
    alone = [matcher.match(text) for text in texts]

    with ThreadPoolExecutor(4) as pool:
        together = list(pool.map(matcher.match, texts * 3))

    assert together == alone * 3


def test_a_hundred_thousand_characters_are_read_in_bounded_time(matcher: Matcher) -> None:
    begun = time.process_time()
    matcher.match("楼上漏水" * 25_000)

    assert time.process_time() - begun < 2


def test_the_model_on_disk_is_small() -> None:
    assert sum((MODEL / name).stat().st_size for name in ("arrays.npz", "model.json")) < 12e6


def some_entries() -> Mapping[str, Entry]:
    """Return a few entries: enough to learn from in seconds."""
    return dict(islice(load_entries().items(), 16))


def test_a_model_is_learned_without_any_extra_text(tmp_path: Path) -> None:
    entries = some_entries()

    model = train(entries, read_sources([]), lambda _step: None)
    model.save(tmp_path)

    matcher = Matcher.load(model=tmp_path)
    assert set(model.numbers.learned_from) == {
        "entries", "lay.jsonl", "complaints.jsonl", "vague.json",
    }  # fmt: skip
    asked = [entry.phrasings[0] for entry in entries.values()]
    found = [matcher.match(text).candidates[0].entry for text in asked]
    right = sum(one == name for one, name in zip(found, entries, strict=True))
    assert right >= 0.6 * len(asked)
    assert matcher.match("今天天气怎么样").decision == Decision.DECLINE
