"""Notices for people whom the account cannot write to: they lie until the person writes."""

from msgspec.structs import replace

from bot.channels.wechat import texts
from bot.channels.wechat.reading import CHANNEL
from handlers import menus
from handlers.delivery import reply_of_notice
from handlers.message import Message, Reply, as_json
from handlers.outreach import ladder
from handlers.texts import when
from storage.notices import Notice
from storage.talks import Talk
from storage.transaction import Transaction


def gather(tx: Transaction, message: Message, *, offers: bool) -> bool:
    """Put what lies for the sender among the late answers, which are said with this one.

    `offers` says that this answer has something to choose: then its numbers count, not those of
    what lay there.
    """
    found = ladder.picked_up(tx, message.needs.address)
    for notice in found:
        reply = _reply(tx, notice, numbered=not offers and notice is found[-1])
        key = f"{CHANNEL}:notice:{notice.id}"
        tx.late_answers.keep(key, CHANNEL, message.chat, [as_json(reply)], promised=True)
        if reply.choices:
            _remember(tx, message, reply)
    return bool(found)


def _remember(tx: Transaction, message: Message, reply: Reply) -> None:
    """Let the numbers mean what this offers."""
    key = message.needs.talk
    resident = tx.residents.at(message.needs.address)
    assert resident is not None, "it lay at an address of somebody"
    there = tx.talks.of(key) or Talk(key, CHANNEL, message.chat, message.sender, resident.id)
    tx.talks.keep(replace(there, menu=menus.remembered([reply]) or there.menu))


def _reply(tx: Transaction, notice: Notice, *, numbered: bool) -> Reply:
    reply = reply_of_notice(notice)
    text = texts.lay_there(when(notice.due_at, tx.now), reply.text)
    return replace(reply, text=text, choices=reply.choices if numbered else ())
