"""Takes what names a person or a home out of a text: for staff groups, logs and learning."""

import re
from functools import cache

from knowledge import texts
from knowledge.folding import fold

_SOMETHING = re.compile(texts.HAS_SOMETHING)


@cache
def _masks() -> tuple[tuple[str, re.Pattern[str]], ...]:
    return tuple((token, re.compile(pattern)) for token, pattern in texts.MASKS)


@cache
def _names() -> tuple[re.Pattern[str], ...]:
    return tuple(re.compile(pattern) for pattern in texts.NAMES)


@cache
def _service_line() -> re.Pattern[str]:
    return re.compile(texts.NEVER_MASKED)


def _hide(text: str, token: str, pattern: re.Pattern[str]) -> str:
    """Return `text` with every match of `pattern` in its folded form replaced by `token`."""
    pieces = []
    kept_to = 0
    for found in pattern.finditer(fold(text)):
        if _service_line().fullmatch(found[0]):
            continue
        start, end = found.span("hide") if "hide" in pattern.groupindex else found.span()
        pieces += [text[kept_to:start], token]
        kept_to = end
    return "".join([*pieces, text[kept_to:]]) if pieces else text


def mask_personal(text: str) -> str:
    """Return `text` with placeholders for phones, papers, cards, addresses, rooms and plates.

    Emergency numbers, prices, articles, buildings and units stay. Masking twice equals masking
    once: the passes go on until nothing is left to hide, and a placeholder holds no digit.
    """
    before = None
    while text != before and _SOMETHING.search(fold(text)):
        before = text
        for token, pattern in _masks():
            text = _hide(text, token, pattern)
    return text


def mask_everything(text: str, *known: str) -> str:
    """Return `text` as strangers may read and keep it: also without people's names.

    `known` are names that are hidden wherever they stand, such as the writer's own. A name that
    nothing announces is not found: what is published is read by two people first.
    """
    for name in known:
        if name:
            text = text.replace(name, texts.NAME)
    before = None
    while text != before:
        before = text
        text = mask_personal(text)
        for pattern in _names():
            text = _hide(text, texts.NAME, pattern)
    return text


def without_masks(masked: str) -> str:
    """Return a masked text as a sentence: the placeholders are left out."""
    for token in (*(token for token, _ in texts.MASKS), texts.NAME):
        masked = masked.replace(token, "")
    return masked.strip()
