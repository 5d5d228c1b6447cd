"""What a reply becomes in the customer service: a menu to press where it fits, else texts."""

from bot.channels.rendering import utf8_bytes
from bot.channels.wecom import texts
from bot.channels.wecom.pieces import Piece, pieces, printable
from handlers.message import Reply

ENTRIES = 10
HEAD_BYTES = 1024
ENTRY_BYTES = 128
ID_BYTES = 64

Body = dict[str, object]


def bodies(reply: Reply) -> list[Body | Piece]:
    """Return the messages of a reply: as the platform takes them, photographs still as ours."""
    menu = _menu(reply)
    if menu is None:
        return [text_body(one.text) if one.media is None else one for one in pieces([reply])]
    photos: list[Body | Piece] = [Piece(media=name) for name in reply.media]
    return [menu, *photos]


def text_body(text: str) -> Body:
    """Return a text."""
    return {"msgtype": "text", "text": {"content": text}}


def image_body(media_id: str) -> Body:
    """Return a photograph that was uploaded."""
    return {"msgtype": "image", "image": {"media_id": media_id}}


def as_reply(body: Body | Piece) -> Reply:
    """Return a message as it is kept to be said later: a menu as words, its numbers printed."""
    if isinstance(body, Piece):
        return Reply(body.text, media=(body.media,) if body.media else ())
    match body:
        case {"text": {"content": str(words)}}:
            return Reply(words)
        case {"msgmenu": {"head_content": str(head), "list": list(clicks)}}:
            return Reply("\n".join([head, *(one["click"]["content"] for one in clicks)]))
        case _:
            raise AssertionError


def _menu(reply: Reply) -> Body | None:
    """Return the reply as a menu; None when it does not fit into one.

    The numbers are printed and can be typed: what is pressed is sent as a text as well.
    """
    head = printable(reply.text)
    entries = [
        (f"{reply.menu}:{choice.number}", printable(f"{choice.number} {choice.label}"))
        for choice in reply.choices
        if choice.number is not None
    ]
    fits = (
        reply.menu is not None
        and 0 < len(entries) == len(reply.choices) <= ENTRIES
        and utf8_bytes(head) <= HEAD_BYTES
        and all(utf8_bytes(label) <= ENTRY_BYTES for _, label in entries)
        and all(utf8_bytes(key) <= ID_BYTES for key, _ in entries)
    )
    if not fits:
        return None
    clicks = [{"type": "click", "click": {"id": key, "content": label}} for key, label in entries]
    return {
        "msgtype": "msgmenu",
        "msgmenu": {"head_content": head, "list": clicks, "tail_content": texts.PRESS_OR_TYPE},
    }
