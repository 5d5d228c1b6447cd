"""Answers questions about the street itself from what is registered: offices, papers, outages."""

from collections.abc import Sequence
from datetime import date, datetime, time

from handlers import texts as shared
from handlers import worktime
from handlers.context import Context
from handlers.directory import places, rules, texts
from handlers.directory.places import Where
from handlers.directory.rules import Standing
from handlers.localtime import SHANGHAI, at, local
from handlers.message import Choice, Message, Reply
from handlers.shifts.finding import days_in
from knowledge.guide import GuideKind, Utility, best_named, stopped_in
from storage.guide import Office, Outage, Service
from storage.words import OfficeDays, QuestionKind, UtilityWord, WordsKind

CHOSEN_FROM = 5
"""With the one that goes back, a menu of six (contracts.md, choices)."""
TOLD = 2
"""Outages told at once: what is going on and what comes next."""
SATURDAY = 5


def ask(message: Message, context: Context) -> list[Reply]:
    """Answer from what is registered; what is not goes to the staff, and is never guessed."""
    found = _found(message, context)
    context.remember(question=message.text[:500])
    return [found] if found is not None else [_unknown(message, context)]


def ask_in_group(message: Message, context: Context) -> Reply | None:
    """Return what everybody may read, or None when it takes a talk to find it."""
    found = _found(message, context)
    return None if found is None or found.choices else found


def show_office(message: Message, context: Context) -> list[Reply]:
    """Show the office that was chosen."""
    found = [o for o in context.tx.guide.offices() if str(o.id) == context.argument]
    text = str(context.recall("question") or "")
    return [_office(found[0], text, context)] if found else ask(message, context)


def show_service(message: Message, context: Context) -> list[Reply]:
    """Show what to bring for the matter that was chosen."""
    found = [s for s in context.tx.guide.services() if str(s.id) == context.argument]
    return [_service(found[0], context)] if found else ask(message, context)


def is_known_outage(message: Message, context: Context) -> bool:
    """Whether a report only says what is announced for that place and going on."""
    return bool(_told_already(message, context))


def tell_known_outage(message: Message, context: Context) -> list[Reply]:
    """Say what is known of what somebody reports, and ask whether to report it all the same."""
    context.remember(to_report=message.text)
    lines = [texts.out_now(outage, context.now) for outage in _told_already(message, context)]
    choices = (
        Choice(texts.REPORT_ANYWAY_LABEL, "tickets.report_said"),
        Choice(texts.NO_REPORT_LABEL, "directory.no_report"),
    )
    return [Reply("\n".join([*lines[:TOLD], texts.REPORT_ANYWAY]), choices)]


def no_report(_message: Message, context: Context) -> list[Reply]:
    """The person needs no report."""
    context.remember(to_report=None)
    return [Reply(texts.NO_REPORT)]


def _found(message: Message, context: Context) -> Reply | None:
    guide = context.reading.guide
    assert guide is not None
    match guide.kind:
        case GuideKind.OFFICE:
            return _offices(message.text, context, is_named=guide.names_office)
        case GuideKind.SERVICE:
            return _services(message.text, context)
        case GuideKind.OUTAGE:
            return _outages(message, guide.stopped, context)


def _unknown(message: Message, context: Context) -> Reply:
    """Say honestly that nothing is registered, and keep the question for the staff."""
    _leave_open(message, context)
    phone = context.street.office_phone
    return Reply(texts.NOT_REGISTERED + (texts.street_phone(phone) if phone else ""))


def _leave_open(message: Message, context: Context) -> None:
    words_id = context.tx.words.keep(context.resident.id, WordsKind.QUESTION, message.text)
    context.tx.questions.keep(context.resident.id, words_id, QuestionKind.HANDOVER)


# Offices


def _offices(text: str, context: Context, *, is_named: bool) -> Reply | None:
    every = context.tx.guide.offices()
    if is_named:
        found = [every[n] for n in best_named(text, [_names(o, context) for o in every])]
    else:
        found = every
    where = places.named_in(text, context) or places.own(context)
    found = _nearest(found, where.community_id if where else None)
    if len(found) > 1:
        choices = (Choice(o.name, f"directory.office:{o.id}") for o in found[:CHOSEN_FROM])
        return Reply(texts.WHICH_OFFICE, tuple(choices))
    return _office(found[0], text, context) if found else None


def _names(office: Office, context: Context) -> list[str]:
    """Return what people call an office; they leave the community's name out."""
    communities = (place.name for place in context.tx.directory.communities())
    bare = [office.name.removeprefix(name) for name in communities]
    tails = [name.removeprefix(texts.COMMUNITY_TAIL) for name in bare]
    return [office.name, *office.also.split(), *bare, *tails]


def _nearest(offices: list[Office], community_id: int | None) -> list[Office]:
    """Return those of the community, else those of the whole street, else all."""
    for wanted in (community_id, None):
        near = [office for office in offices if office.community_id == wanted]
        if near:
            return near
    return offices


def _office(office: Office, text: str, context: Context) -> Reply:
    today = local(context.now).date()
    named = days_in(text, today)
    day = min(named) if named else today
    outdated = rules.is_out_of_date(office.updated_on, today)
    return Reply(texts.office(office, _on(office, day, context.now), outdated=outdated))


def _on(office: Office, day: date, now: datetime) -> str:
    """Say whether an office is open on the day, and today whether it still is."""
    noon = datetime.combine(day, time(12), tzinfo=SHANGHAI)
    name = shared.day(noon, now)
    works, guessed = _is_open(office.days, day)
    mark = texts.PROVISIONAL if guessed else ""
    if not works:
        return texts.closed_on(name) + mark
    opens, closes = (at(noon, time.fromisoformat(clock)) for clock in (office.opens, office.closes))
    if opens <= now < closes:
        return texts.open_now(office) + mark
    if day == local(now).date() and now >= closes:
        return texts.closed_already(office) + mark
    return texts.open_on(name, office) + mark


def _is_open(days: OfficeDays, day: date) -> tuple[bool, bool]:
    """Return whether an office with these days is open, and whether that is only a guess."""
    match days:
        case OfficeDays.WORKDAYS:
            return worktime.works_on(day)
        case OfficeDays.MON_TO_SAT:
            return day.weekday() <= SATURDAY, False
        case OfficeDays.EVERY_DAY:
            return True, False


# What to bring


def _services(text: str, context: Context) -> Reply | None:
    every = context.tx.guide.services()
    found = [every[n] for n in best_named(text, [[s.name, *s.also.split()] for s in every])]
    if len(found) > 1:
        choices = (Choice(s.name, f"directory.service:{s.id}") for s in found[:CHOSEN_FROM])
        return Reply(texts.WHICH_SERVICE, tuple(choices))
    return _service(found[0], context) if found else None


def _service(service: Service, context: Context) -> Reply:
    outdated = rules.is_out_of_date(service.updated_on, local(context.now).date())
    return Reply(texts.service(service, outdated=outdated))


# Outages


def _outages(message: Message, stopped: frozenset[Utility], context: Context) -> Reply:
    """Tell what is announced for the place; nothing announced is said, and no reason guessed."""
    where = places.named_in(message.text, context) or places.own(context)
    utilities = _sorted(stopped)
    told = _standing_now(where, utilities, context)
    lines = [_TOLD[standing](outage, context.now) for standing, outage in told[:TOLD]]
    certain = {Standing.NOW, Standing.PLANNED}
    if where is None:
        lines.append(texts.SAY_ESTATE)
    if told and told[0][0] in certain:
        return Reply("\n".join(lines))
    if not message.is_group:
        _leave_open(message, context)
        context.remember(to_report=texts.out_here(where.name if where else "", utilities))
    none = texts.none_registered(where.name if where else context.street.name, utilities)
    lines = [*lines, texts.STILL_OUT] if told else [none, texts.NOT_KNOWN_WHY, *lines]
    report = Choice(texts.REPORT_LABEL, "tickets.report_said")
    return Reply("\n".join(lines), () if message.is_group else (report,))


_TOLD = {
    Standing.NOW: texts.out_now,
    Standing.PLANNED: texts.planned,
    Standing.DOUBTFUL: texts.doubtful,
    Standing.OVER: texts.over,
}
"""How each is told; what is going on comes first."""


def _standing_now(
    where: Where | None, utilities: Sequence[UtilityWord], context: Context
) -> list[tuple[Standing, Outage]]:
    """Return what is announced for the place, what is going on first, what is over last."""
    since = context.now - rules.TOLD_AFTER
    until = context.now + rules.TOLD_AHEAD
    found = [
        (rules.standing(one.starts_at, one.ends_at, one.ended_at, context.now), one)
        for one in context.tx.guide.outages(since)
        if one.utility in utilities and one.starts_at <= until and _concerns(one, where)
    ]
    if where is None:
        # Of other places only what may reach the asker is worth telling.
        found = [told for told in found if told[0] in {Standing.NOW, Standing.PLANNED}]
    order = list(_TOLD)
    return sorted(found, key=lambda told: (order.index(told[0]), told[1].starts_at))


def _concerns(outage: Outage, where: Where | None) -> bool:
    if where is None:
        return True
    reached = rules.concerns(
        outage.estate_id, outage.community_id, where.estate_id, where.community_id
    )
    # Asked about a whole community, its estates are meant as well.
    return reached or (where.estate_id is None and outage.community_id == where.community_id)


def _told_already(message: Message, context: Context) -> list[Outage]:
    utilities = _sorted(stopped_in(message.text))
    where = places.named_in(message.text, context) or places.own(context)
    if not utilities or where is None:
        return []
    told = _standing_now(where, utilities, context)
    return [outage for standing, outage in told if standing is Standing.NOW]


def _sorted(stopped: frozenset[Utility]) -> list[UtilityWord]:
    return [word for word in UtilityWord if word.value in stopped]
