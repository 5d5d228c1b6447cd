"""What staff do with tickets: accept, resolve, send back, escalate, and see what is left to do."""

from dataclasses import replace

from handlers import conversation, notify
from handlers import texts as shared
from handlers.context import Context
from handlers.conversation import Field, Form, Values
from handlers.message import Choice, Message, Reply
from handlers.refusal import Refusal, Why
from handlers.scope import Held
from handlers.tickets import chat, rules, steps, texts
from handlers.tickets.named import asks, held, number_of, unknown, words_of
from handlers.tickets.reporting import texts as reporting
from knowledge.masking import mask_personal
from storage.tickets import FIRST_NUMBER, Ticket
from storage.words import RoleWord, ScopeKind, TicketEventKind, TicketState, WordsKind

LISTED = 6
AT_ONCE = 6
READ_AT_MOST = 200
WORDS_AT_MOST = 500


def accept(message: Message, context: Context) -> list[Reply]:
    """Take the ticket: the reporter is told, the whole place and the contact go to the taker."""
    named = _named(context, texts.ACCEPT_LABEL)
    if isinstance(named, Reply):
        return [named]
    before, role = named
    tx, me = context.tx, context.resident.id
    if before.state is TicketState.ACTIVE and before.handler_id is not None:
        raise _taken(before, before.handler_id, context)
    ticket = steps.move(
        tx, before, replace(before, handler_id=me), TicketEventKind.ACCEPTED, actor_id=me
    )
    steps.stop_reminding(tx, ticket)
    context.remember(stepped=ticket.number)
    title = texts.TITLES[role]
    what = steps.short_what(tx, ticket)
    steps.tell_reporter(tx, ticket, texts.told_accepted(ticket.number, what, title))
    report = steps.shown(tx, ticket)
    details = texts.private_details(ticket.number, report.what, report.where, report.contact)
    confirmed = texts.done_by(ticket.number, TicketEventKind.ACCEPTED, title)
    if not message.is_group:
        return [Reply(f"{confirmed}\n{details}", media=tuple(report.photos))]
    notify.tell_resident(
        tx,
        me,
        key=f"ticket:{ticket.id}:details:{context.message_key}",
        text=details,
        topic=steps.TOPIC,
        media=report.photos,
        asked_for=True,
    )
    return [Reply(confirmed)]


def _taken(ticket: Ticket, handler_id: int, context: Context) -> Refusal:
    """Return the refusal of what somebody takes who was a moment too late, or took it before."""
    if handler_id == context.resident.id:
        return Refusal(Why.TICKET_TAKEN_BY_YOU, number=ticket.number)
    tx = context.tx
    roles = [(role.role, role.scope_kind, role.scope_id) for role in tx.residents.roles(handler_id)]
    role = rules.may_handle(roles, ticket.level, ticket.community_id, ticket.estate_id)
    title = texts.STAFF if role is None else texts.TITLES[role]
    who = shared.colleague(tx.residents.by_id(handler_id).name, title)
    return Refusal(Why.TICKET_TAKEN, number=ticket.number, who=who)


def accept_several(message: Message, context: Context) -> list[Reply]:
    """Take each of the tickets named; one that cannot be taken does not hold up the others."""
    said = []
    photos: tuple[str, ...] = ()
    taken = 0
    named = context.words.get("numbers") or context.words["numbers_b"]
    for number in dict.fromkeys(texts.NUMBERS.findall(named)[:AT_ONCE]):
        context.words = {"number": number}
        try:
            [reply] = accept(message, context)
        except Refusal as refusal:
            # Refused before anything of this ticket was written.
            said.append(shared.refusal(refusal))
        else:
            said.append(reply.text)
            photos += reply.media
            taken += 1
    if taken > 1:
        context.remember(stepped=0)
    return [Reply("\n".join(said), media=photos)]


def resolve(message: Message, context: Context) -> list[Reply]:
    """Finish the ticket with a result the reporter can read."""
    named = _named(context, texts.RESOLVE_LABEL)
    if isinstance(named, Reply):
        return [named]
    ticket, _role = named
    _check_step(ticket, TicketEventKind.RESOLVED)
    words = words_of(texts.RESOLVE, message, context)
    if not words:
        example = texts.say(texts.RESOLVE_LABEL, ticket.number, texts.EXAMPLE_RESULT)
        return _ask(RESOLVE, ticket, texts.RESOLVE_TITLE, example, message, context)
    return _resolve(ticket, words, message.photos, context)


def finish(message: Message, context: Context) -> list[Reply]:
    """Finish what staff say is done, in their own words; the reporter's same words confirm."""
    number = number_of(context)
    assert number is not None
    ticket = context.tx.tickets.by_number(number)
    mine = ticket is not None and ticket.reporter_id == context.resident.id
    acts = any(role in rules.AUTHORITY for role, _kind, _scope in held(context))
    if mine or not acts:
        return [] if message.is_group else chat.solved(message, context)
    if asks(message):
        return [] if message.is_group else chat.status(message, context)
    named = _named(context, texts.RESOLVE_LABEL)
    assert not isinstance(named, Reply)
    ticket, _role = named
    words = words_of(texts.DONE, message, context)
    if texts.NOT_QUITE.search(words):
        return [Reply(texts.finish_how(number))]
    [done] = _resolve(ticket, words, message.photos, context)
    what = mask_personal(steps.short_what(context.tx, ticket))
    return [Reply(texts.finished_as(number, what, done.text))]


def send_back(message: Message, context: Context) -> list[Reply]:
    """Give the ticket back with a reason; somebody else gets it."""
    named = _named(context, texts.RETURN_LABEL)
    if isinstance(named, Reply):
        return [named]
    ticket, _role = named
    _check_step(ticket, TicketEventKind.RETURNED)
    words = words_of(texts.RETURN, message, context)
    if not words:
        example = texts.say(texts.RETURN_LABEL, ticket.number, texts.EXAMPLE_RETURN)
        return _ask(RETURN, ticket, texts.RETURN_TITLE, example, message, context)
    return _send_back(ticket, words, context)


def escalate(message: Message, context: Context) -> list[Reply]:
    """Hand the ticket to the next rung of the ladder."""
    named = _named(context, texts.ESCALATE_LABEL)
    if isinstance(named, Reply):
        return [named]
    ticket, _role = named
    _check_step(ticket, TicketEventKind.ESCALATED)
    level = rules.level_above(ticket.number, ticket.level)
    words = words_of(texts.ESCALATE, message, context)[:WORDS_AT_MOST]
    from_whom = steps.unit(context.tx, ticket)
    ticket = steps.hand_on(
        context.tx,
        ticket,
        level,
        TicketEventKind.ESCALATED,
        actor_id=context.resident.id,
        words_id=_kept(words, [], context) if words else None,
    )
    steps.send_card(context.tx, ticket, texts.escalated_because(from_whom, mask_personal(words)))
    who, by = steps.unit(context.tx, ticket), steps.answer_by(context.tx, ticket)
    what = steps.short_what(context.tx, ticket)
    steps.tell_reporter(context.tx, ticket, texts.told_escalated(ticket.number, what, who, by))
    return [Reply(texts.done_by(ticket.number, TicketEventKind.ESCALATED, who))]


def to_do(message: Message, context: Context) -> list[Reply]:
    """List what the asker may act on, the most urgent first."""
    roles = held(context)
    if not any(role in rules.AUTHORITY for role, _kind, _scope in roles):
        raise Refusal(Why.NOT_ALLOWED)
    here = context.group.community_id if context.group else None
    found = [
        ticket
        for ticket in _in_reach(roles, here, context)
        if rules.may_handle(roles, ticket.level, ticket.community_id, ticket.estate_id)
    ]
    found.sort(key=lambda ticket: (ticket.state is TicketState.ACTIVE, ticket.respond_by))
    if not found:
        return [Reply(texts.NOTHING_TO_DO)]
    shown = found[:LISTED]
    lines = [_line(ticket, context) for ticket in shown]
    said = texts.to_do(lines, len(found) - len(shown), chosen=not message.is_group)
    choices = tuple(
        Choice(
            reporting.label(
                it.number, mask_personal(steps.short_what(context.tx, it)), texts.STATES[it.state]
            ),
            f"tickets.status:{it.number}",
        )
        for it in shown
        if not message.is_group
    )
    return [Reply(said, choices)]


def _named(context: Context, verb: str) -> tuple[Ticket, RoleWord] | Reply:
    """Return the ticket that was named and the role the sender acts in on it."""
    roles = held(context)
    if not any(role in rules.AUTHORITY for role, _kind, _scope in roles):
        raise Refusal(Why.NOT_ALLOWED)
    number = number_of(context)
    if number is None:
        return Reply(texts.which_number(verb, texts.say(verb, FIRST_NUMBER)))
    ticket = context.tx.tickets.by_number(number)
    if ticket is None:
        raise unknown(number, context)
    role = rules.check_may_handle(roles, ticket.level, ticket.community_id, ticket.estate_id)
    return ticket, role


def _check_step(ticket: Ticket, step: TicketEventKind) -> None:
    """Refuse at once what cannot be done, before words are asked for."""
    if rules.next_state(ticket.state, step) is None:
        raise steps.refused(ticket, step)


def _ask(
    form: Form, ticket: Ticket, what: str, example: str, message: Message, context: Context
) -> list[Reply]:
    """Ask for the missing words in private; in a group, or amid another form, show how.

    A step whose words were awaited before is left: the next sentence belongs to this one.
    """
    draft = context.talk.form
    if message.is_group or (draft is not None and draft["name"] not in WORDS_FORMS):
        raise Refusal(Why.TICKET_REASON, what=what, example=example)
    return conversation.begin(form, {"number": ticket.number}, message, context)


def _resolve(ticket: Ticket, words: str, photos: list[str], context: Context) -> list[Reply]:
    tx, me = context.tx, context.resident.id
    role = rules.check_may_handle(
        held(context), ticket.level, ticket.community_id, ticket.estate_id
    )
    words = words[:WORDS_AT_MOST]
    after = replace(ticket, handler_id=ticket.handler_id or me, resolved_at=context.now)
    kept = _kept(words, photos, context)
    ticket = steps.move(tx, ticket, after, TicketEventKind.RESOLVED, actor_id=me, words_id=kept)
    steps.stop_reminding(tx, ticket)
    context.remember(stepped=ticket.number)
    title = texts.TITLES[role]
    told = texts.told_resolved(ticket.number, steps.short_what(tx, ticket), title, words)
    steps.tell_reporter(tx, ticket, told, steps.confirm_choices(ticket), photos)
    return [Reply(texts.done_by(ticket.number, TicketEventKind.RESOLVED, title))]


def _send_back(ticket: Ticket, words: str, context: Context) -> list[Reply]:
    tx = context.tx
    role = rules.check_may_handle(
        held(context), ticket.level, ticket.community_id, ticket.estate_id
    )
    words = words[:WORDS_AT_MOST]
    level = rules.level_returned_to(ticket.level, ticket.community_id, ticket.estate_id)
    ticket = steps.hand_on(
        tx,
        ticket,
        level,
        TicketEventKind.RETURNED,
        actor_id=context.resident.id,
        words_id=_kept(words, [], context),
    )
    steps.send_card(tx, ticket, texts.returned_because(texts.TITLES[role], mask_personal(words)))
    who = steps.unit(tx, ticket)
    what, by = steps.short_what(tx, ticket), steps.answer_by(tx, ticket)
    steps.tell_reporter(tx, ticket, texts.told_returned(ticket.number, what, who, by))
    return [Reply(texts.done_by(ticket.number, TicketEventKind.RETURNED, who))]


def _submit_result(values: Values, message: Message, context: Context) -> list[Reply]:
    photos = values.get("photos")
    names = [str(name) for name in photos] if isinstance(photos, list) else []
    return _resolve(_of_form(values, context), str(values["words"]), names, context)


def _submit_return(values: Values, _message: Message, context: Context) -> list[Reply]:
    return _send_back(_of_form(values, context), str(values["words"]), context)


def _of_form(values: Values, context: Context) -> Ticket:
    number = int(str(values["number"]))
    ticket = context.tx.tickets.by_number(number)
    if ticket is None:
        raise unknown(number, context)
    return ticket


def _absorb_photos(values: Values, message: Message, _context: Context) -> bool:
    if not message.photos:
        return False
    before = values.get("photos")
    values["photos"] = [*(before if isinstance(before, list) else []), *message.photos]
    return not message.text


def _read_words(message: Message, _context: Context) -> str | None:
    return message.text.strip()[:WORDS_AT_MOST] or None


RESOLVE = Form(
    name="ticket_resolve",
    title=texts.RESOLVE_TITLE,
    fields=(
        Field("words", texts.RESOLVE_TITLE, texts.ASK_RESULT, texts.EXAMPLE_RESULT, _read_words),
    ),
    submit=_submit_result,
    confirm=False,
    verbatim=True,
    absorb=_absorb_photos,
)
RETURN = Form(
    name="ticket_return",
    title=texts.RETURN_TITLE,
    fields=(
        Field("words", texts.RETURN_TITLE, texts.ASK_RETURN, texts.EXAMPLE_RETURN, _read_words),
    ),
    submit=_submit_return,
    confirm=False,
    verbatim=True,
)
WORDS_FORMS = {RESOLVE.name, RETURN.name}


def _kept(words: str, photos: list[str], context: Context) -> int:
    return context.tx.words.keep(context.resident.id, WordsKind.TICKET_EVENT, words, photos)


def _in_reach(roles: Held, here: int | None, context: Context) -> list[Ticket]:
    """Return unfinished tickets of the communities the roles lie in, each once."""
    if here is not None:
        return context.tx.tickets.open_in(here, READ_AT_MOST)
    communities: set[int | None] = set()
    for _role, kind, scope_id in roles:
        if kind is ScopeKind.ESTATE:
            estate = context.tx.directory.estate(scope_id)
            communities |= {estate.community_id} if estate else set()
        elif kind is ScopeKind.COMMUNITY:
            communities.add(scope_id)
        elif kind is ScopeKind.STREET:
            return context.tx.tickets.open_in(None, READ_AT_MOST)
    return [
        ticket
        for community_id in sorted(c for c in communities if c is not None)
        for ticket in context.tx.tickets.open_in(community_id, READ_AT_MOST)
    ]


def _line(ticket: Ticket, context: Context) -> str:
    report = steps.shown(context.tx, ticket)
    waits = ticket.state is not TicketState.ACTIVE
    return texts.to_do_line(
        ticket.number,
        texts.shortened(mask_personal(report.what), 14),
        texts.shortened(steps.masked_place(report.where), 16),
        texts.STATES[ticket.state],
        shared.when(ticket.respond_by, context.now) if waits else "",
        over=waits and ticket.respond_by <= context.now,
    )
