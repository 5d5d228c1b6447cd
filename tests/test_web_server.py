"""The page, its files, its health, and how serving begins and ends."""

import asyncio
import re
import socket
from pathlib import Path

import httpx
import pytest
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from bot.web import texts
from bot.web.headers import POLICY
from bot.web.server import PortUnusable, WebServer, serve
from tests.web_house import WebHouse

SECRET = "the secret of the house"


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


async def test_a_mistake_of_ours_is_no_stack_trace(tmp_path: Path) -> None:
    async with WebHouse(tmp_path) as house:

        async def breaks(_request: Request) -> Response:
            raise RuntimeError(SECRET)

        app = house.build(Route("/breaks", breaks))
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
        serving = asyncio.create_task(serve(house.build(), "127.0.0.1", port))
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
