"""Hears the small words around a matter: yes, thanks, goodbye, nothing more, and it is over."""

from msgspec.structs import replace

from handlers import conversation, fold, menus, texts
from handlers.context import Context
from handlers.courtesy import texts as english
from handlers.emergency import chat as emergency
from handlers.handover import chat as handover
from handlers.message import Choice, Message, Reply
from handlers.residents import chat as residents
from handlers.tickets import chat as tickets
from knowledge.choices import parse_yes_no
from knowledge.intent import Intent

SMALL = 30
"""Characters; whoever writes more has something to say."""
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
    in_english = _in_english(said, message, context, asked=form is not None)
    if in_english is not None:
        return in_english
    if form is None:
        return _outside(said, message, context)
    if form.name == tickets.REPORT.name and texts.NOTHING_ELSE.fullmatch(said):
        return [Reply(texts.DRAFT_NOT_SENT)]
    return None


def _in_english(
    said: str, message: Message, context: Context, *, asked: bool
) -> list[Reply] | None:
    """Answer a greeting, thanks or a goodbye in English; amid a form without a menu."""
    if english.THANKS.fullmatch(said):
        return [Reply(english.THANKS_ANSWER)]
    if english.BYE.fullmatch(said):
        return [Reply(english.BYE_ANSWER)]
    if not english.HELLO.fullmatch(said):
        return None
    if asked:
        return [Reply(english.LISTENING)]
    return [replace(it, text=english.HELLO_ANSWER) for it in residents.menu(message, context)]


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
    if texts.INTRODUCTION.fullmatch(said):
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
