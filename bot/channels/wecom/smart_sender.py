"""Says things unasked through the smart robot, over its own line: to groups and members it met."""

from datetime import timedelta

from bot.channels.wecom import smart_saying, texts
from bot.channels.wecom.account import AFTER_TOO_OFTEN, TOO_OFTEN
from bot.channels.wecom.push import as_told
from bot.channels.wecom.smart_line import UNANSWERED, SmartLine
from bot.channels.wecom.smart_reading import CHANNEL
from handlers.delivery import DeliveryError, Unsure, WayClosed
from handlers.message import Reply
from storage.faults import StoreUnavailable
from storage.residents import address_key
from storage.sendings import Limit
from storage.store import Store
from storage.transaction import Transaction

LIMITS = (Limit(20, timedelta(minutes=1)), Limit(800, timedelta(hours=1)))
"""Of the 30 a minute and 1,000 an hour that one chat gets from the robot (document 101463): the
rest is left to answers, which are not counted."""
NOT_MET = 846607
"""Nobody has spoken to the robot in this chat: it may not begin."""
USED_UP = "the chat's messages of this minute or hour are used up"
NO_STORE = "nothing can be counted now"
NO_LINE = "the robot's line is not open"
NO_ANSWER = "the line did not answer: it may have been said"
NEVER_SPOKE = "nobody has spoken to the robot there"


class SmartSender:
    """The sending side of the smart robot (a `handlers.delivery.Sender`)."""

    a_minute = LIMITS[0].messages

    def __init__(self, line: SmartLine, store: Store, name: str) -> None:
        """`name` is what the robot is called in WeCom."""
        self._line = line
        self._store = store
        self._name = name

    async def send(self, chat: str, reply: Reply) -> None:
        """Say something in a chat; raises DeliveryError."""
        try:
            wait, is_group = await self._store.run(lambda tx: _count(tx, chat))
            if wait is not None:
                raise DeliveryError(USED_UP, permanent=False, retry_after=wait)
            code = await self._line.say(chat, self._body(reply, is_group=is_group))
        except StoreUnavailable:
            raise DeliveryError(NO_STORE, permanent=False) from None
        if code != 0:
            raise _error(code)

    def _body(self, reply: Reply, *, is_group: bool) -> dict[str, object]:
        if is_group:
            text = as_told(reply, texts.answer_in_group(self._name))
            body = smart_saying.posted([Reply(text)])
        else:
            body = smart_saying.posted([reply])
        return body


def _count(tx: Transaction, chat: str) -> tuple[timedelta | None, bool]:
    """Count one message; return how long to wait when it is too many, and who is told."""
    wait = tx.sendings.take(address_key(CHANNEL, chat), 1, LIMITS)
    return wait, tx.directory.group_at(CHANNEL, chat) is not None


def _error(code: int | None) -> DeliveryError:
    if code is None:
        return DeliveryError(NO_LINE, permanent=False)
    if code == UNANSWERED:
        return Unsure(NO_ANSWER)
    if code == NOT_MET:
        return WayClosed(NEVER_SPOKE, permanent=False)
    pause = AFTER_TOO_OFTEN if code == TOO_OFTEN else None
    return DeliveryError(f"the line answered {code}", permanent=False, retry_after=pause)
