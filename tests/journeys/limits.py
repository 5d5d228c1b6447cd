"""What people cannot do on a channel, each with its reason: nothing is left out silently."""

from collections.abc import Container

from tests.journeys.journey import Journey, Presses, Says, SentAgain, Step
from tests.journeys.talks_reaching import OUTAGE, VISIT
from tests.journeys.talks_street import SHIFT_REMINDERS
from tests.journeys.talks_tickets import EDITED

NOT_ON_A_PAGE: dict[Journey, str] = {
    EDITED: "what was sent from a page stays as it is, and the whole talk is about mending it",
    VISIT: "nobody can be blocked on a page; LEFT plays what happens there instead",
}

_KEEPS_NOTHING = "posts what is not taken three times within 15 seconds, then never: LOST is played"
_TAKES_BACK = "lets people take back what they sent, and does not say so; nothing is edited"

NOT_ON_WECHAT: dict[Journey, str] = {
    EDITED: f"WeChat {_TAKES_BACK}",
    OUTAGE: f"WeChat {_KEEPS_NOTHING}",
}

NOT_IN_WECOM: dict[Journey, str] = {
    EDITED: f"WeCom {_TAKES_BACK}",
    OUTAGE: f"WeCom {_KEEPS_NOTHING}",
}

NOT_IN_KF: dict[Journey, str] = {
    EDITED: f"WeChat, where customers write, {_TAKES_BACK}",
    SHIFT_REMINDERS: "nobody is told anything more than 48 hours after they wrote",
}
NOT_WHERE_ONLY_ANSWERED: dict[Journey, str] = {
    VISIT: "who follows again is told by a message of its own; CONTACT plays coming back",
}
"""Beside those in which somebody is told something unasked, and those that WeChat cannot have."""


def tells_unasked(journey: Journey) -> bool:
    """Whether somebody is told something while they do not write, in private.

    An account that only answers cannot: CONTACT tells what happens there instead.
    """
    return any(
        not one.group and one.to != (step.who if isinstance(step, Says | Presses) else "")
        for step in journey.steps
        if not isinstance(step, SentAgain)
        for one in step.seen
    )


def limit_of(step: Step, groups: Container[str]) -> str:
    """Say why a page cannot have this step of a journey; empty when it can."""
    match step:
        case Says(text="", photo=False):
            return "a page sends nothing where there are no words and no photograph"
        case Says(group=group) | Presses(group=group) if group and group not in groups:
            return "a page shows the street's own groups only"
        case _:
            return ""
