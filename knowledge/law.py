"""The law index: which articles may be cited, in which version, and whether they are in force."""

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, replace
from hashlib import sha256
from pathlib import Path
from types import MappingProxyType

import msgspec

INDEX = Path(__file__).parent / "data" / "law_index.json"

_QUOTES = str.maketrans(dict.fromkeys("\u201c\u201d\u2018\u2019\u300c\u300d\u300e\u300f'", '"'))

ORDINAL, ARTICLE = "\u7b2c", "\u6761"
"""A citation is a short name, this sign, a number, that sign."""


@dataclass(frozen=True, slots=True)
class Article:
    """One article of a law. `text_sha256` is the hash of its text, which is not kept here."""

    short: str
    law: str
    number: int
    version: str
    in_force: bool
    status: str
    text_sha256: str

    @property
    def citation(self) -> str:
        """The article as answers cite it."""
        return f"{self.short}{ORDINAL}{self.number}{ARTICLE}"


@dataclass(frozen=True, slots=True)
class LawFile:
    """One law as the index file holds it: what its articles share, and their hashes by number."""

    short: str
    law: str
    version: str
    in_force: bool
    status: str
    articles: dict[int, str]


def parse_citation(citation: str) -> tuple[str, int] | None:
    """Return short name and number of a citation, or None if it is not one."""
    short, sign, number = citation.removesuffix(ARTICLE).rpartition(ORDINAL)
    if not (short and sign and citation.endswith(ARTICLE)):
        return None
    if not (number.isascii() and number.isdecimal()):
        return None
    return short, int(number)


def text_hash(text: str) -> str:
    """Return the hash of an article's text.

    White space, full and half width and the shape of quotation marks do not count: honest copies
    of one law differ in them, and a difference here takes answers away from people.
    """
    plain = unicodedata.normalize("NFKC", text).translate(_QUOTES)
    return sha256("".join(plain.split()).encode()).hexdigest()


class LawIndex:
    """The articles by citation."""

    def __init__(self, laws: list[LawFile]) -> None:
        self.changed: Mapping[str, str] = {}
        """By citation, the hashes of the operator's texts that are other than what was checked."""
        self._articles = {
            (law.short, number): Article(
                law.short, law.law, number, law.version, law.in_force, law.status, hashed
            )
            for law in laws
            for number, hashed in law.articles.items()
        }

    @classmethod
    def load(cls, file: Path = INDEX) -> "LawIndex":
        """Read the index that is shipped."""
        return cls(msgspec.json.decode(file.read_bytes(), type=list[LawFile]))

    @property
    def articles(self) -> Mapping[tuple[str, int], Article]:
        """All articles by short name and number."""
        return MappingProxyType(self._articles)

    def with_texts(self, hashes: Mapping[str, str]) -> "LawIndex":
        """Return the index with the hashes of other texts, by citation."""
        if not hashes:
            return self
        other = LawIndex([])
        other.changed = hashes
        other._articles = {
            key: replace(article, text_sha256=hashes.get(article.citation, article.text_sha256))
            for key, article in self._articles.items()
        }
        return other

    def resolve(self, citation: str) -> Article | None:
        """Return the article a citation names, or None if the index does not hold it."""
        parsed = parse_citation(citation)
        return self._articles.get(parsed) if parsed else None
