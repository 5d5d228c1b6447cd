"""Speaking as the made-up people of the demo street."""

from pathlib import Path

from bot.web.sender import WebSender
from handlers.message import Choice, Reply
from handlers.notify import tell_resident
from storage.residents import Resident
from storage.transaction import Transaction
from tests.web_house import DEMO_GROUP, Visitor, WebHouse, said


async def test_a_demo_page_speaks_as_made_up_people_in_private(tmp_path: Path) -> None:
    async with WebHouse(tmp_path, demo_street=True) as house:
        async with house.visitor(as_whom="居民甲") as visitor:
            state = await visitor.start()
            [mine, _] = await visitor.say("我的积分")

            assert str(state["me"]).startswith("demo-")
            assert [room["name"] for room in await _rooms(visitor)] == [DEMO_GROUP]
            assert mine["from"] == "me"

        resident = await house.store.run(lambda tx: tx.residents.at(f"web:{mine['chat']}"))
        assert resident is not None
        assert resident.name == "居民甲"


async def _rooms(visitor: Visitor) -> list[dict[str, str]]:
    answer = await visitor.client.post("/api/session", json={})
    rooms: list[dict[str, str]] = answer.json()["rooms"]
    return rooms


async def test_members_of_a_room_see_who_said_what(tmp_path: Path) -> None:
    async with (
        WebHouse(tmp_path, demo_street=True) as house,
        house.visitor(as_whom="居民甲") as one,
        house.visitor(as_whom="居民乙") as other,
    ):
        room = "room-9"
        async with other.live(chat=room) as live:
            await one.say("大家好", chat=room)
            await one.say("@小二 我的积分", chat=room)
            seen = [await live.next() for _ in range(3)]

        assert said(seen)[:2] == [("居民甲", "大家好"), ("居民甲", "我的积分")]
        assert (seen[2]["from"], seen[2]["to"]) == ("bot", "居民甲")
        assert seen[2].get("private_key") is None
        [mine] = [line for line in await one.lines(chat=room) if line.get("private_key")]
        go_on = await one.say("", start=mine["private_key"])
        assert "我的积分" in str(go_on[1]["text"])


async def test_whoever_speaks_as_somebody_is_heard_in_danger_with_the_database_away(
    tmp_path: Path,
) -> None:
    async with (
        WebHouse(tmp_path, demo_street=True) as house,
        house.visitor(as_whom="居民乙") as visitor,
    ):
        with house.database.taken():
            alarm = await visitor.send("家里着火了")
            room = await visitor.send("你好", chat="room-9")

        assert "119" in alarm.json()["lines"][0]["text"]
        assert [alarm.status_code, room.status_code] == [503, 503]


async def test_a_card_in_a_room_may_be_pressed_by_every_member(tmp_path: Path) -> None:
    async with (
        WebHouse(tmp_path, demo_street=True) as house,
        house.visitor(as_whom="居民乙") as visitor,
    ):
        card = Reply("新报修 1001", (Choice("接单", "tickets.accept:1001", anybody=True),))
        await WebSender(house.store, house.app.state.hub).send("room-9", card)
        [line] = await visitor.lines(chat="room-9")

        lines = await visitor.press(line, "接单", chat="room-9")

        assert said(lines)[0] == ("me", "接单")
        assert lines[1]["from"] == "bot"


async def test_only_members_enter_a_room(tmp_path: Path) -> None:
    async with (
        WebHouse(tmp_path, demo_street=True) as house,
        house.visitor(as_whom="物业甲") as outsider,
        house.visitor() as nobody,
    ):
        answers = [
            await visitor.client.get(path, params={"chat": "room-9"})
            for visitor in (outsider, nobody)
            for path in ("/api/lines", "/api/events")
        ]

        assert {answer.status_code for answer in answers} == {404}


async def test_a_page_goes_back_to_being_nobody(tmp_path: Path) -> None:
    async with (
        WebHouse(tmp_path, demo_street=True) as house,
        house.visitor(as_whom="居民甲") as visitor,
    ):
        await visitor.client.post("/demo/speak-as", json={"resident_id": ""})

        assert not str((await visitor.start())["me"]).startswith("demo-")


async def test_no_real_person_can_be_spoken_as(tmp_path: Path) -> None:
    async with WebHouse(tmp_path, demo_street=True) as house, house.visitor() as visitor:
        [real] = await house.store.run(_not_of_the_demo)
        wanted = [str(real.id), "0", "-1", "99999999999999999999", "\u0661"]
        answers = [
            await visitor.client.post("/demo/speak-as", json={"resident_id": who}) for who in wanted
        ]
        visitor.client.cookies.set("xiaoer_as", str(real.id))

        assert {answer.status_code for answer in answers} <= {400, 404}
        assert not str((await visitor.start())["me"]).startswith("demo-")


def _not_of_the_demo(tx: Transaction) -> list[Resident]:
    return [who for who in tx.residents.named("书记甲") if not who.demo]


async def test_a_foreign_name_for_this_machine_gets_no_demo(tmp_path: Path) -> None:
    async with WebHouse(tmp_path, demo_street=True) as house, house.visitor() as visitor:
        foreign = {"host": f"rebound.example:{house.port}"}
        state = await visitor.client.post("/api/session", json={}, headers=foreign)
        speak = await visitor.client.post("/demo/speak-as", json={}, headers=foreign)

        assert state.json()["demo"] is None
        assert speak.status_code == 404


async def test_a_real_street_has_no_demo(tmp_path: Path) -> None:
    async with WebHouse(tmp_path) as house, house.visitor() as visitor:
        state = await visitor.client.post("/api/session", json={})
        answer = await visitor.client.post("/demo/speak-as", json={"resident_id": "1"})

        assert state.json()["demo"] is None
        assert answer.status_code == 404


async def test_made_up_people_hear_notices_before_anybody_spoke_as_them(tmp_path: Path) -> None:
    async with WebHouse(tmp_path, demo_street=True) as house:

        def tell(tx: Transaction) -> None:
            [who] = [who for who in tx.residents.demo_people() if who.name == "居民乙"]
            tell_resident(tx, who.id, key="k", text="给您加了 5 分。", topic="p", asked_for=True)

        await house.store.run(tell)
        await house.delivery.deliver_due()

        async with house.visitor(as_whom="居民乙") as visitor:
            assert said(await visitor.lines()) == [("bot", "给您加了 5 分。")]
