"""What a notice looks like to whom it goes: with why it comes, and how to hear no more of it."""

from msgspec.structs import replace

from handlers import fitting
from handlers.message import Reply
from handlers.outreach import rules, texts
from handlers.outreach.ladder import Errand


def shown(errand: Errand, reply: Reply) -> tuple[list[Reply], list[str]]:
    """Return the messages a notice becomes, and what is kept for when the person wants more."""
    size = fitting.size_for(elder_mode=errand.elder_mode)
    line = _why(errand)
    longer = f"{reply.text}\n{line}"
    if line and len(longer) <= size.reach(longer):
        reply = replace(reply, text=longer)
    # Nobody else waits for the end of what they did not ask for.
    return fitting.fit([reply], size) if errand.elder_mode else ([reply], [])


def _why(errand: Errand) -> str:
    notice = errand.notice
    if notice.resident_id is None or notice.urgent:
        return ""
    return texts.because(rules.topic(notice.topic).interest)
