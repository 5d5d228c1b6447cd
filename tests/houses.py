"""A small house for tests: the real dispatcher, store, knowledge and delivery on a database."""

import re
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path

from handlers.current import Current
from handlers.delivery import Delivery, Sender
from handlers.dispatcher import Dispatcher
from handlers.message import Attachment, AttachmentKind, Choice, Message, Reply
from handlers.notify import tell_resident
from handlers.street import EmergencyNumbers, Street
from knowledge.law import LawIndex
from knowledge.matcher import Matcher
from knowledge.reading import Knowledge
from storage.spool import Spool
from storage.store import Store
from storage.transaction import Transaction
from storage.words import GroupKind, RoleWord, ScopeKind
from tests.stores import BUSY_TIMEOUT, Clock, Database, usual_database

CHANNEL = "terminal"
WHY = re.compile(r"\n（[^（）]*回复「停 [^（）]*）$")
"""The line under what is said unasked; tests/test_stopping.py looks at it."""
STAFF_GROUP = "建港社区工作群"
RESIDENTS_GROUP = "芳草苑居民群"


@cache
def knowledge() -> Knowledge:
    """The shipped knowledge, loaded once for all tests."""
    return Knowledge.load()


FEW = (
    "income-owner", "fund-transfer", "neigh-oil-smoke", "fee-late-penalty", "om-vote-rule",
    "noise-upstairs", "gas-leak", "svc-elevator-fault", "rent-leftover",
    "park-car-damage", "water-secondary-fee", "lift-vote", "property-quits",
)  # fmt: skip


@cache
def small_knowledge() -> Knowledge:
    """A few of the entries: a replay over them takes a fraction of a second."""
    shipped = Matcher.load()
    return Knowledge(shipped.over({name: shipped.entries[name] for name in FEW}), LawIndex.load())


class Recorder(Sender):
    """The last hop of delivery: keeps what was sent, in order."""

    def __init__(self) -> None:
        self.sent: list[tuple[str, Reply]] = []

    async def send(self, chat: str, reply: Reply) -> None:
        self.sent.append((chat, reply))


def a_reminder(
    address: str,
    words: str,
    choices: Sequence[Choice] = (),
    media: Sequence[str] = (),
    expires_at: datetime | None = None,
) -> Callable[[Transaction], None]:
    """Return what puts a notice to whoever writes from there into the outbox."""

    def work(tx: Transaction) -> None:
        resident = tx.residents.at(address)
        assert resident is not None
        tell_resident(
            tx,
            resident.id,
            key=f"test:{words[:100]}",
            text=words,
            topic="test",
            choices=choices,
            media=media,
            asked_for=True,
            expires_at=expires_at,
        )

    return work


class House:
    """One street with one estate: 居民甲, 物业甲, 书记甲, and their groups."""

    def __init__(
        self,
        folder: Path,
        *,
        database: Database | None = None,
        busy_timeout: timedelta = BUSY_TIMEOUT,
        shipped: Knowledge | None = None,
        clock: Clock | None = None,
    ) -> None:
        """On the folder's usual database, or on the one given, with a clock of its own or not.

        `shipped` may be a part of the knowledge, where a test rehearses it again and again.
        """
        self.shipped = shipped or knowledge()
        self.clock = clock or Clock()
        self.database = database or usual_database(folder)
        self.spool = Spool(folder / "alarms.jsonl")
        self.street = Street("洲头街", emergency=EmergencyNumbers("gas-1", "lift-1", "", True))
        self.recorder = Recorder()
        self._busy_timeout = busy_timeout
        self._number = 0
        self.open()

    def open(self) -> None:
        """Open the store on what the database holds."""
        self.store = self.open_store()
        self.current = Current(self.shipped)
        self.dispatcher = Dispatcher(self.store, self.current, self.street, self.clock, self.spool)
        self.delivery = Delivery(self.store, {CHANNEL: self.recorder}, self.clock)

    def open_store(self) -> Store:
        """Open one more store on the database, as another worker would."""
        return self.database.open(self.clock, self._busy_timeout)

    def restart(self) -> None:
        """Close everything and open it again from the file."""
        self.store.close()
        self.open()

    async def settle(self) -> None:
        """Have the people and groups of the street added."""
        await self.store.run(_people)

    async def say(
        self,
        who: str,
        text: str = "",
        *,
        group: str | None = None,
        photos: Iterable[str] = (),
        number: int | None = None,
        addressed: bool = True,
        is_edit: bool = False,
        age: timedelta = timedelta(0),
        channel: str = CHANNEL,
    ) -> list[Reply]:
        """Say something; `number` repeats an earlier message of the platform."""
        if number is None:
            self._number += 1
            number = self._number
            # People need a moment to type; nobody is throttled for talking.
            self.clock.forward(timedelta(seconds=5))
        return await self.dispatcher.handle(
            Message(
                channel=channel,
                chat=group or who,
                sender=who,
                text=text,
                platform_id=str(number),
                is_group=group is not None,
                addressed=addressed or group is None,
                is_edit=is_edit,
                age_seconds=int(age.total_seconds()),
                attachments=tuple(Attachment(AttachmentKind.PHOTO, name) for name in photos),
            )
        )

    async def delivered(self) -> list[tuple[str, str]]:
        """Deliver what is due; return who was told what, in order, without why it comes."""
        before = len(self.recorder.sent)
        while await self.delivery.deliver_due():
            pass
        return [(chat, WHY.sub("", reply.text)) for chat, reply in self.recorder.sent[before:]]


def _people(tx: Transaction) -> None:
    tx.directory.add("communities", [{"id": 1, "name": "建港", "demo": True}])
    tx.directory.add("estates", [{"id": 1, "community_id": 1, "name": "芳草苑小区", "demo": True}])
    groups = [
        (1, STAFF_GROUP, GroupKind.COMMUNITY_STAFF, 1),
        (2, RESIDENTS_GROUP, GroupKind.RESIDENTS, 1),
        (3, "街道调度群", GroupKind.STREET_STAFF, None),
    ]
    for group_id, name, kind, community_id in groups:
        row: dict[str, object] = {
            "id": group_id,
            "name": name,
            "kind": kind,
            "community_id": community_id,
            "demo": True,
        }
        tx.directory.add("groups", [row])
        tx.directory.bind_group(CHANNEL, name, group_id)
    roles = {
        "居民甲": None,
        "居民乙": None,
        "物业甲": (RoleWord.PROPERTY, ScopeKind.ESTATE, 1),
        "书记甲": (RoleWord.SECRETARY, ScopeKind.COMMUNITY, 1),
        "街道甲": (RoleWord.STREET, ScopeKind.STREET, 0),
        "管理员甲": (RoleWord.ADMIN, ScopeKind.STREET, 0),
    }
    for name, role in roles.items():
        person = tx.residents.add(name=name, community_id=1, estate_id=1)
        tx.residents.bind(person, CHANNEL, name, name)
        if role is not None:
            tx.residents.grant(person.id, *role)
