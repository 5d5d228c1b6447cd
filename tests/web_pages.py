"""Pages in a real Chromium, as test_web_*.py look at them."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from playwright.async_api import Browser, Page, expect

from tests.web_house import WebHouse

PHONE = (360, 740)
DESK = (1280, 900)
SPOKEN = "article.me:not(.pending) .text"
HEARD = "article.bot:not(#welcome) .text"

AUDIT = (Path(__file__).parent / "data" / "page_audit.js").read_text("utf-8")
"""Measures what people with old eyes and large thumbs need; returns what falls short."""


@asynccontextmanager
async def a_page(
    browser: Browser, house: WebHouse, size: tuple[int, int] = PHONE, *, dark: bool = False
) -> AsyncIterator[Page]:
    """Open the page; fail when it complains or asks another site for anything."""
    width, height = size
    context = await browser.new_context(
        viewport={"width": width, "height": height},
        color_scheme="dark" if dark else "light",
        has_touch=size == PHONE,
        is_mobile=size == PHONE,
        reduced_motion="reduce",
    )
    page = await context.new_page()
    complaints: list[str] = []
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("console", lambda said: complaints.append(said.text) if _bad(said.text) else None)
    page.on(
        "request", lambda asked: complaints.append(asked.url) if _away(asked.url, house) else None
    )
    await page.goto(house.url)
    await ready(page)
    yield page
    await context.close()
    assert complaints == []


def _bad(said: str) -> bool:
    """Whether the console says more than that the server cannot be reached or refuses."""
    return "Failed to load resource" not in said


def _away(url: str, house: WebHouse) -> bool:
    return not url.startswith((house.url, "blob:", "data:"))


async def ready(page: Page) -> None:
    """Return when the page has its talk and reads new lines aloud."""
    await expect(page.locator("#log")).to_have_attribute("aria-live", "polite")


async def say(page: Page, text: str) -> None:
    """Type, send, and wait until it was taken."""
    before = await page.locator(SPOKEN).count()
    await page.fill("#words", text)
    await page.click("#send")
    await expect(page.locator(SPOKEN)).to_have_count(before + 1)


async def spoken(page: Page) -> list[str]:
    return await page.locator(SPOKEN).all_inner_texts()
