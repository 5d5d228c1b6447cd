"""New lines reach open pages, photographs travel both ways."""

import asyncio
import io
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import httpx
import pytest
from PIL import Image

from bot.web import texts
from bot.web.sender import WebSender
from handlers import texts as shared
from handlers.delivery import DeliveryError
from handlers.message import Choice, Reply
from handlers.notify import tell_resident
from storage.transaction import Transaction
from tests.web_house import Line, Visitor, WebHouse, a_photo

REPORT = "芳草苑 3 栋 2 单元电梯坏了"


async def test_what_is_said_appears_on_every_open_page_of_the_person(tmp_path: Path) -> None:
    async with WebHouse(tmp_path) as house, house.visitor() as visitor, visitor.live() as live:
        assert await live.comment() == "open"
        lines = await visitor.say("你好")

        assert [await live.next() for _ in lines] == lines


async def test_a_page_that_comes_back_gets_what_it_missed_and_then_what_is_new(
    tmp_path: Path,
) -> None:
    async with WebHouse(tmp_path) as house, house.visitor() as visitor:
        [mine, reply] = await visitor.say("你好")
        missed = await visitor.say("我的报修")

        async with visitor.live(last_id=str(reply["id"]), after=str(mine["id"])) as live:
            assert [await live.next() for _ in missed] == missed
            new = await visitor.say("有什么班")
            assert [await live.next() for _ in new] == new


async def test_a_long_absence_is_caught_up_whole(tmp_path: Path) -> None:
    async with WebHouse(tmp_path) as house, house.visitor() as visitor:
        chat = str((await visitor.say("你好"))[0]["chat"])
        bodies: list[dict[str, object]] = [
            {"from": "", "to": "", "text": str(n)} for n in range(250)
        ]

        def say(tx: Transaction) -> None:
            for body in bodies:
                tx.transcripts.say(chat, body)

        await house.store.run(say)

        async with visitor.live() as live:
            caught_up = [await live.next() for _ in range(252)]

        assert [line["text"] for line in caught_up[2:]] == [str(n) for n in range(250)]


async def test_what_another_process_wrote_is_found_at_the_next_heartbeat(tmp_path: Path) -> None:
    beat = timedelta(milliseconds=20)
    async with WebHouse(tmp_path, heartbeat=beat) as house, house.visitor() as visitor:
        chat = str((await visitor.say("你好"))[0]["chat"])
        last = (await visitor.lines())[-1]
        async with visitor.live(after=str(last["id"])) as live:
            assert await live.comment() == "open"
            assert await live.comment() == "still here"
            body: dict[str, object] = {"from": "", "to": "", "text": "别处写的"}
            other = house.database.open(house.clock)
            await other.run(lambda tx: tx.transcripts.say(chat, body))
            other.close()

            assert (await live.next())["text"] == "别处写的"


async def test_a_notice_appears_at_once_and_stays_in_the_talk(tmp_path: Path) -> None:
    async with WebHouse(tmp_path) as house, house.visitor() as visitor:
        mine = (await visitor.say("你好"))[0]
        async with visitor.live(after=str((await visitor.lines())[-1]["id"])) as live:
            await house.store.run(_told(mine))
            assert await house.delivery.deliver_due() == 1
            line = await live.next()

        assert (line["from"], line["notice"], line["text"]) == ("bot", True, "电梯修好了。")
        [pressed, _] = await visitor.press(line, "我的报修")
        assert pressed["text"] == "我的报修"


async def test_what_a_notice_asked_while_no_page_was_open_can_be_answered_later(
    tmp_path: Path,
) -> None:
    async with WebHouse(tmp_path) as house, house.visitor() as visitor:
        mine = (await visitor.say("你好"))[0]
        await house.store.run(_told(mine))
        assert await house.delivery.deliver_due() == 1
        line = (await visitor.lines())[-1]
        [_, pressed] = await visitor.press(line, "我的报修")

    assert line["text"] == "电梯修好了。"
    assert "报修" in str(pressed["text"])
    assert pressed["text"] != shared.OLD_MENU


def _told(line: Line) -> Callable[[Transaction], None]:
    """Return work that has whoever said the line told something, with a button."""

    def work(tx: Transaction) -> None:
        resident = tx.residents.at(f"web:{line['chat']}")
        assert resident is not None
        tell_resident(
            tx,
            resident.id,
            key="k",
            text="电梯修好了。",
            topic="tickets",
            choices=[Choice("我的报修", "menu.my_tickets")],
            asked_for=True,
        )

    return work


async def test_a_notice_waits_while_the_database_takes_nothing(tmp_path: Path) -> None:
    async with WebHouse(tmp_path) as house:
        with house.database.taken(), pytest.raises(DeliveryError) as refused:
            await WebSender(house.store, house.app.state.hub).send("somebody", Reply("您好"))

        assert not refused.value.permanent


async def test_stopping_lets_listening_pages_go_at_once(tmp_path: Path) -> None:
    async with WebHouse(tmp_path) as house, house.visitor() as visitor, visitor.live() as live:
        await live.comment()
        async with asyncio.timeout(4):
            await house.stop()
            await live.end()


async def upload(visitor: Visitor, data: bytes) -> httpx.Response:
    return await visitor.client.post("/api/photos", files={"photo": ("a.png", data, "image/png")})


async def test_a_photograph_goes_with_its_message_and_comes_back(tmp_path: Path) -> None:
    async with WebHouse(tmp_path) as house, house.visitor() as visitor:
        name = (await upload(visitor, a_photo())).json()["name"]

        lines = await visitor.say(REPORT, photos=[name])
        shown = await visitor.client.get(f"/api/photos/{name}")

        assert lines[0]["photos"] == [name]
        assert shown.headers["content-type"] == "image/jpeg"
        assert "private" in shown.headers["cache-control"]
        with Image.open(io.BytesIO(shown.content)) as image:
            assert image.size == (40, 30)


async def test_what_is_no_photograph_is_refused_in_words(tmp_path: Path) -> None:
    async with WebHouse(tmp_path) as house, house.visitor() as visitor:
        empty = await visitor.client.post("/api/photos", data={"photo": "x"})
        page = await upload(visitor, b"<html>")
        large = await upload(visitor, b"\xff" * (20 * 1024 * 1024 + 20_000))
        strange = await visitor.client.get("/api/photos/..%2F..%2Fxiaoer.db")
        unknown = await visitor.client.get(f"/api/photos/{'0' * 64}.jpg")

        assert (empty.status_code, empty.json()["error"]) == (400, texts.NO_PHOTO)
        assert (page.status_code, page.json()["error"]) == (422, texts.NOT_A_PHOTO)
        assert (large.status_code, large.json()["error"]) == (413, texts.TOO_LARGE_PHOTO)
        assert strange.status_code == unknown.status_code == 404


async def test_what_is_said_unasked_has_arrived_only_when_a_page_shows_it(tmp_path: Path) -> None:
    async with WebHouse(tmp_path) as house, house.visitor() as visitor:
        chat = str((await visitor.say("你好"))[0]["chat"])

        def tell(tx: Transaction) -> None:
            person = tx.residents.at(f"web:{chat}")
            assert person is not None
            tell_resident(tx, person.id, key=f"k:{tx.new_id(0)}", text="修好了", topic="tickets")

        async def arrived() -> int:
            [(number,)] = house.database.run(
                "SELECT count(*) FROM notices WHERE state = 'delivered'"
            )
            return int(str(number))

        await house.store.run(tell)
        await house.delivery.deliver_due()
        nobody = await arrived()
        await visitor.lines()
        read = await arrived()
        async with visitor.live() as live:
            await live.comment()
            await house.store.run(tell)
            await house.delivery.deliver_due()
            open_page = await arrived()

        assert (nobody, read, open_page) == (0, 1, 2)
