"""Takes a message from any channel, has it decided inside one unit of work, and returns replies."""

import asyncio
import logging
from collections.abc import Callable
from datetime import datetime, timedelta

from msgspec.structs import replace

from handlers import fitting, fold, groups, language, late, menus, scenes, texts, transcript
from handlers.context import UNANSWERED_AT_MOST, Context
from handlers.current import Current
from handlers.emergency import chat as emergency
from handlers.message import Message, Reply, as_json, reply_of
from handlers.outreach import ladder
from handlers.refusal import ABOUT_A_CODE, Refusal
from handlers.residents import texts as residents_texts
from handlers.router import route
from handlers.street import Street
from handlers.throttle import Throttle, Verdict
from handlers.turns import Turns
from knowledge.intent import Intent
from knowledge.reading import Knowledge, Reading, look_ahead
from storage.faults import FaultKind, StoreUnavailable
from storage.residents import Resident
from storage.spool import Spool
from storage.store import Ahead, Store
from storage.talks import Talk
from storage.transaction import Needs, Transaction

log = logging.getLogger(__name__)

ALARM_WAITS = timedelta(seconds=2)
"""How long an emergency waits for the database before it is answered without (numbers < 2 s)."""

SAYS_SOMETHING = 5
"""Characters from which a message is hardly a number, a yes or a command."""


class Dispatcher:
    """The middle of the house: every message goes through `handle`."""

    def __init__(
        self,
        store: Store,
        current: Current,
        street: Street,
        clock: Callable[[], datetime],
        spool: Spool,
        throttle: Throttle | None = None,
    ) -> None:
        self._store = store
        self._current = current
        self._street = street
        self._clock = clock
        self._spool = spool
        self._throttle = throttle or Throttle(store)
        self._turns = Turns()
        self.scenes: scenes.Scenes | None = None
        """A channel that makes QR pictures of codes puts itself here."""

    async def handle(self, message: Message) -> list[Reply]:
        """Return what is said to the message; its effects are stored when this returns.

        Never raises for anything in the message: what cannot be done is said in words.
        """
        now = self._clock()
        text = fold.clean(message.text)
        if text != message.text:
            message = replace(message, text=text)
        message = language.heard(message)
        needs = message.needs
        await self._turns.come(needs.talk)
        reading = None
        # One for the whole message: it may be swapped while the message waits for the store.
        knowledge = self._current.knowledge
        try:
            reading = _read(knowledge, message)
            replies = await self._answered(message, needs, knowledge, reading, now)
            return await self._with_pictures(message, replies)
        except Exception:
            log.exception("message %s failed", needs.inbox)
            if reading is not None and _is_alarm(message, reading):
                return self._first_aid(message, reading, now)
            return [Reply(texts.our_mistake(_reference(message)))] if message.addressed else []
        finally:
            self._turns.go(needs.talk)

    async def _with_pictures(self, message: Message, replies: list[Reply]) -> list[Reply]:
        """Return the replies with the QR pictures of their codes."""
        if self.scenes is None or all(reply.scene is None for reply in replies):
            return replies
        if not message.keeps_transcript:
            return await scenes.shown(replies, self.scenes, message.channel)
        # What a page shows was written down with the unit of work.
        more = await scenes.beside(replies, self.scenes, message.channel)
        try:
            await self._store.run(
                lambda tx: transcript.keep_beside(tx, message.chat, more, message.sender)
            )
        except StoreUnavailable as unavailable:
            log.warning("a QR picture was not written down: %s", unavailable.kind.value)
        return [*replies, *more]

    def hears_danger(self, message: Message) -> bool:
        """Return whether somebody is in danger: then nothing else is waited for, no picture."""
        text = language.heard(replace(message, text=fold.clean(message.text)))
        return _is_alarm(message, _read(self._current.knowledge, text))

    async def _answered(
        self,
        message: Message,
        needs: Needs,
        knowledge: Knowledge,
        reading: Reading,
        now: datetime,
    ) -> list[Reply]:
        alarm = _is_alarm(message, reading)
        held_back = late.is_late(message)
        if not alarm and not held_back:
            verdict = await self._throttle.judge(needs.address, now)
            if verdict is not Verdict.HEARD:
                told = verdict is Verdict.TOLD and not message.is_group
                return [Reply(texts.SLOW_DOWN)] if told else []
        running = self._store.run(
            lambda tx: self._work(tx, message, needs, knowledge, reading),
            needs,
            ahead=Ahead(look_ahead, reading) if _says_something(message) else None,
        )
        try:
            if not alarm:
                return await running
            # Who is in danger gets the number at once, whatever the database waits for. Should the
            # work be done after all, the kept alarm finds that out and is not raised again.
            return await asyncio.wait_for(running, ALARM_WAITS.total_seconds())
        except TimeoutError:
            return self._first_aid(message, reading, now)
        except StoreUnavailable as unavailable:
            return self._without_store(message, reading, unavailable.kind, now)

    def _work(
        self,
        tx: Transaction,
        message: Message,
        needs: Needs,
        knowledge: Knowledge,
        reading: Reading,
    ) -> list[Reply]:
        again = _answered_before(tx, message, needs.inbox)
        if again is not None:
            return again
        is_new = tx.residents.at(needs.address) is None
        if is_new and _is_overheard(message, reading) and not groups.is_of_staff(tx, message):
            return []
        resident = self._resident(tx, message, needs.address)
        talk = _talk(tx, message, needs.talk, resident)
        context = Context(
            tx=tx,
            now=tx.now,
            street=self._street,
            knowledge=knowledge,
            reading=reading,
            resident=resident,
            talk=talk,
            message_key=needs.inbox,
        )
        replies = self._decide(message, context)
        if context.talk.misses == talk.misses != 0:
            context.talk = replace(context.talk, misses=0)
        if is_new and not message.is_group and replies:
            replies = _introduced(replies, self._street, reading)
        if len(message.text) == fold.LONGEST and replies:
            replies = [*replies, Reply(texts.TOO_LONG)]
        replies = _finish(language.answered(replies, message, context), message, context)
        if context.talk != talk:
            tx.talks.keep(context.talk)
        if message.keeps_transcript:
            transcript.keep_said(tx, message, context.resident.name)
            transcript.keep_replied(tx, message.chat, replies, message.sender)
        tx.inbox.record(needs.inbox, [as_json(reply) for reply in replies])
        return replies

    def _decide(self, message: Message, context: Context) -> list[Reply]:
        talk, resident = context.talk, context.resident
        try:
            return route(message, context)
        except Refusal as refusal:
            context.tx.undo()
            context.talk = talk
            # The newcomer was undone too, unless they were known before.
            context.resident = self._resident(context.tx, message, message.needs.address)
            if context.resident.id != resident.id:
                context.talk = replace(talk, resident_id=context.resident.id)
            if not message.is_group and refusal.why not in ABOUT_A_CODE:
                context.remember(unanswered=message.text[:UNANSWERED_AT_MOST] or None)
            return [Reply(texts.refusal(refusal))]

    def _resident(self, tx: Transaction, message: Message, key: str) -> Resident:
        resident = tx.residents.at(key)
        if resident is None:
            private_chat = message.sender if message.is_group else message.chat
            return tx.residents.bind(
                tx.residents.add(), message.channel, message.sender, private_chat
            )
        changed = resident.last_address != key or not resident.reachable
        if changed and not message.is_group:
            ladder.come_back(tx, resident.id)
            return tx.residents.use(resident, key)
        return resident

    def _without_store(
        self, message: Message, reading: Reading, kind: FaultKind, now: datetime
    ) -> list[Reply]:
        if _is_alarm(message, reading):
            return self._first_aid(message, reading, now)
        if not message.addressed:
            return []
        say = texts.store_full if kind is FaultKind.FULL else texts.store_down
        return [Reply(say(_reference(message)))]

    def _first_aid(self, message: Message, reading: Reading, now: datetime) -> list[Reply]:
        """Answer an emergency from the configuration alone; the alarm is kept on disk."""
        kind = reading.emergency
        assert kind is not None
        said_at, old = late.sent_at(message, now), late.is_late(message)
        try:
            self._spool.keep(emergency.spooled(message, kind, said_at, old=old))
        except OSError:
            log.exception("alarm %s could not be kept", message.needs.inbox)
            return emergency.unalerted(kind, self._street)
        if old:
            return emergency.late(kind, self._street, said_at, now)
        return emergency.kept(kind, self._street)


def _answered_before(tx: Transaction, message: Message, key: str) -> list[Reply] | None:
    """Return what is said to a message that was handled before; None when it is new."""
    recorded = tx.inbox.seen(key)
    if recorded is None:
        return None
    if message.is_answered_apart and tx.inbox.is_elsewhere(key):
        return []
    return [reply_of(reply) for reply in recorded]


def _talk(tx: Transaction, message: Message, key: str, resident: Resident) -> Talk:
    """Return where this talk stands; it begins anew when the address became somebody else's."""
    there = tx.talks.of(key)
    if there is not None and there.resident_id == resident.id:
        return there
    version = 0 if there is None else there.version
    return Talk(key, message.channel, message.chat, message.sender, resident.id, version=version)


def _read(knowledge: Knowledge, message: Message) -> Reading:
    """Return what the text says; a button's label is not somebody's own words."""
    reading = knowledge.read(message.text)
    return reading.calmed() if message.pressed is not None else reading


def _is_alarm(message: Message, reading: Reading) -> bool:
    return reading.emergency is not None and not message.is_edit


def _says_something(message: Message) -> bool:
    """Whether the words will be read for what they mean: no button, no number of a menu."""
    return message.addressed and message.pressed is None and len(message.text) >= SAYS_SOMETHING


def _is_overheard(message: Message, reading: Reading) -> bool:
    """Whether people talk among themselves: of strangers who do, nothing is kept."""
    spoken_to = message.addressed or message.pressed is not None
    concerns_us = spoken_to or _is_alarm(message, reading) or bool(groups.shown_codes(message))
    return message.is_group and not concerns_us


def _finish(replies: list[Reply], message: Message, context: Context) -> list[Reply]:
    """Bring the turn to its size, number its choices and remember what they mean."""
    if not replies:
        return []
    size = fitting.size_for(
        elder_mode=context.resident.elder_mode and not message.is_group,
        is_aid=_is_alarm(message, context.reading),
    )
    shown, rest = fitting.fit(replies, size, language.said(texts.MORE_HINT, context))
    if rest or any(reply.choices for reply in shown):
        # What was left of an earlier answer is not the rest of this one.
        context.remember(rest=rest or None)
    if message.is_group:
        return shown
    shown = menus.number(shown, menus.menu_id(context.tx.new_id(0)))
    menu = menus.remembered(shown)
    if menu is None and context.reading.emergency is not None and context.talk.form:
        # Once the danger is over, the number under the draft still means what it meant.
        return shown
    context.talk = replace(context.talk, menu=menu)
    return shown


def _introduced(replies: list[Reply], street: Street, reading: Reading) -> list[Reply]:
    """Say to a newcomer in one line that this is a bot; not before an emergency number."""
    if reading.emergency is not None or reading.intent is Intent.GREETING:
        return replies
    if replies[0].text == texts.welcome(street.name):
        return replies
    line = residents_texts.newcomer_line(street.name)
    return [replace(replies[0], text=f"{line}\n{replies[0].text}"), *replies[1:]]


def _reference(message: Message) -> str:
    """Return a short name for the message that also stands in the log."""
    return message.platform_id[-8:]
