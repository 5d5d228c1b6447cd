"""What the error codes of WeChat and WeCom mean (channels.md 2.5), as what is to be done."""

from datetime import timedelta
from enum import StrEnum

from handlers import delivery
from handlers.delivery import DeliveryError, WayClosed

CONFIGURATION_AGAIN = timedelta(minutes=30)
QUOTA_AGAIN = timedelta(hours=6)
CLOSED_AGAIN = timedelta(minutes=10)


class Todo(StrEnum):
    """What an error code asks for."""

    RETRY = "retry"
    NEW_TOKEN = "new_token"  # noqa: S105  a word
    CONFIGURE = "configure"
    UNREACHABLE = "unreachable"
    UPLOAD_AGAIN = "upload_again"
    NO_CONSENT = "no_consent"
    TOO_LONG = "too_long"
    DAY_USED_UP = "day_used_up"
    CLOSED = "closed"
    NOT_GRANTED = "not_granted"
    UNKNOWN = "unknown"


REMEDIES: dict[int, Todo] = {
    -1: Todo.RETRY,
    **dict.fromkeys((40001, 40014, 42001), Todo.NEW_TOKEN),
    **dict.fromkeys(
        (40013, 40056, 40125, 40164, 40243, 60011, 60020, 93000, 95000, 301002), Todo.CONFIGURE
    ),
    **dict.fromkeys((40003, 43004, 50005, 43019, 60111, 81013), Todo.UNREACHABLE),
    40007: Todo.UPLOAD_AGAIN,
    43101: Todo.NO_CONSENT,
    45002: Todo.TOO_LONG,
    **dict.fromkeys((45009, 45011), Todo.DAY_USED_UP),
    **dict.fromkeys((45015, 45047, 95001, 95002), Todo.CLOSED),
    48001: Todo.NOT_GRANTED,
}


class ApiTrouble(Exception):
    """A call did not do what it was to do; the message holds no token and nothing personal."""


class ApiError(ApiTrouble):
    """The platform refused a call, by its code."""

    def __init__(self, code: int, said: str) -> None:
        super().__init__(f"{code} {said[:120]}")
        self.code = code
        self.todo = REMEDIES.get(code, Todo.UNKNOWN)


class Unsent(ApiTrouble):
    """The platform could not be reached: nothing was done."""


class Unsure(ApiTrouble):
    """The connection broke after the request: it may have been carried out or not."""


class Why(StrEnum):
    """Why a call was given up by ourselves."""

    NO_ADDRESS = "no address"
    NO_FILE = "no file"
    NO_MEDIA_ID = "no media_id"
    NO_TOKEN = "no access_token"  # noqa: S105  a sentence for the log
    NO_TICKET = "no ticket"
    NOT_THE_PLATFORM = "what answered is not the platform"
    OTHER_HOST = "a host that is not the platform's"
    STATUS = "HTTP"
    TOO_LARGE = "too large"


class Refused(ApiTrouble):
    """We did not do it, or do not believe the answer."""

    def __init__(self, why: Why, detail: str = "") -> None:
        super().__init__(f"{why.value} {detail}".strip())
        self.why = why


def never_left(trouble: ApiTrouble) -> bool:
    """Return whether what was to be sent has certainly reached nobody."""
    return isinstance(trouble, ApiError | Unsent)


def as_delivery_error(trouble: ApiTrouble) -> DeliveryError:
    """Return what the trouble means for a message that was to be sent."""
    why = f"{type(trouble).__name__}: {trouble}"
    if isinstance(trouble, Unsure):
        return delivery.Unsure(why)
    match trouble.todo if isinstance(trouble, ApiError) else Todo.UNKNOWN:
        case Todo.UNREACHABLE:
            return DeliveryError(why, permanent=True)
        case Todo.CLOSED | Todo.NO_CONSENT | Todo.NOT_GRANTED:
            return WayClosed(why, permanent=False, retry_after=CLOSED_AGAIN)
        case Todo.DAY_USED_UP:
            return WayClosed(why, permanent=False, retry_after=QUOTA_AGAIN)
        case Todo.CONFIGURE | Todo.NEW_TOKEN:
            return WayClosed(why, permanent=False, retry_after=CONFIGURATION_AGAIN)
        case Todo.RETRY | Todo.UPLOAD_AGAIN | Todo.TOO_LONG | Todo.UNKNOWN:
            return DeliveryError(why, permanent=False)
