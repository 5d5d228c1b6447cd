"""The steps of a ticket: written once, told to whom they concern."""

from dataclasses import dataclass, replace
from datetime import datetime

from handlers import notify, worktime
from handlers import texts as shared
from handlers.message import Choice
from handlers.refusal import Refusal, Why
from handlers.tickets import rules, texts
from knowledge.masking import mask_personal
from storage.tickets import Ticket
from storage.transaction import Transaction
from storage.words import TicketEventKind, TicketLevel, TicketState

TOPIC = "tickets"
STEP, NOTE = "step", "note"
"""What the reporter hears: where the ticket stands, or what the staff say of it."""
ON_CARD = 150
IN_LINE = 16
STREET_LEVELS = frozenset({TicketLevel.STREET, TicketLevel.DISTRICT})


@dataclass(frozen=True, slots=True)
class Shown:
    """A ticket in the reporter's own words."""

    what: str
    where: str
    photos: list[str]
    contact: str


def shown(tx: Transaction, ticket: Ticket) -> Shown:
    """Return what was reported; staff see it masked wherever several people read."""
    report = tx.words.of(ticket.what_id)
    return Shown(
        what=report.body or texts.ERASED,
        where=tx.words.of(ticket.where_id).body or texts.ERASED,
        photos=report.media,
        contact=tx.words.of(ticket.contact_id).body,
    )


def unit(tx: Transaction, ticket: Ticket) -> str:
    """Return who is responsible now, as residents call them."""
    return unit_at(tx, ticket, ticket.level, ticket.state)


def unit_at(tx: Transaction, ticket: Ticket, level: TicketLevel, state: TicketState) -> str:
    """Return who is responsible on this rung; what an estate gave back its community assigns."""
    if state is TicketState.TRIAGE and level is TicketLevel.ESTATE:
        level = TicketLevel.COMMUNITY
    estate = tx.directory.estate(ticket.estate_id)
    community = tx.directory.community(ticket.community_id)
    return texts.unit(level, estate.name if estate else "", community.name if community else "")


def holder(tx: Transaction, ticket: Ticket) -> str:
    """Return who has the ticket: whoever accepted it, else the unit that has to."""
    who = unit(tx, ticket)
    if ticket.state is not TicketState.ACTIVE:
        return who
    return acting(tx, ticket, ticket.level, ticket.handler_id) or who


def acting(tx: Transaction, ticket: Ticket, level: TicketLevel, actor_id: int | None) -> str | None:
    """Return in which role somebody acts on a rung that is not theirs by name, or None."""
    if actor_id is None:
        return None
    held = [(it.role, it.scope_kind, it.scope_id) for it in tx.residents.roles(actor_id)]
    role = rules.may_handle(held, level, ticket.community_id, ticket.estate_id)
    return None if role is None or role in rules.NAMED_BY_UNIT else texts.TITLES[role]


def move(
    tx: Transaction,
    before: Ticket,
    after: Ticket,
    step: TicketEventKind,
    *,
    actor_id: int | None,
    words_id: int | None = None,
    rating: int | None = None,
) -> Ticket:
    """Take the step; raise Refusal when it cannot be taken from where the ticket stands."""
    state = rules.next_state(before.state, step)
    if state is None:
        raise refused(before, step)
    after = replace(after, state=state)
    return tx.tickets.change(
        before, after, step, actor_id=actor_id, words_id=words_id, rating=rating
    )


def refused(ticket: Ticket, step: TicketEventKind) -> Refusal:
    """Return the refusal of a step that cannot be taken from where the ticket stands."""
    state, verb = texts.STATES[ticket.state], texts.STEPS[step]
    return Refusal(Why.TICKET_STEP, number=ticket.number, state=state, step=verb)


def hand_on(
    tx: Transaction,
    ticket: Ticket,
    level: TicketLevel,
    step: TicketEventKind,
    *,
    actor_id: int | None,
    words_id: int | None = None,
) -> Ticket:
    """Give the ticket to a rung that has to accept it anew, with a new time to answer."""
    due = worktime.add_hours(tx.now, rules.RESPOND_HOURS)
    reopened = ticket.reopened + (step is TicketEventKind.REOPENED)
    after = replace(
        ticket,
        level=level,
        handler_id=None,
        respond_by=due.at,
        reopened=reopened,
        resolved_at=None,
        rating=None,
    )
    return move(tx, ticket, after, step, actor_id=actor_id, words_id=words_id)


def answer_by(tx: Transaction, ticket: Ticket) -> str:
    """Return the promised time in words, marked when the holidays of its year are not known."""
    moment = shared.when(ticket.respond_by, tx.now)
    return moment + (texts.PROVISIONAL if worktime.is_provisional(ticket.respond_by) else "")


def send_card(tx: Transaction, ticket: Ticket, why: str = "") -> None:
    """Show the ticket to the staff of its rung, and remind them when nobody accepts in time."""
    stop_reminding(tx, ticket)
    report = shown(tx, ticket)
    text = texts.card(
        ticket.number,
        texts.shortened(mask_personal(report.what), ON_CARD),
        masked_place(report.where),
        len(report.photos),
        answer_by(tx, ticket),
    )
    if why:
        text = f"{text}\n{why}"
    mark = _mark(tx, ticket)
    tell_staff(tx, ticket, "card" if mark == 1 else f"card:{mark}", text, _card_choices(ticket))
    remind_in_time(tx, ticket)


def remind_in_time(tx: Transaction, ticket: Ticket) -> None:
    """Remind the staff at the time promised to the resident, should nobody accept till then."""
    report = shown(tx, ticket)
    tell_staff(
        tx,
        ticket,
        f"unaccepted:{_mark(tx, ticket)}",
        texts.unaccepted(ticket.number, texts.shortened(mask_personal(report.what), IN_LINE)),
        due_at=ticket.respond_by,
    )


def comment(
    tx: Transaction,
    ticket: Ticket,
    actor_id: int,
    note: str,
    words_id: int | None,
    after: Ticket | None = None,
) -> None:
    """Pass on what the reporter adds; on record; `after` has new words of it."""
    if rules.next_state(ticket.state, TicketEventKind.COMMENTED) is None:
        return
    step = TicketEventKind.COMMENTED
    move(tx, ticket, after or ticket, step, actor_id=actor_id, words_id=words_id)
    tell_staff(tx, ticket, f"comment:{_mark(tx, ticket)}", note)


def rate(tx: Transaction, ticket: Ticket, stars: int, actor_id: int) -> None:
    """Keep the stars; the last word counts."""
    after = replace(ticket, rating=stars)
    move(tx, ticket, after, TicketEventKind.RATED, actor_id=actor_id, rating=stars)


def withdraw(tx: Transaction, ticket: Ticket, actor_id: int) -> None:
    """Take the report back; whoever has seen it already is told."""
    stop_reminding(tx, ticket)
    taken_back = tx.notices.withdraw_prefix(f"ticket:{ticket.id}:card") > 0
    move(tx, ticket, ticket, TicketEventKind.WITHDRAWN, actor_id=actor_id)
    if not taken_back:
        tell_staff(tx, ticket, "withdrawn", texts.withdrawn_for_staff(ticket.number))


def stop_reminding(tx: Transaction, ticket: Ticket) -> None:
    """Somebody has it, or nobody needs to."""
    tx.notices.withdraw_prefix(f"ticket:{ticket.id}:unaccepted:")


def tell_staff(
    tx: Transaction,
    ticket: Ticket,
    key: str,
    text: str,
    choices: tuple[Choice, ...] = (),
    due_at: datetime | None = None,
) -> None:
    """Say something where the staff of the ticket's rung works."""
    notify.tell_staff(
        tx,
        ticket.community_id,
        key=f"ticket:{ticket.id}:{key}",
        text=text,
        topic=TOPIC,
        street_level=ticket.level in STREET_LEVELS,
        choices=choices,
        due_at=due_at,
    )


def take_back_news(tx: Transaction, ticket: Ticket, kind: str = STEP) -> bool:
    """Withdraw what the reporter was to hear of the last step; False when they heard it already."""
    return tx.notices.withdraw_prefix(f"ticket:{ticket.id}:{kind}:{_mark(tx, ticket)}") > 0


def tell_reporter(
    tx: Transaction,
    ticket: Ticket,
    text: str,
    choices: tuple[Choice, ...] = (),
    media: list[str] | None = None,
    kind: str = STEP,
) -> None:
    """Tell whoever reported of the step just taken.

    A step takes the place of those not heard yet: in the morning only the newest state is said.
    """
    if kind == STEP:
        tx.notices.withdraw_prefix(f"ticket:{ticket.id}:{STEP}:")
    notify.tell_resident(
        tx,
        ticket.reporter_id,
        key=f"ticket:{ticket.id}:{kind}:{_mark(tx, ticket)}",
        text=text,
        topic=TOPIC,
        choices=choices,
        media=media or [],
    )


def confirm_choices(ticket: Ticket) -> tuple[Choice, ...]:
    """Return the two answers to a result."""
    return (
        Choice(texts.SOLVED_LABEL, f"tickets.solved:{ticket.number}"),
        Choice(texts.NOT_SOLVED_LABEL, f"tickets.not_solved:{ticket.number}"),
    )


def short_what(tx: Transaction, ticket: Ticket) -> str:
    """Return what was reported in half a line, for the reporter alone."""
    return texts.shortened(shown(tx, ticket).what, IN_LINE)


def masked_place(where: str) -> str:
    """Return the place without rooms: what several people may read."""
    return texts.ROOM.sub(texts.ROOM_HIDDEN, mask_personal(where))


def state_words(tx: Transaction, ticket: Ticket) -> str:
    """Return the state and who has it, as residents read it."""
    who = holder(tx, ticket) if ticket.state in rules.UNFINISHED else ""
    return texts.STATES[ticket.state] + texts.held_by(ticket.state, who)


def _card_choices(ticket: Ticket) -> tuple[Choice, ...]:
    number = ticket.number
    offered = (
        (texts.ACCEPT_LABEL, "accept", ""),
        (texts.RESOLVE_LABEL, "resolve", texts.EXAMPLE_RESULT),
        (texts.RETURN_LABEL, "return", texts.EXAMPLE_RETURN),
        (texts.ESCALATE_LABEL, "escalate", ""),
    )
    return tuple(
        Choice(
            label, f"tickets.{verb}:{number}", anybody=True, say=texts.say(label, number, example)
        )
        for label, verb, example in offered
    )


def _mark(tx: Transaction, ticket: Ticket) -> int:
    """Return how many things have happened: what makes a notice's key unique."""
    return len(tx.tickets.events(ticket.id))
