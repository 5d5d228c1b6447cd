"""Says things unasked: to a person outside the quiet hours, to the staff who are responsible."""

from collections.abc import Container, Sequence
from datetime import datetime
from functools import partial

from handlers.localtime import after_quiet
from handlers.message import Choice, choice_as_json
from storage.directory import Group
from storage.transaction import Transaction
from storage.words import GroupKind, RoleWord

ONLY_ANSWERS = {"wecom_bot"}
"""Channels on which nothing can be said unasked, as a rule (storage/speaking.py knows when it can):
a group that meets only there cannot be told then."""
DUTY_ROLES = {RoleWord.SECRETARY, RoleWord.GRID, RoleWord.STREET}
"""Who hears of what cannot wait, when no group of theirs is bound."""


def note_speaking(tx: Transaction, channels: Container[str]) -> None:
    """Note on which channels that only answer, as a rule, the running service can speak first."""
    for channel in sorted(ONLY_ANSWERS):
        tx.speaking_first.note(channel, can=channel in channels)


def tell_resident(
    tx: Transaction,
    resident_id: int,
    *,
    key: str,
    text: str,
    topic: str,
    choices: Sequence[Choice] = (),
    media: Sequence[str] = (),
    asked_for: bool = False,
    due_at: datetime | None = None,
    expires_at: datetime | None = None,
) -> None:
    """Have something said to a person; it waits for the morning unless they asked for it."""
    due_at = due_at or tx.now
    tx.notices.schedule(
        key=key,
        resident_id=resident_id,
        text=text,
        topic=topic,
        choices=[choice_as_json(choice) for choice in choices],
        media=list(media),
        due_at=due_at if asked_for else after_quiet(due_at),
        expires_at=expires_at,
        urgent=asked_for,
    )


def tell_staff(
    tx: Transaction,
    community_id: int | None,
    *,
    key: str,
    text: str,
    topic: str,
    street_level: bool = False,
    choices: Sequence[Choice] = (),
    media: Sequence[str] = (),
    due_at: datetime | None = None,
    urgent: bool = False,
) -> Group | None:
    """Have something said where this part of the street's staff works; return the group.

    A community whose group nobody reads on any channel is served by the street's group, and
    that by everybody on duty, one by one: a report never lands where nobody looks.
    """
    group = staff_group(tx, community_id, street_level=street_level)
    schedule = partial(
        tx.notices.schedule,
        text=text,
        topic=topic,
        choices=[choice_as_json(choice) for choice in choices],
        media=list(media),
        due_at=due_at,
        urgent=urgent,
    )
    if group is not None:
        schedule(key=key, group_id=group.id)
        return group
    told = {role.resident_id for role in tx.residents.holders(DUTY_ROLES, community_id)}
    for resident_id in sorted(told):
        schedule(key=f"{key}:{resident_id}", resident_id=resident_id)
    return None


def staff_group(
    tx: Transaction, community_id: int | None, *, street_level: bool = False
) -> Group | None:
    """Return the group that serves this part of the street and can be reached, or None."""
    candidates = []
    if not street_level and community_id is not None:
        candidates.append(tx.directory.staff_group(GroupKind.COMMUNITY_STAFF, community_id))
    candidates.append(tx.directory.staff_group(GroupKind.STREET_STAFF))
    for group in candidates:
        if group is not None and any(
            address.channel not in ONLY_ANSWERS or tx.speaking_first.can(address.channel)
            for address in tx.directory.group_addresses(group.id)
        ):
            return group
    return None
