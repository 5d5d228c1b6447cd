"""A small street with one estate of people who report and mend: the real house behind one door."""

from dataclasses import dataclass, field
from datetime import timedelta
from functools import cache
from pathlib import Path

from handlers import ticks
from handlers.current import Current
from handlers.delivery import Delivery
from handlers.dispatcher import Dispatcher
from handlers.message import Attachment, AttachmentKind, Message, Reply
from handlers.street import Street
from knowledge.reading import Knowledge
from storage.spool import Spool
from storage.tickets import Ticket
from storage.transaction import Transaction
from storage.words import GroupKind, RoleWord, ScopeKind, TicketEventKind
from tests.stores import Clock, Database, usual_database

CHANNEL = "web"
STREET = Street("洲头街")
COMMUNITY_GROUP = "建港社区工作群"
STREET_GROUP = "街道调度群"
PEOPLE: tuple[tuple[str, RoleWord | None, ScopeKind, int], ...] = (
    ("居民甲", None, ScopeKind.ESTATE, 11),
    ("居民乙", None, ScopeKind.ESTATE, 11),
    ("物业甲", RoleWord.PROPERTY, ScopeKind.ESTATE, 11),
    ("网格员甲", RoleWord.GRID, ScopeKind.COMMUNITY, 1),
    ("街道甲", RoleWord.STREET, ScopeKind.STREET, 0),
    ("城管甲", RoleWord.DEPARTMENT, ScopeKind.STREET, 0),
    ("管理员甲", RoleWord.ADMIN, ScopeKind.STREET, 0),
)


@cache
def knowledge() -> Knowledge:
    return Knowledge.load()


def settle(tx: Transaction) -> None:
    """Build the street."""
    communities = [{"id": n, "name": name, "demo": True} for n, name in ((1, "建港"), (2, "红建"))]
    tx.directory.add("communities", communities)
    estates = ((11, 1, "芳草苑小区"), (21, 2, "红建花园"))
    tx.directory.add(
        "estates", [{"id": i, "community_id": c, "name": n, "demo": True} for i, c, n in estates]
    )
    groups = (
        (1, 1, COMMUNITY_GROUP, GroupKind.COMMUNITY_STAFF),
        (2, None, STREET_GROUP, GroupKind.STREET_STAFF),
    )
    rows: list[dict[str, object]] = [
        {"id": i, "community_id": c, "name": n, "kind": k, "demo": True} for i, c, n, k in groups
    ]
    tx.directory.add("groups", rows)
    tx.directory.bind_group(CHANNEL, COMMUNITY_GROUP, 1)
    tx.directory.bind_group(CHANNEL, STREET_GROUP, 2)
    for name, role, kind, scope in PEOPLE:
        lives_here = kind is ScopeKind.ESTATE
        person = tx.residents.add(
            shard=0,
            name=name,
            community_id=1 if lives_here else None,
            estate_id=scope if lives_here else None,
            building="3栋" if role is None else None,
            demo=True,
        )
        tx.residents.bind(person, CHANNEL, name, name)
        if role is not None:
            tx.residents.grant(person.id, role, kind, scope)


@dataclass
class Post:
    """The last hop: keeps what arrived in each chat."""

    arrived: list[tuple[str, Reply]] = field(default_factory=list)

    async def send(self, chat: str, reply: Reply) -> None:
        self.arrived.append((chat, reply))

    def to(self, chat: str) -> list[str]:
        """Return what arrived in a chat since it was last asked for, and forget it."""
        found = [reply.text for where, reply in self.arrived if where == chat]
        self.arrived = [(where, reply) for where, reply in self.arrived if where != chat]
        return found


class House:
    """Dispatcher, store and delivery on one file, with a clock that the test moves."""

    def __init__(self, folder: Path, database: Database | None = None) -> None:
        self.clock = Clock()
        self.database = database or usual_database(folder)
        self.store = self.database.open(self.clock)
        self.spool = Spool(folder / "spool")
        self.post = Post()
        self._current = Current(knowledge())
        self._dispatcher = Dispatcher(self.store, self._current, STREET, self.clock, self.spool)
        self._delivery = Delivery(self.store, {CHANNEL: self.post}, self.clock)
        self._said = 0

    async def says(
        self,
        who: str,
        text: str,
        *,
        group: str | None = None,
        press: str | None = None,
        attachments: tuple[Attachment, ...] = (),
        edit: bool = False,
    ) -> list[str]:
        """Return what the bot replies; afterwards everything due is delivered."""
        self._said += 1
        message = Message(
            channel=CHANNEL,
            chat=group or who,
            sender=who,
            text=text,
            platform_id=f"m{self._said}",
            is_group=group is not None,
            is_edit=edit,
            pressed=press,
            attachments=attachments,
        )
        return await self.hears(message)

    async def hears(self, message: Message) -> list[str]:
        replies = await self._dispatcher.handle(message)
        await self.deliver()
        return [_as_shown(reply) for reply in replies]

    async def deliver(self) -> None:
        while await self._delivery.deliver_due():
            pass

    async def wait(self, time: timedelta) -> None:
        """Let the time pass, and let it do what it does every minute."""
        self.clock.forward(time)
        await ticks.every_minute(self.store, self.spool, STREET, self._current, self.clock)
        await self.deliver()

    async def ticket(self, number: int = 1001) -> Ticket:
        found = await self.store.run(lambda tx: tx.tickets.by_number(number))
        assert found is not None
        return found

    async def reported(self, who: str = "居民甲", text: str = "三栋二单元电梯坏了") -> None:
        """Have a ticket opened, and forget what was said about it."""
        await self.says(who, text)
        [done] = await self.says(who, "1")
        assert "已收到" in done
        self.post.arrived.clear()


async def resolved(house: House, number: int = 1001) -> None:
    """Have the property mend it, and forget what was said about it."""
    [done] = await house.says("物业甲", f"办结 {number} 已更换主板", group=COMMUNITY_GROUP)
    assert "办结" in done
    house.post.arrived.clear()


async def kinds(house: House, number: int = 1001) -> list[TicketEventKind]:
    """Return what has happened to a ticket, in order."""
    ticket = await house.ticket(number)
    events = await house.store.run(lambda tx: tx.tickets.events(ticket.id))
    return [event.kind for event in events]


def photo(name: str) -> Attachment:
    return Attachment(AttachmentKind.PHOTO, media=name)


async def a_street(folder: Path, database: Database | None = None) -> House:
    """Open the house and let people move in."""
    house = House(folder, database)
    await house.store.run(settle)
    return house


def _as_shown(reply: Reply) -> str:
    choices = [f"{c.number if c.number is not None else c.say} {c.label}" for c in reply.choices]
    return "\n".join([reply.text, *choices])
