"""The hash chain of the ledger: each transfer's hash covers its facts and the one before it."""

import hashlib
import json
from collections.abc import Mapping
from datetime import UTC, datetime


def input_hash(key: str, same_input: str) -> str:
    """Return the digest by which the same request is told from another with the same key."""
    return hashlib.sha256(f"{key}\n{same_input}".encode("utf-8", "replace")).hexdigest()


def chained_hash(previous: str, facts: Mapping[str, object]) -> str:
    """Return SHA-256 over the previous hash and the facts in canonical JSON."""
    body = json.dumps(
        {name: _plain(value) for name, value in facts.items()},
        sort_keys=True,
        separators=(",", ":"),
    )
    return hashlib.sha256(f"{previous}\n{body}".encode()).hexdigest()


def _plain(value: object) -> object:
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat(timespec="microseconds")
    return value
