"""The configuration of the WeChat account."""

import re
from typing import Literal

from pydantic import Field, SecretStr, ValidationInfo, field_validator

from bot import texts
from bot.config_base import Section, matching, secret_in

_APP_ID = re.compile(r"wx[0-9a-f]{16}|")
_TOKEN = re.compile(r"[A-Za-z0-9]{3,32}")
_KEY = re.compile(r"[A-Za-z0-9]{43}")
_SECRET = re.compile(r"[0-9a-f]{32}")
_ADDRESS = re.compile(r"(?:https?://[^\s/]+\S*|)")
_TEMPLATE = re.compile(r"[A-Za-z0-9_-]{1,120}|")
_FIELD = re.compile(r"[A-Za-z0-9_]{1,40}")


class WeChat(Section):
    """The service account (or subscription account); without an AppID there is none."""

    app_id: str = ""
    token: SecretStr = SecretStr("")
    mode: Literal["plain", "compatible", "safe"] = "safe"
    encoding_aes_key: SecretStr = SecretStr("")
    secret: SecretStr = SecretStr("")
    secret_file: str = ""
    customer_messages: bool = False
    messages_per_message: int = Field(default=5, ge=1, le=100)
    message_window_hours: int = Field(default=48, ge=1, le=48)
    messages_per_action: int = Field(default=3, ge=0, le=100)
    action_window_minutes: int = Field(default=1, ge=1, le=2880)
    template_id: str = ""
    template_field: str = "thing1"
    subscribe_template_id: str = ""
    subscribe_field: str = "thing1"
    qr_codes: bool = True
    api_url: str = ""

    @property
    def is_on(self) -> bool:
        """Whether there is an account."""
        return bool(self.app_id)

    def secrets(self) -> tuple[str, ...]:
        """Return what must never stand in a log."""
        return (
            self.token.get_secret_value(),
            self.encoding_aes_key.get_secret_value(),
            self.app_secret(),
        )

    def app_secret(self) -> str:
        """Return the AppSecret, from the file where it is kept in one; empty when there is none."""
        return self.secret.get_secret_value() or (
            secret_in(self.secret_file) if self.secret_file else ""
        )

    @field_validator("app_id")
    @classmethod
    def _account(cls, value: str) -> str:
        return matching(_APP_ID, value, texts.APP_ID)

    @field_validator("token")
    @classmethod
    def _signed(cls, value: SecretStr, info: ValidationInfo) -> SecretStr:
        if info.data.get("app_id"):
            matching(_TOKEN, value.get_secret_value(), texts.SIGNING_WORD)
        return value

    @field_validator("encoding_aes_key")
    @classmethod
    def _sealed(cls, value: SecretStr, info: ValidationInfo) -> SecretStr:
        key = value.get_secret_value()
        needed = info.data.get("app_id") and info.data.get("mode") != "plain"
        if key or needed:
            matching(_KEY, key, texts.AES_KEY)
        return value

    @field_validator("secret")
    @classmethod
    def _shaped(cls, value: SecretStr) -> SecretStr:
        if value.get_secret_value():
            matching(_SECRET, value.get_secret_value(), texts.NO_APP_KEY)
        return value

    @field_validator("secret_file")
    @classmethod
    def _readable(cls, value: str, info: ValidationInfo) -> str:
        if not value:
            return value
        secret = info.data.get("secret")
        if secret is not None and secret.get_secret_value():
            raise ValueError(texts.TWO_SECRETS)
        matching(_SECRET, secret_in(value), texts.NO_APP_KEY)
        return value

    @field_validator("customer_messages", "template_id", "subscribe_template_id")
    @classmethod
    def _needs_secret(cls, value: bool | str, info: ValidationInfo) -> bool | str:
        secret = info.data.get("secret")
        known = bool(secret and secret.get_secret_value()) or bool(info.data.get("secret_file"))
        # A mistake in the secret itself is named there.
        if value and not known and {"secret", "secret_file"} <= info.data.keys():
            raise ValueError(texts.NEEDS_APP_KEY)
        if isinstance(value, str):
            matching(_TEMPLATE, value, texts.TEMPLATE_ID)
        return value

    @field_validator("template_field", "subscribe_field")
    @classmethod
    def _named(cls, value: str) -> str:
        return matching(_FIELD, value, texts.TEMPLATE_FIELD)

    @field_validator("api_url")
    @classmethod
    def _address(cls, value: str) -> str:
        return matching(_ADDRESS, value, texts.WECHAT_API_URL)
