"""Says things to customers: five after each of their messages, within two days, all counted."""

import hashlib
import logging
import secrets
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.channels.tencent.errors import ApiError, ApiTrouble, Todo, never_left
from bot.channels.wecom.account import Account, delivery_error
from bot.channels.wecom.kf_reading import CHANNEL, parts_of
from bot.channels.wecom.kf_saying import Body, as_reply, bodies, image_body, text_body
from bot.channels.wecom.kf_service import Service
from bot.channels.wecom.photos import Photos
from bot.channels.wecom.pieces import Piece
from handlers.delivery import DeliveryError, Kept, WayClosed
from handlers.message import Reply, as_json
from handlers.outreach import lying
from storage.faults import StoreUnavailable
from storage.quotas import Taken
from storage.residents import address_key
from storage.store import Store
from storage.transaction import Transaction
from storage.words import WindowKind

log = logging.getLogger(__name__)

UNSAID = {Todo.RETRY, Todo.NEW_TOKEN, Todo.CONFIGURE, Todo.DAY_USED_UP, Todo.NOT_GRANTED}
"""What a call is refused with whatever it is about: nothing is known of the message then."""
NOT_WITH_BOT = 95018
"""The talk is with people, or over [?]."""
NO_WINDOW = "five messages were said, or two days passed, since the customer wrote"
WITH_PEOPLE = "a person serves this customer now"
TALK_OVER = "the talk is over until the customer writes"
NO_STORE = "nothing can be counted now"


@dataclass(frozen=True, slots=True)
class Allowance:
    """How much may be said after a customer's message; the platform changes it."""

    messages: int = 5
    lasts: timedelta = timedelta(hours=48)


@dataclass(frozen=True, slots=True)
class _Counted:
    """How many messages may be said now."""

    messages: int
    taken: Taken | None
    """None where they were counted before, and perhaps said."""


class NotNow(DeliveryError):
    """The platform was busy or out of reach: the same is worth saying again."""

    def __init__(self, trouble: ApiTrouble) -> None:
        super().__init__(f"{type(trouble).__name__}: {trouble}", permanent=False)


class KfSender:
    """The sending side of the customer service (a `handlers.delivery.Sender`)."""

    def __init__(
        self,
        account: Account,
        store: Store,
        photos: Photos,
        service: Service,
        allowance: Allowance,
    ) -> None:
        self._account = account
        self._store = store
        self._photos = photos
        self._service = service
        self._allowance = allowance

    async def send(self, chat: str, reply: Reply) -> None:
        """Say something unasked; raises DeliveryError, WayClosed while a person serves there.

        Raises Kept where nothing can be said before the customer writes: it is said then.
        """
        try:
            if await self._service.is_with_people(chat):
                raise WayClosed(WITH_PEOPLE, permanent=False)
            code = await self._service.to_bot(chat)
            if code:
                await self.greet(code, reply)
                return
            await self._say(chat, bodies(reply), f"n{secrets.token_hex(12)}", unasked=True)
        except StoreUnavailable:
            raise DeliveryError(NO_STORE, permanent=False) from None
        except ApiError as error:
            if error.code == NOT_WITH_BOT:
                raise Kept(TALK_OVER) from None
            raise delivery_error(error) from None
        except ApiTrouble as trouble:
            raise delivery_error(trouble) from None

    async def answer(self, chat: str, replies: Sequence[Reply], to: str) -> None:
        """Answer the message with this id; said again, the platform takes nothing twice.

        Raises DeliveryError, NotNow where it should be said again.
        """
        said = [body for reply in replies for body in bodies(reply)]
        if not said:
            return
        number = f"r{hashlib.sha256(to.encode()).hexdigest()[:24]}"
        try:
            await self._say(chat, said, number, unasked=False)
            await self._service.to_people(chat)
        except StoreUnavailable:
            # Somebody may be in danger, and the platform counts as well: it is said uncounted.
            await self._uncounted(chat, said, number)
        except ApiTrouble as trouble:
            if not isinstance(trouble, ApiError) or trouble.todo is Todo.RETRY:
                raise NotNow(trouble) from None
            raise delivery_error(trouble) from None

    async def greet(self, code: str, reply: Reply) -> None:
        """Say one thing with a code of an event; raises ApiTrouble, or StoreUnavailable."""
        first = next((body for body in bodies(reply) if isinstance(body, dict)), None)
        if first is not None:
            path = "/cgi-bin/kf/send_msg_on_event"
            await self._account.post(path, {"code": code, **first})

    def opens(self, tx: Transaction, user: str, sent_at: datetime) -> None:
        """Count anew from this message of the customer's, and say what waited for it."""
        closes_at = sent_at + self._allowance.lasts
        messages = self._allowance.messages
        address = address_key(CHANNEL, user)
        tx.quotas.open(address, WindowKind.MESSAGE, messages, closes_at)
        lying.say_again(tx, address)

    async def _say(
        self, chat: str, said: Sequence[Body | Piece], number: str, *, unasked: bool
    ) -> None:
        """Say these, as many as the window holds; the rest is kept for the customer's next words.

        Raises ApiTrouble, or Kept when no window is open.
        """
        counted = await self._store.run(_count(chat, said, number, unasked=unasked))
        if counted is None:
            raise Kept(NO_WINDOW)
        place = 0
        try:
            for place, body in enumerate(said[: counted.messages]):
                await self._one(
                    chat, body, f"{number}{place:02d}", is_new=counted.taken is not None
                )
        except ApiTrouble as trouble:
            taken = counted.taken
            if unasked and taken is not None:
                # An answer is said again under the same number, and was counted for that.
                unsaid = taken.messages - place - (0 if never_left(trouble) else 1)
                await self._store.run(lambda tx: tx.quotas.give_back(taken, unsaid))
            if isinstance(trouble, ApiError) and trouble.todo is Todo.CLOSED:
                # The platform counts otherwise than we do: it is right.
                address = address_key(CHANNEL, parts_of(chat)[1])
                await self._store.run(lambda tx: tx.quotas.close(address))
            raise

    async def _one(self, chat: str, body: Body | Piece, number: str, *, is_new: bool) -> None:
        content = await self._content(body)
        if content is None:
            return
        account, user = parts_of(chat)
        try:
            await self._account.post(
                "/cgi-bin/kf/send_msg",
                {"touser": user, "open_kfid": account, "msgid": number, **content},
            )
        except ApiError as error:
            if is_new or error.todo in UNSAID:
                raise
            # It was sent before we died, and is known to the platform by its number.
            log.info("message %s is not said twice: %s", number, error.code)

    async def _uncounted(self, chat: str, said: Sequence[Body | Piece], number: str) -> None:
        try:
            for place, body in enumerate(said):
                if isinstance(body, dict):
                    await self._one(chat, body, f"d{number[1:]}{place:02d}", is_new=False)
        except (ApiTrouble, StoreUnavailable) as trouble:
            log.warning("nothing was said while the store is down: %s", trouble)

    async def _content(self, body: Body | Piece) -> Body | None:
        if isinstance(body, dict):
            return body
        if body.media is None:
            return text_body(body.text)
        media_id = await self._photos.upload(body.media)
        return None if media_id is None else image_body(media_id)


def _count(
    chat: str, said: Sequence[Body | Piece], number: str, *, unasked: bool
) -> Callable[[Transaction], _Counted | None]:
    """Return the work that counts these before they are said; None when no window is open."""
    address = address_key(CHANNEL, parts_of(chat)[1])
    numbers = [f"{number}{place:02d}" for place in range(len(said))]

    def work(tx: Transaction) -> _Counted | None:
        known = tx.customers.sent(numbers)
        if known:
            return _Counted(known, None)
        taken = tx.quotas.take(address, len(numbers))
        if taken is None:
            return None
        for one in numbers[: taken.messages]:
            tx.customers.sending(one, address, unasked=unasked)
        kept = [as_json(as_reply(one)) for one in said[taken.messages :]]
        if kept:
            tx.late_answers.keep(f"{CHANNEL}:{number}", CHANNEL, chat, kept, promised=False)
        return _Counted(taken.messages, taken)

    return work
