"""Reads the small XML documents of WeChat and WeCom: no entities, no depth, nothing fetched."""

from xml.parsers import expat

from bot.channels.tencent.envelope import Flaw, Garbled

BODY_BYTES = 64 * 1024
"""The largest body that is read (contracts.md, request body)."""
DEEPEST = 6
"""Their documents nest four deep at most."""
FIELDS_AT_MOST = 500

_CONTROLS = bytes(set(range(0x20)) - set(b"\t\n\r"))
_CDATA, _CDATA_END = b"<![CDATA[", b"]]>"

Value = str | dict[str, "Value"] | list["Value"]
Fields = dict[str, Value]


def parse(body: bytes) -> Fields:
    """Return the elements inside the root by name; one that repeats becomes a list.

    Raises Garbled; the message names no content.
    """
    if len(body) > BODY_BYTES:
        raise Garbled(Flaw.TOO_LARGE)
    # People send signs that XML has no room for, and WeChat passes them on.
    body = body.translate(None, _CONTROLS)
    _refuse_declarations(body)
    reader = _Reader()
    parser = expat.ParserCreate("utf-8")
    parser.buffer_text = True
    parser.StartElementHandler = reader.start
    parser.EndElementHandler = reader.end
    parser.CharacterDataHandler = reader.text
    try:
        parser.Parse(body, True)
    except expat.ExpatError as error:
        raise Garbled(Flaw.NO_XML, expat.ErrorString(error.code)) from None
    return reader.fields


def text(fields: Fields, name: str) -> str:
    """Return a plain element; empty when there is none."""
    value = fields.get(name, "")
    return value if isinstance(value, str) else ""


def _refuse_declarations(body: bytes) -> None:
    """Raise Garbled for a DTD, an entity or a comment; in what people wrote, those are words."""
    at = body.find(b"<!")
    while at >= 0:
        if not body.startswith(_CDATA, at):
            raise Garbled(Flaw.DECLARATION)
        end = body.find(_CDATA_END, at)
        if end < 0:
            raise Garbled(Flaw.OPEN_CDATA)
        at = body.find(b"<!", end)


class _Reader:
    """Collects elements while expat reads."""

    def __init__(self) -> None:
        self.fields: Fields = {}
        self._open: list[tuple[str, Fields, list[str]]] = []
        self._count = 0

    def start(self, name: str, _attributes: dict[str, str]) -> None:
        self._count += 1
        if len(self._open) == DEEPEST or self._count > FIELDS_AT_MOST:
            raise Garbled(Flaw.TOO_DEEP)
        self._open.append((name, {}, []))

    def text(self, said: str) -> None:
        self._open[-1][2].append(said)

    def end(self, _name: str) -> None:
        name, children, words = self._open.pop()
        if not self._open:
            self.fields = children
            return
        parent = self._open[-1][1]
        value: Value = children or "".join(words)
        known = parent.get(name)
        if known is None:
            parent[name] = value
        elif isinstance(known, list):
            known.append(value)
        else:
            parent[name] = [known, value]


def cdata(said: str) -> str:
    """Return the text as a CDATA section that nothing in it can end."""
    return f"<![CDATA[{said.replace(']]>', ']]]]><![CDATA[>')}]]>"
