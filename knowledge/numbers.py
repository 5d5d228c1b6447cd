"""Finds the numbers of a legal fact and looks for them in the articles it rests on."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from knowledge.words import read_words

_LARGEST = 100_000
"""Larger numbers are written with digits in statutes."""


@dataclass(frozen=True, slots=True)
class _Lists:
    digits: str
    two: str
    zero: str
    powers: list[str]
    parts: str
    hundred: str
    ordinal: str
    units: list[str]


class _Numerals:
    """Chinese numerals in both directions, and the patterns that find them."""

    def __init__(self, lists: _Lists) -> None:
        self.lists = lists
        small = f"{lists.digits}{lists.powers[1]}{lists.powers[2]}"
        numeral = f"{lists.digits}{''.join(lists.powers)}{lists.two}"
        self.run = re.compile(f"[{numeral}]+")
        self.before = rf"(?<![\d{small}{lists.powers[3]}])"
        self.parts = re.compile(rf"([{small}]+){lists.parts}([{small}]+)")
        self.percent = re.compile(r"(\d+(?:\.\d+)?)%")
        self.measured = re.compile(
            rf"(?<!{lists.ordinal})(\d+(?:\.\d+)?|[{numeral}]+)({'|'.join(lists.units)})"
        )

    def written(self, number: int) -> str:
        """Return `number` in Chinese numerals."""
        if number == 0:
            return self.lists.zero
        out, gap, figures = "", False, str(number)
        for place, figure in enumerate(figures):
            if figure == "0":
                gap = True
                continue
            if gap and out:
                out += self.lists.zero
            gap = False
            out += self.lists.digits[int(figure)] + self.lists.powers[len(figures) - 1 - place]
        ten = self.lists.digits[1] + self.lists.powers[1]
        return out[1:] if out.startswith(ten) else out

    def read(self, numeral: str) -> int:
        """Return the value of a Chinese numeral."""
        total = current = 0
        for sign in numeral:
            if sign in self.lists.digits:
                current = self.lists.digits.index(sign)
            elif sign == self.lists.two:
                current = 2
            else:
                total += (current or 1) * 10 ** self.lists.powers.index(sign)
                current = 0
        return total + current

    def figures(self, run: str) -> str:
        """Return a run of Chinese numerals as figures."""
        if any(sign in self.lists.powers for sign in run):
            return str(self.read(run))
        return "".join(str(self.read(sign)) for sign in run)

    def forms(self, number: str) -> set[str]:
        """Return the ways in which a statute may write `number`."""
        if number.isdecimal():
            value = int(number)
        elif "." in number:
            return {number}
        else:
            value = self.read(number)
        return {number, str(value)} | ({self.written(value)} if value < _LARGEST else set())


@cache
def _numerals() -> _Numerals:
    return _Numerals(read_words("check", _Lists))


def with_figures(text: str) -> str:
    """Return the text with its Chinese numerals as figures: ordinary ones, or digit by digit."""
    numerals = _numerals()
    return numerals.run.sub(lambda found: numerals.figures(found[0]), text)


def read_numeral(numeral: str) -> int | None:
    """Return the value of a Chinese numeral, or None if it is none."""
    try:
        return _numerals().read(numeral) if numeral else None
    except ValueError:
        return None


def missing_numbers(fact: str, articles: str) -> list[str]:
    """Return the shares and numbers with units in `fact` that do not occur in `articles`."""
    numerals = _numerals()
    fact, articles = "".join(fact.split()), "".join(articles.split())
    found = [*_shares(fact, articles, numerals)]
    rest = numerals.parts.sub("", fact)
    for match in numerals.measured.finditer(rest):
        number, unit = match.groups()
        forms = "|".join(re.escape(form + unit) for form in numerals.forms(number))
        if not re.search(f"{numerals.before}(?:{forms})", articles):
            found.append(match[0])
    return found


def _shares(fact: str, articles: str, numerals: _Numerals) -> Iterator[str]:
    """Yield the fractions and percentages in `fact` that `articles` do not hold."""
    lists = numerals.lists
    for match in numerals.parts.finditer(fact):
        below, above = numerals.read(match[1]), numerals.read(match[2])
        forms = [match[0], f"{above}/{below}"]
        if match[1] == lists.hundred:
            forms.append(f"{above}%")
        if not any(form in articles for form in forms):
            yield match[0]
    for match in numerals.percent.finditer(fact):
        forms = [match[0]]
        if match[1].isdecimal():
            forms.append(f"{lists.hundred}{lists.parts}{numerals.written(int(match[1]))}")
        if not any(form in articles for form in forms):
            yield match[0]
