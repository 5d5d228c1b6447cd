"""A street moves from SQLite to PostgreSQL: with everything, or not at all."""

import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from handlers.message import Message
from storage.tables import metadata
from tests.houses import STAFF_GROUP, House
from tests.soak.kill import XIAOER
from tests.stores import Database, EngineKind

pytestmark = pytest.mark.skipif(
    not EngineKind.POSTGRESQL.is_there, reason="PostgreSQL is not installed"
)


@pytest.fixture
def target(tmp_path: Path) -> Iterator[Database]:
    database = Database(EngineKind.POSTGRESQL, tmp_path)
    yield database
    database.drop()


async def a_lived_in_street(folder: Path) -> House:
    """A street in which something of everything has happened; its store is closed."""
    house = House(folder, database=Database(EngineKind.SQLITE, folder))
    await house.settle()
    await house.say("居民甲", "三栋二单元电梯坏了", photos=["a.jpg"])
    await house.say("居民甲", "1")
    await house.delivered()
    await house.say("物业甲", "接单 1001", group=STAFF_GROUP)
    await house.say("书记甲", "给居民甲加5分 门前整洁")
    await house.say("书记甲", "给居民乙加3分 帮邻居\u2028修 Wi-Fi")
    await house.say("居民乙", "对物业不满意，可以不交物业费吗？")
    await house.say("居民乙", "9")
    house.store.close()
    return house


def moved(data: Path, url: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [XIAOER, "move", "--to", url, "--data", data],
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=60,
        check=False,
    )


def sizes(database: Database) -> dict[str, object]:
    return {
        table.name: database.run(f'SELECT count(*) FROM "{table.name}"')[0][0]
        for table in metadata.sorted_tables
    }


async def test_a_moved_street_goes_on_where_it_was(tmp_path: Path, target: Database) -> None:
    house = await a_lived_in_street(tmp_path)

    done = moved(tmp_path, target.url)

    assert done.returncode == 0, done.stderr
    assert sizes(target) == sizes(house.database)
    there = House(tmp_path, database=target)
    there.clock = house.clock
    there.restart()
    points = await there.dispatcher.handle(_asks("居民甲", "我的积分"))
    answer = await there.dispatcher.handle(_asks("物业甲", "办结 1001 已更换主板", STAFF_GROUP))
    awarded = await there.dispatcher.handle(_asks("书记甲", "给居民甲加2分 再来一次"))
    faults = await there.store.run(lambda tx: tx.points.faults())
    there.store.close()
    assert "5" in points[0].text
    assert "办结" in answer[0].text
    assert "7" in awarded[0].text
    assert faults == []


async def test_a_target_that_holds_something_is_left_alone(
    tmp_path: Path, target: Database
) -> None:
    await a_lived_in_street(tmp_path)
    target.run("INSERT INTO counters VALUES ('ticket', 7)")

    done = moved(tmp_path, target.url)

    assert done.returncode == 1
    assert "counters" in done.stderr
    assert "Traceback" not in done.stderr
    assert {name: size for name, size in sizes(target).items() if size} == {"counters": 1}


@pytest.mark.parametrize(
    "spoilt",
    [
        "UPDATE residents SET name = printf('%.*c', 100, 'x') WHERE name = '居民乙'",
        "UPDATE accounts SET posted = posted + 1 WHERE kind = 'resident'",
    ],
)
async def test_what_does_not_fit_or_add_up_moves_nothing(
    tmp_path: Path, target: Database, spoilt: str
) -> None:
    house = await a_lived_in_street(tmp_path)
    house.database.run(spoilt)

    done = moved(tmp_path, target.url)

    assert done.returncode == 1
    assert "什么都没有搬" in done.stderr
    assert "Traceback" not in done.stderr
    assert not any(sizes(target).values())


def test_where_there_is_nothing_to_move_it_is_said(tmp_path: Path, target: Database) -> None:
    done = moved(tmp_path / "nowhere", target.url)

    assert done.returncode == 1
    assert "没有可搬的" in done.stderr
    assert not (tmp_path / "nowhere").exists()


def test_a_move_to_sqlite_is_refused(tmp_path: Path) -> None:
    done = moved(tmp_path, f"sqlite:///{tmp_path / 'other.db'}")

    assert done.returncode == 2
    assert "postgresql+psycopg" in done.stderr


def _asks(who: str, text: str, group: str | None = None) -> Message:
    return Message("terminal", group or who, who, text, f"new:{text}", is_group=group is not None)
