"""Whole talks as people see them, through `xiaoer script`, on both engines."""

from pathlib import Path

import pytest

from tests.journeys.journey import Journey
from tests.journeys.runner_script import faults
from tests.journeys.talks import JOURNEYS
from tests.stores import Database


@pytest.mark.parametrize("journey", JOURNEYS, ids=lambda journey: journey.name)
def test_a_talk_goes_as_people_expect_it(
    journey: Journey, database: Database, tmp_path: Path
) -> None:
    found = faults(journey, tmp_path, database=database.url)

    assert not found, "\n".join(found)


@pytest.mark.parametrize("journey", JOURNEYS, ids=lambda journey: journey.name)
def test_the_same_talk_works_where_there_are_no_buttons(journey: Journey, tmp_path: Path) -> None:
    found = faults(journey, tmp_path, "terminal")

    assert not found, "\n".join(found)
