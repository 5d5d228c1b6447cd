"""How the channels are doing stands in plain words on the administrators' page and in `check`."""

import asyncio
import re
from datetime import timedelta
from pathlib import Path

import httpx
import pytest

from bot.health.looking import Line, look
from bot.health.noting import Standing, watched
from handlers.delivery import Delivery, DeliveryError, Sender, WayClosed
from handlers.message import Reply
from handlers.notify import tell_resident
from storage.transaction import Transaction
from storage.words import RoleWord, WindowKind
from tests.houses import CHANNEL, RESIDENTS_GROUP, House
from tests.web_house import WebHouse

MINUTE = timedelta(minutes=1)
HERE = {"sec-fetch-site": "same-origin"}


class Blocked(Sender):
    """A channel whose people block the bot."""

    async def send(self, _chat: str, _reply: Reply) -> None:
        reason = "Forbidden: blocked by the user"
        raise DeliveryError(reason, permanent=True)


class Unlisted(Sender):
    """WeChat, which does not know this server's address."""

    async def send(self, _chat: str, _reply: Reply) -> None:
        reason = "ApiError: 40164 invalid ip"
        raise WayClosed(reason, permanent=False)


async def parts(house: House) -> dict[str, Line]:
    return {line.part: line for line in await house.store.run(look)}


async def link(house: WebHouse, who: str = "管理员甲") -> str:
    [said] = await house.say(who, "管理页")
    found = re.search(r"/admin\?key=\w+", said.text)
    assert found, said.text
    return found[0]


async def enter(client: httpx.AsyncClient, path: str) -> httpx.Response:
    key = path.partition("key=")[2]
    return await client.post("/admin/enter", data={"key": key}, headers=HERE)


# What is seen


async def test_a_channel_is_noted_with_its_words_and_the_age_of_its_token(tmp_path: Path) -> None:
    house = House(tmp_path)
    channels = {
        "telegram": lambda: Standing(good=True, words="正常，主动收取消息", has_token=True),
        "wechat": lambda: Standing(good=False, words="凭证不对"),
    }
    async with asyncio.timeout(20), watched(house.store, channels, every=0.01):
        # Each look takes its turn behind what is being noted.
        while len(seen := await parts(house)) < 5:
            pass
        house.clock.forward(2 * MINUTE)
        while "2 分钟" not in (seen := await parts(house))["Telegram"].words:
            pass
    house.clock.forward(timedelta(hours=5))
    later = await parts(house)
    house.store.close()

    assert seen["Telegram"].good
    assert seen["Telegram"].words == "正常，主动收取消息；凭证已经好用 2 分钟"
    assert not seen["微信公众号"].good
    assert "服务没有在运行；5 小时前" in later["Telegram"].words
    assert later["微信公众号"].good


async def test_what_a_platform_still_lets_us_say_is_counted(tmp_path: Path) -> None:
    house = House(tmp_path)

    def talked(tx: Transaction) -> None:
        tx.states.note("wechat", "正常", good=True, token_at=None)
        later = tx.now + timedelta(hours=48)
        for person in ("甲", "乙"):
            tx.quotas.open(f"wechat:{person}", WindowKind.MESSAGE, 5, later)
        tx.quotas.open("wecom:丙", WindowKind.MESSAGE, 5, later)
        tx.quotas.consent("wechat:甲", "shift", 3)
        assert tx.quotas.take("wechat:甲", 2)

    await house.store.run(talked)
    seen = await parts(house)
    house.clock.forward(timedelta(hours=49))
    await house.store.run(lambda tx: tx.states.note("wechat", "正常", good=True, token_at=None))
    later = await parts(house)
    house.store.close()

    assert seen["微信公众号"].words == "正常；还能主动发给 2 人共 8 条，订阅提醒还有 3 条"
    assert later["微信公众号"].words == "正常；还能主动发给 0 人共 0 条，订阅提醒还有 3 条"


async def test_what_waits_and_what_went_wrong_is_said(tmp_path: Path) -> None:
    house = House(tmp_path)
    await house.settle()
    house.delivery = Delivery(house.store, {CHANNEL: Blocked()}, house.clock)

    def work(tx: Transaction) -> None:
        tx.states.note(CHANNEL, "正常", good=True, token_at=None)
        [person] = tx.residents.named("居民甲")
        for topic in ("tickets", "points"):
            tell_resident(tx, person.id, key=topic, text="您好", topic=topic)

    await house.store.run(work)
    before = await parts(house)
    await house.delivery.deliver_due()
    after = await parts(house)
    house.store.close()

    assert "2 条该发还没发" in before["待发消息"].words
    assert "blocked by the user" in after["终端"].words
    assert "1 个账号收不到" in after["终端"].words
    assert "1 位居民" in after["待访"].words
    assert "1 条谁也没联系上" in after["待发消息"].words


async def test_what_a_platform_of_tencent_refused_comes_with_what_to_do(tmp_path: Path) -> None:
    house = House(tmp_path)
    await house.settle()
    house.delivery = Delivery(house.store, {"wechat": Unlisted()}, house.clock)

    def work(tx: Transaction) -> None:
        tx.states.note("wechat", "正常", good=True, token_at=None)
        [person] = tx.residents.named("居民甲")
        tx.residents.bind(person, "wechat", "o-1", "o-1")
        tell_resident(tx, person.id, key="k", text="您好", topic="tickets")

    await house.store.run(work)
    await house.delivery.deliver_due()
    seen = await parts(house)
    house.store.close()

    assert "「IP 白名单」（ApiError: 40164" in seen["微信公众号"].words


# The page


async def test_an_administrator_enters_by_a_link_that_works_once(tmp_path: Path) -> None:
    async with WebHouse(tmp_path) as house, httpx.AsyncClient(base_url=house.url) as client:
        path = await link(house)
        previewed = await client.get(path)
        entered = await enter(client, path)
        shown = await client.get("/admin")
        async with httpx.AsyncClient(base_url=house.url) as other:
            used = await enter(other, path)
            outside = await other.get("/admin")

        assert "进入管理页" in previewed.text
        assert entered.status_code == 303
        cookie = entered.headers["set-cookie"].lower()
        assert "httponly" in cookie
        assert "samesite=strict" in cookie
        assert shown.status_code == 200
        assert "待发消息" in shown.text
        assert "script-src 'self'" in shown.headers["content-security-policy"]
        assert "<script" not in shown.text
        assert used.status_code == 403
        assert outside.status_code == 401
        assert "待发消息" not in outside.text


async def test_a_link_is_over_after_ten_minutes_and_a_session_after_an_hour(
    tmp_path: Path,
) -> None:
    async with WebHouse(tmp_path) as house, httpx.AsyncClient(base_url=house.url) as client:
        late = await link(house)
        house.clock.forward(11 * MINUTE)
        refused = await enter(client, late)
        await enter(client, await link(house))
        inside = await client.get("/admin")
        house.clock.forward(61 * MINUTE)
        over = await client.get("/admin")

        assert refused.status_code == 403
        assert inside.status_code == 200
        assert over.status_code == 401


async def test_who_is_no_administrator_any_more_sees_nothing(tmp_path: Path) -> None:
    async with WebHouse(tmp_path) as house, httpx.AsyncClient(base_url=house.url) as client:
        await enter(client, await link(house))

        def dismiss(tx: Transaction) -> None:
            tx.residents.end_role(tx.residents.named("管理员甲")[0].id, RoleWord.ADMIN)

        await house.store.run(dismiss)

        assert (await client.get("/admin")).status_code == 401


async def test_leaving_ends_the_session(tmp_path: Path) -> None:
    async with WebHouse(tmp_path) as house, httpx.AsyncClient(base_url=house.url) as client:
        entered = await enter(client, await link(house))
        token = entered.cookies["xiaoer-admin"]
        await client.post("/admin/leave", headers=HERE)

        again = await client.get("/admin", headers={"cookie": f"xiaoer-admin={token}"})

        assert again.status_code == 401


@pytest.mark.parametrize("who", ["居民甲", "书记甲", "路人"])
async def test_only_administrators_are_given_a_link(tmp_path: Path, who: str) -> None:
    async with WebHouse(tmp_path) as house:
        said = await house.say(who, "管理页")

        assert "只给管理员" in said[0].text


async def test_no_link_is_shown_in_a_group(tmp_path: Path) -> None:
    async with WebHouse(tmp_path) as house:
        [said] = await house.say("管理员甲", "管理页", group=RESIDENTS_GROUP)

        assert "/admin" not in said.text


async def test_another_site_cannot_enter_for_somebody(tmp_path: Path) -> None:
    async with WebHouse(tmp_path) as house, httpx.AsyncClient(base_url=house.url) as client:
        key = (await link(house)).partition("key=")[2]

        forged = await client.post(
            "/admin/enter", data={"key": key}, headers={"sec-fetch-site": "cross-site"}
        )
        code = await client.post("/admin/enter", data={"key": "x" * 5000}, headers=HERE)

        assert forged.status_code == 403
        assert code.status_code == 413
