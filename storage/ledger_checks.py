"""The proof of the ledger: balances against entries, lots, pairs of entries, chains of hashes."""

from typing import TYPE_CHECKING

from sqlalchemy import and_, func, or_, select

from storage.chain import chained_hash
from storage.ledger import CHAINED, accounts, entries, lots, transfers
from storage.words import AccountKind

if TYPE_CHECKING:
    from storage.transaction import Transaction


def faults(tx: "Transaction") -> list[str]:
    """Return what does not add up, in words that name ids only; empty when all is well."""
    return [
        *_wrong_balances(tx),
        *_wrong_lots(tx),
        *_wrong_pairs(tx),
        *_broken_chains(tx),
    ]


def _wrong_balances(tx: "Transaction") -> list[str]:
    summed = (
        select(
            accounts.c.id,
            accounts.c.posted,
            func.coalesce(func.sum(entries.c.amount), 0).label("entered"),
        )
        .join_from(
            accounts,
            entries,
            and_(entries.c.shard == accounts.c.shard, entries.c.account_id == accounts.c.id),
            isouter=True,
        )
        .where(accounts.c.kind != AccountKind.ISSUER)
        .group_by(accounts.c.shard, accounts.c.id, accounts.c.posted)
    )
    found = [
        f"account {row.id}: posted {row.posted}, entries sum to {row.entered}"
        for row in tx.read(summed)
        if row.posted != row.entered
    ]
    total = int(tx.read(select(func.coalesce(func.sum(entries.c.amount), 0))).scalar_one())
    return [*found, *([f"all entries sum to {total}"] if total else [])]


def _wrong_lots(tx: "Transaction") -> list[str]:
    summed = (
        select(
            accounts.c.id,
            accounts.c.posted,
            func.coalesce(func.sum(lots.c.remaining), 0).label("remaining"),
        )
        .join_from(
            accounts,
            lots,
            and_(lots.c.shard == accounts.c.shard, lots.c.account_id == accounts.c.id),
            isouter=True,
        )
        .where(accounts.c.kind == AccountKind.RESIDENT)
        .group_by(accounts.c.shard, accounts.c.id, accounts.c.posted)
    )
    return [
        f"account {row.id}: posted {row.posted}, lots hold {row.remaining}"
        for row in tx.read(summed)
        if row.posted != row.remaining
    ]


def _wrong_pairs(tx: "Transaction") -> list[str]:
    """Every transfer has two entries: what one account lost, the other got."""
    entered = func.coalesce(func.sum(entries.c.amount), 0)
    paired = (
        select(transfers.c.id)
        .join_from(
            transfers,
            entries,
            and_(
                entries.c.shard == transfers.c.shard,
                entries.c.transfer_id == transfers.c.id,
            ),
            isouter=True,
        )
        .group_by(transfers.c.shard, transfers.c.id, transfers.c.amount)
        .having(
            or_(
                func.count(entries.c.id) != 2,  # noqa: PLR2004  double entry
                entered != 0,
                func.max(entries.c.amount) != transfers.c.amount,
            )
        )
    )
    return [f"transfer {row.id}: its entries do not match it" for row in tx.read(paired)]


def _broken_chains(tx: "Transaction") -> list[str]:
    statement = select(transfers).order_by(transfers.c.shard, transfers.c.sequence)
    found: list[str] = []
    shard, sequence, previous = -1, 0, ""
    for row in tx.read(statement):
        if row.shard != shard:
            shard, sequence, previous = row.shard, 0, ""
        sequence += 1
        facts = {name: row._asdict()[name] for name in CHAINED}
        if row.sequence != sequence or row.hash != chained_hash(previous, facts):
            found.append(f"shard {shard}: chain broken at transfer {row.id}")
        previous = row.hash
    return found
