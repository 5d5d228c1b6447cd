"""Who may sign, hold back and free legal answers, and what must be so before."""

from collections.abc import Collection, Iterable
from datetime import date, timedelta

from handlers.refusal import Refusal, Why
from storage.words import RoleWord

MAY_SIGN = frozenset({RoleWord.LAWYER})
MAY_HOLD_BACK = frozenset({RoleWord.LAWYER, RoleWord.STREET, RoleWord.SECRETARY, RoleWord.ADMIN})
"""Holding an answer back does no harm; whoever leads may do it, and read what waits."""

SOON = timedelta(days=30)
"""How long before its end an answer is shown to lawyers as expiring."""

TOLD_BACK = timedelta(days=180)
"""Who was given an answer longer ago has acted on it, or never will. So long it is known that it
was given."""


def check_may_sign(roles: Iterable[RoleWord]) -> None:
    """Raise Refusal unless one of the roles is a lawyer's."""
    if not MAY_SIGN & set(roles):
        raise Refusal(Why.LAWYER_ONLY)


def check_may_hold_back(roles: Iterable[RoleWord]) -> None:
    """Raise Refusal unless one of the roles may see and hold back legal answers."""
    if not MAY_HOLD_BACK & set(roles):
        raise Refusal(Why.REVIEW_ONLY)


def check_sign(*, frozen: bool, shown: object, seal: str, entry: str) -> None:
    """Raise Refusal unless the answer may be given and is exactly what its signer was shown."""
    if frozen:
        raise Refusal(Why.ENTRY_FROZEN, entry=entry)
    if shown != seal:
        raise Refusal(Why.ENTRY_UNREAD, entry=entry)


def check_hold_back(*, frozen: bool, reason: str, entry: str) -> None:
    """Raise Refusal unless the answer is still given and there is a reason."""
    if frozen:
        raise Refusal(Why.ENTRY_FROZEN, entry=entry)
    if not reason:
        raise Refusal(Why.ENTRY_REASON, entry=entry)


def check_thaw(*, frozen: bool, changed: Collection[str], compared: bool, entry: str) -> None:
    """Raise Refusal unless the answer is frozen, and its articles are the same or were compared."""
    if not frozen:
        raise Refusal(Why.ENTRY_NOT_FROZEN, entry=entry)
    if changed and not compared:
        raise Refusal(Why.ENTRY_COMPARE, entry=entry, citations="\u3001".join(changed))


def expires_soon(valid_until: date, today: date) -> bool:
    """Return whether an answer that still holds ends soon."""
    return today <= valid_until <= today + SOON
