"""Robots of staff groups: what happens is told there, and what to type in the app."""

from datetime import timedelta
from pathlib import Path

import pytest

from bot.channels.wecom.push import chat_of
from bot.config import ConfigMistakes, load
from handlers.message import Choice
from tests.wecom_house import ROBOT, a_house
from tests.wecom_street import by_robot_only, tell, told

SMART_GROUP = "wrOgQhDgAAMYQiS5ol9G7gK9JVAAAA"


async def test_a_card_goes_to_the_group_with_the_words_to_type_in_the_app(tmp_path: Path) -> None:
    async with a_house(tmp_path) as house:
        await by_robot_only(house)
        await tell(
            house,
            "新报修 12：电梯坏了",
            Choice("接单", "tickets.accept:12", say="接单 12"),
            Choice("退回", "tickets.return:12", say="退回 12 原因"),
        )

    [text] = told(house)
    assert "新报修 12" in text
    assert "接单 12\n退回 12 原因" in text
    assert "应用" in text


async def test_where_the_smart_robot_is_in_the_group_the_words_are_answered_there(
    tmp_path: Path,
) -> None:
    async with a_house(tmp_path) as house:
        await by_robot_only(house)
        await house.bind("wecom_bot", "ShuJi", "书记甲")
        await house.run(lambda tx: tx.directory.bind_group("wecom_bot", SMART_GROUP, 1))
        await house.house.say("居民甲", "9")
        await house.deliver()
        answer = await house.poster.ask("ShuJi", "@小二 回 1 马上来。", group=SMART_GROUP)
        await house.run(lambda tx: tx.directory.leave_group(f"wecom_bot:{SMART_GROUP}"))
        await tell(house, "通知")

    closings = [text.splitlines()[-1] for text in told(house)]
    assert "这个群里 @小二" in closings[0]
    assert "这就发给居民" in answer.stream["content"]
    assert "小二应用" in closings[-1]


async def test_a_smart_robot_that_is_off_is_nowhere_to_answer(tmp_path: Path) -> None:
    async with a_house(tmp_path, bot_token="") as house:
        await by_robot_only(house)
        await house.run(lambda tx: tx.directory.bind_group("wecom_bot", SMART_GROUP, 1))
        await tell(house, "通知")

    assert "小二应用" in told(house)[0]


async def test_who_waits_for_a_person_is_told_to_the_group_and_answered_in_the_app(
    tmp_path: Path,
) -> None:
    async with a_house(tmp_path) as house:
        await by_robot_only(house)
        await house.bind("wecom", "ShuJi", "书记甲")
        await house.house.say("居民甲", "9")
        await house.deliver()
        answer = await house.say("ShuJi", "回 1 马上来。")

    assert "待回 1" in told(house)[0]
    assert "这就发给居民" in answer


async def test_twenty_a_minute_are_pushed_and_the_rest_waits(tmp_path: Path) -> None:
    async with a_house(tmp_path) as house:
        await by_robot_only(house)
        for number in range(23):
            await tell(house, f"通知 {number}")
        at_once = len(told(house))
        house.house.clock.forward(timedelta(seconds=61))
        await house.deliver()

    assert at_once == 20
    assert [text.splitlines()[0] for text in told(house)] == [f"通知 {n}" for n in range(23)]


async def test_a_long_text_is_split_at_2048_bytes(tmp_path: Path) -> None:
    async with a_house(tmp_path) as house:
        await by_robot_only(house)
        await tell(house, "这是一句不短的话，说的是明天停水。" * 60)

    assert len(told(house)) == 2
    assert all(len(text.encode()) <= 2048 for text in told(house))


async def test_a_robot_that_was_taken_away_is_no_way_any_more(tmp_path: Path) -> None:
    async with a_house(tmp_path) as house:
        bound = await house.run(lambda tx: [a.chat for a in tx.directory.group_addresses(1)])
    async with a_house(tmp_path, push_file="") as house:
        pass
    other = tmp_path / "other.toml"
    async with a_house(tmp_path) as house:
        other.write_text("", "utf-8")
    async with a_house(tmp_path, push_file=str(other)) as house:
        left = await house.run(lambda tx: [a.chat for a in tx.directory.group_addresses(1)])

    assert chat_of(ROBOT) in bound
    assert ROBOT not in bound
    assert chat_of(ROBOT) not in left


async def test_a_refused_robot_is_no_reason_to_lose_the_notice(tmp_path: Path) -> None:
    async with a_house(tmp_path) as house:
        await by_robot_only(house)
        house.peer.fail("/cgi-bin/webhook/send", 93000)
        await tell(house, "通知")
        house.house.clock.forward(timedelta(minutes=31))
        await house.deliver()

    assert [text.splitlines()[0] for text in told(house)] == ["通知"]


async def test_no_log_and_no_table_holds_the_address_of_a_robot(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("DEBUG")
    async with a_house(tmp_path) as house:
        await by_robot_only(house)
        house.peer.fail("/cgi-bin/webhook/send", 93000)
        await tell(house, "通知")

        kept = house.house.database.everything()

    assert ROBOT not in caplog.text
    assert ROBOT not in kept


@pytest.mark.parametrize(
    ("lines", "said"),
    [
        ("wecom.app_agent_id = 7", "wecom.app_agent_id：要用这一项，先填写 wecom.corp_id"),
        ('wecom.corp_id = "abc"', "wecom.corp_id：要写企业微信管理后台"),
        ('wecom.bot_token = "abc"', "wecom.bot_encoding_aes_key：必须填写"),
        ('wecom.push_file = "FILE"', "「群」的网址不对"),
        (
            'wecom.corp_id = "ww0123456789abcdef"\nwecom.kf_token = "abc"',
            "wecom.kf_secret_file：要用 wecom.kf",
        ),
    ],
)
def test_every_mistake_of_the_configuration_is_named(lines: str, said: str, tmp_path: Path) -> None:
    robots, file = tmp_path / "robots.toml", tmp_path / "config.toml"
    robots.write_text('"群" = "https://evil.example/secret-key"\n', "utf-8")
    file.write_text(lines.replace("FILE", str(robots)), "utf-8")

    with pytest.raises(ConfigMistakes) as mistakes:
        load(file, {})

    assert said in str(mistakes.value)
    assert "secret-key" not in str(mistakes.value)
