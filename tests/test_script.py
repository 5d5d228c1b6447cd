"""`xiaoer script`: every directive, mistakes with their lines, the same output every time."""

import json
import logging
from pathlib import Path

import pytest
from PIL import Image

from bot.config import Config, Database
from bot.script.command import play
from tests import stores
from tests.houses import House
from tests.journeys.runner_script import Heard, heard_in, played, run_text

MONDAY = "2026-11-23T09:00"
FIELDS = ["id", "line", "at", "to", "where", "text", "choices", "kind", "ref", "files"]

EVERYTHING = """\
# every directive once
居民甲: 三栋二单元电梯坏了
居民甲: [编辑 三栋一单元电梯坏了]
居民甲: [图片 photo.jpg]
居民甲: [按 1]
居民甲: [同一条]
物业甲@建港社区工作群: [按 接单]
居民甲@芳草苑居民群: @小二 有什么班
居民乙: [语音 我的积分]
居民乙: [语音]
居民乙: [位置 30.55,114.22]
志愿者甲: 报名 1
+10m
+1h30m
!restart
=2026-11-23T11:01
!database down
王小明: 家里着火了
+2m
!database up
+1m
街道甲: 收到 1
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    Image.new("RGB", (320, 240), (90, 120, 60)).save(tmp_path / "photo.jpg")
    return tmp_path


def run(
    folder: Path,
    script: str | bytes,
    *,
    at: str | None = MONDAY,
    channel: str = "web",
    database: str = "",
) -> tuple[int, str, str]:
    path = folder / "talk.txt"
    path.write_bytes(script if isinstance(script, bytes) else script.encode())
    return played(path, at=at, channel=channel, database=database)


def to(heard: list[Heard], who: str, line: int) -> str:
    """What somebody saw in private because of a line."""
    return "\n".join(
        one.whole for one in heard if one.line == line and one.reached(who, group=False)
    )


@pytest.mark.parametrize("channel", ["web", "telegram", "wechat", "terminal"])
def test_the_same_script_plays_the_same_to_the_byte(folder: Path, channel: str) -> None:
    first = run(folder, EVERYTHING, channel=channel)
    second = run(folder, EVERYTHING, channel=channel)

    assert first == second
    assert first[0] == 0, first[2]


def test_the_same_script_plays_the_same_on_each_engine(
    folder: Path, database: stores.Database
) -> None:
    alone = run(folder, EVERYTHING)

    assert run(folder, EVERYTHING, database=database.url) == alone


LONG = """\
居民甲: 三栋二单元电梯坏了
居民乙: 五栋楼道灯坏了
居民乙: 确认提交
居民乙: 我要报修
志愿者甲: 报名红建路文明值守
居民丙: 人工
书记甲: 回 1 您好，请说
居民甲: 岗亭旁边那台卖水的机器赚的钱有没有我们一份
居民乙: 公司拖欠工资怎么要回来
+3h30m
物业甲: 接单 1001
物业甲: 办结 1001 换了灯泡
=2026-11-23T22:00
居民丙: 家里着火了
书记甲: 归入 2 income-owner
律师甲: 准 1
书记甲: 答 1 请打 12333
=2026-11-24T06:30
居民甲: 确认提交
=2026-11-24T08:10
"""


def test_a_clock_that_jumps_shows_what_one_that_does_not_shows(folder: Path) -> None:
    """Law: leaving out idle minutes changes nothing that anybody sees."""
    path = folder / "talk.txt"
    path.write_text(LONG, "utf-8")
    outputs: list[list[str]] = [[], []]

    for jumps, output in zip((True, False), outputs, strict=True):
        assert play(path, "2026-11-23T17:00", as_json=True, write=output.append, jumps=jumps) == 0

    assert outputs[0] == outputs[1]


def test_a_month_passes_quickly_and_files_what_was_forgotten(folder: Path) -> None:
    heard = run_text(
        "居民乙: 五栋楼道灯坏了\n居民乙: 确认提交\n物业甲: 接单 1001\n"
        "物业甲: 办结 1001 换了灯泡\n+30d\n",
        folder,
        at=MONDAY,
    )

    assert "1001" in to(heard, "居民乙", 5)


def test_the_output_has_the_promised_fields(folder: Path) -> None:
    _, output, _ = run(folder, EVERYTHING)

    said = [json.loads(line) for line in output.splitlines()]

    assert all(list(one) == FIELDS for one in said)
    assert [one["id"] for one in said] == list(range(1, len(said) + 1))
    assert said[0]["at"] == "2026-11-23T09:00:00+08:00"
    assert said[0]["to"] == "居民甲"
    assert said[0]["where"] == "private"
    assert said[0]["choices"][0] == "1 确认提交"
    assert {one["kind"] for one in said} == {"reply", "notice"}
    assert "group:建港社区工作群" in {one["where"] for one in said}
    [photo] = [one["files"][0] for one in said if one["files"]]
    assert photo["type"] == "image/jpeg"
    assert photo["size"] > 0


def test_every_directive_does_what_it_says(folder: Path) -> None:
    heard = run_text(EVERYTHING, folder, at=MONDAY)

    assert "三栋一单元" in to(heard, "居民甲", 3)
    assert "1 张" in to(heard, "居民甲", 4)
    assert "1001" in to(heard, "居民甲", 5)
    assert to(heard, "居民甲", 6) == to(heard, "居民甲", 5)
    assert "已接单" in to(heard, "居民甲", 7)
    assert "积分" in to(heard, "居民乙", 9)
    assert "没听清" in to(heard, "居民乙", 10)
    assert "位置" in to(heard, "居民乙", 11)
    assert "119" in to(heard, "王小明", 18)
    assert "着火" in to(heard, "街道甲", 21)
    times = [one.at for one in heard]
    assert times == sorted(times)


def test_a_restart_forgets_nothing_and_repeats_no_id(folder: Path) -> None:
    _, output, _ = run(
        folder, "居民甲: 三栋二单元电梯坏了\n!restart\n居民甲: 1\n!restart\n居民甲: 我的报修\n"
    )

    said = [json.loads(line) for line in output.splitlines()]

    assert "1001" in said[-1]["text"]
    assert len({one["id"] for one in said}) == len(said)


def test_a_process_killed_during_an_outage_starts_when_it_is_over(folder: Path) -> None:
    heard = run_text(
        "居民甲: 你好\n!database down\n居民甲: 家里着火了\n!restart\n居民甲: 我的积分\n"
        "+5m\n!database up\n居民甲: 我的积分\n",
        folder,
        at=MONDAY,
    )

    assert "119" in to(heard, "居民甲", 3)
    assert to(heard, "居民甲", 5) == ""
    assert "着火" in to(heard, "书记甲", 7)
    assert "30 个积分" in to(heard, "居民甲", 8)


def test_a_given_folder_is_played_on(folder: Path) -> None:
    data = folder / "data"
    path = folder / "talk.txt"
    path.write_text("居民甲: 三栋二单元电梯坏了\n居民甲: 1\n", "utf-8")
    first: list[str] = []
    play(path, MONDAY, data=data, as_json=True, write=first.append)
    path.write_text("居民甲: 我的报修\n居民甲: 三栋二单元电梯坏了\n居民甲: 1\n", "utf-8")
    second: list[str] = []
    play(path, "2026-11-24T09:00", data=data, as_json=True, write=second.append)

    heard = heard_in("".join(second))

    assert "1001" in to(heard, "居民甲", 1)
    assert "1002" in to(heard, "居民甲", 3)


def test_a_script_never_touches_the_database_of_the_configuration(folder: Path) -> None:
    own = folder / "street.db"
    path = folder / "talk.txt"
    path.write_text("居民甲: 我的积分\n", "utf-8")
    said: list[str] = []

    play(
        path,
        MONDAY,
        as_json=True,
        config=Config(database=Database(url=f"sqlite:///{own}")),
        write=said.append,
    )

    assert "30 个积分" in said[0]
    assert not own.exists()


MISTAKES = [
    ("没有冒号的一行", 1),
    ("居民甲: 你好\n+3x", 2),
    ("+", 1),
    ("+99999d", 1),
    ("=昨天", 1),
    ("# 说明\n\n!reboot", 3),
    ("!database sideways", 1),
    ("居民甲: [按 ]", 1),
    ("居民甲: 好的 [按 1]", 1),
    ("居民甲: [图片 nothing.jpg]", 1),
    ("居民甲: [图片]", 1),
    ("居民甲: [位置 北京]", 1),
    ("居民甲: [编辑 三栋]", 1),
    ("居民甲: [同一条]", 1),
    ("居民甲: 你好\n居民乙: [同一条]", 2),
    ("居民甲: 你好\n居民甲: [编辑 ]", 2),
    ("居民甲: 你好\n=2026-11-22T09:00", 2),
    ("居民甲: 今天星期几\n居民甲: [按 8]", 2),
]


@pytest.mark.parametrize(("script", "line"), MISTAKES, ids=lambda value: repr(value)[:40])
def test_a_mistake_is_named_with_its_line(folder: Path, script: str, line: int) -> None:
    code, _, complaint = run(folder, script)

    assert code == 2
    assert f"talk.txt:{line}: 第 {line} 行" in complaint


def test_all_mistakes_are_named_and_nothing_is_played(folder: Path) -> None:
    code, output, complaint = run(folder, "居民甲: 你好\n???\n+5m\n!什么\n")

    assert (code, output) == (2, "")
    assert [line.split(":")[1] for line in complaint.splitlines()] == ["2", "4"]


def test_a_line_that_is_not_utf_8_is_a_mistake(folder: Path) -> None:
    code, _, complaint = run(folder, "居民甲: 你好\n".encode() + b"\xff\xfe: x\n")

    assert code == 2
    assert "talk.txt:2:" in complaint


def test_a_script_that_is_not_there_or_a_wrong_start_is_said(folder: Path) -> None:
    complaints: list[str] = []

    assert play(folder / "none.txt", MONDAY, complain=complaints.append) == 2
    assert run(folder, "居民甲: 你好\n", at="morgen")[0] == 2
    assert "none.txt" in complaints[0]


@pytest.mark.parametrize("channel", ["web", "wechat"])
def test_people_can_read_it_too(folder: Path, channel: str) -> None:
    path = folder / "talk.txt"
    path.write_text("居民甲: 三栋二单元电梯坏了\n+5m\n!restart\n居民甲: 1\n", "utf-8")
    said: list[str] = []

    code = play(path, MONDAY, channel, write=said.append)

    talk = "".join(said)
    assert code == 0
    assert "居民甲：三栋二单元电梯坏了" in talk
    assert "1 确认提交" in talk
    assert ("回复数字即可" in talk) == (channel == "wechat")
    assert "1001" in talk


def test_a_windows_file_with_a_mark_reads_the_same(folder: Path) -> None:
    plain = run(folder, "居民甲: 我的积分\n")
    windows = run(folder, b"\xef\xbb\xbf" + "居民甲：我的积分\r\n".encode())

    assert plain == windows


def test_a_wechat_message_fits_its_bytes_and_cards_are_typed(folder: Path) -> None:
    heard = run_text(EVERYTHING, folder, at=MONDAY, channel="wechat")

    assert all(len(one.whole.encode()) <= 2048 for one in heard)
    assert "已接单" in to(heard, "居民甲", 7)


async def test_what_no_script_can_hold_stops_nobody(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """Garbage that a UTF-8 file cannot hold goes to the dispatcher directly."""
    house = House(tmp_path)
    await house.settle()
    garbage = [
        "长" * 100_000,
        "\x00\x01\x07\x1b[31m",
        "\ud800 lone \udfff",
        "\u202e\u200b\ufeff",
        "👨‍👩‍👧" * 500,
        "a\u0301" * 5000,
        "'; DROP TABLE residents; --",
        "{}%s{0}",
    ]

    with caplog.at_level(logging.ERROR):
        for text in garbage:
            for reply in await house.say("居民甲", text):
                reply.text.encode("utf-8")
        answer = await house.say("居民甲", "我的积分")
    house.store.close()

    assert any("积分" in reply.text for reply in answer)
    assert not caplog.records
