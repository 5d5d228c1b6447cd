"""Gathers an operator's statutes from files into one text of each law: the one in force today."""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from pathlib import PurePath

import msgspec

from knowledge.law import LawIndex, text_hash
from knowledge.published import (
    LONGEST,
    Fault,
    Page,
    Wrong,
    begins_on,
    dates,
    is_part,
    is_repealed,
    lists,
    read_page,
)
from knowledge.statutes import Statute

JSON_LINES = ".jsonl"


class LeftOut(StrEnum):
    """Why a file was not taken, although it may be read."""

    NO_LAW = "no_law"
    OLDER = "older"
    NOT_YET = "not_yet"
    UNREADABLE = "unreadable"


@dataclass(frozen=True, slots=True)
class Source:
    """One file. `collection` names the law where the page does not: a title page, a folder."""

    name: str
    content: bytes
    collection: str = ""
    chosen: bool = True
    """Named by the operator; of a folder, what is no statute is passed over."""


@dataclass(frozen=True, slots=True)
class Text:
    """One article of the operator's copy. `inserted` is 1 for the first one put behind it."""

    short: str
    law: str
    number: int
    inserted: int
    text: str
    version: str
    repealed: bool
    """Whether it is over; one that a newer law no longer has, has no text either."""
    sha256: str = field(init=False)
    """The hash of the text, as the index has it."""

    def __post_init__(self) -> None:
        object.__setattr__(self, "sha256", text_hash(self.text))


@dataclass(slots=True)
class Collection:
    """The articles, what is wrong with the files, which files were left out."""

    texts: list[Text] = field(default_factory=list)
    faults: list[tuple[str, Fault]] = field(default_factory=list)
    left_out: list[tuple[str, LeftOut]] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class _Named:
    """The name of a law, and whether answers rest on it."""

    short: str
    law: str
    known: bool


@dataclass(slots=True)
class _Edition:
    """One text of one law, of one or several files."""

    name: _Named
    day: date
    begins: date | None
    version: str
    files: list[str] = field(default_factory=list)
    texts: dict[tuple[int, int], Text] = field(default_factory=dict)


_BRACKETED = re.compile(r"\(([^()]*)\)$")
_QUOTED = str.maketrans("", "", "\u300a\u300b\u3008\u3009<>")


def plain_name(title: str) -> str:
    """Return a law's name as names are compared: without the republic, quotes, dates, numbers."""
    name = "".join(unicodedata.normalize("NFKC", title).translate(_QUOTED).split())
    name = name.replace(lists().republic, "")
    while (found := _BRACKETED.search(name)) and not set(found[1]) <= set(lists().numerals):
        name = name[: found.start()]
    return name


class Collector:
    """Takes files one after another."""

    def __init__(self, index: LawIndex, today: date) -> None:
        self._index = index
        self._today = today
        self._names: dict[str, _Named] = {}
        for article in index.articles.values():
            named = _Named(article.short, article.law, known=True)
            self._names.setdefault(plain_name(article.law), named)
            self._names.setdefault(plain_name(article.short), named)
        self._editions: dict[tuple[str, date], _Edition] = {}
        self._collection = Collection()

    def take(self, source: Source) -> None:
        """Take a file; never raises."""
        text = _decoded(source.content)
        if text is None:
            self._refuse(source, [Fault(1, Wrong.ENCODING)], known=source.chosen)
        elif source.name.lower().endswith(JSON_LINES):
            self._take_lines(source, text)
        else:
            self._take_page(source, read_page(text))

    def collected(self) -> Collection:
        """Return the texts in force, once every file was taken."""
        newest: dict[str, _Edition] = {}
        for edition in sorted(self._editions.values(), key=lambda one: one.day):
            if edition.begins and edition.begins > self._today:
                self._leave(edition, LeftOut.NOT_YET)
                continue
            older = newest.get(edition.name.short)
            if older is not None:
                self._leave(older, LeftOut.OLDER)
            newest[edition.name.short] = edition
        for short, edition in sorted(newest.items()):
            self._collection.texts.extend(edition.texts[key] for key in sorted(edition.texts))
            self._collection.texts.extend(self._gone(short, edition))
        return self._collection

    def _gone(self, short: str, edition: _Edition) -> Iterator[Text]:
        """Yield what the index has of a law and its newer text has not.

        Only of a law that is there as a whole: of a part nothing can be concluded.
        """
        numbers = {number for number, _ in edition.texts}
        if numbers != set(range(1, len(numbers) + 1)):
            return
        for known, number in self._index.articles:
            if known == short and number not in numbers:
                yield Text(short, edition.name.law, number, 0, "", edition.version, True)

    def _take_lines(self, source: Source, text: str) -> None:
        for number, line in enumerate(text.split("\n"), start=1):
            if not line.strip():
                continue
            try:
                one = msgspec.json.decode(line, type=Statute)
            except (msgspec.DecodeError, RecursionError) as error:
                self._fault(source, Fault(number, Wrong.FORM, str(error)))
                continue
            if not one.text.strip() or len(one.text) > LONGEST:
                wrong = Wrong.LONG if one.text.strip() else Wrong.EMPTY
                self._fault(source, Fault(number, wrong, str(one.article)))
                continue
            name = self._names.get(plain_name(one.short)) or _Named(one.short, one.law, False)
            begins = begins_on(one.version)
            day = begins or max(dates(one.version), default=date.min)
            edition = self._edition(name, day, begins, one.version, source)
            article = Text(
                name.short, one.law, one.article, 0, one.text, one.version, not one.in_force
            )
            self._add(edition, article, source, number)

    def _take_page(self, source: Source, page: Page) -> None:
        name = self._named(page, source)
        if not page.articles and not source.chosen:
            self._collection.left_out.append((source.name, LeftOut.NO_LAW))
            return
        if page.faults or name is None:
            faults = page.faults or [Fault(1, Wrong.NO_TITLE)]
            self._refuse(source, faults, known=source.chosen or bool(name and name.known))
            return
        notes = "\n".join(page.notes)
        begins = begins_on(notes) or begins_on(page.articles[-1].text)
        decided = max([*dates(notes), *dates(PurePath(source.name).stem)], default=date.min)
        version = "\uff0c".join(note for note in page.notes if dates(note))[:200]
        edition = self._edition(name, begins_on(notes) or decided, begins, version, source)
        repealed = any(is_repealed(note) for note in (page.title, *page.notes))
        for one in page.articles:
            article = Text(
                name.short, name.law, one.number, one.inserted, one.text, version, repealed
            )
            self._add(edition, article, source, one.line)

    def _named(self, page: Page, source: Source) -> _Named | None:
        """Return the law of a page: by its title, by where it stands, or as a law of its own."""
        around = source.collection if is_part(page.title) else ""
        for title in (page.title, page.title.split(" ")[0], around):
            if title and plain_name(title) in self._names:
                return self._names[plain_name(title)]
        name = plain_name(page.title)
        return _Named(name[:120], page.title[:200], known=False) if name else None

    def _edition(
        self, name: _Named, day: date, begins: date | None, version: str, source: Source
    ) -> _Edition:
        key = (name.short, day)
        edition = self._editions.setdefault(key, _Edition(name, day, begins, version))
        if source.name not in edition.files:
            edition.files.append(source.name)
        return edition

    def _add(self, edition: _Edition, article: Text, source: Source, line: int) -> None:
        key = (article.number, article.inserted)
        other = edition.texts.setdefault(key, article)
        if other.sha256 != article.sha256:
            self._fault(source, Fault(line, Wrong.TWICE, str(article.number)))

    def _leave(self, edition: _Edition, why: LeftOut) -> None:
        self._collection.left_out.extend((file, why) for file in edition.files)

    def _refuse(self, source: Source, faults: Iterable[Fault], *, known: bool) -> None:
        """Note faults where something rests on the file; else it is only left out."""
        if known:
            self._collection.faults.extend((source.name, fault) for fault in faults)
        else:
            self._collection.left_out.append((source.name, LeftOut.UNREADABLE))

    def _fault(self, source: Source, fault: Fault) -> None:
        self._collection.faults.append((source.name, fault))


def _decoded(content: bytes) -> str | None:
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return content.decode(encoding).replace("\r\n", "\n")
        except UnicodeDecodeError:
            continue
    return None
