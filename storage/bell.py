"""Rings when something was committed that others wait for, in this process or in another one.

A bell carries no news, only the hint to look: what is missed is found at the next look.
"""

import logging
import os
import select
import threading
from collections.abc import Callable, Collection
from contextlib import ExitStack, suppress
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection, Engine
from sqlalchemy import text as sql
from sqlalchemy.exc import DBAPIError

if TYPE_CHECKING:
    import psycopg

log = logging.getLogger(__name__)

CHANNEL = "xiaoer"
COME_BACK_SECONDS = 1.0
"""Between two tries to listen again after the database went away."""

_SEND = sql("SELECT pg_notify(:channel, ring) FROM unnest(CAST(:rings AS text[])) AS ring")


class Topic(StrEnum):
    """What others may wait for."""

    NOTICES = "notices"
    """Something is to be said at once."""
    CHAT = "chat"
    """A chat, which is named, has a new line in its transcript."""
    KNOWLEDGE = "knowledge"
    """What is answered has changed."""
    LINE = "line"
    """Something is to be said by whoever has the line."""


Ring = tuple[Topic, str]
"""The topic and what it is about; nothing: everything of it, since rings may have been missed."""

Heard = Callable[[str], None]


class Bell:
    """The bell of one store; whoever listens is called on a thread of its own."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._is_shared = engine.dialect.name != "sqlite"
        self._listeners: dict[Topic, list[Heard]] = {topic: [] for topic in Topic}
        self._thread: threading.Thread | None = None
        self._awake, self._wake = -1, -1

    def on(self, topic: Topic, heard: Heard) -> None:
        """Have `heard` called when it rings: from another thread, so it must only pass it on."""
        self._listeners[topic].append(heard)
        if self._is_shared and self._thread is None:
            self._awake, self._wake = os.pipe()
            self._thread = threading.Thread(target=self._listen, name="bell", daemon=True)
            self._thread.start()

    def send(self, connection: Connection, rings: Collection[Ring]) -> None:
        """Have it rung everywhere when the running transaction commits."""
        if self._is_shared and rings:
            said = sorted(f"{topic.value} {about}" for topic, about in rings)
            connection.execute(_SEND, {"channel": CHANNEL, "rings": said})

    def committed(self, rings: Collection[Ring]) -> None:
        """Ring here, where no database does it for us."""
        if not self._is_shared:
            for topic, about in rings:
                self._ring(topic, about)

    def close(self) -> None:
        """Listen no more."""
        if self._thread is not None:
            os.write(self._wake, b".")
            self._thread.join()
            os.close(self._wake)
            os.close(self._awake)

    def _ring(self, topic: Topic, about: str) -> None:
        for heard in self._listeners[topic]:
            heard(about)

    def _listen(self) -> None:
        while True:
            try:
                with ExitStack() as stack:
                    raw = self._engine.raw_connection()
                    stack.callback(raw.close)
                    raw.detach()
                    driver: Any = raw.dbapi_connection
                    driver.autocommit = True
                    driver.execute(f"LISTEN {CHANNEL}".encode())
                    self._all()
                    self._hear(driver)
                    return
            except (DBAPIError, self._engine.dialect.loaded_dbapi.Error) as error:
                log.warning("not told of changes by the database: %s", type(error).__name__)
            if select.select([self._awake], [], [], COME_BACK_SECONDS)[0]:
                return

    def _hear(self, driver: "psycopg.Connection[object]") -> None:
        """Pass on what rings, until told to stop."""
        while self._awake not in select.select([self._awake, driver.fileno()], [], [])[0]:
            for notify in driver.notifies(timeout=0):
                topic, _, about = notify.payload.partition(" ")
                # A newer program beside us may ring for what we do not know.
                with suppress(ValueError):
                    self._ring(Topic(topic), about)

    def _all(self) -> None:
        """Rings may have been missed: let everybody look."""
        for topic in Topic:
            self._ring(topic, "")
