"""Where something waits for a person to come: it lies there unread, or is to be carried to them."""

from sqlalchemy import Connection, literal_column, select

from storage.ids import SHARDS
from storage.notices import IS_OPEN, notices
from storage.prepared import KnownBy
from storage.residents import addresses
from storage.visits import visits
from storage.words import VisitState

_LIES = select(notices.c.delivered_via).where(IS_OPEN, notices.c.delivered_via.is_not(None))
_IS_CARRIED = (
    select(addresses.c.key)
    .join(
        visits,
        (visits.c.shard == addresses.c.resident_id % SHARDS)
        & (visits.c.resident_id == addresses.c.resident_id),
    )
    .where(visits.c.state == literal_column(f"'{VisitState.OPEN.value}'"))
)
_WAITS = KnownBy(notices.c.delivered_via, _LIES, or_by=(addresses.c.key, _IS_CARRIED))


def load(connection: Connection, keys: set[str]) -> set[str]:
    """Return those of these addresses for which something waits."""
    return {row[0] for row in _WAITS.rows(connection, keys)}
