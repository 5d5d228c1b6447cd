"""Whole talks as people see them in Telegram: there, everything can be done."""

from pathlib import Path

from tests.journeys.journey import Journey
from tests.journeys.runner_telegram import faults
from tests.journeys.talks import JOURNEYS
from tests.journeys.turns import Turn, in_turn
from tests.stores import Database


@in_turn(JOURNEYS, Turn.TELEGRAM)
async def test_the_same_talk_goes_as_people_expect_it_in_telegram(
    journey: Journey, database: Database, tmp_path: Path
) -> None:
    found = await faults(journey, tmp_path, database)

    assert found == [], "\n".join(found)
