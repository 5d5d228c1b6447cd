"""Who may answer, propose and approve, and how a new phrasing moves."""

from collections.abc import Collection
from datetime import timedelta

from handlers.refusal import Refusal, Why
from storage.words import ClusterState, PhrasingState, RoleWord

OFFER_STANDS_FOR = timedelta(hours=1)
"""So long an offered entry may still be chosen; then the question counts as unanswered."""

DISMISSED_FOR = timedelta(days=90)
"""So long repeats of a dismissed question are dismissed with it: a joke is read once."""

TELL_WITHIN = timedelta(days=30)
"""Whoever could not be told by then (the entry is frozen) is not told any more."""

LONGEST_PHRASING = 60
"""Only up to these characters is a question compared with whole phrasings."""
SHORTEST_PHRASING = 4
LONGEST_ANSWER = 200
"""With the question and the title around it one message of 300 characters."""

DESK = frozenset({RoleWord.SECRETARY, RoleWord.STREET, RoleWord.LAWYER, RoleWord.ADMIN})

NEXT: dict[PhrasingState, frozenset[PhrasingState]] = {
    PhrasingState.PROPOSED: frozenset(
        {PhrasingState.APPROVED, PhrasingState.REFUSED, PhrasingState.WITHDRAWN}
    ),
    # Approved is not published: the replay has its say.
    PhrasingState.APPROVED: frozenset(
        {PhrasingState.PUBLISHED, PhrasingState.WORSE, PhrasingState.WITHDRAWN}
    ),
    PhrasingState.PUBLISHED: frozenset({PhrasingState.WITHDRAWN}),
    PhrasingState.REFUSED: frozenset(),
    PhrasingState.WORSE: frozenset(),
    PhrasingState.WITHDRAWN: frozenset(),
}


def check_desk(held: Collection[RoleWord]) -> None:
    """Raise Refusal unless somebody with these roles may read and answer open questions."""
    if DESK.isdisjoint(held):
        raise Refusal(Why.NOT_ALLOWED)


def check_open(state: ClusterState, number: int) -> None:
    """Raise Refusal unless the cluster waits for a decision."""
    if state is ClusterState.PROPOSED:
        raise Refusal(Why.QUESTION_PROPOSED, number=number)
    if state is not ClusterState.OPEN:
        raise Refusal(Why.QUESTION_CLOSED, number=number)


def check_correct(number: int, words: str, *, given: bool) -> None:
    """Raise Refusal unless there is an answer of the asker's own, and words that put it right."""
    if not given:
        raise Refusal(Why.QUESTION_NOT_YOURS, number=number)
    if not words:
        raise Refusal(Why.QUESTION_CORRECT, number=number)
    if len(words) > LONGEST_ANSWER:
        raise Refusal(Why.FIELD_LONG, most=LONGEST_ANSWER)


def check_step(state: PhrasingState, to: PhrasingState, number: int) -> None:
    """Raise Refusal unless a phrasing may go from `state` to `to`."""
    if to not in NEXT[state]:
        raise Refusal(Why.PHRASING_STEP, number=number)


def check_may_decide(
    held: Collection[RoleWord], proposed_by: int, decides: int, number: int
) -> None:
    """Raise Refusal unless this person may approve or refuse: a lawyer, and never the proposer.

    Four eyes hold for lawyers too: what one of them proposed another one decides.
    """
    if RoleWord.LAWYER not in held:
        raise Refusal(Why.PHRASING_LAWYER, number=number)
    if proposed_by == decides:
        raise Refusal(Why.PHRASING_OWN, number=number)


def check_may_withdraw(
    held: Collection[RoleWord], state: PhrasingState, proposed_by: int, withdraws: int, number: int
) -> None:
    """Raise Refusal unless this person may take a phrasing back.

    What is published only a lawyer or an administrator takes out; one's own proposal anybody.
    """
    check_step(state, PhrasingState.WITHDRAWN, number)
    if {RoleWord.LAWYER, RoleWord.ADMIN}.isdisjoint(held) and (
        state is PhrasingState.PUBLISHED or proposed_by != withdraws
    ):
        raise Refusal(Why.PHRASING_TAKE_OUT, number=number)


def check_phrasing(text: str, masked: str, number: int) -> None:
    """Raise Refusal unless `text` may become a phrasing: short, and naming nobody."""
    if len(text) < SHORTEST_PHRASING:
        raise Refusal(Why.PHRASING_SHORT, number=number)
    if len(text) > LONGEST_PHRASING:
        raise Refusal(Why.PHRASING_LONG, number=number, most=LONGEST_PHRASING)
    if masked != text:
        raise Refusal(Why.PHRASING_PERSONAL, number=number, masked=masked)
