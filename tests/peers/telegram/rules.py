"""What Telegram refuses, in its own words: the limits of texts and keyboards."""

from typing import NoReturn

from tests.peers.telegram.shapes import Json, Object, as_list, as_object

TEXT_LIMIT = 4096
CAPTION_LIMIT = 1024
BUTTONS_LIMIT = 100
BUTTONS_PER_ROW = 8
"""More in one row are not refused, but phones cannot show them: reported as a violation."""
CALLBACK_DATA_BYTES = 64
CALLBACK_ANSWER_LIMIT = 200
CALLBACK_LIFE_SECONDS = 15 * 60
"""Undocumented; a press older than this is certainly stale."""
DOWNLOAD_BYTES = 20 * 1024 * 1024
PHOTO_BYTES = 10 * 1024 * 1024
GROUP_WINDOW_SECONDS = 60.0

NOT_MODIFIED = (
    "message is not modified: specified new message content and reply markup are exactly the same"
    " as a current content and reply markup of the message"
)
STALE_QUERY = "query is too old and response timeout expired or query ID is invalid"
SECOND_POLLER = (
    "Conflict: terminated by other getUpdates request; make sure that only one bot instance is"
    " running"
)
POLL_WHILE_WEBHOOK = (
    "Conflict: can't use getUpdates method while webhook is active; use deleteWebhook to delete the"
    " webhook first"
)
ENDED_BY_WEBHOOK = "Conflict: terminated by setWebhook request"

BUTTON_ACTIONS = frozenset(
    {
        "url",
        "callback_data",
        "web_app",
        "login_url",
        "switch_inline_query",
        "switch_inline_query_current_chat",
        "switch_inline_query_chosen_chat",
        "copy_text",
        "callback_game",
        "pay",
    }
)
IMAGE_STARTS = (b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n", b"GIF8", b"RIFF", b"BM")


class ApiError(Exception):
    """An answer with `ok: false`."""

    def __init__(self, code: int, description: str, parameters: Object | None = None) -> None:
        super().__init__(description)
        self.code = code
        self.description = description
        self.parameters = parameters

    def render(self) -> Object:
        """Return the body of the answer."""
        body: Object = {"ok": False, "error_code": self.code, "description": self.description}
        if self.parameters is not None:
            body["parameters"] = self.parameters
        return body


def refuse(why: str, parameters: Object | None = None) -> NoReturn:
    """Raise a 400 with Telegram's prefix."""
    raise ApiError(400, f"Bad Request: {why}", parameters)


def forbid(why: str) -> NoReturn:
    """Raise a 403 with Telegram's prefix."""
    raise ApiError(403, f"Forbidden: {why}")


def slow_down(seconds: int) -> NoReturn:
    """Raise a 429 that tells when to come back."""
    raise ApiError(429, f"Too Many Requests: retry after {seconds}", {"retry_after": seconds})


def check_text(text: str) -> None:
    """Refuse an empty or overlong message; both are counted after the markup is parsed."""
    if not text:
        refuse("message text is empty")
    if len(text) > TEXT_LIMIT:
        refuse("message is too long")


def check_caption(text: str) -> None:
    """Refuse an overlong caption."""
    if len(text) > CAPTION_LIMIT:
        refuse("message caption is too long")


def check_photo(data: bytes) -> None:
    """Refuse what is too large or no picture at all."""
    if len(data) > PHOTO_BYTES:
        refuse("file is too big")
    if not data.startswith(IMAGE_STARTS):
        refuse("IMAGE_PROCESS_FAILED")


def check_markup(markup: Object, *, is_private: bool) -> list[str]:
    """Refuse a keyboard Telegram would refuse; return what is only unwise about it."""
    if "keyboard" in markup:
        rows = [as_list(row) for row in _array(markup["keyboard"])]
        if not is_private:
            _check_asks_nothing_private(rows)
        return _wide_rows(rows)
    if "inline_keyboard" not in markup:
        return []
    rows = [as_list(row) for row in _array(markup["inline_keyboard"])]
    buttons = [as_object(button) for row in rows for button in row]
    if len(buttons) > BUTTONS_LIMIT:
        refuse("reply markup is too long")
    for button in buttons:
        _check_inline_button(button)
    return _wide_rows(rows)


def _check_asks_nothing_private(rows: list[list[Json]]) -> None:
    buttons = [button for row in rows for button in row if isinstance(button, dict)]
    if any(button.get("request_contact") for button in buttons):
        refuse("phone number can be requested in private chats only")
    if any(button.get("request_location") for button in buttons):
        refuse("location can be requested in private chats only")


def _array(value: Json) -> list[Json]:
    if not isinstance(value, list) or not all(isinstance(row, list) for row in value):
        refuse("can't parse keyboard: expected an Array of Array of buttons")
    return value


def _wide_rows(rows: list[list[Json]]) -> list[str]:
    return [f"keyboard row with {len(row)} buttons" for row in rows if len(row) > BUTTONS_PER_ROW]


def _check_inline_button(button: Object) -> None:
    if not str(button.get("text", "")).strip():
        refuse("can't parse inline keyboard button: Button text must not be empty")
    if len(button.keys() & BUTTON_ACTIONS) != 1:
        refuse(
            "can't parse inline keyboard button: Text buttons are unallowed in the inline keyboard"
        )
    data = button.get("callback_data")
    if data is not None and not 1 <= len(str(data).encode()) <= CALLBACK_DATA_BYTES:
        refuse("BUTTON_DATA_INVALID")
