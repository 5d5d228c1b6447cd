"""One message may report and ask; a plain report stays a report, a plain question a question."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge.wishes import only_reports, two_wishes


@pytest.mark.parametrize(
    ("text", "report", "asks_law"),
    [
        ("我家天花板漏水了，这个维修费到底谁出", "我家天花板漏水了", True),
        ("3栋电梯坏了，物业费能不能少交", "3栋电梯坏了", True),
        ("电梯坏了物业费能少交吗", "电梯坏了", True),
        ("电梯又坏了 修电梯的钱谁出", "电梯又坏了", True),
        ("楼上漏水把我家吊顶泡坏了，谁赔", "楼上漏水把我家吊顶泡坏了", True),
        ("我家漏水了怎么办", "我家漏水了", False),
        ("楼道灯不亮，找谁修", "楼道灯不亮", False),
        ("门禁坏了，谁负责修", "门禁坏了", False),
        ("楼上漏水把我电脑泡了找房东还是找楼上", "楼上漏水把我电脑泡了", True),
    ],
)
def test_what_is_reported_is_cut_out_verbatim(text: str, report: str, asks_law: bool) -> None:
    wishes = two_wishes(text)

    assert wishes is not None
    assert (wishes.report, wishes.asks_law) == (report, asks_law)


@pytest.mark.parametrize(
    "text",
    [
        "三栋二单元电梯坏了",
        "三栋电梯坏了，物业也不管",
        "房屋漏水该谁修",
        "如果水管坏了，谁修",
        "物业费可以不交吗",
        "5栋路灯坏了，什么时候能修好啊",
        "去年电梯坏了，物业费能退吗",
        "你好，物业费能不能少交",
        "",
    ],
)
def test_one_wish_is_not_two(text: str) -> None:
    assert two_wishes(text) is None


@given(st.text(alphabet="3栋电梯坏了，漏水谁出费吗？ 我家。", max_size=60))
def test_the_report_is_made_of_the_text(text: str) -> None:
    """Law: every character of the report stands in the text, in the same order."""
    wishes = two_wishes(text)

    if wishes is not None:
        rest = iter(text)
        assert all(character in rest for character in wishes.report)


@pytest.mark.parametrize(
    ("text", "reports"),
    [("楼上一直漏水", True), ("楼上漏水谁来修", False), ("楼上漏水", True), ("楼上太吵了", False)],
)
def test_a_short_sentence_that_names_a_trouble_and_asks_nothing_reports(
    text: str, reports: bool
) -> None:
    assert only_reports(text) is reports
