"""Says things to members through the app: counted first, because WeCom drops the rest unsaid."""

import logging
from collections.abc import Mapping, Sequence
from datetime import timedelta

from bot.channels.tencent.errors import ApiTrouble
from bot.channels.wecom import texts
from bot.channels.wecom.account import Account, delivery_error
from bot.channels.wecom.cards import Body, with_card
from bot.channels.wecom.photos import Photos
from bot.channels.wecom.pieces import Piece
from bot.channels.wecom.reading import CHANNEL, Chosen
from handlers.delivery import DeliveryError
from handlers.localtime import start_of_day
from handlers.message import Reply
from handlers.told import Told
from storage.faults import StoreUnavailable
from storage.residents import address_key
from storage.sendings import Limit
from storage.store import Store
from storage.transaction import Transaction

log = logging.getLogger(__name__)

LIMITS = (Limit(30, timedelta(minutes=1)), Limit(1000, timedelta(hours=1)))
"""What one member gets from one app; WeCom drops the rest without a word (channels.md 4)."""
DAILY = "wecom:day"
"""Under this name the day's messages of the app are counted (storage/tallies.py)."""
A_DAY_PER_ACCOUNT = 200
USED_UP = "the member's messages of this minute or hour are used up"
DAY_USED_UP = "the app's messages of this day are used up"
NO_STORE = "nothing can be counted now"
NOT_IN_APP = "no such member, or the app is not open to them"


class AppSender:
    """The sending side of the app (a `handlers.delivery.Sender`)."""

    a_minute = LIMITS[0].messages

    def __init__(
        self, account: Account, agent_id: int, store: Store, photos: Photos, *, accounts: int
    ) -> None:
        """`accounts` is how many the corporation may have; 0 where that is not known."""
        self._a_day = accounts * A_DAY_PER_ACCOUNT
        self._account = account
        self._agent_id = agent_id
        self._store = store
        self._photos = photos

    async def send(self, chat: str, reply: Reply) -> None:
        """Say something to a member that is no notice; raises DeliveryError."""
        await self.say_on(chat, reply, Told())

    async def say_on(self, chat: str, reply: Reply, told: Told) -> None:
        """Say what is left of a reply to a member; raises DeliveryError."""
        await self.say(chat, with_card(reply), told)

    async def say(self, user: str, said: Sequence[Piece | Body], told: Told) -> None:
        """Say what is left of these in order or, when that is too much now, nothing.

        Raises DeliveryError.
        """
        left = said[told.messages :]
        try:
            await self._store.run(lambda tx: self._count(tx, user, len(left)))
            for one in left:
                await (self._one(user, one) if isinstance(one, Piece) else self._card(user, one))
                told.messages += 1
        except StoreUnavailable:
            raise DeliveryError(NO_STORE, permanent=False) from None
        except ApiTrouble as trouble:
            raise delivery_error(trouble) from None

    async def show_chosen(self, user: str, chosen: Chosen) -> None:
        """Show on a pressed card what was chosen; it cannot be pressed again.

        The code that came with the press works once: where it is spent, the card stays.
        """
        body: Body = {
            "userids": [user],
            "agentid": self._agent_id,
            "response_code": chosen.code,
            "button": {"replace_name": texts.chosen(chosen.label)},
        }
        try:
            await self._account.post("/cgi-bin/message/update_template_card", body)
        except (ApiTrouble, StoreUnavailable) as trouble:
            log.info("a pressed card stays as it is: %s", trouble)

    def _count(self, tx: Transaction, user: str, messages: int) -> None:
        """Count so many to this member; raise DeliveryError, and count none, where one is full."""
        today = start_of_day(tx.now)
        if self._a_day and tx.tallies.add(DAILY, today, messages) > self._a_day:
            left = start_of_day(today + timedelta(days=1)) - tx.now
            raise DeliveryError(DAY_USED_UP, permanent=False, retry_after=left)
        wait = tx.sendings.take(address_key(CHANNEL, user), messages, LIMITS)
        if wait is not None:
            raise DeliveryError(USED_UP, permanent=False, retry_after=wait)

    async def _one(self, user: str, piece: Piece) -> None:
        if piece.media is None:
            content: Body = {"msgtype": "text", "text": {"content": piece.text}}
        else:
            media_id = await self._photos.upload(piece.media)
            if media_id is None:
                return
            content = {"msgtype": "image", "image": {"media_id": media_id}}
        answer = await self._post(user, content)
        left_out = f"{answer.get('invaliduser') or ''}|{answer.get('unlicenseduser') or ''}"
        # WeCom writes these names in small letters.
        if user.casefold() in left_out.casefold().split("|"):
            raise DeliveryError(NOT_IN_APP, permanent=True)

    async def _card(self, user: str, card: Body) -> None:
        """Add the buttons; without them nothing is lost, since the text before has the words."""
        try:
            await self._post(user, card)
        except ApiTrouble as trouble:
            log.warning("a card was not taken: %s", trouble)

    async def _post(self, user: str, content: Body) -> Mapping[str, object]:
        return await self._account.post(
            "/cgi-bin/message/send", {"touser": user, "agentid": self._agent_id, **content}
        )
