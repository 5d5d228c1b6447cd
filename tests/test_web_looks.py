"""The page for old eyes and large thumbs, in a real Chromium, on a phone and on a PC."""

import re
from pathlib import Path

import pytest
from playwright.async_api import Browser, expect

from tests.web_house import WebHouse
from tests.web_pages import AUDIT, DESK, PHONE, SPOKEN, a_page, ready, say

LENGTH = "document.documentElement.scrollHeight"

pytestmark = pytest.mark.asyncio(loop_scope="module")


async def test_what_to_call_can_be_tapped_when_nothing_can_be_stored(
    browser: Browser, tmp_path: Path
) -> None:
    async with (
        WebHouse(tmp_path) as house,
        a_page(browser, house) as page,
    ):
        with house.database.taken():
            for text in ("我的积分", "家里着火了"):
                await page.fill("#words", text)
                await page.click("#send")

            await expect(page.locator('article.failed .state a[href="tel:12345"]')).to_be_visible()
            await expect(page.locator('article.bot .text a[href="tel:119"]')).to_be_visible()
            assert await page.evaluate(AUDIT) == []
        await page.get_by_role("button", name="再发一次").last.click()
        await page.get_by_role("button", name="再发一次").click()

        await expect(page.locator(SPOKEN)).to_have_text(["家里着火了", "我的积分"])


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
@pytest.mark.parametrize("size", [PHONE, DESK], ids=["phone", "desk"])
async def test_large_type_high_contrast_and_targets_for_thumbs(
    size: tuple[int, int], dark: bool, browser: Browser, tmp_path: Path
) -> None:
    async with (
        WebHouse(tmp_path, demo_street=True) as house,
        a_page(browser, house, size, dark=dark) as page,
    ):
        await page.select_option("#speaker", label="居民甲")
        await expect(page.locator("#rooms")).to_be_visible()
        await ready(page)
        await say(page, "你好")
        await say(page, "芳草苑 3 栋 2 单元电梯坏了")
        await house.stop()
        await page.fill("#words", "我的积分")
        await page.click("#send")
        await expect(page.locator("#banner")).to_be_visible()
        shortcomings = [await page.evaluate(AUDIT)]
        for _ in range(3):
            await page.click("#larger")
            shortcomings.append(await page.evaluate(AUDIT))

        assert shortcomings == [[], [], [], []]


async def test_a_date_is_not_broken_over_two_lines(browser: Browser, tmp_path: Path) -> None:
    async with (
        WebHouse(tmp_path) as house,
        a_page(browser, house, DESK) as page,
    ):
        await say(page, "物业服务不好能不交物业费吗")
        await say(page, "依据")
        for _ in range(3):
            rows = await page.evaluate(ROWS_OF_DATES)
            await page.click("#larger")

            assert len(rows) >= 2
            assert set(rows) == {1}


ROWS_OF_DATES = """() => [...document.querySelectorAll(".text")].flatMap(text => {
  const nodes = document.createNodeIterator(text, NodeFilter.SHOW_TEXT);
  const rows = [];
  for (let node = nodes.nextNode(); node; node = nodes.nextNode()) {
    for (const date of node.data.matchAll(/\\d{4}-\\d\\d-\\d\\d/g)) {
      const range = document.createRange();
      range.setStart(node, date.index);
      range.setEnd(node, date.index + date[0].length);
      rows.push(new Set(Array.from(range.getClientRects(), box => box.top)).size);
    }
  }
  return rows;
})"""
"""On how many rows each date stands."""


async def test_the_size_of_the_type_is_remembered(browser: Browser, tmp_path: Path) -> None:
    async with (
        WebHouse(tmp_path) as house,
        a_page(browser, house) as page,
    ):
        small = await page.evaluate(FONT_SIZE)
        await page.get_by_role("button", name="字大一点").click()
        await page.reload()
        await ready(page)

        assert small >= 20
        assert await page.evaluate(FONT_SIZE) > small


async def test_whoever_chose_large_letters_in_the_talk_has_them_on_the_page(
    browser: Browser, tmp_path: Path
) -> None:
    async with (
        WebHouse(tmp_path) as house,
        a_page(browser, house) as page,
    ):
        small = await page.evaluate(FONT_SIZE)
        await say(page, "长辈模式")
        await expect(page.locator("html")).to_have_class(re.compile("size-2"))
        large = await page.evaluate(FONT_SIZE)
        await say(page, "普通模式")
        await expect(page.locator("html")).to_have_class(re.compile("size-0"))

        assert large > small
        assert await page.evaluate(FONT_SIZE) == small


FONT_SIZE = "() => parseFloat(getComputedStyle(document.body).fontSize)"


async def test_the_emergency_numbers_stay_in_sight(browser: Browser, tmp_path: Path) -> None:
    async with (
        WebHouse(tmp_path) as house,
        a_page(browser, house) as page,
    ):
        for text in ("你好", "我的报修", "有什么班", "我的积分"):
            await say(page, text)

        for number in ("119", "120", "110"):
            await expect(page.locator(f'a[href="tel:{number}"]').first).to_be_in_viewport(ratio=1)
        await expect(page.locator("#words")).to_be_in_viewport(ratio=1)


async def test_nothing_moves_under_the_thumb_that_reaches_the_end(
    browser: Browser, tmp_path: Path
) -> None:
    async with WebHouse(tmp_path) as house, a_page(browser, house, PHONE) as page:
        await ready(page)
        await say(page, "我家天花板漏水了，这个维修费到底谁出")
        newer = page.locator("#newer")
        await expect(newer).to_be_visible()
        length = await page.evaluate(LENGTH)

        await page.evaluate("window.scrollTo(0, document.documentElement.scrollHeight)")

        await expect(newer).to_be_hidden()
        assert await page.evaluate(LENGTH) == length
