"""Whole talks as people see them who write to the account on WeChat."""

from pathlib import Path

import pytest

from tests.journeys.journey import Journey
from tests.journeys.limits import NOT_ON_WECHAT
from tests.journeys.runner_wechat import faults
from tests.journeys.talks import JOURNEYS
from tests.journeys.talks_reaching import LOST

PLAYED = (*(one for one in JOURNEYS if one not in NOT_ON_WECHAT), LOST)


@pytest.mark.parametrize("journey", PLAYED, ids=lambda journey: journey.name)
async def test_the_same_talk_goes_as_people_expect_it_on_wechat(
    journey: Journey, tmp_path: Path
) -> None:
    found = await faults(journey, tmp_path)

    assert found == [], "\n".join(found)
