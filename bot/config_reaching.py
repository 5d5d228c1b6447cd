"""The sections about reaching people: text messages, and how often anybody hears from us."""

import re

from pydantic import Field, SecretStr, ValidationInfo, field_validator

from bot import texts
from bot.config_base import Section, matching
from handlers.outreach import rules

HTTP = re.compile(r"(?:https?://[^\s/]+\S*|)")


class Sms(Section):
    """The operator's own gateway to telephones; without an address there is none."""

    url: str = ""
    secret: SecretStr = SecretStr("")

    @field_validator("url")
    @classmethod
    def _address(cls, value: str) -> str:
        return matching(HTTP, value, texts.HTTP_ADDRESS)

    @field_validator("secret")
    @classmethod
    def _signed(cls, value: SecretStr, info: ValidationInfo) -> SecretStr:
        if info.data.get("url") and not value.get_secret_value():
            raise ValueError(texts.SMS_NEEDS_KEY)
        return value


class Notices(Section):
    """How often people hear from us unasked."""

    daily_cap: int = Field(default=rules.DAILY_CAP, ge=1, le=100)
