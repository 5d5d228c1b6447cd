"""Notes in the database what people did besides speaking, and what may be said to them now."""

from collections.abc import Callable

from bot.channels.wechat.allowance import Allowance
from bot.channels.wechat.reading import CHANNEL, Consented, Heard, Left, Rang
from bot.channels.wechat.sender import NOT_ARRIVED
from handlers.outreach import ladder, lying
from storage import inbox
from storage.residents import address_key
from storage.transaction import Transaction
from storage.words import WindowKind

Work = Callable[[Transaction], None]


def of(event: Left | Rang | Consented) -> Work:
    """Return the unit of work that notes this; sent again, it changes nothing."""
    key = inbox.key_of(CHANNEL, event.key)

    def work(tx: Transaction) -> None:
        if tx.inbox.seen(key) is None:
            tx.inbox.record(key, [])
            _note(tx, event)

    return work


def window(heard: Heard, allowance: Allowance) -> Work | None:
    """Return the work that opens the time in which more may be said; None without the means."""
    if not allowance.customer_messages:
        return None
    address = address_key(CHANNEL, heard.message.sender)
    if heard.by_action:
        kind, messages, lasts = WindowKind.ACTION, allowance.per_action, allowance.action_window
    else:
        kind, messages, lasts = WindowKind.MESSAGE, allowance.per_message, allowance.message_window
    closes_at = heard.sent_at + lasts
    return lambda tx: tx.quotas.open(address, kind, messages, closes_at)


def _note(tx: Transaction, event: Left | Rang | Consented) -> None:
    address = address_key(CHANNEL, event.user)
    match event:
        case Left():
            tx.residents.mark_unreachable(address)
            tx.loaded.forget_residents()
            tx.quotas.close(address)
        case Rang():
            if event.blocked:
                tx.residents.mark_unreachable(address)
                tx.loaded.forget_residents()
            if event.arrived:
                tx.quotas.arrived(event.number)
                return
            notice = tx.quotas.failed(event.number, address)
            if notice is not None:
                ladder.bounced(tx, *notice, address, NOT_ARRIVED, closed=event.blocked)
        case Consented():
            for template, count in event.templates:
                tx.quotas.consent(address, template, count)
            lying.say_again(tx, address)
