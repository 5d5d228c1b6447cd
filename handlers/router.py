"""The order of reading a message: what comes first, and what an open form may take."""

from collections.abc import Callable

from msgspec.structs import replace

from handlers import closing, conversation, fold, groups, late, menus, several, texts
from handlers.context import Context, Handler
from handlers.emergency import chat as emergency
from handlers.faq import chat as faq
from handlers.handover import chat as handover
from handlers.handover import desk as handover_desk
from handlers.meaning import SURE, meant, unless_known
from handlers.message import Message, Reply
from handlers.residents import chat as residents
from handlers.residents import slipped
from handlers.routes import ACTIONS, COMMANDS, FORMS
from handlers.tickets import chat as tickets
from knowledge.choices import parse_choice
from knowledge.intent import Intent
from knowledge.look_alikes import chosen_in_words
from knowledge.matcher import Decision

ANSWERS_A_FORM = {Intent.REPAIR, Intent.COMPLAINT_URGE}
"""Inside a form these belong to it: a second report does not lead away."""

FEEDBACK = {"faq.up", "faq.down", "faq.basis", "tickets.report_said"}
"""Choices that may be left out when an answer is given beside a form."""

ANY_COMMAND = fold.any_of(command.pattern for command in COMMANDS)
"""Most messages are no command, and one look tells."""


def route(message: Message, context: Context) -> list[Reply]:
    """Return what is said to the message, and have its effects written."""
    burnt = groups.burn_shown(message, context) if message.is_group else []
    if burnt:
        return burnt
    bound = _bound(message, context)
    if bound is not None:
        return bound
    if not message.is_group:
        message = slipped.hide(message, context)
    if late.is_late(message):
        return late.answer(message, context, COMMANDS, _form(context))
    if message.is_group:
        return groups.route(message, context, COMMANDS, ACTIONS)
    for step in STEPS:
        replies = step(message, context)
        if replies is not None:
            return replies
    return _heard(message, context)


def act(action: str, message: Message, context: Context) -> list[Reply]:
    """Do what was chosen: an action's name, and its argument behind the colon."""
    name, _, argument = action.partition(":")
    context.argument = argument
    if name == "control.back":
        return _back(message, context)
    if name == "menu.go_on":
        return _go_on(message, context)
    if name == "matters.take":
        return _take_matter(int(argument), message, context)
    if name.startswith("form."):
        return _form_action(name, argument, message, context)
    return _aside(ACTIONS[name], message, context)


def _form(context: Context) -> conversation.Form | None:
    return conversation.open_form(context, FORMS)


def _emergency(message: Message, context: Context) -> list[Reply] | None:
    """A danger to life comes before everything, in every state."""
    if context.reading.emergency is None or message.is_edit:
        return None
    return emergency.alarm(message, context)


def _bound(message: Message, context: Context) -> list[Reply] | None:
    """A code is used whoever has the talk; not in danger, nor when it was found long after."""
    if message.is_group or late.is_late(message) or context.reading.emergency is not None:
        return None
    return slipped.use(message, context)


def _started(message: Message, context: Context) -> list[Reply] | None:
    """The chat was opened through a link."""
    return residents.start(message, context) if message.start_key else None


def _edited(message: Message, context: Context) -> list[Reply] | None:
    """An edited message corrects a draft, or what a person reads; it never starts anything."""
    if not message.is_edit:
        return None
    if groups.corrects_answer(message, context):
        return handover_desk.answer(message, context)
    if handover.hears_edit(message, context):
        return []
    form = _form(context)
    if form is None or form.name != tickets.REPORT.name:
        return []
    return tickets.correct(form, message, context)


def _owned(message: Message, context: Context) -> list[Reply] | None:
    """A person has taken this talk over: the bot only passes on."""
    if not handover.is_owned(context) or (context.roles() and _command(message, context)):
        return None
    return handover.listen(message, context)


def _pressed(message: Message, context: Context) -> list[Reply] | None:
    """A button was pressed: those of an old menu have lost their meaning."""
    if message.pressed is None:
        return None
    if message.menu is None:
        name = message.pressed.partition(":")[0]
        known = name in ACTIONS
        return act(message.pressed, message, context) if known else _old_menu(message, context)
    menu = context.talk.menu
    if menu is None or menu["id"] != message.menu or not message.pressed.isdecimal():
        return _old_menu(message, context)
    action = menus.action_of(menu, int(message.pressed))
    return act(action, message, context) if action else _old_menu(message, context)


def _control(message: Message, context: Context) -> list[Reply] | None:
    """The words that work everywhere."""
    said = fold.command(message.text)
    form = _form(context)
    if said in texts.CANCEL:
        return conversation.cancel(context) if form else [Reply(texts.NOTHING_TO_CANCEL)]
    if said in texts.BACK or parse_choice(message.text) == 0:
        return _back(message, context)
    if said in texts.SUBMIT and form is None:
        return _nothing_to_confirm(message, context)
    if said in texts.NEXT_MATTER:
        return _take_matter(0, message, context)
    for words, handler in CONTROLS:
        if said in words:
            return _aside(handler, message, context)
    return _changed_line(said, context)


def _nothing_to_confirm(message: Message, context: Context) -> list[Reply]:
    """A yes without an open form confirms a finished report, if that was asked last."""
    solved = menus.action_starting(context.talk.menu, "tickets.solved")
    return act(solved, message, context) if solved else [Reply(texts.NOTHING_TO_CONFIRM)]


def _changed_line(said: str, context: Context) -> list[Reply] | None:
    line = texts.CHANGE_LINE.fullmatch(said)
    form = _form(context)
    if line is None or form is None:
        return None
    named = line.group(1)
    number = int(named) if named.isdecimal() else texts.DIGITS[named]
    return conversation.change_line(form, number, context)


def _chosen(message: Message, context: Context) -> list[Reply] | None:
    """A number means what the last menu shown to this person said."""
    named = menus.action_labelled(context.talk.menu, fold.command(message.text))
    if named is None:
        named = _told_apart(message, context)
    if named is not None:
        return act(named, message, context)
    number = parse_choice(message.text) if message.text else None
    if number is None:
        return None
    if number == menus.PERSON.number:
        return _aside(handover.ask, message, context)
    action = menus.action_of(context.talk.menu, number)
    if action is not None:
        is_over = menus.is_over(context.talk, context.tx.now)
        return _old_menu(message, context) if is_over else act(action, message, context)
    if _form(context) and context.talk.menu is None:
        return None
    return _aside(_say(texts.NO_SUCH_CHOICE), message, context)


def _told_apart(message: Message, context: Context) -> str | None:
    """Return the branch of an open tell-apart question that was answered in words."""
    branches = menus.labelled(context.talk.menu, faq.BRANCH)
    labels = [label for label, _ in branches]
    place = chosen_in_words(message.text, labels) if labels else None
    return None if place is None else branches[place][1]


def _more(_message: Message, context: Context) -> list[Reply]:
    rest = context.recall("rest")
    if not isinstance(rest, list) or not rest:
        return [Reply(texts.NOTHING_MORE)]
    context.remember(rest=None)
    # It was brought into the person's script when it was left over.
    return [Reply("\n".join(str(text) for text in rest), verbatim=True)]


CONTROLS: tuple[tuple[frozenset[str], Handler], ...] = (
    (texts.MORE, _more),
    (texts.PERSON, handover.ask),
    (texts.MENU, residents.greet),
)

STEPS: tuple[Callable[[Message, Context], list[Reply] | None], ...] = (
    _emergency,
    _started,
    _edited,
    _owned,
    _pressed,
    _control,
    _chosen,
)
"""The order of reading a message (DESIGN 3); whatever none of them knows is a sentence."""


def _old_menu(message: Message, context: Context) -> list[Reply]:
    return _aside(_say(texts.OLD_MENU), message, context)


def _go_on(message: Message, context: Context) -> list[Reply]:
    """Take up in private what was said in a group."""
    said = str(context.recall("said_in_group") or "")
    context.remember(said_in_group=None)
    context.reading = context.knowledge.read(said)
    return _heard(replace(message, text=said, pressed=None, start_key=None), context)


def _take_matter(place: int, message: Message, context: Context) -> list[Reply]:
    """Answer one of several matters as if nothing else had been said."""
    taken = several.take(place, context)
    if taken is None:
        return _aside(_say(texts.NO_MATTER_LEFT), message, context)
    said, before = taken
    context.reading = context.knowledge.read(said)
    alone = replace(message, text=said, pressed=None, original=None)
    first, *others = _heard(alone, context)
    return [replace(first, text=f"{before}\n{first.text}"), *others]


def _heard(message: Message, context: Context) -> list[Reply]:
    """A sentence: a command, an answer to the form, or something of its own."""
    handler = _command(message, context)
    if handler is not None:
        return _aside(handler, message, context)
    form = _form(context)
    said = closing.answer(message, context, form)
    if said is not None:
        return _aside(lambda _message, _context: said, message, context)
    return _spoken(message, context) if form is None else _beside(form, message, context)


def _beside(form: conversation.Form, message: Message, context: Context) -> list[Reply]:
    """A sentence while a form is open: its answer, or something said beside it."""
    if message.is_unheard:
        return _aside(_unheard, message, context)
    silent = texts.no_answer(fold.command(message.text))
    if form.verbatim or silent or not _is_question(context):
        heard = conversation.hear(form, message, context)
        if heard is not None:
            return heard
    if context.reading.intent is Intent.GREETING:
        if not texts.THANKS.search(message.text):
            return conversation.not_understood(form, message, context, heard=texts.HELLO)
        return _aside(_say(texts.POLITE), message, context)
    of_the_form = silent or context.reading.intent in ANSWERS_A_FORM
    handler = None if of_the_form else meant(message, context)
    waiting = handover.waits(context)
    if handler is None and waiting is not None and _says_more(message, context):
        # Promised: whatever else is said goes to the person who is awaited.
        handover.add(waiting, message, context)
        handler = handover.passed_along
    if handler is None:
        return conversation.not_understood(form, message, context)
    return _aside(handler, message, context)


def _unheard(message: Message, context: Context) -> list[Reply]:
    waiting = handover.waits(context)
    if waiting is None:
        return [Reply(texts.VOICE_UNHEARD)]
    handover.add(waiting, message, context)
    return [Reply(handover.without_words(message))]


def _says_more(message: Message, context: Context) -> bool:
    """Whether words that answer nothing in the form are more than a puzzled look at it."""
    puzzled = texts.no_answer(fold.command(message.text))
    return not puzzled and context.reading.intent is not Intent.REPAIR


def _spoken(message: Message, context: Context) -> list[Reply]:
    """A sentence outside a form; the staff hears it too while the person waits for somebody."""
    handler = meant(message, context)
    waiting = handover.waits(context)
    if waiting is not None and _has_nothing_to_press(handler, context):
        handler = None
    if waiting is None or handler in {handover.ask, handover.pass_on}:
        return (handler or faq.not_sure)(message, context)
    handover.add(waiting, message, context)
    if handler is faq.ask and context.reading.match.decision is not Decision.ANSWER:
        # Who waits for a person is not asked what is meant: the person will know.
        handler = None
    return (handler or handover.passed_along)(message, context)


def _has_nothing_to_press(handler: Handler | None, context: Context) -> bool:
    """Whether a report is asked about by somebody who has none: another matter is meant."""
    asks = handler in {tickets.my_tickets, tickets.urge}
    return asks and not context.tx.tickets.of_reporter(context.resident.id, 1)


def _command(message: Message, context: Context) -> Handler | None:
    if not fold.says_any(ANY_COMMAND, message.text):
        return None
    for command in COMMANDS:
        words = fold.found(command.pattern, message.text)
        if words is not None and not (command.for_staff and not context.roles()):
            context.words = words
            return unless_known(command.handler, message, context)
    return None


def _is_question(context: Context) -> bool:
    """Whether a sentence inside a form is a question of its own rather than an answer."""
    reading = context.reading
    if reading.guide is not None:
        return True
    answered = reading.match.decision in {Decision.ANSWER, Decision.OFFER, Decision.HANDOVER}
    return reading.intent is Intent.FAQ and reading.intent_confidence >= SURE and answered


def _form_action(name: str, argument: str, message: Message, context: Context) -> list[Reply]:
    form = _form(context)
    if form is None:
        return [Reply(texts.OLD_MENU)]
    if name == "form.submit":
        return conversation.submit(form, message, context)
    if name == "form.change":
        return conversation.choose_line(form, context)
    if name == "form.ask":
        return conversation.ask_for(form, argument, context)
    field, _, value = argument.partition("=")
    return conversation.put(form, field, value, message, context)


def _back(message: Message, context: Context) -> list[Reply]:
    form = _form(context)
    if form is not None:
        return conversation.back(form, message, context)
    return residents.menu(message, context)


def _aside(handler: Handler, message: Message, context: Context) -> list[Reply]:
    """Answer something beside the open form: the draft is untouched, its question comes again.

    When the answer asks something itself (an offer, a list to choose from), its choices stand
    and the draft waits for the turn after.
    """
    before = _form(context)
    replies = handler(message, context)
    after = _form(context)
    if before is None or after is None or after.name != before.name:
        return replies
    if any(choice.action not in FEEDBACK for reply in replies for choice in reply.choices):
        return [*replies[:-1], replace(replies[-1], text=f"{replies[-1].text}\n{texts.DRAFT_KEPT}")]
    bare = [replace(reply, choices=()) for reply in replies]
    return [*bare, conversation.repeat(after, context)]


def _say(text: str) -> Handler:
    return lambda _message, _context: [Reply(text)]
