"""The points bank: posts transfers and reads balances; the ledger is the proof of every balance."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import and_, insert, select

from storage import ledger_checks
from storage.books import Books, Lot, Reversed
from storage.chain import input_hash
from storage.ids import shard_of
from storage.ledger import accounts, entries, gifts, transfers
from storage.words import AccountKind, TransferKind

if TYPE_CHECKING:
    from storage.transaction import Transaction

SEARCHED = 50
"""Newest lines of an account among which an award is looked for."""


@dataclass(frozen=True, slots=True)
class Posting:
    """One line of somebody's account: what came (+) or went (-), why, and the balance after."""

    transfer_id: int
    amount: int
    balance_after: int
    kind: TransferKind
    reason_id: int | None
    happened_at: datetime


@dataclass(frozen=True, slots=True)
class Gift:
    """Something points can be exchanged for."""

    id: int
    name: str
    price: int
    stock: int


@dataclass(frozen=True, slots=True)
class Award:
    """Points that somebody gave."""

    transfer_id: int
    resident_id: int
    amount: int
    reason_id: int | None
    given_at: datetime


class ReversedBefore(Exception):
    """The transfer was taken back already, perhaps a moment ago by another worker."""


class Points:
    """Posts transfers and reads balances; whole points only."""

    def __init__(self, tx: "Transaction") -> None:
        self._tx = tx
        self._books = Books(tx)

    def balance(self, resident_id: int) -> int:
        """Return what the resident can spend now."""
        statement = select(accounts.c.posted - accounts.c.pending).where(
            accounts.c.shard == shard_of(resident_id),
            accounts.c.kind == AccountKind.RESIDENT,
            accounts.c.owner_id == resident_id,
        )
        return int(self._tx.read(statement).scalar() or 0)

    def last_postings(self, resident_id: int, limit: int) -> list[Posting]:
        """Return the newest lines of the resident's account, newest first."""
        shard = shard_of(resident_id)
        account = (
            select(accounts.c.id)
            .where(
                accounts.c.shard == shard,
                accounts.c.kind == AccountKind.RESIDENT,
                accounts.c.owner_id == resident_id,
            )
            .scalar_subquery()
        )
        # Cut off before it is joined: else PostgreSQL reads and sorts all there ever was.
        newest = (
            select(entries)
            .where(entries.c.shard == shard, entries.c.account_id == account)
            .order_by(entries.c.id.desc())
            .limit(limit)
            .subquery()
        )
        statement = (
            select(
                newest.c.transfer_id,
                newest.c.amount,
                newest.c.balance_after,
                transfers.c.kind,
                transfers.c.reason_id,
                transfers.c.event_at,
            )
            .join(
                transfers,
                and_(transfers.c.shard == newest.c.shard, transfers.c.id == newest.c.transfer_id),
            )
            .order_by(newest.c.id.desc())
        )
        return [_posting(row) for row in self._tx.read(statement)]

    def award(
        self,
        *,
        key: str,
        resident_id: int,
        amount: int,
        kind: TransferKind,
        reason_id: int | None,
        actor_id: int | None,
        same_input: str,
    ) -> bool:
        """Post points from the street to a resident; False when this key was posted before.

        Raises KeyReused when the key was posted with other input (`same_input` says what counts).
        """
        assert amount > 0
        shard = shard_of(resident_id)
        digest = input_hash(key, same_input)
        if self._books.is_posted(key, digest):
            return False
        self._books.credit(
            shard,
            key,
            digest,
            kind,
            reason_id,
            actor_id,
            resident_id,
            [Lot(amount, self._tx.now, None)],
        )
        return True

    def newest_award(
        self, resident_id: int, actor_id: int, amount: int | None = None
    ) -> Award | None:
        """Return what the actor gave the resident last, among the newest lines of the account.

        With an `amount` the last award of just so many points.

        Only this can be taken back: said twice, it would else take back one from long before too.
        """
        shard = shard_of(resident_id)
        found = [it.transfer_id for it in self.last_postings(resident_id, SEARCHED)]
        statement = (
            select(transfers)
            .where(
                transfers.c.shard == shard,
                transfers.c.id.in_(found),
                transfers.c.kind == TransferKind.AWARD,
                transfers.c.actor_id == actor_id,
            )
            .order_by(transfers.c.id.desc())
            .limit(1)
        )
        if amount is not None:
            statement = statement.where(transfers.c.amount == amount)
        row = self._tx.read(statement).first()
        if row is None:
            return None
        return Award(row.id, resident_id, row.amount, row.reason_id, row.event_at)

    def reverse(self, *, key: str, award: Award, actor_id: int) -> bool:
        """Take an award back by an entry of its own; False when so much is not there any more.

        Raises ReversedBefore when it was taken back already; nothing may be kept then.
        """
        shard = shard_of(award.resident_id)
        digest = input_hash(key, f"{award.transfer_id}:{award.amount}:{actor_id}")
        if self._books.is_posted(key, digest):
            return True
        if self._is_reversed(shard, award):
            raise ReversedBefore
        taken = self._books.debit(
            shard,
            key,
            digest,
            actor_id,
            award.resident_id,
            award.amount,
            TransferKind.REVERSAL,
            Reversed(award.transfer_id, award.reason_id),
        )
        return taken is not None

    def _is_reversed(self, shard: int, award: Award) -> bool:
        statement = select(transfers.c.id).where(
            transfers.c.shard == shard, transfers.c.reverses_id == award.transfer_id
        )
        return self._tx.read(statement).first() is not None

    def move(
        self, *, key: str, from_id: int, to_id: int, amount: int, actor_id: int | None
    ) -> bool:
        """Move points from a person to the one they turned out to be, with their lots.

        False when there are not so many to spend. Each slice of the street has its own books:
        what leaves one goes back to the street there, and the street gives it in the other.
        """
        assert amount > 0
        given_back = f"{key}:out"
        shard = shard_of(from_id)
        digest = input_hash(given_back, f"{from_id}:{to_id}:{amount}")
        if self._books.is_posted(given_back, digest):
            return True
        taken = self._books.debit(shard, given_back, digest, actor_id, from_id, amount)
        if taken is None:
            return False
        other, given = shard_of(to_id), f"{key}:in"
        digest = input_hash(given, f"{from_id}:{to_id}:{amount}")
        self._books.credit(other, given, digest, TransferKind.MERGE, None, actor_id, to_id, taken)
        return True

    def gifts(self) -> list[Gift]:
        """Return what points can be exchanged for, cheapest first."""
        rows = self._tx.read(select(gifts).order_by(gifts.c.price, gifts.c.id))
        return [Gift(row.id, row.name, row.price, row.stock) for row in rows]

    def add_gift(self, name: str, price: int, stock: int, *, demo: bool = False) -> None:
        """Add something to exchange points for."""
        row = {
            "id": self._tx.new_id(0),
            "name": name,
            "price": price,
            "stock": stock,
            "demo": int(demo),
        }
        self._tx.write(insert(gifts).values(row))

    def faults(self) -> list[str]:
        """Return what does not add up: balances against entries, lots, and each chain of hashes."""
        return ledger_checks.faults(self._tx)


def _posting(row: Sequence[Any]) -> Posting:
    return Posting(row[0], row[1], row[2], TransferKind(row[3]), row[4], row[5])
