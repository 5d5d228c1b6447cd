"""The smart robot through its callback: single talks, groups, answers fetched piece by piece."""

import asyncio
from datetime import timedelta
from pathlib import Path

from storage.transaction import Transaction
from tests.houses import STAFF_GROUP
from tests.peers.wecom.poster import Answer
from tests.peers.wecom.server import WeComPeer
from tests.stores import Clock
from tests.wecom_house import QUICK, WeComHouse, a_house
from tests.wecom_street import GROUP, LI, SECRETARY, slow


async def test_a_question_is_answered_at_once_as_one_finished_stream(tmp_path: Path) -> None:
    async with a_house(tmp_path) as house:
        answer = await house.poster.ask(LI, "物业服务差，我能不交物业费吗")

    assert answer.said["msgtype"] == "stream"
    assert answer.stream["finish"] is True
    assert "民法典" in answer.stream["content"]
    assert "9 人工" in answer.stream["content"]


async def test_calling_it_and_saying_nothing_shows_the_menu(tmp_path: Path) -> None:
    async with a_house(tmp_path) as house:
        await bind_group(house)
        alone = await house.poster.ask(LI, "")
        in_group = await house.poster.ask(LI, "@小二 ", group=GROUP)

    assert "1 " in alone.stream["content"]
    assert "小二" in in_group.stream["content"]


async def test_a_group_is_bound_by_code_and_then_its_staff_work_there(tmp_path: Path) -> None:
    async with a_house(tmp_path) as house:
        await house.bind("wecom_bot", SECRETARY, "书记甲")
        told = await house.poster.ask(SECRETARY, "@小二 待回", group=GROUP)
        silent = await house.poster.ask(SECRETARY, "@小二 待回", group=GROUP)
        made = await house.poster.ask(SECRETARY, f"口令 {STAFF_GROUP}")
        code = made.stream["content"].partition("绑定 ")[2][:8]
        bound = await house.poster.ask(SECRETARY, f"@小二\u2005绑定 {code}", group=GROUP)
        await house.house.say("居民甲", "9")
        waiting = await house.poster.ask(SECRETARY, "待回 @小二", group=GROUP)

    assert "没有登记" in told.stream["content"]
    assert (silent.status, silent.body) == (200, "")
    assert STAFF_GROUP in bound.stream["content"]
    assert "正在等回复" in waiting.stream["content"]


async def test_a_group_that_only_hears_is_no_place_to_push_to(tmp_path: Path) -> None:
    async with a_house(tmp_path) as house:
        await house.run(only_the_robot)
        await house.house.say("居民甲", "9")
        await house.deliver()

    assert any(chat == "街道调度群" for chat, _ in house.house.recorder.sent)


async def test_a_slow_answer_is_fetched_until_it_is_whole(tmp_path: Path) -> None:
    async with a_house(tmp_path, pace=QUICK) as house:
        async with slow(house):
            first = await house.poster.ask(LI, "三栋电梯坏了", msgid="slow-1")
            resent = await house.poster.ask(LI, "三栋电梯坏了", msgid="slow-1")
        last = await fetched(house, LI, first.stream["id"])

    assert (first.stream["finish"], resent.stream["finish"]) == (False, False)
    assert resent.stream["id"] == first.stream["id"]
    assert "哪个小区" in last.stream["content"]


async def test_after_a_restart_the_rest_comes_from_what_was_recorded(tmp_path: Path) -> None:
    async with WeComPeer(Clock()) as peer:
        async with a_house(tmp_path, peer, pace=QUICK) as house, slow(house):
            first = await house.poster.ask(LI, "三栋电梯坏了")
        async with a_house(tmp_path, peer, pace=QUICK) as house:
            last = await house.poster.fetch(LI, first.stream["id"])
            unknown = await house.poster.fetch(LI, "never-heard-of")

    assert "哪个小区" in last.stream["content"]
    assert unknown.stream["finish"] is True
    assert "再说一次" in unknown.stream["content"]


async def test_what_takes_longer_than_wecom_fetches_is_posted_once_afterwards(
    tmp_path: Path,
) -> None:
    async with a_house(tmp_path, pace=QUICK) as house:
        url = f"{house.peer.root_url}/cgi-bin/aibot/response?response_code=one"
        house.peer.fail("/cgi-bin/aibot/response", -1)
        async with slow(house):
            first = await house.poster.ask(LI, "三栋电梯坏了", response_url=url)
            house.house.clock.forward(timedelta(minutes=5, seconds=30))
            ended = await house.poster.fetch(LI, first.stream["id"])
        await house.peer.wait_for(lambda: bool(house.peer.answered))

    assert ended.stream["finish"] is True
    assert [one["code"] for one in house.peer.answered] == ["one"]
    assert "哪个小区" in house.peer.answered[0]["markdown"]["content"]


async def test_the_fourth_open_answer_of_one_person_is_put_off(tmp_path: Path) -> None:
    async with a_house(tmp_path, pace=QUICK) as house:
        url = f"{house.peer.root_url}/cgi-bin/aibot/response?response_code=four"
        async with slow(house):
            asking = [
                house.poster.ask(user, f"我的积分 {number}", response_url=url)
                for number, user in enumerate([LI, LI, LI, LI, "WangWu"])
            ]
            *posts, other = await asyncio.gather(*asking)
        await house.peer.wait_for(lambda: bool(house.peer.answered))

    [put_off] = [post for post in posts if post.stream["finish"]]
    assert "还在办" in put_off.stream["content"]
    assert other.stream["finish"] is False
    assert [one["code"] for one in house.peer.answered] == ["four"]


async def test_an_answer_is_posted_to_no_other_host(tmp_path: Path) -> None:
    async with a_house(tmp_path, pace=QUICK) as house, WeComPeer(house.house.clock) as elsewhere:
        bad = [
            f"{elsewhere.root_url}/cgi-bin/aibot/response?response_code=x",
            f"{house.peer.root_url}@127.0.0.1:1/cgi-bin/aibot/response",
            "file:///etc/passwd",
        ]
        async with slow(house):
            for number, url in enumerate(bad):
                first = await house.poster.ask(f"u{number}", "我的积分", response_url=url)
                house.house.clock.forward(timedelta(minutes=6))
                await house.poster.fetch(f"u{number}", first.stream["id"])
        await asyncio.sleep(0)
        assert house.parts.smart is not None

    assert elsewhere.calls == []
    assert house.peer.answered == []


async def test_who_opens_the_talk_is_greeted_and_a_voice_is_read(tmp_path: Path) -> None:
    async with a_house(tmp_path) as house:
        opened = await house.poster.robot(LI, msgtype="event", event={"eventtype": "enter_chat"})
        spoken = await house.poster.robot(LI, msgtype="voice", voice={"content": "我的积分"})
        picture = await house.poster.robot(LI, msgtype="image", image={"url": "https://x/"})

    assert opened.said["msgtype"] == "text"
    assert "小二" in opened.said["text"]["content"]
    assert "积分" in spoken.stream["content"]
    assert picture.stream["content"]


async def test_what_is_no_callback_is_refused(tmp_path: Path) -> None:
    async with a_house(tmp_path) as house:
        forged = await house.poster.post_json({"msgid": "x"}, msg_signature="0" * 40)
        shapeless = await house.poster.post_json({"msgid": "x"})
        garbage = await house.poster.raw("/wecom/bot", b"[" * 60_000, {})

    assert (forged.status, shapeless.status, garbage.status_code) == (403, 400, 400)


async def test_nobodys_words_become_a_link(tmp_path: Path) -> None:
    async with a_house(tmp_path) as house:
        answer = await house.poster.ask(LI, "三栋 [点我](http://evil.example/) 电梯坏了")

    assert "](" not in answer.stream["content"]


async def fetched(house: WeComHouse, user: str, stream: str) -> Answer:
    """Fetch as WeCom does until the answer is whole."""
    async with asyncio.timeout(10):
        while True:
            answer = await house.poster.fetch(user, stream)
            if answer.stream["finish"]:
                return answer


async def bind_group(house: WeComHouse) -> None:
    await house.run(lambda tx: tx.directory.bind_group("wecom_bot", GROUP, 1))


def only_the_robot(tx: Transaction) -> None:
    """The staff of 建港 meets where we can only answer; the street's group can be told."""
    for address in tx.directory.group_addresses(1):
        tx.directory.leave_group(address.key)
    tx.directory.bind_group("wecom_bot", GROUP, 1)
