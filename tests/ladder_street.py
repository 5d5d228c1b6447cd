"""The street whose people are reached on several channels, each with trouble of its own."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path

from handlers import notify
from handlers.delivery import Delivery, DeliveryError, Sender
from handlers.message import Reply
from storage.notices import Notice
from storage.transaction import Transaction
from storage.words import NoticeState, RoleWord, ScopeKind, StepOutcome
from tests.houses import CHANNEL, House

MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
GONE = DeliveryError("blocked by the user", permanent=True)
BUSY = DeliveryError("the line is busy", permanent=False)
FULL = DeliveryError("30 of 30 this minute", permanent=False, retry_after=MINUTE)


class Platform(Sender):
    """The last hop of one channel, with the trouble it makes."""

    def __init__(self) -> None:
        self.trouble: DeliveryError | None = None
        self.said: list[tuple[str, str]] = []
        self.asked = 0

    async def send(self, chat: str, reply: Reply) -> None:
        self.asked += 1
        if self.trouble is not None:
            raise self.trouble
        self.said.append((chat, reply.text))


class Street(House):
    """The street, with a captain, and 居民甲 on three channels."""

    async def furnish(self) -> None:
        await self.settle()
        await self.store.run(_ways)
        self.platforms = {
            name: Platform() for name in (CHANNEL, "telegram", "web", "wechat", "sms")
        }
        self.delivery = Delivery(self.store, self.platforms, self.clock)

    async def tell(
        self, who: str = "居民甲", *, topic: str = "tickets", urgent: bool = False, n: int = 1
    ) -> None:
        person = await self.id_of(who)

        def work(tx: Transaction) -> None:
            for each in range(n):
                notify.tell_resident(
                    tx,
                    person,
                    key=f"{topic}:{tx.new_id(0)}:{each}",
                    text=f"您的 1001 修好了 {each}",
                    topic=topic,
                    asked_for=urgent,
                )

        await self.store.run(work)

    async def id_of(self, who: str) -> int:
        return (await self.store.run(lambda tx: tx.residents.named(who)))[0].id

    async def deliver(self) -> None:
        while await self.delivery.deliver_due():
            pass

    async def pass_by(self, span: timedelta, step: timedelta = 10 * MINUTE) -> None:
        for _ in range(span // step):
            self.clock.forward(step)
            await self.deliver()

    async def last(self) -> tuple[Notice, NoticeState, str | None, list[tuple[str, StepOutcome]]]:
        def work(
            tx: Transaction,
        ) -> tuple[Notice, NoticeState, str | None, list[tuple[str, StepOutcome]]]:
            row = (
                tx.reading()
                .exec_driver_sql(
                    "SELECT id, state, delivered_via FROM notices WHERE resident_id IS NOT NULL "
                    "ORDER BY created_at DESC, id DESC LIMIT 1"
                )
                .one()
            )
            [notice] = tx.reaching.by_ids([row.id])
            steps = [(step.channel, step.outcome) for step in tx.reaching.steps(row.id)]
            return notice, NoticeState(row.state), row.delivered_via, steps

        return await self.store.run(work)

    def said(self, channel: str) -> list[str]:
        return [text.split("\n")[0] for _chat, text in self.platforms[channel].said]


def _ways(tx: Transaction) -> None:
    [one] = tx.residents.named("居民甲")
    tx.residents.change(one, building="3栋", unit="2单元", phone="00000000001")
    tx.residents.bind(one, "web", "w", "w")
    tx.residents.bind(one, "telegram", "t", "t")
    tx.residents.bind(one, CHANNEL, "居民甲", "居民甲")
    captain = tx.residents.add(name="楼栋长甲", community_id=1, estate_id=1)
    tx.residents.bind(captain, CHANNEL, "楼栋长甲", "楼栋长甲")
    tx.residents.grant(captain.id, RoleWord.CAPTAIN, ScopeKind.ESTATE, 1)


@asynccontextmanager
async def a_street(folder: Path) -> AsyncIterator[Street]:
    street = Street(folder)
    await street.furnish()
    yield street
    street.store.close()
