"""Buttons under a message: what they say, what pressing them sends back, and who may press."""

import logging
import re
from dataclasses import dataclass

from telegram import InlineKeyboardButton, InlineKeyboardMarkup

from bot.channels import texts
from bot.channels.telegram.places import private_talk
from handlers import menus
from handlers.message import Choice, Reply

log = logging.getLogger(__name__)

DATA_BYTES = 64
"""Telegram takes no longer callback data."""

_MENU = re.compile(r"v1:m:(?P<menu>[0-9a-z]+):(?P<owner>\d+):(?P<number>\d+)", re.ASCII)
_ANYBODY = re.compile(r"v1:a:(?P<action>[^\s]+)")
_SHORT = {menus.BACK.number, menus.PERSON.number}


@dataclass(frozen=True, slots=True)
class Press:
    """What a button stands for; without a menu and an owner anybody may press it."""

    pressed: str
    menu: str | None = None
    owner: str | None = None


def read_data(data: str) -> Press | None:
    """Return what these callback data stand for; None when they are not ours."""
    numbered = _MENU.fullmatch(data)
    if numbered:
        return Press(numbered["number"], numbered["menu"], numbered["owner"])
    card = _ANYBODY.fullmatch(data)
    return Press(card["action"]) if card else None


def markup(reply: Reply, owner: str | None, username: str) -> InlineKeyboardMarkup | None:
    """Return the buttons of a reply, or None when it has none.

    Args:
        reply: whose choices are shown.
        owner: the id of the only user who may press numbered choices; None when there is no such
            person, then numbered choices are not shown.
        username: the bot's, for links into its private talk.
    """
    rows = _cards(reply) if _is_card(reply) else _menu(reply, owner)
    if reply.private_key:
        link = private_talk(username, reply.private_key)
        rows.append([InlineKeyboardButton(texts.PRIVATE_LABEL, url=link)])
    return InlineKeyboardMarkup(rows) if rows else None


def _is_card(reply: Reply) -> bool:
    return bool(reply.choices) and reply.choices[0].anybody


def _cards(reply: Reply) -> list[list[InlineKeyboardButton]]:
    """Two in a row: staff have several tickets on one screen."""
    buttons = [
        button
        for choice in reply.choices
        if choice.anybody and (button := _button(choice.label, f"v1:a:{choice.action}"))
    ]
    return [buttons[at : at + 2] for at in range(0, len(buttons), 2)]


def _menu(reply: Reply, owner: str | None) -> list[list[InlineKeyboardButton]]:
    """One in a row, as large as a telephone can show it; the short words share the last row."""
    if owner is None or reply.menu is None:
        return []
    large: list[list[InlineKeyboardButton]] = []
    last: list[InlineKeyboardButton] = []
    for choice in reply.choices:
        button = _numbered(choice, reply.menu, owner)
        if button is None:
            continue
        if choice.number in _SHORT:
            last.append(button)
        else:
            large.append([button])
    return [*large, last] if last else large


def _numbered(choice: Choice, menu: str, owner: str) -> InlineKeyboardButton | None:
    if choice.number is None:
        return None
    return _button(f"{choice.number} {choice.label}", f"v1:m:{menu}:{owner}:{choice.number}")


def _button(label: str, data: str) -> InlineKeyboardButton | None:
    if len(data.encode()) > DATA_BYTES:
        log.error("no button can hold %s", data)
        return None
    return InlineKeyboardButton(label, callback_data=data)
