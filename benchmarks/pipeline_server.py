"""The servers that are compared: `python -m benchmarks.pipeline_server echo|ours PORT FOLDER`."""

import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path

import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

SECRET = "made-up-secret"  # noqa: S105  of this measurement
HEADER = "X-Telegram-Bot-Api-Secret-Token"


def echo() -> Starlette:
    """The yardstick: python-telegram-bot decodes and dispatches; nothing stored or looked up."""
    from telegram import Update  # noqa: PLC0415  each server imports what it needs
    from telegram.ext import Application, ContextTypes, TypeHandler  # noqa: PLC0415

    application = Application.builder().token("1:made-up").updater(None).build()

    async def hear(update: Update, _context: ContextTypes.DEFAULT_TYPE) -> None:
        assert update.effective_message is not None
        assert update.effective_message.text

    application.add_handler(TypeHandler(Update, hear))
    application._initialized = True  # noqa: SLF001  without asking Telegram who we are

    async def webhook(request: Request) -> Response:
        assert request.headers.get(HEADER) == SECRET
        update = Update.de_json(await request.json(), application.bot)
        await application.process_update(update)
        return Response(status_code=200)

    return Starlette(routes=[Route("/telegram", webhook, methods=["POST"])])


def ours(folder: Path) -> Starlette:
    """Decode, dispatcher, FAQ and durable commit; the reply is not sent, as in the yardstick."""
    from bot import memory  # noqa: PLC0415
    from bot.channels.telegram import reading, webhook  # noqa: PLC0415
    from bot.channels.telegram.addressing import Me  # noqa: PLC0415
    from handlers.current import Current  # noqa: PLC0415
    from handlers.dispatcher import Dispatcher  # noqa: PLC0415
    from handlers.street import Street  # noqa: PLC0415
    from handlers.throttle import Throttle  # noqa: PLC0415
    from knowledge.reading import Knowledge  # noqa: PLC0415
    from storage.engine import open_engine  # noqa: PLC0415
    from storage.migrate import upgrade  # noqa: PLC0415
    from storage.spool import Spool  # noqa: PLC0415
    from storage.store import Store  # noqa: PLC0415

    engine = open_engine(f"sqlite:///{folder / 'bench.db'}")
    upgrade(engine)
    store = Store(engine)
    dispatcher = Dispatcher(
        store,
        Current(Knowledge.load()),
        Street("street"),
        lambda: datetime.now(UTC),
        Spool(folder / "alarms.jsonl"),
        # A few people send everything here; people would be slowed down.
        Throttle(store, messages=1 << 40),
    )
    me = Me(1, "xiaoer_bot")

    async def receive(request: Request) -> Response:
        body = await request.body()
        update = webhook.receive(body, request.headers.get(HEADER, ""), SECRET)
        event = reading.read(update, me, datetime.now(UTC))
        assert isinstance(event, reading.Heard)
        assert await dispatcher.handle(event.message)
        return Response(status_code=200)

    @asynccontextmanager
    async def lifespan(_app: Starlette) -> AsyncIterator[None]:
        yield
        store.close()

    memory.settle()  # as `xiaoer run` does once it is ready
    return Starlette(routes=[Route("/telegram", receive, methods=["POST"])], lifespan=lifespan)


def main() -> None:
    """Serve until stopped."""
    which, port, folder = sys.argv[1], int(sys.argv[2]), Path(sys.argv[3])
    app = echo() if which == "echo" else ours(folder)
    uvicorn.run(app, host="127.0.0.1", port=port, log_level="error", access_log=False)


if __name__ == "__main__":
    main()
