"""What the web server refuses, and in which words."""

from collections.abc import AsyncIterator
from pathlib import Path

from bot.web import texts
from tests.web_house import WebHouse, a_photo

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
