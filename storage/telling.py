"""Tells everybody who was given an answer, in one statement however many they are."""

from datetime import datetime
from typing import TYPE_CHECKING

from sqlalchemy import BigInteger, String, cast, func, insert, literal, null, select

from storage.answers import answers
from storage.ids import IN_ONE_STAMP, NEXT_STAMP, SHARDS
from storage.notices import notices
from storage.words import NoticeState

if TYPE_CHECKING:
    from storage.transaction import Transaction


def tell_askers(
    tx: "Transaction",
    *,
    entry: str,
    since: datetime,
    key: str,
    text: str,
    topic: str,
    choices: list[dict[str, object]],
    due_at: datetime,
) -> int:
    """Make one notice for each person who was given `entry` since then; return how many.

    The key is completed with the person's id: once for each person and `key`.
    """
    asked = (
        select(answers.c.resident_id)
        .where(answers.c.entry == entry, answers.c.given_at >= since)
        .distinct()
        .subquery()
    )
    count = int(tx.read(select(func.count()).select_from(asked)).scalar_one())
    if not count:
        return 0
    place = cast(func.row_number().over(order_by=asked.c.resident_id) - 1, BigInteger)
    numbered = select(asked.c.resident_id, place.label("place")).subquery()
    n = numbered.c.place
    person = numbered.c.resident_id
    shard = person % SHARDS
    columns = notices.c
    values = {
        "shard": shard,
        "id": tx.new_ids(count)
        + n // IN_ONE_STAMP * NEXT_STAMP
        + n % IN_ONE_STAMP * SHARDS
        + shard,
        "key": literal(f"{key}:") + cast(person, String),
        "resident_id": person,
        "group_id": null(),
        "text": literal(text),
        "choices": literal(choices, columns.choices.type),
        "media": literal([], columns.media.type),
        "topic": literal(topic),
        "urgent": literal(value=False),
        "state": literal(NoticeState.PENDING.value),
        "due_at": literal(due_at, columns.due_at.type),
        "wake_at": literal(due_at, columns.wake_at.type),
        "expires_at": null(),
        "attempts": literal(0),
        "last_error": null(),
        "delivered_via": null(),
        "bounces": literal(0),
        "created_at": literal(tx.now, columns.created_at.type),
        "settled_at": null(),
    }
    rows = select(*values.values()).where(n < count)
    tx.write(insert(notices).from_select(list(values), rows))
    return count
