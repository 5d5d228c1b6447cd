"""Reads statutes as they are published in Markdown: a title, notes, headings, articles.

Two layouts are common and both are read: articles as plain paragraphs behind a marker that ends
the notes, and articles whose label is set in bold. Anything else a page may hold (front matter,
tables of contents, links, signatures behind the last article) is passed over.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from functools import cache

from knowledge.numbers import read_numeral
from knowledge.words import read_words

LONGEST = 20_000
"""Characters of one article; no law has one a tenth as long, so something was read wrongly."""


class Wrong(StrEnum):
    """What is wrong with a file of statutes."""

    NO_TITLE = "no_title"
    NO_ARTICLES = "no_articles"
    EMPTY = "empty"
    LONG = "long"
    TWICE = "twice"
    NUMBER = "number"
    ENCODING = "encoding"
    FORM = "form"


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong, and in which line."""

    line: int
    wrong: Wrong
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Paragraphs:
    """One article as it stands in a page; `inserted` is 1 for the first one put behind it."""

    line: int
    number: int
    inserted: int
    chapter: str
    text: str


@dataclass(slots=True)
class Page:
    """What one page says of one law."""

    title: str = ""
    notes: list[str] = field(default_factory=list)
    articles: list[Paragraphs] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class _Lists:
    numerals: str
    article: str
    inserted: str
    parts: str
    ordinal: str
    bare_parts: list[str]
    republic: str
    old: list[str]
    begins: list[str]
    goes_on: list[str]
    pieces: str
    year: str
    month: str
    day: str
    in_force: str
    repealed: str


@cache
def lists() -> _Lists:
    """Return the words that statutes are made of."""
    words: _Lists = read_words("statutes", _Lists)
    return words


class _Patterns:
    def __init__(self) -> None:
        words = lists()
        numeral = f"[{words.numerals}]{{1,12}}"
        label = (
            rf"{words.ordinal}(?P<number>{numeral}|\d{{1,5}}){words.article}"
            rf"(?:{words.inserted}(?P<inserted>{numeral}|\d{{1,3}}))?"
        )
        self.article = re.compile(
            rf"(?P<bold>\*\*|__)?{label}(?P<over>\s*(?:\*\*|__))?(?P<gap>[\s:\uff1a]*)(?P<text>.*)",
            re.DOTALL,
        )
        self.part = re.compile(
            rf"{words.ordinal}(?:{numeral}|\d{{1,3}})\u5206?[{words.parts}](?:\s.*)?"
        )
        self.goes_on = re.compile(
            rf"{'|'.join(words.goes_on)}|{words.ordinal}{numeral}[{words.article}{words.pieces}]"
        )
        self.date = re.compile(
            rf"(\d{{4}})(?:-|{words.year})(\d{{1,2}})(?:-|{words.month})(\d{{1,2}}){words.day}?"
        )
        self.old = re.compile(rf"(?:{'|'.join(words.old)})[)\uff09\s]*$")


@cache
def _patterns() -> _Patterns:
    return _Patterns()


_COMMENT = re.compile(r"<!--.*?-->", re.DOTALL)
_TAG = re.compile(r"</?[A-Za-z][^<>\n]{0,80}>")
_LINK_ONLY = re.compile(r"!?\[[^\]\n]*\]\([^)\n]*\)")
_MARKER = re.compile(r"(?:[>*+-]|\d{1,3}\.)\s+")
_RULE = re.compile(r"(?:-{3,}|\*{3,}|_{3,})")


def read_page(text: str) -> Page:
    """Return what the page says; never raises, faults are listed with their lines."""
    reader = _Reader()
    for number, line in _lines(text):
        reader.take(number, line)
    return reader.finished()


class _Reader:
    """Takes a page line by line."""

    def __init__(self) -> None:
        self.page = Page()
        self._chapter = ""
        self._open: Paragraphs | None = None
        self._text: list[str] = []
        self._seen: set[tuple[int, int]] = set()
        self._last = (0, 0)
        self._apart: bool | None = None
        """Whether labels stand apart from their text in this page; unknown before the first."""

    def take(self, number: int, line: str) -> None:
        """Take the next line that is not empty."""
        heading = line.startswith("#")
        plain = line.lstrip("#").strip()
        if _RULE.fullmatch(plain) or _LINK_ONLY.fullmatch(plain):
            self._close()
        elif (label := self._label(plain)) is not None:
            self._begin(number, label)
        elif _patterns().part.fullmatch(plain):
            self._close()
            self._chapter = plain
            if heading and not self.page.title:
                self.page.title = plain
        elif heading:
            self._close()
            self.page.title = self.page.title or _bare(plain)
        elif self._open is not None:
            self._text.append(_bare(_MARKER.sub("", plain, count=1)))
        elif not self._seen:
            self.page.notes.append(_bare(plain))

    def finished(self) -> Page:
        """Return the page once every line was taken."""
        self._close()
        if not self.page.title:
            self.page.faults.append(Fault(1, Wrong.NO_TITLE))
        if not self._seen:
            self.page.faults.append(Fault(1, Wrong.NO_ARTICLES))
        return self.page

    def _label(self, line: str) -> re.Match[str] | None:
        """Return the label of an article that begins here, or None.

        A paragraph may begin with the name of another article. What stands apart from its text
        is a label; what does not is one only in a page whose first label did not either, or
        where the number comes next, and never where the sentence goes on.
        """
        found = _patterns().article.match(line)
        if found is None:
            return None
        if found["bold"] or found["over"] or found["gap"] or not found["text"]:
            self._apart = True if self._apart is None else self._apart
            return found
        number = _number(found)
        if number is None or _patterns().goes_on.match(found["text"]):
            return None
        if self._apart is None:
            self._apart = False
        follows = {(self._last[0] + 1, 0), (self._last[0], self._last[1] + 1)}
        return found if number in follows or (not self._apart and number > self._last) else None

    def _begin(self, line: int, label: re.Match[str]) -> None:
        self._close()
        named = _number(label)
        if named is None:
            self.page.faults.append(Fault(line, Wrong.NUMBER, label["number"]))
            return
        if named in self._seen:
            self.page.faults.append(Fault(line, Wrong.TWICE, label["number"]))
        self._seen.add(named)
        self._last = named
        self._open = Paragraphs(line, *named, self._chapter, "")
        self._text = [text] if (text := _bare(label["text"])) else []

    def _close(self) -> None:
        """End the article that is open; what stands behind it belongs to none."""
        if self._open is None:
            return
        begun, text = self._open, "\n".join(self._text)
        self._open, self._text = None, []
        if not text.strip():
            self.page.faults.append(Fault(begun.line, Wrong.EMPTY, str(begun.number)))
            return
        if len(text) > LONGEST:
            self.page.faults.append(Fault(begun.line, Wrong.LONG, str(begun.number)))
            return
        self.page.articles.append(
            Paragraphs(begun.line, begun.number, begun.inserted, begun.chapter, text)
        )


def is_part(title: str) -> bool:
    """Return whether a page is headed as a part of a law, not as a law."""
    bare = "".join(title.split())
    named = bare in lists().bare_parts or bare.endswith(lists().parts[0])
    return named or _patterns().part.fullmatch(title) is not None


def dates(text: str) -> list[date]:
    """Return the days named in `text`, in order; what is no day of the calendar is passed over."""
    found = []
    for match in _patterns().date.finditer(text):
        try:
            found.append(date(*(int(part) for part in match.groups())))
        except ValueError:
            continue
    return found


def begins_on(text: str) -> date | None:
    """Return the day named last before a word for coming into force, or None."""
    found = None
    for word in lists().begins:
        for part in text.split(word)[:-1]:
            found = next(reversed(dates(part)), found)
    return found


def is_repealed(note: str) -> bool:
    """Return whether a note says that the law is over; amending others it may name a repeal."""
    return _patterns().old.search(note) is not None


def _number(label: re.Match[str]) -> tuple[int, int] | None:
    number, inserted = _value(label["number"]), _value(label["inserted"] or "0")
    return None if not number or inserted is None else (number, inserted)


def _value(numeral: str) -> int | None:
    return int(numeral) if numeral.isascii() and numeral.isdecimal() else read_numeral(numeral)


def _bare(text: str) -> str:
    """Return a line without marks of Markdown."""
    return _TAG.sub("", text).replace("**", "").replace("__", "").replace("\\", "").strip()


def _lines(text: str) -> Iterator[tuple[int, str]]:
    """Yield the lines that hold something, with their numbers; no front matter, no comments."""
    front = text.startswith("---\n")
    hidden = _COMMENT.sub(lambda found: "\n" * found[0].count("\n"), text)
    for number, line in enumerate(hidden.split("\n"), start=1):
        if front:
            front = number == 1 or line.strip() != "---"
            continue
        if line.strip():
            yield number, line.strip()
