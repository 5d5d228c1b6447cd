"""Volunteers look for shifts, take them and give them back."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from handlers import fold
from handlers.context import Context
from handlers.message import Choice, Message, Reply, choice_as_json
from handlers.refusal import Refusal, Why
from handlers.shifts import rules, texts
from handlers.shifts.finding import fitting
from storage.shifts import Shift, SignUp
from storage.words import Interest

SHOWN = 6
"""Menus hold at most six choices (contracts.md)."""
LOOKED_AT = 60
"""Shifts ahead that words are compared with: a busy street's month."""
BEGUN_WITHIN = timedelta(hours=12)
"""So long after its start somebody may still ask for a shift."""
LARGEST_ID = 2**63 - 1
OFFERED, MINE = "shifts_offered", "shifts_mine"
"""What the talk remembers of the lists it showed, so that a number keeps its meaning."""


def list_open(message: Message, context: Context) -> list[Reply]:
    """List what is still to be taken, soonest first; in a group without choices."""
    if not message.is_group and texts.OWN.search(message.text):
        return my_shifts(message, context)
    upcoming = _open(context)
    if not upcoming:
        return [Reply(texts.NONE_OPEN)]
    named, closed = _named(message.text, upcoming, context)
    if message.is_group:
        lines = [texts.line(shift, context.now) for shift in (named or upcoming)[:SHOWN]]
        return [Reply(f"{texts.listed(texts.LIST_HEAD, lines)}\n{texts.PRIVATE}")]
    if named is not None and not named:
        return [_offer(upcoming, context, texts.LIST_HEAD, closed or texts.NONE_LIKE_THAT)]
    return [_offer(named or upcoming, context, texts.LIST_HEAD)]


def my_shifts(message: Message, context: Context) -> list[Reply]:
    """List the person's own shifts."""
    mine = [shift for _, shift in _mine(context)][:SHOWN]
    if not mine:
        return [Reply(texts.NONE_MINE)]
    context.remember(**{MINE: [shift.id for shift in mine]})
    return [Reply(texts.mine([texts.line(s, context.now, mine=True) for s in mine]))]


def hours(message: Message, context: Context) -> list[Reply]:
    """Say how long the person's shifts that are over were."""
    done = context.tx.shifts.done_by(context.resident.id, context.now)
    if not done:
        return [Reply(texts.NONE_DONE)]
    time = sum((shift.ends_at - shift.starts_at for shift in done), timedelta())
    return [Reply(texts.hours_done(len(done), time, done[0], context.now))]


def remind(message: Message, context: Context) -> list[Reply]:
    """Say when the reminders of the person's shifts come: they are promised already."""
    mine = [shift for _, shift in _mine(context)][:SHOWN]
    if not mine:
        return [Reply(texts.NONE_MINE)]
    me = context.resident.id
    if (me, Interest.SHIFTS) in context.tx.opt_outs.of([me]):
        return [Reply(texts.STOPPED)]
    lines = [
        texts.reminded(s, context.now, [at for _, at in rules.reminders(s.starts_at, context.now)])
        for s in mine
    ]
    return [Reply(texts.listed(texts.REMINDED_HEAD, lines))]


def swap(message: Message, context: Context) -> list[Reply]:
    """Show how to change to another shift, and which ones there are."""
    upcoming = _open(context)
    if not _mine(context) or not upcoming:
        return list_open(message, context)
    return [_offer(upcoming, context, texts.SWAP_HEAD)]


def sign_up(message: Message, context: Context) -> list[Reply]:
    """Put the sender on the shift they named, or ask which one is meant."""
    if message.is_group:
        raise Refusal(Why.PRIVATE_ONLY)
    if context.argument:
        return _join(_by_id(context.argument, context), context)
    upcoming = _open(context)
    said = fold.command(message.text)
    place = texts.number_in(said)
    if place is not None:
        ids = _numbered(OFFERED, [s.id for s in _free(upcoming, context)], context)
        if not 1 <= place <= len(ids):
            raise Refusal(Why.SHIFT_UNKNOWN)
        return _join(_by_id(str(ids[place - 1]), context), context)
    named, closed = _named(said, upcoming, context)
    meant = upcoming if named is None else named
    free = _free(meant, context)
    # Who only asks, or does not say which, is shown what there is and chooses.
    sure = texts.SIGN_UP.fullmatch(said) if named is None else not texts.ASKING.search(said)
    if sure and len(free) == 1:
        return _join(free[0], context)
    if named and len(named) == 1:
        return _join(named[0], context) if sure else [_offer(named, context, texts.LIST_HEAD)]
    if named == []:
        return [_offer(upcoming, context, texts.LIST_HEAD, closed or texts.NONE_LIKE_THAT)]
    return [_offer(meant, context, texts.WHICH_TO_JOIN)]


def cancel(message: Message, context: Context) -> list[Reply]:
    """Take the sender off a shift, or ask which one is meant."""
    if message.is_group:
        raise Refusal(Why.PRIVATE_ONLY)
    mine = _mine(context)
    if not mine and not context.argument:
        return [Reply(texts.NONE_MINE)]
    wanted = _to_leave(fold.command(message.text), mine, context)
    chosen = [(sign_up, shift) for sign_up, shift in mine if shift.id in wanted]
    if not chosen:
        raise Refusal(Why.SHIFT_NOT_JOINED)
    if len(chosen) == 1 and (context.argument or not texts.ASKING.search(message.text)):
        return _leave(*chosen[0], context)
    chosen = chosen[:SHOWN]
    context.remember(**{MINE: [shift.id for _, shift in chosen]})
    choices = tuple(
        Choice(texts.line(shift, context.now, mine=True), f"shifts.leave:{shift.id}")
        for _, shift in chosen
    )
    return [Reply(texts.WHICH_TO_LEAVE, choices)]


def _to_leave(said: str, mine: list[tuple[SignUp, Shift]], context: Context) -> set[int]:
    """Return the ids of the shifts that can be meant; what is not the person's own included."""
    if context.argument:
        return {int(context.argument)} if context.argument.isdecimal() else set()
    own = [shift for _, shift in mine]
    place = texts.number_in(said)
    if place is not None:
        ids = _numbered(MINE, [shift.id for shift in own], context)
        return {ids[place - 1]} if 1 <= place <= len(ids) else set()
    # Compared with all shifts: whoever names another one never loses their own by it.
    everything = [*own, *(s for s in _open(context) if s.id not in {o.id for o in own})]
    named = fitting(said, everything, context.now)
    return {shift.id for shift in (own if named is None else named)}


def _open(context: Context) -> list[Shift]:
    after = context.now + rules.SIGN_UP_CLOSES_BEFORE
    return context.tx.shifts.upcoming(after, LOOKED_AT)


def _named(
    said: str, upcoming: Sequence[Shift], context: Context
) -> tuple[list[Shift] | None, str]:
    """Return the open shifts that are meant, or none and that the one meant is closed."""
    after = context.now - BEGUN_WITHIN
    known = {shift.id for shift in upcoming}
    late = [it for it in context.tx.shifts.upcoming(after, LOOKED_AT) if it.id not in known]
    closed = [it for it in late if not rules.may_leave(it.starts_at, context.now)]
    named = fitting(said, [*upcoming, *closed], context.now)
    if named is None:
        return None, ""
    still_open = [it for it in named if it.id in known]
    said_closed = texts.closed(named[0], context.now) if named and not still_open else ""
    return still_open, said_closed


def _mine(context: Context) -> list[tuple[SignUp, Shift]]:
    return context.tx.shifts.of_resident(context.resident.id, context.now)


def _by_id(argument: str, context: Context) -> Shift:
    """Return the shift; the id may come from a forged button."""
    known = argument.isdecimal() and int(argument) <= LARGEST_ID
    shift = context.tx.shifts.find(int(argument)) if known else None
    if shift is None:
        raise Refusal(Why.SHIFT_UNKNOWN)
    return shift


def _numbered(name: str, now_shown: list[int], context: Context) -> list[int]:
    """Return the list that a number counts in: the one last shown, else today's."""
    shown = context.recall(name)
    return [int(one) for one in shown] if isinstance(shown, list) else now_shown


def _spans(mine: Sequence[tuple[SignUp, Shift]]) -> list[tuple[datetime, datetime, str]]:
    return [(shift.starts_at, shift.ends_at, shift.title) for _, shift in mine]


def _free(shifts: Sequence[Shift], context: Context) -> list[Shift]:
    """Return those the person may take: room left, not theirs already, no clash."""
    mine = _mine(context)
    own, spans = {shift.id for _, shift in mine}, _spans(mine)
    return [
        s
        for s in shifts
        if s.taken < s.places
        and s.id not in own
        and rules.clashing(s.starts_at, s.ends_at, spans) is None
    ]


def _offer(shifts: Sequence[Shift], context: Context, head: str, before: str = "") -> Reply:
    """Show what may be taken as choices, and below the heading what may not, and why."""
    free = _free(shifts, context)
    shown = free[:SHOWN]
    own = {shift.id for _, shift in _mine(context)}
    other = [shift for shift in shifts if shift not in free][:SHOWN]
    lines = [texts.line(s, context.now, mine=s.id in own, clashes=True) for s in other]
    said = [before + (head if shown else texts.NONE_OPEN)]
    if lines:
        said.append(texts.listed(texts.CANNOT_FOLLOW, lines))
    if len(free) > SHOWN:
        said.append(texts.more(len(free) - SHOWN))
    context.remember(**{OFFERED: [shift.id for shift in shown]})
    choices = (Choice(texts.line(s, context.now), f"shifts.join:{s.id}") for s in shown)
    return Reply("\n".join(said), tuple(choices))


def _join(shift: Shift, context: Context) -> list[Reply]:
    if shift.cancelled_at is not None:
        raise Refusal(Why.SHIFT_UNKNOWN)
    mine = _mine(context)
    if any(other.id == shift.id for _, other in mine):
        raise Refusal(Why.SHIFT_JOINED)
    rules.check_sign_up(shift.starts_at, shift.places, shift.taken, context.now)
    rules.check_clash(shift.starts_at, shift.ends_at, _spans(mine))
    sign_up = context.tx.shifts.join(shift.id, context.resident.id)
    if sign_up is None:
        raise Refusal(Why.SHIFT_FULL, places=shift.places)
    reminded = _remind(shift, sign_up, context)
    return [Reply(texts.joined(shift, context.now, reminded))]


def _remind(shift: Shift, sign_up: SignUp, context: Context) -> list[datetime]:
    due = rules.reminders(shift.starts_at, context.now)
    cannot = Choice(texts.CANNOT_COME, f"shifts.leave:{shift.id}")
    for place, (kind, at) in enumerate(due):
        may_leave = rules.may_leave(shift.starts_at, at)
        match kind:
            case rules.ReminderKind.DAY_BEFORE:
                text = texts.tomorrow(shift)
            case rules.ReminderKind.SOON:
                text = texts.soon(shift, may_leave=may_leave)
        context.tx.notices.schedule(
            key=f"sign_up:{sign_up.id}:{kind.value}",
            resident_id=context.resident.id,
            text=text,
            topic="shifts",
            choices=[choice_as_json(cannot)] if may_leave else [],
            due_at=at,
            # After an outage both may be overdue: then the later one alone is said.
            expires_at=due[place + 1][1] if place + 1 < len(due) else shift.starts_at,
        )
    return [at for _, at in due]


def _leave(sign_up: SignUp, shift: Shift, context: Context) -> list[Reply]:
    if not rules.may_leave(shift.starts_at, context.now):
        context.remember(unanswered=texts.cannot_come(shift))
        return [Reply(texts.too_late(shift, context.now))]
    if not context.tx.shifts.leave(sign_up):
        raise Refusal(Why.SHIFT_NOT_JOINED)
    for kind in rules.ReminderKind:
        context.tx.notices.withdraw(f"sign_up:{sign_up.id}:{kind.value}")
    return [Reply(texts.left(shift, context.now), (Choice(texts.SEE_SHIFTS, "shifts.list"),))]
