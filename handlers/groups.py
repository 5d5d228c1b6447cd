"""In a group the bot is silent unless addressed, and never says anything personal."""

import re
from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Protocol

from msgspec.structs import replace

from handlers import fold, several, texts
from handlers.context import Context, Handler
from handlers.courtesy import texts as courtesy
from handlers.directory import chat as directory
from handlers.emergency import chat as emergency
from handlers.faq import chat as faq
from handlers.handover import desk as handover_desk
from handlers.handover import texts as handover_texts
from handlers.message import Message, Reply
from handlers.residents import binding
from handlers.residents import rules as residents_rules
from handlers.residents import texts as residents_texts
from knowledge.intent import Intent
from knowledge.masking import mask_personal
from knowledge.matters import several_matters
from storage.directory import GroupAddress
from storage.transaction import Transaction
from storage.words import CodePurpose, GroupKind

LINK_WORKS_FOR = timedelta(hours=24)
ONE_LINE = 20
"""Characters on one line of a phone."""

CARDS = frozenset(
    {
        "emergency.ack",
        "handover.answer",
        "tickets.accept",
        "tickets.resolve",
        "tickets.return",
        "tickets.escalate",
    }
)
"""What the buttons on cards in groups may mean; a forged press reaches nothing personal."""

PERSONAL = {
    Intent.REPAIR,
    Intent.TICKET_STATUS,
    Intent.COMPLAINT_URGE,
    Intent.POINTS_BALANCE,
    Intent.SHIFT_SIGNUP,
    Intent.SHIFT_CANCEL,
    Intent.HUMAN,
    Intent.MUTUAL_AID,
    Intent.PROPOSAL,
}


class GroupCommand(Protocol):
    """What a group needs to know of a command of the router."""

    @property
    def pattern(self) -> re.Pattern[str]:
        """The words."""

    @property
    def handler(self) -> Handler:
        """Who answers."""

    @property
    def where(self) -> str:
        """Where it may be used."""

    @property
    def for_staff(self) -> bool:
        """Whether only people with a role mean it so."""


def route(
    message: Message,
    context: Context,
    commands: Sequence[GroupCommand],
    actions: Mapping[str, Handler],
) -> list[Reply]:
    """Return what is said in the group; mostly nothing."""
    address = look_around(message, context)
    if message.is_edit:
        return handover_desk.answer(message, context) if corrects_answer(message, context) else []
    danger = _danger(message, context)
    if danger is not None:
        return danger
    if message.pressed is not None:
        return _pressed(message, context, actions)
    if not message.addressed:
        return _among_staff(message, context, commands)
    if message.is_anonymous and context.group is not None:
        return [Reply(texts.ANONYMOUS)]
    return _addressed(message, context, commands, greeted=address is not None)


def _danger(message: Message, context: Context) -> list[Reply] | None:
    """Answer a cry for help, and pass on the pictures that came with it; None for all else."""
    if context.reading.emergency is not None and (message.addressed or context.group):
        return emergency.alarm(message, context)
    return emergency.pictures(message, context) if not message.text and context.group else None


def corrects_answer(message: Message, context: Context) -> bool:
    """Whether staff correct what they wrote to a resident: the resident has to hear it.

    In a group only where they work; elsewhere they never answered anybody.
    """
    if message.is_group and (context.group is None or context.group.kind is GroupKind.RESIDENTS):
        return False
    words = fold.found(handover_texts.ANSWER, message.text)
    if words is None or not words.get("words") or not context.roles():
        return False
    context.words = words
    return True


def look_around(message: Message, context: Context) -> GroupAddress | None:
    """Note which bound group this is, if any; return what is known of the chat."""
    address = context.tx.directory.group_at(message.channel, message.chat)
    if address is not None and address.left:
        context.tx.directory.return_to_group(address.key)
    if address is not None and address.group_id is not None:
        context.group = context.tx.directory.group(address.group_id)
    return address


def _addressed(
    message: Message, context: Context, commands: Sequence[GroupCommand], *, greeted: bool
) -> list[Reply]:
    said = fold.command(message.text)
    replies = _command(message, context, commands)
    if replies is not None:
        return replies
    if context.group is None:
        if greeted:
            return []
        context.tx.directory.bind_group(message.channel, message.chat, None)
        return [Reply(texts.UNBOUND_GROUP)]
    intent = context.reading.intent
    in_english = courtesy.HELLO.fullmatch(said) is not None
    if not said or said in texts.MENU or intent is Intent.GREETING or in_english:
        return [Reply(courtesy.HELLO_IN_GROUP if in_english else _welcome(context))]
    answer = _by_shape(said, message, context)
    if answer is None and said not in texts.PERSON and intent not in PERSONAL:
        guide = context.reading.guide is not None
        say = directory.ask_in_group if guide else faq.ask_in_group
        answer = say(message, context)
    if answer is None and intent not in PERSONAL and said not in texts.PERSON:
        return [replace(private_way(message, context), text=texts.ASK_IN_PRIVATE)]
    return [answer or private_way(message, context)]


def _welcome(context: Context) -> str:
    """Say what can be done in this group: residents ask here, staff work here."""
    assert context.group is not None
    if context.group.kind is GroupKind.RESIDENTS:
        return texts.welcome(context.street.name, group=True)
    return courtesy.welcome_staff(context.street.name)


def _by_shape(said: str, message: Message, context: Context) -> Reply | None:
    """Hear an insult for what it is, and take several matters apart in private only."""
    if texts.INSULT.fullmatch(said):
        return Reply(texts.SORRY_IN_GROUP)
    if not several.are_named(message, context):
        return None
    text = texts.several_in_group(len(several_matters(message.text)))
    return replace(private_way(message, context), text=text)


def burn_shown(message: Message, context: Context) -> list[Reply]:
    """Burn a code that a message shows to everybody here, however old it is or often edited."""
    in_danger = context.reading.emergency is not None and not message.is_edit
    return [] if in_danger else binding.overheard(shown_codes(message), context)


def shown_codes(message: Message) -> list[str]:
    """Return what looks like a code in the words of the message."""
    found = fold.found(residents_texts.BIND, message.text) or {}
    return [*found.values(), *residents_rules.like_codes(message.text)]


def _among_staff(
    message: Message, context: Context, commands: Sequence[GroupCommand]
) -> list[Reply]:
    """Staff work in their groups without calling the bot; everything else passes unheard."""
    if context.group is None or context.group.kind is GroupKind.RESIDENTS:
        return []
    for command in commands:
        words = fold.found(command.pattern, message.text)
        if words is not None and command.where == "staff":
            context.words = words
            return command.handler(message, context)
    return []


def _command(
    message: Message, context: Context, commands: Sequence[GroupCommand]
) -> list[Reply] | None:
    """Do a command that groups may use; a personal one is shown the private way."""
    for command in commands:
        words = fold.found(command.pattern, message.text)
        if words is None or (command.for_staff and not context.roles()):
            continue
        context.words = words
        if _may_be_used(command, context):
            return command.handler(message, context)
        return [private_way(message, context)] if context.group else None
    return None


def _may_be_used(command: GroupCommand, context: Context) -> bool:
    """Whether this group may hear the answer: what staff read is not for residents' groups."""
    if context.group is None:
        return command.handler is binding.bind
    if command.where == "staff":
        return context.group.kind is not GroupKind.RESIDENTS
    return command.where != "private"


def is_of_staff(tx: Transaction, message: Message) -> bool:
    """Return whether the message was said where staff work."""
    address = tx.directory.group_at(message.channel, message.chat)
    if address is None or address.group_id is None:
        return False
    return tx.directory.group(address.group_id).kind is not GroupKind.RESIDENTS


def _pressed(message: Message, context: Context, actions: Mapping[str, Handler]) -> list[Reply]:
    """Cards in a group may be pressed by every member; what they may do, the handler checks."""
    assert message.pressed is not None
    name, _, argument = message.pressed.partition(":")
    context.argument = argument
    if message.menu is not None or name not in CARDS or context.group is None:
        return [Reply(texts.NOT_YOURS)]
    return actions[name](message, context)


def private_way(message: Message, context: Context) -> Reply:
    """Offer to go on in private; the link remembers what was said here."""
    key = f"{context.tx.luck.getrandbits(96):024x}"
    context.tx.codes.make(
        key,
        CodePurpose.CONTINUE,
        context.now + LINK_WORKS_FOR,
        subject_id=context.resident.id,
        payload={"text": message.text},
    )
    return Reply(texts.private_way(_repeatable(message.text)), private_key=key)


def _repeatable(text: str) -> str:
    """Return a short sentence that may be said aloud here; a number could be a phone or a room."""
    if len(text) > ONE_LINE or any(character.isdecimal() for character in text):
        return ""
    return text if mask_personal(text) == text else ""
