"""Whole talks as people see them on the web page, in a real Chromium."""

import os
import shutil
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio
from playwright.async_api import Browser, async_playwright

from tests.journeys.journey import Journey
from tests.journeys.page_limits import NOT_ON_A_PAGE
from tests.journeys.runner_browser import faults
from tests.journeys.talks import JOURNEYS
from tests.journeys.talks_reaching import LEFT

CHROMIUM = shutil.which("chromium")
pytestmark = [
    pytest.mark.skipif(CHROMIUM is None, reason="no Chromium on this machine"),
    pytest.mark.asyncio(loop_scope="module"),
]

ON_A_PAGE = (*(journey for journey in JOURNEYS if journey not in NOT_ON_A_PAGE), LEFT)


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def browser() -> AsyncIterator[Browser]:
    async with async_playwright() as playwright:
        arguments = ["--no-sandbox"] if os.geteuid() == 0 else []
        browser = await playwright.chromium.launch(executable_path=CHROMIUM, args=arguments)
        yield browser
        await browser.close()


@pytest.mark.parametrize("journey", ON_A_PAGE, ids=lambda journey: journey.name)
async def test_the_same_talk_goes_as_people_expect_it_on_the_page(
    journey: Journey, browser: Browser, tmp_path: Path
) -> None:
    found = await faults(journey, browser, tmp_path)

    assert found == [], "\n".join(found)
