"""Whole talks as people see them on the web page, in a real Chromium."""

import os
import shutil
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio
from playwright.async_api import Browser, async_playwright

from tests.houses import knowledge, small_knowledge
from tests.journeys.journey import Journey
from tests.journeys.runner_browser import faults
from tests.journeys.talks_learning import LINKED
from tests.journeys.talks_questions import LANGUAGES, OUTAGE, TELL_APART
from tests.journeys.talks_reaching import ELDER
from tests.journeys.talks_street import HANDOVER, LAW, ONE_PLACE, POINTS
from tests.journeys.talks_tickets import REPORT_TO_THE_END

CHROMIUM = shutil.which("chromium")
pytestmark = [
    pytest.mark.skipif(CHROMIUM is None, reason="no Chromium on this machine"),
    pytest.mark.asyncio(loop_scope="module"),
]

SHOWN = (
    LAW,
    REPORT_TO_THE_END,
    POINTS,
    ONE_PLACE,
    HANDOVER,
    TELL_APART,
    OUTAGE,
    ELDER,
    LINKED,
    LANGUAGES,
)


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def browser() -> AsyncIterator[Browser]:
    async with async_playwright() as playwright:
        arguments = ["--no-sandbox"] if os.geteuid() == 0 else []
        browser = await playwright.chromium.launch(executable_path=CHROMIUM, args=arguments)
        yield browser
        await browser.close()


@pytest.mark.parametrize("journey", SHOWN, ids=lambda journey: journey.name)
async def test_the_same_talk_goes_as_people_expect_it_on_the_page(
    journey: Journey, browser: Browser, tmp_path: Path
) -> None:
    # A phrasing is rehearsed over everything there is: a part of it is quicker.
    shipped = small_knowledge() if journey is LINKED else knowledge()

    found = await faults(journey, browser, tmp_path, shipped)

    assert found == [], "\n".join(found)
