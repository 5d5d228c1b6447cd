"""The unit of work: what one message reads and writes, inside a batch that commits together."""

from collections.abc import Callable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from datetime import datetime
from random import Random
from typing import Any

import msgspec
from sqlalchemy import (
    Connection,
    CursorResult,
    Delete,
    Executable,
    Insert,
    NestedTransaction,
    Table,
    Update,
)

import storage.upsert
from storage import inbox, lying, notices, residents, talks, tallies, transcripts
from storage.alarms import Alarms
from storage.answers import Answers
from storage.bell import Ring, Topic
from storage.bindings import Bindings
from storage.codes import Codes
from storage.contacts import Contacts
from storage.customers import Customers
from storage.directory import Directory
from storage.guide import Guide
from storage.handovers import Handovers
from storage.inbox import Inbox, Replies
from storage.knowledge_versions import KnowledgeVersions
from storage.late_answers import LateAnswers
from storage.law import Law
from storage.learning import Learning
from storage.line_messages import LineMessages
from storage.notices import Notices
from storage.open_pages import OpenPages
from storage.opt_outs import OptOuts
from storage.part import Part
from storage.personal_words import PersonalWords
from storage.points import Points
from storage.questions import Questions
from storage.quotas import Quotas
from storage.reaching import Reaching
from storage.residents import Resident, Residents
from storage.seats import Lease, Seat
from storage.sendings import Sendings
from storage.shifts import Shifts
from storage.speaking import SpeakingFirst
from storage.states import States
from storage.streams import Streams
from storage.talks import Talk, Talks
from storage.tallies import Tallies
from storage.tickets import Tickets
from storage.tokens import AccessTokens
from storage.transcripts import Transcripts
from storage.visits import Visits

Row = dict[str, object]


class Needs(msgspec.Struct, frozen=True):
    """What a message's unit of work will read first, so that a batch loads it together.

    What is left empty is not loaded.
    """

    inbox: str = ""
    address: str = ""
    talk: str = ""
    waits_at: str = ""
    """The address of somebody for whom something may wait (storage/lying.py)."""


@dataclass(slots=True)
class Loaded:
    """What the batch has read so far, kept up to date by its units of work."""

    inbox: dict[str, Replies] = field(default_factory=dict)
    residents: dict[str, Resident] = field(default_factory=dict)
    talks: dict[str, Talk] = field(default_factory=dict)
    asked_inbox: set[str] = field(default_factory=set)
    asked_addresses: set[str] = field(default_factory=set)
    asked_talks: set[str] = field(default_factory=set)
    waits_at: set[str] = field(default_factory=set)
    asked_waits_at: set[str] = field(default_factory=set)
    touched: set[str] = field(default_factory=set)
    """Keys of messages and talks that the running unit of work changed."""

    def load(self, connection: Connection, needs: Sequence[Needs]) -> None:
        """Read what these messages need, one statement a table."""
        if not needs:
            return
        self.asked_inbox = {need.inbox for need in needs if need.inbox}
        self.asked_addresses = {need.address for need in needs if need.address}
        self.asked_talks = {need.talk for need in needs if need.talk}
        self.asked_waits_at = {need.waits_at for need in needs if need.waits_at}
        if self.asked_inbox:
            self.inbox = inbox.load(connection, self.asked_inbox)
        if self.asked_addresses:
            self.residents = residents.load(connection, self.asked_addresses)
        if self.asked_talks:
            self.talks = talks.load(connection, self.asked_talks)
        if self.asked_waits_at:
            self.waits_at = lying.load(connection, self.asked_waits_at)

    def put_resident(self, key: str, resident: Resident) -> None:
        """Replace every copy of this person and note who stands behind the address."""
        for known, other in list(self.residents.items()):
            if other.id == resident.id:
                self.residents[known] = resident
        self.residents[key] = resident
        self.asked_addresses.add(key)

    def forget_residents(self) -> None:
        """Read people anew: something about one of them changed."""
        self.residents.clear()
        self.asked_addresses.clear()

    def forget_talks(self) -> None:
        """Read talks anew: they changed hands."""
        self.talks.clear()
        self.asked_talks.clear()

    def put_inbox(self, key: str, replies: Replies) -> None:
        """Note what was answered to a message."""
        self.inbox[key] = replies
        self.touched.add(key)

    def put_talk(self, talk: Talk) -> None:
        """Note where a talk stands now."""
        self.talks[talk.key] = talk
        self.touched.add(talk.key)

    def forget_touched(self) -> None:
        """Read anew whatever a failed unit of work had changed."""
        for key in self.touched:
            self.inbox.pop(key, None)
            self.asked_inbox.discard(key)
            self.talks.pop(key, None)
            self.asked_talks.discard(key)
        self.touched.clear()
        self.forget_residents()


@dataclass(slots=True)
class Pending:
    """Rows that wait to be written set-wise: those that nearly every message makes."""

    inbox: list[Row] = field(default_factory=list)
    talks: dict[str, Talk] = field(default_factory=dict)
    notices: list[Row] = field(default_factory=list)
    transcripts: list[Row] = field(default_factory=list)
    answers: list[Row] = field(default_factory=list)
    settled: list[Row] = field(default_factory=list)
    counted: dict[tuple[str, datetime], int] = field(default_factory=dict)
    rings: set[Ring] = field(default_factory=set)
    """What others are told of when all this is committed."""

    def __bool__(self) -> bool:
        return bool(
            self.inbox
            or self.talks
            or self.notices
            or self.settled
            or self.counted
            or self.transcripts
            or self.answers
        )

    def take(self, other: "Pending") -> None:
        """Add what another unit of work collected."""
        self.inbox += other.inbox
        self.talks.update(other.talks)
        self.notices += other.notices
        self.transcripts += other.transcripts
        self.answers += other.answers
        self.settled += other.settled
        for key, number in other.counted.items():
            self.counted[key] = self.counted.get(key, 0) + number
        self.rings |= other.rings

    def write(self, connection: Connection, seat: Seat) -> None:
        """Write everything collected and begin afresh."""
        if self.inbox:
            inbox.store(connection, self.inbox)
            self.inbox = []
        if self.talks:
            talks.store(connection, list(self.talks.values()))
            self.talks = {}
        if self.notices:
            notices.store(connection, self.notices)
            self.notices = []
        if self.settled:
            notices.settle(connection, self.settled)
            self.settled = []
        if self.counted:
            tallies.store(connection, self.counted)
            self.counted = {}
        if self.transcripts:
            transcripts.store(connection, self.transcripts, seat)
            self.transcripts = []
        if self.answers:
            Answers.store(connection, self.answers)
            self.answers = []


class Transaction:
    """One unit of work; everything it writes is committed together or not at all."""

    def __init__(
        self,
        connection: Connection,
        loaded: Loaded,
        earlier: Pending,
        seat: Seat,
        luck: Random,
        now: datetime,
    ) -> None:
        self.now = now
        self.luck = luck
        """Where codes come from; only a script, which must play the same twice, seeds it."""
        self.loaded = loaded
        self.pending = Pending()
        self._earlier = earlier
        self._connection = connection
        self.seat = seat
        self._savepoint: NestedTransaction | None = None

    # What subjects read and write through.

    inbox = Part(Inbox)
    talks = Part(Talks)
    residents = Part(Residents)
    notices = Part(Notices)
    transcripts = Part(Transcripts)
    words = Part(PersonalWords)
    directory = Part(Directory)
    codes = Part(Codes)
    answers = Part(Answers)
    questions = Part(Questions)
    learning = Part(Learning)
    law = Part(Law)
    knowledge_versions = Part(KnowledgeVersions)
    tickets = Part(Tickets)
    points = Part(Points)
    shifts = Part(Shifts)
    guide = Part(Guide)
    handovers = Part(Handovers)
    alarms = Part(Alarms)
    contacts = Part(Contacts)
    reaching = Part(Reaching)
    tallies = Part(Tallies)
    opt_outs = Part(OptOuts)
    visits = Part(Visits)
    bindings = Part(Bindings)
    states = Part(States)
    late_answers = Part(LateAnswers)
    quotas = Part(Quotas)
    access_tokens = Part(AccessTokens)
    sendings = Part(Sendings)
    customers = Part(Customers)
    streams = Part(Streams)
    open_pages = Part(OpenPages)
    speaking_first = Part(SpeakingFirst)
    line_messages = Part(LineMessages)

    # What repositories are built on.

    def new_id(self, shard: int) -> int:
        """Return an id for a new row of this shard."""
        return self.seat.ids.make(shard, self.now)

    def new_ids(self, count: int) -> int:
        """Return where a block of ids for one statement begins (see storage/ids.py)."""
        return self.seat.ids.reserve(count, self.now)

    def reading(self) -> Connection:
        """Return the connection, with everything said so far visible to a query."""
        if self._earlier:
            self._earlier.write(self._connection, self.seat)
        if self.pending:
            self._begin_writing()
            self.pending.write(self._connection, self.seat)
        return self._connection

    def writing(self) -> Connection:
        """Return the same for a statement that changes rows, in this unit's savepoint."""
        self.reading()
        self._begin_writing()
        return self._connection

    def read(self, statement: Executable) -> CursorResult[Any]:
        """Run a query; it sees what this and earlier units of work wrote."""
        return self.reading().execute(statement)

    def write(
        self,
        statement: Insert | Update | Delete,
        rows: Sequence[Mapping[str, object]] | Mapping[str, object] | None = None,
    ) -> CursorResult[Any]:
        """Run a statement that changes rows, in this unit's savepoint."""
        connection = self.writing()
        return (
            connection.execute(statement) if rows is None else connection.execute(statement, rows)
        )

    def ring(self, topic: Topic, about: str = "") -> None:
        """Have whoever waits for this look, in every process, once it is committed."""
        self.pending.rings.add((topic, about))

    def holds(self, lease: Lease) -> bool:
        """Return whether this worker looks after `lease`; takes it over where nobody does."""
        return self.seat.holds(self._connection, lease)

    def own_shards(self) -> Sequence[int] | None:
        """Return whose queues this worker empties; None: all of them."""
        return self.seat.own_shards(self._connection)

    def other_workers(self) -> AbstractSet[int]:
        """Return the numbers of the other workers that are alive."""
        return self.seat.others(self._connection)

    def upsert(self, table: Table, keys: Sequence[str]) -> Insert:
        """Return an INSERT that overwrites the other columns where `keys` exist."""
        return storage.upsert.upsert(self._connection, table, keys)

    def insert_missing(self, table: Table, keys: Sequence[str]) -> Insert:
        """Return an INSERT that leaves rows with the same `keys` alone."""
        return storage.upsert.insert_missing(self._connection, table, keys)

    def undo(self) -> None:
        """Take back everything this unit of work did so far."""
        self.loaded.forget_touched()
        self.pending = Pending()
        if self._savepoint is not None:
            self._savepoint.rollback()
            self._savepoint = None

    def finish(self) -> None:
        """Hand what was collected to the batch; called once, when the work succeeded."""
        self._earlier.take(self.pending)
        self.pending = Pending()
        self.loaded.touched.clear()
        if self._savepoint is not None:
            self._savepoint.commit()
            self._savepoint = None

    def _begin_writing(self) -> None:
        if self._savepoint is None:
            self._savepoint = self._connection.begin_nested()


Work = Callable[[Transaction], object]
