"""Reads one cell: the text somebody typed into a value, or a sentence why not."""

import re
from collections.abc import Callable, Mapping
from datetime import date, time
from enum import StrEnum

from bot.importing import texts
from bot.importing.tables import Column, Kind
from handlers.residents.texts import ROLES_BY_NAME

Value = str | int | date | time | None

MOST = 1_000_000
"""A slip of the finger, not a stock or a balance of a street."""

_CONTROL = re.compile("[\x00-\x1f\x7f\ud800-\udfff]")
_PHONE = re.compile(r"[0-9][0-9 +-]{2,29}")
_CLOCK = re.compile(r"(\d{1,2})[:\uff1a](\d{2})(?::00)?")
_DATE = re.compile(r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})(?: 00:00:00)?")


class CellMistake(ValueError):
    """The cell cannot be read; the message says why."""


def parse(column: Column, cell: str) -> Value:
    """Return the value of a cell, None for an empty one; raises CellMistake."""
    text = cell.strip()
    if not text:
        if column.required:
            raise CellMistake(texts.EMPTY)
        return None
    if _CONTROL.search(text):
        raise CellMistake(texts.CONTROL)
    return _READ[column.kind](text, column)


def _short(text: str, column: Column) -> str:
    if len(text) > column.longest:
        raise CellMistake(texts.TOO_LONG.format(most=column.longest))
    return text


def _number(text: str, least: int) -> int:
    plain = text.removesuffix(".0").replace(",", "")
    if not re.fullmatch(r"-?\d{1,12}", plain, re.ASCII):
        raise CellMistake(texts.NOT_A_NUMBER.format(value=text[:40]))
    number = int(plain)
    if number < least:
        raise CellMistake(texts.TOO_SMALL.format(least=least, value=number))
    if number > MOST:
        raise CellMistake(texts.TOO_BIG.format(most=MOST, value=number))
    return number


def _date(text: str, _column: Column) -> date:
    found = _DATE.fullmatch(text)
    try:
        if found:
            return date(int(found[1]), int(found[2]), int(found[3]))
    except ValueError:
        pass
    raise CellMistake(texts.NOT_A_DATE.format(value=text[:40]))


def _clock(text: str, _column: Column) -> time:
    found = _CLOCK.fullmatch(text)
    try:
        if found:
            return time(int(found[1]), int(found[2]))
    except ValueError:
        pass
    raise CellMistake(texts.NOT_A_CLOCK.format(value=text[:40]))


def _phone(text: str, _column: Column) -> str:
    if not _PHONE.fullmatch(text):
        raise CellMistake(texts.NOT_A_PHONE)
    return text


def _word(text: str, words: Mapping[str, StrEnum]) -> str:
    """Return the stored word for the Chinese one, or for itself."""
    known = {**words, **{word.value: word for word in words.values()}}
    if text not in known:
        raise CellMistake(texts.ONE_OF.format(words="\u3001".join(words), value=text[:40]))
    return known[text].value


_READ: dict[Kind, Callable[[str, Column], Value]] = {
    Kind.TEXT: _short,
    Kind.COUNT: lambda text, _: _number(text, 0),
    Kind.AMOUNT: lambda text, _: _number(text, 1),
    Kind.DATE: _date,
    Kind.CLOCK: _clock,
    Kind.PHONE: _phone,
    Kind.ROLE: lambda text, _: _word(text, ROLES_BY_NAME),
    Kind.SCOPE_KIND: lambda text, _: _word(text, texts.SCOPE_KINDS),
    Kind.GROUP_KIND: lambda text, _: _word(text, texts.GROUP_KINDS),
    Kind.OFFICE_DAYS: lambda text, _: _word(text, texts.OFFICE_DAYS),
    Kind.UTILITY: lambda text, _: _word(text, texts.UTILITIES),
}
