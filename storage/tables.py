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
    late_answers,
    law,
    learning,
    notices,
    personal_words,
    points,
    questions,
    quotas,
    residents,
    shifts,
    talks,
    tickets,
    tokens,
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
    late_answers,
    notices,
    personal_words,
    points,
    questions,
    quotas,
    residents,
    shifts,
    talks,
    tickets,
    tokens,
    transcripts,
)

__all__ = ["MODULES", "metadata"]
