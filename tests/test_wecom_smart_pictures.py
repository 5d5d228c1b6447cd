"""Pictures sent to the smart robot: encrypted, at an address of the platform's, for a report."""

import base64
from datetime import timedelta
from pathlib import Path

import pytest

from bot.config import ConfigMistakes, load
from bot.media import BYTES_AT_MOST
from tests.peers.wecom.poster import Answer, sealed_file
from tests.peers.wecom.server import WeComPeer
from tests.wechat_house import a_photo
from tests.wecom_house import WeComHouse, a_house
from tests.wecom_street import GROUP, LI, SECRETARY

OTHER_KEY = "abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG"


@pytest.mark.parametrize("over", [0, 1, 31], ids=["whole blocks", "one more", "one less"])
async def test_a_picture_is_kept_without_the_place_it_was_taken_at(
    over: int, tmp_path: Path
) -> None:
    photo = a_photo(located=True)
    photo += b"\0" * ((over - len(photo)) % 32)
    async with a_house(tmp_path) as house:
        await house.poster.ask(LI, "你好")
        answer = await picture(house, photo)

    [kept] = photographs(tmp_path)
    assert "照片" in answer.stream["content"]
    assert b"Exif" in photo
    assert b"Exif" not in kept.read_bytes()


async def test_words_with_pictures_between_them_are_one_report(tmp_path: Path) -> None:
    async with a_house(tmp_path) as house:
        await house.bind("wecom_bot", LI, "居民甲")
        items = [words("芳草苑3栋2单元楼道灯"), shown(house, "red"), words("不亮了")]
        draft = await mixed(house, *items, shown(house, "blue"))
        await house.poster.ask(LI, "确认")
        await house.bind("wecom_bot", SECRETARY, "书记甲")
        accepted = await house.poster.ask(SECRETARY, "接单 1001")

    assert "照片：2 张" in draft.stream["content"]
    assert "楼道灯" in accepted.stream["content"]
    seen = [base64.b64decode(one["image"]["base64"]) for one in accepted.stream["msg_item"]]
    assert sorted(seen) == sorted(path.read_bytes() for path in photographs(tmp_path))


async def test_a_picture_beside_the_call_in_a_group_is_taken(tmp_path: Path) -> None:
    async with a_house(tmp_path) as house:
        await house.run(lambda tx: tx.directory.bind_group("wecom_bot", GROUP, 1))
        await mixed(house, words("@小二 三栋电梯坏了"), shown(house, "red"), group=GROUP)

    assert len(photographs(tmp_path)) == 1


async def test_who_is_in_danger_reads_the_number_before_the_picture_is_here(
    tmp_path: Path,
) -> None:
    async with a_house(tmp_path) as house:
        await house.bind("wecom_bot", LI, "居民甲")
        url = f"{house.peer.root_url}/cgi-bin/aibot/response?response_code=danger"
        house.peer.gate.clear()
        items = [words("厨房着火了"), shown(house, "red")]
        answer = await mixed(house, *items, response_url=url)
        house.peer.gate.set()
        await house.peer.wait_for(lambda: bool(house.peer.answered))
        await house.deliver()

    assert "119" in answer.stream["content"].splitlines()[0]
    assert "值班人员" in house.peer.answered[0]["markdown"]["content"]
    [kept] = photographs(tmp_path)
    alerts = [reply for _, reply in house.house.recorder.sent if "发来照片 1 张" in reply.text]
    assert {reply.media for reply in alerts} == {(kept.name,)}


async def test_a_picture_of_a_danger_in_a_group_goes_to_the_staff_without_a_word(
    tmp_path: Path,
) -> None:
    async with a_house(tmp_path) as house:
        await house.run(lambda tx: tx.directory.bind_group("wecom_bot", GROUP, 1))
        url = f"{house.peer.root_url}/cgi-bin/aibot/response?response_code=danger"
        items = [words("@小二 厨房着火了"), shown(house, "red")]
        answer = await mixed(house, *items, group=GROUP, response_url=url)

    async with a_house(tmp_path) as house:
        await house.deliver()

    assert "119" in answer.stream["content"].splitlines()[0]
    assert house.peer.answered == []
    assert any("发来照片 1 张" in reply.text for _, reply in house.house.recorder.sent)


async def test_a_lost_picture_of_a_danger_is_asked_for_again(tmp_path: Path) -> None:
    async with a_house(tmp_path) as house:
        url = f"{house.peer.root_url}/cgi-bin/aibot/response?response_code=danger"
        missing: dict[str, object] = {
            "msgtype": "image",
            "image": {"url": house.peer.address("missing")},
        }
        answer = await mixed(house, words("厨房着火了"), missing, response_url=url)
        await house.peer.wait_for(lambda: bool(house.peer.answered))

    assert "119" in answer.stream["content"].splitlines()[0]
    said = house.peer.answered[0]["markdown"]["content"]
    assert "再发一次" in said
    assert "收到了" not in said


async def test_a_picture_that_cannot_be_had_is_asked_for_again(tmp_path: Path) -> None:
    async with a_house(tmp_path) as house, WeComPeer(house.house.clock) as stranger:
        for peer in (house.peer, stranger):
            peer.store["p"] = sealed_file(a_photo())
        urls = [
            house.peer.address("p", "moved"), house.peer.address("missing"),
            stranger.address("p"), "http://169.254.169.254/latest", "file:///etc/passwd", "//[",
            "https://evil-1.cos.ap-guangzhou.myqcloud.com/p", "",
            f"{house.peer.root_url}@127.0.0.1/store/p",
        ]  # fmt: skip
        answers = [await sent(house, url) for url in urls]
        asked = [path for path in house.peer.calls if path.startswith(("/store", "/moved"))]

    assert all("再发一次" in answer.stream["content"] for answer in answers)
    assert asked == ["/moved/p", "/store/missing"]
    assert stranger.calls == []
    assert photographs(tmp_path) == []


async def test_what_is_no_picture_of_ours_is_said_to_be_unreadable(tmp_path: Path) -> None:
    async with a_house(tmp_path) as house:
        answers = [
            await sealed(house, sealed_file(a_photo(), OTHER_KEY)),
            await sealed(house, sealed_file(b"no picture")),
            await sealed(house, sealed_file(a_photo())[:-1]),
            await sealed(house, b""),
        ]

    assert all("打不开" in answer.stream["content"] for answer in answers)
    assert photographs(tmp_path) == []


async def test_a_picture_that_is_too_large_is_not_asked_for_again(tmp_path: Path) -> None:
    async with a_house(tmp_path) as house:
        answer = await sealed(house, bytes(BYTES_AT_MOST + 33))

    assert "太大" in answer.stream["content"]
    assert "再发一次" not in answer.stream["content"]


async def test_no_more_pictures_are_fetched_than_a_report_keeps(tmp_path: Path) -> None:
    async with a_house(tmp_path) as house:
        await mixed(house, words("三栋电梯坏了"), *[shown(house, "red")] * 20)
        fetched = house.peer.calls.count("/store/red")

    assert fetched == 9


async def test_where_a_picture_lies_stands_in_no_log(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("DEBUG")
    async with a_house(tmp_path) as house:
        await picture(house, a_photo())
        await sent(house, house.peer.address("missing"))

    assert "a photo was not fetched" in caplog.text
    assert "q-sign" not in caplog.text


def test_a_host_is_named_without_its_address() -> None:
    with pytest.raises(ConfigMistakes) as caught:
        load(None, {"XIAOER_WECOM__BOT_MEDIA_HOSTS": "a.example.com https://b.example.com/"})
    taken = load(None, {"XIAOER_WECOM__BOT_MEDIA_HOSTS": "a.example.com,b.example.com"})

    assert caught.value.mistakes[0].startswith("wecom.bot_media_hosts")
    assert taken.wecom.bot_media_hosts == ("a.example.com", "b.example.com")


def words(text: str) -> dict[str, object]:
    return {"msgtype": "text", "text": {"content": text}}


def shown(house: WeComHouse, colour: str) -> dict[str, object]:
    house.peer.store[colour] = sealed_file(a_photo(colour))
    return {"msgtype": "image", "image": {"url": house.peer.address(colour)}}


async def mixed(
    house: WeComHouse, *items: dict[str, object], group: str = "", response_url: str = ""
) -> Answer:
    inside = {"msg_item": list(items)}
    return await house.poster.robot(
        LI, group=group, msgtype="mixed", mixed=inside, response_url=response_url
    )


async def picture(house: WeComHouse, photo: bytes) -> Answer:
    return await sealed(house, sealed_file(photo))


async def sealed(house: WeComHouse, data: bytes) -> Answer:
    house.peer.store["p"] = data
    return await sent(house, house.peer.address("p"))


async def sent(house: WeComHouse, url: str) -> Answer:
    house.house.clock.forward(timedelta(seconds=5))
    return await house.poster.robot(LI, msgtype="image", image={"url": url})


def photographs(folder: Path) -> list[Path]:
    return sorted((folder / "media").rglob("*.jpg"))
