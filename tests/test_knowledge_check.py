"""`xiaoer knowledge check` finds what must not be in an answer."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import msgspec
import pytest

from bot.commands.inspection import knowledge_report
from knowledge.check import Report, check_entries
from knowledge.entries import EntriesError, Entry, Fact, TellApart, load_entries
from knowledge.law import LawFile, LawIndex
from knowledge.numbers import missing_numbers
from tests.conftest import SHARED_ABSENT

SHARED_LAW = Path(__file__).parents[2] / "shared" / "law"

LAW = LawIndex(
    [
        LawFile(
            "示范法", "中华人民共和国示范法", "2020", True, "现行有效", {1: "0" * 64, 2: "1" * 64}
        ),
        LawFile("旧法", "中华人民共和国旧法", "1990", False, "已废止", {1: "2" * 64}),
    ]
)


@pytest.fixture
def entry() -> Entry:
    """Return an entry without fault."""
    first = next(iter(load_entries().values()))
    return replace(
        first,
        id="demo-entry",
        short="三十日内答复。",
        phrasings=("几天答复", "多久给回信"),
        facts=(Fact("应当在 30 日内答复。", ("示范法第1条",)),),
        citations=("示范法第1条", "示范法第2条"),
        tell_apart=(),
        reviewed_by="",
    )


def check(*entries: Entry) -> Report:
    return check_entries({one.id: one for one in entries}, LAW)


def test_a_sound_entry_passes_and_what_was_not_checked_is_said(entry: Entry) -> None:
    report = check(entry)

    assert report.errors == []
    assert len(report.unchecked) == 2


@pytest.mark.parametrize(
    ("change", "complaint"),
    [
        ({"id": "Demo Entry"}, "the id"),
        ({"short": "长" * 121}, "121 characters"),
        ({"short": ""}, "0 characters"),
        ({"phrasings": ()}, "empty"),
        ({"escalate": "nobody"}, "escalate"),
        ({"scope": "global"}, "scope"),
        ({"reviewed_by": "张律师"}, "signature"),
        ({"citations": ()}, "0 citations"),
        ({"citations": ("示范法第1条",) * 7}, "7 citations"),
        ({"citations": ("示范法第1条", "示范法第1条")}, "stands twice"),
        ({"citations": ("示范法第1条", "示范法第99条")}, "not in the law index"),
        ({"citations": ("示范法第1条", "旧法第1条")}, "repealed"),
        ({"citations": ("示范法第2条",)}, "which is not cited"),
        ({"facts": (Fact("没有依据。", ()),)}, "rests on nothing"),
        ({"tell_apart": (TellApart("nowhere", "哪个？", "这个", "那个"),)}, "no other entry"),
        ({"tell_apart": (TellApart("demo-entry", "哪个？", "长" * 15, "那个"),)}, "15 characters"),
    ],
)
def test_each_fault_is_named(entry: Entry, change: dict[str, Any], complaint: str) -> None:
    report = check(replace(entry, **change))

    assert any(complaint in error for error in report.errors)


def test_a_signature_made_by_the_product_passes(entry: Entry) -> None:
    report = check(replace(entry, reviewed_by=f"lawyer-1 2026-11-23 {'a' * 64}"))

    assert report.errors == []


def test_a_phrasing_belongs_to_one_entry(entry: Entry) -> None:
    other = replace(entry, id="other", phrasings=("幾天答復", "别的问法"))

    report = check(entry, other)

    assert len(report.errors) == 1
    assert "demo-entry too" in report.errors[0]


def test_numbers_and_demanded_facts_are_held_against_the_law(entry: Entry, tmp_path: Path) -> None:
    article = {"law": "示范法", "short": "示范法", "version": "2020", "status": "现行有效"}
    texts = ({"article": 1, "text": "应当在三十日内答复。"}, {"article": 2, "text": "罚二百元。"})
    statutes = tmp_path / "statutes.jsonl"
    statutes.write_bytes(b"\n".join(msgspec.json.encode(article | one) for one in texts))
    topic = {"id": "demo-entry", "group": "", "escalate": entry.escalate}
    demands = ["应当在三十日内答复〔示范法第1条〕", "超过两年不再受理〔示范法第5条〕"]
    topics = tmp_path / "topics.json"
    topics.write_bytes(
        msgspec.json.encode([topic | {"must_say": demands}, topic | {"id": "x", "must_say": []}])
    )
    wrong = replace(entry, facts=(Fact("应当在 15 日内答复。", ("示范法第1条",)),))

    sound = check_entries({entry.id: entry}, LAW, statutes, topics)
    false = check_entries({wrong.id: wrong}, LAW, statutes)

    assert sound.unchecked == []
    assert [error.split(":")[0] for error in sound.errors] == ["demo-entry", "demo-entry", "x"]
    assert any("15 日" in error or "15日" in error for error in false.errors)


@pytest.mark.parametrize(
    ("fact", "article", "missing"),
    [
        ("过半数、三分之二同意", "应当经三分之二以上的业主", []),
        ("2/3 以上", "三分之二", []),
        ("罚款 500元", "五百元以下", []),
        ("罚款五千元", "五百元以下", ["五千元"]),
        ("两年内", "二年", []),
        ("百分之五", "5%", []),
        ("30%", "百分之三十", []),
        ("五日", "十五日", ["五日"]),
        ("由第三人承担", "", []),
    ],
)
def test_numbers_are_the_same_in_digits_and_in_words(
    fact: str, article: str, missing: list[str]
) -> None:
    assert missing_numbers(fact, article) == missing


def test_entry_files_name_their_faults(tmp_path: Path) -> None:
    (tmp_path / "broken.json").write_text('[{"id": 1}]', "utf8")

    with pytest.raises(EntriesError, match=r"broken\.json"):
        load_entries(tmp_path)


def test_the_shipped_entries_are_sound() -> None:
    report = check_entries(load_entries(), LawIndex.load())

    assert report.errors == []


def test_the_shipped_entries_hold_against_the_statutes_at_hand() -> None:
    if not SHARED_LAW.is_dir():
        pytest.skip(SHARED_ABSENT)

    report = check_entries(load_entries(), LawIndex.load(), SHARED_LAW / "statutes.jsonl")

    assert report.errors == []
    assert report.unchecked == ["must_say: topics.json"]


def test_the_command_says_what_it_could_not_check(tmp_path: Path) -> None:
    report = knowledge_report(tmp_path)

    assert report.errors == []
    assert [one.split(":")[0] for one in report.unchecked] == ["numbers", "must_say"]
