"""The sending side of the web chat: what is said is written down, and open pages are told."""

from handlers import transcript
from handlers.delivery import DeliveryError
from handlers.message import Reply
from storage.faults import StoreUnavailable
from storage.store import Store


class WebSender:
    """Says things in chats of the page (a `handlers.delivery.Sender`)."""

    def __init__(self, store: Store) -> None:
        self._store = store

    async def send(self, chat: str, reply: Reply) -> None:
        """Say something in a chat, whether or not a page is open; raises DeliveryError."""
        try:
            await self._store.run(lambda tx: transcript.keep_replied(tx, chat, [reply], None))
        except StoreUnavailable as error:
            raise DeliveryError(str(error), permanent=False) from error
