"""Speaking as the made-up people of the demo street, on this machine only."""

from starlette.requests import Request

from bot.web.parts import CHANNEL, Parts
from storage.directory import Group
from storage.faults import StoreUnavailable
from storage.residents import Resident, address_key
from storage.transaction import Transaction

COOKIE = "xiaoer_as"
ROOM = "room-"
LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})

_DIGITS_AT_MOST = 19


def is_open(request: Request, parts: Parts) -> bool:
    """Return whether this request may speak as somebody.

    The name in the address bar is looked at too: a foreign site can point its own at this machine.
    """
    return parts.demo and request.url.hostname in LOOPBACK


def user_of(resident_id: int) -> str:
    """Return the id on the channel of a made-up person."""
    return f"demo-{resident_id}"


def room_of(group_id: int) -> str:
    """Return the chat in which a group meets on the page."""
    return f"{ROOM}{group_id}"


def bind_rooms(tx: Transaction) -> None:
    """Let every group of the demo street meet on the page; run once when the demo starts."""
    for group in tx.directory.groups():
        tx.directory.bind_group(CHANNEL, room_of(group.id), group.id)


def bind_people(tx: Transaction) -> None:
    """Give made-up people without any address one on the page, so that notices reach them."""
    for resident in tx.residents.demo_people():
        if resident.last_address is None:
            _bind(tx, resident)


def speak(tx: Transaction, resident_id: int) -> Resident | None:
    """Return the made-up person with this id, reachable on the page from now on; None if none."""
    resident = person(tx, resident_id)
    return None if resident is None else _bind(tx, resident)


def person(tx: Transaction, resident_id: int) -> Resident | None:
    """Return the made-up person with this id; real people are never found."""
    try:
        resident = tx.residents.by_id(resident_id)
    except KeyError:
        return None
    return resident if resident.demo else None


def number_in(text: str) -> int | None:
    """Return the id that a page sent as text; None when it is no id."""
    is_number = text.isascii() and text.isdecimal() and len(text) <= _DIGITS_AT_MOST
    number = int(text) if is_number else None
    return number if number is not None and number < 1 << 63 else None


async def speaks_as(request: Request, parts: Parts) -> tuple[int, str | None] | None:
    """Return the id and name of whom the page speaks as; None for an anonymous resident.

    While the database is away the choice is believed, without a name: a cry for help is still
    heard, and nothing else can be done anyway.
    """
    resident_id = number_in(request.cookies.get(COOKIE, ""))
    if resident_id is None:
        return None
    try:
        resident = await parts.store.run(lambda tx: person(tx, resident_id))
    except StoreUnavailable:
        return resident_id, None
    return None if resident is None else (resident.id, resident.name)


async def group_of_room(parts: Parts, resident_id: int, chat: str) -> Group | None:
    """Return the group that meets in this room, if the person is a member of it."""
    groups = await parts.store.run(lambda tx: tx.directory.groups_of(resident_id))
    return next((group for group in groups if room_of(group.id) == chat), None)


def _bind(tx: Transaction, resident: Resident) -> Resident:
    user = user_of(resident.id)
    bound = tx.residents.at(address_key(CHANNEL, user))
    if bound is not None:
        return bound
    return tx.residents.bind(resident, CHANNEL, user, user)
