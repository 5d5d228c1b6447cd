"""What a turn looks like in WeChat: one passive message, and what is left to be said after it."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from bot.channels.rendering import LIMITS, as_text, render, utf8_bytes
from bot.channels.tencent.xml import cdata
from bot.channels.wechat import texts
from handlers.message import Reply

LIMIT = LIMITS["wechat"]
BETWEEN = "\n\n"
"""Between replies that were joined into one message."""
_NOT_XML = re.compile(r"[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


@dataclass(frozen=True, slots=True)
class Piece:
    """One message of WeChat: a text, or a photograph."""

    text: str = ""
    media: str | None = None


@dataclass(frozen=True, slots=True)
class Turn:
    """What is answered at once, and what has to follow."""

    first: Piece | None
    rest: tuple[Piece, ...] = ()


def pieces(replies: Sequence[Reply]) -> list[Piece]:
    """Return the messages these replies become; choices are printed with their numbers."""
    found: list[Piece] = []
    for reply in replies:
        for shown in render(reply, LIMIT):
            text = as_text(shown)
            if text.strip():
                found.append(Piece(text))
            found += [Piece(media=name) for name in shown.media]
    return found


def turn(said: Sequence[Piece], hint: str = "") -> Turn:
    """Return one message of as many pieces as fit, and the others behind it.

    `hint` is said with the first when something is left over, and leaves room for itself.
    """
    whole = _joined(said)
    if whole is not None or not said:
        return Turn(whole)
    room = _longest() - utf8_bytes(hint)
    count = max((n for n in range(1, len(said)) if _fits(said[:n], room)), default=1)
    first = _joined(said[:count]) or said[0]
    if hint and first.text and utf8_bytes(first.text) <= room:
        first = Piece(first.text + hint)
    return Turn(first, tuple(said[count:]))


def as_replies(said: Sequence[Piece]) -> list[Reply]:
    """Return pieces as they are kept; what their numbers mean is known to the talk."""
    return [Reply(piece.text, media=(piece.media,) if piece.media else ()) for piece in said]


def as_xml(text: str, *, user: str, account: str, at: int) -> str:
    """Return a passive text message."""
    return _xml("text", f"<Content>{cdata(_NOT_XML.sub('', text))}</Content>", user, account, at)


def image_as_xml(media_id: str, *, user: str, account: str, at: int) -> str:
    """Return a passive photograph that was uploaded before."""
    image = f"<Image><MediaId>{cdata(media_id)}</MediaId></Image>"
    return _xml("image", image, user, account, at)


def _xml(kind: str, content: str, user: str, account: str, at: int) -> str:
    # Not by wechatpy's replies: they let the content end its CDATA section.
    return (
        f"<xml><ToUserName>{cdata(user)}</ToUserName>"
        f"<FromUserName>{cdata(account)}</FromUserName><CreateTime>{at}</CreateTime>"
        f"<MsgType><![CDATA[{kind}]]></MsgType>{content}</xml>"
    )


def shortened(text: str, longest: int) -> str:
    """Return the beginning of a text, as the field of a template takes it: one line, so long."""
    line = " ".join(text.split())
    return line if len(line) <= longest else line[: longest - 1] + texts.ELLIPSIS


def _longest() -> int:
    assert LIMIT.longest is not None
    return LIMIT.longest


def _fits(said: Sequence[Piece], room: int) -> bool:
    joined = _joined(said)
    return joined is not None and utf8_bytes(joined.text) <= room


def _joined(said: Sequence[Piece]) -> Piece | None:
    """Return these as one message, or None when they cannot be."""
    if len(said) == 1:
        return said[0]
    if not said or any(piece.media for piece in said):
        return None
    text = BETWEEN.join(piece.text for piece in said)
    return Piece(text) if utf8_bytes(text) <= _longest() else None
