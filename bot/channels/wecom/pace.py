"""How long the parts of WeCom wait for what."""

from dataclasses import dataclass
from datetime import timedelta


@dataclass(frozen=True, slots=True)
class Pace:
    """Waiting times; tests are in more of a hurry than WeCom."""

    answer: timedelta = timedelta(seconds=4)
    """WeCom waits 5 s for an answer."""
    keep: timedelta = timedelta(milliseconds=700)
    """What keeping a message for later may take of the fifth second."""
    hold: timedelta = timedelta(seconds=20)
    """Of a post that could be neither answered nor kept: WeCom sends it again meanwhile."""
    tend: timedelta = timedelta(seconds=30)
    """How old a message must be that a dead process left, and how often one is looked for."""
    farewell: timedelta = timedelta(seconds=5)
    """What may still be finished when a channel stops."""
    look_again: timedelta = timedelta(minutes=1)
    """How often the customer service is asked without having called: a call may get lost."""
    stream: timedelta = timedelta(minutes=5, seconds=30)
    """WeCom fetches a streamed answer for 6 minutes."""
    refresh: timedelta = timedelta(seconds=1)
    """Over the robot's own line: how often the rest of an answer is looked for."""
    acknowledge: timedelta = timedelta(seconds=5)
    """How long a frame of ours waits for its answer (as the platform's own client does)."""
    ping: timedelta = timedelta(seconds=30)
    """How often the platform wants to hear that the line is alive."""
    reconnect: timedelta = timedelta(seconds=1)
    reconnect_at_most: timedelta = timedelta(seconds=30)
    """Doubled from one to the other after each try (as the platform's own client does)."""
    refused: timedelta = timedelta(minutes=5)
    """After a wrong secret, or another program on the line: two would push each other off."""
    repair: timedelta = timedelta(minutes=1)
    """How long what is to be said waits for a line that was lost."""
