"""Looks at the parts of an installation without starting or changing any of them."""

import asyncio
import os
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from bot.channels.tencent.accounts import wechat_account, wecom_account
from bot.commands import texts, wechat_state
from bot.config import Config
from bot.health import looking
from bot.wiring import open_store
from handlers.localtime import local
from knowledge.check import Report, check_entries
from knowledge.entries import load_entries
from knowledge.law import LawIndex
from storage.faults import StoreUnavailable
from storage.opening import DatabaseUnusable, revision
from storage.tokens import AccessToken


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
        _wechat(config, data),
        _wecom(config, data),
    ]


def knowledge_report(law: Path | None = None) -> Report:
    """Return what is wrong with the shipped entries, and what could not be checked.

    `law` is a folder with `statutes.jsonl` and `topics.json`; each is used where it is there.
    """
    entries = load_entries()
    files = [law / name if law else None for name in ("statutes.jsonl", "topics.json")]
    statutes, topics = (file if file and file.is_file() else None for file in files)
    report = check_entries(entries, LawIndex.load(), statutes, topics)
    today = local(datetime.now(UTC)).date()
    report.errors.extend(
        texts.KNOWLEDGE_EXPIRED.format(entry=entry.id, day=entry.valid_until)
        for entry in entries.values()
        if entry.valid_until < today
    )
    return report


def knowledge_size() -> str:
    """Return how much is known."""
    return texts.KNOWLEDGE_GOOD.format(
        count=len(load_entries()), articles=len(LawIndex.load().articles)
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
    faults = knowledge_report().errors
    return Finding(texts.CHECK_KNOWLEDGE, not faults, faults[0] if faults else knowledge_size())


def _telegram(config: Config) -> Finding:
    if not config.telegram.bot_token():
        return Finding(texts.CHECK_TELEGRAM, True, texts.TELEGRAM_OFF)
    words = texts.TELEGRAM_ON.format(mode=config.telegram.mode)
    return Finding(texts.CHECK_TELEGRAM, True, words)


def _wechat(config: Config, data: Path) -> Finding:
    account = config.wechat
    if not account.is_on:
        return Finding(texts.CHECK_WECHAT, True, texts.WECHAT_OFF)
    words = [texts.WECHAT_MODES[account.mode], wechat_state.means(account)]
    if not account.app_secret():
        return Finding(texts.CHECK_WECHAT, True, "\uff1b".join(words))
    token = _token(config, data, wechat_account(account.app_id))
    trouble = wechat_state.trouble(token)
    words += [wechat_state.age(token), *([trouble] if trouble else [])]
    return Finding(texts.CHECK_WECHAT, trouble is None, "\uff1b".join(words))


def _wecom(config: Config, data: Path) -> Finding:
    on = config.wecom.parts()
    if not on:
        return Finding(texts.CHECK_WECOM, True, texts.WECHAT_OFF)
    words, good = ["\u3001".join(texts.WECOM_PARTS[part] for part in on)], True
    for part in on:
        if part in {"app", "kf"}:
            token = _token(config, data, wecom_account(part, config.wecom.corp_id))
            trouble = wechat_state.trouble(token)
            good = good and trouble is None
            words.append(f"{texts.WECOM_PARTS[part]} {trouble or wechat_state.age(token)}")
    return Finding(texts.CHECK_WECOM, good, "\uff1b".join(words))


def _token(config: Config, data: Path, account: str) -> AccessToken | None:
    """Return what is known of the account's token; None too while the database has another say."""
    if not config.database.url and not (data / "xiaoer.db").exists():
        return None
    try:
        stands, needed = revision(config.database_url(data))
        if stands != needed:
            return None
        store = open_store(config, data)
        try:
            return asyncio.run(store.run(lambda tx: tx.access_tokens.of(account)))
        finally:
            store.close()
    except (DatabaseUnusable, StoreUnavailable):
        return None
