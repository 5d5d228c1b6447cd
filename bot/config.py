"""The configuration: a TOML file, the environment over it, and every mistake named at once."""

import difflib
import os
import re
import tomllib
from collections.abc import Mapping
from datetime import time
from pathlib import Path
from typing import Annotated, Any, ClassVar, Literal

from pydantic import (
    BaseModel,
    BeforeValidator,
    Field,
    SecretStr,
    StringConstraints,
    ValidationError,
    ValidationInfo,
    field_validator,
)
from pydantic.fields import FieldInfo
from pydantic_core import ErrorDetails
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict

from bot import texts
from bot.config_base import Section as _Section
from bot.config_base import matching as _matching
from bot.config_base import secret_in as _token_in
from bot.config_base import words
from bot.config_reaching import Notices, Sms
from bot.config_wechat import WeChat
from bot.config_wecom import WeCom
from handlers.street import EmergencyNumbers, Street

DEFAULT_FILE = Path("config.toml")
PREFIX = "XIAOER_"
WEBHOOK_PATH = "/telegram/webhook"
EXAMPLE_NUMBERS = EmergencyNumbers(
    gas="027-0000-0001", lift="027-0000-0002", water="027-0000-0003", examples=True
)
"""Nobody has these: no number in Wuhan begins with a zero."""

_TOKEN = re.compile(r"\d{1,20}:[A-Za-z0-9_-]{3,200}")
_SECRET = re.compile(r"[A-Za-z0-9_-]{1,256}")
_PHONE = re.compile(r"[0-9][0-9 +-]{2,29}|")
_DATABASE = re.compile(r"(?:sqlite:///.+|postgresql\+psycopg://.+|)")
_HTTP = re.compile(r"(?:https?://[^\s/]+\S*|)")

Phone = Annotated[str, StringConstraints(strip_whitespace=True)]


class ConfigMistakes(Exception):
    """The configuration cannot be used; `mistakes` has a sentence for each reason."""

    def __init__(self, mistakes: list[str]) -> None:
        super().__init__(texts.mistakes(mistakes))
        self.mistakes = mistakes


class Web(_Section):
    """Where the web page and the platforms' callbacks are served."""

    host: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)] = "127.0.0.1"
    port: int = Field(default=8080, ge=0, le=65535)
    secure: bool = False
    public_url: str = ""

    @field_validator("public_url")
    @classmethod
    def _address(cls, value: str) -> str:
        return _matching(_HTTP, value, texts.HTTP_ADDRESS).rstrip("/")

    def url(self) -> str:
        """Return where people reach the page: as was set, or on this machine."""
        return self.public_url or f"http://{self.host}:{self.port}"


class Database(_Section):
    """Which database remembers."""

    url: str = ""

    @field_validator("url")
    @classmethod
    def _known_engine(cls, value: str) -> str:
        return _matching(_DATABASE, value, texts.DATABASE_URL)


class Telegram(_Section):
    """The Telegram bot; without a token there is none."""

    token: SecretStr = SecretStr("")
    token_file: str = ""
    mode: Literal["poll", "webhook"] = "poll"
    webhook_url: str = ""
    webhook_secret: SecretStr = SecretStr("")
    api_url: str = ""
    wake_words: Annotated[tuple[str, ...], BeforeValidator(words)] = texts.WAKE_WORDS

    @field_validator("token")
    @classmethod
    def _shaped(cls, value: SecretStr) -> SecretStr:
        if value.get_secret_value():
            _matching(_TOKEN, value.get_secret_value(), texts.NOT_FROM_BOTFATHER)
        return value

    @field_validator("token_file")
    @classmethod
    def _readable(cls, value: str, info: ValidationInfo) -> str:
        if not value:
            return value
        token = info.data.get("token")
        if token is not None and token.get_secret_value():
            raise ValueError(texts.TWO_TOKENS)
        found = _token_in(value)
        if not found:
            raise ValueError(texts.EMPTY_FILE)
        _matching(_TOKEN, found, texts.NOT_FROM_BOTFATHER)
        return value

    @field_validator("webhook_url")
    @classmethod
    def _public(cls, value: str, info: ValidationInfo) -> str:
        if info.data.get("mode") != "webhook":
            return value
        if not value.startswith("https://"):
            raise ValueError(texts.WEBHOOK_NEEDS_URL)
        if not value.endswith(WEBHOOK_PATH):
            raise ValueError(texts.WEBHOOK_PATH.format(path=WEBHOOK_PATH))
        return value

    @field_validator("webhook_secret")
    @classmethod
    def _guarded(cls, value: SecretStr, info: ValidationInfo) -> SecretStr:
        if info.data.get("mode") == "webhook":
            _matching(_SECRET, value.get_secret_value(), texts.WEBHOOK_NEEDS_KEY)
        return value

    @field_validator("api_url")
    @classmethod
    def _address(cls, value: str) -> str:
        return _matching(_HTTP, value, texts.API_URL)

    def bot_token(self) -> str:
        """Return the token, from the file where it is kept in one; empty when there is none."""
        return self.token.get_secret_value() or (
            _token_in(self.token_file) if self.token_file else ""
        )


class StreetSection(_Section):
    """What the street office says about itself."""

    name: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=20)] = (
        texts.STREET
    )
    office_phone: Phone = ""
    duty_from: time = time(8, 30)
    duty_until: time = time(17, 30)
    gas_phone: Phone = ""
    lift_phone: Phone = ""
    water_phone: Phone = ""

    @field_validator("office_phone", "gas_phone", "lift_phone", "water_phone")
    @classmethod
    def _dialled(cls, value: str) -> str:
        return _matching(_PHONE, value, texts.PHONE)

    @field_validator("duty_until")
    @classmethod
    def _later(cls, value: time, info: ValidationInfo) -> time:
        start = info.data.get("duty_from")
        if start is not None and value <= start:
            raise ValueError(texts.DUTY_ORDER.format(start=f"{start:%H:%M}"))
        return value


class Log(_Section):
    """What is written to the log, and how."""

    level: Literal["debug", "info", "warning", "error"] = "info"
    format: Literal["text", "json"] = "text"


class Config(BaseSettings):
    """Everything an operator may set."""

    model_config = SettingsConfigDict(extra="forbid", frozen=True, validate_default=True)
    given: ClassVar[tuple[Mapping[str, Any], ...]] = ()

    demo: bool = False
    web: Web = Field(default_factory=Web)
    database: Database = Field(default_factory=Database)
    telegram: Telegram = Field(default_factory=Telegram)
    sms: Sms = Field(default_factory=Sms)
    notices: Notices = Field(default_factory=Notices)
    wechat: WeChat = Field(default_factory=WeChat)
    wecom: WeCom = Field(default_factory=WeCom)
    street: StreetSection = Field(default_factory=StreetSection)
    log: Log = Field(default_factory=Log)

    @classmethod
    def settings_customise_sources(  # the library's own name and arguments
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,  # noqa: ARG003  replaced: see `_environment`
        dotenv_settings: PydanticBaseSettingsSource,  # noqa: ARG003
        file_secret_settings: PydanticBaseSettingsSource,  # noqa: ARG003
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Take what `load` read, the environment before the file, and nothing else."""
        return (init_settings, *(_Read(settings_cls, values) for values in cls.given))

    def facts(self) -> Street:
        """Return what the texts say about the street."""
        numbers = EmergencyNumbers(
            self.street.gas_phone, self.street.lift_phone, self.street.water_phone
        )
        if self.demo and not (numbers.gas or numbers.lift or numbers.water):
            numbers = EXAMPLE_NUMBERS
        return Street(
            name=self.street.name,
            office_phone=self.street.office_phone,
            duty_from=self.street.duty_from,
            duty_until=self.street.duty_until,
            emergency=numbers,
            demo=self.demo,
            page_url=self.web.url(),
        )

    def secrets(self) -> tuple[str, ...]:
        """Return what must never stand in a log."""
        return (
            self.telegram.bot_token(),
            self.telegram.webhook_secret.get_secret_value(),
            *self.wechat.secrets(),
            *self.wecom.secrets(),
        )

    def database_url(self, data: Path) -> str:
        """Return the database to open: the one that is set, or SQLite in the data folder."""
        return self.database.url or f"sqlite:///{data / 'xiaoer.db'}"

    def has_workers(self, data: Path) -> bool:
        """Return whether several processes may serve the street at once: on PostgreSQL."""
        return not self.database_url(data).startswith("sqlite")


class _Read(PydanticBaseSettingsSource):
    """Values that were read already."""

    def __init__(self, settings_cls: type[BaseSettings], values: Mapping[str, Any]) -> None:
        super().__init__(settings_cls)
        self._values = values

    def get_field_value(
        self,
        field: FieldInfo,  # noqa: ARG002  the library's own argument
        field_name: str,
    ) -> tuple[Any, str, bool]:
        """Return one value, its key, and that it needs no decoding."""
        return self._values.get(field_name), field_name, False

    def __call__(self) -> dict[str, Any]:
        return dict(self._values)


def load(file: Path | None = None, environment: Mapping[str, str] | None = None) -> Config:
    """Return the configuration: `file`, else config.toml where it exists, else the demo street.

    Raises ConfigMistakes that names everything wrong with it.
    """
    environment = os.environ if environment is None else environment
    if file is None and DEFAULT_FILE.exists():
        file = DEFAULT_FILE
    from_environment, mistakes = _environment(environment)
    from_file: dict[str, Any] = {"demo": True}
    if file is not None:
        from_file, unreadable = _file(file)
        mistakes = [*unreadable, *mistakes]
    one_run = type("_Config", (Config,), {"given": (from_environment, from_file)})
    try:
        config: Config = one_run()
    except ValidationError as error:
        found = [_in_words(detail, from_environment) for detail in error.errors()]
        raise ConfigMistakes([*mistakes, *found]) from None
    if mistakes:
        raise ConfigMistakes(mistakes)
    return config


def keys() -> list[str]:
    """Return every key an operator may set: `web.port`."""
    found = []
    for name, field in Config.model_fields.items():
        section = field.annotation
        if isinstance(section, type) and issubclass(section, BaseModel):
            found += [f"{name}.{key}" for key in section.model_fields]
        else:
            found.append(name)
    return found


def _file(file: Path) -> tuple[dict[str, Any], list[str]]:
    if not file.exists():
        return {}, [texts.no_file(str(file))]
    try:
        return tomllib.loads(file.read_text("utf-8")), []
    except OSError as error:
        return {}, [texts.unreadable(str(file), error.strerror or str(error))]
    except ValueError as error:
        return {}, [texts.not_toml(str(file), str(error))]


def _environment(environment: Mapping[str, str]) -> tuple[dict[str, Any], list[str]]:
    """Return `XIAOER_WEB__PORT=9000` as {"web": {"port": "9000"}}, and names that mean nothing."""
    found: dict[str, Any] = {}
    mistakes = []
    known = set(keys())
    for variable, value in sorted(environment.items()):
        if not variable.upper().startswith(PREFIX):
            continue
        parts = variable[len(PREFIX) :].lower().split("__")
        key = ".".join(parts)
        if key not in known:
            mistakes.append(f"{variable}\uff1a{texts.UNKNOWN_VARIABLE}{_guess(key, known)}")
        elif len(parts) == 1:
            found[key] = value
        else:
            found.setdefault(parts[0], {})[parts[1]] = value
    return found, mistakes


def _in_words(detail: ErrorDetails, from_environment: Mapping[str, Any]) -> str:
    key = ".".join(str(part) for part in detail["loc"][:2])
    section, _, name = key.partition(".")
    there = from_environment.get(section)
    if key in from_environment or (isinstance(there, dict) and name in there):
        variable = PREFIX + key.replace(".", "__").upper()
        shown = texts.FROM_ENVIRONMENT.format(key=key, variable=variable)
    else:
        shown = key
    return f"{shown}\uff1a{_reason(detail, key)}"


_REASONS = {
    "int_": texts.INTEGER,
    "bool_": texts.TRUTH,
    "time_": texts.CLOCK,
    "string_type": texts.TEXT,
    "string_too_short": texts.NOT_EMPTY,
    "tuple_type": texts.LIST,
    "model_": texts.NOT_A_SECTION,
}


def _reason(detail: ErrorDetails, key: str) -> str:
    context = detail.get("ctx", {})
    match detail["type"]:
        case "extra_forbidden":
            return texts.NO_SUCH_KEY + _guess(key, set(keys()))
        case "value_error":
            return str(context["error"])
        case "literal_error":
            return texts.one_of(re.findall(r"'([^']+)'", str(context["expected"])))
        case "greater_than_equal":
            return texts.at_least(context["ge"])
        case "less_than_equal":
            return texts.at_most(context["le"])
        case kind:
            fitting = [say for start, say in _REASONS.items() if kind.startswith(start)]
            return fitting[0] if fitting else detail["msg"]


def _guess(key: str, known: set[str]) -> str:
    close = difflib.get_close_matches(key, sorted(known), n=1)
    return texts.GUESS.format(guess=close[0]) if close else ""
