"""Whole talks as people see them in the app of WeCom."""

from pathlib import Path

import pytest

from tests.journeys.journey import Journey
from tests.journeys.runner_wecom import faults
from tests.journeys.talks import JOURNEYS

PLAYED = [one for one in JOURNEYS if not one.needs_clock and not one.needs_edits]


@pytest.mark.parametrize("journey", PLAYED, ids=lambda journey: journey.name)
async def test_the_same_talk_goes_as_people_expect_it_in_wecom(
    journey: Journey, tmp_path: Path
) -> None:
    found = await faults(journey, tmp_path)

    assert found == [], "\n".join(found)
