"""What follows when law or answers change: freezing, and telling those who relied on them."""

from collections.abc import Mapping, Sequence

from handlers import notify
from handlers.law import rules, texts
from handlers.law.state import State, changed_articles, states_of
from handlers.localtime import after_quiet, local
from handlers.message import Choice, choice_as_json
from knowledge.collecting import Text
from knowledge.entries import Entry
from knowledge.overlay import content_hash, signed_hash
from knowledge.reading import Knowledge
from storage.telling import tell_askers
from storage.transaction import Transaction
from storage.words import EntryEventKind, FrozenWhy

AT_ONCE = 500
"""Articles in one statement."""


def take_over(tx: Transaction, shipped: Knowledge, articles: Sequence[Text]) -> list[Entry]:
    """Keep the operator's statutes; return the answers that are frozen because of them."""
    tx.knowledge_versions.advance()
    for start in range(0, len(articles), AT_ONCE):
        tx.law.put([_row(tx, article) for article in articles[start : start + AT_ONCE]])
    return _freeze_changed(tx, shipped)


def settle(tx: Transaction, shipped: Knowledge) -> None:
    """Compare what is shipped with what was shipped before, and with the operator's statutes.

    Done at every start. The first start of all only notes what there is.
    """
    states = states_of(tx)
    new = any(_is_new(one, states.get(one.id, State())) for one in shipped.entries.values())
    if not new and not _to_freeze(tx, shipped, states):
        return
    # Another worker that starts at the same time waits here, and then finds it done.
    tx.knowledge_versions.advance()
    states = states_of(tx)
    first = {}
    for entry in shipped.entries.values():
        state = states.get(entry.id, State())
        if state.shipped is None:
            first[entry.id] = content_hash(entry)
        elif _is_new(entry, state):
            _note_rewritten(tx, entry, state)
    tx.law.record_shipped(first)
    _freeze_changed(tx, shipped)


def freeze(
    tx: Transaction,
    entry: Entry,
    why: FrozenWhy,
    seal: str,
    *,
    actor_id: int | None = None,
    words_id: int | None = None,
) -> int:
    """Stop giving the answer; return how many people are told that they were given it."""
    kind = EntryEventKind.FROZEN
    event_id = tx.law.record(entry.id, kind, seal, why=why, actor_id=actor_id, words_id=words_id)
    return _tell_askers(tx, entry, event_id, texts.told_frozen(entry.title, why), ())


def thaw(tx: Transaction, entry: Entry, state: State, seal: str, actor_id: int) -> None:
    """Give the answer again; if it was written anew meanwhile, its askers are told now."""
    assert state.frozen is not None
    tx.law.record(entry.id, EntryEventKind.THAWED, seal, actor_id=actor_id)
    if state.shipped is not None and state.shipped.id > state.frozen.id:
        _tell_renewed(tx, entry, state.shipped.id)


def tell_lawyers(tx: Transaction, key: str, text: str) -> None:
    """Have something said to every lawyer of the street, or to the street's staff if none is."""
    lawyers = tx.law.lawyers()
    if not lawyers:
        notify.tell_staff(tx, None, key=key, text=text, topic=texts.TOPIC, street_level=True)
    for lawyer in lawyers:
        notify.tell_resident(tx, lawyer, key=f"{key}:{lawyer}", text=text, topic=texts.TOPIC)


def warn_of_expiry(tx: Transaction, shipped: Knowledge) -> None:
    """Tell the lawyers which answers end soon, once a week: the inbox forgets after seven days."""
    today = local(tx.now).date()
    soon = [
        entry.valid_until
        for entry in shipped.entries.values()
        if rules.expires_soon(entry.valid_until, today)
    ]
    for day in sorted(set(soon)):
        key = f"expiring:{day}"
        if tx.inbox.seen(key) is None:
            tx.inbox.record(key, [])
            tell_lawyers(tx, f"{key}:{today}", texts.expiring(soon.count(day), day))


def _freeze_changed(tx: Transaction, shipped: Knowledge) -> list[Entry]:
    """Freeze every answer with an article that changed; the lawyers are told."""
    found = _to_freeze(tx, shipped, states_of(tx))
    for entry, seal in found:
        freeze(tx, entry, FrozenWhy.LAW_CHANGED, seal)
    if found:
        titles = [entry.title for entry, _ in found]
        tell_lawyers(tx, f"law:{tx.new_id(0)}", texts.lawyers_frozen(titles))
    return [entry for entry, _ in found]


def _to_freeze(
    tx: Transaction, shipped: Knowledge, states: Mapping[str, State]
) -> list[tuple[Entry, str]]:
    """Return answers with a changed article and their seals.

    Not those frozen already, nor those whose articles a lawyer compared just as they are.
    """
    changed = changed_articles(tx, shipped.law)
    law = shipped.law.with_texts(changed)
    found = []
    for entry in shipped.entries.values():
        if not any(citation in changed for citation in entry.citations):
            continue
        state, seal = states.get(entry.id, State()), signed_hash(entry, law)
        compared = state.thawed is not None and state.thawed.hash == seal
        if state.frozen is None and not compared:
            found.append((entry, seal))
    return found


def _is_new(entry: Entry, state: State) -> bool:
    return state.shipped is None or state.shipped.hash != content_hash(entry)


def _note_rewritten(tx: Transaction, entry: Entry, state: State) -> None:
    """Note what is shipped now; who was given something else is told, unless it is frozen."""
    event_id = tx.law.record(entry.id, EntryEventKind.SHIPPED, content_hash(entry))
    if state.frozen is None:
        _tell_renewed(tx, entry, event_id)


def _tell_renewed(tx: Transaction, entry: Entry, event_id: int) -> None:
    again = Choice(texts.SEE_NEW, f"faq.show:{entry.id}", say=entry.title)
    _tell_askers(tx, entry, event_id, texts.told_renewed(entry.title), (again,))


def _tell_askers(
    tx: Transaction, entry: Entry, event_id: int, text: str, choices: Sequence[Choice]
) -> int:
    return tell_askers(
        tx,
        entry=entry.id,
        since=tx.now - rules.TOLD_BACK,
        key=f"answer:{event_id}",
        text=text,
        topic=texts.ASKER_TOPIC,
        choices=[choice_as_json(choice) for choice in choices],
        due_at=after_quiet(tx.now),
    )


def _row(tx: Transaction, article: Text) -> dict[str, object]:
    return {
        "short": article.short,
        "number": article.number,
        "inserted": article.inserted,
        "law": article.law[:200],
        "text": article.text,
        "version": article.version[:200],
        "repealed": article.repealed,
        "hash": article.sha256,
        "imported_at": tx.now,
    }
