"""What years of history cost a message: the same work beside 100,000 rows and beside 10 million."""

import gc
import itertools
import random
import time
from collections.abc import Awaitable, Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

from benchmarks import past
from benchmarks.table import quantile, show
from handlers.current import Current
from handlers.dispatcher import Dispatcher
from handlers.message import Message
from handlers.street import Street
from handlers.throttle import Throttle
from knowledge.reading import Knowledge
from storage.engine import open_engine
from storage.migrate import upgrade
from storage.spool import Spool
from storage.store import Store
from storage.talks import Talk, key_of
from storage.transaction import Needs, Transaction
from tests.peers import postgres

SHORT, LONG = 100_000, 10_000_000
"""Rows of history."""
ROUNDS, TIMES = 6, 1000
"""Rounds, of which the first is left out, and how often each piece of work is done in one."""
PAGE = 100
CHANNEL = "telegram"

Work = Callable[[int, int], Awaitable[object]]
"""Is given a number that was never used and a person's place."""


class Place:
    """One street: its store, and the work that is measured."""

    def __init__(self, store: Store, knowledge: Knowledge, folder: Path) -> None:
        self._store = store
        self._dispatcher = Dispatcher(
            store,
            Current(knowledge),
            Street("street"),
            lambda: datetime.now(UTC),
            Spool(folder / "alarms.jsonl"),
            Throttle(store, messages=1 << 40),
        )

    def works(self) -> Mapping[str, Work]:
        """Return what is measured, by name."""
        return {
            "message (as in CASE=store)": self._message,
            "message, whole: 我的积分": lambda n, who: self._say(n, who, "我的积分"),
            "message, whole: 我的报修": lambda n, who: self._say(n, who, "我的报修"),
            "message, whole: a question": lambda n, who: self._say(n, who, "物业费可以涨价吗"),
            "page of a talk": self._page,
            "a notice due, claimed and marked": self._claim,
        }

    async def _message(self, number: int, who: int) -> None:
        address, talk = f"{CHANNEL}:{who}", key_of(CHANNEL, str(who), str(who))
        needs = Needs(f"{CHANNEL}:{number}", address, talk)

        def work(tx: Transaction) -> None:
            assert tx.inbox.seen(needs.inbox) is None
            resident = tx.residents.at(address)
            assert resident is not None
            kept = tx.talks.of(talk) or Talk(talk, CHANNEL, str(who), str(who), resident.id)
            tx.talks.keep(kept)
            tx.answers.record(resident.id, "fee", 1, 0.9)
            tx.inbox.record(needs.inbox, [{"text": "x" * 200}])

        await self._store.run(work, needs)

    async def _say(self, number: int, who: int, text: str) -> None:
        replies = await self._dispatcher.handle(
            Message(CHANNEL, str(who), str(who), text, str(number))
        )
        assert replies

    async def _page(self, _number: int, who: int) -> None:
        lines = await self._store.run(lambda tx: tx.transcripts.last(str(who), PAGE))
        assert lines

    async def _claim(self, number: int, who: int) -> None:
        resident = who * past.SLICES + who % past.SLICES

        def work(tx: Transaction) -> None:
            due = tx.now - timedelta(seconds=1)
            tx.notices.schedule(
                key=f"{number}", resident_id=resident, text="x", topic="shifts", due_at=due
            )
            [claimed] = tx.notices.claim_due(tx.now, 10)
            tx.notices.delivered(claimed, via="sink")

        await self._store.run(work)


async def main() -> None:
    """Measure both on both engines, one after the other and in turn."""
    knowledge = Knowledge.load()
    gc.collect()
    gc.freeze()  # as the server does
    rows: list[list[object]] = []
    for engine in ("sqlite", "postgresql"):
        with ExitStack() as stack:
            folder = Path(stack.enter_context(TemporaryDirectory()))
            places = {}
            for size in (SHORT, LONG):
                began = time.perf_counter()
                store = stack.enter_context(_store(engine, folder / str(size), size))
                places[size] = Place(store, knowledge, folder)
                print(f"{engine}: {size:,} rows, filled in {time.perf_counter() - began:.0f} s")
            rows += [[engine, *row] for row in await _measure(places)]
    show(["engine", "work", "rows", "p50 µs", "p99 µs", "p50 ratio", "p99 ratio"], rows)


@contextmanager
def _store(kind: str, folder: Path, rows: int) -> Iterator[Store]:
    with ExitStack() as stack:
        url = f"sqlite:///{folder}/street.db"
        if kind != "sqlite":
            url = stack.enter_context(postgres.server()).url
        engine = open_engine(url)
        upgrade(engine)
        assert past.fill(engine, rows) == rows
        engine.dispose()
        store = Store(open_engine(url))
        yield store
        store.close()


async def _measure(places: Mapping[int, Place]) -> list[list[object]]:
    numbers = itertools.count(2 * past.FIRST)
    luck = random.Random(1)  # noqa: S311  the same people each time
    """Return the figures of the quietest round: whatever else runs here only adds to them."""
    rows: list[list[object]] = []
    for name in places[SHORT].works():
        works = {size: place.works()[name] for size, place in places.items()}
        rounds = [await _round(works, numbers, luck) for _ in range(ROUNDS)][1:]
        p50 = {size: min(quantile(taken[size], 0.5) for taken in rounds) for size in works}
        p99 = {size: min(quantile(taken[size], 0.99) for taken in rounds) for size in works}
        for size in works:
            ratios = p50[size] / p50[SHORT], p99[size] / p99[SHORT]
            rows.append([name, f"{size:,}", p50[size], p99[size], *ratios])
    return rows


async def _round(
    works: Mapping[int, Work], numbers: "itertools.count[int]", luck: random.Random
) -> dict[int, list[float]]:
    """Do each work so often, one street after the other; return what each time took, in µs."""
    taken: dict[int, list[float]] = {}
    for size, work in works.items():
        taken[size] = []
        for _ in range(TIMES):
            who = luck.randrange(past.people(size))
            began = time.perf_counter()
            await work(next(numbers), who)
            taken[size].append((time.perf_counter() - began) * 1e6)
    return taken
