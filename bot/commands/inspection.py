"""Looks at the parts of an installation without starting or changing any of them."""

import asyncio
import os
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from bot.commands import texts
from bot.config import Config
from bot.health import looking
from bot.wiring import open_store
from handlers.localtime import local
from knowledge.reading import Knowledge
from storage.faults import StoreUnavailable
from storage.opening import DatabaseUnusable, revision


@dataclass(frozen=True, slots=True)
class Finding:
    """How one part is."""

    part: str
    good: bool
    words: str


def inspect(config: Config, data: Path) -> list[Finding]:
    """Return how each part is."""
    return [
        Finding(
            texts.CHECK_CONFIG, True, texts.DEMO_SETTINGS if config.demo else texts.REAL_SETTINGS
        ),
        _folder(data),
        *_database(config, data),
        _knowledge(),
        _telegram(config),
    ]


def knowledge_faults() -> list[str]:
    """Return what is wrong with the shipped entries."""
    knowledge = Knowledge.load()
    today = local(datetime.now(UTC)).date()
    faults = []
    for entry in knowledge.entries.values():
        faults += [
            texts.KNOWLEDGE_UNKNOWN.format(entry=entry.id, citation=citation)
            for citation in entry.citations
            if knowledge.law.resolve(citation) is None
        ]
        if entry.valid_until < today:
            faults.append(texts.KNOWLEDGE_EXPIRED.format(entry=entry.id, day=entry.valid_until))
    return faults


def knowledge_size() -> str:
    """Return how much is known."""
    knowledge = Knowledge.load()
    return texts.KNOWLEDGE_GOOD.format(
        count=len(knowledge.entries), articles=len(knowledge.law.articles)
    )


def _folder(data: Path) -> Finding:
    if not data.exists():
        return Finding(texts.CHECK_FOLDER, True, texts.FOLDER_NEW.format(folder=data))
    good = data.is_dir() and os.access(data, os.W_OK | os.X_OK)
    words = texts.FOLDER_THERE if good else texts.FOLDER_READ_ONLY
    return Finding(texts.CHECK_FOLDER, good, words.format(folder=data))


def _database(config: Config, data: Path) -> list[Finding]:
    if not config.database.url and not (data / "xiaoer.db").exists():
        return [Finding(texts.CHECK_DATABASE, True, texts.DATABASE_NEW)]
    try:
        stands, needed = revision(config.database_url(data))
    except DatabaseUnusable as unusable:
        words = texts.unusable(unusable.reason.value, unusable.detail)
        return [Finding(texts.CHECK_DATABASE, False, words)]
    if stands is None:
        return [Finding(texts.CHECK_DATABASE, True, texts.DATABASE_NEW)]
    if stands != needed:
        words = texts.DATABASE_OLD.format(revision=stands)
        return [Finding(texts.CHECK_DATABASE, False, words)]
    words = texts.DATABASE_CURRENT.format(revision=stands)
    return [Finding(texts.CHECK_DATABASE, True, words), *_inside(config, data)]


def _inside(config: Config, data: Path) -> list[Finding]:
    """Look at what the database holds: the ledger, the channels as last seen, what waits."""
    try:
        store = open_store(config, data)
        try:
            faults, lines = asyncio.run(
                store.run(lambda tx: (tx.points.faults(), looking.look(tx)))
            )
        finally:
            store.close()
    except StoreUnavailable as unavailable:
        words = texts.STORE_UNAVAILABLE.format(reason=unavailable.kind.value)
        return [Finding(texts.CHECK_LEDGER, False, words)]
    running = [
        Finding(texts.RUNNING.format(part=line.part), line.good, line.words) for line in lines
    ]
    return [_ledger(faults), *running]


def _ledger(faults: list[str]) -> Finding:
    if faults:
        words = texts.LEDGER_FAULTS.format(count=len(faults), first=faults[0])
        return Finding(texts.CHECK_LEDGER, False, words)
    return Finding(texts.CHECK_LEDGER, True, texts.LEDGER_GOOD)


def _knowledge() -> Finding:
    faults = knowledge_faults()
    return Finding(texts.CHECK_KNOWLEDGE, not faults, faults[0] if faults else knowledge_size())


def _telegram(config: Config) -> Finding:
    if not config.telegram.bot_token():
        return Finding(texts.CHECK_TELEGRAM, True, texts.TELEGRAM_OFF)
    words = texts.TELEGRAM_ON.format(mode=config.telegram.mode)
    return Finding(texts.CHECK_TELEGRAM, True, words)
