"""The way from an empty PostgreSQL database to a street that is served from it."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from sqlalchemy import text

from storage.engine import open_engine
from storage.migrate import current, newest, upgrade
from storage.opening import DatabaseUnusable, Unusable, open_newest
from tests.houses import STAFF_GROUP, House
from tests.stores import Database, EngineKind

pytestmark = pytest.mark.skipif(
    not EngineKind.POSTGRESQL.is_there, reason="PostgreSQL is not installed"
)


async def test_a_whole_report_travels_on_postgresql(tmp_path: Path) -> None:
    database = Database(EngineKind.POSTGRESQL, tmp_path)
    house = House(tmp_path, database=database)
    await house.settle()

    await house.say("居民甲", "三栋二单元电梯坏了")
    opened = await house.say("居民甲", "1")
    cards = await house.delivered()
    accepted = await house.say("物业甲", "接单 1001", group=STAFF_GROUP, addressed=False)
    told = await house.delivered()
    answered = await house.say("居民甲", "对物业不满意，可以不交物业费吗？")
    awarded = await house.say("书记甲", "给居民甲加5分 门前整洁")
    house.restart()
    points = await house.say("居民甲", "我的积分")
    asked = await house.say("居民甲", "9")

    assert "1001" in opened[0].text
    assert [who for who, _ in cards] == [STAFF_GROUP]
    assert "接单" in accepted[0].text
    assert "居民甲" in {who for who, _ in told}
    assert "民法典第944条" in answered[0].text
    assert "5" in awarded[0].text
    assert "5" in points[0].text
    assert "待回" in asked[0].text
    house.store.close()
    database.drop()


def test_workers_that_start_together_bring_the_database_forward_once(tmp_path: Path) -> None:
    database = Database(EngineKind.POSTGRESQL, tmp_path)
    database.run("DROP SCHEMA public CASCADE", "CREATE SCHEMA public")

    with ThreadPoolExecutor(4) as workers:
        for engine in workers.map(open_newest, [database.url] * 4):
            engine.dispose()

    engine = open_engine(database.url)
    assert current(engine) == newest()
    upgrade(engine)
    engine.dispose()
    database.drop()


def test_a_server_that_is_not_there_is_said_in_a_word(tmp_path: Path) -> None:
    with pytest.raises(DatabaseUnusable) as unusable:
        open_newest(f"postgresql+psycopg://xiaoer@/xiaoer?host={tmp_path}")

    assert unusable.value.reason is Unusable.UNREACHABLE


def test_the_server_compiles_none_of_our_statements(tmp_path: Path) -> None:
    database = Database(EngineKind.POSTGRESQL, tmp_path)
    database.run(
        "DO $$ BEGIN EXECUTE format("
        "'ALTER DATABASE %I SET jit_above_cost = 0', current_database()); END $$"
    )

    engine = open_engine(database.url)
    with engine.connect() as connection:
        counted = text("EXPLAIN (ANALYZE, FORMAT JSON) SELECT count(*) FROM residents")
        plan = connection.execute(counted).scalar_one()

    assert "JIT" not in plan[0]
    engine.dispose()
    database.drop()
