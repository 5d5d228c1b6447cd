"""An answer that Telegram has not taken yet: in the outbox it outlives us, and has other ways."""

import asyncio
import logging
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta

from bot.channels.telegram import texts
from bot.channels.telegram.places import CHANNEL, private_talk
from handlers import late
from handlers.message import Message, Reply, choice_as_json
from handlers.outreach import rules
from knowledge.masking import mask_personal
from storage.faults import StoreUnavailable
from storage.store import Store
from storage.transaction import Transaction

log = logging.getLogger(__name__)

WORTH_SAYING = timedelta(days=1)
"""After that nobody waits for an answer any more; Telegram keeps what people write no longer."""
TOPIC = "late_answer"


class Unsaid:
    """One answer."""

    def __init__(
        self,
        store: Store,
        message: Message,
        now: datetime,
        username: str,
        is_danger: Callable[[Message], bool],
    ) -> None:
        """Prepare; nothing is kept before there is trouble.

        Args:
            store: has the outbox.
            message: what is answered.
            now: when that was handled.
            username: the bot's, for links into its private talk.
            is_danger: whether a message tells of somebody in danger.
        """
        self._store = store
        self._message = message
        self._sent_at = late.sent_at(message, now)
        self._username = username
        self._is_danger = is_danger
        self._key = ""
        self._kept: Sequence[Reply] = ()
        self._one_at_a_time = asyncio.Lock()

    @property
    def is_kept(self) -> bool:
        """Whether the outbox has it."""
        return bool(self._key)

    async def keep(self, replies: Sequence[Reply], wait: timedelta) -> None:
        """Have the outbox say these after so long, instead of what it was to say before.

        The message, should Telegram send it again, has no other answer any more.
        """
        async with self._one_at_a_time:
            is_danger = self._is_danger(self._message)
            await self._run(lambda tx: self._schedule(tx, replies, wait, is_danger=is_danger))

    async def keep_meanwhile(self, replies: Sequence[Reply], wait: timedelta) -> None:
        """Have the outbox say these after so long, unless it has just these already."""
        if list(self._kept) != list(replies):
            await self.keep(replies, wait)

    async def said(self) -> None:
        """Take it out of the outbox again."""
        async with self._one_at_a_time:
            if self._key:
                await self._run(lambda tx: tx.notices.withdraw(self._key))

    async def _run(self, work: Callable[[Transaction], object]) -> None:
        try:
            await self._store.run(work)
        except StoreUnavailable as unavailable:
            log.warning("an answer is in no outbox: %s", unavailable.kind.value)

    def _schedule(
        self, tx: Transaction, replies: Sequence[Reply], wait: timedelta, *, is_danger: bool
    ) -> None:
        if self._key:
            tx.notices.withdraw(self._key)
        key = self._message.needs.inbox
        to = self._receiver(tx)
        # Apologies of ours and the like are written down nowhere: they are not worth it later.
        if to is None or not (tx.inbox.hand_over(key) or is_danger):
            return
        self._key, self._kept = f"answer:{key}:{tx.new_id(0)}", tuple(replies)
        group_id, resident_id = to
        tx.notices.schedule(
            key=self._key,
            group_id=group_id,
            resident_id=resident_id,
            text=self._text(replies),
            topic=rules.DANGER if is_danger else TOPIC,
            choices=[choice_as_json(choice) for reply in replies for choice in reply.choices],
            media=[name for reply in replies for name in reply.media],
            due_at=tx.now + wait,
            expires_at=tx.now + wait + WORTH_SAYING,
            urgent=is_danger,
        )

    def _receiver(self, tx: Transaction) -> tuple[int | None, int | None] | None:
        """Return the group or the person to tell, by their numbers; None when nobody is known."""
        message = self._message
        if message.is_group:
            there = tx.directory.group_at(CHANNEL, message.chat)
            if there is not None and there.group_id is not None:
                return there.group_id, None
            if message.is_anonymous:
                return None
        resident = tx.residents.at(message.needs.address)
        return None if resident is None else (None, resident.id)

    def _text(self, replies: Sequence[Reply]) -> str:
        said = texts.late_answer(self._sent_at, mask_personal(self._message.text))
        links = [
            texts.link(private_talk(self._username, r.private_key))
            for r in replies
            if r.private_key
        ]
        return "\n".join([said, *(reply.text for reply in replies if reply.text), *links])
