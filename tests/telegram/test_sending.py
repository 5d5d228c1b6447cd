"""Telegram takes an answer late, twice or never; people get it once, or are marked as gone."""

from datetime import datetime, timedelta

import pytest

from bot.channels.telegram import errors
from handlers import texts
from handlers.delivery import DeliveryError
from handlers.message import Choice, Reply
from tests.peers.telegram.shapes import User
from tests.telegram_house import GROUP_ID, STREET, WELCOME, House, a_photo


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
