"""In Telegram groups the bot is silent unless called, answers where it was asked, tells nothing."""

import pytest
from telegram import InlineKeyboardMarkup

from handlers import texts
from handlers.message import Choice, Reply
from handlers.throttle import MESSAGES
from storage.residents import address_key
from tests.peers.telegram.ptb import a_bot, button
from tests.peers.telegram.server import TelegramPeer
from tests.peers.telegram.shapes import Chat, User
from tests.telegram_house import GROUP_ID, STREET, House, a_photo

WELCOME = texts.welcome(STREET.name, group=True)


@pytest.fixture
def peer(peer: TelegramPeer) -> TelegramPeer:
    """Telegram, where the bot is shown all that groups say."""
    peer.world.can_read_all_group_messages = True
    return peer


@pytest.fixture
async def house(house: House) -> House:
    await house.peer.wait_for(lambda: house.peer.is_polled)
    return house


@pytest.mark.parametrize(
    "words",
    [
        "大家好",
        "那栋楼的灯坏了，找小二没用",
        "@other_bot 你好",
        "/help@other_bot",
        "/weather",
        "@xiaoer_test_bot_2 你好",
    ],
)
async def test_the_bot_is_silent_unless_it_is_called(
    house: House, li: User, group: Chat, words: str
) -> None:
    await house.peer.say(li, group, words)
    await house.settled()

    assert house.peer.messages_to(group) == []


@pytest.mark.parametrize(
    "words",
    [
        "@xiaoer_test_bot 你好",
        "你好 @XiaoEr_Test_Bot",
        "👵🏻👍 你好@xiaoer_test_bot",
        "@xiaoer_test_bot",
        "小二，你好",
        "@小二 你好",
        "/help",
        "/help@Xiaoer_Test_Bot",
        "/帮助",
    ],
)
async def test_the_bot_answers_whoever_calls_it(
    house: House, li: User, group: Chat, words: str
) -> None:
    asked = await house.peer.say(li, group, words)

    shown = await house.peer.next_message(group)

    assert shown.text == WELCOME
    assert shown.reply_to == asked.message_id


async def test_a_person_without_a_user_name_can_be_named(
    house: House, li: User, group: Chat
) -> None:
    await house.peer.say(li, group, "🙂 社区助手 帮助", named={"社区助手": house.peer.me})

    assert (await house.peer.next_message(group)).text == WELCOME


async def test_a_reply_to_the_bot_calls_it(house: House, li: User, group: Chat) -> None:
    await house.peer.say(li, group, "小二")
    ours = await house.peer.next_message(group)

    await house.peer.say(li, group, "帮助", reply_to=ours)

    assert (await house.peer.next_message(group, after=1)).text == WELCOME


async def test_an_album_is_called_by_the_words_of_its_first_picture(
    house: House, li: User, group: Chat
) -> None:
    await house.peer.send_album(li, group, [a_photo(), a_photo("blue")], "@xiaoer_test_bot 帮助")
    await house.peer.next_message(group)
    await house.settled()

    assert len(house.peer.messages_to(group)) == 1
    assert len(house.photos_kept()) == 2


async def test_pictures_of_a_danger_are_kept_after_the_number_without_a_word(
    house: House, li: User, group: Chat
) -> None:
    await house.bind_group(group)
    await house.peer.send_photo(li, group, a_photo(), "@xiaoer_test_bot 厨房着火了")
    await house.peer.send_photo(li, group, b"no picture", "@xiaoer_test_bot 着火了，快来")
    await house.peer.wait_for(lambda: len(house.said(group)) == 2)
    await house.settled()

    assert all("119" in said for said in house.said(group))
    assert len(house.photos_kept()) == 1


async def test_pictures_that_are_not_for_us_are_never_fetched(
    house: House, li: User, group: Chat
) -> None:
    await house.peer.send_photo(li, group, a_photo(), "我家孙子")
    await house.settled()

    assert house.photos_kept() == []
    assert house.peer.calls("getFile") == []
    assert house.peer.messages_to(group) == []


async def test_an_unbound_group_gets_one_sentence(house: House, li: User) -> None:
    other = house.peer.group(GROUP_ID - 1, "别的群", [li])

    await house.peer.say(li, other, "@xiaoer_test_bot 你好")
    await house.peer.next_message(other)
    await house.peer.say(li, other, "@xiaoer_test_bot 你好")
    await house.settled()

    assert [message.text for message in house.peer.messages_to(other)] == [texts.UNBOUND_GROUP]


async def test_personal_matters_go_on_in_private(house: House, li: User, group: Chat) -> None:
    await house.peer.say(li, group, "@xiaoer_test_bot 我的积分")
    offered = await house.peer.next_message(group)
    [[link]] = offered.buttons
    assert link.url is not None
    address, _, key = link.url.partition("?start=")

    await house.peer.start(li, key)
    shown = await house.peer.next_message(li)

    assert offered.text.startswith(texts.PRIVATE_ONLY)
    assert address == "https://t.me/xiaoer_test_bot"
    assert "我的积分" in shown.text
    assert shown.labels[0].startswith("1 ")


async def test_a_topic_is_answered_in_the_topic(house: House, li: User, group: Chat) -> None:
    topic = await house.peer.topic(li, group, "报修")
    await house.bind_group(f"{group.id}/{topic}", "报修")

    await house.peer.say(li, group, "@xiaoer_test_bot 帮助", thread_id=topic)

    shown = await house.peer.next_message(group)
    assert (shown.text, shown.thread_id) == (WELCOME, topic)


async def test_a_topic_that_is_gone_is_answered_in_the_group(house: House, group: Chat) -> None:
    await house.channel.sender.send(f"{group.id}/99", Reply("今晚停水。"))

    [shown] = house.peer.messages_to(group)
    assert (shown.text, shown.thread_id) == ("今晚停水。", None)


async def test_nobody_presses_the_button_of_another(
    house: House, li: User, wang: User, group: Chat
) -> None:
    async with a_bot(house.peer) as bot:
        keyboard = InlineKeyboardMarkup([[button("1 确认", f"v1:m:abc:{li.id}:1")]])
        await bot.send_message(group.id, "请确认", reply_markup=keyboard)
    [shown] = house.peer.messages_to(group)

    press = await house.peer.press(wang, shown, "1 确认")
    answer = await house.answer_to(press)
    await house.settled()

    assert answer.text == texts.NOT_YOURS
    assert len(house.peer.messages_to(group)) == 1


@pytest.mark.parametrize("data", ["v2:whatever", "v1:m:abc:x:1", "确认", "v1:a:"])
async def test_a_button_of_another_time_stops_spinning(
    house: House, li: User, group: Chat, data: str
) -> None:
    async with a_bot(house.peer) as bot:
        keyboard = InlineKeyboardMarkup([[button("确认", data)]])
        await bot.send_message(group.id, "请确认", reply_markup=keyboard)
    [shown] = house.peer.messages_to(group)

    press = await house.peer.press(li, shown, "确认")

    answer = await house.answer_to(press)
    assert answer.text == texts.OLD_MENU


async def test_a_card_may_be_pressed_by_every_member(house: House, li: User, group: Chat) -> None:
    card = Reply(
        "电梯困人！",
        tuple(
            Choice(label, f"emergency.ack:{n}", anybody=True) for n, label in enumerate("一二三")
        ),
    )
    await house.channel.sender.send(str(group.id), card)
    [shown] = house.peer.messages_to(group)

    press = await house.peer.press(li, shown, "二")
    answered = await house.peer.next_message(group, after=1)

    assert [[b.text for b in row] for row in shown.buttons] == [["一", "二"], ["三"]]
    assert answered.reply_to == shown.message_id
    assert house.peer.answer_to(press)


async def test_numbered_choices_of_nobody_are_not_shown_in_a_group(
    house: House, group: Chat
) -> None:
    reply = Reply("选一个", (Choice("甲", "faq.up", number=1),), menu="abc")

    await house.channel.sender.send(str(group.id), reply)

    [shown] = house.peer.messages_to(group)
    assert (shown.text, shown.labels) == ("选一个", [])


async def test_a_group_has_no_person_behind_it(house: House, wang: User, group: Chat) -> None:
    await house.peer.say(wang, group, "@xiaoer_test_bot 我的积分", anonymous=True)

    assert (await house.peer.next_message(group)).text == texts.ANONYMOUS


async def test_who_writes_as_one_group_is_not_taken_for_who_writes_as_another(
    house: House, wang: User, group: Chat
) -> None:
    other = house.peer.group(GROUP_ID - 1, "怡畅园居民群", [], admins=[wang])
    await house.bind_group(other)
    for number in range(MESSAGES + 1):
        await house.peer.say(wang, group, f"请看公告 {number}", anonymous=True)
    await house.settled()

    await house.peer.say(wang, other, "@xiaoer_test_bot 我的积分", anonymous=True)

    assert (await house.peer.next_message(other)).text == texts.ANONYMOUS


async def test_other_bots_are_not_answered(house: House, group: Chat) -> None:
    robot = house.peer.user(55, "别的机器人", username="other_bot", is_bot=True)
    house.peer.world.members[group.id][robot.id] = "member"

    await house.peer.say(robot, group, "@xiaoer_test_bot 你好")
    await house.settled()

    assert house.peer.messages_to(group) == []


async def test_a_group_that_threw_us_out_is_not_written_to(
    house: House, wang: User, group: Chat
) -> None:
    await house.peer.kick_bot(wang, group)
    await house.settled()
    gone = house.rows("SELECT left_at IS NULL FROM group_addresses")

    await house.peer.add_bot(wang, group)
    await house.settled()

    assert gone == [(0,)]
    assert house.rows("SELECT left_at IS NULL, group_id FROM group_addresses") == [(1, 1)]


async def test_the_topics_of_a_group_that_threw_us_out_are_left_too(
    house: House, wang: User, group: Chat
) -> None:
    await house.bind_group(f"{group.id}/5", "报修")

    await house.peer.kick_bot(wang, group)
    await house.settled()

    assert house.rows("SELECT count(*) FROM group_addresses WHERE left_at IS NULL") == [(0,)]


@pytest.mark.parametrize("announced", [True, False])
async def test_a_group_keeps_its_place_when_it_becomes_a_supergroup(
    house: House, li: User, announced: bool
) -> None:
    small = house.peer.group(-77, "芳草苑居民群", [li])
    await house.bind_group(small)
    large = await house.peer.migrate(small, GROUP_ID, announce=announced)
    await house.settled()

    if not announced:
        await house.channel.sender.send(str(small.id), Reply("今晚停水。"))
        assert [message.text for message in house.peer.messages_to(large)] == ["今晚停水。"]

    assert house.rows("SELECT key, group_id FROM group_addresses") == [
        (address_key("telegram", str(large.id)), 1)
    ]


async def test_a_new_group_that_spoke_first_still_takes_the_old_ones_place(
    house: House, li: User
) -> None:
    small = house.peer.group(-77, "芳草苑居民群", [li])
    await house.bind_group(small)
    large = await house.peer.migrate(small, GROUP_ID, announce=False)
    await house.peer.say(li, large, "@xiaoer_test_bot 你好")
    await house.peer.next_message(large)

    await house.channel.sender.send(str(small.id), Reply("今晚停水。"))

    found = house.rows("SELECT chat, group_id FROM group_addresses WHERE left_at IS NULL")
    assert found == [(str(large.id), 1)]


async def test_an_edit_in_a_group_is_not_answered(house: House, li: User, group: Chat) -> None:
    said = await house.peer.say(li, group, "大家好")
    await house.peer.edit(li, said, "@xiaoer_test_bot 我的积分")
    await house.settled()

    assert house.peer.messages_to(group) == []
