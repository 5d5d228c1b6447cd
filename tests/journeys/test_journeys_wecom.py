"""Whole talks as people see them in the app of WeCom."""

from pathlib import Path

from tests.journeys.journey import Journey
from tests.journeys.limits import NOT_IN_WECOM
from tests.journeys.runner_wecom import faults
from tests.journeys.talks import JOURNEYS
from tests.journeys.talks_reaching import LOST
from tests.journeys.turns import Turn, in_turn
from tests.stores import Database

PLAYED = (*(one for one in JOURNEYS if one not in NOT_IN_WECOM), LOST)


@in_turn(PLAYED, Turn.WECOM)
async def test_the_same_talk_goes_as_people_expect_it_in_wecom(
    journey: Journey, database: Database, tmp_path: Path
) -> None:
    found = await faults(journey, tmp_path, database)

    assert found == [], "\n".join(found)
