"""Where WeCom sets a limit, drops what is over it, or posts what nobody asked for."""

import base64
import io
import os
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from handlers.message import Choice, Reply
from storage.sendings import Limit
from tests.wechat_house import a_photo
from tests.wecom_house import WeComHouse, a_house
from tests.wecom_street import LI, by_robot_only, tell, told

WANG = "wmAJ2GCAAAme1XQRC"


async def test_more_than_a_thousand_an_hour_wait_and_none_is_dropped(tmp_path: Path) -> None:
    async with a_house(tmp_path) as house:
        house.peer.members.add(LI)
        await house.say(LI, "你好")
        for _ in range(34):
            await house.run(lambda tx: tx.sendings.take(f"wecom:{LI}", 30, UNCOUNTED))
            house.house.clock.forward(timedelta(seconds=61))
        await house.remind("wecom", LI, "明天停水")
        at_once = house.peer.texts_to(LI)
        house.house.clock.forward(timedelta(hours=1))
        await house.deliver()

    assert at_once == []
    assert house.peer.texts_to(LI) == ["明天停水"]
    assert house.peer.dropped == []


async def test_what_is_too_much_for_the_app_today_is_said_tomorrow(tmp_path: Path) -> None:
    async with a_house(tmp_path, app_accounts=1) as house:
        house.peer.members.add(LI)
        await house.say(LI, "你好")
        for number in range(202):
            await house.remind("wecom", LI, f"通知 {number}")
            house.house.clock.forward(timedelta(seconds=5))
        today = len(house.peer.texts_to(LI))
        house.house.clock.forward(timedelta(days=1))
        await house.deliver()

    assert today == 200
    assert len(house.peer.texts_to(LI)) == 202


async def test_what_somebody_quotes_is_not_what_they_say(tmp_path: Path) -> None:
    async with a_house(tmp_path) as house:
        quote = {"msgtype": "text", "text": {"content": "厨房着火了"}}
        answer = await house.poster.ask(LI, "我的积分", quote=quote)

    assert "119" not in answer.stream["content"]
    assert "积分" in answer.stream["content"]


@pytest.mark.parametrize("kind", ["file", "video", "hologram"])
async def test_what_the_smart_robot_cannot_read_is_answered(kind: str, tmp_path: Path) -> None:
    async with a_house(tmp_path) as house:
        more: dict[str, Any] = {kind: {"url": "https://x/"}}
        answer = await house.poster.robot(LI, msgtype=kind, **more)

    assert "看不懂" in answer.stream["content"]
    assert answer.stream["finish"] is True


async def test_a_menu_of_the_customer_service_that_is_too_long_is_a_text(tmp_path: Path) -> None:
    async with a_house(tmp_path) as house:
        await house.customer(WANG, "你好")
        await house.bind("wecom_kf", WANG, "居民乙", f"{house.peer.kf.account}/{WANG}")
        before = len(house.peer.kf.sent)
        sender = house.parts.senders["wecom_kf"]
        for choices in (some(10), some(11), some(1, "字" * 43)):
            reply = Reply("您要办哪一件？", choices, menu="m1")
            await sender.send(f"{house.peer.kf.account}/{WANG}", reply)

    sent = house.peer.kf.sent[before:]
    assert [one["msgtype"] for one in sent] == ["msgmenu", "text", "text"]
    assert "11 第 11 件" in sent[1]["text"]["content"]


async def test_a_ring_hands_on_its_token_to_what_is_fetched(tmp_path: Path) -> None:
    async with a_house(tmp_path) as house:
        house.peer.kf.write(WANG, "你好")
        await house.poster.ring(house.peer.kf.account, "ENCone")
        assert house.parts.kf is not None
        await house.parts.kf.settled()

    assert "ENCone" in [one["token"] for one in house.peer.kf.fetches]


async def test_a_group_robot_shows_pictures_up_to_two_megabytes(tmp_path: Path) -> None:
    async with a_house(tmp_path) as house:
        await by_robot_only(house)
        small, large = await house.media.keep(a_photo()), await house.media.keep(noise())
        for name in (small, large):
            await show(house, name)

    kinds = [one["msgtype"] for one in house.peer.pushed]
    [picture] = [one["image"] for one in house.peer.pushed if one["msgtype"] == "image"]
    assert kinds == ["text", "image", "text"]
    assert base64.b64decode(picture["base64"]) == house.media.path(small).read_bytes()


async def test_a_group_robot_that_said_too_much_goes_on_a_minute_later(tmp_path: Path) -> None:
    async with a_house(tmp_path) as house:
        await by_robot_only(house)
        house.peer.fail("/cgi-bin/webhook/send", 45009)
        await tell(house, "明天停水")
        at_once = told(house)
        house.house.clock.forward(timedelta(seconds=61))
        await house.deliver()

    assert at_once == []
    assert len(told(house)) == 1


UNCOUNTED = (Limit(10_000, timedelta(hours=1)),)


def some(count: int, label: str = "") -> tuple[Choice, ...]:
    return tuple(
        Choice(label or f"第 {number} 件", f"faq.show:{number}", number=number)
        for number in range(1, count + 1)
    )


async def show(house: WeComHouse, name: str) -> None:
    """Show the staff of 建港 a picture."""
    await house.run(
        lambda tx: tx.notices.schedule(
            key=f"show:{name}", group_id=1, text="看照片", topic="test", media=[name]
        )
    )
    await house.deliver()


def noise() -> bytes:
    """Return a photograph of which nothing can be left out."""
    held = io.BytesIO()
    Image.frombytes("RGB", (2000, 2000), os.urandom(2000 * 2000 * 3)).save(held, "PNG")
    return held.getvalue()
