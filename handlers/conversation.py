"""Talks of many steps: a form asks for what is missing, shows one summary and is submitted once.

The draft lives in the talk, so it survives a restart and any number of side questions.
"""

from collections.abc import Callable
from dataclasses import dataclass, field

from msgspec.structs import replace

from handlers import texts
from handlers.context import Context
from handlers.fold import command
from handlers.message import Choice, Message, Reply
from handlers.refusal import Refusal
from knowledge.choices import parse_yes_no
from knowledge.intent import Intent
from storage.talks import Json

Values = dict[str, object]
SUMMARY = "summary"

MISSES_BEFORE_PERSON = 2
"""A person is offered at the second miss inside a form (contracts.md)."""


@dataclass(frozen=True, slots=True)
class Field:
    """One thing a form asks for."""

    name: str
    label: str
    ask: str
    example: str
    read: Callable[[Message, Context], object | None]
    """What the message says of it; None when it says nothing; may raise Refusal."""
    show: Callable[[object], str] = str
    required: bool = True
    options: Callable[[Context, Values], tuple[Choice, ...]] = field(
        default=lambda _context, _values: ()
    )
    wanted: Callable[[Context, Values], bool] = field(default=lambda _context, _values: True)
    """Whether the field is asked for at all, given what is known already."""
    asked: bool = True
    """Optional fields that are never asked for stand in the summary, where they can be filled."""
    missing: str = ""
    """What the summary shows while there is no value."""
    unsaid: str = ""
    """What stands where somebody cannot say it when asked again; empty: it is asked for on."""
    go_on: str = ""
    """What is said to whoever goes on without it."""
    choose_only: bool = False
    """Whether only a choice answers it: a nod does not say which."""
    corrects: Callable[[Message, Context], object | None] | None = None
    """What a sentence at the summary sets anew without being asked, when it says only that."""


@dataclass(frozen=True, slots=True)
class Form:
    """A talk of many steps."""

    name: str
    title: str
    fields: tuple[Field, ...]
    submit: Callable[[Values, Message, Context], list[Reply]]
    confirm: bool = True
    """Whether the summary is shown before it is submitted."""
    verbatim: bool = False
    """Whether any sentence is the answer: a reason or a result is never a question of its own."""
    absorb: Callable[[Values, Message, Context], bool] = field(
        default=lambda _values, _message, _context: False
    )
    """Takes what may come at any step (a photo); returns whether it took something."""

    def field_named(self, name: str) -> Field:
        """Return the field; StopIteration is a mistake of ours."""
        return next(f for f in self.fields if f.name == name)


def begin(form: Form, values: Values, message: Message, context: Context) -> list[Reply]:
    """Open the form with what is known already, and ask for the first thing missing."""
    form.absorb(values, message, context)
    return _proceed(form, values, message, context)


def open_form(context: Context, forms: dict[str, Form]) -> Form | None:
    """Return the form this talk is in, or None."""
    draft = context.talk.form
    return None if draft is None else forms.get(str(draft["name"]))


def repeat(form: Form, context: Context) -> Reply:
    """Return the open question once more, for after a side question."""
    draft = _draft(context)
    return _question(form, _values(draft), str(draft["asking"]), context)


def cancel(context: Context) -> list[Reply]:
    """Drop the draft; nothing was submitted."""
    context.open_form(None)
    return [Reply(texts.CANCELLED)]


def back(form: Form, message: Message, context: Context) -> list[Reply]:
    """Ask again for what was asked before the open question."""
    draft = _draft(context)
    values = _values(draft)
    names = [f.name for f in form.fields if f.asked and f.wanted(context, values)]
    names.append(SUMMARY)
    position = names.index(str(draft["asking"])) if draft["asking"] in names else len(names) - 1
    if position == 0:
        return [Reply(texts.AT_FIRST_STEP), repeat(form, context)]
    values.pop(names[position - 1], None)
    return _proceed(form, values, message, context)


def change_line(form: Form, line: int, context: Context) -> list[Reply]:
    """Ask anew for one line of the summary."""
    values = _values(_draft(context))
    lines = [f for f in form.fields if f.wanted(context, values) or f.name in values]
    if not 1 <= line <= len(lines):
        return [Reply(texts.no_such_line(len(lines))), repeat(form, context)]
    return ask_for(form, lines[line - 1].name, context)


def ask_for(form: Form, name: str, context: Context) -> list[Reply]:
    """Ask for one field, whether or not it has a value."""
    values = _values(_draft(context))
    _keep(form, values, name, context)
    return [_question(form, values, name, context)]


def put(form: Form, name: str, value: object, message: Message, context: Context) -> list[Reply]:
    """Take a chosen value and go on."""
    values = _values(_draft(context))
    if value == "":
        values.pop(name, None)
    else:
        values[name] = value
    return _proceed(form, values, message, context)


def submit(form: Form, message: Message, context: Context) -> list[Reply]:
    """Submit what the summary shows; asks instead when something required is missing."""
    values = _values(_draft(context))
    if _missing(form, values, context) is not None:
        return _proceed(form, values, message, context)
    context.open_form(None)
    return form.submit(values, message, context)


def choose_line(form: Form, context: Context) -> list[Reply]:
    """Ask which line of the summary is wrong."""
    values = _values(_draft(context))
    lines = [f for f in form.fields if f.wanted(context, values) or f.name in values]
    choices = tuple(Choice(f.label, f"form.ask:{f.name}") for f in lines)
    return [Reply(texts.WHICH_LINE, choices)]


def hear(form: Form, message: Message, context: Context) -> list[Reply] | None:
    """Return how the form goes on, or None when the message is not for the form."""
    draft = _draft(context)
    values = _values(draft)
    said = command(message.text)
    asking = str(draft["asking"])
    took = form.absorb(values, message, context)
    if asking == SUMMARY:
        decided = _decided(form, values, said, message, context)
        if decided is not None:
            return decided
    if took:
        return _proceed(form, values, message, context)
    if asking == SUMMARY:
        return _heard_at_summary(form, values, message, context)
    return _answered(form, form.field_named(asking), values, message, context)


def _decided(
    form: Form, values: Values, said: str, message: Message, context: Context
) -> list[Reply] | None:
    """A yes submits what the summary shows; a no asks what is wrong."""
    if said in texts.SUBMIT or (said and parse_yes_no(message.text) is True):
        _keep(form, values, SUMMARY, context)
        return submit(form, message, context)
    if said in texts.CHANGE or parse_yes_no(message.text) is False:
        return choose_line(form, context)
    return None


def _answered(
    form: Form, wanted: Field, values: Values, message: Message, context: Context
) -> list[Reply] | None:
    asking = wanted.name
    if texts.no_answer(command(message.text)):
        # Pressing on, or not knowing what to say: the question still stands.
        return None
    if not wanted.required and command(message.text) in texts.SKIP:
        return put(form, asking, "", message, context)
    if wanted.choose_only and _nods(message):
        return _missed(form, values, asking, texts.WAITING_FOR_YOU, context)
    try:
        value = wanted.read(message, context)
    except Refusal as refusal:
        return _missed(form, values, asking, texts.refusal(refusal), context)
    if value is None:
        return None
    values[asking] = value
    return _proceed(form, values, message, context)


def _nods(message: Message) -> bool:
    """Whether somebody only says that they are listening: it chooses nothing."""
    nods = texts.NODDING.fullmatch(command(message.text)) is not None
    return nods or parse_yes_no(message.text) is True


def not_understood(form: Form, message: Message, context: Context, heard: str = "") -> list[Reply]:
    """Return what to say when neither the form nor anything else knew the message."""
    draft = _draft(context)
    values, asking = _values(draft), str(draft["asking"])
    wanted = None if asking == SUMMARY else form.field_named(asking)
    if wanted is not None and wanted.unsaid and draft["misses"]:
        values[asking] = wanted.unsaid
        [question, *rest] = _proceed(form, values, message, context)
        return [replace(question, text=f"{wanted.go_on}\n{question.text}"), *rest]
    return _missed(form, values, asking, heard or texts.understood(message.text), context)


def _heard_at_summary(
    form: Form, values: Values, message: Message, context: Context
) -> list[Reply] | None:
    """A correction may name a new value outright: taken only where nothing else is said."""
    for wanted in form.fields:
        if wanted.corrects is None or wanted.name not in values:
            continue
        value = wanted.corrects(message, context)
        if value is not None and value != values[wanted.name]:
            values[wanted.name] = value
            return _proceed(form, values, message, context)
    return None


def _proceed(form: Form, values: Values, message: Message, context: Context) -> list[Reply]:
    missing = _missing(form, values, context)
    if missing is None and not form.confirm:
        context.open_form(None)
        return form.submit(values, message, context)
    asking = SUMMARY if missing is None else missing.name
    _keep(form, values, asking, context)
    return [_question(form, values, asking, context)]


def _missing(form: Form, values: Values, context: Context) -> Field | None:
    for wanted in form.fields:
        asked_for = wanted.required and wanted.asked and wanted.wanted(context, values)
        if asked_for and wanted.name not in values:
            return wanted
    return None


def _question(form: Form, values: Values, asking: str, context: Context) -> Reply:
    if asking != SUMMARY:
        wanted = form.field_named(asking)
        choices = wanted.options(context, values)
        if not wanted.required:
            choices = (*choices, Choice(texts.SKIP_LABEL, f"form.put:{wanted.name}="))
        return Reply(wanted.ask, choices)
    lines = [
        texts.summary_line(n, f.label, f.show(values[f.name]) if f.name in values else f.missing)
        for n, f in enumerate(
            (f for f in form.fields if f.wanted(context, values) or f.name in values), start=1
        )
    ]
    return Reply(
        texts.summary(form.title, lines),
        (Choice(texts.SUBMIT_LABEL, "form.submit"), Choice(texts.CHANGE_LABEL, "form.change")),
    )


def _missed(form: Form, values: Values, asking: str, heard: str, context: Context) -> list[Reply]:
    misses = int(str(_draft(context).get("misses", 0))) + 1
    _keep(form, values, asking, context, misses=misses)
    question = _question(form, values, asking, context)
    if asking == SUMMARY:
        another = context.reading.intent is Intent.REPAIR
        hint = texts.ANOTHER_MATTER if another else texts.AT_SUMMARY
    else:
        hint = texts.for_example(form.field_named(asking).example)
    if misses >= MISSES_BEFORE_PERSON:
        hint = f"{hint}{texts.OFFER_PERSON}"
    return [Reply(f"{heard}{hint}\n{question.text}", question.choices)]


def _keep(form: Form, values: Values, asking: str, context: Context, misses: int = 0) -> None:
    context.open_form(
        {"name": form.name, "values": dict(values), "asking": asking, "misses": misses}
    )
    context.remember(draft_reminded=None)


def _draft(context: Context) -> Json:
    assert context.talk.form is not None
    return context.talk.form


def _values(draft: Json) -> Values:
    values = draft["values"]
    assert isinstance(values, dict)
    return dict(values)
