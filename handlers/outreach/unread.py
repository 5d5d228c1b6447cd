"""Tells staff whose answer lies where the resident has to come first, and what becomes of it."""

from handlers import notify
from handlers.outreach import rules, texts
from storage.notices import Notice
from storage.transaction import Transaction

ANSWER, OVER = "handover", "closed"


def tell_staff(tx: Transaction, notice: Notice, key: str, *, is_carried: bool) -> None:
    """Say so once for each talk while it lies; `is_carried` if somebody goes there in the end."""
    if notice.topic != ANSWER or notice.delivered_via is not None:
        return
    _, handover_id, what = notice.key.split(":", 2)
    same_talk = f"{ANSWER}:{handover_id}:"
    if what == OVER or any(it.key.startswith(same_talk) for it in tx.reaching.lying_at(key)):
        return
    handover = tx.handovers.find(int(handover_id))
    if handover is None or handover.resident_id != notice.resident_id:
        # The talk is erased, or these are staff who are told of it one by one.
        return
    notify.tell_staff(
        tx,
        handover.community_id,
        key=f"{notice.key}:lies",
        text=texts.lies_there(handover.number, rules.VISIT_AFTER if is_carried else None),
        topic=ANSWER,
        urgent=True,
    )
