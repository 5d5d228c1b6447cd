"""A chat as the page shows it: lines of the transcript, each from me, the bot or somebody."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from starlette.exceptions import HTTPException

from bot.web import demo, texts
from bot.web.parts import CHANNEL, Parts
from bot.web.session import Person
from handlers.message import Choice, choice_of
from handlers.outreach import lying
from storage.residents import address_key
from storage.transaction import Transaction
from storage.transcripts import Line

AT_ONCE = 100
"""Lines in one answer; a page asks again for what follows."""

Shown = dict[str, object]


@dataclass(frozen=True, slots=True)
class Chat:
    """Where the page is: in private with the bot, or in a room."""

    id: str
    person: Person
    is_room: bool = False


async def chat_of(parts: Parts, person: Person, wanted: str) -> Chat:
    """Return the chat the page names: none is the private one; raises HTTPException(404)."""
    if wanted in {"", person.user}:
        return Chat(person.user, person)
    if person.resident_id is not None and wanted.startswith(demo.ROOM):
        group = await demo.group_of_room(parts, person.resident_id, wanted)
        if group is not None:
            return Chat(wanted, person, is_room=True)
    raise HTTPException(404, texts.NO_SUCH_ROOM)


async def after(parts: Parts, chat: Chat, line_id: int) -> list[Shown]:
    """Return the lines after this one, oldest first, at most AT_ONCE."""
    return await parts.store.run(
        lambda tx: read(tx, chat, tx.transcripts.after(chat.id, line_id, AT_ONCE))
    )


async def watched(parts: Parts, chat: Chat, line_id: int) -> list[Shown]:
    """Return the lines after this one for a page that stays open, and let other workers know it."""

    def work(tx: Transaction) -> list[Shown]:
        if parts.store.is_shared:
            tx.open_pages.open(chat.id)
        return read(tx, chat, tx.transcripts.after(chat.id, line_id, AT_ONCE))

    return await parts.store.run(work)


async def last(parts: Parts, chat: Chat) -> list[Shown]:
    """Return the newest lines, oldest first."""
    return await parts.store.run(lambda tx: read(tx, chat, tx.transcripts.last(chat.id, AT_ONCE)))


def read(tx: Transaction, chat: Chat, lines: Sequence[Line]) -> list[Shown]:
    """Return the lines as the page gets them; what was said unasked has arrived with them."""
    unasked = any(not line.body.get("from") and not line.body.get("to") for line in lines)
    if unasked and not chat.is_room:
        lying.read(tx, address_key(CHANNEL, chat.id))
    return shown(tx, chat, lines)


def shown(tx: Transaction, chat: Chat, lines: Sequence[Line]) -> list[Shown]:
    """Return the lines as the page gets them."""
    names: Mapping[str, str] = _names(tx) if chat.is_room and lines else {}
    return [_line(line, chat, names) for line in lines]


def _names(tx: Transaction) -> dict[str, str]:
    """Return what the members of rooms are called: made-up people only."""
    return {demo.user_of(who.id): who.name or texts.SOMEBODY for who in tx.residents.demo_people()}


def _line(line: Line, chat: Chat, names: Mapping[str, str]) -> Shown:
    body = line.body
    sender, to = str(body.get("from", "")), str(body.get("to", ""))
    presented: Shown = {
        "id": str(line.id),
        "chat": chat.id,
        "at": line.said_at.isoformat(),
        "day": texts.day(line.said_at),
        "clock": texts.clock(line.said_at),
        "text": str(body.get("text", "")),
        "photos": body.get("media") or [],
        "choices": [],
    }
    if sender:
        is_mine = sender == chat.person.user
        presented["from"] = "me" if is_mine else names.get(sender, texts.SOMEBODY)
        if is_mine:
            presented["client"] = chat.person.client_id(str(body.get("id", "")))
        return presented
    presented["from"] = "bot"
    presented["to"] = names.get(to) if chat.is_room else None
    presented["notice"] = not to
    presented["menu"] = body.get("menu")
    presented["choices"] = choices(body)
    presented["alt"] = body.get("alt")
    presented["large"] = bool(body.get("large"))
    if to == chat.person.user:
        presented["more"] = texts.MORE_HINT in str(presented["text"])
        presented["private_key"] = body.get("private_key")
    return presented


def choices(body: Mapping[str, object]) -> list[Shown]:
    """Return the buttons of a line: numbered ones, and those that anybody may press."""
    kept = body.get("choices")
    if not isinstance(kept, list):
        return []
    buttons = (_button(choice_of(choice)) for choice in kept)
    return [button for button in buttons if button]


def _button(choice: Choice) -> Shown:
    if choice.number is not None:
        return {"label": choice.label, "number": choice.number}
    return (
        {"label": choice.label, "number": None, "action": choice.action} if choice.anybody else {}
    )
