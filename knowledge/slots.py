"""Finds what a report is about and where, as pieces of the reporter's own words."""

import re
from dataclasses import dataclass
from functools import cache

import msgspec

from knowledge.folding import fold
from knowledge.places import Place, building_of
from knowledge.words import read_words

__all__ = ["Place", "Slots", "building_of", "only_place", "report_slots"]

READ_AT_MOST = 2_000
"""Characters; a report names its matter long before."""
TELLS_WITHIN = 14
"""Characters between a thing and what is wrong with it."""


SHORT = 2
"""Characters; shorter names of places are looked for last."""


@dataclass(frozen=True, slots=True)
class Slots:
    """Verbatim pieces of a report; None where it does not say."""

    what: str | None
    where: str | None


class _Words(msgspec.Struct, frozen=True):
    """The file `reports.json`."""

    things: list[str]
    troubles: list[str]
    broken: str
    not_things: list[str]
    places: list[str]
    also_places: list[str]
    number: str
    parts: list[str]
    joint: str
    around: str
    thing_joint: str
    unknown_thing: str
    beside_place: str


@dataclass(frozen=True, slots=True)
class _Patterns:
    """The compiled file."""

    token: re.Pattern[str]
    joint: re.Pattern[str]
    thing_joint: re.Pattern[str]
    around: re.Pattern[str]
    broken: re.Pattern[str]
    wrong: re.Pattern[str]
    unknown_thing: re.Pattern[str]
    beside_place: re.Pattern[str]
    also_places: frozenset[str]
    not_things: frozenset[str]


@dataclass(frozen=True, slots=True)
class _Token:
    """Something the reporter names: `kind` is part, place, thing or trouble."""

    kind: str
    start: int
    end: int


def _longest_first(words: list[str]) -> str:
    return "|".join(re.escape(word) for word in sorted(words, key=len, reverse=True))


@cache
def _patterns() -> _Patterns:
    words = read_words("reports", _Words)
    parts = "|".join(part.replace("{n}", words.number) for part in words.parts)
    # One character is part of too many other words unless something is said to be wrong with it.
    short = "|".join(thing for thing in words.things if len(thing) == 1)
    things = _longest_first([thing for thing in words.things if len(thing) > 1])
    long_places = _longest_first([place for place in words.places if len(place) > SHORT])
    places = _longest_first([place for place in words.places if len(place) <= SHORT])
    broken = f"(?:{words.broken})"
    return _Patterns(
        token=re.compile(
            f"(?P<part>{parts})|(?P<place>{long_places})|(?P<thing>{things}|(?:{short})(?={broken}))"
            f"|(?P<trouble>{_longest_first(words.troubles)})|(?P<place2>{places})"
        ),
        joint=re.compile(words.joint),
        thing_joint=re.compile(words.thing_joint),
        around=re.compile(words.around),
        broken=re.compile(broken),
        wrong=re.compile(f"{broken}|{_longest_first(words.troubles)}"),
        unknown_thing=re.compile(words.unknown_thing.replace("{broken}", broken)),
        beside_place=re.compile(words.beside_place),
        also_places=frozenset(words.also_places),
        not_things=frozenset(words.not_things),
    )


def _tokens(text: str) -> list[_Token]:
    """Return what the folded `text` names, in order."""
    found = []
    for match in _patterns().token.finditer(text):
        assert match.lastgroup is not None
        found.append(_Token(match.lastgroup.rstrip("2"), *match.span()))
    return found


def _is_place(token: _Token, text: str) -> bool:
    return token.kind in {"part", "place"} or text[token.start : token.end] in (
        _patterns().also_places
    )


def _places(text: str, tokens: list[_Token]) -> list[_Token]:
    """Return the spans of neighbouring parts of a place, joined."""
    patterns = _patterns()
    joined: list[_Token] = []
    for token in tokens:
        last = joined[-1] if joined else None
        if last and patterns.joint.fullmatch(text, last.end, token.start):
            kind = "part" if "part" in {last.kind, token.kind} else "place"
            joined[-1] = _Token(kind, last.start, token.end)
        else:
            joined.append(token)
    return joined


def _where(text: str, tokens: list[_Token], what: _Token | None) -> _Token | None:
    """Return the fullest place that does not lie inside `what`."""
    apart = [
        token
        for token in tokens
        if _is_place(token, text)
        and (what is None or token.end <= what.start or token.start >= what.end)
    ]
    spans = _places(text, apart)
    if not spans:
        return None
    best = max(spans, key=lambda span: (span.kind == "part", span.end - span.start, -span.start))
    after = _patterns().around.match(text, best.end)
    limit = what.start if what and what.start >= best.end else len(text)
    return _Token(best.kind, best.start, min(after.end(), limit)) if after else best


def _joined_things(text: str, things: list[_Token], first: int) -> _Token:
    """Return the thing at `first` together with those the reporter lists after it."""
    whole = things[first]
    for thing in things[first + 1 :]:
        if not _patterns().thing_joint.fullmatch(text, whole.end, thing.start):
            break
        whole = _Token(whole.kind, whole.start, thing.end)
    return whole


def _unknown_thing(text: str, tokens: list[_Token]) -> _Token | None:
    """Return the words before what is wrong, where the thing is in no list."""
    patterns = _patterns()
    for match in patterns.unknown_thing.finditer(text):
        start, end = match.span("thing")
        start = max([start, *(token.end for token in tokens if token.end < end)])
        if end - start > 0 and text[start:end] not in patterns.not_things:
            return _Token("thing", start, end)
    return None


def _what(text: str, tokens: list[_Token]) -> _Token | None:
    """Return the thing something is wrong with, else the trouble itself."""
    patterns = _patterns()
    things = [token for token in tokens if token.kind == "thing"]
    troubles = [token for token in tokens if token.kind == "trouble"]
    only_things = [thing for thing in things if not _is_place(thing, text)]
    if not only_things and troubles:
        return troubles[0]
    for candidates in (only_things, things):
        for index, thing in enumerate(candidates):
            if patterns.broken.search(text, thing.end, thing.end + TELLS_WITHIN):
                return _joined_things(text, candidates, index)
    if only_things:
        return _joined_things(text, only_things, 0)
    return _unknown_thing(text, tokens) or (things[-1] if things else None)


def tells_trouble(text: str) -> bool:
    """Return whether `text` says that something is wrong, besides naming it."""
    folded = fold(text[:READ_AT_MOST])
    patterns = _patterns()
    if patterns.wrong.search(folded) is None:
        return False
    tokens = _tokens(folded)
    return any(
        token.kind == "trouble"
        or (token.kind == "thing" and patterns.broken.search(folded, token.end))
        for token in tokens
    )


def only_place(text: str) -> str | None:
    """Return the place `text` names when it says nothing else, verbatim, otherwise None."""
    found = report_slots(text)
    if found.where is None or found.what is not None:
        return None
    rest = fold(text).replace(fold(found.where), " ", 1)
    return found.where if _patterns().beside_place.fullmatch(rest) else None


def report_slots(text: str) -> Slots:
    """Return what `text` reports and where, both as they stand in it."""
    read = text[:READ_AT_MOST]
    folded = fold(read)
    tokens = _tokens(folded)
    what = _what(folded, tokens)
    where = _where(folded, tokens, what)
    return Slots(
        what=read[what.start : what.end] if what else None,
        where=read[where.start : where.end] if where else None,
    )
