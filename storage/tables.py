"""Names every module that defines tables, so that migrations and checks see all of them."""

from storage import (
    alarms,
    answers,
    bindings,
    codes,
    counters,
    directory,
    handovers,
    inbox,
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
    bindings,
    codes,
    counters,
    directory,
    handovers,
    inbox,
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
