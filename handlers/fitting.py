"""Keeps a turn short: so much in one message, two messages at a time, the rest on demand."""

import re
from collections.abc import Sequence
from functools import lru_cache

import msgspec
from msgspec.structs import replace

from handlers import texts
from handlers.message import Reply

MESSAGE = 300
"""Characters of one message (contracts.md, length)."""
TURN = 2
"""Messages in one turn (contracts.md, length)."""

_TO_LAST_BORDER = re.compile(r".*[\u3002\uff01\uff1f\uff1b\n]", re.DOTALL)
"""From the beginning to the last place where a sentence ends."""


class Size(msgspec.Struct, frozen=True):
    """How much somebody reads at once."""

    characters: int
    lines: int | None = None
    """Lines on the screen, an overlong one counted as the several it becomes."""
    line: int = 24
    """Characters of one such line: a short answer of 120 is then five."""
    is_large: bool = False
    """Whether choices are also written out, and pages use larger letters."""

    def reach(self, text: str) -> int:
        """Return how many characters of the text fit into one message."""
        if self.lines is None:
            return self.characters
        at, left = 0, self.lines
        for line in text.split("\n"):
            shown = max(1, -(-len(line) // self.line))
            if shown > left:
                return min(at + left * self.line, self.characters)
            at, left = at + len(line) + 1, left - shown
        return min(len(text), self.characters)

    def without_a_line(self, characters: int) -> "Size":
        """Return what is left of a message beside a line of so many characters."""
        lines = None if self.lines is None else self.lines - 1
        return replace(self, characters=self.characters - characters - 1, lines=lines)


NORMAL = Size(MESSAGE)
ELDER = Size(MESSAGE, lines=5, is_large=True)
"""For somebody who chose large letters (contracts.md, length)."""


WHOLE = replace(NORMAL, is_large=True)
"""The same, where nothing may be put off: what saves somebody is said at once."""


def size_for(*, elder_mode: bool, is_aid: bool = False) -> Size:
    """Return how much is shown at once to somebody."""
    if not elder_mode:
        return NORMAL
    return WHOLE if is_aid else ELDER


def split(text: str, size: Size = NORMAL) -> list[str]:
    """Return the text in pieces that fit into one message each, cut between sentences."""
    return list(_pieces(text, size))


@lru_cache(maxsize=256)
def _pieces(text: str, size: Size) -> tuple[str, ...]:
    """Kept for a while: much of what is said is one of a few hundred answers."""
    pieces: list[str] = []
    rest = text.strip("\n")
    while len(rest) > (limit := size.reach(rest)):
        sentences = _TO_LAST_BORDER.match(rest, 0, limit)
        # A line may also end right behind the limit: its break is not shown.
        end = limit if sentences is None or rest[limit] == "\n" else sentences.end()
        pieces.append(rest[:end].rstrip("\n"))
        rest = rest[end:].lstrip("\n")
    return (*pieces, rest) if rest.strip() else tuple(pieces) or (text,)


def fit(
    replies: Sequence[Reply], size: Size = NORMAL, hint: str = texts.MORE_HINT
) -> tuple[list[Reply], list[str]]:
    """Return the messages of this turn and the texts left over for later; `hint` says so.

    Choices and photos stay with the last piece of their reply, and are always shown.
    """
    shown: list[Reply] = []
    rest: list[str] = []
    for reply in replies:
        if not size.is_large and len(reply.text) <= size.characters:
            shown.append(reply)
            continue
        pieces = split(reply.text, size)
        bare = [Reply(piece, large=size.is_large) for piece in pieces[:-1]]
        shown += [*bare, replace(reply, text=pieces[-1], large=size.is_large)]
    if len(shown) <= TURN:
        return shown, []
    keep = shown[:TURN]
    rest = [reply.text for reply in shown[TURN:]]
    last_with_choices = next((r for r in reversed(shown) if r.choices), None)
    text, over = _with_hint(keep[-1].text, size, hint)
    hinted = replace(
        last_with_choices or keep[-1],
        text=text,
        media=tuple(name for reply in shown[TURN - 1 :] for name in reply.media),
    )
    return [*keep[:-1], hinted], [*over, *rest]


def _with_hint(text: str, size: Size, hint: str) -> tuple[str, list[str]]:
    """Return the text with the hint that more follows, and what no longer fits beside it."""
    first, *over = split(text, size.without_a_line(len(hint)))
    return f"{first}\n{hint}", over
