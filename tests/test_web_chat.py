"""The web chat as a page uses it: over a real socket, with the real service behind."""

import json
import re
from datetime import timedelta
from pathlib import Path

import httpx
import pytest

from bot.web import texts
from bot.web.sender import WebSender
from handlers import texts as shared
from handlers.delivery import Kept
from handlers.emergency import texts as emergency
from handlers.message import Choice, Reply
from tests.web_house import Line, WebHouse, a_photo, said

REPORT = "芳草苑 3 栋 2 单元电梯坏了"
MINUTE = timedelta(minutes=1)
HOURS = 2 * 3600
"""In seconds, as a page sends them."""


async def test_a_session_is_a_cookie_no_script_reads_and_no_other_site_sends(
    tmp_path: Path,
) -> None:
    async with WebHouse(tmp_path) as house, httpx.AsyncClient(base_url=house.url) as client:
        first = await client.post("/api/session", json={})
        again = await client.post("/api/session", json={})

        cookie = first.headers["set-cookie"]
        assert re.match(r"xiaoer=[\w-]{43};", cookie)
        assert "HttpOnly" in cookie
        assert "SameSite=strict" in cookie
        assert "Secure" not in cookie
        assert again.json()["me"] == first.json()["me"]
        assert client.cookies["xiaoer"] not in json.dumps(first.json())


async def test_over_https_no_neighbouring_site_can_set_the_cookie(tmp_path: Path) -> None:
    async with (
        WebHouse(tmp_path, secure=True) as house,
        httpx.AsyncClient(base_url=house.url) as client,
    ):
        answer = await client.post("/api/session", json={})

        assert answer.headers["set-cookie"].startswith("__Host-xiaoer=")
        assert "Secure" in answer.headers["set-cookie"]
        assert "strict-transport-security" in answer.headers


async def test_without_a_session_nothing_is_told(tmp_path: Path) -> None:
    async with WebHouse(tmp_path) as house, httpx.AsyncClient(base_url=house.url) as client:
        answers = [
            await client.get("/api/lines"),
            await client.get("/api/events"),
            await client.get(f"/api/photos/{'0' * 64}.jpg"),
            await client.post("/api/messages", json={"id": "a", "text": "在吗"}),
            await client.post("/api/press", json={"id": "a", "action": "faq.up"}),
            await client.post("/api/photos", files={"photo": a_photo()}),
        ]

        assert {answer.status_code for answer in answers} == {401}
        assert {answer.json()["error"] for answer in answers} == {texts.NO_SESSION}


async def test_a_page_that_believes_to_be_somebody_else_is_told_so(tmp_path: Path) -> None:
    async with WebHouse(tmp_path) as house, house.visitor() as visitor:
        answer = await visitor.send("我的积分", me="demo-5")

        assert answer.status_code == 409
        assert await visitor.lines() == []


async def test_a_message_is_answered_when_it_is_stored(tmp_path: Path) -> None:
    async with WebHouse(tmp_path) as house, house.visitor() as visitor:
        [mine, reply] = await visitor.say("你好")

        assert (mine["from"], mine["text"], mine["client"]) == ("me", "你好", "m1")
        assert reply["from"] == "bot"
        assert shared.PERSON_LABEL in [choice["label"] for choice in _choices(reply)]
        assert isinstance(mine["id"], str)
        assert await visitor.lines() == [mine, reply]


def _choices(line: Line) -> list[dict[str, object]]:
    choices = line["choices"]
    assert isinstance(choices, list)
    return choices


async def test_a_report_made_on_the_page_reaches_its_number(tmp_path: Path) -> None:
    async with WebHouse(tmp_path) as house, house.visitor() as visitor:
        lines = await visitor.say(REPORT)
        [pressed, answer] = await visitor.press(lines[-1], shared.SUBMIT_LABEL)

        assert (pressed["from"], pressed["text"]) == ("me", shared.SUBMIT_LABEL)
        assert re.search(r"\d{4}", str(answer["text"]))


async def test_a_message_sent_twice_is_done_once_and_answered_twice(tmp_path: Path) -> None:
    async with WebHouse(tmp_path) as house, house.visitor() as visitor:
        first = await visitor.say("我要报修", id="same")
        again = await visitor.say("我要报修", id="same")

        assert again == first
        assert await visitor.lines() == first


async def test_two_pages_never_see_each_others_talk(tmp_path: Path) -> None:
    async with WebHouse(tmp_path) as house, house.visitor() as one, house.visitor() as other:
        [mine, _] = await one.say("我的报修", id="same")

        await other.say("你好", id="same")
        peek = await other.client.get("/api/lines", params={"chat": str(mine["chat"])})
        room = await other.client.get("/api/lines", params={"chat": "room-2"})
        speak = await other.send("你好", chat=str(mine["chat"]))

        assert mine["id"] not in [line["id"] for line in await other.lines()]
        assert [peek.status_code, room.status_code, speak.status_code] == [404, 404, 404]


async def test_a_button_that_names_a_danger_raises_no_alarm(tmp_path: Path) -> None:
    async with WebHouse(tmp_path) as house, house.visitor() as visitor:
        chat = (await visitor.say("你好"))[0]["chat"]
        offer = Reply("您问的是哪一件？", (Choice("家里着火了怎么办", "faq.show:x", 1),), menu="m")
        with pytest.raises(Kept):
            await WebSender(house.store, house.app.state.hub).send(str(chat), offer)
        [line] = [line for line in await visitor.lines() if line.get("menu") == "m"]

        lines = await visitor.press(line, "家里着火了怎么办")

        assert lines[0]["text"] == texts.chosen(1)
        assert "119" not in str(lines[1]["text"])


async def test_buttons_of_an_old_menu_are_said_to_be_old(tmp_path: Path) -> None:
    async with WebHouse(tmp_path) as house, house.visitor() as visitor:
        old = (await visitor.say("你好"))[-1]
        await visitor.say(REPORT)

        lines = await visitor.press(old, "我的积分")

        assert lines[0]["text"] == "我的积分"
        assert shared.OLD_MENU in str(lines[1]["text"])


async def test_whatever_is_typed_stops_nothing(tmp_path: Path) -> None:
    async with WebHouse(tmp_path) as house, house.visitor() as visitor:
        for number, text in enumerate(["", "\x00\x07", "😀" * 3000, "<script>alert(1)</script>"]):
            answer = await visitor.send(text, id=f"odd-{number}")
            assert answer.status_code == 200

        assert (await visitor.say("我的报修"))[0]["text"] == "我的报修"


async def test_somebody_too_fast_is_told_that_nothing_was_done_and_may_send_again(
    tmp_path: Path,
) -> None:
    async with WebHouse(tmp_path) as house, house.visitor() as visitor:
        for _ in range(20):
            await visitor.say("你好")

        refused = await visitor.send("我的积分", id="late")
        silent = await visitor.send("我的报修", id="later")
        house.clock.forward(MINUTE)
        [mine, _] = await visitor.say("我的积分", id="late")

        assert refused.status_code == silent.status_code == 503
        assert refused.json()["error"] == shared.SLOW_DOWN
        assert refused.json()["lines"] == []
        assert silent.json()["error"] == texts.NOT_TAKEN
        assert mine["text"] == "我的积分"


async def test_what_waited_on_the_page_for_hours_is_not_acted_on(tmp_path: Path) -> None:
    async with WebHouse(tmp_path) as house, house.visitor() as visitor:
        menu = (await visitor.say(REPORT))[-1]
        [_, late, *_] = await visitor.say("我的积分", age=HOURS)
        pressed = await visitor.press(menu, shared.SUBMIT_LABEL, age=HOURS)
        mine = await visitor.say("我的报修")
        [_, danger, _] = await visitor.say("家里着火了", age=HOURS)
        odd = [await visitor.send("你好", age=age) for age in (-1, 10**9, "soon")]

        assert "没有处理" in str(late["text"])
        assert len(pressed) == 1
        assert "1001" not in str(mine)
        assert "才看到" in str(danger["text"])
        assert [answer.status_code for answer in odd] == [400, 400, 400]


async def test_a_locked_database_is_said_in_words_and_nothing_is_lost(tmp_path: Path) -> None:
    async with WebHouse(tmp_path) as house, house.visitor() as visitor:
        with house.database.taken():
            down = await visitor.send("我要报修", id="kept")
            alarm = await visitor.send("我家着火了", id="fire")
            unread = await visitor.client.get("/api/lines")
            ill = await visitor.client.get("/healthz")
        lines = await visitor.say("我要报修", id="kept")

        assert [down.status_code, unread.status_code, ill.status_code] == [503, 503, 503]
        assert "没有办成" in down.json()["error"]
        assert alarm.json()["error"] == texts.NOT_KEPT
        assert "119" in alarm.json()["lines"][0]["text"].splitlines()[0]
        assert alarm.json()["lines"][1]["text"] == emergency.ALERT_LATER
        assert unread.json()["error"] == texts.STORE_DOWN
        assert said(lines)[0] == ("me", "我要报修")
