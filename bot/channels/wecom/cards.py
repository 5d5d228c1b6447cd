"""Buttons under what the app tells a member: a card of its own, beside the text and its words.

The text says everything: who reads WeCom inside WeChat sees no card at all, and words always work.
"""

import re
import secrets
from collections.abc import Sequence
from dataclasses import dataclass

from bot.channels.rendering import utf8_bytes
from bot.channels.wecom import texts
from bot.channels.wecom.pieces import Piece, pieces, printable
from handlers.message import Choice, Reply

BUTTONS = 6
TITLE = 26
"""Signs of a title; WeCom recommends no more."""
KEY_BYTES = 1024

Body = dict[str, object]

_MENU = re.compile(r"v1:m:(?P<menu>[0-9a-z]+):(?P<number>[0-9]{1,3})(?: (?P<label>.+))?")
_ANYBODY = re.compile(r"v1:a:(?P<action>[^\s]+)(?: (?P<label>.+))?")


@dataclass(frozen=True, slots=True)
class Press:
    """What a button stands for; without a menu the action itself."""

    pressed: str
    menu: str | None = None
    label: str = ""
    """What the button said; empty where its card was sent before keys told it."""


def with_card(reply: Reply) -> list[Piece | Body]:
    """Return the messages of a reply, and behind them its buttons where a card can hold them."""
    card = _card(reply)
    return [*pieces([reply]), *([card] if card is not None else [])]


def read_key(key: str) -> Press | None:
    """Return what the key of a button stands for; None when it is not ours."""
    numbered = _MENU.fullmatch(key)
    if numbered:
        return Press(numbered["number"], numbered["menu"], numbered["label"] or "")
    action = _ANYBODY.fullmatch(key)
    return Press(action["action"], label=action["label"] or "") if action else None


def _card(reply: Reply) -> Body | None:
    keys = [_key(reply, choice) for choice in reply.choices]
    known = [key for key in keys if key is not None and utf8_bytes(key) <= KEY_BYTES]
    if not 0 < len(known) == len(keys) <= BUTTONS:
        return None
    numbered = reply.choices[0].number is not None
    return {
        "msgtype": "template_card",
        "template_card": {
            "card_type": "button_interaction",
            # WeCom refuses a card whose name it has seen before.
            "task_id": secrets.token_hex(16),
            "main_title": {"title": _title(reply.text)},
            "sub_title_text": texts.PRESS_OR_TYPE if numbered else texts.PRESS_OR_SAY,
            "button_list": _buttons(reply.choices, known),
        },
    }


def _buttons(choices: Sequence[Choice], keys: Sequence[str]) -> list[Body]:
    return [
        {"text": printable(choice.label), "style": 1, "key": key}
        for choice, key in zip(choices, keys, strict=True)
    ]


def _key(reply: Reply, choice: Choice) -> str | None:
    """Return what a press brings back: its meaning, and the label to be shown as chosen."""
    label = " ".join(printable(choice.label).split())
    if choice.number is None:
        return f"v1:a:{choice.action} {label}"
    return f"v1:m:{reply.menu}:{choice.number} {label}" if reply.menu else None


def _title(text: str) -> str:
    line = printable(text).strip().split("\n", 1)[0]
    return line if len(line) <= TITLE else f"{line[: TITLE - 1]}…"
