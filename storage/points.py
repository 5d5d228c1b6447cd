"""The points bank: posts transfers and reads balances; the ledger is the proof of every balance."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import and_, insert, select, update

from storage import ledger_checks
from storage.chain import chained_hash, input_hash
from storage.ids import shard_of, shard_of_key
from storage.ledger import CHAINED, accounts, entries, gifts, lots, transfer_keys, transfers
from storage.words import AccountKind, TransferKind

if TYPE_CHECKING:
    from storage.transaction import Transaction

STREET_ISSUER = 0
"""The owner id of the account that points come from; its balance is never stored, only summed."""


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
class Lot:
    """Points that were earned together, and expire together."""

    amount: int
    earned_at: datetime
    expires_at: datetime | None


class KeyReused(Exception):
    """The same idempotency key came with other input: a mistake that must not pass silently."""


class Points:
    """Posts transfers and reads balances; whole points only."""

    def __init__(self, tx: "Transaction") -> None:
        self._tx = tx

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
        if self._is_posted(key, digest):
            return False
        self._credit(
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
        if self._is_posted(given_back, digest):
            return True
        taken = self._debit(shard, given_back, digest, actor_id, from_id, amount)
        if taken is None:
            return False
        other, given = shard_of(to_id), f"{key}:in"
        digest = input_hash(given, f"{from_id}:{to_id}:{amount}")
        self._credit(other, given, digest, TransferKind.MERGE, None, actor_id, to_id, taken)
        return True

    def _is_posted(self, key: str, digest: str) -> bool:
        """Whether this was posted before; raises KeyReused when it was something else."""
        of_key = shard_of_key(key)
        known = self._tx.read(
            select(transfer_keys.c.input_hash).where(
                transfer_keys.c.shard == of_key, transfer_keys.c.key == key
            )
        ).scalar()
        if known is not None and known != digest:
            raise KeyReused(key)
        return known is not None

    def _note_key(self, key: str, digest: str) -> None:
        """Take the key, which is unique in the whole street."""
        posted = {"shard": shard_of_key(key), "key": key, "input_hash": digest}
        self._tx.write(insert(transfer_keys).values(posted))

    def _credit(
        self,
        shard: int,
        key: str,
        digest: str,
        kind: TransferKind,
        reason_id: int | None,
        actor_id: int | None,
        resident_id: int,
        parts: list[Lot],
    ) -> None:
        self._note_key(key, digest)
        amount = sum(part.amount for part in parts)
        issuer = self._account(shard, AccountKind.ISSUER, STREET_ISSUER)
        account = self._account(shard, AccountKind.RESIDENT, resident_id)
        transfer_id = self._post_transfer(
            shard=shard,
            key=key,
            digest=digest,
            kind=kind,
            reason_id=reason_id,
            debit_id=issuer,
            credit_id=account,
            amount=amount,
            actor_id=actor_id,
        )
        credit = (
            update(accounts)
            .where(accounts.c.shard == shard, accounts.c.id == account)
            .values(posted=accounts.c.posted + amount, version=accounts.c.version + 1)
            .returning(accounts.c.posted, accounts.c.version)
        )
        row = self._tx.write(credit).one()
        self._enter(shard, transfer_id, issuer, -amount, None, None)
        self._enter(shard, transfer_id, account, amount, row.posted, row.version)
        for part in parts:
            self._tx.write(
                insert(lots).values(
                    shard=shard,
                    id=self._tx.new_id(shard),
                    account_id=account,
                    transfer_id=transfer_id,
                    amount=part.amount,
                    remaining=part.amount,
                    earned_at=part.earned_at,
                    expires_at=part.expires_at,
                )
            )

    def _debit(
        self,
        shard: int,
        key: str,
        digest: str,
        actor_id: int | None,
        resident_id: int,
        amount: int,
    ) -> list[Lot] | None:
        """Take points back into the street's account; None when there are not so many."""
        account = self._account(shard, AccountKind.RESIDENT, resident_id)
        take = (
            update(accounts)
            .where(
                accounts.c.shard == shard,
                accounts.c.id == account,
                accounts.c.posted - accounts.c.pending >= amount,
            )
            .values(posted=accounts.c.posted - amount, version=accounts.c.version + 1)
            .returning(accounts.c.posted, accounts.c.version)
        )
        row = self._tx.write(take).first()
        if row is None:
            return None
        self._note_key(key, digest)
        issuer = self._account(shard, AccountKind.ISSUER, STREET_ISSUER)
        transfer_id = self._post_transfer(
            shard=shard,
            key=key,
            digest=digest,
            kind=TransferKind.MERGE,
            reason_id=None,
            debit_id=account,
            credit_id=issuer,
            amount=amount,
            actor_id=actor_id,
        )
        self._enter(shard, transfer_id, account, -amount, row.posted, row.version)
        self._enter(shard, transfer_id, issuer, amount, None, None)
        return self._spend(shard, account, amount)

    def _spend(self, shard: int, account_id: int, amount: int) -> list[Lot]:
        """Use up lots, what expires first first; return what each of them gave."""
        statement = (
            select(lots)
            .where(lots.c.shard == shard, lots.c.account_id == account_id, lots.c.remaining > 0)
            .order_by(lots.c.expires_at.is_(None), lots.c.expires_at, lots.c.id)
        )
        parts, left = [], amount
        for lot in self._tx.read(statement).all():
            part = min(left, lot.remaining)
            if part == 0:
                break
            left -= part
            parts.append(Lot(part, lot.earned_at, lot.expires_at))
            rest = lots.c.remaining - part
            same = lots.c.shard == shard, lots.c.id == lot.id
            self._tx.write(update(lots).where(*same).values(remaining=rest))
        assert left == 0
        return parts

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

    def _account(self, shard: int, kind: AccountKind, owner_id: int) -> int:
        statement = select(accounts.c.id).where(
            accounts.c.shard == shard, accounts.c.kind == kind, accounts.c.owner_id == owner_id
        )
        found = self._tx.read(statement).scalar()
        if found is not None:
            return int(found)
        row = {
            "shard": shard,
            "id": self._tx.new_id(shard),
            "kind": kind,
            "owner_id": owner_id,
            "posted": 0,
            "pending": 0,
            "version": 0,
            "opened_at": self._tx.now,
        }
        self._tx.write(self._tx.insert_missing(accounts, ["shard", "kind", "owner_id"]).values(row))
        return int(self._tx.read(statement).scalar_one())

    def _post_transfer(
        self,
        *,
        shard: int,
        key: str,
        digest: str,
        kind: TransferKind,
        reason_id: int | None,
        debit_id: int,
        credit_id: int,
        amount: int,
        actor_id: int | None,
    ) -> int:
        last = self._tx.read(
            select(transfers.c.sequence, transfers.c.hash)
            .where(transfers.c.shard == shard)
            .order_by(transfers.c.sequence.desc())
            .limit(1)
        ).first()
        row: dict[str, object] = {
            "shard": shard,
            "id": self._tx.new_id(shard),
            "idempotency_key": key,
            "input_hash": digest,
            "kind": kind,
            "reason_id": reason_id,
            "rule": None,
            "debit_id": debit_id,
            "credit_id": credit_id,
            "amount": amount,
            "event_at": self._tx.now,
            "created_at": self._tx.now,
            "reverses_id": None,
            "hold_id": None,
            "actor_id": actor_id,
            "second_actor_id": None,
            "sequence": last.sequence + 1 if last else 1,
            "prev_hash": last.hash if last else "",
        }
        facts = {name: row[name] for name in CHAINED}
        row["hash"] = chained_hash(str(row["prev_hash"]), facts)
        self._tx.write(insert(transfers).values(row))
        return int(str(row["id"]))

    def _enter(
        self,
        shard: int,
        transfer_id: int,
        account_id: int,
        amount: int,
        balance_after: int | None,
        version: int | None,
    ) -> None:
        row = {
            "shard": shard,
            "id": self._tx.new_id(shard),
            "transfer_id": transfer_id,
            "account_id": account_id,
            "amount": amount,
            "balance_after": balance_after,
            "account_version": version,
        }
        self._tx.write(insert(entries).values(row))


def _posting(row: Sequence[Any]) -> Posting:
    return Posting(row[0], row[1], row[2], TransferKind(row[3]), row[4], row[5])
