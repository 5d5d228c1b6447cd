"""Says things to customers: five after each of their messages, within two days, all counted."""

import hashlib
import logging
from collections.abc import Callable, Collection, Sequence
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
from handlers.told import Told
from storage.faults import StoreUnavailable
from storage.quotas import Taken
from storage.residents import address_key
from storage.store import Store
from storage.transaction import Transaction
from storage.words import WindowKind

log = logging.getLogger(__name__)

UNSAID = {Todo.RETRY, Todo.NEW_TOKEN, Todo.CONFIGURE, Todo.DAY_USED_UP, Todo.NOT_GRANTED}
"""What a call is refused with whatever it is about: nothing is known of the message then."""
ELSEWHERE = {Todo.CLOSED, Todo.NO_CONSENT, Todo.UNREACHABLE, Todo.UPLOAD_AGAIN}
"""What says nothing of a number that was used before either, though the platform may have it."""
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
    known: frozenset[str] = frozenset()
    """Those that were counted before, by their numbers."""


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
        """Say something unasked that is no notice; raises as `say_on` does."""
        await self.say_on(chat, reply, Told())

    async def say_on(self, chat: str, reply: Reply, told: Told) -> None:
        """Say what is left of a reply unasked; what the platform had before, it takes no more.

        Raises DeliveryError, WayClosed while a person serves there, and Kept where nothing can be
        said before the customer writes: it is said then.
        """
        try:
            if await self._service.is_with_people(chat):
                raise WayClosed(WITH_PEOPLE, permanent=False)
            code = await self._service.to_bot(chat)
            if code:
                await self.greet(code, reply)
                return
            await self._tell(chat, bodies(reply), told)
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
            await self._say(chat, said, number)
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

    async def _say(self, chat: str, said: Sequence[Body | Piece], number: str) -> None:
        """Answer with these, as many as the window holds; the rest waits for the next words.

        Raises ApiTrouble, or Kept when no window is open.
        """
        numbers = [f"{number}{place:02d}" for place in range(len(said))]
        counted = await self._store.run(_count_answer(chat, said, numbers))
        if counted is None:
            raise Kept(NO_WINDOW)
        unheard = UNSAID if counted.taken is None else set(Todo)
        try:
            for one, body in list(zip(numbers, said, strict=True))[: counted.messages]:
                await self._one(chat, body, one, unheard)
        except ApiTrouble as trouble:
            # An answer is said again under the same number, and was counted for that.
            await self._close(chat, trouble)
            raise

    async def _tell(self, chat: str, said: Sequence[Body | Piece], told: Told) -> None:
        """Say what is left of these, as many as the window holds; the rest waits for words.

        Raises ApiTrouble, or Kept when no window is open.
        """
        numbers = [told.number(place) for place in range(len(said))]
        first = told.messages
        counted = await self._store.run(_count_notice(chat, numbers[first:], told))
        if counted is None:
            raise Kept(NO_WINDOW)
        try:
            while told.messages < first + counted.messages:
                number = numbers[told.messages]
                unheard = UNSAID | ELSEWHERE if number in counted.known else set(Todo)
                await self._one(chat, said[told.messages], number, unheard)
                told.messages += 1
        except ApiTrouble as trouble:
            begun = told.messages + (0 if never_left(trouble) else 1)
            await self._take_back(counted, numbers[begun : first + counted.messages])
            await self._close(chat, trouble)
            raise
        rest = [as_json(as_reply(one)) for one in said[told.messages :]]
        if rest:
            key = f"{CHANNEL}:{numbers[told.messages]}"
            await self._store.run(
                lambda tx: tx.late_answers.keep(key, CHANNEL, chat, rest, promised=False)
            )

    async def _take_back(self, counted: _Counted, unsent: Sequence[str]) -> None:
        """Count these no more: they never left."""
        new = [number for number in unsent if number not in counted.known]

        def work(tx: Transaction) -> None:
            tx.customers.not_sent(new)
            if counted.taken is not None:
                tx.quotas.give_back(counted.taken, len(new))

        if new:
            await self._store.run(work)

    async def _close(self, chat: str, trouble: ApiTrouble) -> None:
        """Note that the platform takes nothing more; it may count otherwise, and is right."""
        if isinstance(trouble, ApiError) and trouble.todo is Todo.CLOSED:
            address = address_key(CHANNEL, parts_of(chat)[1])
            await self._store.run(lambda tx: tx.quotas.close(address))

    async def _one(
        self, chat: str, body: Body | Piece, number: str, unheard: Collection[Todo]
    ) -> None:
        """Say one message; a refusal that is none of `unheard` says that it was said before."""
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
            if error.todo in unheard or error.code == NOT_WITH_BOT:
                raise
            log.info("message %s is not said twice: %s", number, error.code)

    async def _uncounted(self, chat: str, said: Sequence[Body | Piece], number: str) -> None:
        try:
            for place, body in enumerate(said):
                if isinstance(body, dict):
                    await self._one(chat, body, f"d{number[1:]}{place:02d}", UNSAID)
        except (ApiTrouble, StoreUnavailable) as trouble:
            log.warning("nothing was said while the store is down: %s", trouble)

    async def _content(self, body: Body | Piece) -> Body | None:
        if isinstance(body, dict):
            return body
        if body.media is None:
            return text_body(body.text)
        media_id = await self._photos.upload(body.media)
        return None if media_id is None else image_body(media_id)


def _count_answer(
    chat: str, said: Sequence[Body | Piece], numbers: Sequence[str]
) -> Callable[[Transaction], _Counted | None]:
    """Return the work that counts an answer before it is said; None when no window is open.

    What is more than the window holds is kept for the customer's next words.
    """
    address = address_key(CHANNEL, parts_of(chat)[1])

    def work(tx: Transaction) -> _Counted | None:
        known = tx.customers.sent(numbers)
        if known:
            return _Counted(len(known), None)
        taken = tx.quotas.take(address, len(numbers))
        if taken is None:
            return None
        for one in numbers[: taken.messages]:
            tx.customers.sending(one, address)
        kept = [as_json(as_reply(one)) for one in said[taken.messages :]]
        if kept:
            tx.late_answers.keep(f"{CHANNEL}:{numbers[0]}", CHANNEL, chat, kept, promised=False)
        return _Counted(taken.messages, taken)

    return work


def _count_notice(
    chat: str, numbers: Sequence[str], told: Told
) -> Callable[[Transaction], _Counted | None]:
    """Return the work that counts what is new of these; None when there is no room for any.

    What was counted before comes first: its fate is unknown, or we died over it.
    """
    address = address_key(CHANNEL, parts_of(chat)[1])

    def work(tx: Transaction) -> _Counted | None:
        known = tx.customers.sent(numbers)
        new = [one for one in numbers if one not in known]
        taken = tx.quotas.take(address, len(new)) if new else None
        if taken is None and not known:
            return None
        room = taken.messages if taken is not None else 0
        for one in new[:room]:
            tx.customers.sending(one, address, told.notice_id, told.bounces)
        return _Counted(len(known) + room, taken, frozenset(known))

    return work
