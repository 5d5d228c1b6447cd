"""People, the addresses they write from and the roles they were given."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

import msgspec
from msgspec.structs import replace
from sqlalchemy import (
    BigInteger,
    Boolean,
    ColumnElement,
    Connection,
    Index,
    PrimaryKeyConstraint,
    Row,
    SmallInteger,
    String,
    Table,
    and_,
    insert,
    or_,
    select,
    update,
)

from storage.ids import SHARDS, shard_of
from storage.prepared import KnownBy
from storage.schema import UtcDateTime, fact, index_of_some, metadata, personal
from storage.words import RoleWord, ScopeKind

if TYPE_CHECKING:
    from storage.transaction import Transaction

residents = Table(
    "residents",
    metadata,
    fact("shard", SmallInteger),
    fact("id", BigInteger),
    fact("community_id", BigInteger, nullable=True),
    fact("estate_id", BigInteger, nullable=True),
    personal("name", String(60), nullable=True, index=True),
    personal("building", String(40), nullable=True),
    personal("unit", String(40), nullable=True),
    personal("room", String(40), nullable=True),
    personal("phone", String(40), nullable=True),
    fact("elder_mode", Boolean),
    fact("demo", Boolean),
    personal("last_address", String(200), nullable=True),
    fact("created_at", UtcDateTime),
    fact("erased_at", UtcDateTime, nullable=True),
    fact("merged_into", BigInteger, nullable=True),
    PrimaryKeyConstraint("shard", "id"),
)

addresses = Table(
    "addresses",
    metadata,
    personal("key", String(200), primary_key=True),
    fact("channel", String(20)),
    personal("user", String(120)),
    personal("chat", String(120)),
    fact("resident_id", BigInteger, index=True),
    fact("unreachable_since", UtcDateTime, nullable=True),
    fact("created_at", UtcDateTime),
    index_of_some("ix_addresses_unreachable", "channel", where="unreachable_since IS NOT NULL"),
)

roles = Table(
    "roles",
    metadata,
    fact("id", BigInteger, primary_key=True),
    fact("resident_id", BigInteger, index=True),
    fact("role", String(20)),
    fact("scope_kind", String(20)),
    fact("scope_id", BigInteger),
    personal("title", String(40), nullable=True),
    fact("granted_by", BigInteger, nullable=True),
    fact("granted_at", UtcDateTime),
    fact("ended_at", UtcDateTime, nullable=True),
    Index("ix_roles_scope", "role", "scope_kind", "scope_id"),
)

team_members = Table(
    "team_members",
    metadata,
    fact("team_id", BigInteger, primary_key=True),
    fact("resident_id", BigInteger, primary_key=True, index=True),
    fact("joined_at", UtcDateTime),
)


class Resident(msgspec.Struct, frozen=True):
    """A person the street serves; most have said nothing about themselves yet."""

    id: int
    name: str | None = None
    community_id: int | None = None
    estate_id: int | None = None
    building: str | None = None
    unit: str | None = None
    elder_mode: bool = False
    demo: bool = False
    last_address: str | None = None
    reachable: bool = True
    """Whether the address this was loaded by took what we last sent."""

    @property
    def shard(self) -> int:
        """The slice this person's rows live in."""
        return shard_of(self.id)


@dataclass(frozen=True, slots=True)
class Role:
    """What somebody may do, and for which part of the street."""

    resident_id: int
    role: RoleWord
    scope_kind: ScopeKind
    scope_id: int
    title: str | None = None


@dataclass(frozen=True, slots=True)
class Address:
    """One way to reach a person: the channel, the user there and their private chat."""

    key: str
    channel: str
    user: str
    chat: str
    resident_id: int
    unreachable_since: datetime | None = None


_SHOWN = (
    residents.c.id,
    residents.c.name,
    residents.c.community_id,
    residents.c.estate_id,
    residents.c.building,
    residents.c.unit,
    residents.c.elder_mode,
    residents.c.demo,
    residents.c.last_address,
)


def address_key(channel: str, user: str) -> str:
    """Return the key of an address."""
    return f"{channel}:{user}"


_KNOWN = KnownBy(
    addresses.c.key,
    select(addresses.c.key, *_SHOWN, addresses.c.unreachable_since.is_(None)).join(
        residents,
        and_(
            residents.c.shard == addresses.c.resident_id % SHARDS,
            residents.c.id == addresses.c.resident_id,
        ),
    ),
)


def load(connection: Connection, keys: set[str]) -> dict[str, Resident]:
    """Return who stands behind those addresses that are known."""
    return {row[0]: _resident(row[1:]) for row in _KNOWN.rows(connection, keys)}


def same(resident_id: int) -> ColumnElement[bool]:
    """Return the condition that finds one resident through the primary key."""
    return and_(residents.c.shard == shard_of(resident_id), residents.c.id == resident_id)


class Residents:
    """Finds, adds and changes people."""

    def __init__(self, tx: "Transaction") -> None:
        self._tx = tx

    def at(self, key: str) -> Resident | None:
        """Return who writes from this address, or None for a newcomer."""
        found = self._tx.loaded.residents.get(key)
        if found is None and key not in self._tx.loaded.asked_addresses:
            found = load(self._tx.reading(), {key}).get(key)
            self._tx.loaded.asked_addresses.add(key)
            if found:
                self._tx.loaded.residents[key] = found
        return found

    def by_id(self, resident_id: int) -> Resident:
        """Return the person with this id; KeyError when there is none."""
        row = self._tx.read(select(*_SHOWN).where(same(resident_id))).first()
        if row is None:
            raise KeyError(resident_id)
        return _resident(row)

    def named(self, name: str) -> list[Resident]:
        """Return everybody known under exactly this name."""
        there = residents.c.name == name, residents.c.merged_into.is_(None)
        statement = select(*_SHOWN).where(*there).order_by(residents.c.id)
        return [_resident(row) for row in self._tx.read(statement)]

    def demo_people(self) -> list[Resident]:
        """Return the made-up people of the demo street, in the order they were added."""
        there = residents.c.demo, residents.c.merged_into.is_(None)
        statement = select(*_SHOWN).where(*there).order_by(residents.c.id)
        return [_resident(row) for row in self._tx.read(statement)]

    def add(
        self,
        *,
        shard: int = 0,
        name: str | None = None,
        community_id: int | None = None,
        estate_id: int | None = None,
        building: str | None = None,
        unit: str | None = None,
        demo: bool = False,
    ) -> Resident:
        """Add a person; a newcomer without a community lives in the slice of the street."""
        resident = Resident(
            id=self._tx.new_id(shard),
            name=name,
            community_id=community_id,
            estate_id=estate_id,
            building=building,
            unit=unit,
            demo=demo,
        )
        row = {
            "shard": shard,
            "id": resident.id,
            "community_id": community_id,
            "estate_id": estate_id,
            "name": name,
            "building": building,
            "unit": unit,
            "room": None,
            "phone": None,
            "elder_mode": False,
            "demo": demo,
            "last_address": None,
            "created_at": self._tx.now,
            "erased_at": None,
            "merged_into": None,
        }
        self._tx.write(insert(residents).values(row))
        return resident

    def bind(self, resident: Resident, channel: str, user: str, chat: str) -> Resident:
        """Let this address speak for the person from now on; it becomes their usual one."""
        key = address_key(channel, user)
        row = {
            "key": key,
            "channel": channel,
            "user": user,
            "chat": chat,
            "resident_id": resident.id,
            "unreachable_since": None,
            "created_at": self._tx.now,
        }
        self._tx.write(self._tx.upsert(addresses, ["key"]).values(row))
        return self.use(replace(resident), key)

    def use(self, resident: Resident, key: str) -> Resident:
        """Note that the person now writes from this address: notices go there."""
        changed = replace(resident, last_address=key, reachable=True)
        self._tx.write(update(residents).where(same(resident.id)).values(last_address=key))
        self._tx.write(
            update(addresses)
            .where(addresses.c.key == key, addresses.c.unreachable_since.is_not(None))
            .values(unreachable_since=None)
        )
        self._tx.loaded.put_resident(key, changed)
        return changed

    def change(self, resident: Resident, **values: str | int | bool | None) -> None:
        """Change what is known of the person, by column name."""
        self._tx.write(update(residents).where(same(resident.id)).values(**values))
        self._tx.loaded.forget_residents()

    def addresses(self, resident_id: int) -> list[Address]:
        """Return how the person can be reached, the way they used last first."""
        resident = self.by_id(resident_id)
        statement = select(addresses).where(addresses.c.resident_id == resident_id)
        found = [
            Address(
                row.key, row.channel, row.user, row.chat, row.resident_id, row.unreachable_since
            )
            for row in self._tx.read(statement.order_by(addresses.c.created_at, addresses.c.key))
        ]
        return sorted(found, key=lambda address: address.key != resident.last_address)

    def mark_unreachable(self, key: str) -> None:
        """Note that nothing arrives at this address until the person writes again."""
        self._tx.write(
            update(addresses).where(addresses.c.key == key).values(unreachable_since=self._tx.now)
        )

    def roles(self, resident_id: int) -> list[Role]:
        """Return the roles the person holds now."""
        statement = (
            select(roles)
            .where(roles.c.resident_id == resident_id, roles.c.ended_at.is_(None))
            .order_by(roles.c.id)
        )
        return [_role(row) for row in self._tx.read(statement)]

    def holders(self, wanted: set[RoleWord], community_id: int | None) -> list[Role]:
        """Return who holds one of these roles for the community, or for the whole street."""
        in_scope = roles.c.scope_kind == ScopeKind.STREET
        if community_id is not None:
            in_scope = or_(
                in_scope,
                and_(roles.c.scope_kind == ScopeKind.COMMUNITY, roles.c.scope_id == community_id),
            )
        statement = (
            select(roles)
            .where(roles.c.role.in_(wanted), roles.c.ended_at.is_(None), in_scope)
            .order_by(roles.c.id)
        )
        return [_role(row) for row in self._tx.read(statement)]

    def grant(
        self,
        resident_id: int,
        role: RoleWord,
        scope_kind: ScopeKind,
        scope_id: int,
        *,
        title: str | None = None,
        granted_by: int | None = None,
    ) -> None:
        """Give the person a role for a part of the street."""
        row = {
            "id": self._tx.new_id(shard_of(resident_id)),
            "resident_id": resident_id,
            "role": role,
            "scope_kind": scope_kind,
            "scope_id": scope_id,
            "title": title,
            "granted_by": granted_by,
            "granted_at": self._tx.now,
            "ended_at": None,
        }
        self._tx.write(insert(roles).values(row))

    def end_role(self, resident_id: int, role: RoleWord) -> int:
        """Take the role from the person; return how many grants ended."""
        statement = (
            update(roles)
            .where(
                roles.c.resident_id == resident_id,
                roles.c.role == role,
                roles.c.ended_at.is_(None),
            )
            .values(ended_at=self._tx.now)
        )
        return self._tx.write(statement).rowcount

    def join_team(self, team_id: int, resident_id: int) -> None:
        """Make the person a member of a volunteer team."""
        row = {"team_id": team_id, "resident_id": resident_id, "joined_at": self._tx.now}
        self._tx.write(insert(team_members).values(row))

    def teams_of(self, resident_id: int) -> list[int]:
        """Return the ids of the person's volunteer teams."""
        statement = select(team_members.c.team_id).where(team_members.c.resident_id == resident_id)
        return [row.team_id for row in self._tx.read(statement.order_by(team_members.c.team_id))]


def _role(row: Row[Any]) -> Role:
    return Role(
        resident_id=row.resident_id,
        role=RoleWord(row.role),
        scope_kind=ScopeKind(row.scope_kind),
        scope_id=row.scope_id,
        title=row.title,
    )


def _resident(row: Sequence[Any]) -> Resident:
    return Resident(*row)
