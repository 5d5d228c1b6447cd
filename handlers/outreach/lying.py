"""What lies where nobody has read it yet: shown when the person comes, or said when it can be."""

from datetime import datetime

from msgspec.structs import replace

from handlers.delivery import reply_of_notice
from handlers.message import Reply
from handlers.outreach import ladder, texts
from handlers.outreach.ladder import Way
from handlers.texts import when
from storage.bell import Topic
from storage.notices import Notice
from storage.transaction import Transaction


def read(tx: Transaction, key: str, *, asks: bool = False) -> list[Reply]:
    """Settle what lay at this address and return it as it is read there now, oldest first.

    The last that has something to choose keeps its numbers, and what they mean is remembered;
    `asks` says that what it is read beside has numbers, and then only those count. Nobody has to
    carry any of it any more.
    """
    lying = tx.reaching.lying_at(key)
    tx.reaching.read_at(key)
    resident = tx.residents.at(key)
    visit = None if resident is None else tx.visits.open_of(resident.id)
    if resident is not None and visit is not None:
        lying = [*(n for n in tx.reaching.by_ids(visit.notices) if n.delivered_via == key), *lying]
        tx.reaching.read_before_carried(visit.notices, key)
        ladder.come_back(tx, resident.id)
    return _shown(tx, key, lying, asks=asks)


def say_again(tx: Transaction, key: str) -> None:
    """Send what lies at this address, where nothing could be said until now."""
    if tx.reaching.lies_at(key):
        tx.reaching.wake_at(key)
        tx.ring(Topic.NOTICES)
    resident = tx.residents.at(key)
    if resident is not None:
        ladder.come_back(tx, resident.id)


def _shown(tx: Transaction, key: str, lying: list[Notice], *, asks: bool) -> list[Reply]:
    asking = [notice for notice in lying if notice.choices]
    numbered = asking[-1] if asking and not asks else None
    address = tx.contacts.at(key) if numbered else None
    if numbered is not None and address is not None:
        way = Way(key, address.channel, address.chat, address.user, address.resident_id)
        ladder.shows(tx, way, [reply_of_notice(numbered)])
    return [_read_now(notice, tx.now, numbered=notice is numbered) for notice in lying]


def _read_now(notice: Notice, now: datetime, *, numbered: bool) -> Reply:
    reply = reply_of_notice(notice)
    text = texts.lay_there(when(notice.due_at, now), reply.text)
    return replace(reply, text=text, choices=reply.choices if numbered else ())
