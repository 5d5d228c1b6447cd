"""Notes in the database who blocked the bot, which group it left and which one moved."""

from collections.abc import Callable

from bot.channels.telegram.places import CHANNEL, Place
from bot.channels.telegram.reading import Membership, Moved
from handlers.outreach import ladder
from storage.residents import address_key
from storage.transaction import Transaction


def membership(change: Membership) -> Callable[[Transaction], None]:
    """Return the unit of work that notes whether the bot may write in this chat."""
    if change.chat_id > 0:
        key = address_key(CHANNEL, str(change.chat_id))
        return lambda tx: _person(tx, key, reachable=change.present)
    return lambda tx: _group(tx, change)


def moved(move: Moved) -> Callable[[Transaction], None]:
    """Return the unit of work that lets a group keep what it was under its old id."""
    return lambda tx: _move(tx, str(move.old_id), str(move.new_id))


def _person(tx: Transaction, key: str, *, reachable: bool) -> None:
    resident = tx.residents.at(key)
    if resident is None:
        return
    if reachable:
        # Said here: by the time they write, the address is one like any other.
        ladder.come_back(tx, resident.id)
        tx.residents.use(resident, key)
    else:
        tx.residents.mark_unreachable(key)


def _group(tx: Transaction, change: Membership) -> None:
    chat = str(change.chat_id)
    if change.present:
        known = tx.directory.group_at(CHANNEL, chat)
        if known is not None and known.group_id is not None:
            tx.directory.bind_group(CHANNEL, chat, known.group_id)
        return
    tx.directory.leave_group(address_key(CHANNEL, chat))
    for topic in _bound_topics(tx, change.chat_id):
        tx.directory.leave_group(topic)


def _bound_topics(tx: Transaction, chat_id: int) -> list[str]:
    """Topics are bound one by one, but are left together."""
    return [
        address.key
        for group in tx.directory.groups()
        for address in tx.directory.group_addresses(group.id)
        if address.channel == CHANNEL and Place.of(address.chat).chat_id == chat_id
    ]


def _move(tx: Transaction, old: str, new: str) -> None:
    before, after = tx.directory.group_at(CHANNEL, old), tx.directory.group_at(CHANNEL, new)
    if before is None:
        return
    if after is None:
        tx.directory.move_group(CHANNEL, old, new)
        return
    # Somebody wrote in the new chat before we heard of it.
    if after.group_id is None and before.group_id is not None:
        tx.directory.bind_group(CHANNEL, new, before.group_id)
    tx.directory.leave_group(before.key)
