"""Lawyers review legal answers in chat; who leads may hold one back."""

from dataclasses import dataclass

from msgspec.structs import replace

from handlers.context import Context
from handlers.law import changes, rules, texts
from handlers.law.state import State, state_of, states_of
from handlers.localtime import local
from handlers.message import Choice, Message, Reply
from handlers.refusal import Refusal, Why
from knowledge.entries import Entry
from knowledge.law import parse_citation
from knowledge.overlay import Withheld, signed_hash
from storage.law import EntryEvent
from storage.words import EntryEventKind, FrozenWhy, RoleWord, WordsKind

PAGE = 5
"""Answers on one page: a menu has six choices, one of them leads on (contracts.md)."""

LISTED, SHOWN = "review_list", "review_shown"
HISTORY = 6
PHRASINGS = 5

ORDER = (texts.FROZEN, texts.EXPIRED, texts.EXPIRING, texts.VOID, texts.NEVER)
"""What waits most urgently comes first."""


@dataclass(frozen=True, slots=True)
class _Chosen:
    """The answer a command names, and where it stands."""

    entry: Entry
    state: State
    seal: str


def waiting(message: Message, context: Context) -> list[Reply]:
    """List the answers that somebody should look at, five a page."""
    rules.check_may_hold_back(_roles(context))
    found = _to_review(context)
    if not found:
        return [Reply(texts.NOTHING_TO_REVIEW)]
    pages = -(-len(found) // PAGE)
    named = context.argument or context.words.get("page") or "1"
    page = int(named) if named.isdecimal() else 0
    if not 1 <= page <= pages:
        return [Reply(texts.NO_SUCH_PAGE)]
    shown = found[(page - 1) * PAGE : page * PAGE]
    context.remember(**{LISTED: [entry.id for _, entry in shown]})
    choices = [
        Choice(texts.line(status, entry.title), f"law.show:{entry.id}") for status, entry in shown
    ]
    if page < pages:
        choices.append(Choice(texts.NEXT_PAGE, f"law.list:{page + 1}"))
    names = [status for status, _ in found]
    counts = [(name, names.count(name)) for name in ORDER]
    return [Reply(texts.page_head(counts, page, pages), tuple(choices))]


def sign_which(message: Message, context: Context) -> list[Reply]:
    """List what waits to be signed, and say how it is signed."""
    rules.check_may_sign(_roles(context))
    first, *others = waiting(message, context)
    return [replace(first, text=f"{texts.SIGN_HOW}\n{first.text}"), *others]


def show(message: Message, context: Context) -> list[Reply]:
    """Show an answer whole, with the text of its articles and its history."""
    rules.check_may_hold_back(_roles(context))
    chosen = _chosen(context)
    context.remember(**{SHOWN: chosen.seal})
    lawyer = bool(rules.MAY_SIGN & set(_roles(context)))
    lines = [
        *_answer(chosen, context),
        *_articles(chosen.entry, context),
        *_history(chosen.entry, context),
        texts.how_to_go_on(chosen.entry.id, frozen=chosen.state.frozen is not None, lawyer=lawyer),
    ]
    return [Reply("\n".join(lines))]


def sign(message: Message, context: Context) -> list[Reply]:
    """Sign an answer as it was shown; only a lawyer can."""
    rules.check_may_sign(_roles(context))
    chosen = _chosen(context)
    rules.check_sign(
        frozen=chosen.state.frozen is not None,
        shown=context.recall(SHOWN),
        seal=chosen.seal,
        entry=chosen.entry.id,
    )
    context.tx.knowledge_versions.advance()
    held = next(role for role in context.roles() if role.role is RoleWord.LAWYER)
    title_id = context.tx.words.keep(
        context.resident.id, WordsKind.TITLE, held.title or texts.LAWYER
    )
    context.tx.law.record(
        chosen.entry.id,
        EntryEventKind.SIGNED,
        chosen.seal,
        actor_id=context.resident.id,
        words_id=title_id,
    )
    return [Reply(texts.signed(chosen.entry.title))]


def hold_back(message: Message, context: Context) -> list[Reply]:
    """Stop giving an answer, with a reason; its askers and the lawyers are told."""
    rules.check_may_hold_back(_roles(context))
    chosen = _chosen(context)
    reason = _reason(message, context)
    rules.check_hold_back(
        frozen=chosen.state.frozen is not None, reason=reason, entry=chosen.entry.id
    )
    context.tx.knowledge_versions.advance()
    told = changes.freeze(
        context.tx,
        chosen.entry,
        FrozenWhy.HELD_BACK,
        chosen.seal,
        actor_id=context.resident.id,
        words_id=context.tx.words.keep(context.resident.id, WordsKind.REASON, reason),
    )
    if not rules.MAY_SIGN & set(_roles(context)):
        text = texts.lawyers_held_back(chosen.entry.title)
        changes.tell_lawyers(context.tx, f"held:{context.message_key}", text)
    return [Reply(texts.held_back(chosen.entry.title, told))]


def thaw(message: Message, context: Context) -> list[Reply]:
    """Give a frozen answer again; only a lawyer can, and says so where an article changed."""
    rules.check_may_sign(_roles(context))
    chosen = _chosen(context)
    changed = context.knowledge.law.changed
    rules.check_thaw(
        frozen=chosen.state.frozen is not None,
        changed=[citation for citation in chosen.entry.citations if citation in changed],
        compared="compared" in context.words,
        entry=chosen.entry.id,
    )
    context.tx.knowledge_versions.advance()
    changes.thaw(context.tx, chosen.entry, chosen.state, chosen.seal, context.resident.id)
    return [Reply(texts.thawed(chosen.entry.title))]


def _roles(context: Context) -> list[RoleWord]:
    return [role.role for role in context.roles()]


def _chosen(context: Context) -> _Chosen:
    """Return the answer that was named by its id, by its number in the list, or by a button."""
    named = context.argument or context.words.get("entry", "")
    listed = context.recall(LISTED)
    if named.isdecimal() and isinstance(listed, list) and 1 <= int(named) <= len(listed):
        named = str(listed[int(named) - 1])
    entry = context.knowledge.entries.get(named)
    if entry is None:
        raise Refusal(Why.ENTRY_UNKNOWN, entry=named)
    seal = signed_hash(entry, context.knowledge.law)
    return _Chosen(entry, state_of(context.tx, entry.id), seal)


def _reason(message: Message, context: Context) -> str:
    """Return the reason as it was typed: commands are compared folded."""
    found = texts.HOLD_BACK.fullmatch(message.text.strip())
    words = found.groupdict() if found else dict(context.words)
    return (words.get("reason") or "").strip()


def _to_review(context: Context) -> list[tuple[str, Entry]]:
    """Return what waits, with its status, most urgent first."""
    states = states_of(context.tx)
    found = []
    for entry in context.knowledge.entries.values():
        status = _status(entry, states.get(entry.id, State()), context)
        if status != texts.SIGNED:
            found.append((status, entry))
    return sorted(found, key=lambda one: ORDER.index(one[0]))


def _status(entry: Entry, state: State, context: Context) -> str:
    today = local(context.now).date()
    if state.frozen is not None:
        return texts.FROZEN
    if context.knowledge.withheld.get(entry.id) is Withheld.EXPIRED:
        return texts.EXPIRED
    if rules.expires_soon(entry.valid_until, today):
        return texts.EXPIRING
    if state.signed is None:
        return texts.NEVER
    fits = state.signed.hash == signed_hash(entry, context.knowledge.law)
    return texts.SIGNED if fits else texts.VOID


def _answer(chosen: _Chosen, context: Context) -> list[str]:
    entry, state = chosen.entry, chosen.state
    why = state.frozen.why if state.frozen is not None else None
    signature = _signature(state.signed, context) if state.signed is not None else ""
    status = _status(entry, state, context)
    return [
        texts.heading(entry.title, entry.id, entry.group, entry.version),
        texts.status_line(status, why, signature, entry.valid_until),
        entry.short,
        *(texts.fact(fact.say, fact.basis) for fact in entry.facts),
        texts.steps(entry.next, entry.escalate, entry.scope == "local"),
        texts.asked(entry.phrasings[:PHRASINGS]),
    ]


def _signature(event: EntryEvent, context: Context) -> str:
    title = context.tx.words.of(event.words_id).body or texts.LAWYER
    return texts.signed_by(title, local(event.happened_at).date())


def _articles(entry: Entry, context: Context) -> list[str]:
    """Return the articles as the operator loaded them, else name them."""
    law = context.knowledge.law
    keys = {one: key for one in entry.citations if (key := parse_citation(one))}
    copies = context.tx.law.articles(keys.values())
    lines = []
    for citation, key in keys.items():
        copy, known = copies.get(key), law.resolve(citation)
        version = copy.version if copy else known.version if known else ""
        repealed = copy is not None and copy.repealed
        lines.append(
            texts.article(citation, version, changed=citation in law.changed, repealed=repealed)
        )
        lines.append(texts.NO_COPY if copy is None else copy.text or texts.GONE)
    return lines


def _history(entry: Entry, context: Context) -> list[str]:
    lines = []
    for event in context.tx.law.events(entry.id)[-HISTORY:]:
        words = context.tx.words.of(event.words_id).body
        signed = event.kind is EntryEventKind.SIGNED
        reason = "" if signed else words or (texts.WHY[event.why] if event.why else "")
        title = (words if signed else _title(event.actor_id, context)) or ""
        lines.append(texts.happened(event.kind, title, event.happened_at, reason, event.hash))
    return lines


def _title(actor_id: int | None, context: Context) -> str | None:
    """Return what the person who did it is called in the street; the program has no title."""
    if actor_id is None:
        return None
    titles = [role.title for role in context.tx.residents.roles(actor_id) if role.title]
    return titles[0] if titles else context.tx.residents.by_id(actor_id).name
