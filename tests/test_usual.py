"""A bare word is offered what people mostly mean by it, the most needed first."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from knowledge.usual import usual_entries
from knowledge.words import WORDS
from tests.houses import knowledge
from tests.stores import Database
from tests.ticket_street import House, a_street


@pytest.fixture
async def house(tmp_path: Path, database: Database) -> AsyncIterator[House]:
    """A street at Monday noon."""
    house = await a_street(tmp_path, database)
    yield house
    house.store.close()


async def test_the_fee_for_the_manager_is_offered_as_most_people_need_it(house: House) -> None:
    [offer] = await house.says("居民甲", "物业费")

    assert "1 对物业服务不满意，能不交物业费吗\n2 房子空着没住，要不要交物业费" in offer


@pytest.mark.parametrize(
    "said", ["物业费。", "垃圾", "物业", "监控", "车位", "我要投诉物业", "就是他们不打扫卫生还骂人"]
)
async def test_a_bare_word_or_complaint_starts_nothing_else(house: House, said: str) -> None:
    [offer] = await house.says("居民甲", said)

    assert "下面哪一件" in offer


@pytest.mark.parametrize("said", ["物业费怎么交", "不交物业费", "", "电梯"])
def test_more_than_the_word_is_no_bare_word(said: str) -> None:
    assert usual_entries(said) == ()


def test_every_entry_of_the_list_is_there() -> None:
    words = (WORDS / "usual.json").read_text("utf-8").split('"')
    named = [word for word in words if "-" in word]

    assert named
    assert set(named) <= set(knowledge().entries)
