"""How people can be reached, for many of them at once."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import and_, delete, func, select

from storage.given import ForIds
from storage.ids import SHARDS
from storage.residents import Address, addresses, residents

if TYPE_CHECKING:
    from storage.transaction import Transaction


@dataclass(frozen=True, slots=True)
class Contact:
    """A person as somebody sees them who has something to tell them."""

    resident_id: int
    last_address: str | None
    phone: str | None
    elder_mode: bool
    is_known: bool
    """Whether their name or their house is registered: else nobody could go there."""
    community_id: int | None
    addresses: tuple[Address, ...]


_ADDRESSES = ForIds(
    lambda given: (
        select(
            addresses.c.key,
            addresses.c.channel,
            addresses.c.user,
            addresses.c.chat,
            addresses.c.resident_id,
            addresses.c.unreachable_since,
        )
        .where(addresses.c.resident_id == given)
        .order_by(addresses.c.created_at, addresses.c.key)
    )
)
_PEOPLE = ForIds(
    lambda given: select(
        residents.c.id,
        residents.c.last_address,
        residents.c.phone,
        residents.c.elder_mode,
        func.coalesce(residents.c.name, "").concat(func.coalesce(residents.c.building, "")) != "",
        residents.c.community_id,
    ).where(residents.c.shard == given % SHARDS, residents.c.id == given)
)


class Contacts:
    """Finds the ways to people."""

    def __init__(self, tx: "Transaction") -> None:
        self._tx = tx

    def of(self, resident_ids: Iterable[int]) -> dict[int, Contact]:
        """Return how these people can be reached, by their ids."""
        wanted = set(resident_ids)
        if not wanted:
            return {}
        found: dict[int, list[Address]] = {resident_id: [] for resident_id in wanted}
        for row in _ADDRESSES.rows(self._tx.reading(), wanted):
            found[row[4]].append(Address(*row))
        people = _PEOPLE.rows(self._tx.reading(), wanted)
        return {row[0]: Contact(*(*row, tuple(found[row[0]]))) for row in people}

    def at(self, key: str) -> Address | None:
        """Return the address with this key, or None."""
        row = self._tx.read(select(addresses).where(addresses.c.key == key)).first()
        if row is None:
            return None
        return Address(
            row.key, row.channel, row.user, row.chat, row.resident_id, row.unreachable_since
        )

    def unreachable(self) -> dict[str, int]:
        """Return for each channel at how many addresses nothing arrives."""
        statement = (
            select(addresses.c.channel, func.count().label("number"))
            .where(addresses.c.unreachable_since.is_not(None))
            .group_by(addresses.c.channel)
        )
        return {row.channel: row.number for row in self._tx.read(statement)}

    def release(self, address: Address) -> bool:
        """Let the address speak for nobody; False when it did not speak for this person."""
        statement = delete(addresses).where(
            and_(addresses.c.key == address.key, addresses.c.resident_id == address.resident_id)
        )
        gone = self._tx.write(statement).rowcount == 1
        self._tx.loaded.forget_residents()
        return gone
