"""Questions that ask the same come together, whatever way they came in."""

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge.clusters import Sketch, alike, place
from tests.houses import knowledge

SAME = (
    ("门口那个快递柜占了地方一年给物业多少钱我们有份吗", "门口快递柜占地方给物业的钱我们有没有份"),
    ("外卖柜放在大厅收的钱是不是业主的", "大厅放外卖柜收的钱是不是归业主"),
    ("公司拖欠工资怎么要回来", "公司拖欠工资怎么才能要回来"),
)
APART = (
    "门口那个快递柜占了地方一年给物业多少钱我们有份吗",
    "公司拖欠工资怎么要回来",
    "楼上半夜拖椅子吵得睡不着",
    "狗咬了人谁赔医药费",
    "物业费涨价要不要业主同意",
    "离婚孩子判给谁",
)
POOL = [text for entry in list(knowledge().entries.values())[::9] for text in entry.phrasings]
TALKS = st.lists(st.sampled_from(POOL), max_size=25)


def sketched(texts: list[str]) -> list[Sketch]:
    return [knowledge().sketch(text) for text in texts]


def partition(texts: list[str]) -> set[frozenset[str]]:
    """Return which texts stand together."""
    groups: dict[int, set[str]] = {}
    for text, leader in zip(texts, place(sketched(texts), []), strict=True):
        groups.setdefault(leader, set()).add(text)
    return {frozenset(group) for group in groups.values()}


@pytest.mark.parametrize(("one", "other"), SAME)
def test_the_same_matter_in_other_words_comes_together(one: str, other: str) -> None:
    found = [knowledge().sketch(text, "the same entry") for text in (one, other)]

    assert place(found, []) == [0, 0]


def test_different_matters_stay_apart() -> None:
    assert place(sketched(list(APART)), []) == list(range(len(APART)))


@given(TALKS)
def test_leaders_are_unlike_and_everybody_is_like_their_leader(texts: list[str]) -> None:
    """Law of leader clustering; the leaders are the first of their kind."""
    found = sketched(texts)

    placed = place(found, [])

    leaders = [one for number, one in enumerate(found) if placed[number] not in placed[:number]]
    assert sorted(set(placed)) == list(range(len(leaders)))
    assert all(alike(one, leaders[at]) for one, at in zip(found, placed, strict=True))
    assert not any(alike(one, other) for n, one in enumerate(leaders) for other in leaders[:n])


@given(TALKS, st.integers(0, 25))
def test_it_makes_no_difference_in_how_many_goes_they_come(texts: list[str], cut: int) -> None:
    found = sketched(texts)
    whole = place(found, [])

    first = place(found[:cut], [])
    leaders = [found[first.index(number)] for number in range(len(set(first)))]
    rest = place(found[cut:], leaders)

    assert first + rest == whole


@given(st.lists(st.sampled_from([*APART, *(f"请问{text}？" for text in APART)])), st.randoms())
def test_the_order_does_not_matter_where_matters_are_distinct(
    texts: list[str], chance: random.Random
) -> None:
    """Order can only matter where likeness is no equivalence; among these it is one."""
    shuffled = list(texts)
    chance.shuffle(shuffled)

    assert partition(texts) == partition(shuffled)
