"""Telegram fails in every way it can; people notice as little of it as possible."""

import asyncio
import json
import logging
from collections.abc import Sequence
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from bot.channels.telegram import decode, errors, reading
from bot.channels.telegram.addressing import Me
from bot.channels.telegram.channel import TelegramChannel
from bot.channels.telegram.decode import Unreadable, Update
from bot.channels.telegram.inbound import Inbound
from bot.channels.telegram.line import State
from bot.channels.telegram.pictures import TRIES
from bot.channels.telegram.poll import AT_A_TIME, FEW
from bot.channels.texts import PHOTO_LOST, PHOTO_TOO_LARGE, PHOTO_UNREADABLE
from handlers import texts
from handlers.delivery import DeliveryError
from handlers.message import Choice, Reply
from tests.peers.telegram.ptb import a_bot
from tests.peers.telegram.server import TelegramPeer
from tests.peers.telegram.shapes import Object, User
from tests.peers.telegram.wire import Line
from tests.stores import NOON, Clock
from tests.telegram_house import GROUP_ID, QUICK, STREET, House, a_house, a_photo

WELCOME = texts.welcome(STREET.name)
LONG = 60.0
"""Seconds in which a hundred people are answered on any machine."""


# The line


async def test_telegram_out_of_reach_at_the_start_is_tried_again(
    peer: TelegramPeer, clock: Clock, tmp_path: Path, li: User
) -> None:
    await peer.stop()
    async with a_house(peer, clock, tmp_path) as house:
        await peer.wait_for(lambda: "已连续失败 4 次" in house.channel.status)
        assert house.channel.status.startswith("连不上 Telegram")
        assert not house.channel.is_ready
        await peer.start_listening()
        await peer.start(li)

        assert await house.heard(li) == WELCOME
        assert house.channel.state is State.WORKING


async def test_a_line_that_breaks_and_heals_loses_nothing(house: House, greeted: User) -> None:
    await house.peer.stop()
    await house.peer.wait_for(lambda: house.channel.state is State.UNREACHABLE)
    await house.peer.start_listening()
    for trouble in (502, "drop", 500, 502):
        house.peer.fail_next("getUpdates", trouble)
    await house.peer.say(greeted, greeted, "/help")

    assert await house.heard(greeted, after=1) == WELCOME


async def test_after_three_failures_the_connections_themselves_are_built_anew(
    house: House, greeted: User, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    await house.peer.stop()
    await house.peer.wait_for(lambda: "built anew" in caplog.text)
    await house.peer.start_listening()
    await house.peer.say(greeted, greeted, "/help")

    assert await house.heard(greeted, after=1) == WELCOME


async def test_a_token_telegram_does_not_know_is_told_in_words(
    peer: TelegramPeer, clock: Clock, tmp_path: Path, li: User
) -> None:
    peer.token_is_valid = False
    async with a_house(peer, clock, tmp_path) as house:
        await peer.wait_for(lambda: house.channel.state is State.REFUSED)
        assert "telegram.token" in house.channel.status
        assert peer.token not in house.channel.status
        peer.token_is_valid = True
        await peer.start(li)

        assert await house.heard(li) == WELCOME


async def test_a_second_program_with_our_token_is_told_in_words(
    house: House, greeted: User
) -> None:
    await house.peer.wait_for(lambda: house.peer.is_polled)
    seen: list[State] = []
    async with a_bot(house.peer) as twin:
        await twin.get_updates(timeout=0)
        await house.peer.wait_for(lambda: house.channel.state is State.CONFLICT)
        seen.append(house.channel.state)
        assert "另一个程序" in house.channel.status

    await house.peer.say(greeted, greeted, "/help")
    assert await house.heard(greeted, after=1) == WELCOME


async def test_a_webhook_left_from_before_is_taken_away(
    peer: TelegramPeer, clock: Clock, tmp_path: Path, li: User
) -> None:
    async with a_bot(peer) as bot:
        await bot.set_webhook("http://127.0.0.1:9/hook")
    await peer.start(li)

    async with a_house(peer, clock, tmp_path) as house:
        assert await house.heard(li) == WELCOME


@pytest.mark.parametrize("answer", ["<html>log in</html>", "{}", "[]", '{"result": 5}', "null"])
async def test_a_stranger_that_answers_for_telegram_is_not_believed(
    peer: TelegramPeer, clock: Clock, tmp_path: Path, answer: str
) -> None:
    async def portal(_: Request) -> Response:
        return PlainTextResponse(answer)

    line = Line(Starlette(routes=[Route("/{path:path}", portal, methods=["GET", "POST"])]))
    await line.open()
    async with a_house(peer, clock, tmp_path, started=False) as house:
        stranger = TelegramChannel(
            peer.token,
            None,  # type: ignore[arg-type]
            house.store,
            house.media,
            clock=house.clock,
            api_url=f"http://127.0.0.1:{line.port}",
            pace=QUICK,
        )
        await stranger.start()
        await peer.wait_for(lambda: stranger.state is State.UNREACHABLE)
        await stranger.stop()
    await line.close()


async def test_the_end_does_not_wait_for_a_telegram_that_hangs(house: House, greeted: User) -> None:
    house.peer.fail_next("sendMessage", "hang")
    await house.peer.say(greeted, greeted, "/help")
    await house.peer.wait_for(lambda: house.rows("SELECT key FROM inbox")[1:])

    await house.channel.stop()

    assert house.channel.state is State.STOPPED


async def test_the_token_is_in_no_log(
    peer: TelegramPeer, clock: Clock, tmp_path: Path, li: User, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    await peer.stop()
    async with a_house(peer, clock, tmp_path) as house:
        await peer.wait_for(lambda: house.channel.state is State.UNREACHABLE)
        peer.token_is_valid = False
        await peer.start_listening()
        await peer.wait_for(lambda: house.channel.state is State.REFUSED)
        peer.token_is_valid = True
        peer.fail_next("getMe", 502)
        await peer.start(li)
        shown = await peer.next_message(li)
        for method in ("getUpdates", "sendMessage", "answerCallbackQuery", "getFile", "download"):
            peer.fail_next(method, 502)
        await peer.press(li, shown, "9 人工")
        await peer.send_photo(li, li, a_photo())
        await peer.next_message(li, after=2)
        with pytest.raises(DeliveryError):
            await house.channel.sender.send("999", Reply("您好"))

    secret = peer.token.partition(":")[2]
    assert caplog.records
    assert secret not in caplog.text
    assert all(secret not in repr(record.__dict__) for record in caplog.records)


# Sending


async def test_an_answer_that_failed_is_said_again_once(house: House, greeted: User) -> None:
    house.peer.fail_next("sendMessage", 502, times=3)

    await house.peer.say(greeted, greeted, "转人工")
    await house.peer.say(greeted, greeted, "/help")
    await house.peer.next_message(greeted, after=2)
    await house.settled()

    assert len(house.peer.messages_to(greeted)) == 3
    assert house.said(greeted)[-1] == WELCOME


@pytest.mark.parametrize("carried_out", [True, False])
async def test_an_answer_of_unknown_fate_is_repeated_once_at_most(
    house: House, greeted: User, *, carried_out: bool
) -> None:
    house.peer.fail_next("sendMessage", "drop", carried_out=carried_out)

    await house.peer.say(greeted, greeted, "转人工")
    await house.peer.wait_for(lambda: len(house.peer.calls("sendMessage")) == 3)
    await house.peer.say(greeted, greeted, "/help")
    await house.peer.wait_for(lambda: house.said(greeted)[-1] == WELCOME)

    assert len(house.peer.messages_to(greeted)) == (4 if carried_out else 3)


async def test_a_flood_stops_its_own_chat_only(house: House, greeted: User, wang: User) -> None:
    house.peer.flood(greeted, seconds=1)

    await house.peer.say(greeted, greeted, "转人工")
    await house.peer.wait_for(lambda: house.peer.calls("sendMessage")[-1].status == 429)
    await house.peer.start(wang)
    await house.peer.next_message(wang)
    in_the_meantime = len(house.peer.messages_to(greeted))
    with pytest.raises(DeliveryError) as paused:
        await house.channel.sender.send(str(greeted.id), Reply("提醒"))
    await house.peer.next_message(greeted, after=1)

    assert in_the_meantime == 1
    assert not paused.value.permanent
    assert paused.value.retry_after is not None
    assert timedelta(0) < paused.value.retry_after < timedelta(seconds=2)
    assert [call.status for call in house.peer.calls("sendMessage")].count(429) == 1


async def test_a_flood_does_not_hold_up_what_others_say(house: House, greeted: User) -> None:
    house.peer.flood(greeted, seconds=300)
    await house.peer.say(greeted, greeted, "转人工")

    await house.settled()

    assert len(house.rows("SELECT id FROM handovers")) == 1


async def test_a_bot_that_is_too_fast_everywhere_rests_everywhere(house: House) -> None:
    crowd = [house.peer.user(100 + n, f"居民{n}") for n in range(4)]
    for person in crowd:
        house.peer.world.started.add(person.id)
    for person in crowd[:3]:
        house.peer.flood(person, seconds=60)
        with pytest.raises(DeliveryError):
            await house.channel.sender.send(str(person.id), Reply("停水通知"))

    with pytest.raises(DeliveryError) as resting:
        await house.channel.sender.send(str(crowd[3].id), Reply("停水通知"))

    assert isinstance(resting.value, errors.Flooded)
    assert len(house.peer.calls("sendMessage")) == 3


async def test_who_blocked_the_bot_is_not_written_to_until_they_are_back(
    house: House, greeted: User
) -> None:
    await house.peer.block(greeted)
    await house.settled()
    blocked = house.rows("SELECT unreachable_since IS NULL FROM addresses")
    await house.remind(greeted, "明天有班。")
    await house.peer.unblock(greeted)
    await house.settled()
    await house.remind(greeted, "后天有班。")

    assert blocked == [(0,)]
    assert house.said(greeted)[1:] == ["后天有班。"]


async def test_a_notice_finds_out_that_nobody_is_there(house: House, greeted: User) -> None:
    await house.peer.deactivate(greeted)

    await house.remind(greeted, "明天有班。")

    assert house.rows("SELECT unreachable_since IS NULL FROM addresses") == [(0,)]
    assert house.rows("SELECT state FROM notices") == [("failed",)]


async def test_a_notice_waits_as_long_as_telegram_says(house: House, greeted: User) -> None:
    house.peer.flood(greeted, seconds=40)

    await house.remind(greeted, "明天有班。")

    [(state, *moments)] = house.rows("SELECT state, due_at, wake_at FROM notices")
    due, wake = (datetime.fromisoformat(str(moment)) for moment in moments)
    assert state == "pending"
    assert timedelta(seconds=40) <= wake - due < timedelta(seconds=41)


async def test_a_notice_whose_fate_is_unknown_is_not_read_again_and_again(
    house: House, greeted: User
) -> None:
    house.peer.fail_next("sendMessage", "drop", times=20, carried_out=True)

    await house.remind(greeted, "明天有班。")
    for _ in range(60):
        house.clock.forward(timedelta(minutes=1))
        await house.delivery.deliver_due()

    assert house.said(greeted)[1:] == ["明天有班。"] * 2


@pytest.mark.parametrize(
    ("chat", "permanent"),
    [("999", True), ("12", True), (f"{GROUP_ID}", True), (f"{GROUP_ID - 1}", True)],
    ids=["unknown", "never pressed Start", "thrown out", "not a member"],
)
async def test_nothing_arrives_where_nobody_let_us_in(
    house: House, greeted: User, chat: str, *, permanent: bool
) -> None:
    house.peer.user(12, "陌生人")
    thrown_out = house.peer.group(GROUP_ID, "旧群", admins=[greeted])
    house.peer.group(GROUP_ID - 1, "别的群", [greeted], bot="left")
    await house.peer.kick_bot(greeted, thrown_out)

    with pytest.raises(DeliveryError) as refused:
        await house.channel.sender.send(chat, Reply("您好"))

    assert refused.value.permanent is permanent


async def test_buttons_telegram_refuses_do_not_cost_the_words(house: House, greeted: User) -> None:
    reply = Reply("请选择", (Choice("\u3000", "faq.up", number=None, anybody=True),))

    await house.channel.sender.send(str(greeted.id), reply)

    assert house.said(greeted)[-1] == "请选择"


async def test_a_button_too_long_for_telegram_is_left_out(house: House, greeted: User) -> None:
    choices = (
        Choice("好", "faq.up", anybody=True),
        Choice("长", f"faq.show:{'x' * 64}", anybody=True),
    )

    await house.channel.sender.send(str(greeted.id), Reply("请选择", choices))

    assert house.peer.messages_to(greeted)[-1].labels == ["好"]


@pytest.mark.parametrize("broken", ["refused", "gone", "no name of ours"])
async def test_a_photo_that_cannot_be_sent_does_not_cost_the_words(
    house: House, greeted: User, broken: str
) -> None:
    name = await house.media.keep(a_photo())
    match broken:
        case "refused":
            house.media.path(name).write_bytes(b"no picture")
        case "gone":
            house.media.path(name).unlink()
        case _:
            name = "../x.jpg"

    await house.remind(greeted, "修好了。", media=name)

    last = house.peer.messages_to(greeted)[-1]
    assert (last.text, last.media) == ("修好了。", None)


async def test_a_question_that_was_deleted_is_still_answered(house: House, greeted: User) -> None:
    group = house.peer.group(GROUP_ID, "居民群", [greeted])
    await house.bind_group(group)
    house.peer.fail_next("sendMessage", 502)
    asked = await house.peer.say(greeted, group, "@xiaoer_test_bot 帮助")
    del house.peer.world.messages[group.id][asked.message_id]

    shown = await house.peer.next_message(group)

    assert shown.text == texts.welcome(STREET.name, group=True)
    assert shown.reply_to is None


async def test_a_press_that_is_too_old_is_answered_all_the_same(
    house: House, greeted: User
) -> None:
    shown = house.peer.messages_to(greeted)[0]

    await house.peer.press(greeted, shown, "9 人工", stale=True)

    await house.peer.next_message(greeted, after=1)
    assert len(house.rows("SELECT id FROM handovers")) == 1


# Photographs


@pytest.mark.parametrize("method", ["getFile", "download"])
async def test_a_photo_is_fetched_again_when_the_line_breaks(
    house: House, greeted: User, method: str
) -> None:
    house.peer.fail_next(method, "drop", times=TRIES - 1)

    await house.peer.send_photo(greeted, greeted, a_photo())

    assert await house.heard(greeted, after=1) == texts.PHOTO_ALONE
    assert len(house.photos_kept()) == 1


async def test_a_photo_larger_than_bots_are_given_is_never_asked_for(
    house: House, greeted: User
) -> None:
    too_large = bytes(reading.DOWNLOAD_BYTES + 1)

    await house.peer.send_document(greeted, greeted, too_large, "image/jpeg")

    await house.peer.wait_for(lambda: house.said(greeted)[-1] == PHOTO_TOO_LARGE)
    assert house.peer.calls("getFile") == []


async def test_a_photo_that_never_comes_is_asked_for_again(house: House, greeted: User) -> None:
    house.peer.fail_next("download", 502, times=TRIES)

    await house.peer.send_photo(greeted, greeted, a_photo(), "转人工")

    await house.peer.wait_for(lambda: house.said(greeted)[-1] == PHOTO_LOST)
    assert len(house.rows("SELECT id FROM handovers")) == 1


async def test_a_full_disk_costs_the_photo_but_not_the_words(house: House, greeted: User) -> None:
    (house.folder / "media").write_text("a file where the folder should be")

    await house.peer.send_photo(greeted, greeted, a_photo(), "转人工")

    await house.peer.wait_for(lambda: house.said(greeted)[-1] == PHOTO_LOST)
    assert len(house.rows("SELECT id FROM handovers")) == 1


async def test_a_slow_photo_holds_up_nobody_else(house: House, greeted: User, wang: User) -> None:
    house.peer.fail_next("download", "hang")

    await house.peer.send_photo(greeted, greeted, a_photo())
    await house.peer.wait_for(lambda: house.peer.calls("getFile"))
    await house.peer.start(wang)

    assert await house.heard(wang) == WELCOME
    assert len(house.peer.messages_to(greeted)) == 1


async def test_a_slow_photo_holds_up_nobody_behind_the_hundred_telegram_shows(
    house: House, greeted: User
) -> None:
    house.peer.fail_next("download", "hang")
    await house.peer.send_photo(greeted, greeted, a_photo())
    await house.peer.wait_for(lambda: house.peer.calls("getFile"))
    crowd = [house.peer.user(1000 + n, f"居民{n}") for n in range(AT_A_TIME + 20)]

    for person in crowd:
        await house.peer.start(person)

    await house.peer.wait_for(lambda: all(len(house.said(person)) == 1 for person in crowd), LONG)
    assert len(house.peer.messages_to(greeted)) == 1


async def test_where_many_are_slow_none_is_confirmed_before_its_end(
    peer: TelegramPeer, clock: Clock, tmp_path: Path
) -> None:
    senders = [peer.user(100 + n, f"居民{n}") for n in range(FEW + 1)]
    crowd = [peer.user(1000 + n, f"居民{n}") for n in range(AT_A_TIME)]
    peer.fail_next("download", "hang", times=len(senders))
    for person in senders:
        await peer.send_photo(person, person, a_photo())
    for person in crowd:
        await peer.start(person)
    async with a_house(peer, clock, tmp_path) as house:
        shown = crowd[: AT_A_TIME - len(senders)]
        await peer.wait_for(lambda: all(len(house.said(person)) == 1 for person in shown), LONG)
        asked = len(peer.calls("getUpdates"))
        await peer.wait_for(lambda: len(peer.calls("getUpdates")) > asked + 2)

    peer.world.faults.clear()
    async with a_house(peer, clock, tmp_path) as house:
        await peer.wait_for(lambda: all(house.said(person) for person in senders), LONG)
        assert {house.said(person)[0] for person in senders} == {texts.PHOTO_ALONE}


async def test_danger_under_a_slow_photo_is_answered_at_once(house: House, greeted: User) -> None:
    house.peer.fail_next("download", "hang")

    await house.peer.send_photo(greeted, greeted, a_photo(), "厨房着火了")

    await house.peer.wait_for(lambda: "119" in house.said(greeted)[-1])


async def test_a_photo_that_is_none_is_said_to_be_none(house: House, greeted: User) -> None:
    await house.peer.send_photo(greeted, greeted, b"no picture")

    await house.peer.wait_for(lambda: house.said(greeted)[-1] == PHOTO_UNREADABLE)


# Strange updates

STRANGE: list[tuple[str, Object]] = [
    ("message", {}),
    ("message", {"message_id": "x", "date": 0, "chat": {"id": 7, "type": "private"}}),
    ("callback_query", {"id": "1"}),
    ("edited_message", {"message_id": 1, "date": -5, "chat": {"id": 7, "type": "private"}}),
    ("something_new", {"text": "您好"}),
]


async def test_strange_updates_never_stop_the_next_message(house: House, greeted: User) -> None:
    for kind, body in STRANGE:
        house.peer.world.feed.allowed = frozenset()
        house.peer.world.feed.push(kind, body, greeted.id)
    for words in ("字" * 4096, "\x00\x07\u202e\u200b", "🙂" * 2000, "\ufeff", "(((" * 1000):
        await house.peer.say(greeted, greeted, words)
    await house.settled()
    said = len(house.peer.messages_to(greeted))
    await house.peer.say(greeted, greeted, "/help")

    assert await house.heard(greeted, after=said) == WELCOME
    house.peer.violations.clear()


async def test_a_mistake_of_ours_is_told_and_stops_nothing() -> None:
    told: list[int] = []
    done: list[int] = []

    async def work(updates: Sequence[Update]) -> None:
        if updates[0].update_id == 1:
            raise ZeroDivisionError
        done.extend(update.update_id for update in updates)

    inbound = Inbound(
        work, timedelta(0), lambda update: told.append(update.update_id), lambda _update: False
    )
    for number in (1, 2):
        inbound.take(Update(number))
    await asyncio.wait(inbound.running.values())

    assert (told, done) == ([1], [2])
    assert inbound.running == {}
    assert inbound.take(Update(1)) is None


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
)
TEXTS = st.text(st.characters(codec=None)) | st.sampled_from(
    ["@xiaoer", "/start a", "/", "/@", "小二"]
)
ENTITIES = st.fixed_dictionaries(
    {
        "type": st.sampled_from(["mention", "text_mention", "bot_command", "new_kind"]),
        "offset": st.integers(-3, 30),
        "length": st.integers(-3, 30),
    }
)
MESSAGES = st.fixed_dictionaries(
    {
        "message_id": st.integers(1, 9),
        "date": st.integers(-(2**62), 2**62),
        "chat": st.fixed_dictionaries(
            {
                "id": st.integers(-(2**52), 2**52),
                "type": st.sampled_from(["private", "group", "channel", "new_kind"]),
            }
        ),
    },
    optional={
        "from": st.fixed_dictionaries({"id": st.integers(1, 9), "is_bot": st.booleans()}),
        "text": TEXTS,
        "caption": TEXTS,
        "entities": st.lists(ENTITIES),
        "caption_entities": st.lists(ENTITIES),
        "photo": st.lists(st.fixed_dictionaries({"file_id": st.text()})),
        "sticker": st.dictionaries(st.text(), JSON),
        "sender_chat": st.just({"id": -5, "type": "channel"}),
        "is_topic_message": st.booleans(),
        "message_thread_id": st.integers(),
        "media_group_id": st.text(),
    },
)
ME = Me(4, "xiaoer", ("小二",))


@given(st.binary() | JSON.map(lambda value: json.dumps(value).encode()))
def test_any_bytes_are_an_update_or_unreadable(body: bytes) -> None:
    """Law: nothing else comes of bytes from outside."""
    try:
        update = decode.parse(body)
    except Unreadable:
        return
    reading.read(update, ME, NOON)


@given(
    st.sampled_from(["message", "edited_message"]),
    MESSAGES,
    st.sampled_from([None, "v1:m:a:1:1", "v1:a:x:1"]) | st.text(),
)
def test_any_message_is_read_or_passed_over(kind: str, message: Object, data: str | None) -> None:
    """Law: whatever Telegram may put into a message, reading it never fails.

    What is read is a message of its chat, and in private it is always meant for us.
    """
    update = decode.read({"update_id": 1, kind: message})
    press = decode.read(
        {
            "update_id": 2,
            "callback_query": {"id": "1", "from": {"id": 1}, "message": message, "data": data},
        }
    )
    album = reading.read_album([update, update], ME, NOON)
    for event in (reading.read(update, ME, NOON), reading.read(press, ME, NOON), album):
        heard = event.heard if isinstance(event, reading.Pressed) else event
        if isinstance(heard, reading.Heard):
            assert heard.message.is_group or heard.message.addressed
            assert heard.message.age_seconds >= 0
