"""Answers that take longer than WeChat waits: pushed, or shown at the next contact, never lost."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import timedelta
from functools import partial
from pathlib import Path

from bot.channels.wechat import texts
from bot.channels.wechat.allowance import Pace
from handlers.message import Choice
from storage.transaction import Transaction
from tests import wechat_house
from tests.peers.wechat.server import WeChatPeer
from tests.stores import Database
from tests.wechat_house import APP_SECRET, QUICK, WeChatHouse, a_photo, settings, until
from tests.wechat_street import LI, tickets

a_house = partial(wechat_house.a_house, pace=QUICK)

REPORT = "三栋二单元电梯坏了"


class Gate:
    """Holds photographs back until it is opened: a slow handler, seen from outside."""

    def __init__(self, peer: WeChatPeer) -> None:
        peer.photos["p"] = a_photo()
        peer.pause = self._wait
        self._peer = peer
        self._open = asyncio.Event()

    async def _wait(self, path: str) -> None:
        if path.startswith("/photo/"):
            await self._open.wait()

    def open(self) -> None:
        self._open.set()

    @property
    def url(self) -> str:
        return f"{self._peer.url}/photo/p"


@asynccontextmanager
async def slow_house(
    folder: Path, *, pushes: bool
) -> AsyncIterator[tuple[WeChatHouse, WeChatPeer, Gate]]:
    async with WeChatPeer() as peer:
        gate = Gate(peer)
        config = settings(
            api_url=peer.url, secret=APP_SECRET if pushes else "", customer_messages=pushes
        )
        peer.files["m"] = a_photo()
        if pushes:

            async def wait(path: str) -> None:
                if path == "/cgi-bin/media/get":
                    await gate._open.wait()  # noqa: SLF001  the same gate

            peer.pause = wait
        async with a_house(folder, config) as house:
            await house.bind(LI, "居民甲")
            try:
                yield house, peer, gate
            finally:
                gate.open()


async def a_photo_comes(house: WeChatHouse, gate: Gate, number: int) -> str:
    answer = await house.phone.send(LI, "image", number=number, PicUrl=gate.url, MediaId="m")
    return answer.text or answer.body


async def test_a_late_answer_is_pushed_where_the_account_may(tmp_path: Path) -> None:
    async with slow_house(tmp_path, pushes=True) as (house, peer, gate):
        first = await a_photo_comes(house, gate, 1)
        gate.open()
        await until(lambda: peer.said(LI))
        later = await house.say(LI, "有什么班")

    assert first == "success"
    assert "照片" in peer.said(LI)[0]
    assert len(peer.said(LI)) == 1
    assert "照片" not in later


async def test_without_that_it_is_announced_and_shown_when_asked_for(tmp_path: Path) -> None:
    async with slow_house(tmp_path, pushes=False) as (house, _peer, gate):
        first = await a_photo_comes(house, gate, 1)
        too_early = await house.say(LI, "1")
        gate.open()
        await until(lambda: house.rows("SELECT 1 FROM late_answers WHERE replies IS NOT NULL"))
        shown = await house.say(LI, "回复1")
        again = await house.say(LI, "1")

    assert first == texts.LATER
    assert too_early == texts.NOT_YET
    assert "照片" in shown
    assert "照片" not in again


async def test_a_notice_lies_until_the_person_writes_and_is_said_with_that_answer(
    tmp_path: Path,
) -> None:
    async with wechat_house.a_house(tmp_path) as house:
        await house.say(LI, "你好")
        await house.remind(LI, "修好了吗", Choice("看积分", "menu.my_points"))
        await house.remind(LI, "明天停水")
        house.house.clock.forward(timedelta(hours=20))
        said = await house.say(LI, "我的积分", number=2)
        again = await house.say(LI, "我的积分", number=2)
        after = await house.say(LI, "我的积分")

    # What asks something comes last: its numbers count.
    in_order = ("昨天中午", "明天停水", "个积分", "修好了吗")
    assert [said.index(one) for one in in_order] == sorted(said.index(one) for one in in_order)
    assert again == said
    assert "停水" not in after


async def test_of_many_who_write_at_once_each_is_said_what_waits_for_them(
    tmp_path: Path, database: Database
) -> None:
    people = [LI, "WangWu", "ZhaoLiu", *(f"user{n}" for n in range(20))]
    unhurried = replace(wechat_house.PATIENT, keep=timedelta(seconds=20))
    async with wechat_house.a_house(tmp_path, database=database, pace=unhurried) as house:
        for who in people:
            await house.say(who, "你好")
        await house.remind("WangWu", "明天停电")
        await house.run(carry)
        await house.remind(LI, "明天停水")
        said = await asyncio.gather(*(house.say(who, "我的积分") for who in people))
        after = await asyncio.gather(*(house.say(who, "我的积分") for who in people))

    waited = {
        who: [word for word in ("停水", "停电") if word in text]
        for who, text in zip(people, said, strict=True)
    }
    assert {who: words for who, words in waited.items() if words} == {
        LI: ["停水"],
        "WangWu": ["停电"],
    }
    assert [text for text in after if "明天" in text] == []


def carry(tx: Transaction) -> None:
    """Have somebody go to the people with what lies there for too long."""
    for notice in tx.notices.claim_due(tx.now + timedelta(days=40), 10):
        assert notice.resident_id is not None
        tx.notices.to_visit(notice, "nobody read it")
        tx.visits.add(notice.resident_id, notice.id)


async def test_its_numbers_count_unless_the_answer_has_its_own(tmp_path: Path) -> None:
    async with wechat_house.a_house(tmp_path) as house:
        await house.say(LI, "你好")
        await house.remind(LI, "修好了吗", Choice("看积分", "menu.my_points"))
        beside = await house.say(LI, REPORT)
        typed_there = await house.say(LI, "1")
        await house.say(LI, "算了")
        await house.remind(LI, "看不看积分", Choice("看积分", "menu.my_points"))
        alone = await house.say(LI, "我的积分")
        typed = await house.say(LI, "1")

    assert "修好了吗" in beside
    assert "看积分" not in beside
    assert "个积分" not in typed_there
    assert "1 看积分" in alone
    assert "个积分" in typed


async def test_it_is_also_shown_before_the_next_answer(tmp_path: Path) -> None:
    async with slow_house(tmp_path, pushes=False) as (house, _peer, gate):
        await a_photo_comes(house, gate, 1)
        gate.open()
        await until(lambda: house.rows("SELECT 1 FROM late_answers WHERE replies IS NOT NULL"))
        answer = await house.say(LI, "有什么班", number=2)
        again = await house.say(LI, "有什么班", number=2)

    assert answer.index("照片") < answer.index("班")
    assert again == answer


async def test_a_late_answer_outlives_a_restart(tmp_path: Path) -> None:
    async with slow_house(tmp_path, pushes=False) as (house, _peer, gate):
        await a_photo_comes(house, gate, 1)
        gate.open()
        await until(lambda: house.rows("SELECT 1 FROM late_answers WHERE replies IS NOT NULL"))

    async with a_house(tmp_path) as house:
        shown = await house.say(LI, "1")

    assert "照片" in shown


async def test_a_message_in_hand_when_the_process_ends_is_taken_up_again(tmp_path: Path) -> None:
    async with WeChatPeer() as peer:
        gate = Gate(peer)
        config = settings(api_url=peer.url)
        async with a_house(tmp_path, config) as house:
            await house.bind(LI, "居民甲")
            announced = await a_photo_comes(house, gate, 1)
        # It was never finished: the channel stopped while the photograph was on its way.
        gate.open()
        async with a_house(tmp_path, config) as house:
            house.house.clock.forward(timedelta(minutes=1))
            await until(lambda: house.rows("SELECT 1 FROM late_answers WHERE replies IS NOT NULL"))
            shown = await house.say(LI, "1")

    assert announced == texts.LATER
    assert "照片" in shown


async def test_a_push_that_wechat_refuses_is_shown_at_the_next_contact(tmp_path: Path) -> None:
    async with slow_house(tmp_path, pushes=True) as (house, peer, gate):
        peer.fail("/cgi-bin/message/custom/send", 45015)
        await a_photo_comes(house, gate, 1)
        gate.open()
        await until(lambda: peer.count("/cgi-bin/message/custom/send"))
        await until(lambda: house.rows("SELECT 1 FROM late_answers WHERE replies IS NOT NULL"))
        shown = await house.say(LI, "1")

    assert peer.said(LI) == []
    assert "照片" in shown


async def test_numbers_that_always_mean_the_same_still_do(tmp_path: Path) -> None:
    async with slow_house(tmp_path, pushes=False) as (house, _peer, gate):
        await a_photo_comes(house, gate, 1)
        person = await house.say(LI, "9")

    assert "工作人员" in person


async def test_every_resend_waits_for_the_same_handling(tmp_path: Path) -> None:
    async with a_house(tmp_path, busy_timeout=timedelta(seconds=20)) as house:
        await house.bind(LI, "居民甲")
        await house.say(LI, REPORT)
        with house.house.database.taken():
            posts = [asyncio.create_task(house.phone.say(LI, "1", number=5)) for _ in range(3)]
            # Longer than an answer may take, and nothing can be kept either.
            await asyncio.wait(posts, timeout=1.2)
            unanswered = [post.done() for post in posts]
        answers = [await post for post in posts]
        later = await house.say(LI, "1", number=5)

        assert unanswered == [False] * 3
        assert {answer.text for answer in answers} == {later}
        assert "1001" in later
        assert tickets(house) == 1
        assert not house.rows("SELECT 1 FROM late_answers WHERE said_with IS NULL")


async def test_a_photograph_that_is_sent_again_is_fetched_once(tmp_path: Path) -> None:
    async with slow_house(tmp_path, pushes=False) as (house, peer, gate):
        asked: list[str] = []
        hold = peer.pause

        async def note(path: str) -> None:
            asked.append(path)
            assert hold is not None
            await hold(path)

        peer.pause = note
        announced = [await a_photo_comes(house, gate, 1) for _ in range(3)]
        gate.open()
        await until(lambda: house.rows("SELECT 1 FROM late_answers WHERE replies IS NOT NULL"))

    assert announced == [texts.LATER] * 3
    assert asked == ["/photo/p"]


async def test_three_posts_of_a_message_handled_at_once_are_one_message(tmp_path: Path) -> None:
    async with a_house(tmp_path) as house:
        await house.bind(LI, "居民甲")
        await house.say(LI, REPORT)
        answers = await asyncio.gather(*(house.phone.say(LI, "1", number=9) for _ in range(3)))

        assert len({answer.text for answer in answers}) == 1
        assert tickets(house) == 1


async def test_with_the_database_down_people_are_told(tmp_path: Path) -> None:
    async with a_house(tmp_path, busy_timeout=timedelta(milliseconds=50)) as house:
        await house.say(LI, "你好")
        with house.house.database.taken():
            answer = await house.say(LI, "有什么班")
            fire = await house.say(LI, "家里着火了")

    assert "暂时" in answer or "稍后" in answer
    assert "119" in fire


async def test_who_is_in_danger_does_not_wait_for_the_database(tmp_path: Path) -> None:
    async with WeChatPeer() as peer:
        config = settings(api_url=peer.url, secret=APP_SECRET, customer_messages=True)
        wait = timedelta(seconds=20)
        async with a_house(tmp_path, config, pace=Pace(), busy_timeout=wait) as house:
            began = asyncio.get_running_loop().time()
            with house.house.database.taken():
                answer = await house.say(LI, "家里着火了")
                took = asyncio.get_running_loop().time() - began

    assert "119" in answer.splitlines()[0]
    assert took < 4
