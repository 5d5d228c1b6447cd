"""What residents write in many ways is brought into one."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge.text import normalise

ANY_TEXT = st.text(st.characters(codec=None, categories=None), max_size=200)
NEAR_RULES = st.text(
    st.sampled_from(
        "0123456789.:：栋单元号楼三一那个就是说你好请问么样冇啥武汉市　 ,，。！?aA嗯\ud800\u0301\n"
    ),
    max_size=60,
)


@given(ANY_TEXT | NEAR_RULES)
def test_normalising_twice_is_normalising_once(text: str) -> None:
    """Idempotence, on arbitrary text with lone surrogates, and on text near every rule."""
    once = normalise(text)

    assert normalise(once) == once


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("樓上漏水，怎麼辦", "楼上漏水,怎么办"),
        ("ＡＢＣ１２３４小区", "abc0小区"),
        ("嗯那个那个电梯坏了", "电梯坏了"),
        ("么样投诉物业", "怎么样投诉物业"),
        ("怎么样投诉物业", "怎么样投诉物业"),
        ("我住3栋2单元501室，楼上漏水", "我住,楼上漏水"),
        ("打12345还是打110", "打12345还是打110"),
        ("晚上 11:30 还在 装修", "晚上0还在装修"),
        ("物业\x00\u200b费\ud800", "物业费"),
        ("一楼不装电梯", "一楼不装电梯"),
    ],
)
def test_the_same_words_read_the_same(written: str, read: str) -> None:
    assert normalise(written) == read


@pytest.mark.parametrize("unit", ["a\u0301\u0327", "请问", "1.", " ", "3栋", "楼", "\ud800", "㍿"])
def test_a_hundred_thousand_characters_take_no_longer_than_they_must(unit: str) -> None:
    text = (unit * 100_000)[:100_000]

    begun = time.process_time()
    normalise(text)

    assert time.process_time() - begun < 2
