"""Whole talks as customers see them who write to the customer service of WeCom (微信客服)."""

from pathlib import Path

from tests.journeys.journey import Journey
from tests.journeys.limits import NOT_IN_KF
from tests.journeys.runner_kf import faults
from tests.journeys.talks import JOURNEYS
from tests.journeys.turns import Turn, in_turn
from tests.stores import Database

PLAYED = tuple(one for one in JOURNEYS if one not in NOT_IN_KF)


@in_turn(PLAYED, Turn.KF)
async def test_the_same_talk_goes_as_people_expect_it_in_customer_service(
    journey: Journey, database: Database, tmp_path: Path
) -> None:
    found = await faults(journey, tmp_path, database)

    assert found == [], "\n".join(found)
