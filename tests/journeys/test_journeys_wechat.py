"""Whole talks as people see them who write to the account on WeChat."""

from pathlib import Path

from tests.journeys.journey import Journey
from tests.journeys.limits import NOT_ON_WECHAT
from tests.journeys.runner_wechat import faults
from tests.journeys.talks import JOURNEYS
from tests.journeys.talks_reaching import LOST
from tests.journeys.turns import Turn, in_turn
from tests.stores import Database

PLAYED = (*(one for one in JOURNEYS if one not in NOT_ON_WECHAT), LOST)


@in_turn(PLAYED, Turn.WECHAT)
async def test_the_same_talk_goes_as_people_expect_it_on_wechat(
    journey: Journey, database: Database, tmp_path: Path
) -> None:
    found = await faults(journey, tmp_path, database)

    assert found == [], "\n".join(found)
