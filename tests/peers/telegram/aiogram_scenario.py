"""A bot written with aiogram that holds one talk through the peer and tells what it met.

Runs in .venv-peers, as a process: `python -m tests.peers.telegram.aiogram_scenario
ROOT_URL TOKEN STRANGER_ID FLOODED_ID`, or a line to aiogram_check.py.
The person at the other end writes /start, presses the button, and sends a photograph as soon as
two pollers have met. Prints one JSON object at the end.
"""

import asyncio
import json
import sys
from dataclasses import dataclass, field

from aiogram import Bot
from aiogram.client.session.aiohttp import (
    AiohttpSession,
)
from aiogram.client.telegram import TelegramAPIServer
from aiogram.exceptions import (
    TelegramConflictError,
    TelegramForbiddenError,
    TelegramRetryAfter,
)
from aiogram.types import (
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    Update,
)

POLL_SECONDS = 5


@dataclass
class Talk:
    """The bot's side of the scenario."""

    bot: Bot
    offset: int = 0
    seen: dict[str, object] = field(default_factory=dict)

    async def next_update(self) -> Update:
        """Return the next update and confirm it with the call after."""
        while True:
            for update in await self.bot.get_updates(
                offset=self.offset, limit=1, timeout=POLL_SECONDS
            ):
                self.offset = update.update_id + 1
                return update

    async def ask_and_hear(self) -> None:
        """Greet with a button, take its press, answer and edit."""
        start = (await self.next_update()).message
        self.seen["heard"] = start.text
        button = InlineKeyboardButton(text="报修", callback_data="v1:repair:1")
        await self.bot.send_message(
            start.chat.id,
            "您好，<b>我是小二</b>",
            parse_mode="HTML",
            reply_markup=InlineKeyboardMarkup(inline_keyboard=[[button]]),
        )
        press = (await self.next_update()).callback_query
        self.seen["pressed"] = press.data
        await self.bot.answer_callback_query(press.id, text="好的")
        await self.bot.edit_message_text(
            "请说说哪里坏了", chat_id=press.message.chat.id, message_id=press.message.message_id
        )

    async def meet_refusals(self, stranger_id: int, flooded_id: int) -> None:
        """Write where Telegram does not let a bot write."""
        try:
            await self.bot.send_message(stranger_id, "您好")
        except TelegramForbiddenError as error:
            self.seen["forbidden"] = error.message
        try:
            await self.bot.send_message(flooded_id, "您好")
        except TelegramRetryAfter as error:
            self.seen["retry_after"] = error.retry_after

    async def meet_another_poller(self) -> None:
        """Poll twice at once: one is thrown out, the other gets the photograph."""
        polls = [self.bot.get_updates(offset=self.offset, timeout=POLL_SECONDS) for _ in range(2)]
        results = await asyncio.gather(*polls, return_exceptions=True)
        self.seen["conflicts"] = sum(isinstance(one, TelegramConflictError) for one in results)
        [update] = next(one for one in results if isinstance(one, list))
        self.offset = update.update_id + 1
        photo = await self.bot.get_file(update.message.photo[-1].file_id)
        data = await self.bot.download_file(photo.file_path)
        self.seen["photo"] = data.read().hex()


async def play(root_url: str, token: str, stranger_id: int, flooded_id: int) -> dict[str, object]:
    """Play the scenario; return what the bot met."""
    session = AiohttpSession(api=TelegramAPIServer.from_base(root_url))
    async with Bot(token, session=session) as bot:
        talk = Talk(bot)
        talk.seen["me"] = (await bot.get_me()).username
        await talk.ask_and_hear()
        await talk.meet_refusals(stranger_id, flooded_id)
        await talk.meet_another_poller()
    return talk.seen


if __name__ == "__main__":
    seen = asyncio.run(play(sys.argv[1], sys.argv[2], int(sys.argv[3]), int(sys.argv[4])))
    sys.stdout.write(json.dumps(seen))
