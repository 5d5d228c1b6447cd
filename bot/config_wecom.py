"""The configuration of WeCom: an app, the customer service, a smart robot, the groups' robots."""

import re
import tomllib
from typing import Annotated, Literal

from pydantic import BeforeValidator, Field, SecretStr, ValidationInfo, field_validator

from bot import texts
from bot.config_base import Section, matching, secret_in, words

WECOM = "https://qyapi.weixin.qq.com"
BOT_MEDIA_HOSTS = ("ww-aibot-img-1258476243.cos.ap-guangzhou.myqcloud.com",)
"""The robot's own store in the platform's example; any other under myqcloud.com is somebody's."""
PUSH_PATH = "/cgi-bin/webhook/send?key="

_CORP_ID = re.compile(r"w[wx][0-9A-Za-z]{16}|")
_TOKEN = re.compile(r"[A-Za-z0-9]{3,32}")
_KEY = re.compile(r"[A-Za-z0-9]{43}")
_SECRET = re.compile(r"[A-Za-z0-9_-]{20,128}")
_ADDRESS = re.compile(r"(?:https?://[^\s/]+\S*|)")
_LINE = re.compile(r"(?:wss?://[^\s/]+\S*|)")
_HOST = re.compile(r"[a-z0-9-]+(?:\.[a-z0-9-]+)+")
_ROBOT = re.compile(r"[A-Za-z0-9-]{10,64}")


class WeCom(Section):
    """Each part is on when its first key is set; without any there is no WeCom."""

    corp_id: str = ""
    api_url: str = ""
    app_agent_id: int = Field(default=0, ge=0)
    app_accounts: int = Field(default=0, ge=0)
    app_token: SecretStr = SecretStr("")
    app_encoding_aes_key: SecretStr = SecretStr("")
    app_secret: SecretStr = SecretStr("")
    app_secret_file: str = ""
    kf_token: SecretStr = SecretStr("")
    kf_encoding_aes_key: SecretStr = SecretStr("")
    kf_secret: SecretStr = SecretStr("")
    kf_secret_file: str = ""
    kf_members: bool = True
    kf_messages_per_message: int = Field(default=5, ge=1, le=100)
    kf_message_window_hours: int = Field(default=48, ge=1, le=48)
    bot_mode: Literal["callback", "websocket"] = "callback"
    bot_token: SecretStr = SecretStr("")
    bot_encoding_aes_key: SecretStr = SecretStr("")
    bot_id: str = ""
    bot_secret: SecretStr = SecretStr("")
    bot_secret_file: str = ""
    bot_line_url: str = ""
    bot_name: str = ""
    bot_media_hosts: Annotated[tuple[str, ...], BeforeValidator(words)] = BOT_MEDIA_HOSTS
    push_file: str = ""

    def parts(self) -> list[str]:
        """Return which parts are on: `app`, `kf`, `bot`, `push`."""
        on = {
            "app": bool(self.app_agent_id),
            "kf": bool(self.kf_token.get_secret_value()),
            "bot": bool(
                self.bot_id if self.bot_mode == "websocket" else self.bot_token.get_secret_value()
            ),
            "push": bool(self.push_file),
        }
        return [part for part, is_on in on.items() if is_on]

    def secret_of(self, part: str) -> str:
        """Return the secret of `app`, `kf` or `bot`, from its file where it is kept in one."""
        secret: SecretStr = getattr(self, f"{part}_secret")
        file: str = getattr(self, f"{part}_secret_file")
        return secret.get_secret_value() or (secret_in(file) if file else "")

    def robots(self) -> dict[str, str]:
        """Return the key of each group's robot, by the group's name."""
        return _robots(self.push_file, self.api_url) if self.push_file else {}

    def secrets(self) -> tuple[str, ...]:
        """Return what must never stand in a log."""
        kept = (
            self.app_token,
            self.app_encoding_aes_key,
            self.kf_token,
            self.kf_encoding_aes_key,
            self.bot_token,
            self.bot_encoding_aes_key,
        )
        return (
            *(secret.get_secret_value() for secret in kept),
            self.secret_of("app"),
            self.secret_of("kf"),
            self.secret_of("bot"),
            *self.robots().values(),
        )

    @field_validator("corp_id")
    @classmethod
    def _corporation(cls, value: str) -> str:
        return matching(_CORP_ID, value, texts.CORP_ID)

    @field_validator("api_url")
    @classmethod
    def _address(cls, value: str) -> str:
        return matching(_ADDRESS, value, texts.WECOM_API_URL)

    @field_validator("app_agent_id")
    @classmethod
    def _of_a_corporation(cls, value: int, info: ValidationInfo) -> int:
        if value and info.data.get("corp_id") == "":
            raise ValueError(texts.NEEDS_CORP_ID)
        return value

    @field_validator("app_token", "kf_token", "bot_token")
    @classmethod
    def _signed(cls, value: SecretStr, info: ValidationInfo) -> SecretStr:
        token = value.get_secret_value()
        if token or (info.field_name == "app_token" and info.data.get("app_agent_id")):
            matching(_TOKEN, token, texts.WECOM_SIGNING_WORD)
        if token and info.field_name == "kf_token" and info.data.get("corp_id") == "":
            raise ValueError(texts.NEEDS_CORP_ID)
        return value

    @field_validator("app_encoding_aes_key", "kf_encoding_aes_key", "bot_encoding_aes_key")
    @classmethod
    def _sealed(cls, value: SecretStr, info: ValidationInfo) -> SecretStr:
        key = value.get_secret_value()
        if key or _is_wanted(info):
            matching(_KEY, key, texts.WECOM_AES_KEY)
        return value

    @field_validator("app_secret", "kf_secret")
    @classmethod
    def _shaped(cls, value: SecretStr) -> SecretStr:
        if value.get_secret_value():
            matching(_SECRET, value.get_secret_value(), texts.NO_CORP_KEY)
        return value

    @field_validator("app_secret_file", "kf_secret_file")
    @classmethod
    def _readable(cls, value: str, info: ValidationInfo) -> str:
        part = _part(info)
        secret = info.data.get(f"{part}_secret")
        there = secret is None or bool(secret.get_secret_value())
        if value:
            if secret is not None and there:
                raise ValueError(texts.two_secrets(part))
            matching(_SECRET, secret_in(value), texts.NO_CORP_KEY)
        elif _is_wanted(info) and not there:
            raise ValueError(texts.needs_corp_secret(part))
        return value

    @field_validator("bot_secret_file")
    @classmethod
    def _one_of(cls, value: str, info: ValidationInfo) -> str:
        secret: SecretStr | None = info.data.get("bot_secret")
        if value and secret is not None and secret.get_secret_value():
            raise ValueError(texts.two_secrets("bot"))
        there = secret_in(value) if value else secret is None or secret.get_secret_value()
        if info.data.get("bot_mode") == "websocket" and info.data.get("bot_id") and not there:
            raise ValueError(texts.needs_corp_secret("bot"))
        return value

    @field_validator("bot_line_url")
    @classmethod
    def _line(cls, value: str) -> str:
        return matching(_LINE, value, texts.WECOM_LINE_URL)

    @field_validator("bot_media_hosts")
    @classmethod
    def _hosts(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        for host in value:
            matching(_HOST, host, texts.HOST)
        return value

    @field_validator("push_file")
    @classmethod
    def _of_robots(cls, value: str, info: ValidationInfo) -> str:
        if value:
            _robots(value, info.data.get("api_url", ""))
        return value


def _part(info: ValidationInfo) -> str:
    assert info.field_name is not None
    return info.field_name.partition("_")[0]


def _is_wanted(info: ValidationInfo) -> bool:
    """Whether the part is switched on, also where its token is wrong."""
    part = _part(info)
    token: SecretStr | None = info.data.get(f"{part}_token")
    by_number = part == "app" and bool(info.data.get("app_agent_id"))
    return by_number or (token is not None and bool(token.get_secret_value()))


def _robots(file: str, api_url: str) -> dict[str, str]:
    """Return what the file says; raises ValueError that never quotes an address."""
    try:
        found = tomllib.loads(secret_in(file))
    except tomllib.TOMLDecodeError:
        # Its message may quote the line.
        raise ValueError(texts.ROBOTS_NOT_TOML) from None
    start = f"{(api_url or WECOM).rstrip('/')}{PUSH_PATH}"
    robots = {}
    for group, url in found.items():
        key = url.removeprefix(start) if isinstance(url, str) else ""
        if not isinstance(url, str) or key == url or not _ROBOT.fullmatch(key):
            raise ValueError(texts.robot_address(group, start))
        robots[group] = key
    if len(set(robots.values())) < len(robots):
        raise ValueError(texts.ROBOT_TWICE)
    return robots
