"""What a notice looks like to whom it goes: with why it comes, and how to hear no more of it."""

from dataclasses import replace

from handlers import fitting
from handlers.message import Reply
from handlers.outreach import rules, texts
from handlers.outreach.ladder import Errand


def explained(errand: Errand, reply: Reply) -> Reply:
    """Return the message with a line that says why it comes, where there is room for one."""
    notice = errand.notice
    if notice.resident_id is None or notice.urgent:
        return reply
    line = texts.because(rules.topic(notice.topic).interest)
    longer = f"{reply.text}\n{line}"
    return replace(reply, text=longer) if line and len(longer) <= fitting.MESSAGE else reply
