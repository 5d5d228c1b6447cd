"""A Telegram of each test's own, the house behind it, and the people who write there."""

from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
from telegram import Bot

from tests.peers.telegram import judge
from tests.peers.telegram.ptb import a_bot
from tests.peers.telegram.server import TelegramPeer
from tests.peers.telegram.shapes import Chat, User
from tests.stores import Clock
from tests.telegram_house import GROUP_ID, House, a_house


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
async def peer(clock: Clock) -> AsyncIterator[TelegramPeer]:
    """Telegram; a test in which we asked it for what it does not know fails at its end."""
    async with TelegramPeer(now=lambda: clock().timestamp()) as peer:
        yield peer
    assert peer.violations == []


@pytest.fixture
async def house(peer: TelegramPeer, clock: Clock, tmp_path: Path) -> AsyncIterator[House]:
    async with a_house(peer, clock, tmp_path) as house:
        yield house


@pytest.fixture
async def bot(peer: TelegramPeer, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Bot]:
    """A bot nobody here wrote, where no house is wanted."""
    monkeypatch.setenv("PTB_TIMEDELTA", "1")
    async with a_bot(peer) as bot:
        yield bot


@pytest.fixture
def li(peer: TelegramPeer) -> User:
    return peer.user(7, "李阿姨", username="li_ayi")


@pytest.fixture
def wang(peer: TelegramPeer) -> User:
    return peer.user(8, "王师傅")


@pytest.fixture
async def greeted(house: House, li: User) -> User:
    """李阿姨, who has pressed Start and was answered."""
    await house.peer.start(li)
    await house.peer.next_message(li)
    await house.settled()
    return li


@pytest.fixture
async def group(house: House, li: User, wang: User) -> Chat:
    """A group of the street's, which 王师傅 administers."""
    group = house.peer.group(GROUP_ID, "芳草苑居民群", [li], admins=[wang])
    await house.bind_group(group)
    return group


@pytest.fixture(scope="module")
def starting_judge() -> Iterator[judge.Judge | None]:
    """aiogram; a module that starts it with its first test has it ready for the last ones."""
    if not judge.PYTHON.exists():
        yield None
        return
    with judge.Judge() as aiogram:
        yield aiogram


@pytest.fixture
def aiogram(starting_judge: judge.Judge | None) -> judge.Judge:
    if starting_judge is None:
        pytest.skip(judge.NO_PYTHON)
    return starting_judge
