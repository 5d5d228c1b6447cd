"""Logs for operators: without phone numbers, addresses and other people's secrets in them."""

import logging
import re
import sys
from collections.abc import Mapping, MutableMapping
from typing import TextIO

import structlog
from structlog.typing import Processor

from knowledge.masking import mask_personal

HIDDEN = "<secret>"
TRACEBACK = "masked_traceback"
_TOKEN = re.compile(r"\d{3,20}:[A-Za-z0-9_-]{20,}")
"""As BotFather gives them, wherever one turns up."""

QUIET = ("httpx", "httpcore", "telegram", "uvicorn", "apscheduler", "PIL", "alembic", "asyncio")
"""They name addresses with tokens, or every request: only their warnings are shown."""


class Clean(logging.Filter):
    """Masks a record before anything formats it; numbers that are counts or ids stay."""

    def __init__(self, secrets: tuple[str, ...] = ()) -> None:
        super().__init__()
        self._secrets = tuple(secret for secret in secrets if secret)

    def filter(self, record: logging.LogRecord) -> bool:
        """Mask the message, what is filled into it and the traceback; let the record pass."""
        record.msg = self.clean(str(record.msg))
        if isinstance(record.args, Mapping):
            record.args = {name: self._plain(value) for name, value in record.args.items()}
        elif record.args:
            record.args = tuple(self._plain(value) for value in record.args)
        if record.exc_info and record.exc_info[0] is not None:
            record.exc_text = self.clean(logging.Formatter().formatException(record.exc_info))
            record.exc_info = None
            # Structlog's formatter forgets the line above, but not what it does not know.
            record.__dict__[TRACEBACK] = record.exc_text
        if record.stack_info:
            record.stack_info = self.clean(record.stack_info)
        return True

    def clean(self, text: str) -> str:
        """Return the text without secrets and without what names a person or a home."""
        for secret in self._secrets:
            text = text.replace(secret, HIDDEN)
        return mask_personal(_TOKEN.sub(HIDDEN, text))

    def _plain(self, value: object) -> object:
        return value if isinstance(value, int | float) else self.clean(str(value))


def set_up(
    level: str = "info",
    form: str = "text",
    secrets: tuple[str, ...] = (),
    stream: TextIO | None = None,
) -> None:
    """Send every log record, masked, to standard error (or `stream`)."""
    handler = logging.StreamHandler(stream or sys.stderr)
    handler.addFilter(Clean(secrets))
    handler.setFormatter(_formatter(form, colours=handler.stream.isatty()))
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level.upper())
    for name in QUIET:
        logging.getLogger(name).setLevel(logging.WARNING)


def _formatter(form: str, *, colours: bool) -> logging.Formatter:
    shared: list[Processor] = [
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=form == "json"),
    ]
    last: list[Processor]
    if form == "json":
        last = [structlog.processors.JSONRenderer(ensure_ascii=False)]
    else:
        last = [structlog.dev.ConsoleRenderer(colors=colours)]
    return structlog.stdlib.ProcessorFormatter(
        foreign_pre_chain=shared,
        processors=[
            _keep_traceback,
            structlog.stdlib.ProcessorFormatter.remove_processors_meta,
            *last,
        ],
    )


def _keep_traceback(
    _logger: object, _name: str, event: MutableMapping[str, object]
) -> MutableMapping[str, object]:
    record = event["_record"]
    assert isinstance(record, logging.LogRecord)
    if TRACEBACK in record.__dict__:
        event["exception"] = record.__dict__[TRACEBACK]
    return event
