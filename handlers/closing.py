"""Hears the small words around a matter: yes, thanks, goodbye, nothing more, and it is over."""

from datetime import timedelta

from msgspec.structs import replace

from handlers import conversation, fold, menus, texts
from handlers.context import Context
from handlers.courtesy import texts as courtesy
from handlers.emergency import chat as emergency
from handlers.handover import chat as handover
from handlers.message import Choice, Message, Reply
from handlers.residents import chat as residents
from handlers.tickets import chat as tickets
from handlers.tickets import reading
from knowledge.choices import parse_yes_no
from knowledge.intent import Intent

SMALL = 30
"""Characters; whoever writes more has something to say."""
TO_US = (
    (courtesy.THANKS, courtesy.THANKS_ANSWER),
    (courtesy.BYE, courtesy.BYE_ANSWER),
    (courtesy.WANTS_TO_SPEAK, courtesy.SAY_ON),
    (courtesy.DOUBTS, courtesy.NO_SWINDLER),
    (courtesy.CHATS, courtesy.NO_PERSON),
)
TO_CHOOSE_FROM = ("faq.none", "tickets.solved", "shifts.leave")
"""What stands in a menu that asks something: a bare yes does not say which is meant."""


def answer(
    message: Message, context: Context, form: conversation.Form | None
) -> list[Reply] | None:
    """Return what is said to such words, or None when the message is more than that."""
    said = fold.command(message.text)
    if not said or len(said) > SMALL or message.attachments:
        return None
    about_alarm = emergency.afterwards(message, context)
    if about_alarm is not None:
        return about_alarm
    if form is None:
        return _to_us(said, message, context, asked=False) or _outside(said, message, context)
    return None if form.verbatim else _amid(said, form, message, context)


def _amid(
    said: str, form: conversation.Form, message: Message, context: Context
) -> list[Reply] | None:
    """Answer such words beside a form, whose question is asked again."""
    if form.name == tickets.REPORT.name and texts.NOTHING_ELSE.fullmatch(said):
        return [Reply(texts.DRAFT_NOT_SENT)]
    return _to_us(said, message, context, asked=True)


def _to_us(said: str, message: Message, context: Context, *, asked: bool) -> list[Reply] | None:
    """Answer words meant for the bot itself; amid a form without a menu, its question follows."""
    if courtesy.CALLED.fullmatch(said):
        here = texts.HELLO if asked else texts.HERE
        return [Reply(courtesy.HERE_WHILE_WAITING if handover.waits(context) else here)]
    if courtesy.ASKS_TIME.fullmatch(said):
        # Seen from far away the day is named, not called today.
        return [Reply(courtesy.now(texts.when(context.now, context.now - timedelta(days=30))))]
    if courtesy.HELLO.fullmatch(said):
        hello = courtesy.LISTENING if asked else courtesy.HELLO_ANSWER
        menu = [Reply("")] if asked else residents.menu(message, context)
        return [replace(it, text=hello) for it in menu]
    if courtesy.FACES.fullmatch(said) and parse_yes_no(message.text) is None:
        if handover.waits(context):
            return [Reply(courtesy.HERE_WHILE_WAITING)]
        return [Reply(courtesy.FACES_AMID if asked else courtesy.FACES_ANSWER)]
    answer = next((answer for words, answer in TO_US if words.fullmatch(said)), None)
    return None if answer is None else [Reply(answer)]


def _outside(said: str, message: Message, context: Context) -> list[Reply] | None:
    if texts.NOTHING_ELSE.fullmatch(said):
        called_off = handover.call_off(message, context)
        return called_off or [Reply(texts.GOODBYE)]
    if said in texts.REPORTED_WRONG:
        return tickets.withdraw(message, context)
    if parse_yes_no(message.text) is True or texts.NODDING.fullmatch(said):
        return _yes(said, message, context)
    courtesy = _courtesy(said, context)
    return None if courtesy is None else [Reply(courtesy)]


def _courtesy(said: str, context: Context) -> str | None:
    """Return what is said to a call, an insult, thanks or a goodbye."""
    if texts.INSULT.fullmatch(said):
        return texts.SORRY
    if texts.CALLING.fullmatch(said) and handover.waits(context) is None:
        return texts.HERE
    if texts.INTRODUCTION.fullmatch(said) or reading.is_about_oneself(said):
        return texts.INTRODUCED
    if context.reading.intent is not Intent.GREETING:
        return None
    if texts.PARTING.search(said):
        return texts.GOODBYE
    return texts.WELCOME if texts.THANKS.search(said) else None


def _yes(said: str, message: Message, context: Context) -> list[Reply]:
    """A yes to nothing in particular; where there is something to choose, it is shown again."""
    menu = context.talk.menu
    solved = menus.action_starting(menu, "tickets.solved")
    if solved is not None and said in texts.DONE:
        context.argument = solved.partition(":")[2]
        return tickets.solved(message, context)
    if not any(menus.action_starting(menu, name) for name in TO_CHOOSE_FROM):
        return [Reply(texts.HEARD_YES)]
    extras = {menus.BACK.action, menus.PERSON.action}
    shown = [Choice(label, action) for label, action in menus.labelled(menu, "")]
    return [Reply(texts.CHOOSE_ONE, tuple(c for c in shown if c.action not in extras))]
