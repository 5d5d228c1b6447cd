"""What residents say about reports: open one, follow it, press, judge the result, take it back."""

from msgspec.structs import replace

from handlers import conversation, worktime
from handlers import texts as shared
from handlers.context import Context
from handlers.conversation import Field, Form, Values
from handlers.message import Choice, Message, Reply
from handlers.refusal import Refusal, Why
from handlers.tickets import adding, form, reading, rules, steps, texts
from handlers.tickets.named import asks, held, number_of, unknown, words_of
from handlers.tickets.reporting import chat as reporting_chat
from handlers.tickets.reporting import texts as reporting
from knowledge.intent import Intent
from knowledge.masking import mask_personal
from knowledge.places import building_of
from knowledge.slots import only_place
from storage.tickets import Ticket, TicketEvent
from storage.words import TicketEventKind, TicketState, WordsKind

REPORT = form.REPORT

SEARCHED = 20
"""Newest reports among which one without a number is looked for."""
LISTED = 5
URGED_AT_ONCE = 3
STEPS_SHOWN = 5
REASON_AT_MOST = 300
BY_STAFF = frozenset({TicketEventKind.ACCEPTED, TicketEventKind.RESOLVED, TicketEventKind.NOTED})
SAYS_SOMETHING = 4
"""Characters from which a sentence of a report is worth keeping as it stands."""


def report(message: Message, context: Context) -> list[Reply]:
    """Begin a report with what the sentence says already."""
    text = words_of(texts.REPORT, message, context)
    if not text and not texts.REPORT.fullmatch(message.text.strip()):
        text = message.text
    text = reporting_chat.whole(text, context)
    said = reading.read(text)
    values = _draft_values(context)
    what = said.what or _unnamed_trouble(text, said, context)
    if what:
        values["what"] = what
    where = reading.placed(said.where, reading.home(context), context)
    if where and not what and text == message.text:
        added = adding.place(message, context)
        if added is not None:
            return [added]
    if where:
        values["where"] = where
    photos = context.recall("photos")
    if isinstance(photos, list) and photos:
        values["photos"] = photos
        context.remember(photos=None)
    draft = context.talk.form
    had_draft = draft is not None and draft["name"] == REPORT.name
    question = conversation.begin(REPORT, values, message, context)
    # The router repeats the question of a draft that was open before.
    return [] if had_draft else question


def names_place_only(text: str) -> bool:
    """Return whether a sentence is nothing but a place with a building, unit or floor."""
    return _is_inside(text) and _is_inside(only_place(text))


def _is_inside(text: str | None) -> bool:
    found = building_of(text)
    return any((found.building, found.unit, found.floor, found.room))


def report_said(message: Message, context: Context) -> list[Reply]:
    """Begin a report with what was said beside a question before."""
    said = str(context.recall("to_report") or "")
    context.remember(to_report=None)
    context.reading = context.knowledge.read(said)
    return report(replace(message, text=said, pressed=None), context)


def correct(open_form: Form, message: Message, context: Context) -> list[Reply]:
    """An edited message replaces what it says anew in the draft."""
    said = reading.read(message.text)
    values = _draft_values(context)
    if said.what:
        values["what"] = said.what
    where = reading.placed(said.where, reading.home(context), context)
    if where:
        values["where"] = where
    return conversation.begin(open_form, values, message, context)


def my_tickets(message: Message, context: Context) -> list[Reply]:
    """List somebody's newest reports."""
    mine = context.tx.tickets.of_reporter(context.resident.id, LISTED)
    if not mine:
        return [Reply(texts.NO_TICKETS, (Choice(texts.REPORT_LABEL, "tickets.report"),))]
    lines = []
    for ticket in mine:
        report = steps.shown(context.tx, ticket)
        lines.append(
            texts.list_line(
                ticket.number,
                texts.shortened(report.what, 12),
                texts.shortened(report.where, 14),
                steps.state_words(context.tx, ticket),
                shared.day(ticket.changed_at, context.now),
            )
        )
    choices = tuple(
        Choice(
            reporting.label(t.number, steps.short_what(context.tx, t), texts.STATES[t.state]),
            f"tickets.status:{t.number}",
        )
        for t in mine
    )
    return [Reply(texts.my_tickets(lines), choices)]


def status(message: Message, context: Context) -> list[Reply]:
    """Say where one report stands and how it got there."""
    number = number_of(context) or 0
    ticket = context.tx.tickets.by_number(number)
    if ticket is None or not _may_see(ticket, context):
        if _answers_form(message, context):
            return []
        raise unknown(number, context)
    report = steps.shown(context.tx, ticket)
    mine = ticket.reporter_id == context.resident.id
    state = steps.state_words(context.tx, ticket)
    if ticket.state in {TicketState.NEW, TicketState.TRIAGE}:
        due = steps.answer_by(context.tx, ticket)
        late = ticket.respond_by <= context.now
        state += texts.OVERDUE if late else texts.ANSWER_DUE.format(answer_by=due)
    events = context.tx.tickets.events(ticket.id)
    happened = [
        _step(ticket, event, context) for event in [*events[:1], *events[1:][-STEPS_SHOWN:]]
    ]
    text = texts.status(
        number, texts.shortened(report.what, 40), texts.shortened(report.where, 30), state, happened
    )
    if not mine:
        text = text.replace(texts.MAY_PRESS, "").replace(texts.YOU, texts.RESIDENT)
    asks = mine and ticket.state is TicketState.RESOLVED
    return [Reply(text, steps.confirm_choices(ticket) if asks else ())]


def not_solved(message: Message, context: Context) -> list[Reply]:
    """Have it worked on again, at once; then ask what is still wrong."""
    ticket = _mine(context, {TicketState.RESOLVED, TicketState.CLOSED})
    if ticket is None or ticket.state in rules.UNFINISHED:
        return urge(message, context)
    rules.check_reopen(ticket.number, ticket.resolved_at or ticket.changed_at, context.now)
    words = words_of(texts.NOT_SOLVED, message, context)[:REASON_AT_MOST]
    words_id = (
        context.tx.words.keep(context.resident.id, WordsKind.TICKET_EVENT, words) if words else None
    )
    level = rules.level_reopened_at(ticket.level, ticket.reopened)
    ticket = steps.hand_on(
        context.tx,
        ticket,
        level,
        TicketEventKind.REOPENED,
        actor_id=context.resident.id,
        words_id=words_id,
    )
    steps.send_card(
        context.tx, ticket, texts.reopened_because(mask_personal(words), ticket.reopened)
    )
    who, answer_by = steps.unit(context.tx, ticket), steps.answer_by(context.tx, ticket)
    done = Reply(texts.reopened(ticket.number, who, answer_by))
    if words or context.talk.form is not None:
        return [done]
    context.open_form(
        {"name": NOT_SOLVED.name, "values": {"number": ticket.number}, "asking": "", "misses": 0}
    )
    return [done, *conversation.ask_for(NOT_SOLVED, "reason", context)]


def solved(message: Message, context: Context) -> list[Reply]:
    """Close what was resolved, and ask for stars; who only asks is told where it stands."""
    if asks(message):
        return status(message, context) if number_of(context) else my_tickets(message, context)
    ticket = _mine(context, {TicketState.RESOLVED})
    if ticket is None:
        return [Reply(texts.NOTHING_RESOLVED)]
    ticket = steps.move(
        context.tx, ticket, ticket, TicketEventKind.CONFIRMED, actor_id=context.resident.id
    )
    stars = tuple(
        Choice(label, f"tickets.rate:{ticket.number}:{n}")
        for n, label in enumerate(texts.STAR_LABELS, start=1)
    )
    return [Reply(texts.confirmed(ticket.number), stars)]


def rate(message: Message, context: Context) -> list[Reply]:
    """Keep the stars for a finished ticket; who is glad with a result confirms it too."""
    _, _, chosen = context.argument.partition(":")
    stars = int(chosen) if chosen.isdecimal() else _stars(context)
    ticket = _mine(context, {TicketState.RESOLVED, TicketState.CLOSED}, unrated=True)
    if ticket is None:
        return [Reply(texts.NOTHING_TO_RATE)]
    rules.check_rating(stars)
    if ticket.state is TicketState.RESOLVED and stars >= texts.SATISFIED_FROM:
        ticket = steps.move(
            context.tx, ticket, ticket, TicketEventKind.CONFIRMED, actor_id=context.resident.id
        )
    steps.rate(context.tx, ticket, stars, context.resident.id)
    return [Reply(texts.rated(stars))]


def withdraw(message: Message, context: Context) -> list[Reply]:
    """Take a report back: a draft, a fresh one, or one that is named and not accepted."""
    draft = context.talk.form
    number = number_of(context)
    if draft is not None and draft["name"] == REPORT.name and number is None:
        return conversation.cancel(context)
    ticket = _mine(context, rules.UNFINISHED)
    if ticket is None:
        return [Reply(texts.NOTHING_TO_WITHDRAW)]
    what = steps.short_what(context.tx, ticket)
    if number is None and context.now - ticket.opened_at > rules.UNDO_WITHIN:
        return [Reply(texts.which_withdraw(ticket.number, what))]
    rules.check_withdraw(ticket.number, ticket.state, ticket.opened_at, context.now)
    steps.withdraw(context.tx, ticket, context.resident.id)
    return [Reply(texts.withdrawn(ticket.number, what))]


def urge(message: Message, context: Context) -> list[Reply]:
    """Press the staff for the reporter, at most once a working day, and say where it stands."""
    mine = context.tx.tickets.of_reporter(context.resident.id, SEARCHED)
    number = number_of(context)
    waiting = [t for t in mine if t.state in rules.UNFINISHED and number in {None, t.number}]
    if waiting:
        return [Reply("\n".join(_urge(t, message, context) for t in waiting[:URGED_AT_ONCE]))]
    done = next((t for t in mine if t.state is TicketState.RESOLVED), None)
    if done is not None:
        what = steps.short_what(context.tx, done)
        return [Reply(texts.ask_confirm(done.number, what), steps.confirm_choices(done))]
    said = reading.read(message.text)
    if said.what and context.talk.form is None:
        return report(message, context)
    return [Reply(texts.NOTHING_TO_URGE, (Choice(texts.REPORT_LABEL, "tickets.report"),))]


def add_reason(values: Values, message: Message, context: Context) -> list[Reply]:
    """Pass on what the reporter says is still wrong; the ticket was reopened before."""
    number = int(str(values["number"]))
    words = str(values.get("reason") or "")
    ticket = context.tx.tickets.by_number(number)
    if ticket is None or not words:
        return [Reply(texts.reason_passed(number, said=False))]
    words_id = context.tx.words.keep(
        context.resident.id, WordsKind.TICKET_EVENT, words, message.photos
    )
    steps.comment(
        context.tx,
        ticket,
        context.resident.id,
        texts.commented(number, mask_personal(words)),
        words_id,
    )
    return [Reply(texts.reason_passed(number, said=True))]


def _read_reason(message: Message, _context: Context) -> str | None:
    return message.text.strip()[:REASON_AT_MOST] or None


NOT_SOLVED = Form(
    name="not_solved",
    title=texts.WHY_TITLE,
    fields=(
        Field(
            "reason",
            texts.WHY_TITLE,
            texts.ASK_WHY,
            texts.EXAMPLE_WHY,
            _read_reason,
            required=False,
        ),
    ),
    submit=add_reason,
    confirm=False,
)


def _draft_values(context: Context) -> Values:
    draft = context.talk.form
    if draft is None or draft["name"] != REPORT.name:
        return {}
    values = draft["values"]
    assert isinstance(values, dict)
    return dict(values)


def _unnamed_trouble(text: str, said: reading.Said, context: Context) -> str | None:
    """Return the sentence itself when it surely reports something no list knows."""
    whole = reading.phrase(text, said.where)
    sure = context.reading.intent is Intent.REPAIR and context.reading.text == text
    return whole if sure and len(whole) >= SAYS_SOMETHING else None


def _answers_form(message: Message, context: Context) -> bool:
    """Give a bare number (a room, say) to the open report form; whether it was taken.

    The router repeats the form's question afterwards.
    """
    draft = context.talk.form
    if draft is None or draft["name"] != REPORT.name or not message.text.strip().isdecimal():
        return False
    return conversation.hear(REPORT, message, context) is not None


def _may_see(ticket: Ticket, context: Context) -> bool:
    if ticket.reporter_id == context.resident.id:
        return True
    return rules.may_see(held(context), ticket.level, ticket.community_id, ticket.estate_id)


def _mine(
    context: Context, states: set[TicketState] | frozenset[TicketState], *, unrated: bool = False
) -> Ticket | None:
    """Return the sender's ticket that was named, else the newest in one of the states.

    A named one that is not theirs is unknown: nobody learns that it exists.
    """
    number = number_of(context)
    if number is not None:
        ticket = context.tx.tickets.by_number(number)
        if ticket is None or ticket.reporter_id != context.resident.id:
            seen = ticket is not None and _may_see(ticket, context)
            raise Refusal(Why.TICKET_OTHERS, number=number) if seen else unknown(number, context)
        return ticket
    for ticket in _by_state(context, states):
        fresh = context.now - (ticket.resolved_at or ticket.opened_at) <= rules.REOPEN_WITHIN
        if (fresh or ticket.state in rules.UNFINISHED) and not (unrated and ticket.rating):
            return ticket
    return None


def _by_state(context: Context, states: set[TicketState] | frozenset[TicketState]) -> list[Ticket]:
    """Return the sender's tickets in one of the states; those awaiting an answer come first."""
    mine = context.tx.tickets.of_reporter(context.resident.id, SEARCHED)
    found = [ticket for ticket in mine if ticket.state in states]
    return sorted(found, key=lambda t: t.state is not TicketState.RESOLVED)


def _stars(context: Context) -> int:
    said = context.words.get("stars")
    if said is None:
        return texts.SATISFIED[context.words.get("words", "")]
    return int(said) if said.isdecimal() else texts.STARS[said]


def _step(ticket: Ticket, event: TicketEvent, context: Context) -> str:
    who = steps.unit_at(context.tx, ticket, event.to_level, event.to_state)
    if event.kind in BY_STAFF:
        who = steps.acting(context.tx, ticket, event.to_level, event.actor_id) or who
    words = ""
    if event.kind is TicketEventKind.NOTED:
        words = context.tx.words.of(event.words_id).body or texts.ERASED
    said = texts.HAPPENED[event.kind].format(unit=who, stars=event.rating, words=words)
    return f"\u00b7 {shared.when(event.happened_at, context.now)}\uff1a{said}"


def _urge(ticket: Ticket, message: Message, context: Context) -> str:
    """Press once a working day; return where the ticket stands."""
    today = worktime.working_day(context.now)
    heard = any(
        worktime.working_day(event.happened_at) == today
        for event in context.tx.tickets.events(ticket.id)
        if event.kind is TicketEventKind.REOPENED
        # A place or a number added to the report has no words of its own, and presses nobody.
        or (event.kind is TicketEventKind.COMMENTED and event.words_id is not None)
    )
    what = steps.short_what(context.tx, ticket)
    if not heard:
        words = message.text.strip()[:REASON_AT_MOST]
        kept = context.tx.words.keep(context.resident.id, WordsKind.TICKET_EVENT, words)
        said = mask_personal(words) if len(words) > SAYS_SOMETHING else ""
        masked = mask_personal(steps.shown(context.tx, ticket).what)
        note = texts.urged(ticket.number, texts.shortened(masked, steps.IN_LINE), said)
        steps.comment(context.tx, ticket, context.resident.id, note, kept)
    state = steps.state_words(context.tx, ticket)
    return texts.urged_line(ticket.number, what, state, passed_on=not heard)
