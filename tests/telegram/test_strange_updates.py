"""Whatever bytes and updates come, the next message is answered."""

import asyncio
import json
from collections.abc import Sequence

from hypothesis import given
from hypothesis import strategies as st

from bot.channels.telegram import decode, reading
from bot.channels.telegram.addressing import Me
from bot.channels.telegram.decode import Unreadable, Update
from bot.channels.telegram.inbound import Inbound
from tests.peers.telegram.shapes import Object, User
from tests.stores import NOON
from tests.telegram_house import QUICK, WELCOME, House

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
        work, QUICK, lambda update: told.append(update.update_id), lambda _update: False
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
