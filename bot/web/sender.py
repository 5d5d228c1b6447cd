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
        if not chat.startswith(demo.ROOM) and not self._hub.has_listeners(chat):
            raise Kept(NO_PAGE_OPEN)
