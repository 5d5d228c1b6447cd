"""A resident's private talk with the bot in Telegram, from the first tap to the answer."""

import asyncio
from datetime import timedelta
from pathlib import Path

import pytest

from handlers import texts
from handlers.message import Choice
from tests.peers.telegram import judge
from tests.peers.telegram.server import TelegramPeer
from tests.peers.telegram.shapes import User
from tests.stores import Clock
from tests.telegram_house import GROUP_ID, STREET, House, a_house, a_photo

pytestmark = pytest.mark.usefixtures("starting_judge")


async def test_a_newcomer_is_greeted_with_a_menu_of_large_buttons(house: House, li: User) -> None:
    await house.peer.start(li)

    shown = await house.peer.next_message(li)

    assert shown.text.endswith(texts.welcome(STREET.name))
    assert [[button.text for button in row] for row in shown.buttons[-1:]] == [["0 返回", "9 人工"]]
    assert all(len(row) == 1 for row in shown.buttons[:-1])
    assert shown.labels[0].startswith("1 ")
    assert shown.reply_to is None


async def test_a_button_and_its_number_mean_the_same(house: House, li: User, wang: User) -> None:
    for person in (li, wang):
        await house.peer.start(person)
    shown = await house.peer.next_message(li)

    press = await house.peer.press(li, shown, "9 人工")
    await house.peer.say(wang, wang, "９")

    pressed, typed = await house.heard(li, after=1), await house.heard(wang, after=1)
    answer = await house.answer_to(press)
    assert answer.text == ""
    # The two reports differ by their numbers only.
    assert pressed.translate(_NO_DIGITS) == typed.translate(_NO_DIGITS)
    assert len(house.rows("SELECT id FROM handovers")) == 2


_NO_DIGITS = {ord(digit): None for digit in "0123456789"}


async def test_the_buttons_of_an_old_menu_have_lost_their_meaning(house: House, li: User) -> None:
    await house.peer.start(li)
    old = await house.peer.next_message(li)
    await house.peer.start(li)
    await house.peer.next_message(li, after=1)

    press = await house.peer.press(li, old, old.labels[0])

    assert await house.heard(li, after=2) == texts.OLD_MENU
    assert (await house.answer_to(press)).text == ""


async def test_a_command_in_chinese_is_understood_without_its_slash(house: House, li: User) -> None:
    await house.peer.say(li, li, "/帮助")
    await house.peer.say(li, li, "/help")

    await house.peer.wait_for(lambda: len(house.peer.messages_to(li)) == 2)

    said = set(house.said(li))
    assert said == {texts.welcome(STREET.name)}


async def test_what_came_without_words_is_asked_for_words(house: House, li: User) -> None:
    await house.peer.send_voice(li, li, b"OggS")
    await house.peer.send_location(li, li, (30.58, 114.27))
    await house.peer.send_document(li, li, b"%PDF", "application/pdf")

    await house.peer.wait_for(lambda: len(house.peer.messages_to(li)) == 3)

    assert house.said(li) == [
        texts.VOICE_UNHEARD,
        texts.PLACE_ALONE,
        texts.UNKNOWN_KIND,
    ]


async def test_a_photo_is_kept(house: House, li: User) -> None:
    await house.peer.send_photo(li, li, a_photo())
    assert await house.heard(li) == texts.PHOTO_ALONE
    await house.peer.send_document(li, li, a_photo("blue"), "image/jpeg")
    assert await house.heard(li, after=1) == texts.PHOTO_ALONE

    assert len(house.photos_kept()) == 2


async def test_an_album_is_one_message(house: House, li: User) -> None:
    colours = ("red", "green", "blue")
    await house.peer.send_album(li, li, [a_photo(colour) for colour in colours], "转人工")
    await house.peer.say(li, li, "帮助")

    await house.peer.wait_for(lambda: len(house.peer.messages_to(li)) == 2)
    await house.settled()

    assert len(house.photos_kept()) == 3
    assert len(house.rows("SELECT key FROM inbox")) == 2
    [(kept,)] = house.rows("SELECT media FROM words")
    assert str(kept).count(".jpg") == 3
    assert house.said(li)[-1] == texts.welcome(STREET.name)


async def test_the_same_update_twice_has_one_effect_and_one_answer(house: House, li: User) -> None:
    await house.peer.say(li, li, "转人工")
    await house.peer.next_message(li)
    house.peer.resend_last()
    await house.settled()
    await house.peer.start(li)
    await house.peer.next_message(li, after=1)

    assert len(house.peer.messages_to(li)) == 2
    assert len(house.rows("SELECT id FROM handovers")) == 1


async def test_after_a_crash_a_resend_gets_the_recorded_answer(
    peer: TelegramPeer, clock: Clock, tmp_path: Path, li: User
) -> None:
    async with a_house(peer, clock, tmp_path) as house:
        await peer.say(li, li, "转人工")
        first = await house.heard(li)
        await house.settled()
    peer.resend_last()

    async with a_house(peer, clock, tmp_path) as house:
        again = await house.heard(li, after=1)

        assert again == first
        assert len(house.rows("SELECT id FROM handovers")) == 1


async def test_an_orderly_end_confirms_what_was_answered(
    peer: TelegramPeer, clock: Clock, tmp_path: Path, li: User
) -> None:
    async with a_house(peer, clock, tmp_path) as house:
        await peer.start(li)
        await house.heard(li)

    assert peer.world.feed.is_drained()


async def test_what_was_said_while_we_were_away_is_answered_later(
    peer: TelegramPeer, clock: Clock, tmp_path: Path, li: User
) -> None:
    await peer.start(li)
    clock.forward(timedelta(minutes=5))

    async with a_house(peer, clock, tmp_path) as house:
        assert await house.heard(li) == texts.welcome(STREET.name)


async def test_an_edit_never_starts_anything(house: House, li: User) -> None:
    said = await house.peer.start(li)
    await house.peer.next_message(li)

    await house.peer.edit(li, said, "转人工")
    await house.settled()

    assert len(house.peer.messages_to(li)) == 1
    assert house.rows("SELECT id FROM handovers") == []


async def test_a_notice_arrives_with_its_own_buttons(house: House, li: User) -> None:
    await house.peer.start(li)
    await house.peer.next_message(li)
    choices = (
        Choice("知道了，谢谢您提醒我明天早上有班", "handover.ask"),
        Choice("不去", "faq.none"),
    )

    await house.remind(li, "您明天（周二）早上 8:00 有班。", *choices)
    shown = await house.peer.next_message(li, after=1)
    await house.peer.press(li, shown, "1 知道了，谢谢您提醒我明天早上有班")
    await house.peer.next_message(li, after=2)

    # Long labels are cut off on telephones, so they also stand in the text.
    assert shown.text.splitlines()[1:] == ["1 知道了，谢谢您提醒我明天早上有班", "2 不去"]
    assert len(house.rows("SELECT id FROM handovers")) == 1
    assert house.rows("SELECT state FROM notices WHERE topic = 'test'") == [("delivered",)]


async def test_a_photo_and_its_words_are_one_message(house: House, li: User) -> None:
    await house.peer.start(li)
    await house.peer.next_message(li)
    name = await house.media.keep(a_photo())

    await house.remind(li, "修好了，请您看看。", Choice("满意", "faq.up"), media=name)

    shown = house.peer.messages_to(li)[-1]
    assert shown.media is not None
    assert shown.media.data == house.media.path(name).read_bytes()
    assert (shown.text, shown.labels) == ("修好了，请您看看。", ["1 满意"])


async def test_a_long_text_is_cut_between_sentences(house: House, li: User) -> None:
    await house.peer.start(li)
    await house.peer.next_message(li)
    sentence = "消防通道不能停车。"

    await house.remind(li, sentence * 800, Choice("知道了", "faq.up"))

    sent = house.peer.messages_to(li)[1:]
    assert "".join(message.text for message in sent) == sentence * 800
    assert all(message.text.endswith("。") for message in sent)
    assert [bool(message.labels) for message in sent] == [False, False, True]


async def test_people_are_answered_side_by_side(house: House) -> None:
    crowd = [house.peer.user(100 + n, f"居民{n}") for n in range(40)]
    for person in crowd:
        await house.peer.start(person)
        await house.peer.say(person, person, "转人工")

    for person in crowd:
        await house.peer.next_message(person, after=1)
    await house.settled()

    assert all(len(house.peer.messages_to(person)) == 2 for person in crowd)
    # Each was greeted before the person was called: the order in which they spoke.
    greetings = {house.said(person)[0] for person in crowd}
    assert greetings == {texts.welcome(STREET.name)}


async def test_the_menu_of_commands_is_filled(house: House) -> None:
    await house.peer.wait_for(lambda: house.peer.world.commands)

    [commands] = house.peer.world.commands.values()
    assert [command["command"] for command in commands if isinstance(command, dict)] == [
        "start",
        "help",
    ]


async def test_the_state_is_told_in_words(peer: TelegramPeer, clock: Clock, tmp_path: Path) -> None:
    async with a_house(peer, clock, tmp_path, started=False) as house:
        before = house.channel.status
        await house.channel.start()
        await peer.wait_for(lambda: peer.is_polled)
        during = house.channel.status
        await house.channel.stop()
        after = house.channel.status

    assert before == "没有启动"
    assert during == "正常，主动收取消息；群里只收得到点名给小二的消息（隐私模式开着）"
    assert after == "已停止"


async def test_the_state_tells_when_telegram_shows_all_that_groups_say(
    peer: TelegramPeer, clock: Clock, tmp_path: Path
) -> None:
    peer.world.can_read_all_group_messages = True
    async with a_house(peer, clock, tmp_path) as house:
        await peer.wait_for(lambda: house.channel.works and house.channel.is_ready)

        assert "群里的消息都收得到" in house.channel.status


async def test_aiogram_finds_nothing_wrong_with_what_we_ask(
    house: House, li: User, aiogram: judge.Judge
) -> None:
    group = house.peer.group(GROUP_ID, "芳草苑居民群", [li], admins=[li])
    await house.bind_group(group)
    topic = await house.peer.topic(li, group, "报修")
    await house.peer.start(li)
    shown = await house.peer.next_message(li)
    press = await house.peer.press(li, shown, "9 人工")
    await house.answer_to(press)
    await house.peer.say(li, group, "@xiaoer_test_bot 我的积分", thread_id=topic)
    await house.peer.next_message(group)
    name = await house.media.keep(a_photo())
    await house.remind(li, "修好了。", Choice("满意", "faq.up"), media=name)
    await house.remind(li, "请看。" * 400, media=name)
    await house.peer.send_photo(li, li, a_photo())
    await asyncio.gather(house.settled(), house.peer.next_message(li, after=3))

    assert await aiogram.complaints(house.peer) == []
