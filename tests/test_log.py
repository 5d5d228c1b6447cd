"""What is logged names nobody: no phone, no home, no secret."""

import io
import json
import logging
from collections.abc import Iterator

import pytest

from bot import log

TOKEN = "110201543:AAHdqTcvCH1vGWJxfSeofSAs0K5PALDsaw"
PHONE = "13812345678"


@pytest.fixture(params=["text", "json"])
def lines(request: pytest.FixtureRequest) -> Iterator[io.StringIO]:
    """The log of this test; whatever was set up before comes back after it."""
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    levels = {name: logging.getLogger(name).level for name in log.QUIET}
    stream = io.StringIO()
    log.set_up("debug", request.param, ("hook-secret",), stream)
    yield stream
    root.handlers[:] = handlers
    root.setLevel(level)
    for name, before in levels.items():
        logging.getLogger(name).setLevel(before)


SAYINGS = [
    pytest.param(lambda logger: logger.info("call 13812345678"), id="in the message"),
    pytest.param(lambda logger: logger.info("call %s", PHONE), id="filled in"),
    pytest.param(lambda logger: logger.info("%(who)s", {"who": PHONE}), id="filled in by name"),
    pytest.param(lambda logger: logger.info("got %r", [PHONE]), id="inside something"),
    pytest.param(lambda logger: logger.info("url %s", f"https://x/bot{TOKEN}/getMe"), id="a token"),
    pytest.param(lambda logger: logger.info("header hook-secret"), id="a configured secret"),
    pytest.param(lambda logger: logger.info("住 3栋2单元1201室 的 %s", PHONE), id="a home"),
]


@pytest.mark.parametrize("say", SAYINGS)
def test_a_log_line_names_nobody(say: object, lines: io.StringIO) -> None:
    assert callable(say)
    say(logging.getLogger("bot.anything"))

    shown = lines.getvalue()
    assert shown
    assert not any(secret in shown for secret in (PHONE, TOKEN, "hook-secret", "1201"))


def fail() -> None:
    message = f"{PHONE} {TOKEN}"
    raise ValueError(message)


def test_a_traceback_names_nobody(lines: io.StringIO) -> None:
    try:
        fail()
    except ValueError:
        logging.getLogger("bot.anything").exception("message failed")

    shown = lines.getvalue()
    assert "ValueError" in shown
    assert "test_log.py" in shown
    assert PHONE not in shown
    assert TOKEN not in shown


def test_ids_and_counts_stay_readable(lines: io.StringIO) -> None:
    logging.getLogger("bot.anything").info(
        "notice %s, %d of %s", 123456789012345678, 3, 13912345678
    )

    assert "notice 123456789012345678, 3 of 13912345678" in lines.getvalue()


def test_libraries_that_name_addresses_are_quiet(lines: io.StringIO) -> None:
    for name in ("httpx", "telegram.ext", "httpcore"):
        logging.getLogger(name).info("POST https://api.telegram.org/bot…")
        logging.getLogger(name).debug("anything")

    assert lines.getvalue() == ""


def test_json_lines_are_json(lines: io.StringIO) -> None:
    logging.getLogger("bot.anything").warning("the database is %s", "full")
    shown = lines.getvalue()
    if not shown.startswith("{"):
        return

    line = json.loads(shown)

    assert (line["event"], line["level"], line["logger"]) == (
        "the database is full",
        "warning",
        "bot.anything",
    )
