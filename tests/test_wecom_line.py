"""The smart robot over its own line: opened by us, kept alive, opened again, one at a time."""

import base64
import itertools
import json
import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from websockets.asyncio.client import connect

from bot.channels.wecom.smart import SmartBot
from bot.channels.wecom.smart_line import SmartLine
from bot.config import ConfigMistakes, load
from bot.media import MediaStore
from storage.seats import Lease
from tests.houses import House
from tests.peers.wecom.gateway import BOT_ID, SECRET, Gateway, subscribed
from tests.peers.wecom.poster import sealed_file
from tests.stores import Database, EngineKind
from tests.wechat_house import a_photo
from tests.wecom_house import QUICK, WeComHouse, a_house
from tests.wecom_street import GROUP, LI, slow

QUICKLY = replace(
    QUICK,
    refresh=timedelta(milliseconds=20),
    ping=timedelta(milliseconds=50),
    reconnect=timedelta(milliseconds=10),
    refused=timedelta(milliseconds=300),
    acknowledge=timedelta(milliseconds=500),
)


async def test_a_question_and_a_call_in_a_group_are_answered(tmp_path: Path) -> None:
    async with a_line(tmp_path) as (house, gateway):
        await house.run(lambda tx: tx.directory.bind_group("wecom_bot", GROUP, 1))
        asked = await gateway.ask(LI, "物业服务差，我能不交物业费吗")
        called = await gateway.ask(LI, "@小二 ", group=GROUP)
        opened = await gateway.robot(LI, msgtype="event", event={"eventtype": "enter_chat"})
        answers = [await gateway.answer(number) for number in (asked, called, opened)]

    assert "民法典" in answers[0]["stream"]["content"]
    assert "小二" in answers[1]["stream"]["content"]
    assert "小二" in answers[2]["text"]["content"]


async def test_a_slow_answer_goes_on_under_its_name_until_it_is_whole(tmp_path: Path) -> None:
    async with a_line(tmp_path) as (house, gateway):
        async with slow(house):
            number = await gateway.ask(LI, "三栋电梯坏了")
            first = await gateway.first(number)
        last = await gateway.answer(number)

    assert first["stream"]["finish"] is False
    assert "哪个小区" in last["stream"]["content"]
    assert len(gateway.said[number]) == 2


async def test_an_answer_that_is_ready_while_the_line_is_lost_waits_for_the_next(
    tmp_path: Path,
) -> None:
    async with a_line(tmp_path) as (house, gateway):
        async with slow(house):
            number = await gateway.ask(LI, "三栋电梯坏了")
            await gateway.first(number)
            await gateway.cut()
        last = await gateway.answer(number)

    assert "哪个小区" in last["stream"]["content"]
    assert gateway.lines == 2


async def test_a_line_that_is_lost_is_opened_again(tmp_path: Path) -> None:
    async with a_line(tmp_path) as (_, gateway):
        for lines in (2, 3):
            await gateway.cut()
            await gateway.until(lines)
        number = await gateway.ask(LI, "我的积分")
        answer = await gateway.answer(number)

    assert "积分" in answer["stream"]["content"]


async def test_it_is_tried_more_and_more_rarely_while_the_platform_hangs_up(
    tmp_path: Path,
) -> None:
    async with Gateway(hangs_up=True) as gateway, opened(tmp_path, gateway):
        tries = await gateway.tried(5)
        gateway.hangs_up = False
        await gateway.until(1)

    pauses = [later - earlier for earlier, later in itertools.pairwise(tries)]
    assert all(pause >= 0.01 * 2**number for number, pause in enumerate(pauses))


async def test_a_line_on_which_nobody_answers_any_more_is_opened_again(tmp_path: Path) -> None:
    pace = replace(QUICKLY, acknowledge=timedelta(milliseconds=50))
    async with a_line(tmp_path, pace=pace) as (_, gateway):
        await gateway.ping_again()
        gateway.answers_pings = False
        await gateway.until(2)


async def test_an_answer_whose_line_is_gone_is_said_by_itself(tmp_path: Path) -> None:
    async with a_line(tmp_path) as (_, gateway):
        gateway.refuses = 1
        await gateway.ask(LI, "我的积分")
        [pushed] = await gateway.pushes()

    assert pushed["chatid"] == LI
    assert "积分" in pushed["markdown"]["content"]


async def test_a_wrong_secret_is_said_once_and_not_tried_at_once_again(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("DEBUG")
    async with Gateway(secret="another-secret-00000") as gateway, opened(tmp_path, gateway):
        first, second = await gateway.tried(2)

    assert second - first >= QUICKLY.refused.total_seconds()
    assert "its id or secret is refused 853000" in caplog.text
    ours = [record for record in caplog.records if record.name != "websockets.server"]
    assert SECRET not in "".join(record.getMessage() for record in ours)


async def test_another_program_on_the_line_is_not_pushed_off_again(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    async with a_line(tmp_path) as (_, gateway), connect(gateway.url, proxy=None) as other:
        await other.send(json.dumps(subscribed(SECRET)))
        assert json.loads(await other.recv())["errcode"] == 0
        _, second, third = await gateway.tried(3)

    assert third - second >= QUICKLY.refused.total_seconds()
    assert "another program opened it" in caplog.text


@pytest.mark.skipif(not EngineKind.POSTGRESQL.is_there, reason="PostgreSQL is not installed")
async def test_of_several_workers_one_has_the_line_and_the_next_takes_it_over(
    tmp_path: Path,
) -> None:
    database = Database(EngineKind.POSTGRESQL, tmp_path)
    houses = [House(tmp_path, database=database) for _ in "ab"]
    async with Gateway() as gateway:
        lines = [line_of(tmp_path, house, gateway) for house in houses]
        for line in lines:
            await line.start()
        await gateway.until(1)
        await gateway.ping_again()
        at_first = len(gateway.tries)
        [holder] = [n for n, house in enumerate(houses) if await house.store.holds(Lease.WECOM)]
        await lines[holder].stop()
        houses[holder].store.close()
        await gateway.until(2)
        await lines[1 - holder].stop()
        houses[1 - holder].store.close()
    database.drop()

    assert at_first == 1
    assert len(gateway.tries) == 2
    assert gateway.violations == []


async def test_a_picture_is_opened_with_its_own_key(tmp_path: Path) -> None:
    key = base64.b64encode(os.urandom(32)).decode()
    async with a_line(tmp_path) as (house, gateway):
        house.peer.store["own"] = sealed_file(a_photo(), key.rstrip("="))
        for name, own in (("own", key), ("own", key.rstrip("=")), ("other", key), ("own", "!")):
            house.peer.store["other"] = sealed_file(a_photo())
            image = {"url": house.peer.address(name), "aeskey": own}
            number = await gateway.robot(LI, msgtype="image", image=image)
            house.house.clock.forward(timedelta(seconds=5))
            said = (await gateway.answer(number))["stream"]["content"]
            assert ("打不开" in said) is (name == "other" or own == "!"), said

    assert len(list((tmp_path / "media").rglob("*.jpg"))) == 1


async def test_what_is_to_be_said_of_a_picture_of_a_danger_is_pushed(tmp_path: Path) -> None:
    key = base64.b64encode(os.urandom(32)).decode()
    async with a_line(tmp_path) as (house, gateway):
        house.peer.store["own"] = sealed_file(a_photo(), key.rstrip("="))
        image = {"url": house.peer.address("own"), "aeskey": key}
        items = [
            {"msgtype": "text", "text": {"content": "厨房着火了"}},
            {"msgtype": "image", "image": image},
        ]
        number = await gateway.robot(LI, msgtype="mixed", mixed={"msg_item": items})
        answer = await gateway.answer(number)
        [pushed] = await gateway.pushes()

    assert "119" in answer["stream"]["content"].splitlines()[0]
    assert "照片" in pushed["markdown"]["content"]


async def test_what_is_no_frame_is_left_aside_and_control_signs_are_taken_out(
    tmp_path: Path,
) -> None:
    async with a_line(tmp_path) as (_, gateway):
        for garbage in ("", "[", "null", "{}", '{"cmd": 7}', '{"cmd": "aibot_msg_callback"}'):
            await gateway.raw(garbage)
        await gateway.call("aibot_msg_callback", {"msgtype": "text"})
        number = await gateway.ask(LI, "我的积分")
        answer = await gateway.answer(number)
        body = {"msgid": "c", "from": {"userid": LI}, "msgtype": "text", "text": {"content": "9"}}
        gateway.expect("bare")
        frame = {"cmd": "aibot_msg_callback", "headers": {"req_id": "bare"}, "body": body}
        await gateway.raw(json.dumps(frame).replace('"9"', '"\x019\x02"'))
        bare = await gateway.answer("bare")

    assert "积分" in answer["stream"]["content"]
    assert "工作人员" in bare["stream"]["content"]


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ({"BOT_ID": "aib1"}, "wecom.bot_secret 或 wecom.bot_secret_file"),
        ({"BOT_LINE_URL": "https://x"}, "：要写成 wss:// 开头"),
        ({"BOT_MODE": "poll"}, "wecom.bot_mode"),
    ],
)
def test_mistakes_are_named(values: dict[str, str], said: str) -> None:
    given = {"BOT_MODE": "websocket", **values}
    with pytest.raises(ConfigMistakes) as mistakes:
        load(None, {f"XIAOER_WECOM__{name}": value for name, value in given.items()})

    assert said in str(mistakes.value)


def test_the_line_needs_no_key_of_callbacks_and_its_secret_is_one(tmp_path: Path) -> None:
    file = tmp_path / "secret"
    file.write_text(f"{SECRET}\n", "utf-8")
    given = {"BOT_MODE": "websocket", "BOT_ID": BOT_ID, "BOT_SECRET_FILE": str(file)}
    config = load(None, {f"XIAOER_WECOM__{name}": value for name, value in given.items()})

    assert config.wecom.parts() == ["bot"]
    assert SECRET in config.secrets()


def line_of(folder: Path, house: House, gateway: Gateway) -> SmartLine:
    media = MediaStore(folder / "media")
    bot = SmartBot(None, house.dispatcher, house.store, media, clock=house.clock, pace=QUICKLY)
    return SmartLine(bot, house.store, bot_id=BOT_ID, secret=SECRET, url=gateway.url, pace=QUICKLY)


@asynccontextmanager
async def opened(
    folder: Path, gateway: Gateway, pace: object = QUICKLY
) -> AsyncIterator[WeComHouse]:
    """Open a house whose robot has its own line."""
    values = {
        "bot_mode": "websocket",
        "bot_token": "",
        "bot_id": BOT_ID,
        "bot_secret": SECRET,
        "bot_line_url": gateway.url,
    }
    async with a_house(folder, pace=pace, **values) as house:  # type: ignore[arg-type]
        yield house
    assert gateway.violations == []


@asynccontextmanager
async def a_line(folder: Path, pace: object = QUICKLY) -> AsyncIterator[tuple[WeComHouse, Gateway]]:
    """Open a house and wait until its line is open."""
    async with Gateway() as gateway, opened(folder, gateway, pace) as house:
        await gateway.until(1)
        await gateway.ping_again()
        yield house, gateway
