"""The Telegram peer holds against two clients nobody here wrote: python-telegram-bot, aiogram."""

import asyncio
import json
from datetime import timedelta

import httpx
import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route
from telegram import (
    Bot,
    ReactionTypeEmoji,
    ReplyKeyboardMarkup,
    ReplyParameters,
    Update,
)
from telegram.error import (
    BadRequest,
    Conflict,
    Forbidden,
    InvalidToken,
    NetworkError,
    RetryAfter,
    TimedOut,
)

from tests.peers.telegram import judge
from tests.peers.telegram.ptb import a_bot, keyboard, one_update
from tests.peers.telegram.server import TelegramPeer
from tests.peers.telegram.shapes import User
from tests.peers.telegram.webhook import SECRET_HEADER
from tests.peers.telegram.wire import Line
from tests.telegram_house import GROUP_ID

JPEG = b"\xff\xd8\xff\xe0 a broken lamp"
LI_ID, STRANGER_ID = 7, 9
A_SLOW_MACHINE_SECONDS = 60
"""A deadline, not a pause: importing aiogram takes five seconds where this was written."""
pytestmark = pytest.mark.usefixtures("starting_judge")


async def test_a_talk_with_a_button_through_python_telegram_bot(
    peer: TelegramPeer, bot: Bot, li: User, wang: User
) -> None:
    stranger = peer.user(STRANGER_ID, "王")
    await peer.start(wang)
    peer.drop_pending()
    peer.flood(wang, seconds=7)

    await peer.start(li, "k3y")
    heard = await one_update(bot)
    assert heard.message is not None
    assert heard.message.text == "/start k3y"
    await bot.send_message(
        li.id, "您好，<b>我是小二</b>", parse_mode="HTML", reply_markup=keyboard("报修", "问事")
    )
    [shown] = peer.messages_to(li)
    assert shown.text == "您好，我是小二"
    assert shown.labels == ["报修", "问事"]

    press = await peer.press(li, shown, "报修")
    pressed = await one_update(bot, heard.update_id)
    assert pressed.callback_query is not None
    assert pressed.callback_query.data == "v1:报修"
    await pressed.callback_query.answer("好的")
    await pressed.callback_query.edit_message_text("请说说哪里坏了")
    notice = peer.answer_to(press)
    assert notice is not None
    assert notice.text == "好的"
    [shown] = peer.messages_to(li)
    assert (shown.text, shown.buttons, shown.edited) == ("请说说哪里坏了", [], True)

    with pytest.raises(Forbidden, match="can't initiate conversation"):
        await bot.send_message(stranger.id, "您好")
    with pytest.raises(RetryAfter) as flooded:
        await bot.send_message(wang.id, "您好")
    assert flooded.value.retry_after == timedelta(seconds=7)

    async with a_bot(peer) as twin:
        first = asyncio.create_task(one_update(bot, pressed.update_id))
        await peer.wait_for(lambda: peer.is_polled)
        second = asyncio.create_task(one_update(twin, pressed.update_id))
        with pytest.raises(Conflict):
            await first
        await peer.send_photo(li, li, JPEG, "路灯坏了")
        photo = (await second).message
    assert photo is not None
    file = await bot.get_file(photo.photo[-1].file_id)
    assert bytes(await file.download_as_bytearray()) == JPEG


async def test_wrong_parameters_become_violations(peer: TelegramPeer) -> None:
    if not peer.spec.is_loaded:
        pytest.skip(f"../shared is not here: {peer.spec.note}")
    peer.user(LI_ID, "李阿姨")
    async with httpx.AsyncClient(base_url=f"{peer.base_url}{peer.token}", trust_env=False) as http:
        await http.post("/sendMessage", json={"chat_id": LI_ID, "text": 5, "colour": "red"})
        await http.get("/sendMessage", params={"chat_id": LI_ID})
        await http.post("/sendPoll", data={"chat_id": str(LI_ID)})
        unknown = await http.post("/sendGreeting")
        nested = {"inline_keyboard": [[{"text": "x", "callback": "y"}]]}
        await http.post("/editMessageReplyMarkup", data={"reply_markup": json.dumps(nested)})

    found, peer.violations[:] = list(peer.violations), []

    assert "sendMessage: unknown parameter colour" in found
    assert "sendMessage.text: 5 is not String" in found
    assert "sendMessage: required parameter text is missing" in found
    assert "sendPoll: Telegram has this method, the peer has not" in found
    assert any("InlineKeyboardButton has no field callback" in one for one in found)
    assert unknown.status_code == 404


async def test_updates_come_again_until_confirmed(peer: TelegramPeer, bot: Bot, li: User) -> None:
    await peer.start(li)
    [first] = await bot.get_updates()
    [again] = await bot.get_updates()
    assert await bot.get_updates(offset=first.update_id + 1) == ()
    await peer.drained()
    peer.resend_last()
    [twice] = await bot.get_updates(offset=first.update_id + 1, timeout=5)

    assert first.update_id == again.update_id == twice.update_id


async def test_the_webhook_is_posted_to_until_it_takes_the_update(
    peer: TelegramPeer, bot: Bot, li: User
) -> None:
    got: list[tuple[str, str]] = []

    async def receive(request: Request) -> Response:
        body = await request.json()
        got.append((body["message"]["text"], request.headers.get(SECRET_HEADER, "")))
        if len(got) < 3:
            return Response(status_code=500)
        return JSONResponse({"method": "sendMessage", "chat_id": LI_ID, "text": "收到"})

    receiver = Line(Starlette(routes=[Route("/hook", receive, methods=["POST"])]))
    await receiver.open()
    try:
        await bot.set_webhook(f"http://127.0.0.1:{receiver.port}/hook", secret_token="s-3")
        await peer.say(li, li, "一")
        await peer.say(li, li, "二")
        await peer.drained()
        with pytest.raises(Conflict, match="webhook is active"):
            await bot.get_updates()
        info = await bot.get_webhook_info()
        await bot.delete_webhook()
    finally:
        await receiver.close()

    await peer.wait_for(lambda: len(peer.messages_to(li)) == 2)
    assert peer.messages_to(li)[-1].text == "收到"
    assert got == [("一", "s-3")] * 3 + [("二", "s-3")]
    assert [delivery.status for delivery in peer.deliveries] == [500, 500, 200, 200]
    assert info.last_error_message == "Wrong response from the webhook: 500 Internal Server Error"


async def test_webhook_addresses_telegram_would_refuse(bot: Bot) -> None:
    for url, secret in (
        ("http://example.org/hook", "x"),
        ("https://example.org:9000/hook", "x"),
        ("https://example.org/hook", "字"),
    ):
        with pytest.raises(BadRequest):
            await bot.set_webhook(url, secret_token=secret)


async def test_trouble_on_the_line(peer: TelegramPeer, bot: Bot, li: User) -> None:
    await peer.start(li)
    peer.fail_next("sendMessage", 502)
    with pytest.raises(NetworkError, match="Bad Gateway"):
        await bot.send_message(li.id, "一")
    peer.fail_next("sendMessage", "drop")
    with pytest.raises(NetworkError, match=r"disconnected|RemoteProtocol|ReadError"):
        await bot.send_message(li.id, "二")
    peer.fail_next("sendMessage", "hang", carried_out=True)
    with pytest.raises(TimedOut):
        await bot.send_message(li.id, "三", read_timeout=0.05)
    assert [message.text for message in peer.messages_to(li)] == ["三"]

    await peer.stop()
    with pytest.raises(NetworkError):
        await bot.send_message(li.id, "四")
    await peer.start_listening()
    await bot.send_message(li.id, "五")
    peer.token_is_valid = False
    with pytest.raises(InvalidToken):
        await bot.send_message(li.id, "六")
    assert [message.text for message in peer.messages_to(li)] == ["三", "五"]


async def test_aiogram_finds_nothing_wrong_with_any_method_or_update(
    peer: TelegramPeer, bot: Bot, li: User, wang: User, aiogram: judge.Judge
) -> None:
    group = peer.group(GROUP_ID, "幸福里 3 栋", [li], admins=[wang], bot="administrator")
    peer.world.feed.allowed = frozenset({"message", "chat_member", "my_chat_member"})
    topic = await peer.topic(wang, group, "报修")
    await peer.start(li)
    asked = await peer.say(li, group, "@xiaoer_test_bot 灯坏了", thread_id=topic)
    await peer.say(wang, group, "王师傅马上来", anonymous=True, named={"王师傅": wang})
    await peer.send_album(li, li, [JPEG, JPEG], "两张")
    await peer.send_voice(li, li, b"OggS")
    await peer.send_document(li, li, b"%PDF", "application/pdf")
    await peer.send_location(li, group, (30.58, 114.27), reply_to=asked)
    await peer.send_contact(li, "+8613800000000")
    await peer.leave(li, group)
    await peer.join(li, group)
    await peer.block(li)
    await peer.start(li)

    updates = await bot.get_updates(allowed_updates=Update.ALL_TYPES)
    sent = await bot.send_photo(group.id, JPEG, "收到", message_thread_id=topic)
    await bot.send_photo(li.id, sent.photo[-1], reply_markup=ReplyKeyboardMarkup([["报修"]]))
    await bot.send_location(li.id, 30.58, 114.27)
    await bot.send_chat_action(li.id, "typing")
    await bot.send_voice(li.id, b"OggS")
    await bot.send_document(li.id, b"%PDF", filename="a.pdf")
    await bot.edit_message_caption(group.id, sent.message_id, caption="办好了")
    await bot.edit_message_reply_markup(group.id, sent.message_id, reply_markup=keyboard("好"))
    await bot.set_message_reaction(group.id, asked.message_id, ReactionTypeEmoji("👍"))
    await bot.send_message(
        group.id,
        "在",
        message_thread_id=topic,
        reply_parameters=ReplyParameters(asked.message_id, allow_sending_without_reply=True),
    )
    await bot.set_my_commands([("start", "开始")], language_code="zh")
    assert [one.command for one in await bot.get_my_commands(language_code="zh")] == ["start"]
    await bot.delete_my_commands(language_code="zh")
    assert (await bot.get_chat(group.id)).title == "幸福里 3 栋"
    assert (await bot.get_chat_member(group.id, wang.id)).status == "administrator"
    await bot.delete_message(group.id, sent.message_id)
    await bot.get_webhook_info()
    await bot.leave_chat(group.id)

    assert len(updates) == len([one for one in peer.updates if one.kind != "my_chat_member"]) + 2
    assert peer.messages_to(li)[0].reply_keyboard == [["报修"]]
    assert await aiogram.complaints(peer) == []


async def test_aiogram_sees_what_is_wrong(aiogram: judge.Judge) -> None:
    faults = await aiogram.judge(
        [
            {"method": "sendMessage", "params": {"chat_id": 1, "text": "x", "colour": "red"}},
            {"method": "sendMessage", "params": {"chat_id": 1}},
            {"type": "CallbackQuery", "object": {"id": "1", "from": {"id": 1, "first_name": "x"}}},
            {"type": "User", "object": {"id": 1, "is_bot": False, "first_name": "x"}},
        ]
    )

    assert faults == [
        "sendMessage: SendMessage has no field colour",
        "sendMessage.text: Field required",
        "CallbackQuery.from.is_bot: Field required",
        "CallbackQuery.chat_instance: Field required",
    ]


async def test_the_same_talk_through_aiogram(
    peer: TelegramPeer, li: User, wang: User, aiogram: judge.Judge
) -> None:
    peer.user(STRANGER_ID, "王")
    await peer.start(wang)
    peer.drop_pending()
    peer.flood(wang, seconds=7)

    async with asyncio.TaskGroup() as tasks:
        bot = tasks.create_task(aiogram.play_scenario(peer, STRANGER_ID, wang.id))
        await peer.start(li)
        [greeting] = await peer.wait_for(lambda: peer.messages_to(li), A_SLOW_MACHINE_SECONDS)
        press = await peer.press(li, greeting, "报修")
        await peer.wait_for(lambda: any(call.status == 409 for call in peer.calls("getUpdates")))
        await peer.send_photo(li, li, JPEG)

    assert bot.result() == {
        "me": "xiaoer_test_bot",
        "heard": "/start",
        "pressed": "v1:repair:1",
        "forbidden": "Forbidden: bot can't initiate conversation with a user",
        "retry_after": 7,
        "conflicts": 1,
        "photo": JPEG.hex(),
    }
    notice = peer.answer_to(press)
    assert notice is not None
    assert notice.text == "好的"
    [shown] = peer.messages_to(li)
    assert (shown.text, shown.buttons) == ("请说说哪里坏了", [])
    assert await aiogram.complaints(peer) == []
