"""The administrators' page as it looks, in a real Chromium, on a phone and on a PC."""

import re
from pathlib import Path

import pytest
from playwright.async_api import Browser

from storage.transaction import Transaction
from tests.web_house import WebHouse
from tests.web_pages import AUDIT, DESK, PHONE, a_page

pytestmark = pytest.mark.asyncio(loop_scope="module")

LINES_OF_NAMES = """() => [...document.querySelectorAll("tbody th")].map(one => {
  const range = document.createRange();
  range.selectNodeContents(one);
  return new Set([...range.getClientRects()].map(line => line.top)).size;
})"""
"""Over how many lines each name is broken."""


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
@pytest.mark.parametrize("size", [PHONE, DESK], ids=["phone", "desk"])
async def test_every_part_can_be_read(
    size: tuple[int, int], dark: bool, browser: Browser, tmp_path: Path
) -> None:
    async with (
        WebHouse(tmp_path) as house,
        a_page(browser, house, size, dark=dark) as page,
    ):
        await house.store.run(_troubled)
        [said] = await house.say("管理员甲", "管理页")
        link = re.search(r"/admin\?key=\w+", said.text)
        assert link is not None
        await page.goto(house.url + link[0])
        await page.get_by_role("button", name="进入管理页").click()
        await page.get_by_role("rowheader", name="Telegram").wait_for()

        assert set(await page.evaluate(LINES_OF_NAMES)) == {1}
        assert await page.evaluate(AUDIT) == []
        background = await page.evaluate("getComputedStyle(document.body).backgroundColor")
        assert (background == "rgb(22, 27, 26)") is dark


def _troubled(tx: Transaction) -> None:
    for channel in ("telegram", "wechat", "wecom"):
        tx.states.note(channel, "ApiError: 40164 invalid ip", good=False, token_at=None)
