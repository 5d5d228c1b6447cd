"""Tables with mistakes bring nothing, and every mistake is said with its place."""

import csv
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.importing.mistakes import ImportMistakes
from bot.importing.reading import read
from bot.importing.tables import TABLES
from storage.store import Store
from tests.import_street import STREET, imported, tables
from tests.stores import a_database, a_store


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    opened = a_store(a_database(tmp_path))
    yield opened
    opened.close()


async def mistakes_in(store: Store, source: Path) -> list[str]:
    with pytest.raises(ImportMistakes) as found:
        await imported(store, source)
    assert await store.run(lambda tx: tx.directory.is_empty()), "nothing may be kept"
    return [str(mistake) for mistake in found.value.mistakes]


@pytest.mark.parametrize(
    ("table", "row", "column", "says"),
    [
        ("offices", "name,days,opens,closes\n甲,工作日,17:30,08:30\n", "closes", "晚于开门"),
        ("offices", "name,days,opens,closes\n甲,周五,08:30,17:30\n", "days", "工作日"),
        (
            "offices",
            "name,community,days,opens,closes\n甲,无,每天,08:30,17:30\n",
            "community",
            "无",
        ),
        ("services", "name,bring\n居住证明,\n", "bring", "空"),
        (
            "outages",
            "utility,places,in_days,from,reason,source\n水,无,1,08:00,a,b\n",
            "places",
            "无",
        ),
        (
            "outages",
            "utility,places,in_days,from,reason,source\n暖,建港,1,08:00,a,b\n",
            "utility",
            "水",
        ),
        ("outages", "utility,places,from,reason,source\n水,建港,08:00,a,b\n", "date", "几天后"),
        (
            "outages",
            "utility,places,in_days,from,until,reason,source\n水,建港,1,08:00,07:00,a,b\n",
            "until",
            "晚于开始",
        ),
        (
            "outages",
            "utility,places,in_days,from,until_date,reason,source\n水,建港,1,08:00,2026-12-01,a,b\n",
            "until",
            "恢复的时间",
        ),
    ],
)
async def test_a_mistake_in_what_the_street_says_of_itself_names_its_column(
    store: Store, tmp_path: Path, table: str, row: str, column: str, says: str
) -> None:
    communities = "name\n建港\n"

    [mistake] = await mistakes_in(
        store, tables(tmp_path / "in", {"communities": communities, table: row})
    )

    assert mistake.startswith(f"{table}.csv 第 2 行「{column}」列")
    assert says in mistake


async def test_every_mistake_is_listed_with_file_row_and_column(
    store: Store, tmp_path: Path
) -> None:
    broken = {
        **STREET,
        "estates": "# 说明\ncommunity,name\n建港,芳草苑小区\n没有的社区,某小区\n",
        "buildings": "estate,name,units,lifts\n芳草苑小区,3栋,二,-1\n芳草苑小区,5栋,2,0\n",
        "gifts": "name,price,stock\n香囊,20,1\n香囊,30,1\n,1,1\n",
        "shifts": (
            "title,community,place,date,in_days,from,until,places\n"
            "值守,,,2026-02-30,,25:00,10:00,2\n"
            "值守,,,2026-12-01,3,08:00,10:00,2\n"
            "值守,,,2026-12-01,,10:00,08:00,2\n"
        ),
        "members": "group,person\n建港社区工作群,李强\n没有的群,居民甲\n",
        "roles": "person,role,scope_kind,scope\n居民甲,皇帝,社区,建港\n无名氏,网格员,街道,\n",
    }

    found = await mistakes_in(store, tables(tmp_path / "in", broken))

    places = [mistake.split("\uff1a")[0] for mistake in found]
    assert sorted(places) == sorted(
        [
            "estates.csv 第 4 行「community」列",
            "buildings.csv 第 2 行「units」列",
            "buildings.csv 第 2 行「lifts」列",
            "gifts.csv 第 3 行「name」列",
            "gifts.csv 第 4 行「name」列",
            "shifts.csv 第 2 行「date」列",
            "shifts.csv 第 2 行「from」列",
            "shifts.csv 第 3 行「date」列",
            "shifts.csv 第 4 行「until」列",
            "members.csv 第 2 行「person」列",
            "members.csv 第 3 行「group」列",
            "roles.csv 第 2 行「role」列",
            "roles.csv 第 3 行「person」列",
        ]
    )


@pytest.mark.parametrize(
    ("name", "content", "says"),
    [
        ("people.csv", "name,estat\n居民甲,x\n", "estate"),
        ("people.csv", "estate\n芳草苑小区\n", "name"),
        ("people.csv", "name,name\n居民甲,居民乙\n", "name"),
        ("people.csv", "name\n居民甲,多,的\n", "2 格"),
        ("people.csv", 'name\n"居民甲\n', "CSV"),
        ("peeple.csv", "name\n居民甲\n", "people"),
        ("people.csv", "name\n居民\u0007甲\n", "控制字符"),
        ("people.csv", f"name\n{'长' * 61}\n", "60"),
        ("people.xlsx", "no spreadsheet", "XLSX"),
    ],
)
async def test_a_file_that_cannot_be_understood_is_said_in_words(
    store: Store, tmp_path: Path, name: str, content: str, says: str
) -> None:
    folder = tmp_path / "in"
    folder.mkdir()
    (folder / name).write_text(content, "utf-8")

    [mistake] = await mistakes_in(store, folder)

    assert mistake.startswith(name)
    assert says in mistake


async def test_an_empty_or_missing_folder_is_said_in_words(store: Store, tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()

    for source in (tmp_path / "in", tmp_path / "nowhere"):
        [mistake] = await mistakes_in(store, source)
        assert str(source) in mistake


@given(name=st.sampled_from([table.name for table in TABLES]), data=st.binary(max_size=300))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_bytes_give_rows_or_mistakes(tmp_path: Path, name: str, data: bytes) -> None:
    file = tmp_path / f"{name}.csv"
    file.write_bytes(data)

    sheets = read(file)

    assert isinstance(sheets.mistakes, list)


@given(
    st.lists(
        st.lists(st.text(alphabet="居民甲3栋,\"'#@/-: 08:00\n", max_size=12), max_size=9),
        max_size=6,
    )
)
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_cells_give_rows_or_mistakes(tmp_path: Path, rows: list[list[str]]) -> None:
    for table in TABLES:
        with (tmp_path / f"{table.name}.csv").open("w", newline="", encoding="utf-8") as file:
            writer = csv.writer(file)
            writer.writerow([column.name for column in table.columns])
            writer.writerows(rows)

    sheets = read(tmp_path)

    assert len(sheets) + len(sheets.mistakes) >= 0
