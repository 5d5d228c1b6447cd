"""Says who did what with a question or a phrasing, and when."""

from handlers import texts as shared
from handlers.context import Context
from handlers.learning import texts


def lines(context: Context, cluster: int, phrasing: int | None = None) -> list[str]:
    """Return the history of a cluster, or of one of its phrasings, a line an event."""
    return [
        texts.event(
            shared.when(event.happened_at, context.now),
            _name(event.actor_id, context),
            event.kind,
            event.phrasing,
            context.tx.words.of(event.words_id).body,
        )
        for event in context.tx.learning.history(cluster, phrasing)
    ]


def _name(actor_id: int | None, context: Context) -> str:
    return "" if actor_id is None else context.tx.residents.by_id(actor_id).name or ""
