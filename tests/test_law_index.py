"""The law index knows which articles may be cited, and holds no statute text."""

from pathlib import Path

import msgspec
import pytest

from knowledge.build_law_index import build
from knowledge.law import INDEX, LawIndex, parse_citation, text_hash
from knowledge.statutes import read_statutes
from tests.conftest import SHARED_ABSENT

STATUTES = Path(__file__).parents[2] / "shared" / "law" / "statutes.jsonl"

ARTICLE = {
    "law": "中华人民共和国示范法",
    "short": "示范法",
    "article": 3,
    "label": "第三条",
    "text": "示范。",
    "version": "2020-01-01 施行",
    "status": "现行有效",
}


def test_a_citation_is_a_short_name_and_a_number() -> None:
    assert parse_citation("民法典第944条") == ("民法典", 944)
    assert parse_citation("侵权责任编解释一第25条") == ("侵权责任编解释一", 25)


@pytest.mark.parametrize(
    "text",
    ["", "民法典", "民法典第条", "第944条", "民法典第九条", "民法典第9条之一", "民法典第²条"],
)
def test_anything_else_is_no_citation(text: str) -> None:
    assert parse_citation(text) is None
    assert LawIndex.load().resolve(text) is None


def test_the_shipped_index_resolves_an_article_in_force() -> None:
    article = LawIndex.load().resolve("民法典第944条")

    assert article is not None
    assert article.law == "中华人民共和国民法典"
    assert article.in_force
    assert article.citation == "民法典第944条"


def test_a_repealed_law_is_known_as_repealed() -> None:
    article = LawIndex.load().resolve("噪声污染防治法（旧法）第2条")

    assert article is not None
    assert not article.in_force


def test_white_space_does_not_change_an_article() -> None:
    assert text_hash("示范。\n　第二款。") == text_hash("示范。第二款。")
    assert text_hash("示范。") != text_hash("示范")


def test_the_index_is_made_from_statutes_without_their_text(tmp_path: Path) -> None:
    old = ARTICLE | {"short": "旧法", "law": "旧法", "status": "已废止", "article": 1}
    statutes = tmp_path / "statutes.jsonl"
    statutes.write_bytes(b"\n".join(msgspec.json.encode(one) for one in (ARTICLE, old)) + b"\n")

    count = build(statutes, tmp_path / "index.json")

    index = LawIndex.load(tmp_path / "index.json")
    article, repealed = index.resolve("示范法第3条"), index.resolve("旧法第1条")
    assert count == 2
    assert article is not None
    assert article.in_force
    assert article.text_sha256 == text_hash("示范。")
    assert repealed is not None
    assert not repealed.in_force
    assert "示范。" not in (tmp_path / "index.json").read_text("utf8")


def test_the_shipped_index_fits_the_statutes_at_hand() -> None:
    if not STATUTES.is_file():
        pytest.skip(SHARED_ABSENT)

    statutes = read_statutes(STATUTES)

    articles = LawIndex.load().articles
    assert set(articles) == set(statutes)
    assert all(articles[key].text_sha256 == text_hash(one.text) for key, one in statutes.items())
    assert all(articles[key].in_force == one.in_force for key, one in statutes.items())


def test_the_shipped_index_holds_hashes_only() -> None:
    for law in msgspec.json.decode(INDEX.read_bytes()):
        assert set(law) == {"short", "law", "version", "in_force", "status", "articles"}
        assert all(len(hashed) == 64 for hashed in law["articles"].values())
