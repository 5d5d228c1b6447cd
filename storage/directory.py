"""The street itself: communities, estates, buildings, teams and chat groups."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import BigInteger, Boolean, Integer, String, Table, insert, select, update

from storage.schema import UtcDateTime, fact, metadata
from storage.words import GroupKind

if TYPE_CHECKING:
    from storage.transaction import Transaction

communities = Table(
    "communities",
    metadata,
    fact("id", BigInteger, primary_key=True),
    fact("name", String(60), unique=True),
    fact("demo", Boolean),
)
estates = Table(
    "estates",
    metadata,
    fact("id", BigInteger, primary_key=True),
    fact("community_id", BigInteger, index=True),
    fact("name", String(60), unique=True),
    fact("demo", Boolean),
)
buildings = Table(
    "buildings",
    metadata,
    fact("id", BigInteger, primary_key=True),
    fact("estate_id", BigInteger, index=True),
    fact("name", String(40)),
    fact("units", Integer),
    fact("lifts", Integer),
)
teams = Table(
    "teams",
    metadata,
    fact("id", BigInteger, primary_key=True),
    fact("community_id", BigInteger, nullable=True),
    fact("name", String(60), unique=True),
    fact("demo", Boolean),
)
groups = Table(
    "groups",
    metadata,
    fact("id", BigInteger, primary_key=True),
    fact("community_id", BigInteger, nullable=True),
    fact("name", String(60), unique=True),
    fact("kind", String(20)),
    fact("demo", Boolean),
)
group_addresses = Table(
    "group_addresses",
    metadata,
    fact("key", String(200), primary_key=True),
    fact("channel", String(20)),
    fact("chat", String(120)),
    fact("group_id", BigInteger, nullable=True, index=True),
    fact("greeted_at", UtcDateTime, nullable=True),
    fact("left_at", UtcDateTime, nullable=True),
)
group_members = Table(
    "group_members",
    metadata,
    fact("group_id", BigInteger, primary_key=True),
    fact("resident_id", BigInteger, primary_key=True, index=True),
)


@dataclass(frozen=True, slots=True)
class Place:
    """A named part of the street: a community, or an estate within one."""

    id: int
    name: str
    community_id: int


@dataclass(frozen=True, slots=True)
class Group:
    """A chat group the street works in."""

    id: int
    name: str
    kind: GroupKind
    community_id: int | None


@dataclass(frozen=True, slots=True)
class GroupAddress:
    """Where a group meets on one channel; `group_id` is None until it is bound."""

    key: str
    channel: str
    chat: str
    group_id: int | None
    greeted: bool
    left: bool = False
    """Whether the bot was removed from the chat, as far as anybody told us."""


class Directory:
    """Finds the parts of the street; small tables that staff fill by import."""

    def __init__(self, tx: "Transaction") -> None:
        self._tx = tx

    def is_empty(self) -> bool:
        """Return whether no community was ever imported."""
        return self._tx.read(select(communities.c.id).limit(1)).first() is None

    def communities(self) -> list[Place]:
        """Return all communities."""
        rows = self._tx.read(select(communities).order_by(communities.c.id))
        return [Place(row.id, row.name, row.id) for row in rows]

    def estates(self) -> list[Place]:
        """Return all estates."""
        rows = self._tx.read(select(estates).order_by(estates.c.id))
        return [Place(row.id, row.name, row.community_id) for row in rows]

    def estate(self, estate_id: int | None) -> Place | None:
        """Return one estate, or None."""
        if estate_id is None:
            return None
        row = self._tx.read(select(estates).where(estates.c.id == estate_id)).first()
        return None if row is None else Place(row.id, row.name, row.community_id)

    def community(self, community_id: int | None) -> Place | None:
        """Return one community, or None."""
        if community_id is None:
            return None
        row = self._tx.read(select(communities).where(communities.c.id == community_id)).first()
        return None if row is None else Place(row.id, row.name, row.id)

    def group(self, group_id: int) -> Group:
        """Return one group; KeyError when there is none."""
        row = self._tx.read(select(groups).where(groups.c.id == group_id)).first()
        if row is None:
            raise KeyError(group_id)
        return Group(row.id, row.name, GroupKind(row.kind), row.community_id)

    def groups(self) -> list[Group]:
        """Return all groups."""
        rows = self._tx.read(select(groups).order_by(groups.c.id))
        return [Group(row.id, row.name, GroupKind(row.kind), row.community_id) for row in rows]

    def staff_group(self, kind: GroupKind, community_id: int | None = None) -> Group | None:
        """Return the group where this part of the street's staff works, or None."""
        statement = select(groups).where(groups.c.kind == kind)
        if kind is GroupKind.COMMUNITY_STAFF:
            statement = statement.where(groups.c.community_id == community_id)
        row = self._tx.read(statement.order_by(groups.c.id).limit(1)).first()
        return None if row is None else Group(row.id, row.name, kind, row.community_id)

    def group_at(self, channel: str, chat: str) -> GroupAddress | None:
        """Return what is known of the group chat with this address."""
        statement = select(group_addresses).where(group_addresses.c.key == f"{channel}:{chat}")
        row = self._tx.read(statement).first()
        if row is None:
            return None
        return GroupAddress(
            row.key,
            row.channel,
            row.chat,
            row.group_id,
            row.greeted_at is not None,
            row.left_at is not None,
        )

    def group_addresses(self, group_id: int) -> list[GroupAddress]:
        """Return where the group meets now."""
        statement = (
            select(group_addresses)
            .where(group_addresses.c.group_id == group_id, group_addresses.c.left_at.is_(None))
            .order_by(group_addresses.c.key)
        )
        return [
            GroupAddress(row.key, row.channel, row.chat, row.group_id, True)
            for row in self._tx.read(statement)
        ]

    def bind_group(self, channel: str, chat: str, group_id: int | None) -> None:
        """Let this chat be the group's, or (None) note that it was told how to be bound."""
        row = {
            "key": f"{channel}:{chat}",
            "channel": channel,
            "chat": chat,
            "group_id": group_id,
            "greeted_at": self._tx.now,
            "left_at": None,
        }
        self._tx.write(self._tx.upsert(group_addresses, ["key"]).values(row))

    def move_group(self, channel: str, old_chat: str, new_chat: str) -> None:
        """Follow a group whose chat id changed (Telegram supergroups)."""
        statement = (
            update(group_addresses)
            .where(group_addresses.c.key == f"{channel}:{old_chat}")
            .values(key=f"{channel}:{new_chat}", chat=new_chat)
        )
        self._tx.write(statement)

    def leave_group(self, key: str) -> None:
        """Note that the bot was removed from this chat; its data stay."""
        self._tx.write(
            update(group_addresses).where(group_addresses.c.key == key).values(left_at=self._tx.now)
        )

    def return_to_group(self, key: str) -> None:
        """Note that the bot hears this chat again: notices go there."""
        self._tx.write(
            update(group_addresses).where(group_addresses.c.key == key).values(left_at=None)
        )

    def members(self, group_id: int) -> list[int]:
        """Return the ids of the group's known members."""
        statement = select(group_members.c.resident_id).where(group_members.c.group_id == group_id)
        return [row.resident_id for row in self._tx.read(statement)]

    def groups_of(self, resident_id: int) -> list[Group]:
        """Return the groups somebody is a known member of."""
        statement = (
            select(groups)
            .join(group_members, group_members.c.group_id == groups.c.id)
            .where(group_members.c.resident_id == resident_id)
            .order_by(groups.c.id)
        )
        return [
            Group(row.id, row.name, GroupKind(row.kind), row.community_id)
            for row in self._tx.read(statement)
        ]

    def add(self, table: str, rows: list[dict[str, object]]) -> None:
        """Add imported rows to one of the tables of the street, by its name."""
        tables = {
            t.name: t for t in (communities, estates, buildings, teams, groups, group_members)
        }
        self._tx.write(insert(tables[table]), rows)
