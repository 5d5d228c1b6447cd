"""How the channels are doing stands in plain words on the administrators' page and in `check`."""

import asyncio
import re
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import httpx
import pytest

from bot.health.looking import Line, look
from bot.health.noting import Standing, watched
from handlers.delivery import Delivery, DeliveryError, Sender, WayClosed
from handlers.message import Reply
from handlers.notify import tell_resident
from storage.sendings import Limit
from storage.transaction import Transaction
from storage.words import RoleWord, WindowKind
from tests.houses import CHANNEL, RESIDENTS_GROUP, House
from tests.stores import NOON, Database, EngineKind
from tests.web_house import WebHouse

MINUTE = timedelta(minutes=1)
HERE = {"sec-fetch-site": "same-origin"}
WORKERS = pytest.mark.skipif(
    not EngineKind.POSTGRESQL.is_there, reason="PostgreSQL is not installed"
)


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


def serves(pages: int) -> Callable[[Transaction], None]:
    return lambda tx: tx.states.note("web", "正常", good=True, pages=pages)


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


@WORKERS
async def test_open_pages_of_all_living_workers_are_counted_together(
    tmp_path: Path, shared: Database
) -> None:
    one, other = (House(tmp_path, database=shared) for _ in range(2))
    for house, pages in ((one, 2), (other, 3)):
        await house.store.run(serves(pages))
    together = (await parts(one))["网页"].words
    other.store.close()
    alone = (await parts(one))["网页"].words
    one.store.close()

    assert together == "正常，页面开着 5 个"
    assert alone == "正常，页面开着 2 个"


@WORKERS
async def test_what_is_wrong_at_one_worker_is_shown_whoever_wrote_last(
    tmp_path: Path, shared: Database
) -> None:
    one, other = (House(tmp_path, database=shared) for _ in range(2))
    await one.store.run(lambda tx: tx.states.note("telegram", "连不上", good=False))
    await other.store.run(lambda tx: tx.states.note("telegram", "正常", good=True, token_at=NOON))
    seen = (await parts(other))["Telegram"]
    for house in (one, other):
        house.store.close()

    assert not seen.good
    assert seen.words == "连不上（2 个进程里有 1 个这样）"


@WORKERS
async def test_the_last_words_of_a_service_that_stopped_stay(
    tmp_path: Path, shared: Database
) -> None:
    house = House(tmp_path, database=shared)
    await house.store.run(serves(2))
    house.clock.forward(timedelta(hours=5))
    house.restart()
    seen = (await parts(house))["网页"]
    house.store.close()

    assert seen.good
    assert seen.words == "服务没有在运行；5 小时前最后一次看到：正常"


async def test_a_worker_that_lost_the_line_says_no_more_of_it(tmp_path: Path) -> None:
    house = House(tmp_path)
    standing: list[Standing | None] = [Standing(good=True, words="正常，长连接开着")]
    async with watched(house.store, {"wecom_bot": lambda: standing[0]}, every=0.01):
        async with asyncio.timeout(20):
            while "企业微信智能机器人" not in await parts(house):
                pass
            standing[0] = None
            while "企业微信智能机器人" in await parts(house):
                pass
    house.store.close()


@pytest.mark.parametrize("stopped_for", [timedelta(0), timedelta(hours=5)], ids=["runs", "stopped"])
async def test_a_channel_that_was_switched_off_is_shown_no_more(
    tmp_path: Path, stopped_for: timedelta
) -> None:
    house = House(tmp_path)
    both = {name: lambda: Standing(good=True, words="正常") for name in ("web", "telegram")}
    async with asyncio.timeout(20):
        async with watched(house.store, both, every=0.01):
            while "Telegram" not in await parts(house):
                pass
        house.restart()
        house.clock.forward(5 * MINUTE)
        async with watched(house.store, {"web": both["web"]}, every=0.01):
            while "Telegram" in await parts(house):
                pass
    house.clock.forward(stopped_for)
    seen = await parts(house)
    house.store.close()

    assert "Telegram" not in seen
    assert seen["网页"].words.endswith("正常")


async def test_the_age_of_a_token_and_what_the_account_was_refused_are_said(
    tmp_path: Path,
) -> None:
    house = House(tmp_path)

    def noted(tx: Transaction) -> None:
        tx.states.note("wecom_kf", "正常", good=True, account="wecom_kf:ww1")

    def fetch(tx: Transaction) -> None:
        assert tx.access_tokens.lease("wecom_kf:ww1", MINUTE)
        tx.access_tokens.keep("wecom_kf:ww1", "t", tx.now + MINUTE)

    await house.store.run(noted)
    never = (await parts(house))["微信客服"]
    await house.store.run(fetch)
    house.clock.forward(2 * MINUTE)
    await house.store.run(noted)
    fetched = (await parts(house))["微信客服"]
    await house.store.run(lambda tx: tx.access_tokens.fail("wecom_kf:ww1", "48001 not granted"))
    refused = (await parts(house))["微信客服"]
    house.store.close()

    assert (never.good, never.words) == (True, "正常；还没取过凭证")
    assert (fetched.good, fetched.words) == (True, "正常；凭证是 2 分钟前取的")
    assert not refused.good
    assert "48001 not granted" in refused.words.partition("；出过错，请处理：")[2]


async def test_how_much_of_a_minute_is_used_up_is_said(tmp_path: Path) -> None:
    house = House(tmp_path)
    limit = Limit(20, MINUTE)

    def work(tx: Transaction) -> None:
        tx.states.note("wecom_push", "已配置", good=True, a_minute=20)
        for book, messages in (("wecom_push:a", 2), ("wecom_push:b", 7), ("wecom:c", 9)):
            assert tx.sendings.take(book, messages, [limit]) is None

    await house.store.run(work)
    now = (await parts(house))["企业微信群机器人"].words
    house.clock.forward(2 * MINUTE)
    later = (await parts(house))["企业微信群机器人"].words
    house.store.close()

    assert now == "已配置；这一分钟发得最多的一处用了 7 条，最多 20 条"
    assert "用了 0 条" in later


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
