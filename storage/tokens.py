"""The platforms' access tokens: one for all processes, fetched by whoever holds the lease."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from sqlalchemy import String, Table, or_, select, update

from storage.schema import UtcDateTime, fact, metadata
from storage.words import Kept

if TYPE_CHECKING:
    from storage.transaction import Transaction

access_tokens = Table(
    "access_tokens",
    metadata,
    fact("account", String(120), primary_key=True, kept=Kept.DEDUPE),
    fact("token", String(1024), nullable=True, kept=Kept.DEDUPE),
    fact("fetched_at", UtcDateTime, nullable=True, kept=Kept.DEDUPE),
    fact("expires_at", UtcDateTime, nullable=True, kept=Kept.DEDUPE),
    fact("leased_until", UtcDateTime, nullable=True, kept=Kept.DEDUPE),
    fact("last_error", String(200), nullable=True, kept=Kept.RECORD),
    fact("failed_at", UtcDateTime, nullable=True, kept=Kept.RECORD),
)


@dataclass(frozen=True, slots=True)
class AccessToken:
    """What is known of one account's token."""

    token: str | None
    fetched_at: datetime | None
    expires_at: datetime | None
    last_error: str | None
    failed_at: datetime | None


class AccessTokens:
    """Keeps the token of each account."""

    def __init__(self, tx: "Transaction") -> None:
        self._tx = tx

    def of(self, account: str) -> AccessToken | None:
        """Return what is known of this account's token."""
        c = access_tokens.c
        columns = (c.token, c.fetched_at, c.expires_at, c.last_error, c.failed_at)
        row = self._tx.read(select(*columns).where(c.account == account)).first()
        if row is None:
            return None
        return AccessToken(row.token, row.fetched_at, row.expires_at, row.last_error, row.failed_at)

    def lease(self, account: str, lasts: timedelta) -> bool:
        """Claim the right to fetch a token; False while another process has it."""
        now = self._tx.now
        row = dict.fromkeys(access_tokens.c.keys()) | {"account": account}
        self._tx.write(self._tx.insert_missing(access_tokens, ["account"]).values(row))
        free = or_(access_tokens.c.leased_until.is_(None), access_tokens.c.leased_until <= now)
        statement = (
            update(access_tokens)
            .where(access_tokens.c.account == account, free)
            .values(leased_until=now + lasts)
        )
        return self._tx.write(statement).rowcount == 1

    def keep(self, account: str, token: str, expires_at: datetime) -> None:
        """Note a fetched token and end the lease."""
        self._change(
            account,
            token=token,
            fetched_at=self._tx.now,
            expires_at=expires_at,
            leased_until=None,
            last_error=None,
            failed_at=None,
        )

    def fail(self, account: str, reason: str) -> None:
        """Note what went wrong, for whoever looks after the account, and end the lease."""
        row = dict.fromkeys(access_tokens.c.keys()) | {"account": account}
        self._tx.write(self._tx.insert_missing(access_tokens, ["account"]).values(row))
        self._change(account, last_error=reason[:200], failed_at=self._tx.now, leased_until=None)

    def _change(self, account: str, **values: str | datetime | None) -> None:
        self._tx.write(
            update(access_tokens).where(access_tokens.c.account == account).values(**values)
        )
