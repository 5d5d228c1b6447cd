"""A QR picture of a code as people meet it on the page: in a real Chromium, read by a scanner."""

import asyncio
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from io import BytesIO
from pathlib import Path

import pytest
import zxingcpp
from PIL import Image
from playwright.async_api import Browser, Page, expect

from bot.channels.wechat.opening import open_channel
from tests.peers.wechat.server import WeChatPeer
from tests.web_house import WebHouse
from tests.web_pages import AUDIT, DESK, HEARD, PHONE, a_page, say
from tests.wechat_house import APP_SECRET, settings

pytestmark = pytest.mark.asyncio(loop_scope="module")


@pytest.mark.parametrize(
    ("size", "dark"), [(PHONE, False), (DESK, False), (DESK, True)], ids=["phone", "desk", "dark"]
)
async def test_a_code_of_ones_own_can_be_scanned_from_the_page(
    size: tuple[int, int], dark: bool, browser: Browser, tmp_path: Path
) -> None:
    async with (
        WeChatPeer() as peer,
        WebHouse(tmp_path) as house,
        an_account(house, peer),
        a_page(browser, house, size, dark=dark) as page,
    ):
        await say(page, "我的码")
        picture = page.locator("article.bot img")
        await expect(picture).to_have_attribute("alt", re.compile("微信二维码.*绑定"))
        await picture.scroll_into_view_if_needed()
        asked = peer.scenes[peer.pictures[await scanned(page)]]["action_info"]
        beside = await page.locator(HEARD).last.inner_text()
        audit = await page.evaluate(AUDIT)

    assert isinstance(asked, dict)
    assert asked["scene"]["scene_str"] in beside
    assert audit == []


@asynccontextmanager
async def an_account(house: WebHouse, peer: WeChatPeer) -> AsyncIterator[None]:
    """Let an account of WeChat make pictures for the house."""
    config = settings(api_url=peer.url, secret=APP_SECRET)
    account = open_channel(config, house.dispatcher, house.store, house.media, clock=house.clock)
    await account.start()
    try:
        yield
    finally:
        await account.stop()


async def scanned(page: Page) -> str:
    """Hold a telephone before the screen until it reads something."""
    async with asyncio.timeout(10):
        while True:
            seen = zxingcpp.read_barcodes(Image.open(BytesIO(await page.screenshot())))
            if seen:
                return str(seen[0].text)
