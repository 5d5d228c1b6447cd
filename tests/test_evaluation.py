"""`xiaoer eval` measures what `xiaoer ask` says, and says how sure the figures are."""

import json
import random
from pathlib import Path

import pytest
from msgspec.structs import replace
from typer.testing import CliRunner

from bot.cli import app
from bot.commands.answering import Answering
from bot.config import Config
from knowledge.evaluation import (
    Answer,
    Question,
    Share,
    Shown,
    auroc,
    calibration_error,
    figures,
    judge,
    judged,
    macro_f1,
    read_questions,
)
from knowledge.training_texts import fold_of

OWN = Path(__file__).parent / "data" / "eval"
"""Questions of our own that nothing was trained on."""


@pytest.fixture(scope="module")
def answering() -> Answering:
    """Return what `xiaoer ask` asks."""
    return Answering.load(Config().facts())


def test_figures_count_hits_on_key_articles_only(answering: Answering) -> None:
    entry = answering.knowledge.entries["fee-dissatisfied"]
    right = Question("a", entry.title, (entry.citations[0],))
    wrong = Question("b", entry.title, ("民法典第1条",))
    unlabelled = Question("c", "今天天气怎么样")

    found = figures(judge(answering.line, [right, wrong, unlabelled]))

    assert found.questions == 3
    assert found.hit_first == found.hit_three == Share(1, 2)
    assert found.answered_or_offered == Share(2, 3)


def test_a_candidate_with_more_than_six_citations_is_a_miss() -> None:
    articles = tuple(f"民法典第{number}条" for number in range(7))
    question = Question("a", "问", articles[:1])

    [too_many, fitting] = [
        judged(question, Answer("faq", "answer", 1.0, (Shown("x", 1.0, cited),)))
        for cited in (articles, articles[:6])
    ]

    assert not too_many.first
    assert fitting.first


def test_an_entry_may_be_the_label(answering: Answering) -> None:
    entry = answering.knowledge.entries["dog-bite"]

    [one] = judge(answering.line, [Question("a", entry.title, entries=("dog-bite",))])

    assert one.first


def test_shares_come_with_an_interval() -> None:
    low, high = Share(8, 10).interval

    assert 0.4 < low < 0.8 < high < 1
    assert Share(0, 0).value == 0


def test_calibration_error_and_auroc_of_known_cases() -> None:
    assert calibration_error([(0.75, True), (0.75, True), (0.75, True), (0.75, False)]) == 0
    assert calibration_error([(1.0, False)]) == 1
    assert auroc([0.9, 0.8], [0.1, 0.8]) == 0.875


def test_macro_f1_weighs_each_wish_the_same() -> None:
    pairs = [("repair", "repair")] * 9 + [("human", "repair")]

    assert macro_f1(pairs) == pytest.approx((18 / 19 + 0) / 2)


def test_folds_do_not_change() -> None:
    """The reporting fold must stay the same, or tuning would leak into it."""
    folds = [fold_of(f"row-{number}") for number in range(8)]

    assert folds == ["tune", "tune", "report", "tune", "tune", "tune", "report", "tune"]


def test_the_command_prints_tables_and_writes_the_misses(tmp_path: Path) -> None:
    rows = [
        {"id": "1", "text": "楼上漏水把我家泡了", "key": ["民法典第1条"], "kind": "question"},
        {"id": "2", "text": "<b>今天天气</b>", "split": "ood_chat"},
        {"id": "3", "text": "电梯坏了", "intent": "human"},
    ]
    file, page = tmp_path / "asked.jsonl", tmp_path / "report.html"
    file.write_text("\n".join(map(json.dumps, rows)), encoding="utf-8")

    result = CliRunner().invoke(app, ["eval", str(file), "--html", str(page)])

    assert result.exit_code == 0, result.output
    assert result.output.count("## ") == 3
    written = page.read_text("utf-8")
    assert "楼上漏水把我家泡了" in written
    assert "电梯坏了" in written
    assert "<b>" not in written


@pytest.mark.parametrize("line", ["{", '{"id": 1}', "[]"])
def test_a_file_of_something_else_is_refused_in_a_sentence(tmp_path: Path, line: str) -> None:
    file = tmp_path / "asked.jsonl"
    file.write_text(line, encoding="utf-8")

    result = CliRunner().invoke(app, ["eval", str(file)])

    assert result.exit_code == 2
    assert "asked.jsonl" in result.output


def test_our_own_questions_reach_the_bars(answering: Answering) -> None:
    found = figures(judge(answering.line, read_questions(OWN / "questions.jsonl")))

    assert found.hit_first.value >= 0.88
    assert found.hit_three.value >= 0.96
    assert found.answers_right.value >= 0.93
    assert found.answered_or_offered.value >= 0.9


@pytest.mark.parametrize(
    ("split", "answered", "offered"),
    [("ood_own_law", 0.05, 0.2), ("ood_own_chat", 0.0, 0.1), ("ood_own_office", 0.12, 0.3)],
)
def test_what_is_not_ours_is_not_answered(
    split: str, answered: float, offered: float, answering: Answering
) -> None:
    asked = [one for one in read_questions(OWN / "outside.jsonl") if one.split == split]

    found = figures(judge(answering.line, asked))

    assert found.questions >= 40
    assert found.answered.value <= answered
    assert found.answered_or_offered.value <= offered


def test_talk_around_a_matter_does_not_hide_it(answering: Answering) -> None:
    around: list[str] = json.loads((OWN / "around.json").read_text("utf-8"))
    luck = random.Random(17)
    questions = read_questions(OWN / "questions.jsonl")
    told = [replace(one, text=_told(one.text, around, luck)) for one in questions]

    found = figures(judge(answering.line, told))

    assert found.hit_first.value >= 0.8


def _told(text: str, around: list[str], luck: random.Random) -> str:
    """Return `text` as people write to an office: in 300 characters of talk."""
    talk = luck.sample(around, len(around))
    before: list[str] = []
    after: list[str] = []
    while talk and len("，".join([*before, text, *after])) < 300:
        luck.choice((before, after)).append(talk.pop())
    return "，".join([*before, text, *after])
