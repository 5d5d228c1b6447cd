"""Short numbers that people can say aloud, counted up without a gap."""

from typing import TYPE_CHECKING

from sqlalchemy import BigInteger, String, Table, update

from storage.schema import fact, metadata

if TYPE_CHECKING:
    from storage.transaction import Transaction

counters = Table(
    "counters",
    metadata,
    fact("name", String(40), primary_key=True),
    fact("value", BigInteger),
)


def next_number(tx: "Transaction", name: str, first: int) -> int:
    """Return the next number of this counter; the first one ever is `first`."""
    row = {"name": name, "value": first - 1}
    tx.write(tx.insert_missing(counters, ["name"]).values(row))
    statement = (
        update(counters)
        .where(counters.c.name == name)
        .values(value=counters.c.value + 1)
        .returning(counters.c.value)
    )
    return int(tx.write(statement).scalar_one())
