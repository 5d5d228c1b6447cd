"""Keeps a turn short: messages of at most 300 characters, two at a time, the rest on demand."""

import re
from dataclasses import replace

from handlers import texts
from handlers.message import Reply

MESSAGE = 300
"""Characters of one message (contracts.md, length)."""
TURN = 2
"""Messages in one turn (contracts.md, length)."""

_TO_LAST_BORDER = re.compile(r".*[\u3002\uff01\uff1f\uff1b\n]", re.DOTALL)
"""From the beginning to the last place where a sentence ends."""


def split(text: str, limit: int = MESSAGE) -> list[str]:
    """Return the text in pieces of at most `limit` characters, cut between sentences."""
    pieces: list[str] = []
    rest = text.strip("\n")
    while len(rest) > limit:
        sentences = _TO_LAST_BORDER.match(rest, 0, limit)
        # A line may also end right behind the limit: its break is not shown.
        end = limit if sentences is None or rest[limit] == "\n" else sentences.end()
        pieces.append(rest[:end].rstrip("\n"))
        rest = rest[end:].lstrip("\n")
    return [*pieces, rest] if rest.strip() else pieces or [text]


def fit(replies: list[Reply], hint: str = texts.MORE_HINT) -> tuple[list[Reply], list[str]]:
    """Return the messages of this turn and the texts left over for later; `hint` says so.

    Choices and photos stay with the last piece of their reply, and are always shown.
    """
    shown: list[Reply] = []
    rest: list[str] = []
    for reply in replies:
        if len(reply.text) <= MESSAGE:
            shown.append(reply)
            continue
        pieces = split(reply.text)
        bare = [Reply(piece) for piece in pieces[:-1]]
        shown += [*bare, replace(reply, text=pieces[-1])]
    if len(shown) <= TURN:
        return shown, []
    keep = shown[:TURN]
    rest = [reply.text for reply in shown[TURN:]]
    last_with_choices = next((r for r in reversed(shown) if r.choices), None)
    text, over = _with_hint(keep[-1].text, hint)
    hinted = replace(
        last_with_choices or keep[-1],
        text=text,
        media=tuple(name for reply in shown[TURN - 1 :] for name in reply.media),
    )
    return [*keep[:-1], hinted], [*over, *rest]


def _with_hint(text: str, hint: str) -> tuple[str, list[str]]:
    """Return the text with the hint that more follows, and what no longer fits beside it."""
    room = MESSAGE - len(hint) - 1
    first, *over = split(text, room) if len(text) > room else [text]
    return f"{first}\n{hint}", over
