"""Staff announce outages in one line, see them read back, and say when they are over."""

from collections.abc import Mapping
from datetime import datetime

from handlers import conversation
from handlers.context import Context
from handlers.conversation import Field, Form, Values
from handlers.directory import places, rules, texts
from handlers.directory.places import Where
from handlers.directory.rules import Standing
from handlers.directory.timing import read_span
from handlers.message import Message, Reply
from handlers.refusal import Refusal, Why
from handlers.residents import texts as residents_texts
from handlers.scope import reaches
from storage.guide import Outage
from storage.words import UtilityWord

REASON_AT_MOST = 120
SOURCE_AT_MOST = 60


def announce(message: Message, context: Context) -> list[Reply]:
    """Read the announcement back; it is published when it is confirmed."""
    if not any(role.role in rules.MAY_ANNOUNCE for role in context.roles()):
        raise Refusal(Why.NOT_ALLOWED)
    rest, why = _announced(context.words)
    stopped = context.words.get("utility") or context.words["utility_b"]
    values: Values = {"utility": texts.UTILITIES[stopped].value}
    span = read_span(rest, context.now)
    before, behind = (rest[: span.begin], rest[span.end :]) if span else (rest, "")
    where = places.meant_by_staff(before, context)
    if where is None and behind:
        where = places.meant_by_staff(behind, context)
        behind = ""
    if message.is_group:
        # Staff talk about outages among themselves; only a whole announcement is one.
        return [Reply(texts.IN_PRIVATE)] if span and where else []
    if span is None and where is None:
        return [Reply(texts.HOW_TO_ANNOUNCE)]
    if where is not None:
        _check_authority(where, context)
        values["place"] = where.name
    if span is not None:
        rules.check_span(span.starts_at, span.ends_at, context.now)
        values["span"] = _packed(span.starts_at, span.ends_at)
        reason = (why if why is not None else behind).strip(texts.AROUND)
        if reason:
            values["reason"] = reason[:REASON_AT_MOST]
    return conversation.begin(OUTAGE, values, message, context)


def _announced(words: Mapping[str, str]) -> tuple[str, str | None]:
    """Return place and time, and the reason where it stands apart from them."""
    if "rest_b" in words:
        why = words.get("why_b", "")
        goes_on = texts.UNTIL.match(why) is not None
        return (words["rest_b"] + why, None) if goes_on else (words["rest_b"], why)
    return words["rest"], None


def restore(message: Message, context: Context) -> list[Reply]:
    """End the outages of a place; only those of one's own part of the street."""
    utility = texts.UTILITIES[context.words["utility"]]
    said = context.words.get("rest", "")
    where = places.meant_by_staff(said, context) if said.strip() else None
    if where is None:
        return [Reply(texts.HOW_TO_RESTORE)]
    theirs = [
        outage
        for outage in context.tx.guide.outages(context.now)
        if outage.utility is utility
        and (outage.estate_id, outage.community_id) == (where.estate_id, where.community_id)
        and _has_authority(where, context)
    ]
    begun = [outage for outage in theirs if _standing(outage, context) is not Standing.PLANNED]
    if begun:
        context.tx.guide.end([outage.id for outage in begun])
        return [Reply(texts.restored(begun))]
    if not theirs:
        return [Reply(texts.nothing_to_restore(where.name, utility))]
    # What never began cannot be over: nobody must be told that the water is back.
    context.tx.guide.forget([outage.id for outage in theirs])
    return [Reply(texts.called_off(theirs))]


def _standing(outage: Outage, context: Context) -> Standing:
    return rules.standing(outage.starts_at, outage.ends_at, outage.ended_at, context.now)


def _publish(values: Values, _message: Message, context: Context) -> list[Reply]:
    """Publish what was confirmed; it takes the place of what was said about it before."""
    where = places.meant_by_staff(str(values["place"]), context)
    if where is None:
        raise Refusal(Why.PLACE_UNKNOWN)
    _check_authority(where, context)
    starts_at, ends_at = _unpacked(values["span"])
    rules.check_span(starts_at, ends_at, context.now)
    utility = UtilityWord(str(values["utility"]))
    outage = Outage(
        id=context.tx.new_id(0),
        utility=utility,
        estate_id=where.estate_id,
        community_id=where.community_id,
        place=where.name,
        starts_at=starts_at,
        ends_at=ends_at,
        ended_at=None,
        reason=str(values["reason"]),
        source=_source(context),
        published_at=context.now,
        published_by=context.resident.id,
        demo=False,
    )
    replaced = [
        old.id
        for old in context.tx.guide.outages(context.now)
        if (old.utility, old.estate_id, old.community_id) == (utility, *_ids(where))
        and (ends_at is None or old.starts_at < ends_at)
        and (old.ends_at is None or starts_at < old.ends_at)
    ]
    context.tx.guide.forget(replaced)
    context.tx.guide.keep(outage)
    return [Reply(texts.published(outage, context.now))]


def _ids(where: Where) -> tuple[int | None, int | None]:
    return where.estate_id, where.community_id


def _source(context: Context) -> str:
    """Name the office behind the announcement, not the person."""
    role = next(role for role in context.roles() if role.role in rules.MAY_ANNOUNCE)
    return (role.title or residents_texts.ROLE_NAMES[role.role])[:SOURCE_AT_MOST]


def _has_authority(where: Where, context: Context) -> bool:
    return any(
        role.role in rules.MAY_ANNOUNCE
        and reaches(role.scope_kind, role.scope_id, where.community_id, where.estate_id)
        for role in context.roles()
    )


def _check_authority(where: Where, context: Context) -> None:
    if not _has_authority(where, context):
        raise Refusal(Why.NOT_ALLOWED)


def _packed(starts_at: datetime, ends_at: datetime | None) -> str:
    return f"{starts_at.isoformat()}/{ends_at.isoformat() if ends_at else ''}"


def _unpacked(value: object) -> tuple[datetime, datetime | None]:
    starts_at, _, ends_at = str(value).partition("/")
    return datetime.fromisoformat(starts_at), datetime.fromisoformat(ends_at) if ends_at else None


def _read_utility(message: Message, _context: Context) -> str | None:
    found = texts.UTILITY.search(message.text)
    return texts.UTILITIES[found["utility"]].value if found else None


def _read_place(message: Message, context: Context) -> str:
    where = places.meant_by_staff(message.text, context)
    if where is None:
        raise Refusal(Why.PLACE_UNKNOWN)
    _check_authority(where, context)
    return where.name


def _read_span(message: Message, context: Context) -> str:
    span = read_span(message.text, context.now)
    if span is None:
        raise Refusal(Why.OUTAGE_SPAN)
    rules.check_span(span.starts_at, span.ends_at, context.now)
    return _packed(span.starts_at, span.ends_at)


def _read_reason(message: Message, _context: Context) -> str | None:
    return message.text.strip(texts.AROUND)[:REASON_AT_MOST] or None


OUTAGE = Form(
    name="outage",
    title=texts.FORM_TITLE,
    fields=(
        Field(
            "utility",
            texts.UTILITY_LABEL,
            texts.ASK_UTILITY,
            texts.EXAMPLE_UTILITY,
            _read_utility,
            lambda value: texts.STOPPED[UtilityWord(str(value))],
        ),
        Field("place", texts.PLACE_LABEL, texts.ASK_PLACE, texts.EXAMPLE_PLACE, _read_place),
        Field(
            "span",
            texts.SPAN_LABEL,
            texts.ASK_SPAN,
            texts.EXAMPLE_SPAN,
            _read_span,
            lambda value: texts.shown_span(*_unpacked(value)),
        ),
        Field("reason", texts.REASON_LABEL, texts.ASK_REASON, texts.EXAMPLE_REASON, _read_reason),
    ),
    submit=_publish,
    verbatim=True,
)
