"""Says which words of a question and of the entry that answers it are the same."""

from collections.abc import Mapping
from functools import lru_cache

from knowledge.entries import Entry
from knowledge.folding import fold

SHORTEST = 2
"""One character alone explains nothing."""

ENOUGH = 2
"""Keywords that explain by themselves; pieces of sentences read worse."""

_TAKEN = " "

COMMON = 0.2
"""A word that more of the entries hold than this says nothing of one of them."""


def shared_words(question: str, entry: Entry, entries: Mapping[str, Entry]) -> list[str]:
    """Return the pieces of the question that the entry's own ways of asking hold.

    Verbatim: its keywords, and where there are few what is the same for as long as it can be;
    those that fewest other entries hold first.
    """
    folded = fold(question)
    pieces: dict[str, str] = {}
    rest = folded
    for word in sorted(fold(entry.keywords).split(), key=len, reverse=True):
        start = rest.find(word)
        if len(word) >= SHORTEST and start >= 0:
            pieces[word] = question[start : start + len(word)]
            rest = rest.replace(word, _TAKEN * len(word))
    if len(pieces) < ENOUGH:
        for start, end in _pieces(rest, _asked(entry)):
            pieces.setdefault(folded[start:end], question[start:end])
    others = [_asked(one) for one in entries.values()]
    holding = {piece: sum(piece in other for other in others) for piece in pieces}
    telling = [piece for piece in pieces if holding[piece] <= max(1, COMMON * len(others))]
    return [pieces[piece] for piece in sorted(telling, key=lambda piece: holding[piece])]


@lru_cache(maxsize=1024)
def _asked(entry: Entry) -> str:
    """Return title, phrasings and keywords as one folded text; no piece reaches across a line."""
    return fold("\n".join([entry.title, *entry.phrasings, entry.keywords.replace(" ", "\n")]))


def _pieces(question: str, own: str) -> list[tuple[int, int]]:
    """Return where the longest pieces stand that the entry holds, none inside another."""
    found: list[tuple[int, int]] = []
    start = 0
    while start < len(question) - 1:
        end = start
        while end < len(question) and question[end].isalnum() and question[start : end + 1] in own:
            end += 1
        if end - start >= SHORTEST:
            found.append((start, end))
            start = end
        else:
            start += 1
    return found
