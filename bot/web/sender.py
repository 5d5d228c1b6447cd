"""The sending side of the web chat: what is said is written down, and open pages are told."""

from bot.web import demo
from bot.web.hub import Hub
from handlers import transcript
from handlers.delivery import DeliveryError, Kept
from handlers.message import Reply
from storage.faults import StoreUnavailable
from storage.store import Store

NO_PAGE_OPEN = "no page is open"


class WebSender:
    """Says things in chats of the page (a `handlers.delivery.Sender`)."""

    def __init__(self, store: Store, hub: Hub) -> None:
        self._store = store
        self._hub = hub

    async def send(self, chat: str, reply: Reply) -> None:
        """Say something in a chat; raises Kept when no page is open on it, and DeliveryError."""
        try:
            await self._store.run(lambda tx: transcript.keep_replied(tx, chat, [reply], None))
        except StoreUnavailable as error:
            raise DeliveryError(str(error), permanent=False) from error
        if not chat.startswith(demo.ROOM) and not await self._is_open(chat):
            raise Kept(NO_PAGE_OPEN)

    async def _is_open(self, chat: str) -> bool:
        """Return whether a page is open on the chat, here or at another worker."""
        if self._hub.has_listeners(chat) or self._store.carriers == 1:
            return self._hub.has_listeners(chat)
        try:
            return await self._store.run(lambda tx: tx.open_pages.open_elsewhere(chat))
        except StoreUnavailable:
            return False
