"""What the bot asked of the peer, and what it was told."""

from dataclasses import dataclass, field

from tests.peers.telegram.shapes import Json, Object


@dataclass(frozen=True, slots=True)
class Upload:
    """A file that came with a request."""

    name: str
    content_type: str
    data: bytes


@dataclass(frozen=True, slots=True)
class Request:
    """One call of a Bot API method; `response` is None when a fault swallowed the answer."""

    method: str
    params: Object
    at: float
    response: Object | None
    status: int = 200
    files: dict[str, Upload] = field(default_factory=dict)

    @property
    def ok(self) -> bool:
        """Whether Telegram did what was asked and said so."""
        return self.response is not None and self.response.get("ok") is True

    @property
    def result(self) -> Json:
        """What the method returned; None after a failure."""
        return None if self.response is None else self.response.get("result")

    @property
    def description(self) -> str:
        """The words of an error; empty after a success."""
        return "" if self.response is None else str(self.response.get("description", ""))


@dataclass(frozen=True, slots=True)
class Answer:
    """What a person sees after pressing a button: a notice, or only the spinner's end."""

    text: str
    show_alert: bool
