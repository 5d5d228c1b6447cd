"""Two people who write to a WeChat account that may write to them, and what it asks WeChat for."""

import pytest

from bot.config_wechat import WeChat
from handlers.delivery import DeliveryError
from handlers.message import Reply
from tests.peers.wechat.server import WeChatPeer
from tests.wechat_house import APP_SECRET, WeChatHouse, settings

MODES = ("plain", "compatible", "safe")
"""How an account may have its messages sealed."""
LI = "oLiAyi0000000000000000000001"
WANG = "oWangBo000000000000000000002"
SEND = "/cgi-bin/message/custom/send"
TEMPLATE = "/cgi-bin/message/template/send"
TOKEN = "/cgi-bin/stable_token"
TEMPLATE_ID = "TM00000001"
LONG = "明天上午八点到十点，红建路文明值守，请带好帽子和水。集合地点在红建社区门口。"


def account(peer: WeChatPeer, **values: object) -> WeChat:
    """Return the configuration of an account that may push, with this WeChat behind it."""
    given = {"api_url": peer.url, "secret": APP_SECRET, "customer_messages": True, **values}
    return settings(**given)


async def trouble(house: WeChatHouse, user: str = LI, text: str = "提醒") -> DeliveryError:
    """Return why this person cannot be told something."""
    with pytest.raises(DeliveryError) as caught:
        await house.channel.sender.send(user, Reply(text))
    return caught.value


def tickets(house: WeChatHouse) -> int:
    """Return how many reports there are."""
    [(count,)] = house.rows("SELECT count(*) FROM tickets")
    assert isinstance(count, int)
    return count
