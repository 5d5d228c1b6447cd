"""The tables an operator can import, column by column, in the order they refer to each other."""

from dataclasses import dataclass
from enum import StrEnum

from bot.importing import texts


class Kind(StrEnum):
    """What may stand in a cell."""

    TEXT = "text"
    COUNT = "count"
    AMOUNT = "amount"
    DATE = "date"
    CLOCK = "clock"
    PHONE = "phone"
    ROLE = "role"
    SCOPE_KIND = "scope_kind"
    GROUP_KIND = "group_kind"
    OFFICE_DAYS = "office_days"
    UTILITY = "utility"


@dataclass(frozen=True, slots=True)
class Column:
    """One column; `longest` counts characters and is what the database takes."""

    table: str
    name: str
    required: bool = False
    kind: Kind = Kind.TEXT
    longest: int = 60

    @property
    def label(self) -> str:
        """The name in Chinese, which may stand in the header instead."""
        return texts.COLUMNS[f"{self.table}.{self.name}"][0]

    @property
    def help(self) -> str:
        """What to write."""
        return texts.COLUMNS[f"{self.table}.{self.name}"][1]


@dataclass(frozen=True, slots=True)
class Table:
    """One table: the stem of a CSV file or the name of a sheet."""

    name: str
    columns: tuple[Column, ...]

    @property
    def label(self) -> str:
        """The name in Chinese, which a file or sheet may have instead."""
        return texts.TABLES[self.name]

    def column(self, heading: str) -> Column | None:
        """Return the column with this name or label."""
        wanted = heading.strip().casefold()
        for column in self.columns:
            if wanted in {column.name, column.label}:
                return column
        return None


def _table(name: str, *columns: tuple[str, bool, Kind, int]) -> Table:
    return Table(name, tuple(Column(name, *column) for column in columns))


_T, _N, _A = Kind.TEXT, Kind.COUNT, Kind.AMOUNT

TABLES = (
    _table("communities", ("name", True, _T, 60)),
    _table("estates", ("community", True, _T, 60), ("name", True, _T, 60)),
    _table(
        "buildings",
        ("estate", True, _T, 60),
        ("name", True, _T, 40),
        ("units", True, _A, 0),
        ("lifts", True, _N, 0),
    ),
    _table(
        "people",
        ("name", True, _T, 60),
        ("community", False, _T, 60),
        ("estate", False, _T, 60),
        ("building", False, _T, 40),
        ("unit", False, _T, 40),
        ("room", False, _T, 40),
        ("phone", False, Kind.PHONE, 40),
    ),
    _table("teams", ("name", True, _T, 60), ("community", False, _T, 60)),
    _table(
        "groups",
        ("name", True, _T, 60),
        ("kind", True, Kind.GROUP_KIND, 0),
        ("community", False, _T, 60),
    ),
    _table(
        "roles",
        ("person", True, _T, 200),
        ("role", True, Kind.ROLE, 0),
        ("scope_kind", True, Kind.SCOPE_KIND, 0),
        ("scope", False, _T, 60),
        ("title", False, _T, 40),
    ),
    _table("members", ("group", True, _T, 60), ("person", True, _T, 200)),
    _table("team_members", ("team", True, _T, 60), ("person", True, _T, 200)),
    _table(
        "shifts",
        ("title", True, _T, 80),
        ("community", False, _T, 60),
        ("place", False, _T, 120),
        ("date", False, Kind.DATE, 0),
        ("in_days", False, _N, 0),
        ("from", True, Kind.CLOCK, 0),
        ("until", True, Kind.CLOCK, 0),
        ("places", True, _A, 0),
    ),
    _table("gifts", ("name", True, _T, 60), ("price", True, _A, 0), ("stock", True, _N, 0)),
    _table("balances", ("person", True, _T, 200), ("points", True, _N, 0)),
    _table(
        "offices",
        ("name", True, _T, 60),
        ("also", False, _T, 200),
        ("community", False, _T, 60),
        ("address", False, _T, 120),
        ("phone", False, Kind.PHONE, 40),
        ("days", True, Kind.OFFICE_DAYS, 0),
        ("opens", True, Kind.CLOCK, 0),
        ("closes", True, Kind.CLOCK, 0),
        ("note", False, _T, 200),
        ("updated_on", False, Kind.DATE, 0),
    ),
    _table(
        "services",
        ("name", True, _T, 60),
        ("also", False, _T, 200),
        ("place", False, _T, 120),
        ("bring", True, _T, 300),
        ("note", False, _T, 200),
        ("updated_on", False, Kind.DATE, 0),
    ),
    _table(
        "outages",
        ("utility", True, Kind.UTILITY, 0),
        ("places", True, _T, 200),
        ("date", False, Kind.DATE, 0),
        ("in_days", False, _N, 0),
        ("from", True, Kind.CLOCK, 0),
        ("until_date", False, Kind.DATE, 0),
        ("until", False, Kind.CLOCK, 0),
        ("reason", True, _T, 120),
        ("source", True, _T, 60),
        ("published_on", False, Kind.DATE, 0),
    ),
)


def table_named(name: str) -> Table | None:
    """Return the table with this name or label."""
    wanted = name.strip().casefold()
    return next((table for table in TABLES if wanted in {table.name, table.label}), None)
