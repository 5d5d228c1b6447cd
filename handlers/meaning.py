"""Finds who answers a sentence that is no command: by its shape, its intent, what it asks."""

from handlers import several, texts
from handlers.context import Context, Handler
from handlers.directory import chat as directory
from handlers.emergency import chat as emergency
from handlers.faq import chat as faq
from handlers.handover import chat as handover
from handlers.message import AttachmentKind, Message, Reply
from handlers.routes import INTENTS
from handlers.tickets import adding
from handlers.tickets import chat as tickets
from handlers.tickets.noting import desk as noting
from handlers.tickets.reporting import chat as reporting
from knowledge.folding import fold
from knowledge.intent import Intent
from knowledge.matcher import Decision
from knowledge.reading import Reading
from knowledge.slots import report_slots, tells_trouble
from knowledge.usual import usual_entries
from knowledge.wishes import matters, plainly_complains
from knowledge.writing import Writing

A_STORY = 120
"""Characters from which a complaint of several matters is for a person to read whole."""

SURE = 0.5
"""An intent less sure than this is not acted on while another reading fits."""

SURELY_ASKS = 0.8
"""An intent from which somebody asks, even where the words name what is broken."""

FAR = 0.2
"""Confidence under which what is offered may look odd beside what was said."""


def meant(message: Message, context: Context) -> Handler | None:
    """Return who answers what the sentence means, or None when it means nothing we know."""
    if not message.text:
        return _without_words(message, context)
    asked = _by_shape(message, context) or _asked(message, context.reading)
    if asked is not None:
        return asked
    reading = context.reading
    handler = INTENTS.get(reading.intent)
    if handler is tickets.urge and _only_complains(message, context):
        return faq.ask
    if handler is not None and reading.intent_confidence >= SURE:
        return unless_known(handler, message, context)
    said = report_slots(message.text)
    troubled = handler is tickets.report and tells_trouble(fold(message.text))
    reported = said.where is not None or troubled
    if said.what and reported and reading.match.decision is not Decision.ANSWER:
        # Something named where it is, or likely a report: who only asks the rules says neither.
        return unless_known(tickets.report, message, context)
    return None if reading.match.decision is Decision.DECLINE else faq.ask


def _only_complains(message: Message, context: Context) -> bool:
    """Whether somebody who reported nothing complains of what an entry may answer."""
    said, decision = report_slots(message.text), context.reading.match.decision
    if said.what and (said.where or decision is not Decision.ANSWER):
        return False
    if context.tx.tickets.of_reporter(context.resident.id, 1):
        return False
    return decision in {Decision.ANSWER, Decision.OFFER}


def unless_known(handler: Handler, message: Message, context: Context) -> Handler:
    """Return the handler, or who says that what is reported is announced already."""
    if handler is tickets.report and directory.is_known_outage(message, context):
        return directory.tell_known_outage
    return handler


def _by_shape(message: Message, context: Context) -> Handler | None:
    """Return who takes a long complaint of many matters, one word, or what is no sentence."""
    if len(message.text) >= A_STORY and matters(message.text) >= several.SEVERAL:
        return handover.take_up
    if several.are_named(message, context):
        return handover.take_up if len(message.text) >= A_STORY else several.offer
    if emergency.needs_care(message.text):
        return emergency.look_after
    fragment = _fragment(message, context)
    return faq.ask_one_word if fragment is None and usual_entries(message.text) else fragment


def _fragment(message: Message, context: Context) -> Handler | None:
    """Return who takes a bare telephone number, half a sentence or a bare place."""
    if adding.is_phone(message, context):
        return adding.phone
    if noting.names_ticket(message, context):
        return noting.what_to_do
    if reporting.is_half(message, context):
        return reporting.listen
    return tickets.report if tickets.names_place_only(message.text) else None


def _asked(message: Message, reading: Reading) -> Handler | None:
    """Return who answers a question, or None when the sentence is none."""
    if message.writing is Writing.LATIN:
        return faq.ask_in_english
    if reading.guide is not None:
        return directory.ask
    if _says_what_is_broken(message, reading):
        return tickets.report
    return faq.ask if reading.intent is Intent.FAQ or _asks_law_too(reading) else None


def _says_what_is_broken(message: Message, reading: Reading) -> bool:
    """Whether something is always broken, no rule is asked for, and no entry is near."""
    about = {Intent.FAQ, Intent.OTHER}
    if reading.intent not in about or reading.intent_confidence >= SURELY_ASKS:
        return False
    match = reading.match
    is_far = match.decision is not Decision.ANSWER and match.confidence < FAR
    return is_far and plainly_complains(message.text)


def _asks_law_too(reading: Reading) -> bool:
    """Whether somebody who reports something asks about the rules as well, and we can answer."""
    found = reading.match.decision in {Decision.ANSWER, Decision.OFFER}
    return found and reading.wishes is not None and reading.wishes.asks_law


def _without_words(message: Message, context: Context) -> Handler:
    if message.photos:
        context.remember(photos=message.photos)
    passed = emergency.pictures(message, context)
    if passed is not None:
        return lambda _message, _context: passed
    if handover.waits(context) is not None:
        return _say(handover.without_words(message))
    if message.is_unheard and context.count_miss() > 1:
        return _say(texts.VOICE_AGAIN)
    return _say(_attachment_alone(message))


def _attachment_alone(message: Message) -> str:
    """Return what to say to something that came without words."""
    if not message.attachments:
        return texts.UNKNOWN_KIND
    match message.attachments[0].kind:
        case AttachmentKind.PHOTO:
            # The channel says why a photograph is not here.
            return texts.PHOTO_ALONE if message.photos else texts.PHOTO_MISSING
        case AttachmentKind.LOCATION:
            return texts.PLACE_ALONE
        case AttachmentKind.VOICE:
            return texts.VOICE_UNHEARD
        case AttachmentKind.OTHER:
            return texts.UNKNOWN_KIND


def _say(text: str) -> Handler:
    return lambda _message, _context: [Reply(text)]
