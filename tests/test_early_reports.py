"""What a platform reports before we have noted what it is about still leads to the next way."""

import json
from collections.abc import Awaitable, Callable
from datetime import timedelta
from pathlib import Path

import pytest
from starlette.responses import Response

from handlers.delivery import Delivery
from handlers.message import Reply
from handlers.told import SaysOn, Told
from storage.residents import address_key
from tests.houses import Recorder
from tests.peers.wechat.server import WeChatPeer
from tests.test_wechat_losses import a_ringing_house, ended
from tests.test_wecom_losses import KF_SEND, WANG, an_hour
from tests.wechat_house import WeChatHouse
from tests.wechat_street import LI, TEMPLATE
from tests.wecom_house import WeComHouse, a_house

WORDS = "您的报修有人接了。"
BLOCKED = "failed:user block"


async def test_a_template_whose_number_we_had_not_noted_takes_the_next_way(tmp_path: Path) -> None:
    async with a_ringing_house(tmp_path) as (house, peer):
        elsewhere = Recorder()
        senders = {"wechat": house.channel.sender, "terminal": elsewhere}
        delivery = Delivery(house.house.store, senders, house.house.clock)
        report_before_answering(house, peer)
        await house.remind(LI, WORDS, by=delivery)
        house.house.clock.forward(timedelta(seconds=6))
        await delivery.deliver_due()

    assert [reply.text for _, reply in elsewhere.sent] == [WORDS]
    assert len(peer.bells) == 1


async def test_a_template_of_a_notice_we_had_not_marked_takes_the_next_way(tmp_path: Path) -> None:
    async with a_ringing_house(tmp_path) as (house, _peer):
        elsewhere = Recorder()
        reported = ThenTold(house.channel.sender, lambda: ended(house, BLOCKED))
        senders = {"wechat": reported, "terminal": elsewhere}
        delivery = Delivery(house.house.store, senders, house.house.clock)
        await house.remind(LI, WORDS, by=delivery)
        house.house.clock.forward(timedelta(seconds=6))
        await delivery.deliver_due()

        assert [reply.text for _, reply in elsewhere.sent] == [WORDS]
        assert house.rows("SELECT delivered_via FROM notices") == [("terminal:居民甲",)]


async def test_a_template_of_somebody_elses_that_failed_is_no_notice_of_ours(
    tmp_path: Path,
) -> None:
    async with a_ringing_house(tmp_path) as (house, peer):
        await house.remind(LI, WORDS)
        await house.phone.event(
            LI, "TEMPLATESENDJOBFINISH", Status="failed: system failed", MsgID="4711"
        )
        house.house.clock.forward(timedelta(seconds=6))
        await house.delivery.deliver_due()

        assert len(peer.bells) == 1
        assert house.rows("SELECT state FROM notices") == [("delivered",)]


async def test_a_message_to_a_customer_that_failed_before_it_was_marked_takes_the_next_way(
    tmp_path: Path,
) -> None:
    async with a_house(tmp_path) as house:
        await met(house)
        house.peer.kf.rejecting.add(WANG)
        kf = house.parts.senders["wecom_kf"]
        assert isinstance(kf, SaysOn)
        senders = {"wecom_kf": ThenTold(kf, house.ring), "terminal": house.house.recorder}
        house.delivery = Delivery(house.house.store, senders, house.house.clock)
        await house.remind("wecom_kf", WANG, WORDS)
        await house.deliver()

    assert [reply.text for _, reply in house.house.recorder.sent] == [WORDS]


async def test_what_failed_is_said_again_to_a_customer_who_is_back(tmp_path: Path) -> None:
    async with a_house(tmp_path) as house:
        await house.customer(WANG, "你好")
        house.peer.kf.rejecting.add(WANG)
        await house.remind("wecom_kf", WANG, WORDS)
        house.peer.kf.rejecting.clear()
        await house.customer(WANG, "在的")
        await an_hour(house)

    assert house.peer.kf.texts_to(WANG).count(WORDS) == 1


@pytest.mark.parametrize("arrives", [True, False])
async def test_a_message_whose_fate_is_unknown_reaches_a_customer_once(
    arrives: bool, tmp_path: Path
) -> None:
    async with a_house(tmp_path) as house:
        await house.customer(WANG, "你好")
        if not arrives:
            house.peer.kf.rejecting.add(WANG)
        house.peer.lose_answers(KF_SEND, 1)
        await house.remind("wecom_kf", WANG, WORDS)
        house.peer.kf.rejecting.clear()
        await house.customer(WANG, "在的")
        await an_hour(house)
        left = await house.run(lambda tx: tx.quotas.remaining(address_key("wecom_kf", WANG)))

    assert house.peer.kf.texts_to(WANG).count(WORDS) == 1
    assert left == (4 if arrives else 3)


class ThenTold(SaysOn):
    """A way on which the platform's report comes at once."""

    def __init__(self, way: SaysOn, then: Callable[[], Awaitable[None]]) -> None:
        self._way = way
        self._then = then

    async def send(self, chat: str, reply: Reply) -> None:
        await self.say_on(chat, reply, Told())

    async def say_on(self, chat: str, reply: Reply, told: Told) -> None:
        await self._way.say_on(chat, reply, told)
        await self._then()


async def met(house: WeComHouse) -> None:
    """Let a customer be somebody who can also be reached at a terminal."""
    await house.customer(WANG, "你好")
    await house.bind("wecom_kf", WANG, "居民甲", f"{house.peer.kf.account}/{WANG}")
    await house.customer(WANG, "你好")


def report_before_answering(house: WeChatHouse, peer: WeChatPeer) -> None:
    """Have WeChat report that a template failed before it answers that it took it."""

    async def report(path: str, answer: Response) -> None:
        if path == TEMPLATE:
            number = json.loads(bytes(answer.body))["msgid"]
            await house.phone.event(LI, "TEMPLATESENDJOBFINISH", Status=BLOCKED, MsgID=str(number))

    peer.before_answer = report
