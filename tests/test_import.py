"""Tables become a street: all rows or none, every mistake at once, and twice changes nothing."""

import csv
import io
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openpyxl import Workbook

from bot.importing import template
from bot.importing.mistakes import ImportMistakes
from bot.importing.reading import read
from bot.importing.tables import TABLES
from bot.importing.writing import Report, Writer
from bot.wiring import DEMO
from storage.imported import Imported
from storage.store import Store
from storage.transaction import Transaction
from storage.words import GroupKind, OfficeDays, RoleWord, ScopeKind, TransferKind
from tests.stores import a_database, a_store

Tables = dict[str, str]

STREET: Tables = {
    "communities": "name\n建港\n红建\n",
    "estates": "community,name\n建港,芳草苑小区\n",
    "buildings": "estate,name,units,lifts\n芳草苑小区,3栋,2,2\n芳草苑小区,5栋,2,0\n",
    "people": (
        "name,community,estate,building,unit,room,phone\n"
        "居民甲,,芳草苑小区,3栋,2单元,1201,13800000000\n"
        "李强,,芳草苑小区,3栋,,,\n"
        "李强,,芳草苑小区,5栋,,,\n"
        "街道甲,,,,,,\n"
    ),
    "teams": "name,community\n红小二,红建\n",
    "groups": "name,kind,community\n建港社区工作群,社区工作群,建港\n",
    "roles": (
        "person,role,scope_kind,scope,title\n"
        "居民甲,网格员,社区,建港,建港社区网格员\n"
        "街道甲,street,street,,\n"
    ),
    "members": "group,person\n建港社区工作群,居民甲\n",
    "team_members": "team,person\n红小二,李强@芳草苑小区/5栋\n",
    "shifts": (
        "title,community,place,date,in_days,from,until,places\n"
        "文明值守,红建,红建路,2026-12-01,,08:00,10:00,2\n"
        "夜间巡逻,,,,7,19:00,21:00,4\n"
    ),
    "gifts": "name,price,stock\n香囊,20,1\n",
    "offices": (
        "name,also,community,address,phone,days,opens,closes,note,updated_on\n"
        "建港社区居委会,居委会 社区,建港,,027-00000001,工作日,08:30,17:30,,2026-11-20\n"
    ),
    "services": "name,also,place,bring,note,updated_on\n居住证明,,社区居委会,身份证,,2026-11-20\n",
    "outages": (
        "utility,places,date,in_days,from,until_date,until,reason,source,published_on\n"
        "水,芳草苑小区、红建社区,,1,08:00,,12:00,水管检修,示例供水公司,2026-11-20\n"
        "电,全街道,2026-12-01,,22:00,2026-12-02,06:00,线路检修,示例供电公司,\n"
    ),
    "balances": "person,points\n居民甲,30\n李强@芳草苑小区/3栋,5\n街道甲,0\n",
}


def tables(folder: Path, contents: Tables, encoding: str = "utf-8") -> Path:
    folder.mkdir(exist_ok=True)
    for name, text in contents.items():
        (folder / f"{name}.csv").write_text(text, encoding)
    return folder


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    opened = a_store(a_database(tmp_path))
    yield opened
    opened.close()


async def imported(store: Store, source: Path) -> Report:
    sheets = read(source)
    return await store.run(lambda tx: Writer(tx).write(sheets))


async def mistakes_in(store: Store, source: Path) -> list[str]:
    with pytest.raises(ImportMistakes) as found:
        await imported(store, source)
    assert await store.run(lambda tx: tx.directory.is_empty()), "nothing may be kept"
    return [str(mistake) for mistake in found.value.mistakes]


def picture(tx: Transaction) -> dict[str, object]:
    """Everything that was imported, without ids."""
    there = Imported(tx)
    people = there.people()
    return {
        "communities": [place.name for place in tx.directory.communities()],
        "estates": [place.name for place in tx.directory.estates()],
        "buildings": sorted(name for _, name in there.buildings()),
        "people": [(p.name, p.building, p.unit, p.room) for p in people],
        "balances": [tx.points.balance(p.id) for p in people],
        "roles": [(r.role, r.scope_kind) for p in people for r in tx.residents.roles(p.id)],
        "teams": [(p.name, p.building) for p in people if tx.residents.teams_of(p.id)],
        "groups": [
            (g.name, g.kind, len(tx.directory.members(g.id))) for g in tx.directory.groups()
        ],
        "shifts": [(s.title, s.starts_at, s.places) for s in tx.shifts.upcoming(tx.now)],
        "gifts": [(g.name, g.price, g.stock) for g in tx.points.gifts()],
        "offices": [(o.name, o.community_id is None, o.days, o.opens) for o in tx.guide.offices()],
        "services": [(s.name, s.bring, s.updated_on) for s in tx.guide.services()],
        "outages": sorted(
            (o.place, o.utility, o.starts_at, o.estate_id is None, o.community_id is None)
            for o in tx.guide.outages(tx.now)
        ),
        "faults": tx.points.faults(),
    }


WHOLE_STREET = {
    "communities": ["建港", "红建"],
    "estates": ["芳草苑小区"],
    "buildings": ["3栋", "5栋"],
    "people": [
        ("居民甲", "3栋", "2单元", "1201"),
        ("李强", "3栋", None, None),
        ("李强", "5栋", None, None),
        ("街道甲", None, None, None),
    ],
    "balances": [30, 5, 0, 0],
    "roles": [(RoleWord.GRID, ScopeKind.COMMUNITY), (RoleWord.STREET, ScopeKind.STREET)],
    "teams": [("李强", "5栋")],
    "groups": [("建港社区工作群", GroupKind.COMMUNITY_STAFF, 1)],
    "shifts": [
        ("夜间巡逻", datetime(2026, 11, 30, 11, tzinfo=UTC), 4),
        ("文明值守", datetime(2026, 12, 1, 0, tzinfo=UTC), 2),
    ],
    "gifts": [("香囊", 20, 1)],
    "offices": [("建港社区居委会", False, OfficeDays.WORKDAYS, "08:30")],
    "services": [("居住证明", "身份证", date(2026, 11, 20))],
    "outages": [
        ("全街道", "power", datetime(2026, 12, 1, 14, tzinfo=UTC), True, True),
        ("红建社区", "water", datetime(2026, 11, 24, 0, tzinfo=UTC), True, False),
        ("芳草苑小区", "water", datetime(2026, 11, 24, 0, tzinfo=UTC), False, False),
    ],
    "faults": [],
}


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
async def test_a_folder_of_tables_becomes_a_street(
    store: Store, tmp_path: Path, encoding: str
) -> None:
    await imported(store, tables(tmp_path / "in", STREET, encoding))

    assert await store.run(picture) == WHOLE_STREET


async def test_a_spreadsheet_becomes_the_same_street(store: Store, tmp_path: Path) -> None:
    book = Workbook()
    for table in TABLES:
        sheet = book.create_sheet(table.label)
        for number, cells in enumerate(csv.reader(io.StringIO(STREET[table.name]))):
            row = [table.column(cell).label for cell in cells] if number == 0 else cells  # type: ignore[union-attr]
            sheet.append([int(cell) if cell.isdecimal() else cell or None for cell in row])
    book.save(tmp_path / "street.xlsx")

    await imported(store, tmp_path / "street.xlsx")

    assert await store.run(picture) == WHOLE_STREET


async def test_importing_the_same_again_changes_nothing(store: Store, tmp_path: Path) -> None:
    source = tables(tmp_path / "in", STREET)
    await imported(store, source)

    again = await imported(store, source)

    assert again.added == {}
    assert await store.run(picture) == WHOLE_STREET


async def test_what_the_street_says_of_itself_is_replaced_by_what_is_newer(
    store: Store, tmp_path: Path
) -> None:
    await imported(store, tables(tmp_path / "in", STREET))
    office = (
        "name,phone,days,opens,closes,updated_on\n建港社区居委会,027-00000009,每天,09:00,18:00,"
    )

    report = await imported(store, tables(tmp_path / "new", {"offices": f"{office}2026-11-22\n"}))
    again = await imported(store, tables(tmp_path / "same", {"offices": f"{office}\n"}))

    assert (report.added, report.there, report.changed) == ({}, {"offices": 1}, {"offices": 1})
    assert again.changed == {}
    [kept] = await store.run(lambda tx: tx.guide.offices())
    assert (kept.phone, kept.opens, kept.updated_on) == (
        "027-00000009",
        "09:00",
        date(2026, 11, 22),
    )


async def test_an_outage_that_staff_ended_is_not_announced_again_by_the_same_file(
    store: Store, tmp_path: Path
) -> None:
    source = tables(tmp_path / "in", STREET)
    await imported(store, source)
    ids = [one.id for one in await store.run(lambda tx: tx.guide.outages(tx.now))]
    await store.run(lambda tx: tx.guide.end(ids))

    report = await imported(store, source)

    assert report.added == {}
    assert await store.run(lambda tx: tx.guide.outages(tx.now)) == []


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


async def test_one_table_can_come_later_and_refer_to_what_is_there(
    store: Store, tmp_path: Path
) -> None:
    await imported(store, tables(tmp_path / "in", STREET))
    more = tmp_path / "balances.csv"
    more.write_text("人员,积分\n李强@芳草苑小区/5栋,7\n", "utf-8")

    report = await imported(store, more)

    assert report.added == {"balances": 1}


async def test_another_opening_balance_is_a_mistake_and_no_second_booking(
    store: Store, tmp_path: Path
) -> None:
    await imported(store, tables(tmp_path / "in", STREET))
    changed = tables(tmp_path / "changed", {"balances": "person,points\n居民甲,31\n"})

    with pytest.raises(ImportMistakes):
        await imported(store, changed)

    assert await store.run(picture) == WHOLE_STREET


async def test_the_ledger_holds_no_name(store: Store, tmp_path: Path) -> None:
    await imported(store, tables(tmp_path / "in", STREET))

    [person] = await store.run(lambda tx: tx.residents.named("居民甲"))
    posted = await store.run(
        lambda tx: tx.points.award(
            key=f"import:balance:{person.id}",
            resident_id=person.id,
            amount=30,
            kind=TransferKind.OPENING,
            reason_id=None,
            actor_id=None,
            same_input="30",
        )
    )

    assert not posted


async def test_a_dry_run_leaves_nothing(store: Store, tmp_path: Path) -> None:
    sheets = read(tables(tmp_path / "in", STREET))

    def dry(tx: Transaction) -> Report:
        report = Writer(tx).write(sheets)
        tx.undo()
        return report

    report = await store.run(dry)

    assert report.added["people"] == 4
    assert await store.run(lambda tx: tx.directory.is_empty())


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


async def test_the_templates_can_be_read_and_bring_nothing(store: Store, tmp_path: Path) -> None:
    template.write(tmp_path / "in")

    report = await imported(store, tmp_path / "in")

    assert (report.added, report.there) == ({}, {})
    with pytest.raises(FileExistsError):
        template.write(tmp_path / "in")


async def test_the_demo_street_is_the_one_of_the_contract(store: Store) -> None:
    await imported(store, DEMO)

    street = await store.run(picture)
    assert street["communities"] == ["建港", "怡畅园", "向阳", "红建", "洲头"]
    assert street["faults"] == []
    people = await store.run(lambda tx: Imported(tx).people())
    assert len(people) == 18
    balances = await store.run(lambda tx: {p.name: tx.points.balance(p.id) for p in people})
    assert {name: points for name, points in balances.items() if points} == {"居民甲": 30}
    assert street["gifts"] == [("香囊", 20, 1), ("大米5公斤", 50, 10), ("家用锅", 200, 5)]
    assert street["groups"] == [
        ("芳草苑居民群", GroupKind.RESIDENTS, 4),
        ("建港社区工作群", GroupKind.COMMUNITY_STAFF, 4),
        ("街道调度群", GroupKind.STREET_STAFF, 6),
    ]
    assert street["shifts"] == [
        ("红建路文明值守", datetime(2026, 11, 24, 0, tzinfo=UTC), 2),
        ("建港清洁家园", datetime(2026, 11, 26, 6, tzinfo=UTC), 1),
        ("夜间巡逻", datetime(2026, 11, 30, 11, tzinfo=UTC), 4),
    ]


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
