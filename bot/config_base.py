"""What the sections of the configuration share: their strictness, patterns, secrets from files."""

import re
from pathlib import Path

from pydantic import BaseModel, ConfigDict

from bot import texts


class Section(BaseModel):
    """One section; unknown keys are mistakes."""

    # Defaults are checked too: some keys are needed only when another one is set.
    model_config = ConfigDict(extra="forbid", frozen=True, validate_default=True)


def matching(pattern: re.Pattern[str], value: str, otherwise: str) -> str:
    """Return the value; raise ValueError with a sentence unless the pattern fits all of it."""
    if not pattern.fullmatch(value):
        raise ValueError(otherwise)
    return value


def secret_in(file: str) -> str:
    """Return what a file holds that has nothing but a secret in it; raises ValueError."""
    try:
        return Path(file).expanduser().read_text("utf-8").strip()
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) else None
        raise ValueError(texts.unreadable(file, reason or str(error))) from None


def words(value: object) -> object:
    """Return the words of a list written in the environment: parted by commas or spaces."""
    if isinstance(value, str):
        return [word for word in re.split(r"[,\uff0c\u3001\s]+", value) if word]
    return value
