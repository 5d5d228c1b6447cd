"""Whole talks as people see them on the web page, in a real Chromium."""

from pathlib import Path

import pytest
import pytest_asyncio
from playwright.async_api import Browser

from tests.journeys.journey import Journey
from tests.journeys.limits import NOT_ON_A_PAGE
from tests.journeys.runner_browser import faults
from tests.journeys.talks import JOURNEYS
from tests.journeys.talks_reaching import LEFT
from tests.journeys.telephones import Telephones
from tests.journeys.turns import Turn, in_turn
from tests.stores import Database

pytestmark = pytest.mark.asyncio(loop_scope="module")

ON_A_PAGE = (*(journey for journey in JOURNEYS if journey not in NOT_ON_A_PAGE), LEFT)


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def telephones(browser: Browser) -> Telephones:
    return Telephones(browser)


@in_turn(ON_A_PAGE, Turn.PAGE)
async def test_the_same_talk_goes_as_people_expect_it_on_the_page(
    journey: Journey, database: Database, telephones: Telephones, tmp_path: Path
) -> None:
    found = await faults(journey, telephones, tmp_path, database)

    assert found == [], "\n".join(found)
