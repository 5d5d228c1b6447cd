"""What broke off midway goes on where it stopped, on the same way; another way says it whole."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest

from handlers.delivery import Delivery, DeliveryError, Sender
from handlers.message import Reply, as_json
from handlers.notify import tell_resident
from storage.residents import address_key
from storage.transaction import Transaction
from tests.houses import CHANNEL, House, Recorder
from tests.peers.wechat.server import WeChatPeer
from tests.peers.wecom.server import WeComPeer
from tests.stores import Clock
from tests.test_wecom_losses import APP_SEND, KF_SEND, PUSH, WANG
from tests.wechat_house import WeChatHouse, a_photo, until
from tests.wechat_house import a_house as a_wechat_house
from tests.wechat_street import LI, SEND, account
from tests.wecom_house import WeComHouse, a_house
from tests.wecom_street import by_robot_only

MEMBER = "LiSi"
COLOURS = ["red", "green"]
REFUSED = 50001
LATER = timedelta(seconds=6)
BUSY = DeliveryError("the line is busy", permanent=False)


@pytest.mark.parametrize("way", ["wecom", "wecom_kf", "wecom_push"])
async def test_a_notice_in_wecom_goes_on_after_a_restart(way: str, tmp_path: Path) -> None:
    clock = Clock()
    async with WeComPeer(clock) as peer:
        async with a_house(tmp_path, peer, clock=clock) as house:
            tell = await WAYS[way](house)
            start = len(said(peer, way))
            peer.fail({"wecom": APP_SEND, "wecom_kf": KF_SEND, "wecom_push": PUSH}[way], 0, REFUSED)
            photos = [await house.media.keep(a_photo(colour)) for colour in COLOURS]
            await house.run(lambda tx: tell(tx, photos))
            await house.deliver()
            at_first = said(peer, way)[start:]
        async with a_house(tmp_path, peer, clock=clock) as house:
            clock.forward(LATER)
            await house.deliver()

    assert at_first == ["text"]
    assert said(peer, way)[start:] == ["text", "image", "image"]


async def test_a_notice_in_wechat_goes_on_where_it_broke_off(tmp_path: Path) -> None:
    async with WeChatPeer() as peer, a_wechat_house(tmp_path, account(peer)) as house:
        await house.say(LI, "你好")
        break_after(peer, 2)
        photos = [await house.media.keep(a_photo(colour)) for colour in COLOURS]
        await house.run(lambda tx: shown(tx, address_key("wechat", LI), photos))
        await house.delivery.deliver_due()
        peer.pause = None
        house.house.clock.forward(LATER)
        await house.delivery.deliver_due()
        left = await house.run(lambda tx: tx.quotas.remaining(address_key("wechat", LI)))

    assert [one["msgtype"] for one in peer.messages] == ["text", "image", "image"]
    assert left == 2


async def test_another_way_says_whole_what_broke_off_in_wechat(tmp_path: Path) -> None:
    async with WeChatPeer() as peer, a_wechat_house(tmp_path, account(peer)) as house:
        await house.bind(LI, "居民甲")
        elsewhere = Recorder()
        senders = {"wechat": house.channel.sender, "terminal": elsewhere}
        delivery = Delivery(house.house.store, senders, house.house.clock)
        await house.say(LI, "你好")
        break_after(peer, 2)
        photos = [await house.media.keep(a_photo(colour)) for colour in COLOURS]
        await house.run(lambda tx: shown(tx, address_key("wechat", LI), photos))
        for _ in range(3):
            await delivery.deliver_due()
            house.house.clock.forward(timedelta(minutes=1))

    assert [one["msgtype"] for one in peer.messages] == ["text", "image"]
    assert [(reply.text, list(reply.media)) for _, reply in elsewhere.sent] == [("修好了", photos)]


async def test_a_late_answer_in_wechat_shows_at_the_next_contact_what_was_not_taken(
    tmp_path: Path,
) -> None:
    async with WeChatPeer() as peer, a_wechat_house(tmp_path, account(peer)) as house:
        await house.say(LI, "你好")
        photos = [await house.media.keep(a_photo(colour)) for colour in COLOURS]
        kept = [as_json(Reply("修好了。", media=tuple(photos)))]
        await house.run(
            lambda tx: tx.late_answers.keep("wechat:x", "wechat", LI, kept, promised=True)
        )
        break_after(peer, 1)
        words = await house.say(LI, "1")
        await until(lambda: broke(house))
        peer.pause = None
        house.house.clock.forward(timedelta(seconds=5))
        answer = await house.phone.say(LI, "1")

    assert words == "修好了。"
    assert [one["msgtype"] for one in peer.messages] == ["image"]
    assert answer.fields["MsgType"] == "image"
    assert peer.count("/cgi-bin/media/upload") == len(COLOURS) + 1


async def test_a_short_piece_for_an_elder_is_not_said_twice(tmp_path: Path) -> None:
    house = House(tmp_path)
    await house.settle()
    await house.say("居民甲", "长辈模式")
    line = Line()
    delivery = Delivery(house.store, {CHANNEL: line}, house.clock)
    await house.store.run(lambda tx: shown(tx, address_key(CHANNEL, "居民甲"), [], LONG))
    await delivery.deliver_due()
    house.clock.forward(LATER)
    await delivery.deliver_due()
    house.store.close()

    assert line.refused == 1
    assert len(line.said) == len(set(line.said)) > 1
    assert "".join("".join(line.said).split()).startswith(LONG[:60])


LONG = "".join(f"明天上午第{n}组在红建社区门口集合，请带好帽子和水。" for n in "一二三四五六七八九")


class Line(Sender):
    """The last hop of a channel, on which the second message does not get through at first."""

    def __init__(self) -> None:
        self.said: list[str] = []
        self.refused = 0

    async def send(self, _chat: str, reply: Reply) -> None:
        if len(self.said) == 1 and not self.refused:
            self.refused += 1
            raise BUSY
        self.said.append(reply.text)


def break_after(peer: WeChatPeer, messages: int) -> None:
    """Let so many customer messages pass from now on, and refuse every later one."""
    passed = 0

    async def pause(path: str) -> None:
        nonlocal passed
        if path == SEND:
            passed += 1
            if passed > messages:
                peer.fail(SEND, REFUSED)

    peer.pause = pause


def broke(house: WeChatHouse) -> bool:
    """Return whether a late answer was put aside, as far as it was not said."""
    rows = house.rows("SELECT replies FROM late_answers WHERE said_with IS NULL")
    return len(rows) == 1 and str(rows[0][0]).count(".jpg") == 1


def said(peer: WeComPeer, way: str) -> list[str]:
    match way:
        case "wecom":
            return [one.kind for one in peer.sent]
        case "wecom_kf":
            return [one["msgtype"] for one in peer.kf.sent]
        case _:
            return [one["msgtype"] for one in peer.pushed]


Tell = Callable[[Transaction, list[str]], None]


async def to_a_member(house: WeComHouse) -> Tell:
    house.peer.members.add(MEMBER)
    await house.bind("wecom", MEMBER, "物业甲")
    return lambda tx, photos: shown(tx, address_key("wecom", MEMBER), photos)


async def to_a_customer(house: WeComHouse) -> Tell:
    await house.customer(WANG, "你好")
    return lambda tx, photos: shown(tx, address_key("wecom_kf", WANG), photos)


async def to_a_group(house: WeComHouse) -> Tell:
    await by_robot_only(house)

    def tell(tx: Transaction, photos: list[str]) -> None:
        [group] = [one for one in tx.directory.groups() if tx.directory.group_addresses(one.id)][:1]
        tx.notices.schedule(
            key="photos", text="修好了", topic="test", group_id=group.id, media=photos
        )

    return tell


WAYS = {"wecom": to_a_member, "wecom_kf": to_a_customer, "wecom_push": to_a_group}


def shown(tx: Transaction, address: str, photos: list[str], text: str = "修好了") -> None:
    """Have the person at this address told something with photographs."""
    person = tx.residents.at(address)
    assert person is not None
    tell_resident(
        tx, person.id, key="photos", text=text, topic="test", media=photos, asked_for=True
    )
