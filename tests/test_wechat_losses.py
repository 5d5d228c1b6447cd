"""What WeChat takes and does not bring, and numbers that a waiting notice must not swallow."""

from pathlib import Path

from handlers.message import Choice
from tests.peers.wechat.server import WeChatPeer
from tests.test_wechat_channel import LI, tickets
from tests.test_wechat_sender import LONG, TEMPLATE_ID, account
from tests.wechat_house import a_house


async def test_a_number_that_submits_a_report_does_so_while_a_notice_waits(tmp_path: Path) -> None:
    async with WeChatPeer() as peer:
        config = account(peer, customer_messages=False, template_id=TEMPLATE_ID)
        async with a_house(tmp_path, config) as house:
            await house.bind(LI, "居民甲")
            await house.say(LI, "三栋二单元电梯坏了")
            await house.remind(LI, LONG)
            done, again = [await house.say(LI, "1", number=9) for _ in "ab"]

            assert len(peer.bells) == 1
            assert again == done
            assert tickets(house) == 1
            assert done.index(LONG) < done.index("1001")


async def test_a_number_means_nothing_of_a_notice_before_it_was_read(tmp_path: Path) -> None:
    async with WeChatPeer() as peer:
        config = account(peer, customer_messages=False, template_id=TEMPLATE_ID)
        async with a_house(tmp_path, config) as house:
            await house.bind(LI, "居民甲")
            await house.say(LI, "三栋二单元电梯坏了")
            await house.remind(LI, LONG, Choice("我的积分", "menu.my_points"))
            unread, again = [await house.say(LI, "1", number=9) for _ in "ab"]
            read = await house.say(LI, "1")

    assert unread == again
    assert unread.startswith(LONG)
    assert "个积分" not in unread
    assert "个积分" in read
