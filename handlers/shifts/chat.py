"""Volunteers look for shifts, take them and give them back."""

from datetime import datetime, timedelta

from handlers.context import Context
from handlers.localtime import local
from handlers.message import Choice, Message, Reply, choice_as_json
from handlers.refusal import Refusal, Why
from handlers.shifts import rules, texts
from storage.shifts import Shift, SignUp

SHOWN = 6
"""Menus hold at most six choices (contracts.md)."""


def list_open(message: Message, context: Context) -> list[Reply]:
    """List what is still to be taken, soonest first; in a group without choices."""
    upcoming = _open(context)
    if not upcoming:
        return [Reply(texts.NONE_OPEN)]
    mine = {shift.id for _, shift in _mine(context)} if not message.is_group else set()
    free = [s for s in upcoming if s.taken < s.places and s.id not in mine][:SHOWN]
    rest = [s for s in upcoming if s not in free][:SHOWN]
    if message.is_group:
        lines = [texts.line(s, context.now, mine=False) for s in free]
        return [Reply("\n".join([texts.LIST_HEAD, texts.full_list(lines), texts.PRIVATE]))]
    lines = [texts.line(s, context.now, mine=s.id in mine) for s in rest]
    text = "\n".join([texts.LIST_HEAD, *([texts.full_list(lines)] if lines else [])])
    if not free:
        return [Reply(text if lines else texts.NONE_OPEN)]
    return [Reply(text, _join_choices(free, context))]


def my_shifts(message: Message, context: Context) -> list[Reply]:
    """List the person's own shifts."""
    mine = _mine(context)
    if not mine:
        return [Reply(texts.NONE_MINE)]
    return [Reply(texts.mine([texts.line(s, context.now, mine=True) for _, s in mine]))]


def sign_up(message: Message, context: Context) -> list[Reply]:
    """Put the sender on the shift they named, or ask which one is meant."""
    if context.argument:
        return _join(context.tx.shifts.by_id(int(context.argument)), context)
    candidates = _named(message, context, _open(context))
    if len(candidates) == 1:
        return _join(candidates[0], context)
    if context.words.get("number") and not candidates:
        raise Refusal(Why.SHIFT_UNKNOWN)
    free = [s for s in candidates or _open(context) if s.taken < s.places][:SHOWN]
    if not free:
        return [Reply(texts.NONE_OPEN)]
    return [Reply(texts.WHICH_TO_JOIN, _join_choices(free, context))]


def cancel(message: Message, context: Context) -> list[Reply]:
    """Take the sender off a shift, or ask which one is meant."""
    mine = _mine(context)
    if context.argument:
        wanted = [(s, shift) for s, shift in mine if shift.id == int(context.argument)]
        if not wanted:
            raise Refusal(Why.SHIFT_NOT_JOINED)
        return _leave(*wanted[0], context)
    if not mine:
        return [Reply(texts.NONE_MINE)]
    named = {shift.id for shift in _named(message, context, [shift for _, shift in mine])}
    chosen = [pair for pair in mine if pair[1].id in named] or mine
    if len(chosen) == 1:
        return _leave(*chosen[0], context)
    choices = tuple(
        Choice(texts.line(shift, context.now, mine=True), f"shifts.leave:{shift.id}")
        for _, shift in chosen[:SHOWN]
    )
    return [Reply(texts.WHICH_TO_LEAVE, choices)]


def _open(context: Context) -> list[Shift]:
    return context.tx.shifts.upcoming(context.now + rules.SIGN_UP_CLOSES_BEFORE)


def _mine(context: Context) -> list[tuple[SignUp, Shift]]:
    return context.tx.shifts.of_resident(context.resident.id, context.now)


def _join_choices(shifts: list[Shift], context: Context) -> tuple[Choice, ...]:
    return tuple(
        Choice(texts.line(shift, context.now, mine=False), f"shifts.join:{shift.id}")
        for shift in shifts
    )


def _named(message: Message, context: Context, among: list[Shift]) -> list[Shift]:
    """Return the shifts that the words can mean: by number, title or day."""
    number = context.words.get("number")
    if number:
        return [shift for shift in among if shift.number == int(number)]
    text = message.text
    by_title = [shift for shift in among if shift.title in text]
    if by_title:
        return by_title
    title = context.words.get("title", "")
    partly = [shift for shift in among if title and title in shift.title]
    if partly:
        return partly
    for word, days in texts.DAYS.items():
        if word in text:
            day = local(context.now).date() + timedelta(days=days)
            return [shift for shift in among if local(shift.starts_at).date() == day]
    return []


def _join(shift: Shift, context: Context) -> list[Reply]:
    if shift.cancelled_at is not None:
        raise Refusal(Why.SHIFT_UNKNOWN)
    mine = _mine(context)
    if any(other.id == shift.id for _, other in mine):
        raise Refusal(Why.SHIFT_JOINED)
    rules.check_sign_up(shift.starts_at, shift.places, shift.taken, context.now)
    others = [(s.starts_at, s.ends_at, s.title) for _, s in mine]
    rules.check_clash(shift.starts_at, shift.ends_at, others)
    sign_up = context.tx.shifts.join(shift.id, context.resident.id)
    if sign_up is None:
        raise Refusal(Why.SHIFT_FULL, places=shift.places)
    reminded = _remind(shift, sign_up, context)
    return [Reply(texts.joined(shift, context.now, reminded))]


def _remind(shift: Shift, sign_up: SignUp, context: Context) -> list[datetime]:
    due = rules.reminders(shift.starts_at, context.now)
    cannot = Choice(texts.CANNOT_COME, f"shifts.leave:{shift.id}")
    for place, (kind, at) in enumerate(due):
        last = place == len(due) - 1
        early = kind is rules.ReminderKind.DAY_BEFORE
        may_leave = at <= shift.starts_at - rules.SIGN_UP_CLOSES_BEFORE
        context.tx.notices.schedule(
            key=f"sign_up:{sign_up.id}:{kind.value}",
            resident_id=context.resident.id,
            text=texts.tomorrow(shift, at) if early else texts.soon(shift, at),
            topic="shifts",
            choices=[choice_as_json(cannot)] if may_leave and early else [],
            due_at=at,
            # After an outage both may be overdue: then the later one alone is said.
            expires_at=shift.starts_at if last else due[place + 1][1],
            urgent=True,
        )
    return [at for _, at in due]


def _leave(sign_up: SignUp, shift: Shift, context: Context) -> list[Reply]:
    rules.check_open(shift.starts_at, context.now)
    if not context.tx.shifts.leave(sign_up):
        raise Refusal(Why.SHIFT_NOT_JOINED)
    for kind in rules.ReminderKind:
        context.tx.notices.withdraw(f"sign_up:{sign_up.id}:{kind.value}")
    return [Reply(texts.left(shift, context.now), (Choice(texts.SEE_SHIFTS, "shifts.list"),))]
