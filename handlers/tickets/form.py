"""The report form: asks for what is missing, shows it once, opens one ticket."""

from itertools import pairwise

from handlers import conversation, worktime
from handlers.context import Context
from handlers.conversation import Field, Form, Values
from handlers.message import Choice, Message, Reply
from handlers.refusal import Refusal, Why
from handlers.tickets import reading, rules, steps
from handlers.tickets.reporting import texts
from handlers.tickets.texts import opened, shortened
from knowledge.intent import Intent
from knowledge.places import building_of, corrected
from knowledge.slots import only_place
from storage.directory import Place
from storage.ids import shard_of_community
from storage.words import WordsKind

ESTATES_OFFERED = 5
"""With the one that says none of these, a menu of six (contracts.md, choices)."""
PHOTOS_AT_MOST = 9
LEAST = 2
"""Characters of an answer that says something."""
SURE_OF_ANOTHER_WISH = 0.8


def asking(context: Context) -> str:
    """Return what the open draft waits for."""
    return str(context.talk.form["asking"]) if context.talk.form else ""


def read_what(message: Message, context: Context) -> str | None:
    """Return what is wrong; any sentence will do when it was asked for."""
    if texts.SINCE.fullmatch(message.text.strip(texts.TAIL)):
        return None
    said = reading.read(message.text)
    if said.what:
        return _not_longer(said.what, reading.WHAT_AT_MOST)
    if said.where or _wishes_else(context):
        return None
    return _not_longer(reading.phrase(message.text, None), reading.WHAT_AT_MOST)


def read_where(message: Message, context: Context) -> str | None:
    """Return the place; any words will do when it was asked for."""
    text = reading.heard(message.text)
    said = reading.read(text)
    where = said.where
    asked = asking(context) == "where" and not said.what and not _wishes_else(context)
    if where is None:
        if not asked or not reading.may_be_place(message.text):
            return None
        where = reading.phrase(text, None)
    elif asked and building_of(where) == building_of(None):
        # No building in it: what stands around the word that is known tells which one it is.
        whole = reading.phrase(text, None)
        where = whole if len(whole) <= reading.WHERE_AT_MOST else where
    if _not_longer(where, reading.WHERE_AT_MOST) is None:
        return None
    return reading.placed(where, _known_estate(context), context)


def another_place(message: Message, context: Context) -> str | None:
    """Return the place when the sentence is nothing but one; whatever else it says, it is not."""
    if _wishes_else(context):
        return None
    named = only_place(message.text)
    if named is None:
        return None
    values = context.talk.form["values"] if context.talk.form else {}
    assert isinstance(values, dict)
    before = str(values.get("where") or "")
    if reading.within(before, named):
        return _not_longer(corrected(before, named), reading.WHERE_AT_MOST)
    return read_where(message, context)


def read_estate(message: Message, context: Context) -> str | None:
    """Return the name of the estate that was meant."""
    said = message.text.strip()
    if said in {texts.NO_ESTATE, texts.ELSEWHERE_LABEL}:
        return texts.NO_ESTATE
    estate = reading.estate_like(said, context.tx.directory.estates())
    if estate is not None:
        return estate.name
    if _wishes_else(context):
        return None
    raise Refusal(Why.ESTATE_UNKNOWN)


def read_contact(message: Message, context: Context) -> str | None:
    """Return the telephone number; one that is none is asked for again."""
    found = reading.phone(message.text)
    if found is None and not _wishes_else(context):
        raise Refusal(Why.FIELD_PHONE)
    return found


def absorb(values: Values, message: Message, context: Context) -> bool:
    """Take photos, a point on the map and a phone number whenever they come."""
    text = message.text
    took = _absorb_photos(values, message)
    point = reading.map_point(message)
    if point is not None:
        before = "" if asking(context) == "where" else str(values.get("where") or "")
        values["where"] = f"{before} {point}".strip() if texts.MAP not in before else point
        took = True
    contact = reading.phone(text)
    if contact is not None:
        values["contact"] = contact
        took = took or reading.is_only_phone(text)
    said = reading.read(text)
    _add_matter(values, said.what, context)
    if _gives_place_early(text, said, values, context):
        before = str(values.get("where") or "")
        if said.where and reading.within(before, said.where):
            values["where"] = corrected(before, said.where)
        else:
            values["where"] = reading.placed(said.where, _known_estate(context), context)
        took = took or asking(context) == "estate" or only_place(text) is not None
    if reading.estate_named(said.where or "", context.tx.directory.estates()):
        values.pop("estate", None)
    at_summary = asking(context) == conversation.SUMMARY
    at_estate = asking(context) == "estate" and said.where is not None
    only_caption = at_estate or (at_summary and said.where is None)
    only_where = asking(context) == "what" and only_place(text) is not None
    return took and (not text or contact is not None or only_caption or only_where)


def estate_options(context: Context, _values: Values) -> tuple[Choice, ...]:
    """Return the estates to choose from, those of the person's community first."""
    mine = context.resident.community_id
    estates = sorted(context.tx.directory.estates(), key=lambda e: e.community_id != mine)
    offered = [Choice(e.name, f"form.put:estate={e.name}") for e in estates[:ESTATES_OFFERED]]
    return (*offered, Choice(texts.ELSEWHERE_LABEL, f"form.put:estate={texts.NO_ESTATE}"))


def estate_wanted(context: Context, values: Values) -> bool:
    """Return whether nothing tells yet which estate it is."""
    where = str(values.get("where") or "")
    named = reading.estate_named(where, context.tx.directory.estates())
    return context.resident.estate_id is None and named is None and not reading.is_public(where)


def where_options(context: Context, _values: Values) -> tuple[Choice, ...]:
    """Offer the person's own building."""
    home, building = reading.home(context), context.resident.building
    if home is None or not building:
        return ()
    return (Choice(building, f"form.put:where={texts.place(home, building)}"),)


def submit(values: Values, _message: Message, context: Context) -> list[Reply]:
    """Open the ticket, tell the staff, and say who acts next and when."""
    tx, resident = context.tx, context.resident
    where = str(values["where"])
    estate, community_id = _place_of(where, values, context)
    if estate is not None and not reading.is_public(where):
        where = reading.placed(where, estate.name, context) or where
    photos = [str(name) for name in _listed(values.get("photos"))]
    contact = values.get("contact")
    estate_id = estate.id if estate else None
    due = worktime.add_hours(context.now, rules.RESPOND_HOURS)
    ticket = tx.tickets.open(
        shard=resident.shard if community_id is None else shard_of_community(community_id),
        community_id=community_id,
        estate_id=estate_id,
        reporter_id=resident.id,
        what_id=tx.words.keep(resident.id, WordsKind.REPORT, str(values["what"]), photos),
        where_id=tx.words.keep(resident.id, WordsKind.PLACE, where),
        contact_id=tx.words.keep(resident.id, WordsKind.CONTACT, str(contact)) if contact else None,
        level=rules.first_level(community_id, estate_id),
        respond_by=due.at,
    )
    steps.send_card(tx, ticket)
    who = steps.unit(tx, ticket)
    return [Reply(opened(ticket.number, who, steps.answer_by(tx, ticket)))]


def _place_of(where: str, values: Values, context: Context) -> tuple[Place | None, int | None]:
    """Return the estate and the community a place belongs to, as far as it says."""
    estates = context.tx.directory.estates()
    named = reading.estate_named(where, estates)
    if named:
        return named[0], named[0].community_id
    chosen = next((e for e in estates if e.name == values.get("estate")), None)
    if chosen:
        return chosen, chosen.community_id
    if reading.is_public(where) or "estate" in values:
        return None, context.resident.community_id
    own = context.tx.directory.estate(context.resident.estate_id)
    return own, own.community_id if own else context.resident.community_id


def _known_estate(context: Context) -> str | None:
    values = context.talk.form["values"] if context.talk.form else {}
    assert isinstance(values, dict)
    chosen = values.get("estate")
    return str(chosen) if chosen and chosen != texts.NO_ESTATE else reading.home(context)


def _gives_place_early(text: str, said: reading.Said, values: Values, context: Context) -> bool:
    """Return whether a place came with the answer to another question."""
    estates = context.tx.directory.estates()
    if reading.placed(said.where, None, context) is None:
        return False
    if asking(context) == "estate":
        return reading.estate_named(said.where or "", estates) is None
    return asking(context) == "what" and ("where" not in values or only_place(text) is not None)


def _add_matter(values: Values, what: str | None, context: Context) -> None:
    """Keep what is said to be wrong besides, where only the place was asked for."""
    before = values.get("what")
    if asking(context) != "where" or what is None or not isinstance(before, str):
        return
    if set(pairwise(before)).isdisjoint(pairwise(what)):
        values["what"] = texts.both(before, what)[: reading.WHAT_AT_MOST]


def _absorb_photos(values: Values, message: Message) -> bool:
    if not message.photos:
        return False
    photos = _listed(values.get("photos"))
    values["photos"] = [*photos, *(p for p in message.photos if p not in photos)][:PHOTOS_AT_MOST]
    return True


def _listed(value: object) -> list[object]:
    return list(value) if isinstance(value, list) else []


def _not_longer(text: str, most: int) -> str | None:
    if len(text) > most:
        raise Refusal(Why.FIELD_LONG, most=most)
    return text if len(text) >= LEAST else None


def _wishes_else(context: Context) -> bool:
    """Return whether the sentence surely wants something other than to answer the form."""
    known = context.reading.intent in {Intent.REPAIR, Intent.OTHER}
    return not known and context.reading.intent_confidence >= SURE_OF_ANOTHER_WISH


def _show_what(value: object) -> str:
    return shortened(str(value), 80)


def _show_photos(value: object) -> str:
    return texts.PHOTO_COUNT.format(count=len(_listed(value)))


def _no_photo_said(_message: Message, _context: Context) -> None:
    """Photos were absorbed before; words are none."""


REPORT = Form(
    name="report",
    title=texts.FORM_TITLE,
    fields=(
        Field("what", texts.WHAT_LABEL, texts.ASK_WHAT, texts.EXAMPLE_WHAT, read_what, _show_what),
        Field(
            "where",
            texts.WHERE_LABEL,
            texts.ASK_WHERE,
            texts.EXAMPLE_WHERE,
            read_where,
            options=where_options,
            unsaid=texts.WHERE_UNSAID,
            go_on=texts.GO_ON_WITHOUT_PLACE,
            corrects=another_place,
        ),
        Field(
            "estate",
            texts.ESTATE_LABEL,
            texts.ASK_ESTATE,
            texts.EXAMPLE_ESTATE,
            read_estate,
            options=estate_options,
            wanted=estate_wanted,
            choose_only=True,
        ),
        Field(
            "photos",
            texts.PHOTOS_LABEL,
            texts.ASK_PHOTOS,
            texts.EXAMPLE_PHOTOS,
            _no_photo_said,
            _show_photos,
            required=False,
            asked=False,
            missing=texts.NO_PHOTOS,
        ),
        Field(
            "contact",
            texts.CONTACT_LABEL,
            texts.ASK_CONTACT,
            texts.EXAMPLE_CONTACT,
            read_contact,
            required=False,
            asked=False,
            missing=texts.NO_CONTACT,
        ),
    ),
    submit=submit,
    absorb=absorb,
)
