"""Statutes as they are published in Markdown are read, and faults are found with their lines."""

import json
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge.collecting import Collection, Collector, LeftOut, Source, plain_name
from knowledge.law import LawFile, LawIndex, text_hash
from knowledge.published import Wrong, begins_on, dates, is_repealed, read_page
from tests.conftest import SHARED_ABSENT

STATUTES = Path(__file__).parents[2] / "shared" / "law" / "statutes.jsonl"
TODAY = date(2026, 11, 23)

PLAIN = """# 中华人民共和国示范法

2020年5月28日 第一届示范大会第三次会议通过

2021年1月1日 施行

<!-- INFO END -->

目录

第一章 总则

第二章 树木

## 第一章 总则

第一条 为了示范，制定本法。

第二条 本法所称树木，是指下列各项：

（一）松树；

（二）柏树。

第一条规定的目的不变的，从其规定。

## 第二章 树木

### 第一节 浇水

第三条 每日浇水不得少于十升。

第三条之一 雨天可以不浇水。

## 附件

表格，不是条文。
"""

BOLD = """---
sidebar: auto
---

# 中华人民共和国示范法

2020年5月28日第一届示范大会第三次会议通过

## 第一章　总则

**第一条**　为了示范，制定本法。

**第二条**　本法所称树木，是指下列各项：

- （一）松树；
- （二）柏树。

第一条规定的目的不变的，从其规定。

## 第二章　树木

**第三条**　每日浇水不得少于十升。

**第三条之一**　雨天可以不浇水。

---

[返回目录](../README.md)
"""


def an_index(**texts: str) -> LawIndex:
    hashes = {int(number.removeprefix("a")): text_hash(text) for number, text in texts.items()}
    return LawIndex([LawFile("示范法", "中华人民共和国示范法", "2020", True, "现行有效", hashes)])


def collected(*sources: Source, index: LawIndex | None = None) -> Collection:
    collector = Collector(index or an_index(a1="为了示范，制定本法。"), TODAY)
    for source in sources:
        collector.take(source)
    return collector.collected()


@pytest.mark.parametrize("page", [PLAIN, BOLD])
def test_both_layouts_give_the_same_articles(page: str) -> None:
    read = read_page(page)

    assert read.faults == []
    assert read.title == "中华人民共和国示范法"
    assert [(one.number, one.inserted) for one in read.articles] == [(1, 0), (2, 0), (3, 0), (3, 1)]
    assert read.articles[1].text.split("\n")[1:] == [
        "（一）松树；",
        "（二）柏树。",
        "第一条规定的目的不变的，从其规定。",
    ]
    assert read.articles[3].text == "雨天可以不浇水。"
    assert "浇水" in read.articles[2].chapter or "树木" in read.articles[2].chapter


@pytest.mark.parametrize(
    ("label", "number"),
    [
        ("第九条", 9),
        ("第十条", 10),
        ("第二十一条", 21),
        ("第一百零五条", 105),
        ("第九百四十四条", 944),
        ("第一千条", 1000),
        ("第一千零一十条", 1010),
        ("第一千二百六十条", 1260),
        ("第12条", 12),
    ],
)
def test_numbers_are_read_in_numerals_and_digits(label: str, number: int) -> None:
    [article] = read_page(f"# 示范法\n\n{label}　一句话。").articles

    assert article.number == number


def test_labels_without_a_space_are_read_where_the_page_has_none() -> None:
    page = read_page("# 示范法\n第五条为了示范。\n第七条第三人负责。\n第五条规定的除外。")

    assert [one.number for one in page.articles] == [5, 7]
    assert page.articles[1].text.endswith("第五条规定的除外。")


@pytest.mark.parametrize(
    ("page", "line", "wrong"),
    [
        ("第一条 有条文。", 1, Wrong.NO_TITLE),
        ("# 示范法\n\n没有条文。", 1, Wrong.NO_ARTICLES),
        ("# 示范法\n\n第一条\n\n第二条 有。", 3, Wrong.EMPTY),
        ("# 示范法\n第一条 有。\n第二条 有。\n第一条 又有。", 4, Wrong.TWICE),
        ("# 示范法\n第零条 有。\n第一条 有。", 2, Wrong.NUMBER),
        (f"# 示范法\n第一条 {'长' * 20_001}", 2, Wrong.LONG),
    ],
)
def test_faults_name_their_line(page: str, line: int, wrong: Wrong) -> None:
    assert (line, wrong) in [(fault.line, fault.wrong) for fault in read_page(page).faults]


@given(st.binary(max_size=400))
def test_no_bytes_break_the_collector(content: bytes) -> None:
    """Law: whatever a file holds, nothing is raised; a page is read, refused or left out."""
    page = collected(Source("x.md", content))
    lines = collected(Source("x.jsonl", content))

    assert page.texts or page.faults or page.left_out
    assert not lines.texts or b"short" in content


_PIECES = st.sampled_from(
    [
        *("# ", "## ", "\n", "第", "条", "章", "一", "二", "千", "零", "之", "**", " ", "　", "12"),
        *("（一）", "---", "<!-- INFO END -->", "规定", "施行", "2021年1月1日", "9999-99-99", "是"),
    ]
)


@given(st.lists(_PIECES, max_size=60).map("".join))
def test_whatever_a_page_looks_like_every_article_has_text_and_a_line(text: str) -> None:
    """Law: articles are not empty, lie inside the page, and a number that comes twice is named."""
    page = read_page(text)

    assert all(one.text.strip() and one.number > 0 for one in page.articles)
    assert all(1 <= one.line <= text.count("\n") + 1 for one in page.articles)
    keys = [(one.number, one.inserted) for one in page.articles]
    assert len(keys) == len(set(keys)) or any(f.wrong is Wrong.TWICE for f in page.faults)


_SENTENCES = st.text("为了示范制定本法松树柏树浇水不得", min_size=1, max_size=30).map(
    lambda text: f"{text}。"
)


@given(st.lists(st.lists(_SENTENCES, min_size=1, max_size=4), min_size=1, max_size=25))
def test_what_is_written_as_a_page_is_read_back(articles: list[list[str]]) -> None:
    """Law: the paragraphs of each article come back in order, under its number."""
    lines = ["# 示范法", ""]
    for number, paragraphs in enumerate(articles, start=1):
        lines += [f"**第{number}条**　" + "\n\n".join(paragraphs), ""]

    page = read_page("\n".join(lines))

    assert page.faults == []
    assert [one.text.split("\n") for one in page.articles] == articles


def test_days_are_found_in_both_ways_of_writing() -> None:
    assert dates("2020-05-28 通过，2021年1月1日起施行，2021年13月1日") == [
        date(2020, 5, 28),
        date(2021, 1, 1),
    ]
    assert begins_on("2020-05-28 通过，2021-01-01 施行") == date(2021, 1, 1)
    assert begins_on("没有日期") is None


@pytest.mark.parametrize(
    ("note", "over"),
    [
        ("2026年8月15日 废止", True),
        ("中华人民共和国示范法（已废止）", True),
        ("根据《关于废止和修改部分行政法规的决定》修订", False),
    ],
)
def test_a_repeal_is_told_from_the_name_of_one(note: str, over: bool) -> None:
    assert is_repealed(note) is over


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("中华人民共和国示范法", "示范法(2021-04-29)"),
        ("关于适用《中华人民共和国民法典》的解释（一）", "关于适用民法典的解释(一)"),
        ("示范规定（示范部令第5号）", "示范规定"),
    ],
)
def test_one_law_is_known_under_its_several_names(one: str, other: str) -> None:
    assert plain_name(one) == plain_name(other)


def test_numbered_interpretations_stay_apart() -> None:
    assert plain_name("示范解释（一）") != plain_name("示范解释（二）")


def test_of_several_texts_the_one_in_force_today_is_taken() -> None:
    old = PLAIN.replace("2020年5月28日", "2010年5月28日").replace("2021年1月1日", "2011年1月1日")
    new = PLAIN.replace("2020年5月28日", "2026年5月28日").replace("2021年1月1日", "2027年1月1日")

    found = collected(
        Source("new.md", new.encode()),
        Source("now.md", PLAIN.encode()),
        Source("old.md", old.encode()),
    )

    assert found.faults == []
    assert sorted(found.left_out) == [("new.md", LeftOut.NOT_YET), ("old.md", LeftOut.OLDER)]
    assert "2021年1月1日" in found.texts[0].version


def test_parts_of_one_law_are_put_together_under_the_name_of_their_folder() -> None:
    one = Source("1.md", "# 第一编　总则\n\n第一条 为了示范，制定本法。".encode(), "示范法")
    two = Source("2.md", "# 第二编　树木\n\n第二条 浇水。".encode(), "示范法")

    found = collected(one, two)

    assert found.faults == []
    assert [(text.short, text.number) for text in found.texts] == [("示范法", 1), ("示范法", 2)]


def test_a_law_of_its_own_does_not_become_part_of_the_folder_it_lies_in() -> None:
    page = "# 关于示范的解释\n\n2020年5月28日 通过\n\n第一条 别的。".encode()

    [text] = collected(Source("x.md", page, "示范法")).texts

    assert (text.short, text.version) == ("关于示范的解释", "2020年5月28日 通过")


def test_two_texts_that_cannot_be_told_apart_are_a_fault() -> None:
    other = PLAIN.replace("十升", "二十升")

    found = collected(Source("a.md", PLAIN.encode()), Source("b.md", other.encode()))

    [(file, fault)] = found.faults
    assert (file, fault.wrong, fault.detail) == ("b.md", Wrong.TWICE, "3")
    assert fault.line == PLAIN.split("\n").index("第三条 每日浇水不得少于十升。") + 1


def test_what_is_no_law_is_passed_over_in_a_folder_and_refused_by_name() -> None:
    readme = "# 说明\n\n这里放法条。".encode()

    passed = collected(Source("README.md", readme, chosen=False))
    refused = collected(Source("README.md", readme))

    assert passed.left_out == [("README.md", LeftOut.NO_LAW)]
    assert not passed.faults
    assert [fault.wrong for _, fault in refused.faults] == [Wrong.NO_ARTICLES]


def test_an_article_that_a_whole_law_no_longer_has_is_over() -> None:
    index = an_index(a1="为了示范，制定本法。", a9="第九条。")

    found = collected(Source("x.md", PLAIN.replace("第三条之一", "第四条").encode()), index=index)

    assert [(one.number, one.repealed) for one in found.texts][-1] == (9, True)


def test_of_a_part_of_a_law_nothing_is_concluded() -> None:
    index = an_index(a1="为了示范，制定本法。", a9="第九条。")

    found = collected(Source("x.md", "# 示范法\n第二条 只有这条。".encode()), index=index)

    assert [one.number for one in found.texts] == [2]


def test_lines_of_json_are_read_and_their_faults_named() -> None:
    good = {
        "law": "中华人民共和国示范法",
        "short": "示范法",
        "article": 1,
        "text": "为了示范，制定本法。",
        "version": "2021-01-01 施行",
        "status": "现行有效",
    }
    lines = [json.dumps(good, ensure_ascii=False), "{", json.dumps(good | {"text": " "})]

    found = collected(Source("x.jsonl", "\n".join(lines).encode()))

    assert [(fault.line, fault.wrong) for _, fault in found.faults] == [
        (2, Wrong.FORM),
        (3, Wrong.EMPTY),
    ]
    assert [one.number for one in found.texts] == [1]


def test_old_encodings_are_read() -> None:
    found = collected(Source("x.md", PLAIN.encode("gb18030")))

    assert len(found.texts) == 4


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("（一）松树；", "(一)松树;", True),
        ("“树木”，是指", '"树木",是指', True),
        ("　松树\n\n柏树", "松树柏树", True),
        ("可以浇水", "应当浇水", False),
        ("十升", "二十升", False),
    ],
)
def test_copies_may_differ_in_form_and_in_nothing_else(one: str, other: str, same: bool) -> None:
    assert (text_hash(one) == text_hash(other)) is same


@pytest.mark.parametrize("style", ["{label} {text}", "**{label}**　{text}", "{label}{text}"])
def test_the_statutes_at_hand_survive_being_published(style: str) -> None:
    if not STATUTES.is_file():
        pytest.skip(SHARED_ABSENT)
    pages: dict[str, list[str]] = {}
    for line in STATUTES.read_text("utf8").splitlines():
        one = json.loads(line)
        page = pages.setdefault(one["short"], [f"# {one['law']}", one["version"]])
        if f"## {one['chapter']}" not in page:
            page.append(f"## {one['chapter']}")
        text = one["text"].replace("\n", "\n\n")
        page.append(style.format(label=one["label"], text=text))
    index = LawIndex.load()

    collector = Collector(index, TODAY)
    for short, page in pages.items():
        collector.take(Source(f"{short}.md", "\n\n".join(page).encode()))
    found = collector.collected()

    assert found.faults == []
    assert {(one.short, one.number): one.sha256 for one in found.texts} == {
        key: article.text_sha256 for key, article in index.articles.items()
    }
