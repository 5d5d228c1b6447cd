"""Numbered choices: given their numbers when shown, remembered for whoever was shown them."""

from datetime import datetime, timedelta

from msgspec.structs import replace

from handlers import fold, texts
from handlers.message import Choice, Reply, choice_as_json
from storage.talks import Json, Talk

BACK = Choice(texts.BACK_LABEL, "control.back", number=0)
PERSON = Choice(texts.PERSON_LABEL, "handover.ask", number=9)

HOLD_FOR = timedelta(days=7)
"""How long the numbers of the last menu mean what it said: nobody knows an older one by heart."""

_DIGITS = "0123456789abcdefghijklmnopqrstuvwxyz"


def is_over(talk: Talk, now: datetime) -> bool:
    """Return whether the last menu is so old that its numbers mean nothing any more."""
    return talk.updated_at is not None and now - talk.updated_at > HOLD_FOR


def menu_id(seed: int) -> str:
    """Return a short id for a menu: it has to fit into a button's 64 bytes."""
    digits = ""
    while seed:
        seed, rest = divmod(seed, 36)
        digits = _DIGITS[rest] + digits
    return digits


def number(replies: list[Reply], identity: str, *, extras: bool = True) -> list[Reply]:
    """Number the choices of one turn from 1; add 0 and 9 behind the last menu."""
    numbered: list[Reply] = []
    following = 1
    for reply in replies:
        if not reply.choices or reply.choices[0].anybody:
            numbered.append(reply)
            continue
        choices = []
        for choice in reply.choices:
            if choice.number is None:
                choices.append(Choice(choice.label, choice.action, following, say=choice.say))
                following += 1
            else:
                choices.append(choice)
        if extras:
            choices += [c for c in (BACK, PERSON) if all(c.number != o.number for o in choices)]
        numbered.append(replace(reply, choices=tuple(choices), menu=identity))
    return numbered


def remembered(replies: list[Reply]) -> Json | None:
    """Return what has to be kept so that a number can be understood later, or None."""
    items = [
        choice_as_json(choice)
        for reply in replies
        for choice in reply.choices
        if choice.number is not None
    ]
    identity = next((reply.menu for reply in replies if reply.menu), None)
    return {"id": identity, "items": items} if items else None


def action_labelled(menu: Json | None, said: str) -> str | None:
    """Return what the choice with exactly this label means, or None."""
    found = (item for item in _items(menu) if fold.command(str(item["label"])) == said)
    return next((str(item["action"]) for item in found), None)


def action_starting(menu: Json | None, name: str) -> str | None:
    """Return the first choice whose action begins so, or None."""
    actions = (str(item["action"]) for item in _items(menu))
    return next((action for action in actions if action.startswith(name)), None)


def labelled(menu: Json | None, name: str) -> list[tuple[str, str]]:
    """Return label and action of the choices whose action begins so, in the order shown."""
    found = [(str(item["label"]), str(item["action"])) for item in _items(menu)]
    return [(label, action) for label, action in found if action.startswith(name)]


def action_of(menu: Json | None, chosen: int) -> str | None:
    """Return what the number means in the menu last shown, or None."""
    found = (str(item["action"]) for item in _items(menu) if item["number"] == chosen)
    return next(found, None)


def _items(menu: Json | None) -> list[dict[str, object]]:
    items = menu["items"] if menu else []
    assert isinstance(items, list)
    return items
