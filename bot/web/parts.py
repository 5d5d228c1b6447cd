"""What every route of the web server works with."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Protocol

from starlette.requests import Request

from bot.web.hub import Hub
from handlers.dispatcher import Dispatcher
from handlers.street import Street
from storage.store import Store

CHANNEL = "web"


class MediaStore(Protocol):
    """Where photographs are kept (bot/media.py)."""

    async def keep(self, data: bytes) -> str:
        """Keep a photograph and return its name; raises MediaRefused."""

    def path(self, name: str) -> Path:
        """Return the file of a photograph; ValueError when that is no name of ours."""


@dataclass(frozen=True, slots=True)
class Parts:
    """The service behind the pages."""

    dispatcher: Dispatcher
    store: Store
    street: Street
    media: MediaStore
    hub: Hub
    clock: Callable[[], datetime]
    demo: bool
    """Whether the pages offer to speak as the made-up people of the demo street."""
    secure: bool
    """Whether the pages are reached by https."""


def parts_of(request: Request) -> Parts:
    """Return the service this request came to."""
    parts = request.app.state.parts
    assert isinstance(parts, Parts)
    return parts
