"""Who may make whom what: authority ends where one's own part of the street ends."""

import re
import unicodedata
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random

from handlers.refusal import Refusal, Why
from handlers.scope import Held, reaches
from storage.words import RoleWord, ScopeKind

CODE_WORKS_FOR = timedelta(hours=72)
"""A captain hands paper codes over on a round through the house; three days suffice."""

OWN_CODE_WORKS_FOR = timedelta(minutes=10)
"""Long enough to open another program, too short to be read out to a swindler at leisure."""

ADMIN_LINK_WORKS_FOR = timedelta(minutes=10)

UNDO_WITHIN = timedelta(days=7)
"""By then whoever was bound by mistake has noticed; later too much was built on it."""

ALPHABET = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"
"""No 0 O 1 I: the codes are read from paper by old eyes."""
LENGTH = 8
_LIKE_A_CODE = re.compile(
    rf"(?<![0-9A-Za-z])(?=\d*[A-Za-z])[{ALPHABET}]{{{LENGTH}}}(?![0-9A-Za-z])", re.IGNORECASE
)
LOOKED_UP = 5
"""Words of one message that are looked up: nobody shows more codes than that."""

MAY_GRANT: dict[RoleWord, frozenset[RoleWord]] = {
    RoleWord.ADMIN: frozenset(RoleWord),
    RoleWord.STREET: frozenset(set(RoleWord) - {RoleWord.ADMIN, RoleWord.STREET}),
    RoleWord.SECRETARY: frozenset(
        {RoleWord.GRID, RoleWord.CAPTAIN, RoleWord.PROPERTY, RoleWord.COORDINATOR}
    ),
}
"""Which roles each role may give and take; everybody else none."""

MAY_MAKE_CODES = frozenset(
    {RoleWord.ADMIN, RoleWord.STREET, RoleWord.SECRETARY, RoleWord.GRID, RoleWord.CAPTAIN}
)


@dataclass(frozen=True, slots=True)
class Identity:
    """What tells whether two registered people may be one."""

    name: str | None
    estate_id: int | None
    building: str | None
    has_roles: bool


def new_code(luck: Random) -> str:
    """Return a fresh one-time code; a QR picture with a mere number is a poster of the operator."""
    code = "".join(luck.choice(ALPHABET) for _ in range(LENGTH))
    return new_code(luck) if code.isdecimal() else code


def like_codes(text: str) -> list[str]:
    """Return the words of a sentence that may be codes; a mere number never is one."""
    return _LIKE_A_CODE.findall(unicodedata.normalize("NFKC", text))[:LOOKED_UP]


def check_may_merge(gone: Identity, kept: Identity) -> None:
    """Raise Refusal unless the registered person who used the code may become its owner.

    A role is never carried over: whoever has one shows the code, and the other account uses it.
    """
    if gone.has_roles:
        raise Refusal(Why.MERGE_BOTH_ROLES if kept.has_roles else Why.MERGE_ROLES)
    same = (
        gone.name == kept.name
        and (gone.estate_id is None or gone.estate_id == kept.estate_id)
        and (gone.building is None or gone.building == kept.building)
    )
    if not same:
        raise Refusal(Why.MERGE_OTHERS)


def check_may_undo(made_at: datetime, now: datetime) -> None:
    """Raise Refusal when it is too late to take a binding back."""
    if now - made_at > UNDO_WITHIN:
        raise Refusal(Why.UNDO_LATE, days=UNDO_WITHIN.days)


def check_may_grant(
    held: Held, role: RoleWord, community_id: int | None, estate_id: int | None
) -> None:
    """Raise Refusal unless one of the held roles may give `role` for this part of the street."""
    for own, kind, scope_id in held:
        if role in MAY_GRANT.get(own, frozenset()) and reaches(
            kind, scope_id, community_id, estate_id
        ):
            return
    raise Refusal(Why.NOT_ALLOWED)


def check_may_speak_for(held: Held, theirs: Held) -> None:
    """Raise Refusal unless everything the other person may do could be granted by these roles.

    A code lets whoever holds it act as that person: it must not lend more than one could give.
    """
    for role, kind, scope_id in theirs:
        if not any(
            role in MAY_GRANT.get(own, frozenset())
            and (own_kind is ScopeKind.STREET or (own_kind, own_id) == (kind, scope_id))
            for own, own_kind, own_id in held
        ):
            raise Refusal(Why.NOT_ALLOWED)


def check_may_make_code(held: Held, community_id: int | None, estate_id: int | None) -> None:
    """Raise Refusal unless one of the held roles covers the person the code is for."""
    for own, kind, scope_id in held:
        if own in MAY_MAKE_CODES and reaches(kind, scope_id, community_id, estate_id):
            return
    raise Refusal(Why.NOT_ALLOWED)
