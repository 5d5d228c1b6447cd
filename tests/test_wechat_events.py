"""What happens in WeChat while the database is down is noted when it is back."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path

import pytest

from handlers.delivery import Delivery
from storage.residents import address_key
from tests.houses import Recorder
from tests.peers.wechat.phone import Answer
from tests.peers.wechat.server import WeChatPeer
from tests.wechat_house import WeChatHouse, a_house, until
from tests.wechat_street import LI, TEMPLATE_ID, WANG, account

KEPT = "what happened is kept in memory"
CONSENT = "subscribe_msg_popup_event"
ACCEPTED = (
    "<SubscribeMsgPopupEvent><List><TemplateId><![CDATA[SUB1]]></TemplateId>"
    "<SubscribeStatusString><![CDATA[accept]]></SubscribeStatusString>"
    "<PopupScene>2</PopupScene></List></SubscribeMsgPopupEvent>"
)


async def test_who_leaves_in_an_outage_is_unreachable_after_it(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    async with a_known_house(tmp_path) as house:
        with house.house.database.taken():
            post = await sent_once(house, "unsubscribe", caplog)
        await until(lambda: unreachable(house, LI))
        answer = await post

    assert answer.body == "success"


async def test_who_comes_back_in_an_outage_is_not_left_out_after_it(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    async with a_known_house(tmp_path) as house:
        with house.house.database.taken():
            left = await sent_once(house, "unsubscribe", caplog)
            told = await house.phone.event(LI, "subscribe")
            await sent_once(house, "unsubscribe", caplog, user=WANG)
        await until(lambda: unreachable(house, WANG))
        await left

        assert "没有办成" in told.text
        assert not unreachable(house, LI)


async def test_a_consent_in_an_outage_counts_after_it_and_once(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    async with a_known_house(tmp_path, subscribe_template_id="SUB1") as house:
        at = int(house.house.clock().timestamp())
        with house.house.database.taken():
            post = await sent_once(house, CONSENT, caplog, at=at, inside=ACCEPTED)
        first = await post
        counted = await consents(house)
        again = await house.phone.event(LI, CONSENT, at=at, inside=ACCEPTED)

        assert first.body == again.body == "success"
        assert counted == await consents(house) == 1


async def test_a_template_that_failed_in_an_outage_takes_the_next_way_after_it(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    async with a_known_house(tmp_path, template_id=TEMPLATE_ID) as house:
        elsewhere = Recorder()
        senders = {"wechat": house.channel.sender, "terminal": elsewhere}
        delivery = Delivery(house.house.store, senders, house.house.clock)
        house.house.clock.forward(timedelta(days=3))
        await house.remind(LI, "您的报修有人接了。", by=delivery)
        [(bell,)] = house.rows("SELECT number FROM bells")
        with house.house.database.taken():
            post = await sent_once(
                house,
                "TEMPLATESENDJOBFINISH",
                caplog,
                Status="failed:user block",
                MsgID=str(bell),
            )
        await post
        house.house.clock.forward(timedelta(seconds=6))
        await delivery.deliver_due()

    assert [reply.text for _, reply in elsewhere.sent] == ["您的报修有人接了。"]


async def test_an_event_the_database_does_not_take_is_not_answered_as_taken(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    async with a_known_house(tmp_path) as house:
        with house.house.database.taken():
            post = await sent_once(house, "unsubscribe", caplog)
            # What comes later is answered: the event alone is held, to be sent again.
            await house.phone.say(WANG, "你好")
            held = not post.done()
        await post

    assert held


async def sent_once(
    house: WeChatHouse,
    name: str,
    caplog: pytest.LogCaptureFixture,
    *,
    user: str = LI,
    at: int | None = None,
    inside: str = "",
    **fields: str,
) -> "asyncio.Task[Answer]":
    """Have WeChat report something, and see that it cannot be stored; return the open post."""
    caplog.clear()
    post = asyncio.create_task(house.phone.event(user, name, at=at, inside=inside, **fields))
    await until(lambda: post.done() or KEPT in caplog.text)
    return post


async def consents(house: WeChatHouse) -> int:
    return await house.run(lambda tx: tx.quotas.consents(address_key("wechat", LI), "SUB1"))


def unreachable(house: WeChatHouse, user: str) -> bool:
    query = f"SELECT unreachable_since FROM addresses WHERE key = 'wechat:{user}'"
    return any(row[0] is not None for row in house.rows(query))


@asynccontextmanager
async def a_known_house(folder: Path, **values: object) -> AsyncIterator[WeChatHouse]:
    """Open a house where two people have written, with a database that gives up soon."""
    async with (
        WeChatPeer() as peer,
        a_house(folder, account(peer, **values), busy_timeout=timedelta(milliseconds=50)) as house,
    ):
        await house.bind(LI, "居民甲")
        for user in (LI, WANG):
            await house.say(user, "你好")
        yield house
