"""Plays a journey where everybody has a channel in their hands, and says what was not seen."""

import asyncio
from collections.abc import Iterable
from dataclasses import dataclass
from functools import partial
from typing import Protocol

from sqlalchemy import and_, false, or_, select

from bot.script.clock import TURN
from storage.faults import StoreUnavailable
from storage.late_answers import late_answers
from storage.store import Store
from storage.transaction import Transaction
from tests.journeys.journey import Happens, Journey, Presses, Says, Sees, SentAgain, Step, Waits
from tests.journeys.street_house import StreetHouse

LONGEST_SECONDS = 20


@dataclass(frozen=True, slots=True)
class Heard:
    """One message of the bot, its choices included, and the street's time when it came."""

    text: str
    at: str


Windows = dict[str, list[Heard]]
"""What the bot newly said, by the name of the person or group."""


class Street(Protocol):
    """The people and groups of the demo street."""

    async def say(self, step: Says) -> None:
        """Have somebody write."""

    async def press(self, step: Presses) -> None:
        """Have somebody press a choice, or type what stands for it."""

    async def again(self, step: SentAgain) -> None:
        """Have the platform deliver the last message of somebody once more."""

    async def strike(self, what: str) -> None:
        """Break or mend the line, block or unblock somebody."""

    async def settled(self) -> None:
        """Return when what was said is answered, as far as it can be."""

    async def objects(self) -> bool:
        """Let the platform say what did not arrive; whether it had anything to say."""

    def news(self) -> Windows:
        """Return what everybody saw since this was asked last."""


async def faults(journey: Journey, house: StreetHouse, street: Street) -> list[str]:
    """Return what people did not see as the journey says."""
    found = []
    seen: Windows = {}
    for number, step in enumerate(journey.steps, start=1):
        await _do(step, house, street)
        await street.settled()
        await house.hours.deliver()
        while await street.objects():
            await house.hours.deliver()
        news = street.news()
        if isinstance(step, SentAgain):
            # Nobody sees anything a second time: what was answered stands, and nothing more.
            twice = [f"said twice: {one.text}" for texts in news.values() for one in texts]
            complaints = [*_faults_of(step, seen), *twice]
        else:
            seen = news
            complaints = list(_faults_of(step, seen))
        if isinstance(step, Says | Presses | SentAgain):
            house.clock.now += TURN
        found += [f"{number}: {step}\n  {complaint}" for complaint in complaints]
    return found


async def _do(step: Step, house: StreetHouse, street: Street) -> None:
    match step:
        case Says():
            await house.hours.keep_current()
            await street.say(step)
        case Presses():
            await house.hours.keep_current()
            await street.press(step)
        case SentAgain():
            await street.again(step)
        case Waits():
            await house.wait(step)
        case Happens():
            if not await house.strike(step.what):
                await street.strike(step.what)


async def all_followed(store: Store, *, pushes: bool) -> None:
    """Return when also what took too long was said, and what is too long where it is pushed."""
    async with asyncio.timeout(LONGEST_SECONDS):
        try:
            while await store.run(partial(_follows, pushes=pushes)):
                pass
        except StoreUnavailable:
            return


def _follows(tx: Transaction, *, pushes: bool) -> bool:
    begun = and_(late_answers.c.message.is_not(None), late_answers.c.promised.is_(False))
    rest = late_answers.c.key.endswith(":rest") if pushes else false()
    statement = select(late_answers.c.key).where(
        late_answers.c.said_with.is_(None), or_(begun, rest)
    )
    return tx.read(statement.limit(1)).first() is not None


def _faults_of(step: Step, seen: Windows) -> Iterable[str]:
    """Yield what somebody should have seen and did not, or saw and should not."""
    for wanted in step.seen:
        there = seen.get(wanted.to, [])
        if not any(_shows(wanted, one) for one in there):
            saw = "\n  | ".join(f"{one.at[:16]} {one.text}" for one in there) or "nothing"
            should = f"{wanted.has}, not {wanted.lacks} {wanted.at}"
            yield f"{wanted.to} should see {should}; saw\n  | {saw}"
    for place in left_alone(step):
        yield from (f"{place} should be left alone; saw {one}" for one in seen.get(place, []))


def _shows(wanted: Sees, one: Heard) -> bool:
    has_all = all(piece in one.text for piece in wanted.has)
    has_none = not any(piece in one.text for piece in wanted.lacks)
    return has_all and has_none and one.at.startswith(wanted.at)


def left_alone(step: Step) -> list[str]:
    """Return the people and groups to whom nothing may be said because of this step."""
    match step:
        case Waits():
            return list(step.nobody)
        case Says() if step.silent:
            return [step.group or step.who]
        case _:
            return []
