"""Plans how claimed notices go out, and settles how each came to its person."""

import dataclasses
from collections.abc import Container, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from msgspec.structs import replace

from handlers import menus, notify
from handlers.localtime import after_quiet, is_quiet, start_of_day
from handlers.message import Reply
from handlers.outreach import rules, texts, unread
from storage import talks
from storage.contacts import Contact
from storage.notices import Notice
from storage.talks import Talk
from storage.transaction import Transaction
from storage.words import StepOutcome, VisitState

SMS = "sms"
_MINUTE = timedelta(minutes=1)
MAY_DO_LATER = frozenset({StepOutcome.LATER, StepOutcome.UNSURE, StepOutcome.USED_UP})


@dataclass(frozen=True, slots=True)
class Way:
    """One address a notice can go to."""

    key: str
    channel: str
    chat: str
    user: str | None
    resident_id: int | None


@dataclass(frozen=True, slots=True)
class Errand:
    """A notice with the ways it may take now, in order."""

    notice: Notice
    ways: tuple[Way, ...]
    was_met: bool = False
    """Whether there ever was a way to this person."""
    elder_mode: bool = False


@dataclass(frozen=True, slots=True)
class Trouble:
    """A way that did not do."""

    way: Way
    outcome: StepOutcome
    reason: str
    retry_after: timedelta | None = None
    taken: tuple[int, int, int] | None = None
    """Of how many replies how many were said all the same, and messages of the next one."""


def plan(
    tx: Transaction, claimed: Sequence[Notice], channels: Container[str], daily_cap: int
) -> list[Errand]:
    """Return what goes out now; what has to wait, or nobody wants to hear, is settled here."""
    people = {n.resident_id for n in claimed if n.resident_id is not None}
    contacts = tx.contacts.of(people)
    stopped = tx.opt_outs.of(people)
    capped = {n.resident_id for n in claimed if _counts_today(n)}
    names = sorted(_day_of(resident_id) for resident_id in capped if resident_id is not None)
    counts = dict(tx.tallies.counts(names, start_of_day(tx.now)))
    errands = []
    for notice in claimed:
        if notice.resident_id is None:
            errand = _to_group(tx, notice, channels)
        elif not notice.urgent and _is_about(notice) in stopped:
            tx.notices.stopped(notice)
            continue
        else:
            contact = contacts[notice.resident_id]
            errand = _to_person(tx, notice, contact, channels, counts, daily_cap)
        if errand is not None:
            errands.append(errand)
    return errands


def said(
    tx: Transaction,
    errand: Errand,
    troubles: Sequence[Trouble],
    way: Way,
    shown: Sequence[Reply],
    rest: Sequence[str],
) -> None:
    """Note that the notice arrived, by which way, and what its numbers mean there."""
    notice = errand.notice
    _note(tx, notice, troubles)
    tx.notices.delivered(notice, via=way.key)
    if way.resident_id is None:
        return
    if _counts_today(notice):
        tx.tallies.note(_day_of(way.resident_id), start_of_day(tx.now))
    shows(tx, way, shown, rest)


def shows(tx: Transaction, way: Way, shown: Sequence[Reply], rest: Sequence[str] = ()) -> None:
    """Remember what the numbers of a notice mean to the person who has it before them."""
    menu = menus.remembered(list(shown))
    if way.user is None or way.resident_id is None or not (menu or rest):
        return
    key = talks.key_of(way.channel, way.chat, way.user)
    talk = tx.talks.of(key) or Talk(key, way.channel, way.chat, way.user, way.resident_id)
    memory = {**talk.memory, "rest": list(rest)} if rest else talk.memory
    tx.talks.keep(replace(talk, menu=menu or talk.menu, memory=memory))


def unsaid(tx: Transaction, errand: Errand, troubles: Sequence[Trouble]) -> None:
    """Settle a notice that no way has taken: later, unread, on somebody's list, or never."""
    notice = _with_taken(errand.notice, troubles)
    _note(tx, notice, troubles)
    kept = next((t.way.key for t in troubles if t.outcome is StepOutcome.KEPT), None)
    later = [t for t in troubles if t.outcome in MAY_DO_LATER]
    age = tx.now - notice.due_at
    if later and age <= rules.GIVE_UP_AFTER:
        is_try = any(_is_try(trouble) for trouble in later)
        at = tx.now + _pause(tx, notice, later)
        tx.notices.retry(notice, at, later[-1].reason, kept, is_try=is_try)
    elif kept or notice.delivered_via:
        is_carried = _needs_visit(tx, notice)
        lies_for = rules.VISIT_AFTER if is_carried else rules.UNREAD_FOR
        if age < lies_for:
            if kept:
                unread.tell_staff(tx, notice, kept, is_carried=is_carried)
            until = notice.due_at + lies_for
            if notice.expires_at is not None:
                until = min(until, notice.expires_at)
            tx.notices.retry(notice, until, texts.UNREAD, kept)
        else:
            _give_up(tx, notice, texts.UNREAD)
    elif not errand.was_met and age <= rules.GIVE_UP_AFTER:
        # A group not bound yet, a person not met yet: it waits for a day.
        tx.notices.retry(notice, tx.now + rules.LOOK_AGAIN_AFTER, texts.NOT_MET, is_try=False)
    else:
        _give_up(tx, notice, troubles[-1].reason if troubles else texts.NO_WAY_LEFT)


def bounced(
    tx: Transaction, notice_id: int, bounces: int, key: str, reason: str, *, closed: bool
) -> None:
    """Say again what the platform took at this address and did not bring.

    The next way is taken at once where this one is `closed`, as the caller sees to; after a few
    tries nobody was reached. `bounces` is how often it had come back before.
    """
    notice = tx.reaching.taken_back(notice_id, bounces, key)
    if notice is None:
        return
    channel = key.partition(":")[0]
    tx.reaching.step(notice, channel, StepOutcome.LATER, reason)
    if notice.attempts < rules.PATIENT_FOR:
        pause = timedelta(0) if closed else rules.wait(notice.attempts)
        tx.notices.retry(notice, tx.now + pause, reason)
    else:
        _give_up(tx, notice, reason)


def come_back(tx: Transaction, resident_id: int) -> None:
    """Send what somebody was to carry and the person has not read: they are here again."""
    visit = tx.visits.open_of(resident_id)
    if visit is not None and tx.visits.settle(visit, VisitState.CAME_BACK, None):
        tx.reaching.send_again(visit.notices)


def _with_taken(notice: Notice, troubles: Sequence[Trouble]) -> Notice:
    """Return the notice with what was taken of it, way by way, before there was trouble."""
    now = {t.way.key: list(t.taken) for t in troubles if t.taken is not None}
    return dataclasses.replace(notice, taken={**(notice.taken or {}), **now})


def _is_try(trouble: Trouble) -> bool:
    """Whether the way failed: one that is full or closed has only said when it is not."""
    failed = trouble.outcome in {StepOutcome.LATER, StepOutcome.UNSURE}
    return failed and trouble.retry_after is None


def _pause(tx: Transaction, notice: Notice, later: Sequence[Trouble]) -> timedelta:
    """Return how long to wait; what may have arrived somewhere has time, whatever else waits."""
    if any(trouble.outcome is StepOutcome.UNSURE for trouble in later):
        # Noted among the steps already.
        outcomes = [step.outcome for step in tx.reaching.steps(notice.id)]
        return rules.wait_unsure(outcomes.count(StepOutcome.UNSURE))
    return min(trouble.retry_after or _until_next(notice, trouble) for trouble in later)


def _until_next(notice: Notice, trouble: Trouble) -> timedelta:
    return rules.wait(notice.attempts) if _is_try(trouble) else rules.LOOK_AGAIN_AFTER


def _needs_visit(tx: Transaction, notice: Notice) -> bool:
    """Whether somebody goes there: it is important, and it is known to whom and where."""
    if notice.resident_id is None or not rules.topic(notice.topic).is_important:
        return False
    contact = tx.contacts.of([notice.resident_id])[notice.resident_id]
    # Staff are told by their colleagues.
    return contact.is_known and not tx.residents.roles(notice.resident_id)


def _give_up(tx: Transaction, notice: Notice, reason: str) -> None:
    """Put it on the list of people to visit where that helps."""
    if not _needs_visit(tx, notice):
        tx.notices.failed(notice, reason)
        return
    assert notice.resident_id is not None
    tx.notices.to_visit(notice, reason)
    visit, is_new = tx.visits.add(notice.resident_id, notice.id)
    if not is_new:
        return
    resident = tx.residents.by_id(notice.resident_id)
    estate = tx.directory.estate(resident.estate_id)
    house = f"{estate.name if estate else ''}{resident.building or ''}"
    notify.tell_staff(
        tx,
        resident.community_id,
        key=f"visit:{visit.id}",
        text=texts.to_visit(visit.number, house),
        topic="visits",
        due_at=after_quiet(tx.now),
    )


def _to_group(tx: Transaction, notice: Notice, channels: Container[str]) -> Errand | None:
    assert notice.group_id is not None
    ways = []
    addresses = tx.directory.group_addresses(notice.group_id)
    for address in sorted(addresses, key=lambda one: one.channel in rules.LAST_IN_GROUPS):
        if address.channel not in channels:
            continue
        most = rules.GROUP_A_MINUTE.get(address.channel)
        minute = tx.now.replace(second=0, microsecond=0)
        if most is not None and not notice.urgent:
            said = tx.tallies.add(f"group:{address.key}", minute)
            if said > most:
                tx.notices.put_off(notice, minute + _MINUTE, texts.GROUP_FULL)
                return None
        ways.append(Way(address.key, address.channel, address.chat, None, None))
    return Errand(notice, tuple(ways))


def _to_person(
    tx: Transaction,
    notice: Notice,
    contact: Contact,
    channels: Container[str],
    counts: dict[str, int],
    daily_cap: int,
) -> Errand | None:
    morning = _waits_until(notice, tx.now)
    if morning is None and _counts_today(notice):
        name = _day_of(contact.resident_id)
        if counts.get(name, 0) >= daily_cap:
            tomorrow = start_of_day(tx.now) + timedelta(days=1)
            morning = after_quiet(tomorrow)
        else:
            counts[name] = counts.get(name, 0) + 1
    if morning is not None:
        tx.notices.put_off(notice, morning, texts.WAITS_FOR_MORNING)
        return None
    ways = [way for way in _ways(notice, contact, channels) if way.key != notice.delivered_via]
    return Errand(notice, tuple(ways), bool(contact.addresses), contact.elder_mode)


def _waits_until(notice: Notice, now: datetime) -> datetime | None:
    """Return the end of the quiet hours for what was put off into them; None to go on."""
    if notice.urgent or rules.topic(notice.topic).has_own_hours or not is_quiet(now):
        return None
    return after_quiet(now)


def _ways(notice: Notice, contact: Contact, channels: Container[str]) -> list[Way]:
    ways = [
        Way(a.key, a.channel, a.chat, a.user, a.resident_id)
        for a in contact.addresses
        if a.unreachable_since is None and a.channel in channels
    ]
    if (
        contact.phone
        and SMS in channels
        and (notice.urgent or rules.topic(notice.topic).is_important)
    ):
        key = f"{SMS}:{contact.resident_id}"
        ways.append(Way(key, SMS, contact.phone, None, contact.resident_id))
    return sorted(
        ways,
        key=lambda way: rules.place_in_order(
            way.channel, is_last_used=way.key == contact.last_address, name=notice.topic
        ),
    )


def _note(tx: Transaction, notice: Notice, troubles: Sequence[Trouble]) -> None:
    for trouble in troubles:
        tx.reaching.step(notice, trouble.way.channel, trouble.outcome, trouble.reason)
        if trouble.outcome is not StepOutcome.REFUSED:
            continue
        if trouble.way.resident_id is None:
            tx.directory.leave_group(trouble.way.key)
        else:
            tx.residents.mark_unreachable(trouble.way.key)


def _is_about(notice: Notice) -> tuple[int | None, str | None]:
    return notice.resident_id, rules.topic(notice.topic).interest


def _counts_today(notice: Notice) -> bool:
    return rules.topic(notice.topic).is_capped and not notice.urgent


def _day_of(resident_id: int) -> str:
    return f"day:{resident_id}"
