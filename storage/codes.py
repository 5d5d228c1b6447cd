"""One-time codes: the first administrator, binding of people and groups, links between chats."""

import hashlib
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from sqlalchemy import JSON, BigInteger, String, Table, delete, insert, select, update

from storage.schema import UtcDateTime, fact, metadata, personal
from storage.words import CodePurpose, Kept

if TYPE_CHECKING:
    from storage.transaction import Transaction

codes = Table(
    "codes",
    metadata,
    fact("hash", String(64), primary_key=True),
    fact("purpose", String(20)),
    fact("subject_id", BigInteger, nullable=True),
    personal("payload", JSON, kept=Kept.TALK),
    fact("made_by", BigInteger, nullable=True),
    fact("expires_at", UtcDateTime, index=True),
    fact("used_at", UtcDateTime, nullable=True),
    fact("used_by", BigInteger, nullable=True),
)


@dataclass(frozen=True, slots=True)
class Code:
    """What a code is for; the code itself is never stored, only its hash."""

    purpose: CodePurpose
    subject_id: int | None
    payload: dict[str, object]
    expires_at: datetime
    used_at: datetime | None


def _hash(code: str) -> str:
    return hashlib.sha256(code.strip().upper().encode("utf-8", "replace")).hexdigest()


class Codes:
    """Makes and uses one-time codes."""

    def __init__(self, tx: "Transaction") -> None:
        self._tx = tx

    def make(
        self,
        code: str,
        purpose: CodePurpose,
        expires_at: datetime,
        *,
        subject_id: int | None = None,
        payload: dict[str, object] | None = None,
        made_by: int | None = None,
    ) -> None:
        """Make a code work once, until it expires."""
        row = {
            "hash": _hash(code),
            "purpose": purpose,
            "subject_id": subject_id,
            "payload": payload or {},
            "made_by": made_by,
            "expires_at": expires_at,
            "used_at": None,
            "used_by": None,
        }
        self._tx.write(insert(codes).values(row))

    def find(self, code: str) -> Code | None:
        """Return what the code is for, used or not, expired or not; None when unknown."""
        row = self._tx.read(select(codes).where(codes.c.hash == _hash(code))).first()
        if row is None:
            return None
        return Code(
            CodePurpose(row.purpose), row.subject_id, row.payload, row.expires_at, row.used_at
        )

    def use(self, code: str, resident_id: int) -> bool:
        """Use the code up; False when it was used before or has expired."""
        statement = (
            update(codes)
            .where(
                codes.c.hash == _hash(code),
                codes.c.used_at.is_(None),
                codes.c.expires_at > self._tx.now,
            )
            .values(used_at=self._tx.now, used_by=resident_id)
        )
        return self._tx.write(statement).rowcount == 1

    def forget_old(self) -> int:
        """Delete expired codes; return how many."""
        return self._tx.write(delete(codes).where(codes.c.expires_at < self._tx.now)).rowcount
