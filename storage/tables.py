"""Names every module that defines tables, so that migrations and checks see all of them."""

from storage import (
    alarms,
    answers,
    codes,
    counters,
    directory,
    handovers,
    inbox,
    merges,
    notices,
    opt_outs,
    personal_words,
    points,
    reaching,
    residents,
    shifts,
    states,
    talks,
    tallies,
    tickets,
    transcripts,
    visits,
)
from storage.schema import metadata

MODULES = (
    alarms,
    answers,
    codes,
    counters,
    directory,
    handovers,
    inbox,
    merges,
    notices,
    opt_outs,
    personal_words,
    points,
    reaching,
    residents,
    shifts,
    states,
    talks,
    tallies,
    tickets,
    transcripts,
    visits,
)

__all__ = ["MODULES", "metadata"]
