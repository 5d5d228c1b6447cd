"""A one-time code in a private talk binds whoever has the talk, and no colleague reads it."""

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest

from handlers.residents import texts
from tests.houses import CHANNEL, House
from tests.stores import Database


@pytest.fixture
async def house(tmp_path: Path, database: Database) -> AsyncIterator[House]:
    """A newcomer whose talk a person has."""
    house = House(tmp_path, database=database)
    await house.settle()
    await house.say("新来的", "9")
    [told] = await house.say("街道甲", "回 1 您好")
    assert "待回 1" in told.text
    await house.delivered()
    yield house
    house.store.close()


async def code_for(house: House, name: str) -> str:
    [made] = await house.say("书记甲", f"给{name}开口令")
    return made.text.split("：")[1].split("\n")[0]


async def read_by_others(house: House) -> str:
    house.clock.forward(timedelta(minutes=1))
    sent = await house.delivered()
    return "\n".join(text for chat, text in sent if chat != "新来的")


@pytest.mark.parametrize("said", ["{}", "绑定 {}", "我的口令是 {}", "姑娘，口令{}，帮我绑定"])
async def test_a_code_binds_while_a_person_has_the_talk(house: House, said: str) -> None:
    code = await code_for(house, "居民甲")

    [bound] = await house.say("新来的", said.format(code))

    assert bound.text == texts.bound("居民甲")
    assert code not in await read_by_others(house)
    there = await house.store.run(lambda tx: tx.residents.at(f"{CHANNEL}:新来的"))
    assert there is not None
    assert there.name == "居民甲"


async def test_a_code_amid_a_matter_is_hidden_and_still_works(house: House) -> None:
    code = await code_for(house, "居民甲")
    matter = f"楼栋长给了我一张纸上面写的{code}，另外我想问问我屋里漏水的事情到底有没有人管"

    said = await house.say("新来的", matter)
    read = await read_by_others(house)
    [bound] = await house.say("新来的", code)

    assert said == []
    assert code not in read
    assert "到底有没有人管" in read
    assert bound.text == texts.bound("居民甲")


@pytest.mark.parametrize("age", [timedelta(0), timedelta(hours=3)])
async def test_a_code_that_is_corrected_or_late_is_hidden(house: House, age: timedelta) -> None:
    code = await code_for(house, "居民甲")

    await house.say("新来的", f"口令{code}", is_edit=not age, age=age)

    read = await read_by_others(house)
    assert code not in read
    assert "口令" in read


async def test_words_that_only_look_like_a_code_are_read(house: House) -> None:
    assert await house.say("新来的", "空调型号GREE2345") == []

    assert "GREE2345" in await read_by_others(house)


async def test_danger_comes_before_a_code(house: House) -> None:
    code = await code_for(house, "居民甲")

    aid, *_ = await house.say("新来的", f"{code} 着火了")

    assert "119" in aid.text
    assert code not in await read_by_others(house)
