"""Reads the small XML documents of WeChat and WeCom: no entities, no depth, nothing fetched."""

import re
from xml.etree import ElementTree

from bot.channels.tencent.envelope import Flaw, Garbled

BODY_BYTES = 64 * 1024
"""The largest body that is read (contracts.md, request body)."""
DEEPEST = 6
"""Their documents nest four deep at most."""
FIELDS_AT_MOST = 500

_CONTROLS = bytes(set(range(0x20)) - set(b"\t\n\r"))
_CDATA, _CDATA_END = b"<![CDATA[", b"]]>"
_SEALED = re.compile(
    rb"<Encrypt>\s*(?:<!\[CDATA\[([A-Za-z0-9+/=]+)\]\]>|([A-Za-z0-9+/=]+))\s*</Encrypt>"
)

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
    # Without a declaration there is no entity to expand and nothing to fetch.
    parser = ElementTree.XMLParser(encoding="utf-8")  # noqa: S314
    try:
        parser.feed(body)
        root = parser.close()
    except ElementTree.ParseError as error:
        raise Garbled(Flaw.NO_XML, str(error.code)) from None
    return _children(root, DEEPEST)


def sealed(body: bytes) -> str:
    """Return what is encrypted in a body; nothing else of it is read. Raises Garbled."""
    if len(body) > BODY_BYTES:
        raise Garbled(Flaw.TOO_LARGE)
    found = [one[1] or one[2] for one in _SEALED.finditer(body)]
    if not found:
        raise Garbled(Flaw.NO_ENVELOPE)
    # In the compatible mode what people wrote stands before it, and may look the same.
    return found[-1].decode("ascii")


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


def _children(element: "ElementTree.Element[str]", deepest: int) -> Fields:
    if deepest == 0 or len(element) > FIELDS_AT_MOST:
        raise Garbled(Flaw.TOO_DEEP)
    fields: Fields = {}
    for child in element:
        value: Value = _children(child, deepest - 1) if len(child) else child.text or ""
        known = fields.setdefault(child.tag, value)
        if known is value:
            continue
        if isinstance(known, list):
            known.append(value)
        else:
            fields[child.tag] = [known, value]
    return fields


def cdata(said: str) -> str:
    """Return the text as a CDATA section that nothing in it can end."""
    return f"<![CDATA[{said.replace(']]>', ']]]]><![CDATA[>')}]]>"
