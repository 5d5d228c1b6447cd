"""Robots of staff groups: tell them what happens, and where what is to be done is typed."""

import asyncio
import base64
import hashlib
import logging
from collections.abc import Callable, Mapping
from datetime import timedelta

from bot.channels.rendering import choice_text, split, utf8_bytes
from bot.channels.tencent.errors import ApiTrouble
from bot.channels.tencent.line import Line
from bot.channels.tencent.photos import MediaStore
from bot.channels.wecom import texts
from bot.channels.wecom.account import WECOM, delivery_error
from bot.channels.wecom.pieces import TEXT_BYTES, printable
from bot.channels.wecom.smart_reading import CHANNEL as SMART
from handlers.delivery import DeliveryError
from handlers.message import Reply
from handlers.told import Told
from storage.faults import StoreUnavailable
from storage.residents import address_key
from storage.sendings import Limit
from storage.store import Store
from storage.transaction import Transaction

log = logging.getLogger(__name__)

CHANNEL = "wecom_push"
PATH = "/cgi-bin/webhook/send"
LIMIT = Limit(20, timedelta(minutes=1))
"""What one robot may say (channels.md 4)."""
PHOTO_BYTES = 2 * 1024 * 1024
USED_UP = "the robot's twenty messages of this minute are used up"
NO_STORE = "nothing can be counted now"
NO_ROBOT = "the group has no robot in the configuration"

Body = dict[str, object]


class PushSender:
    """The sending side of the groups' robots (a `handlers.delivery.Sender`)."""

    a_minute = LIMIT.messages

    def __init__(
        self,
        robots: Mapping[str, str],
        store: Store,
        media: MediaStore,
        api_url: str = "",
        *,
        smart_name: str | None = None,
    ) -> None:
        """Prepare.

        Args:
            robots: the key of each robot's address, a secret, by its group's name.
            store: knows the groups, and counts what is said.
            media: has the photographs.
            api_url: where WeCom is, unless it is the real one.
            smart_name: what the smart robot is called, which answers in groups; None without one.
        """
        self._line = Line(api_url or WECOM, media_hosts=())
        self._keys = {chat_of(key): key for key in robots.values()}
        self._groups = {name: chat_of(key) for name, key in robots.items()}
        self._store = store
        self._media = media
        self._smart_name = smart_name

    async def start(self) -> None:
        """Let each named group be told here, and those no longer named no more."""
        await self._store.run(_bound(self._groups))

    async def stop(self) -> None:
        """Close every connection."""
        await self._line.close()

    async def send(self, chat: str, reply: Reply) -> None:
        """Tell a group something that is no notice; raises DeliveryError."""
        await self.say_on(chat, reply, Told())

    async def say_on(self, chat: str, reply: Reply, told: Told) -> None:
        """Tell a group what is left of a reply; raises DeliveryError."""
        key = self._keys.get(chat)
        if key is None:
            raise DeliveryError(NO_ROBOT, permanent=True)
        book = address_key(CHANNEL, chat)
        try:
            said = (await self._bodies(reply, await self._closing(chat)))[told.messages :]
            wait = await self._store.run(lambda tx: tx.sendings.take(book, len(said), (LIMIT,)))
        except StoreUnavailable:
            raise DeliveryError(NO_STORE, permanent=False) from None
        if wait is not None:
            raise DeliveryError(USED_UP, permanent=False, retry_after=wait)
        try:
            for body in said:
                await self._line.post(PATH, {"key": key}, body)
                told.messages += 1
        except ApiTrouble as trouble:
            raise delivery_error(trouble) from None

    async def _closing(self, chat: str) -> str:
        """Return the line that says where to answer: here, where the smart robot hears it."""
        if self._smart_name is None:
            return texts.ANSWER_IN_APP
        here = await self._store.run(lambda tx: _meets_robot(tx, chat))
        return texts.answer_in_group(self._smart_name) if here else texts.ANSWER_IN_APP

    async def _bodies(self, reply: Reply, closing: str) -> list[Body]:
        found: list[Body] = [
            {"msgtype": "text", "text": {"content": piece}}
            for piece in split(as_told(reply, closing), TEXT_BYTES, utf8_bytes)
        ]
        photos = [await asyncio.to_thread(self._photo, name) for name in reply.media]
        return [*found, *(photo for photo in photos if photo is not None)]

    def _photo(self, name: str) -> Body | None:
        try:
            data = self._media.path(name).read_bytes()
        except (OSError, ValueError) as error:
            log.warning("photo %s cannot be read: %s", name, error)
            return None
        if len(data) > PHOTO_BYTES:
            log.info("photo %s is too large for a robot", name)
            return None
        # The platform's own check of what arrived, not a seal.
        md5 = hashlib.md5(data, usedforsecurity=False).hexdigest()
        return {
            "msgtype": "image",
            "image": {"base64": base64.b64encode(data).decode(), "md5": md5},
        }


def as_told(reply: Reply, closing: str) -> str:
    """Return the reply for a group that cannot answer a push: with the words, and where they go."""
    typed = [choice.say for choice in reply.choices if choice.say]
    lines = [printable(reply.text)]
    if typed:
        lines += [texts.TYPE_ONE, *typed]
    elif reply.choices:
        lines += [choice_text(choice, n) for n, choice in enumerate(reply.choices, start=1)]
    return "\n".join([*lines, closing])


def _meets_robot(tx: Transaction, chat: str) -> bool:
    """Whether the group of this chat has the smart robot in it too."""
    address = tx.directory.group_at(CHANNEL, chat)
    if address is None or address.group_id is None:
        return False
    return any(one.channel == SMART for one in tx.directory.group_addresses(address.group_id))


def chat_of(key: str) -> str:
    """Return the name of a robot's chat: its key is a secret and stands in no table."""
    return hashlib.sha256(key.encode()).hexdigest()[:20]


def _bound(groups: Mapping[str, str]) -> Callable[[Transaction], None]:
    def work(tx: Transaction) -> None:
        known = {group.name: group.id for group in tx.directory.groups()}
        for name in groups.keys() - known.keys():
            log.error("no group is called %s: its robot tells nobody anything", name)
        for group_id in known.values():
            for address in tx.directory.group_addresses(group_id):
                if address.channel == CHANNEL and address.chat not in groups.values():
                    tx.directory.leave_group(address.key)
        for name, chat in groups.items():
            if name in known:
                tx.directory.bind_group(CHANNEL, chat, known[name])

    return work
