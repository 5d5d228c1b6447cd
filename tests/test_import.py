"""Tables become a street: all rows or none, and twice changes nothing."""

import csv
import io
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
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
from tests.import_street import STREET, imported, tables
from tests.stores import a_database, a_store


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    opened = a_store(a_database(tmp_path))
    yield opened
    opened.close()


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
