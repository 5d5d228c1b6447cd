"""The page as people meet it: in a real Chromium, on a phone and on a PC."""

import json
import os
import re
import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from playwright.async_api import Browser, Page, Route, async_playwright, expect

from bot.web import texts
from bot.web.sender import WebSender
from handlers import texts as shared
from handlers.message import Choice, Reply
from tests.web_house import DEMO_GROUP, WebHouse, a_photo

CHROMIUM = shutil.which("chromium")
pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="no Chromium on this machine")

PHONE = (360, 740)
DESK = (1280, 900)
SPOKEN = "article.me:not(.pending) .text"
HEARD = "article.bot:not(#welcome) .text"

AUDIT = (Path(__file__).parent / "data" / "page_audit.js").read_text("utf-8")
"""Measures what people with old eyes and large thumbs need; returns what falls short."""


@asynccontextmanager
async def a_browser() -> AsyncIterator[Browser]:
    async with async_playwright() as playwright:
        arguments = ["--no-sandbox"] if os.geteuid() == 0 else []
        browser = await playwright.chromium.launch(executable_path=CHROMIUM, args=arguments)
        try:
            yield browser
        finally:
            await browser.close()


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


async def test_a_report_is_made_on_a_phone_and_outlives_a_reload(tmp_path: Path) -> None:
    async with (
        WebHouse(tmp_path) as house,
        a_browser() as browser,
        a_page(browser, house) as page,
    ):
        await say(page, "芳草苑 3 栋 2 单元电梯坏了")
        await page.get_by_role("button", name="1 确认提交").click()
        await expect(page.locator(SPOKEN)).to_have_count(2)
        heard = await page.locator(HEARD).all_inner_texts()
        await page.reload()
        await ready(page)

        assert await spoken(page) == ["芳草苑 3 栋 2 单元电梯坏了", shared.SUBMIT_LABEL]
        assert await page.locator(HEARD).all_inner_texts() == heard
        assert await page.locator(".choices[data-menu]:not(.over) .choice:disabled").count() == 0


async def test_what_is_said_while_the_server_is_away_is_done_once_when_it_is_back(
    tmp_path: Path,
) -> None:
    async with (
        WebHouse(tmp_path) as house,
        a_browser() as browser,
        a_page(browser, house) as page,
    ):
        await say(page, "你好")
        await house.stop()
        for text in ("我要报修", "楼道灯坏了"):
            await page.fill("#words", text)
            await page.press("#words", "Enter")
        await expect(page.locator("#banner")).to_contain_text("网络断了")
        await expect(page.locator("article.pending")).to_have_count(2)

        house.restart()
        await house.serve()
        await expect(page.locator(SPOKEN)).to_have_count(3, timeout=30_000)

        await expect(page.locator("article.pending")).to_have_count(0)
        await expect(page.locator("#banner")).to_be_hidden()
        assert await spoken(page) == ["你好", "我要报修", "楼道灯坏了"]
        assert await page.evaluate(OUTBOX) == []


OUTBOX = "() => Object.keys(localStorage).filter(name => name.startsWith('xiaoer.outbox.'))"


async def test_what_waits_outlives_the_page_itself(tmp_path: Path) -> None:
    async with (
        WebHouse(tmp_path) as house,
        a_browser() as browser,
        a_page(browser, house) as page,
    ):
        await house.stop()
        await page.fill("#words", "我要报修")
        await page.click("#send")
        await expect(page.locator("article.pending")).to_have_count(1)
        await page.close()

        house.restart()
        await house.serve()
        later = await page.context.new_page()
        await later.goto(house.url)

        await expect(later.locator(SPOKEN)).to_have_text(["我要报修"])
        await expect(later.locator("article.pending")).to_have_count(0)


async def test_an_answer_lost_on_the_way_is_asked_for_again_and_nothing_is_doubled(
    tmp_path: Path,
) -> None:
    async with (
        WebHouse(tmp_path) as house,
        a_browser() as browser,
        a_page(browser, house) as page,
    ):
        sent: list[str] = []

        async def lose_the_first(route: Route) -> None:
            body = json.loads(route.request.post_data or "{}")
            sent.append(body["id"])
            await route.fetch()
            if len(sent) == 1:
                await route.abort()
            else:
                await route.continue_()

        await page.route("**/api/messages", lose_the_first)
        await page.fill("#words", "我要报修")
        await page.click("#send")
        await expect(page.locator(SPOKEN)).to_have_text(["我要报修"])
        await page.wait_for_function(f"() => !({OUTBOX})().length")

        assert len(set(sent)) == 1
        assert await spoken(page) == ["我要报修"]
        assert await page.locator(HEARD).count() == 1


async def test_somebody_too_fast_is_told_and_sends_the_same_again(tmp_path: Path) -> None:
    async with (
        WebHouse(tmp_path) as house,
        a_browser() as browser,
        a_page(browser, house) as page,
    ):
        for number in range(20):
            await say(page, f"你好 {number}")
        await page.fill("#words", "我的积分")
        await page.click("#send")
        await expect(page.locator("article.failed .state")).to_contain_text(shared.SLOW_DOWN)

        house.clock.forward(timedelta(hours=1))
        await page.clock.set_fixed_time(datetime.now(UTC) + timedelta(hours=1))
        await page.get_by_role("button", name="再发一次").click()

        await expect(page.locator(SPOKEN)).to_have_count(21)
        await expect(page.locator("article.failed")).to_have_count(0)
        await expect(page.locator(HEARD).last).to_contain_text("积分")
        await expect(page.locator(HEARD).last).not_to_contain_text("没有处理")


async def test_what_to_call_can_be_tapped_when_nothing_can_be_stored(tmp_path: Path) -> None:
    async with (
        WebHouse(tmp_path) as house,
        a_browser() as browser,
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


async def test_a_notice_appears_without_a_reload_on_both_open_pages(tmp_path: Path) -> None:
    async with (
        WebHouse(tmp_path) as house,
        a_browser() as browser,
        a_page(browser, house) as page,
    ):
        await say(page, "你好")
        second = await page.context.new_page()
        await second.goto(house.url)
        await ready(second)
        chat = await page.evaluate(
            "fetch('/api/lines').then(a => a.json()).then(d => d.lines[0].chat)"
        )
        notice = Reply(
            "电梯修好了，急事打 12345。", (Choice("我的报修", "menu.my_tickets", 1),), menu="m1"
        )

        await WebSender(house.store, house.app.state.hub).send(chat, notice)

        for seen in (page, second):
            article = seen.locator("article.notice")
            await expect(article.locator(".text")).to_have_text(notice.text)
            await expect(article.locator(".by")).to_contain_text("通知")
            await expect(article.locator("a")).to_have_attribute("href", "tel:12345")
            await expect(seen.locator(".choice:not(:disabled)")).to_have_text("1 我的报修")


async def test_a_photograph_is_sent_after_a_failed_try(tmp_path: Path) -> None:
    async with (
        WebHouse(tmp_path) as house,
        a_browser() as browser,
        a_page(browser, house) as page,
    ):
        tries: list[str] = []

        async def fail_the_first(route: Route) -> None:
            tries.append(route.request.url)
            await (route.abort() if len(tries) == 1 else route.continue_())

        await page.route("**/api/photos", fail_the_first)
        photo = {"name": "灯.png", "mimeType": "image/png", "buffer": a_photo(size=(300, 200))}
        await page.set_input_files("#photo", photo)  # type: ignore[arg-type]
        await expect(page.locator("#tray .bad")).to_contain_text("没有传上去")
        await page.get_by_role("button", name="再传").click()
        await expect(page.locator("#tray .about")).to_have_text("照片传好了")
        await page.fill("#words", "芳草苑 3 栋 2 单元楼道灯坏了")
        await page.click("#send")

        image = page.locator("article.me:not(.pending) .shots img")
        await expect(image).to_have_count(1)
        await page.wait_for_function(
            "i => i.naturalWidth === 300", arg=await image.element_handle()
        )
        await expect(page.locator("#tray")).to_be_hidden()


async def test_everything_can_be_done_with_the_keyboard(tmp_path: Path) -> None:
    async with (
        WebHouse(tmp_path) as house,
        a_browser() as browser,
        a_page(browser, house, DESK) as page,
    ):
        await page.keyboard.press("Tab")
        await expect(page.locator(".skip")).to_be_focused()
        await page.keyboard.press("Enter")
        await page.focus("#words")
        await page.keyboard.type("芳草苑 3 栋 2 单元电梯坏了")
        await page.keyboard.press("Enter")
        await expect(page.locator(SPOKEN)).to_have_count(1)
        button = page.get_by_role("button", name="1 确认提交")
        await expect(button).to_be_visible()
        for _ in range(30):
            if await button.evaluate("b => b === document.activeElement"):
                break
            await page.keyboard.press("Shift+Tab")
        await page.keyboard.press("Enter")

        await expect(page.locator(SPOKEN)).to_have_count(2)


async def test_text_from_people_stays_text(tmp_path: Path) -> None:
    async with (
        WebHouse(tmp_path) as house,
        a_browser() as browser,
        a_page(browser, house) as page,
    ):
        attack = "<img src=x onerror=\"document.title='taken'\">"
        await say(page, attack)
        await page.reload()
        await ready(page)

        assert await spoken(page) == [attack]
        assert await page.title() == "小二 · 洲头街居民服务"


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
@pytest.mark.parametrize("size", [PHONE, DESK], ids=["phone", "desk"])
async def test_large_type_high_contrast_and_targets_for_thumbs(
    size: tuple[int, int], dark: bool, tmp_path: Path
) -> None:
    async with (
        WebHouse(tmp_path, demo_street=True) as house,
        a_browser() as browser,
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


async def test_a_date_is_not_broken_over_two_lines(tmp_path: Path) -> None:
    async with (
        WebHouse(tmp_path) as house,
        a_browser() as browser,
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


async def test_the_size_of_the_type_is_remembered(tmp_path: Path) -> None:
    async with (
        WebHouse(tmp_path) as house,
        a_browser() as browser,
        a_page(browser, house) as page,
    ):
        small = await page.evaluate(FONT_SIZE)
        await page.get_by_role("button", name="字大一点").click()
        await page.reload()
        await ready(page)

        assert small >= 20
        assert await page.evaluate(FONT_SIZE) > small


async def test_whoever_chose_large_letters_in_the_talk_has_them_on_the_page(
    tmp_path: Path,
) -> None:
    async with (
        WebHouse(tmp_path) as house,
        a_browser() as browser,
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


async def test_the_emergency_numbers_stay_in_sight(tmp_path: Path) -> None:
    async with (
        WebHouse(tmp_path) as house,
        a_browser() as browser,
        a_page(browser, house) as page,
    ):
        for text in ("你好", "我的报修", "有什么班", "我的积分"):
            await say(page, text)

        for number in ("119", "120", "110"):
            await expect(page.locator(f'a[href="tel:{number}"]').first).to_be_in_viewport(ratio=1)
        await expect(page.locator("#words")).to_be_in_viewport(ratio=1)


async def test_a_demo_page_speaks_as_somebody_in_a_group_and_goes_on_in_private(
    tmp_path: Path,
) -> None:
    async with (
        WebHouse(tmp_path, demo_street=True) as house,
        a_browser() as browser,
        a_page(browser, house, DESK) as page,
    ):
        await page.select_option("#speaker", label="居民乙")
        await page.get_by_role("button", name=DEMO_GROUP).click()
        await ready(page)
        await say(page, "@小二 我的积分")
        await page.get_by_role("button", name="去和小二私聊").click()

        await expect(page.locator(SPOKEN)).to_have_text([texts.FROM_GROUP])
        await expect(page.locator(HEARD)).to_contain_text("我的积分")
