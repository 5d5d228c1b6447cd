"""Who sits before the page: nobody by name, but the same person as last time."""

import hashlib
import re
import secrets
from dataclasses import dataclass

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from bot.web import demo, texts
from bot.web.parts import Parts

LASTS_SECONDS = 180 * 24 * 3600
"""Half a year after the last visit; a talk is forgotten long before (storage/transcripts.py)."""

_TOKEN = re.compile(r"[A-Za-z0-9_-]{43}")


@dataclass(frozen=True, slots=True)
class Person:
    """The sender of what this page sends."""

    user: str
    """The id on the channel; also the name of the private chat."""
    name: str | None = None
    """Only of made-up people."""
    resident_id: int | None = None
    """Likewise."""

    @property
    def key(self) -> str:
        """How a page tells whose unsent messages it keeps."""
        return self.user[:24]

    def platform_id(self, client_id: str) -> str:
        """Return the id of a message: unique, since nobody else's begins with this person."""
        return f"{self.user}:{client_id}"

    def client_id(self, platform_id: str) -> str | None:
        """Return what the page called its message, or None for somebody else's."""
        user, _, client_id = platform_id.partition(":")
        return client_id if user == self.user else None


def cookie_name(parts: Parts) -> str:
    """Return the name of the cookie; with the prefix no neighbouring site can set it."""
    return "__Host-xiaoer" if parts.secure else "xiaoer"


def anonymous(token: str) -> Person:
    """Return the person with this token; the token itself is stored nowhere."""
    return Person(hashlib.sha256(token.encode("ascii")).hexdigest())


def open_session(request: Request, parts: Parts) -> str:
    """Return the token of the page's session: the one it has, or a new one.

    Never done when the page itself is fetched: a visitor who follows a link from elsewhere sends
    no cookie with that first request (SameSite=Strict), and would lose their talk to a new one.
    """
    return _token(request, parts) or secrets.token_urlsafe(32)


def set_cookie(response: Response, parts: Parts, name: str, value: str) -> None:
    """Set a cookie that no script reads and no other site sends."""
    response.set_cookie(
        name,
        value,
        max_age=LASTS_SECONDS,
        path="/",
        secure=parts.secure,
        httponly=True,
        samesite="strict",
    )


async def person_of(request: Request, parts: Parts) -> Person:
    """Return who sends this request; raises HTTPException(401) when there is no session yet."""
    token = _token(request, parts)
    if token is None:
        raise HTTPException(401, texts.NO_SESSION)
    return await person_with(token, request, parts)


async def person_with(token: str, request: Request, parts: Parts) -> Person:
    """Return who sends this request with this token."""
    if demo.is_open(request, parts):
        speaker = await demo.speaks_as(request, parts)
        if speaker is not None:
            resident_id, name = speaker
            return Person(demo.user_of(resident_id), name, resident_id)
    return anonymous(token)


def _token(request: Request, parts: Parts) -> str | None:
    token = request.cookies.get(cookie_name(parts), "")
    return token if _TOKEN.fullmatch(token) else None
