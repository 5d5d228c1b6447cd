"""Names every module that defines tables, so that migrations and checks see all of them."""

from storage import (
    alarms,
    answers,
    codes,
    counters,
    directory,
    guide,
    handovers,
    inbox,
    law,
    learning,
    notices,
    personal_words,
    points,
    questions,
    residents,
    shifts,
    talks,
    tickets,
    transcripts,
)
from storage.schema import metadata

MODULES = (
    alarms,
    answers,
    codes,
    counters,
    directory,
    guide,
    handovers,
    inbox,
    learning,
    law,
    notices,
    personal_words,
    points,
    questions,
    residents,
    shifts,
    talks,
    tickets,
    transcripts,
)

__all__ = ["MODULES", "metadata"]
