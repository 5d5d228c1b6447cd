"""The page itself, the session behind it, and whom it speaks as in the demonstration."""

from functools import cache
from pathlib import Path
from typing import Annotated

import msgspec
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, Response
from starlette.routing import Route

from bot.web import demo, door, session, texts
from bot.web.assets import Assets
from bot.web.parts import Parts, parts_of
from bot.web.session import Person
from handlers import texts as shared
from storage.transaction import Transaction

TEMPLATES = Path(__file__).parent / "templates"


class Nothing(msgspec.Struct):
    """A request that says no more than its address."""


class SpeakAs(msgspec.Struct):
    """Whom to speak as; an empty id is an anonymous resident."""

    resident_id: Annotated[str, msgspec.Meta(max_length=20)] = ""


@cache
def templates(assets: Assets) -> Environment:
    """Return the templates of all pages; they are compiled once, however often a street opens."""
    pages = Environment(
        loader=FileSystemLoader(TEMPLATES), autoescape=True, undefined=StrictUndefined
    )
    pages.globals["asset"] = assets.url
    return pages


def routes(pages: Environment) -> list[Route]:
    """Return the routes of the page."""
    template = pages.get_template("chat.html")

    async def page(request: Request) -> Response:
        street = parts_of(request).street
        welcome = shared.welcome(street.name)
        return HTMLResponse(template.render(street=street, welcome=welcome))

    return [
        Route("/", page, methods=["GET"]),
        Route("/api/session", start, methods=["POST"]),
        Route("/demo/speak-as", speak_as, methods=["POST"]),
    ]


async def start(request: Request) -> Response:
    """Give the page a session, or prolong its own; say who it is and where it may talk."""
    parts = parts_of(request)
    await door.read_json(request, Nothing)
    token = session.open_session(request, parts)
    person = await session.person_with(token, request, parts)
    response = JSONResponse(await _state(request, parts, person))
    session.set_cookie(response, parts, session.cookie_name(parts), token)
    return response


async def speak_as(request: Request) -> Response:
    """Let the page speak as one of the made-up people from now on."""
    parts, wanted = parts_of(request), await door.read_json(request, SpeakAs)
    if not demo.is_open(request, parts):
        raise HTTPException(404, texts.ONLY_DEMO)
    await session.person_of(request, parts)
    if not wanted.resident_id:
        response = JSONResponse({"name": texts.NOBODY})
        response.delete_cookie(demo.COOKIE, path="/", httponly=True, samesite="strict")
        return response
    resident_id = demo.number_in(wanted.resident_id)
    resident = None
    if resident_id is not None:
        resident = await parts.store.run(lambda tx: demo.speak(tx, resident_id))
    if resident is None:
        raise HTTPException(404, texts.NO_SUCH_PERSON)
    response = JSONResponse({"name": resident.name})
    session.set_cookie(response, parts, demo.COOKIE, str(resident.id))
    return response


async def _state(request: Request, parts: Parts, person: Person) -> dict[str, object]:
    state: dict[str, object] = {"me": person.key, "name": person.name, "demo": None, "rooms": []}
    if demo.is_open(request, parts):
        state.update(await parts.store.run(lambda tx: _demo_state(tx, person)))
    return state


def _demo_state(tx: Transaction, person: Person) -> dict[str, object]:
    people = [{"id": str(who.id), "name": who.name} for who in tx.residents.demo_people()]
    rooms = [] if person.resident_id is None else tx.directory.groups_of(person.resident_id)
    return {
        "demo": {
            "people": [{"id": "", "name": texts.NOBODY}, *people],
            "as": "" if person.resident_id is None else str(person.resident_id),
        },
        "rooms": [{"chat": demo.room_of(group.id), "name": group.name} for group in rooms],
    }
