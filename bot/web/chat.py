"""What the page sends and asks for: messages, pressed buttons, the lines of a chat."""

import re
from typing import Annotated

import msgspec
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from bot.web import demo, door, lines, photos, texts
from bot.web.lines import Chat, Shown
from bot.web.parts import CHANNEL, Parts, parts_of
from bot.web.session import Person, person_of
from handlers.message import Attachment, AttachmentKind, Message, Reply
from knowledge.emergency import find_emergency
from storage.faults import StoreUnavailable
from storage.transaction import Transaction

PHOTOS_AT_MOST = 6
NUMBER_AT_MOST = 99
AGE_AT_MOST = 7 * 24 * 3600
"""Seconds: a page sends nothing that is older (static/outbox.js)."""

ClientId = Annotated[str, msgspec.Meta(pattern=r"^[A-Za-z0-9_-]{1,64}$")]
Short = Annotated[str, msgspec.Meta(max_length=120)]
Age = Annotated[int, msgspec.Meta(ge=0, le=AGE_AT_MOST)]


class Sent(msgspec.Struct):
    """A message as the page sends it; the id is the page's own and stays when it sends again."""

    id: ClientId
    text: str = ""
    photos: Annotated[list[Short], msgspec.Meta(max_length=PHOTOS_AT_MOST)] = []
    chat: Short = ""
    start: Short | None = None
    """The one-time key by which a talk from a group goes on here."""
    me: Short | None = None
    """Whom the page believes to speak as; another tab may have changed that."""
    age: Age = 0
    """Seconds it waited on the page for a network."""


class Press(msgspec.Struct):
    """A pressed button: a number of a menu, or an action that anybody may press."""

    id: ClientId
    menu: Short | None = None
    number: Annotated[int, msgspec.Meta(ge=0, le=NUMBER_AT_MOST)] | None = None
    action: Short | None = None
    chat: Short = ""
    me: Short | None = None
    age: Age = 0


def routes() -> list[Route]:
    """Return the routes of the chat."""
    return [
        Route("/api/messages", say, methods=["POST"]),
        Route("/api/press", press, methods=["POST"]),
        Route("/api/lines", read, methods=["GET"]),
    ]


async def say(request: Request) -> Response:
    """Take a message; answered when what it caused is stored."""
    parts, sent = parts_of(request), await door.read_json(request, Sent)
    person = await the_same_person(request, parts, sent.me)
    chat = await lines.chat_of(parts, person, sent.chat)
    addressed, text = _addressed(chat, sent.text)
    names = tuple(photos.known(parts, name) for name in sent.photos)
    message = Message(
        channel=CHANNEL,
        chat=chat.id,
        sender=person.user,
        text=text if sent.start is None else texts.FROM_GROUP,
        platform_id=person.platform_id(sent.id),
        is_group=chat.is_room,
        addressed=addressed,
        start_key=None if chat.is_room else sent.start,
        attachments=tuple(Attachment(AttachmentKind.PHOTO, media=name) for name in names),
        keeps_transcript=True,
        age_seconds=sent.age,
    )
    return await _handle(parts, chat, message)


async def press(request: Request) -> Response:
    """Take a pressed button; its label becomes what the person said."""
    parts, pressed = parts_of(request), await door.read_json(request, Press)
    person = await the_same_person(request, parts, pressed.me)
    chat = await lines.chat_of(parts, person, pressed.chat)
    by_number = pressed.menu is not None and pressed.number is not None
    if not by_number and not pressed.action:
        raise HTTPException(400, texts.WRONG_SHAPE)
    label = await parts.store.run(lambda tx: _label(tx, chat, pressed))
    message = Message(
        channel=CHANNEL,
        chat=chat.id,
        sender=person.user,
        text=label,
        platform_id=person.platform_id(pressed.id),
        is_group=chat.is_room,
        pressed=str(pressed.number) if by_number else pressed.action,
        menu=pressed.menu if by_number else None,
        keeps_transcript=True,
        age_seconds=pressed.age,
    )
    return await _handle(parts, chat, message)


async def read(request: Request) -> Response:
    """Return the lines after an id, or the newest ones."""
    parts = parts_of(request)
    person = await the_same_person(request, parts, request.query_params.get("me"))
    chat = await lines.chat_of(parts, person, request.query_params.get("chat", ""))
    after = request.query_params.get("after")
    if after is None:
        found = await lines.last(parts, chat)
        return JSONResponse({"lines": found, "more": False})
    line_id = demo.number_in(after)
    if line_id is None:
        raise HTTPException(400, texts.WRONG_SHAPE)
    found = await lines.after(parts, chat, line_id)
    return JSONResponse({"lines": found, "more": len(found) == lines.AT_ONCE})


async def the_same_person(request: Request, parts: Parts, me: str | None) -> Person:
    """Return who sends this; raises HTTPException(409) when the page believes to be another."""
    person = await person_of(request, parts)
    if me and me != person.key:
        raise HTTPException(409, texts.NO_SESSION)
    return person


def _addressed(chat: Chat, text: str) -> tuple[bool, str]:
    """Return whether the bot is spoken to, and the text without its name."""
    if not chat.is_room:
        return True, text
    bare, mentions = texts.MENTION.subn(" ", text)
    return (True, re.sub(r"\s+", " ", bare).strip()) if mentions else (False, text)


async def _handle(parts: Parts, chat: Chat, message: Message) -> Response:
    replies = await parts.dispatcher.handle(message)
    try:
        kept = await parts.store.run(lambda tx: _kept(tx, chat, message))
    except StoreUnavailable:
        kept = None
    if kept is None:
        return _not_kept(replies, is_alarm=parts.dispatcher.hears_danger(message))
    return JSONResponse({"lines": kept})


def _kept(tx: Transaction, chat: Chat, message: Message) -> list[Shown] | None:
    """Return what was said from this message on; None when it was not taken in."""
    if tx.inbox.seen(message.needs.inbox) is None:
        return None
    found = tx.transcripts.last(chat.id, lines.AT_ONCE)
    own = (i for i, line in enumerate(found) if line.body.get("id") == message.platform_id)
    return lines.shown(tx, chat, found[next(own, 0) :])


def _not_kept(replies: list[Reply], *, is_alarm: bool) -> Response:
    """Say beside the message why nothing was done; what to do in danger is said in lines.

    Those stand in no transcript, so they have no id.
    """
    if not is_alarm:
        error = replies[0].text if replies else texts.NOT_TAKEN
        return JSONResponse({"error": error, "lines": []}, status_code=503)
    said: list[Shown] = [{"id": None, "from": "bot", "text": reply.text} for reply in replies]
    return JSONResponse({"error": texts.NOT_KEPT, "lines": said}, status_code=503)


def _label(tx: Transaction, chat: Chat, pressed: Press) -> str:
    """Return what stood on the button, as long as it cannot be taken for an alarm."""
    label = _shown_label(tx, chat, pressed)
    if find_emergency(label) is None:
        return label
    return texts.PRESSED if pressed.number is None else texts.chosen(pressed.number)


def _shown_label(tx: Transaction, chat: Chat, pressed: Press) -> str:
    for line in reversed(tx.transcripts.last(chat.id, lines.AT_ONCE)):
        for choice in lines.choices(line.body):
            if pressed.action is not None and choice.get("action") == pressed.action:
                return str(choice["label"])
            same_menu = pressed.menu is not None and line.body.get("menu") == pressed.menu
            if same_menu and choice["number"] == pressed.number:
                return str(choice["label"])
    return texts.PRESSED
