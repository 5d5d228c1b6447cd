"""Text as Telegram reads it: entities with UTF-16 offsets, and the HTML parse mode."""

import html
import re
from dataclasses import dataclass, field
from typing import NoReturn

from tests.peers.telegram.rules import refuse
from tests.peers.telegram.shapes import Object, User

COMMAND = re.compile(r"(?<![\w/])/[A-Za-z0-9_]{1,64}(?:@\w{3,32})?(?![\w/])")
MENTION = re.compile(r"(?<!\w)@[A-Za-z]\w{3,31}(?!\w)", re.ASCII)
HASHTAG = re.compile(r"(?<!\w)#\w*[^\W\d]\w*")
URL = re.compile(r"https?://[^\s<>，。；！？、（）]+")
FOUND_BY_ITSELF = (
    ("bot_command", COMMAND),
    ("mention", MENTION),
    ("hashtag", HASHTAG),
    ("url", URL),
)

START_TAG = re.compile(
    r"""<([A-Za-z][A-Za-z0-9-]*)((?:\s+[A-Za-z-]+(?:\s*=\s*(?:"[^"]*"|'[^']*'|[\w.-]+))?)*)\s*>"""
)
END_TAG = re.compile(r"</([A-Za-z0-9-]*)\s*>")
ATTRIBUTE = re.compile(r"""([A-Za-z-]+)(?:\s*=\s*(?:"([^"]*)"|'([^']*)'|([\w.-]+)))?""")
REFERENCE = re.compile(r"&(?:lt|gt|amp|quot|#\d{1,7}|#x[0-9A-Fa-f]{1,6});")
"""Telegram knows these references only; `&nbsp;` is shown as it is written."""

ENTITY_OF_TAG = {
    "b": "bold",
    "strong": "bold",
    "i": "italic",
    "em": "italic",
    "u": "underline",
    "ins": "underline",
    "s": "strikethrough",
    "strike": "strikethrough",
    "del": "strikethrough",
    "code": "code",
    "pre": "pre",
    "blockquote": "blockquote",
    "tg-spoiler": "spoiler",
    "span": "spoiler",
    "a": "text_link",
    "tg-emoji": "custom_emoji",
}


def utf16_length(text: str) -> int:
    """Return the length in UTF-16 code units, in which Telegram counts offsets."""
    return len(text.encode("utf-16-le")) // 2


def find_entities(text: str, named: dict[str, User] | None = None) -> list[Object]:
    """Return what Telegram marks by itself, and mentions of people without a user name.

    Args:
        text: what was written.
        named: words of the text that name a person (`text_mention`).
    """
    found = [
        _entity(kind, text, match.start(), match.end())
        for kind, pattern in FOUND_BY_ITSELF
        for match in pattern.finditer(text)
    ]
    for words, person in (named or {}).items():
        start = text.index(words)
        mention = _entity("text_mention", text, start, start + len(words))
        found.append(mention | {"user": person.render()})
    return in_order(found)


def in_order(entities: list[Object]) -> list[Object]:
    """Return the entities as Telegram lists them: by place, the outer before the inner."""
    return sorted(entities, key=lambda entity: (span(entity)[0], -span(entity)[1]))


def span(entity: Object) -> tuple[int, int]:
    """Return where an entity begins and ends, in UTF-16 code units."""
    offset, length = entity["offset"], entity["length"]
    assert isinstance(offset, int)
    assert isinstance(length, int)
    return offset, offset + length


def part(text: str, entity: Object) -> str:
    """Return the words an entity covers."""
    start, end = span(entity)
    return text.encode("utf-16-le")[start * 2 : end * 2].decode("utf-16-le")


def trim(text: str, entities: list[Object]) -> tuple[str, list[Object]]:
    """Cut white space off both ends, as Telegram does before it counts."""
    shown = text.strip()
    cut = utf16_length(text) - utf16_length(text.lstrip())
    size = utf16_length(shown)
    moved: list[Object] = []
    for entity in entities:
        start, end = span(entity)
        start, end = max(start - cut, 0), min(end - cut, size)
        if start < end:
            moved.append(entity | {"offset": start, "length": end - start})
    return shown, moved


def parse(text: str, parse_mode: str) -> tuple[str, list[Object]]:
    """Return the text to show and its entities; refuses broken markup as Telegram does."""
    if not parse_mode:
        return trim(text, find_entities(text))
    if parse_mode.upper() != "HTML":
        refuse(f"unsupported parse_mode {parse_mode} (this peer only reads HTML)")
    shown, entities = _Html(text).parse()
    return trim(shown, in_order(entities + find_entities(shown)))


def _entity(kind: str, text: str, start: int, end: int) -> Object:
    return {
        "type": kind,
        "offset": utf16_length(text[:start]),
        "length": utf16_length(text[start:end]),
    }


@dataclass(slots=True)
class _Html:
    """One reading of a text in the HTML parse mode."""

    text: str
    at: int = 0
    shown: str = ""
    open_tags: list[tuple[str, int, dict[str, str]]] = field(default_factory=list)
    entities: list[Object] = field(default_factory=list)

    def parse(self) -> tuple[str, list[Object]]:
        while self.at < len(self.text):
            if self.text.startswith("</", self.at):
                self._end_tag()
            elif self.text[self.at] == "<":
                self._start_tag()
            else:
                self._character()
        if self.open_tags:
            tag = self.open_tags[-1][0]
            self._refuse(f'Can\'t find end tag corresponding to start tag "{tag}"')
        return self.shown, self.entities

    def _character(self) -> None:
        reference = REFERENCE.match(self.text, self.at)
        written = reference.group() if reference else self.text[self.at]
        self.shown += html.unescape(written) if reference else written
        self.at += len(written)

    def _start_tag(self) -> None:
        match = START_TAG.match(self.text, self.at)
        if match is None:
            self._refuse(f'Unsupported start tag "{self._word()}"{self._place()}')
        tag = match.group(1).lower()
        attributes = {
            name.lower(): html.unescape(double or single or bare)
            for name, double, single, bare in ATTRIBUTE.findall(match.group(2))
        }
        if tag not in ENTITY_OF_TAG:
            self._refuse(f'Unsupported start tag "{tag}"{self._place()}')
        if tag == "span" and attributes.get("class") != "tg-spoiler":
            self._refuse(f'Tag "span" must have class "tg-spoiler"{self._place()}')
        self.open_tags.append((tag, utf16_length(self.shown), attributes))
        self.at = match.end()

    def _end_tag(self) -> None:
        match = END_TAG.match(self.text, self.at)
        if match is None or not self.open_tags:
            self._refuse(f"Unexpected end tag{self._place()}")
        tag, start, attributes = self.open_tags.pop()
        found = match.group(1).lower()
        if found not in {"", tag}:
            self._refuse(
                f'Unmatched end tag{self._place()}, expected "</{tag}>", found "</{found}>"'
            )
        self.at = match.end()
        length = utf16_length(self.shown) - start
        if length:
            self._add(tag, start, length, attributes)

    def _add(self, tag: str, start: int, length: int, attributes: dict[str, str]) -> None:
        entity: Object = {"type": ENTITY_OF_TAG[tag], "offset": start, "length": length}
        if tag == "a":
            covered = part(self.shown, entity)
            entity["url"] = attributes.get("href") or covered
        if tag == "tg-emoji":
            entity["custom_emoji_id"] = attributes.get("emoji-id", "")
        if tag == "blockquote" and "expandable" in attributes:
            entity["type"] = "expandable_blockquote"
        self.entities.append(entity)

    def _word(self) -> str:
        return re.split(r"[\s>/]", self.text[self.at + 1 :], maxsplit=1)[0]

    def _place(self) -> str:
        return f" at byte offset {len(self.text[: self.at].encode())}"

    def _refuse(self, why: str) -> NoReturn:
        refuse(f"can't parse entities: {why}")
