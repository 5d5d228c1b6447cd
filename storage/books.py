"""The books of the points bank: writes both sides of a transfer, its key, its lots and its hash."""

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from sqlalchemy import insert, select, update

from storage.chain import chained_hash
from storage.ids import shard_of_key
from storage.ledger import CHAINED, accounts, entries, lots, transfer_keys, transfers
from storage.words import AccountKind, TransferKind

if TYPE_CHECKING:
    from storage.transaction import Transaction

STREET_ISSUER = 0
"""The owner id of the account that points come from; its balance is never stored, only summed."""


@dataclass(frozen=True, slots=True)
class Lot:
    """Points that were earned together, and expire together."""

    amount: int
    earned_at: datetime
    expires_at: datetime | None


@dataclass(frozen=True, slots=True)
class Reversed:
    """The transfer that another one takes back, and the words it was given with."""

    transfer_id: int
    reason_id: int | None


class KeyReused(Exception):
    """The same idempotency key came with other input: a mistake that must not pass silently."""


class Books:
    """Writes what is posted; who may post what, and why, is not its concern."""

    def __init__(self, tx: "Transaction") -> None:
        self._tx = tx

    def is_posted(self, key: str, digest: str) -> bool:
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

    def credit(
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
        """Give points out of the street's account to a resident, in the lots named."""
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

    def debit(
        self,
        shard: int,
        key: str,
        digest: str,
        actor_id: int | None,
        resident_id: int,
        amount: int,
        kind: TransferKind = TransferKind.MERGE,
        reverses: Reversed | None = None,
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
            kind=kind,
            reason_id=reverses.reason_id if reverses else None,
            debit_id=account,
            credit_id=issuer,
            amount=amount,
            actor_id=actor_id,
            reverses_id=reverses.transfer_id if reverses else None,
        )
        self._enter(shard, transfer_id, account, -amount, row.posted, row.version)
        self._enter(shard, transfer_id, issuer, amount, None, None)
        return self._spend(shard, account, amount, reverses.transfer_id if reverses else None)

    def _spend(
        self, shard: int, account_id: int, amount: int, first_of: int | None = None
    ) -> list[Lot]:
        """Use up lots, what expires first first; return what each of them gave.

        What was taken back comes out of the lot of its transfer (`first_of`), if that has it still.
        """
        statement = (
            select(lots)
            .where(lots.c.shard == shard, lots.c.account_id == account_id, lots.c.remaining > 0)
            .order_by(
                lots.c.transfer_id != (first_of or 0),
                lots.c.expires_at.is_(None),
                lots.c.expires_at,
                lots.c.id,
            )
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
        reverses_id: int | None = None,
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
            "reverses_id": reverses_id,
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
