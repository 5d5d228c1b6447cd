"""Reads what is reported and where out of a sentence, in the words of the street."""

import difflib
import re
from dataclasses import dataclass

from handlers.context import Context
from handlers.message import AttachmentKind, Message
from handlers.tickets.reporting import texts
from knowledge.folding import fold
from knowledge.places import building_of
from knowledge.slots import report_slots
from storage.directory import Place

WHAT_AT_MOST = 1000
WHERE_AT_MOST = 60
ALIKE = 0.6
"""Similarity from which a mistyped estate counts as named; difflib's own default."""


@dataclass(frozen=True, slots=True)
class Said:
    """What one sentence reports; None where it does not say."""

    what: str | None
    where: str | None


def read(text: str) -> Said:
    """Return what is wrong, as the whole phrase staff can act on, and where."""
    bare = _without_phone(heard(text))
    slots = report_slots(bare)
    what = phrase(bare, slots.where) if slots.what else None
    if what is not None and texts.BLOCKED.match(what):
        what = phrase(bare, None)
    if what is not None and slots.what is not None and len(what) < len(slots.what):
        what = slots.what
    return Said(what, slots.where)


def heard(text: str) -> str:
    """Return the text with the words for buildings and units that typing by voice mistakes."""
    return texts.UNIT_HEARD.sub(texts.UNIT, texts.BUILDING_HEARD.sub(texts.BUILDING, text))


def phrase(text: str, where: str | None) -> str:
    """Return the sentence without its place and without the words that only lead to it."""
    rest = _without_chatter(text)
    if where:
        around = texts.AROUND_WHERE.format(where=re.escape(where))
        rest = re.sub(around, "", rest, count=1)
    # Who reports is known; a name is nothing to show around in a group.
    rest = texts.INTRODUCTION.sub("", _without_chatter(rest))
    return _without_chatter(rest).strip(texts.TAIL)[:WHAT_AT_MOST]


def _without_chatter(text: str) -> str:
    """Return the sentence from where it comes to the matter, until it only thanks."""
    rest = texts.THANKS_AFTER.sub("", text.strip())
    before = None
    while rest != before:
        before = rest
        rest = texts.LEAD.sub("", texts.CHATTER.sub("", rest)).strip()
    return rest


def is_about_oneself(text: str) -> bool:
    """Return whether somebody says how old they are or that they cannot type, and no matter."""
    return texts.ABOUT_ONESELF.search(text) is not None and not phrase(text, None)


def phone(text: str) -> str | None:
    """Return the telephone number in the text, or None."""
    found = texts.PHONE.search(fold(text))
    return re.sub(r"[\s-]", "", found.group(1)) if found else None


def is_only_phone(text: str) -> bool:
    """Return whether the text says nothing but a telephone number."""
    return not texts.LEAD.sub("", _without_phone(text)).strip(texts.TAIL)


def _without_phone(text: str) -> str:
    """Return the text without the number in it, which may be typed in full width."""
    rest, end = [], 0
    for found in texts.PHONE_WITH_WORDS.finditer(fold(text)):
        rest.append(text[end : found.start()])
        end = found.end()
    return "".join([*rest, text[end:]])


def estate_named(text: str, estates: list[Place]) -> tuple[Place, str] | None:
    """Return the estate the text names and the words it uses for it; the longest name wins."""
    names = [(name, e) for e in estates for name in _names(e) if _stands_in(name, text)]
    if not names:
        return None
    name, estate = max(names, key=lambda found: len(found[0]))
    return estate, name


def estate_like(text: str, estates: list[Place]) -> Place | None:
    """Return the estate somebody means when asked for it, mistyped or shortened."""
    named = estate_named(text, estates)
    if named:
        return named[0]
    said = text.strip(texts.TAIL)
    by_name = {name: estate for estate in estates for name in _names(estate)}
    close = difflib.get_close_matches(said, list(by_name), n=1, cutoff=ALIKE)
    if close:
        return by_name[close[0]]
    within = [e for e in estates if len(said) > 1 and said in e.name]
    return within[0] if len(within) == 1 else None


def is_public(where: str) -> bool:
    """Return whether the place is a street or a square rather than a part of an estate."""
    return texts.PUBLIC_PLACE.search(where) is not None


def placed(where: str | None, estate: str | None, context: Context) -> str | None:
    """Return the place with its estate in front, if it lies in one; None when too vague."""
    if where is None or (where in texts.MY_HOME and not context.resident.building):
        return None
    estates = context.tx.directory.estates()
    where = where.strip(texts.TAIL)
    named = estate_named(where, estates)
    if named:
        rest = where.replace(named[1], "", 1).strip(texts.TAIL)
        return texts.place(named[0].name, rest)
    if estate is None or is_public(where) or where.startswith(texts.MAP):
        return where
    resident = context.resident
    at_home = where.startswith(texts.MY_HOME)
    if at_home and resident.building and estate == home(context):
        where = f"{resident.building}{resident.unit or ''} {where}"
    return texts.place(estate, where)


def may_be_place(text: str) -> bool:
    """Return whether words that were asked for may be a place that no list knows."""
    named = texts.NO_PLACE.search(text) is None and texts.SINCE.fullmatch(text.strip()) is None
    return named and texts.WRITTEN.search(text) is not None


def within(before: str, more: str) -> bool:
    """Return whether `more` only says where in the building of the place before."""
    inside = building_of(more)
    names_part = any((inside.unit, inside.floor, inside.room)) or texts.INSIDE.search(more)
    return bool(names_part) and inside.building is None and building_of(before).building is not None


def home(context: Context) -> str | None:
    """Return the name of the sender's estate, or None."""
    estate = context.tx.directory.estate(context.resident.estate_id)
    return estate.name if estate else None


def map_point(message: Message) -> str | None:
    """Return the place that was sent as a point on the map, or None."""
    for sent in message.attachments:
        if sent.kind is AttachmentKind.LOCATION and sent.latitude is not None:
            assert sent.longitude is not None
            return texts.map_place(sent.latitude, sent.longitude)
    return None


def _stands_in(name: str, text: str) -> bool:
    """Return whether the name is used for the estate, not for the street called like it."""
    ends = (found.end() for found in re.finditer(re.escape(name), text))
    return any(texts.NOT_ESTATE.match(text, end) is None for end in ends)


def _names(estate: Place) -> list[str]:
    short = texts.ESTATE_TAIL.sub("", estate.name)
    return [estate.name, short] if len(short) > 1 else [estate.name]
