"""The Telegram peer refuses, forgets and hides what Telegram does."""

from datetime import timedelta

import pytest
from telegram import (
    Bot,
    InlineKeyboardMarkup,
    KeyboardButton,
    ReplyKeyboardMarkup,
)
from telegram.error import (
    BadRequest,
    ChatMigrated,
    Forbidden,
    RetryAfter,
)

from tests.peers.telegram.ptb import button, keyboard
from tests.peers.telegram.server import TelegramPeer
from tests.peers.telegram.shapes import User
from tests.telegram_house import GROUP_ID

JPEG = b"\xff\xd8\xff\xe0 a broken lamp"


@pytest.mark.parametrize(
    ("text", "why"),
    [
        (" \n", "text is empty"),
        ("字" * 4097, "message is too long"),
        ("<b>" + "字" * 4097 + "</b>", "message is too long"),
        ("1 < 2", "can't parse entities: Unsupported start tag"),
        ("<p>x</p>", 'can\'t parse entities: Unsupported start tag "p" at byte offset 0'),
        ("灯<b>x", "can't parse entities: Can't find end tag"),
        ("<b><i>x</b></i>", "can't parse entities: Unmatched end tag at byte offset 7"),
    ],
)
async def test_a_text_telegram_would_refuse(
    peer: TelegramPeer, bot: Bot, li: User, text: str, why: str
) -> None:
    await peer.start(li)

    with pytest.raises(BadRequest) as refusal:
        await bot.send_message(li.id, text, parse_mode="HTML")

    assert why.lower() in refusal.value.message.lower()


async def test_limits_count_what_is_shown(peer: TelegramPeer, bot: Bot, li: User) -> None:
    await peer.start(li)

    await bot.send_message(li.id, f"<b>{'字' * 4095}</b>&lt;", parse_mode="HTML")
    with pytest.raises(BadRequest, match="caption is too long"):
        await bot.send_photo(li.id, JPEG, "字" * 1025)
    with pytest.raises(BadRequest, match=r"(?i)IMAGE_PROCESS_FAILED"):
        await bot.send_photo(li.id, b"no picture")

    [shown] = peer.messages_to(li)
    assert shown.text == "字" * 4095 + "<"


async def test_keyboards_telegram_would_refuse(peer: TelegramPeer, bot: Bot, li: User) -> None:
    await peer.start(li)
    twenty_one = "字" * 21
    await bot.send_message(
        li.id, "x", reply_markup=InlineKeyboardMarkup([[button("按", twenty_one)]] * 100)
    )

    for rows, why in (
        ([[button("按", twenty_one + "字")]], "BUTTON_DATA_INVALID"),
        ([[button("按", "x")]] * 101, "reply markup is too long"),
    ):
        with pytest.raises(BadRequest, match=f"(?i){why}"):
            await bot.send_message(li.id, "x", reply_markup=InlineKeyboardMarkup(rows))


async def test_an_edit_that_changes_nothing(peer: TelegramPeer, bot: Bot, li: User) -> None:
    await peer.start(li)
    sent = await bot.send_message(li.id, "x", reply_markup=keyboard("好"))

    with pytest.raises(BadRequest, match=r"(?i)message is not modified"):
        await sent.edit_text("x", reply_markup=keyboard("好"))
    await sent.edit_text("x")

    [shown] = peer.messages_to(li)
    assert shown.buttons == []


async def test_answers_to_buttons(peer: TelegramPeer, bot: Bot, li: User) -> None:
    clock = [1_800_000_000.0]
    peer.world.now = lambda: clock[0]
    await peer.start(li)
    await bot.send_message(li.id, "x", reply_markup=keyboard("好"))
    [shown] = peer.messages_to(li)
    stale = await peer.press(li, shown, "好", stale=True)
    old, good = await peer.press(li, shown, "好"), await peer.press(li, shown, "v1:好")

    await bot.answer_callback_query(good, "字" * 200)
    with pytest.raises(BadRequest, match=r"(?i)message_too_long"):
        await bot.answer_callback_query(old, "字" * 201)
    clock[0] += 3600
    for query in (stale, old, "1"):
        with pytest.raises(BadRequest, match=r"(?i)query is too old"):
            await bot.answer_callback_query(query)

    assert peer.answer_to(old) is None


async def test_chats_that_do_not_take_messages(peer: TelegramPeer, bot: Bot, li: User) -> None:
    group = peer.group(GROUP_ID, "3 栋", [li])
    basic = peer.group(-55, "5 栋", [li])
    left = peer.group(-66, "6 栋", [li], bot="left")
    await peer.start(li)
    await peer.block(li)
    await peer.kick_bot(li, group)
    new = await peer.migrate(basic, -1005555)

    refusals = (
        (li.id, "bot was blocked by the user"),
        (group.id, "bot was kicked from the supergroup chat"),
        (left.id, "bot is not a member of the group chat"),
    )
    for chat_id, why in refusals:
        with pytest.raises(Forbidden, match=why):
            await bot.send_message(chat_id, "x")
    with pytest.raises(BadRequest, match=r"(?i)chat not found"):
        await bot.send_message(424242, "x")
    with pytest.raises(ChatMigrated) as moved:
        await bot.send_message(basic.id, "x")
    assert moved.value.new_chat_id == new.id
    await bot.send_message(new.id, "x")


async def test_the_pace_in_a_group(peer: TelegramPeer, bot: Bot, li: User) -> None:
    clock = [1_800_000_000.0]
    peer.world.now = lambda: clock[0]
    peer.world.faults.group_limit_per_minute = 20
    group = peer.group(GROUP_ID, "3 栋", [li])
    for _ in range(20):
        await bot.send_message(group.id, "x")

    with pytest.raises(RetryAfter) as refused:
        await bot.send_message(group.id, "x")
    clock[0] += 60
    await bot.send_message(group.id, "x")

    assert refused.value.retry_after == timedelta(seconds=60)
    assert len(peer.messages_to(group)) == 21


async def test_what_a_bot_hears_in_a_group(peer: TelegramPeer, bot: Bot, li: User) -> None:
    group = peer.group(GROUP_ID, "3 栋", [li])
    await bot.send_message(group.id, "有事请讲")
    [ours] = peer.messages_to(group)
    for text in ("吃了吗", "😀 @Xiaoer_Test_Bot 在吗", "/help", "/help@xiaoer_test_bot"):
        await peer.say(li, group, text)
    await peer.say(li, group, "/help@other_bot")
    await peer.say(li, group, "灯坏了", reply_to=ours)
    peer.world.can_read_all_group_messages = True
    last = await peer.say(li, group, "都听见了")
    await peer.edit(li, last, "改一下")

    heard = await bot.get_updates(timeout=5)

    said = [update.effective_message for update in heard]
    texts = [message.text for message in said if message]
    assert texts == [
        "😀 @Xiaoer_Test_Bot 在吗",
        "/help",
        "/help@xiaoer_test_bot",
        "灯坏了",
        "都听见了",
        "改一下",
    ]
    assert said[0] is not None
    assert said[0].parse_entity(said[0].entities[0]) == "@Xiaoer_Test_Bot"
    assert said[3] is not None
    assert said[3].reply_to_message is not None
    assert heard[-1].edited_message is not None


async def test_groups_are_not_asked_for_phone_numbers(
    peer: TelegramPeer, bot: Bot, li: User
) -> None:
    group = peer.group(GROUP_ID, "3 栋", [li])
    await peer.start(li)
    ask = ReplyKeyboardMarkup([[KeyboardButton("发手机号", request_contact=True)]])

    await bot.send_message(li.id, "请发", reply_markup=ask)
    with pytest.raises(BadRequest, match=r"(?i)private chats only"):
        await bot.send_message(group.id, "请发", reply_markup=ask)


async def test_topics_albums_and_anonymous_administrators(
    peer: TelegramPeer, bot: Bot, li: User, wang: User
) -> None:
    group = peer.group(GROUP_ID, "3 栋", [li], admins=[wang], bot="administrator")
    topic = await peer.topic(wang, group, "报修")
    await peer.say(wang, group, "各位", anonymous=True, thread_id=topic)
    await peer.send_album(li, group, [JPEG, JPEG], "看")

    _, notice, one, two = [update.message for update in await bot.get_updates()]
    with pytest.raises(BadRequest, match=r"(?i)thread not found"):
        await bot.send_message(group.id, "x", message_thread_id=topic + 1)

    assert notice is not None
    assert notice.sender_chat is not None
    assert notice.from_user is not None
    assert (notice.sender_chat.id, notice.from_user.is_bot) == (group.id, True)
    assert (notice.message_thread_id, notice.is_topic_message) == (topic, True)
    assert one is not None
    assert two is not None
    assert one.media_group_id == two.media_group_id is not None
    assert (one.caption, two.caption) == ("看", None)


async def test_a_bot_gets_only_the_kinds_it_asked_for(
    peer: TelegramPeer, bot: Bot, li: User
) -> None:
    await bot.get_updates(allowed_updates=["edited_message"])
    said = await peer.start(li)
    await peer.edit(li, said, "改")

    [update] = await bot.get_updates()

    assert update.edited_message is not None
    assert update.edited_message.text == "改"
    await bot.get_updates(offset=update.update_id + 1, allowed_updates=[])
    await peer.say(li, li, "又来了")
    assert len(await bot.get_updates()) == 1
