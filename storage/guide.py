"""What the street says about itself: its offices, what to bring to them, and outages."""

from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING

from sqlalchemy import BigInteger, Boolean, Date, Index, String, Table, delete, or_, select, update

from storage.schema import UtcDateTime, fact, metadata
from storage.words import OfficeDays, UtilityWord

if TYPE_CHECKING:
    from storage.transaction import Transaction

offices = Table(
    "offices",
    metadata,
    fact("id", BigInteger, primary_key=True),
    fact("name", String(60), unique=True),
    fact("also", String(200)),
    fact("community_id", BigInteger, nullable=True),
    fact("address", String(120)),
    fact("phone", String(40)),
    fact("days", String(12)),
    fact("opens", String(5)),
    fact("closes", String(5)),
    fact("note", String(200)),
    fact("updated_on", Date),
    fact("demo", Boolean),
)
services = Table(
    "services",
    metadata,
    fact("id", BigInteger, primary_key=True),
    fact("name", String(60), unique=True),
    fact("also", String(200)),
    fact("place", String(120)),
    fact("bring", String(300)),
    fact("note", String(200)),
    fact("updated_on", Date),
    fact("demo", Boolean),
)
outages = Table(
    "outages",
    metadata,
    fact("id", BigInteger, primary_key=True),
    fact("utility", String(8)),
    fact("estate_id", BigInteger, nullable=True),
    fact("community_id", BigInteger, nullable=True),
    fact("place", String(120)),
    fact("starts_at", UtcDateTime),
    fact("ends_at", UtcDateTime, nullable=True),
    fact("ended_at", UtcDateTime, nullable=True),
    fact("reason", String(120)),
    fact("source", String(60)),
    fact("published_at", UtcDateTime),
    fact("published_by", BigInteger, nullable=True),
    fact("demo", Boolean),
    Index("ix_outages_open", "ended_at", "ends_at"),
)


@dataclass(frozen=True, slots=True)
class Office:
    """An office people can call or go to; empty where nothing is registered."""

    id: int
    name: str
    also: str
    """Other names, with spaces between."""
    community_id: int | None
    """None for the whole street's."""
    address: str
    phone: str
    days: OfficeDays
    opens: str
    """The street's time of day, `08:30`."""
    closes: str
    note: str
    updated_on: date
    demo: bool


@dataclass(frozen=True, slots=True)
class Service:
    """Something that can be had done there, and what to bring."""

    id: int
    name: str
    also: str
    place: str
    bring: str
    note: str
    updated_on: date
    demo: bool


@dataclass(frozen=True, slots=True)
class Outage:
    """Water, power or gas that is cut off in one place; the whole street where neither id is."""

    id: int
    utility: UtilityWord
    estate_id: int | None
    community_id: int | None
    place: str
    starts_at: datetime
    ends_at: datetime | None
    """When it should be back; None where nobody said."""
    ended_at: datetime | None
    """When somebody said that it is back."""
    reason: str
    source: str
    published_at: datetime
    published_by: int | None
    demo: bool


class Guide:
    """Reads and keeps what is registered; small tables that staff fill by import and in chat."""

    def __init__(self, tx: "Transaction") -> None:
        self._tx = tx

    def offices(self) -> list[Office]:
        """Return all offices."""
        rows = self._tx.read(select(offices).order_by(offices.c.id))
        return [Office(**{**row, "days": OfficeDays(row["days"])}) for row in rows.mappings()]

    def services(self) -> list[Service]:
        """Return everything that can be had done."""
        rows = self._tx.read(select(services).order_by(services.c.id))
        return [Service(**row) for row in rows.mappings()]

    def outages(self, since: datetime) -> list[Outage]:
        """Return the outages that were not over before `since`, the newest notice first."""
        statement = (
            select(outages)
            .where(
                or_(outages.c.ended_at.is_(None), outages.c.ended_at > since),
                or_(outages.c.ends_at.is_(None), outages.c.ends_at > since),
            )
            .order_by(outages.c.published_at.desc(), outages.c.id.desc())
        )
        rows = self._tx.read(statement)
        return [
            Outage(**{**row, "utility": UtilityWord(row["utility"])}) for row in rows.mappings()
        ]

    def keep(self, row: Office | Service | Outage) -> None:
        """Add the row, or put it in the place of the one with its id."""
        tables = {Office: offices, Service: services, Outage: outages}
        self._tx.write(self._tx.upsert(tables[type(row)], ["id"]).values(asdict(row)))

    def forget(self, outage_ids: list[int]) -> None:
        """Drop notices that a newer one has taken the place of."""
        self._tx.write(delete(outages).where(outages.c.id.in_(outage_ids)))

    def end(self, outage_ids: list[int]) -> None:
        """Note that these outages are over."""
        self._tx.write(
            update(outages).where(outages.c.id.in_(outage_ids)).values(ended_at=self._tx.now)
        )
