"""Who serves a customer: the bot, the queue of members, or one of them in their own WeCom."""

import logging

from bot.channels.tencent.errors import ApiError
from bot.channels.wecom.account import Account
from bot.channels.wecom.kf_reading import CHANNEL, parts_of
from storage.residents import address_key
from storage.store import Store
from storage.talks import key_of
from storage.transaction import Transaction
from storage.words import HandoverState, Servant

log = logging.getLogger(__name__)

BOT, QUEUE, ENDED = 1, 2, 4
"""service_state, as the platform counts it."""


class Service:
    """Moves talks between the bot and people."""

    def __init__(self, account: Account, store: Store, *, hands_over: bool) -> None:
        self._account = account
        self._store = store
        self._hands_over = hands_over

    async def to_people(self, chat: str) -> None:
        """Put the talk into the members' queue, once a request for a person waits.

        Raises ApiTrouble, or StoreUnavailable.
        """
        if not self._hands_over:
            return
        address = _address(chat)

        def is_due(tx: Transaction) -> bool:
            waiting = _handover_state(tx, chat) is HandoverState.WAITING
            return waiting and tx.customers.servant(address) is Servant.BOT

        if await self._store.run(is_due):
            await self._change(chat, QUEUE)
            await self._store.run(lambda tx: tx.customers.serve(address, Servant.QUEUE))

    async def is_with_people(self, chat: str) -> bool:
        """Return whether a person is awaited, or serves the customer in their own WeCom."""

        def work(tx: Transaction) -> bool:
            state = _handover_state(tx, chat)
            match tx.customers.servant(_address(chat)):
                case Servant.BOT:
                    return False
                case Servant.QUEUE:
                    return state is HandoverState.WAITING
                case Servant.HUMAN:
                    return state in {HandoverState.WAITING, HandoverState.OWNED}

        return await self._store.run(work)

    async def to_bot(self, chat: str) -> str:
        """Take the talk back; return the code to say something with, empty when none is needed.

        The document lets a talk that people have only be ended: with the code one thing can
        still be said, and the customer's next message begins a new talk with the bot.
        Raises ApiTrouble, or StoreUnavailable.
        """
        address = _address(chat)
        if await self._store.run(lambda tx: tx.customers.servant(address)) is Servant.BOT:
            return ""
        try:
            await self._change(chat, BOT)
            code = ""
        except ApiError as error:
            log.info("a talk is ended because it cannot go back to the bot: %s", error.code)
            code = await self._change(chat, ENDED)
        await self.note(chat, Servant.BOT)
        return code

    async def note(self, chat: str, servant: Servant) -> None:
        """Note who serves the customer now; raises StoreUnavailable."""
        await self._store.run(lambda tx: tx.customers.serve(_address(chat), servant))

    async def _change(self, chat: str, state: int) -> str:
        account, user = parts_of(chat)
        answer = await self._account.post(
            "/cgi-bin/kf/service_state/trans",
            {"open_kfid": account, "external_userid": user, "service_state": state},
        )
        return str(answer.get("msg_code") or "")


def talk_key(chat: str) -> str:
    """Return the key of the customer's talk with us."""
    return key_of(CHANNEL, chat, parts_of(chat)[1])


def _address(chat: str) -> str:
    return address_key(CHANNEL, parts_of(chat)[1])


def _handover_state(tx: Transaction, chat: str) -> HandoverState | None:
    talk = tx.talks.of(talk_key(chat))
    if talk is None or talk.handover_id is None:
        return None
    return tx.handovers.by_id(talk.handover_id).state
