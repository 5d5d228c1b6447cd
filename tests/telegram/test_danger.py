"""Who is in danger waits in Telegram for nothing: no picture, no other person, no full minute."""

import pytest

from bot.channels.telegram.caps import FOR_DANGER, IN_GROUP
from bot.channels.telegram.client import CONNECTIONS
from handlers.delivery import DeliveryError
from handlers.message import Reply
from storage.words import GroupKind
from tests.peers.telegram.shapes import Chat, User
from tests.telegram_house import GROUP_ID, House, a_photo

FIRE = "@xiaoer_test_bot 厨房着火了"


async def test_it_stands_behind_nobody_elses_picture(
    house: House, li: User, wang: User, group: Chat
) -> None:
    house.peer.fail_next("download", "hang")
    await house.peer.send_photo(li, group, a_photo(), "@xiaoer_test_bot 楼道灯坏了")
    await house.peer.wait_for(lambda: house.peer.calls("getFile"))

    await house.peer.say(wang, group, FIRE)

    assert "119" in (await house.peer.next_message(group)).text.splitlines()[0]


async def test_it_stands_behind_no_picture_of_ones_own(house: House, li: User) -> None:
    await house.peer.start(li)
    await house.peer.next_message(li)
    house.peer.fail_next("download", "hang")
    await house.peer.send_photo(li, li, a_photo(), "楼道灯坏了")
    await house.peer.wait_for(lambda: house.peer.calls("getFile"))

    await house.peer.say(li, li, "厨房着火了")

    assert "119" in (await house.peer.next_message(li, after=1)).text.splitlines()[0]
    assert house.rows("SELECT count(*) FROM alarms") == [(1,)]


async def test_many_pictures_on_bad_lines_leave_a_line_for_it(house: House, li: User) -> None:
    house.peer.fail_next("download", "hang", times=2 * CONNECTIONS)
    for number in range(2 * CONNECTIONS):
        person = house.peer.user(100 + number, f"居民{number}")
        await house.peer.send_photo(person, person, a_photo())
    await house.peer.wait_for(lambda: len(house.peer.calls("getFile")) >= CONNECTIONS)

    await house.peer.say(li, li, "厨房着火了")

    assert "119" in (await house.peer.next_message(li)).text.splitlines()[0]


async def test_the_order_of_ones_own_messages_is_kept_otherwise(house: House, li: User) -> None:
    house.peer.fail_next("download", "drop")

    await house.peer.send_photo(li, li, a_photo(), "转人工")
    await house.peer.say(li, li, "我的积分")

    await house.peer.wait_for(lambda: len(house.said(li)) == 2)
    assert "积分" in house.said(li)[1]


async def test_it_is_answered_in_a_group_whose_minute_is_full(
    house: House, li: User, wang: User, group: Chat
) -> None:
    house.peer.world.faults.group_limit_per_minute = IN_GROUP
    for number in range(IN_GROUP - FOR_DANGER):
        await house.channel.sender.send(str(group.id), Reply(f"通知 {number}"))
    with pytest.raises(DeliveryError):
        await house.channel.sender.send(str(group.id), Reply("还有一条"))
    await house.peer.say(li, group, "@xiaoer_test_bot 帮助")
    await house.settled()

    await house.peer.say(wang, group, FIRE)

    shown = await house.peer.next_message(group, after=IN_GROUP - FOR_DANGER)
    assert "119" in shown.text.splitlines()[0]
    assert [call.status for call in house.peer.calls("sendMessage") if not call.ok] == []


async def test_an_alarm_reaches_staff_in_a_group_whose_minute_is_full(
    house: House, li: User, wang: User
) -> None:
    staff = house.peer.group(GROUP_ID, "街道调度群", [wang])
    await house.bind_group(staff, "街道调度群", GroupKind.STREET_STAFF)
    house.peer.world.faults.group_limit_per_minute = IN_GROUP
    for number in range(IN_GROUP - FOR_DANGER):
        await house.channel.sender.send(str(staff.id), Reply(f"通知 {number}"))
    await house.peer.say(li, li, "厨房着火了")
    await house.settled()

    await house.delivery.deliver_due()

    alarm = house.peer.messages_to(staff)[-1]
    assert "着火" in alarm.text
    assert [call.status for call in house.peer.calls("sendMessage") if not call.ok] == []
