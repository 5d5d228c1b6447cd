"""The page as people use it, in a real Chromium: nothing is lost, and nothing is done twice."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from playwright.async_api import Browser, Route, expect

from bot.web import texts
from bot.web.sender import WebSender
from handlers import texts as shared
from handlers.message import Choice, Reply
from tests.web_house import DEMO_GROUP, WebHouse, a_photo
from tests.web_pages import DESK, HEARD, SPOKEN, a_page, ready, say, spoken

pytestmark = pytest.mark.asyncio(loop_scope="module")


async def test_a_report_is_made_on_a_phone_and_outlives_a_reload(
    browser: Browser, tmp_path: Path
) -> None:
    async with (
        WebHouse(tmp_path) as house,
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
    browser: Browser, tmp_path: Path
) -> None:
    async with (
        WebHouse(tmp_path) as house,
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


async def test_what_waits_outlives_the_page_itself(browser: Browser, tmp_path: Path) -> None:
    async with (
        WebHouse(tmp_path) as house,
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
    browser: Browser, tmp_path: Path
) -> None:
    async with (
        WebHouse(tmp_path) as house,
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


async def test_somebody_too_fast_is_told_and_sends_the_same_again(
    browser: Browser, tmp_path: Path
) -> None:
    async with (
        WebHouse(tmp_path) as house,
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


async def test_a_notice_appears_without_a_reload_on_both_open_pages(
    browser: Browser, tmp_path: Path
) -> None:
    async with (
        WebHouse(tmp_path) as house,
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


async def test_a_photograph_is_sent_after_a_failed_try(browser: Browser, tmp_path: Path) -> None:
    async with (
        WebHouse(tmp_path) as house,
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


async def test_everything_can_be_done_with_the_keyboard(browser: Browser, tmp_path: Path) -> None:
    async with (
        WebHouse(tmp_path) as house,
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


async def test_text_from_people_stays_text(browser: Browser, tmp_path: Path) -> None:
    async with (
        WebHouse(tmp_path) as house,
        a_page(browser, house) as page,
    ):
        attack = "<img src=x onerror=\"document.title='taken'\">"
        await say(page, attack)
        await page.reload()
        await ready(page)

        assert await spoken(page) == [attack]
        assert await page.title() == "小二 · 洲头街居民服务"


async def test_a_demo_page_speaks_as_somebody_in_a_group_and_goes_on_in_private(
    browser: Browser, tmp_path: Path
) -> None:
    async with (
        WebHouse(tmp_path, demo_street=True) as house,
        a_page(browser, house, DESK) as page,
    ):
        await page.select_option("#speaker", label="居民乙")
        await page.get_by_role("button", name=DEMO_GROUP).click()
        await ready(page)
        await say(page, "@小二 我的积分")
        await page.get_by_role("button", name="去和小二私聊").click()

        await expect(page.locator(SPOKEN)).to_have_text([texts.FROM_GROUP])
        await expect(page.locator(HEARD)).to_contain_text("我的积分")
