"""What this account may say besides answers; WeChat changes these numbers (channels.md 2.2)."""

from dataclasses import dataclass
from datetime import timedelta


@dataclass(frozen=True, slots=True)
class Allowance:
    """How an account may write to people."""

    customer_messages: bool = False
    """Whether the account has the customer-message interface."""
    per_message: int = 5
    message_window: timedelta = timedelta(hours=48)
    per_action: int = 3
    action_window: timedelta = timedelta(minutes=1)
    template: str = ""
    template_field: str = "thing1"
    subscription: str = ""
    subscription_field: str = "thing1"
    field_length: int = 20
    """Characters of such a field."""


@dataclass(frozen=True, slots=True)
class Pace:
    """How long the channel waits for what; tests are in more of a hurry than WeChat."""

    answer: timedelta = timedelta(seconds=4)
    """WeChat waits 5 s for an answer."""
    keep: timedelta = timedelta(milliseconds=700)
    """What keeping a message for later may take of the fifth second."""
    hold: timedelta = timedelta(seconds=20)
    """Of a post that could be neither answered nor kept: WeChat sends it again meanwhile."""
    note: timedelta = timedelta(seconds=1)
    """Until what happened is written again that the database did not take."""
    follow: timedelta = timedelta(milliseconds=400)
    """After an answer, so that what follows it is shown below it."""
    scene: timedelta = timedelta(seconds=2)
    """What a reply may wait for the QR picture of its code."""
    tend: timedelta = timedelta(seconds=30)
    """How old a message must be that a dead process left, and how often one is looked for."""
    farewell: timedelta = timedelta(seconds=5)
    """What may still be finished when the channel stops."""
