"""python-telegram-bot as a bare client of the peer: a bot nobody here wrote."""

from telegram import Bot, InlineKeyboardButton, InlineKeyboardMarkup, Update
from telegram.request import HTTPXRequest

from tests.peers.telegram.server import TelegramPeer


def a_bot(peer: TelegramPeer) -> Bot:
    """Return a bot whose Telegram is this peer; needs PTB_TIMEDELTA=1 in the environment."""
    return Bot(
        peer.token,
        base_url=peer.base_url,
        base_file_url=peer.base_file_url,
        request=_line(),
        get_updates_request=_line(),
    )


def _line() -> HTTPXRequest:
    # Plain HTTP on loopback: no proxy to ask, no certificates to load.
    options = {"trust_env": False, "verify": False}
    return HTTPXRequest(connection_pool_size=8, httpx_kwargs=options)


def button(text: str, data: str | None = None) -> InlineKeyboardButton:
    """Return a button; its callback data follow from its text unless given."""
    return InlineKeyboardButton(text, callback_data=data or f"v1:{text}")


def keyboard(*labels: str) -> InlineKeyboardMarkup:
    """Return one row of buttons."""
    return InlineKeyboardMarkup([[button(label) for label in labels]])


async def one_update(bot: Bot, after: int = 0) -> Update:
    """Return the next update behind the one numbered `after`, waiting for it."""
    [update] = await bot.get_updates(offset=after + 1, timeout=5, limit=1)
    return update
