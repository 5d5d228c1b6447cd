"""Reads a place inside an estate into plain numbers: building, unit, floor, room."""

import re
from dataclasses import dataclass
from functools import cache

import msgspec

from knowledge.folding import fold
from knowledge.words import read_words

READ_AT_MOST = 200
"""Characters; a place is short."""
ROOM_ON_FLOOR = 2
"""The last digits of a room number count on its floor: 1203 is on floor 12."""


@dataclass(frozen=True, slots=True)
class Place:
    """A place in plain numbers; None where it is not said.

    A building is text because some are letters: `3`, `B`, `A3`; so is a room: `501`, `0501`.
    Floors below the ground are negative.
    """

    building: str | None = None
    unit: int | None = None
    floor: int | None = None
    room: str | None = None


class _Words(msgspec.Struct, frozen=True):
    """The file `places.json`."""

    digits: dict[str, str]
    ten: str
    hundred: str
    below: str
    building: str
    unit: str
    floor: str
    room: str
    dashed: str
    short_dashed: str


@dataclass(frozen=True, slots=True)
class _Patterns:
    """The compiled file."""

    digit: dict[str, str]
    building: re.Pattern[str]
    unit: re.Pattern[str]
    floor: re.Pattern[str]
    room: re.Pattern[str]
    dashed: re.Pattern[str]
    short_dashed: re.Pattern[str]
    ten: str
    hundred: str
    below: re.Pattern[str]


@cache
def _patterns() -> _Patterns:
    words = read_words("places", _Words)
    return _Patterns(
        digit={sign: value for value, signs in words.digits.items() for sign in signs},
        building=re.compile(words.building),
        unit=re.compile(words.unit),
        floor=re.compile(words.floor),
        room=re.compile(words.room),
        dashed=re.compile(words.dashed),
        short_dashed=re.compile(words.short_dashed),
        ten=words.ten,
        hundred=words.hundred,
        below=re.compile(words.below),
    )


def _digits(numeral: str) -> str:
    """Return a numeral as read out digit by digit in ASCII digits."""
    return "".join(_patterns().digit.get(sign, sign) for sign in numeral)


def _value(numeral: str, alone: str) -> int | None:
    """Return the value of digits, `alone` where there are none, None of anything else."""
    digits = _digits(numeral) or alone
    return int(digits) if digits.isascii() and digits.isdecimal() else None


def _up_to_hundred(numeral: str) -> int | None:
    """Return the value of a numeral below a hundred, in digits or with a ten."""
    before, ten, after = numeral.partition(_patterns().ten)
    tens = _value(before, "1") if ten else 0
    ones = _value(after if ten else numeral, "0")
    return None if tens is None or ones is None else tens * 10 + ones


def number_of(numeral: str) -> int | None:
    """Return the value of a Chinese or Arabic numeral below a thousand, None of nonsense."""
    before, hundred, after = numeral.partition(_patterns().hundred)
    hundreds = _value(before, "1") if hundred else 0
    rest = _up_to_hundred(after if hundred else numeral)
    return None if hundreds is None or rest is None else hundreds * 100 + rest


def _building(found: str) -> str | None:
    """Return a building's name in capitals and Arabic digits."""
    if found.isascii():
        return found.upper()
    number = number_of(found)
    return None if number is None else str(number)


def _floor_of(room: str) -> int | None:
    floor = room[:-ROOM_ON_FLOOR]
    return int(floor) if floor.isdecimal() else None


def _dashed(text: str) -> Place | None:
    """Return the place written as `3-2-501` or `3-501`."""
    if found := _patterns().dashed.search(text):
        room = _digits(found["room"])
        return Place(_building(found["building"]), number_of(found["unit"]), _floor_of(room), room)
    if found := _patterns().short_dashed.search(text):
        room = _digits(found["room"])
        return Place(_building(found["building"]), None, _floor_of(room), room)
    return None


def corrected(before: str, more: str) -> str:
    """Return the place `before` with the unit, floor and room that `more` names in their stead.

    What `more` names and `before` does not is put behind it.
    """
    patterns = _patterns()
    place, rest = before, more
    for part in (patterns.unit, patterns.floor, patterns.room):
        new, old = part.search(fold(rest)), part.search(fold(place))
        if new and old:
            place = place[: old.start()] + rest[new.start() : new.end()] + place[old.end() :]
            rest = (rest[: new.start()] + rest[new.end() :]).strip()
    return place if not rest or rest in place else f"{place} {rest}"


def building_of(where: str | None) -> Place:
    """Return building, unit, floor and room named in `where`, which may be anything."""
    text = fold((where or "")[:READ_AT_MOST])
    if dashed := _dashed(text):
        return dashed
    patterns = _patterns()
    building, unit = patterns.building.search(text), patterns.unit.search(text)
    floor, room = patterns.floor.search(text), patterns.room.search(text)
    number = _digits(room["n"]) if room else None
    level = number_of(floor["n"]) if floor else None
    if floor and level is not None and patterns.below.match(floor[0]):
        level = -level
    return Place(
        building=_building(building["n"]) if building else None,
        unit=number_of(unit["n"]) if unit else None,
        floor=level if level is not None else _floor_of(number or ""),
        room=number,
    )
