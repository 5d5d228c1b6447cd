"""The web chat's interface, as a page uses it: over a real socket, with the real service behind."""

import asyncio
import io
import json
import re
import socket
import sqlite3
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import httpx
import pytest
from PIL import Image
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from bot.web import texts
from bot.web.headers import POLICY
from bot.web.sender import WebSender
from bot.web.server import PortUnusable, WebServer, build_app, serve
from handlers import texts as shared
from handlers.delivery import DeliveryError
from handlers.message import Choice, Reply
from handlers.notify import tell_resident
from storage.residents import Resident
from storage.transaction import Transaction
from tests.web_house import DEMO_GROUP, Line, Visitor, WebHouse

REPORT = "芳草苑 3 栋 2 单元电梯坏了"
SECRET = "the secret of the house"
MINUTE = timedelta(minutes=1)


def a_photo(colour: str = "red", size: tuple[int, int] = (40, 30)) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", size, colour).save(out, "PNG")
    return out.getvalue()


async def upload(visitor: Visitor, data: bytes) -> httpx.Response:
    return await visitor.client.post("/api/photos", files={"photo": ("a.png", data, "image/png")})


def said(lines: list[Line]) -> list[tuple[object, object]]:
    return [(line["from"], line["text"]) for line in lines]


# The page


async def test_the_page_says_who_it_is_and_asks_nothing_of_other_sites(tmp_path: Path) -> None:
    async with WebHouse(tmp_path) as house, httpx.AsyncClient(base_url=house.url) as client:
        answer = await client.get("/")

        page = answer.text
        assert "<title>小二 · 洲头街居民服务</title>" in page
        assert "自动助手，不是真人；" in page
        assert re.findall(r'href="tel:(\d+)"', page) == ["119", "120", "110"]
        assert not re.search(r'(?:src|href)="(?:https?:)?//', page)
        assert not re.search(r"<style|style=|<script>|onclick", page)
        assert answer.headers["content-security-policy"] == POLICY
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert "set-cookie" not in answer.headers
        assert answer.headers["cache-control"] == "no-store"


async def test_files_of_the_page_are_kept_by_browsers_and_change_their_address(
    tmp_path: Path,
) -> None:
    async with WebHouse(tmp_path) as house, httpx.AsyncClient(base_url=house.url) as client:
        [address] = re.findall(r'href="(/static/chat\.css\?v=\w+)"', (await client.get("/")).text)

        named = await client.get(address)
        bare = await client.get("/static/chat.css")
        again = await client.get(
            "/static/chat.css", headers={"if-none-match": bare.headers["etag"]}
        )
        outside = await client.get("/static/..%2Fserver.py")

        assert "immutable" in named.headers["cache-control"]
        assert named.headers["content-type"] == "text/css; charset=utf-8"
        assert bare.headers["cache-control"] == "no-cache"
        assert again.status_code == 304
        assert outside.status_code == 404


async def test_health_is_told_without_cookies(tmp_path: Path) -> None:
    async with WebHouse(tmp_path) as house, httpx.AsyncClient(base_url=house.url) as client:
        answer = await client.get("/healthz")

        assert answer.status_code == 200
        assert answer.json()["status"] == "ok"
        assert "set-cookie" not in answer.headers


# The session


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


# Saying something


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


BAD_BODIES = [
    b"",
    b"{",
    b"[]",
    b'{"text": "no id"}',
    b'{"id": "../x", "text": "a"}',
    b'{"id": "a", "text": 5}',
    b'{"id": "a", "text": "\xff"}',
    b'{"id": "a", "text": "\\ud800"}',
    b'{"id": "a", "photos": ["x.jpg"]}',
    b'{"id": "a", "photos": ["../../etc/passwd"]}',
    b"[" * 30_000,
]


async def test_a_misshapen_message_is_refused_in_words(tmp_path: Path) -> None:
    async with WebHouse(tmp_path) as house, house.visitor() as visitor:
        headers = {"content-type": "application/json"}
        answers = [
            await visitor.client.post("/api/messages", content=body, headers=headers)
            for body in BAD_BODIES
        ]

        assert {answer.status_code for answer in answers} == {400}
        said_so = {answer.json()["error"] for answer in answers}
        assert said_so == {texts.WRONG_SHAPE, texts.PHOTO_GONE}
        assert await visitor.lines() == []


async def test_a_body_longer_than_its_limit_is_refused(tmp_path: Path) -> None:
    async with WebHouse(tmp_path) as house, house.visitor() as visitor:

        async def long() -> AsyncIterator[bytes]:
            for _ in range(40):
                yield b" " * 4096

        announced = await visitor.send("长" * 40_000)
        unannounced = await visitor.client.post(
            "/api/messages",
            content=long(),
            headers={"content-type": "application/json"},
        )

        assert announced.status_code == unannounced.status_code == 413
        assert announced.json()["error"] == texts.TOO_LARGE_TEXT


FOREIGN = [
    {"sec-fetch-site": "cross-site"},
    {"sec-fetch-site": "same-site"},
    {"origin": "https://elsewhere.example"},
    {"origin": "null"},
]


async def test_what_another_site_makes_a_browser_send_is_refused(tmp_path: Path) -> None:
    async with WebHouse(tmp_path, demo_street=True) as house, house.visitor() as visitor:
        bodies: dict[str, dict[str, str]] = {
            "/api/messages": {"id": "a", "text": "你好"},
            "/api/press": {"id": "a", "action": "faq.up"},
            "/api/session": {},
            "/demo/speak-as": {},
        }
        answers = [
            await visitor.client.post(path, json=body, headers=headers)
            for path, body in bodies.items()
            for headers in FOREIGN
        ]
        files = {"photo": a_photo()}
        photos = [
            await visitor.client.post("/api/photos", files=files, headers=headers)
            for headers in FOREIGN
        ]

        assert {answer.status_code for answer in [*answers, *photos]} == {403}
        assert await visitor.lines() == []


async def test_the_page_itself_and_old_browsers_and_programs_are_heard(tmp_path: Path) -> None:
    async with WebHouse(tmp_path) as house, house.visitor() as visitor:
        at_home: list[dict[str, str]] = [
            {"sec-fetch-site": "same-origin", "origin": "https://behind-a-proxy.example"},
            {"origin": house.url},
            {},
        ]
        answers = [
            await visitor.client.post(
                "/api/messages", json={"id": f"h{number}", "text": "你好"}, headers=headers
            )
            for number, headers in enumerate(at_home)
        ]

        assert [answer.status_code for answer in answers] == [200, 200, 200]


async def test_a_form_of_another_site_cannot_speak(tmp_path: Path) -> None:
    async with WebHouse(tmp_path) as house, house.visitor() as visitor:
        answer = await visitor.client.post(
            "/api/messages",
            content=b'{"id": "a", "text": "hi"}',
            headers={"content-type": "text/plain"},
        )

        assert answer.status_code == 415


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
        assert [line["text"] for line in refused.json()["lines"]] == [shared.SLOW_DOWN]
        assert silent.json()["error"] == texts.NOT_TAKEN
        assert mine["text"] == "我的积分"


async def test_a_locked_database_is_said_in_words_and_nothing_is_lost(tmp_path: Path) -> None:
    async with WebHouse(tmp_path) as house, house.visitor() as visitor:
        other = sqlite3.connect(house.path, isolation_level=None)
        other.execute("BEGIN IMMEDIATE")

        down = await visitor.send("我要报修", id="kept")
        alarm = await visitor.send("我家着火了", id="fire")
        unread = await visitor.client.get("/api/lines")
        ill = await visitor.client.get("/healthz")
        other.execute("ROLLBACK")
        other.close()
        lines = await visitor.say("我要报修", id="kept")

        assert [down.status_code, unread.status_code, ill.status_code] == [503, 503, 503]
        assert "没有办成" in down.json()["error"]
        assert "119" in alarm.json()["lines"][0]["text"].splitlines()[0]
        assert unread.json()["error"] == texts.STORE_DOWN
        assert said(lines)[0] == ("me", "我要报修")


async def test_a_mistake_of_ours_is_no_stack_trace(tmp_path: Path) -> None:
    async with WebHouse(tmp_path) as house:

        async def breaks(_request: Request) -> Response:
            raise RuntimeError(SECRET)

        app = build_app(
            house.dispatcher,
            house.store,
            house.street,
            house.media,
            clock=house.clock,
            demo=False,
            secure=False,
            extra_routes=[Route("/breaks", breaks)],
        )
        server = WebServer(app, "127.0.0.1", 0)
        await server.start()
        async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{server.port}") as client:
            answer = await client.get("/breaks")
            missing = await client.get("/wp-admin")
            wrong = await client.get("/api/messages")
        await server.stop()

        assert answer.status_code == 500
        assert answer.json() == {"error": texts.OUR_MISTAKE}
        assert SECRET not in answer.text
        assert answer.headers["content-security-policy"] == POLICY
        assert (missing.status_code, missing.json()) == (404, {"error": texts.NOT_FOUND})
        assert (wrong.status_code, wrong.json()) == (405, {"error": texts.NOT_ALLOWED_HERE})


# Live


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
        await house.store.run(lambda tx: [tx.transcripts.say(chat, body) for body in bodies])

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
            await house.store.run(lambda tx: tx.transcripts.say(chat, body))

            assert (await live.next())["text"] == "别处写的"


async def test_a_notice_appears_at_once_and_stays_in_the_talk(tmp_path: Path) -> None:
    async with WebHouse(tmp_path) as house, house.visitor() as visitor:
        mine = (await visitor.say("你好"))[0]
        address = f"web:{mine['chat']}"

        def tell(tx: Transaction) -> None:
            resident = tx.residents.at(address)
            assert resident is not None
            choice = Choice("我的报修", "menu.my_tickets")
            tell_resident(
                tx,
                resident.id,
                key="k",
                text="电梯修好了。",
                topic="tickets",
                choices=[choice],
                asked_for=True,
            )

        async with visitor.live(after=str((await visitor.lines())[-1]["id"])) as live:
            await house.store.run(tell)
            assert await house.delivery.deliver_due() == 1
            line = await live.next()

        assert (line["from"], line["notice"], line["text"]) == ("bot", True, "电梯修好了。")
        [pressed, _] = await visitor.press(line, "我的报修")
        assert pressed["text"] == "我的报修"


async def test_a_notice_waits_while_the_database_takes_nothing(tmp_path: Path) -> None:
    async with WebHouse(tmp_path) as house:
        other = sqlite3.connect(house.path, isolation_level=None)
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(DeliveryError) as refused:
            await WebSender(house.store, house.app.state.hub).send("somebody", Reply("您好"))
        other.close()

        assert not refused.value.permanent


async def test_stopping_lets_listening_pages_go_at_once(tmp_path: Path) -> None:
    async with WebHouse(tmp_path) as house, house.visitor() as visitor, visitor.live() as live:
        await live.comment()
        async with asyncio.timeout(4):
            await house.stop()
            await live.end()


# Photographs


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


# The demonstration


async def test_a_demo_page_speaks_as_made_up_people_in_private(tmp_path: Path) -> None:
    async with WebHouse(tmp_path, demo_street=True) as house:
        async with house.visitor(as_whom="居民甲") as visitor:
            state = await visitor.start()
            [mine, _] = await visitor.say("我的积分")

            assert str(state["me"]).startswith("demo-")
            assert [room["name"] for room in await _rooms(visitor)] == [DEMO_GROUP]
            assert mine["from"] == "me"

        resident = await house.store.run(lambda tx: tx.residents.at(f"web:{mine['chat']}"))
        assert resident is not None
        assert resident.name == "居民甲"


async def _rooms(visitor: Visitor) -> list[dict[str, str]]:
    answer = await visitor.client.post("/api/session", json={})
    rooms: list[dict[str, str]] = answer.json()["rooms"]
    return rooms


async def test_members_of_a_room_see_who_said_what(tmp_path: Path) -> None:
    async with (
        WebHouse(tmp_path, demo_street=True) as house,
        house.visitor(as_whom="居民甲") as one,
        house.visitor(as_whom="居民乙") as other,
    ):
        room = "room-9"
        async with other.live(chat=room) as live:
            await one.say("大家好", chat=room)
            await one.say("@小二 我的积分", chat=room)
            seen = [await live.next() for _ in range(3)]

        assert said(seen)[:2] == [("居民甲", "大家好"), ("居民甲", "我的积分")]
        assert (seen[2]["from"], seen[2]["to"]) == ("bot", "居民甲")
        assert seen[2].get("private_key") is None
        [mine] = [line for line in await one.lines(chat=room) if line.get("private_key")]
        go_on = await one.say("", start=mine["private_key"])
        assert "我的积分" in str(go_on[1]["text"])


async def test_a_card_in_a_room_may_be_pressed_by_every_member(tmp_path: Path) -> None:
    async with (
        WebHouse(tmp_path, demo_street=True) as house,
        house.visitor(as_whom="居民乙") as visitor,
    ):
        card = Reply("新报修 1001", (Choice("接单", "tickets.accept:1001", anybody=True),))
        await WebSender(house.store, house.app.state.hub).send("room-9", card)
        [line] = await visitor.lines(chat="room-9")

        lines = await visitor.press(line, "接单", chat="room-9")

        assert said(lines)[0] == ("me", "接单")
        assert lines[1]["from"] == "bot"


async def test_only_members_enter_a_room(tmp_path: Path) -> None:
    async with (
        WebHouse(tmp_path, demo_street=True) as house,
        house.visitor(as_whom="物业甲") as outsider,
        house.visitor() as nobody,
    ):
        answers = [
            await visitor.client.get(path, params={"chat": "room-9"})
            for visitor in (outsider, nobody)
            for path in ("/api/lines", "/api/events")
        ]

        assert {answer.status_code for answer in answers} == {404}


async def test_a_page_goes_back_to_being_nobody(tmp_path: Path) -> None:
    async with (
        WebHouse(tmp_path, demo_street=True) as house,
        house.visitor(as_whom="居民甲") as visitor,
    ):
        await visitor.client.post("/demo/speak-as", json={"resident_id": ""})

        assert not str((await visitor.start())["me"]).startswith("demo-")


async def test_no_real_person_can_be_spoken_as(tmp_path: Path) -> None:
    async with WebHouse(tmp_path, demo_street=True) as house, house.visitor() as visitor:
        [real] = await house.store.run(_not_of_the_demo)
        wanted = [str(real.id), "0", "-1", "99999999999999999999", "\u0661"]
        answers = [
            await visitor.client.post("/demo/speak-as", json={"resident_id": who}) for who in wanted
        ]
        visitor.client.cookies.set("xiaoer_as", str(real.id))

        assert {answer.status_code for answer in answers} <= {400, 404}
        assert not str((await visitor.start())["me"]).startswith("demo-")


def _not_of_the_demo(tx: Transaction) -> list[Resident]:
    return [who for who in tx.residents.named("书记甲") if not who.demo]


async def test_a_foreign_name_for_this_machine_gets_no_demo(tmp_path: Path) -> None:
    async with WebHouse(tmp_path, demo_street=True) as house, house.visitor() as visitor:
        foreign = {"host": f"rebound.example:{house.port}"}
        state = await visitor.client.post("/api/session", json={}, headers=foreign)
        speak = await visitor.client.post("/demo/speak-as", json={}, headers=foreign)

        assert state.json()["demo"] is None
        assert speak.status_code == 404


async def test_a_real_street_has_no_demo(tmp_path: Path) -> None:
    async with WebHouse(tmp_path) as house, house.visitor() as visitor:
        state = await visitor.client.post("/api/session", json={})
        answer = await visitor.client.post("/demo/speak-as", json={"resident_id": "1"})

        assert state.json()["demo"] is None
        assert answer.status_code == 404


async def test_made_up_people_hear_notices_before_anybody_spoke_as_them(tmp_path: Path) -> None:
    async with WebHouse(tmp_path, demo_street=True) as house:

        def tell(tx: Transaction) -> None:
            [who] = [who for who in tx.residents.demo_people() if who.name == "居民乙"]
            tell_resident(tx, who.id, key="k", text="给您加了 5 分。", topic="p", asked_for=True)

        await house.store.run(tell)
        await house.delivery.deliver_due()

        async with house.visitor(as_whom="居民乙") as visitor:
            assert said(await visitor.lines()) == [("bot", "给您加了 5 分。")]


# Serving


async def test_a_taken_port_is_said_in_words(tmp_path: Path) -> None:
    async with WebHouse(tmp_path) as house:
        with pytest.raises(PortUnusable) as taken:
            await serve(house.app, "127.0.0.1", house.port)
        with pytest.raises(PortUnusable) as nowhere:
            await serve(house.app, "192.0.2.1", 0)

        assert str(taken.value) == texts.port_taken("127.0.0.1", house.port)
        assert "192.0.2.1" in str(nowhere.value)


async def test_a_restarted_server_gets_its_port_back_and_goes_on(tmp_path: Path) -> None:
    async with WebHouse(tmp_path) as house, house.visitor() as visitor:
        lines = await visitor.say("你好")
        await house.stop()
        house.restart()
        await house.serve()

        assert await visitor.lines() == lines


async def test_serving_ends_when_it_is_cancelled(tmp_path: Path) -> None:
    async with WebHouse(tmp_path) as house:
        await house.stop()
        with socket.create_server(("127.0.0.1", 0)) as free:
            port = free.getsockname()[1]
        app = build_app(
            house.dispatcher,
            house.store,
            house.street,
            house.media,
            clock=house.clock,
            demo=False,
            secure=False,
        )
        serving = asyncio.create_task(serve(app, "127.0.0.1", port))
        async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}") as client:
            await _until_it_answers(client)
        serving.cancel()

        with pytest.raises(asyncio.CancelledError):
            await serving


async def _until_it_answers(client: httpx.AsyncClient) -> None:
    async with asyncio.timeout(5):
        while True:
            try:
                await client.get("/healthz")
            except httpx.ConnectError:
                await asyncio.sleep(0)
            else:
                return
