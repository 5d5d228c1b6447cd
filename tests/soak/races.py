"""Two workers are asked for the same thing at the same moment, round after round, and we count.

Each worker has its own dispatcher, store and connection; both write to one PostgreSQL database.
"""

import asyncio
import random
import re
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

from handlers.message import Message, Reply
from storage.transaction import Transaction
from storage.words import CodePurpose, RoleWord, ScopeKind, TicketEventKind
from tests.houses import CHANNEL, STAFF_GROUP, House
from tests.stores import Database

WORKERS = 2


@dataclass(slots=True)
class Count:
    """What a run of races showed."""

    rounds: int = 0
    wrong: list[str] = field(default_factory=list)
    """Each round that did not end as it must, in words."""

    def expect(self, holds: bool, said: str) -> None:
        """Note `said` unless the claim holds."""
        if not holds:
            self.wrong.append(f"round {self.rounds}: {said}")


class Workers:
    """Several workers of one street."""

    def __init__(self, folder: Path, database: Database, seed: int) -> None:
        self.houses = [House(folder, database=database) for _ in range(WORKERS)]
        self.rng = random.Random(seed)
        self._numbers = iter(range(1_000_000))
        for house in self.houses[1:]:
            house.clock = self.houses[0].clock
            house.restart()

    @property
    def first(self) -> House:
        """The worker that is asked when it does not matter which."""
        return self.houses[0]

    def number(self) -> str:
        """Return a platform id that was never used."""
        return f"race-{next(self._numbers)}"

    def message(self, who: str, text: str = "", *, group: str | None = None) -> Message:
        """Return a message that nobody has handled yet."""
        return Message(CHANNEL, group or who, who, text, self.number(), is_group=group is not None)

    async def at_once(self, *messages: Message) -> list[list[Reply]]:
        """Hand each message to another worker, at the same moment; return what was answered."""
        # Nobody is throttled for talking.
        self.first.clock.forward(timedelta(minutes=1))
        order = self.rng.sample(self.houses, len(self.houses))
        pairs = zip(order, messages, strict=True)
        return await asyncio.gather(*(house.dispatcher.handle(said) for house, said in pairs))

    def close(self) -> None:
        """Close every worker's store."""
        for house in self.houses:
            house.store.close()


async def run(folder: Path, database: Database, *, rounds: int, seed: int) -> dict[str, Count]:
    """Run every race so often; return what each showed, by its name."""
    workers = Workers(folder, database, seed)
    try:
        await workers.first.settle()
        await workers.first.store.run(_more_people)
        counts = {}
        for name, race in RACES.items():
            counts[name] = Count()
            for _ in range(rounds):
                counts[name].rounds += 1
                await race(workers, counts[name])
        counts["ledger"] = Count(1)
        faults = await workers.first.store.run(lambda tx: tx.points.faults())
        counts["ledger"].expect(not faults, f"the books: {faults}")
    finally:
        workers.close()
    return counts


def _more_people(tx: Transaction) -> None:
    person = tx.residents.add(name="物业乙", community_id=1, estate_id=1)
    tx.residents.bind(person, CHANNEL, "物业乙", "物业乙")
    tx.residents.grant(person.id, RoleWord.PROPERTY, ScopeKind.ESTATE, 1)


async def _accept(workers: Workers, count: Count) -> None:
    """Two of the staff take the same ticket: one has it, the other is told so."""
    number = await _reported(workers)
    answers = await workers.at_once(
        *(workers.message(who, f"接单 {number}", group=STAFF_GROUP) for who in ("物业甲", "物业乙"))
    )

    def events(tx: Transaction) -> list[TicketEventKind]:
        ticket = tx.tickets.by_number(number)
        assert ticket is not None
        return [event.kind for event in tx.tickets.events(ticket.id)]

    found = await workers.first.store.run(events)
    said = [answer[0].text for answer in answers]
    count.expect(found == [TicketEventKind.OPENED, TicketEventKind.ACCEPTED], f"events {found}")
    count.expect(not any("出了点问题" in text for text in said), f"answered {said}")
    [has_it] = [text for text in said if text == f"{number} 号已由物业接单。"] or [""]
    [other] = [text for text in said if text != has_it] or [""]
    count.expect(
        re.search(f"{number} 号已经由物业[甲乙]（物业）接单", other) is not None, f"{said}"
    )


async def _reported(workers: Workers) -> int:
    """Report something, and confirm it twice at once: there is one ticket; return its number."""
    await workers.first.dispatcher.handle(workers.message("居民甲", "三栋二单元电梯坏了"))
    before = await workers.first.store.run(_greatest_ticket)
    await workers.at_once(workers.message("居民甲", "1"), workers.message("居民甲", "1"))
    return before + 1


def _greatest_ticket(tx: Transaction) -> int:
    return max((ticket.number for ticket in tx.tickets.open_in(None, 1_000_000)), default=1000)


async def _confirm(workers: Workers, count: Count) -> None:
    """One person confirms the same draft twice at once: one ticket is opened."""
    before = await workers.first.store.run(_greatest_ticket)
    number = await _reported(workers)
    after = await workers.first.store.run(_greatest_ticket)
    count.expect(after == before + 1 == number, f"{after - before} tickets of one draft")


async def _last_place(workers: Workers, count: Count) -> None:
    """Two volunteers take the last place of a shift."""
    store, now = workers.first.store, workers.first.clock()
    shift_id = await store.run(
        lambda tx: tx.shifts.add(
            title=workers.number(),
            starts_at=now + timedelta(days=3, hours=4 * count.rounds),
            ends_at=now + timedelta(days=3, hours=4 * count.rounds + 1),
            places=1,
        )
    )
    answers = await workers.at_once(
        *(
            Message(CHANNEL, who, who, "", workers.number(), pressed=f"shifts.join:{shift_id}")
            for who in ("居民甲", "居民乙")
        )
    )
    taken = (await store.run(lambda tx: tx.shifts.by_id(shift_id))).taken
    on_it = await store.run(lambda tx: tx.shifts.volunteers(shift_id))
    said = [answer[0].text for answer in answers]
    count.expect(taken == 1 == len(on_it), f"{taken} places taken by {len(on_it)}")
    count.expect(not any("出了点问题" in text for text in said), f"answered {said}")


async def _code(workers: Workers, count: Count) -> None:
    """Two strangers use the same one-time code: it binds one of them."""
    code = f"RACE{workers.rng.randrange(10**9)}"

    def make(tx: Transaction) -> int:
        person = tx.residents.add(name=f"居民{code}", community_id=1)
        expires_at = tx.now + timedelta(hours=1)
        tx.codes.make(code, CodePurpose.BIND_PERSON, expires_at, subject_id=person.id)
        return person.id

    person = await workers.first.store.run(make)
    await workers.at_once(*(workers.message(f"{code}-{n}", f"绑定 {code}") for n in range(WORKERS)))
    bound = await workers.first.store.run(lambda tx: tx.residents.addresses(person))
    count.expect(len(bound) == 1, f"{len(bound)} addresses bound by one code")


async def _resend(workers: Workers, count: Count) -> None:
    """The platform sends one message to both workers: one award, one answer."""
    before = await _balance(workers, "居民甲")
    message = workers.message("书记甲", "给居民甲加2分 门前整洁")
    answers = await workers.at_once(message, message)
    after = await _balance(workers, "居民甲")
    count.expect(after == before + 2, f"{after - before} points for 2")
    count.expect(answers[0] == answers[1], f"answered {answers}")


async def _awards(workers: Workers, count: Count) -> None:
    """Two of the staff give points to one person: both count, and the chain holds."""
    before = await _balance(workers, "居民乙")
    await workers.at_once(
        workers.message("书记甲", "给居民乙加2分 帮邻居"),
        workers.message("街道甲", "给居民乙加3分 巡逻"),
    )
    after = await _balance(workers, "居民乙")
    count.expect(after == before + 5, f"{after - before} points for 5")


async def _balance(workers: Workers, name: str) -> int:
    def balance(tx: Transaction) -> int:
        [person] = tx.residents.named(name)
        return tx.points.balance(person.id)

    return await workers.first.store.run(balance)


RACES: dict[str, Callable[[Workers, Count], Awaitable[None]]] = {
    "one draft confirmed twice": _confirm,
    "one ticket accepted by two": _accept,
    "the last place of a shift": _last_place,
    "one code used by two": _code,
    "one message to both workers": _resend,
    "two awards to one person": _awards,
}


def wrong(counts: dict[str, Count]) -> Iterator[str]:
    """Yield what went wrong, race by race."""
    for name, count in counts.items():
        for said in count.wrong:
            yield f"{name}, {said}"
