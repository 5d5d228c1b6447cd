"""Whole talks as people see them in Telegram: there, everything can be done."""

from pathlib import Path

import pytest

from tests.journeys.journey import Journey
from tests.journeys.runner_telegram import faults
from tests.journeys.talks import JOURNEYS


@pytest.mark.parametrize("journey", JOURNEYS, ids=lambda journey: journey.name)
async def test_the_same_talk_goes_as_people_expect_it_in_telegram(
    journey: Journey, tmp_path: Path
) -> None:
    found = await faults(journey, tmp_path)

    assert found == [], "\n".join(found)
