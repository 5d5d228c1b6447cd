"""The command line as it is typed: real processes of the installed program."""

import json
import re
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest
from PIL import Image

from storage.migrate import newest
from tests.program import LIMIT_SECONDS, XIAOER, answers, environment, xiaoer


def test_help_names_every_command_and_loads_nothing_heavy(tmp_path: Path) -> None:
    done = xiaoer("--help", folder=tmp_path)

    assert done.returncode == 0
    for command in ("run", "check", "migrate", "import", "chat", "ask", "script", "admin"):
        assert re.search(rf"\b{command}\b", done.stdout)
    heavy = "numpy|sqlalchemy|alembic|telegram|starlette|pydantic|openpyxl|PIL"
    loaded = subprocess.run(
        [sys.executable, "-c", "import bot.cli, sys; print(*sys.modules, sep='\\n')"],
        capture_output=True,
        text=True,
        check=True,
        timeout=LIMIT_SECONDS,
    ).stdout
    assert re.findall(rf"^(?:{heavy})$", loaded, re.MULTILINE) == []


def test_python_m_bot_is_the_same_program(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "bot", "--help"],
        capture_output=True,
        check=False,
        cwd=Path(__file__).parents[1],
        env=environment(),
        timeout=LIMIT_SECONDS,
    )

    assert done.returncode == 0
    assert done.stdout.decode() == xiaoer("--help", folder=tmp_path).stdout


def test_ask_prints_the_answer_with_its_articles_and_opens_no_database(tmp_path: Path) -> None:
    done = xiaoer("ask", "对物业服务不满意，能不能不交物业费", folder=tmp_path)

    assert done.returncode == 0
    assert "民法典第944条" in done.stdout
    assert list(tmp_path.iterdir()) == []


def test_ask_without_a_question_says_what_to_write(tmp_path: Path) -> None:
    done = xiaoer("ask", folder=tmp_path)

    assert done.returncode == 2
    assert "xiaoer ask" in done.stderr


def test_ask_answers_line_by_line_and_goes_on_after_a_bad_one(tmp_path: Path) -> None:
    lines = b"\n".join(
        [
            '{"id": "a", "text": "对物业服务不满意，能不能不交物业费", "more": 1}'.encode(),
            b"no json",
            b'{"id": 7}',
            b"\xff\xfe",
            b'["a list"]',
            b'{"id": "\\ud800", "text": "\\ud800"}',
            b"",
            '{"id": "r", "text": "三栋二单元电梯坏了"}'.encode(),
            '{"id": "e", "text": "家里着火了"}'.encode(),
            '{"id": "h", "text": "我要找人工"}'.encode(),
        ]
    )

    done = xiaoer("ask", "--jsonl", given=lines, folder=tmp_path)

    assert done.returncode == 0
    assert done.stderr == ""
    found = answers(done.stdout)
    assert [one["id"] for one in found] == ["a", None, 7, None, None, "\ud800", "r", "e", "h"]
    assert [set(one) == {"id", "error"} for one in found] == [False, *[True] * 4, *[False] * 4]
    asked, half, report, fire, person = found[0], *found[5:]
    assert asked["intent"] == "faq"
    assert asked["decision"] == "answer"
    assert asked["entry"] == "fee-dissatisfied"
    candidates = asked["candidates"]
    assert isinstance(candidates, list)
    assert len(candidates) == 3
    assert candidates[0]["citations"] == asked["citations"]
    assert half["decision"] in {None, "decline", "offer"}
    assert (report["intent"], report["decision"], report["entry"]) == ("repair", None, None)
    assert report["slots"] == {"what": "电梯", "where": "三栋二单元"}
    assert "slots" not in asked
    assert (fire["intent"], fire["decision"]) == ("emergency", "handover")
    assert "119" in str(fire["text"]).splitlines()[0]
    assert (person["intent"], person["decision"]) == ("human", "handover")


def test_ask_gives_no_entry_for_the_street_itself_and_both_wishes_their_due(
    tmp_path: Path,
) -> None:
    asked = (
        "居委会几点上班",
        "办居住证明带什么",
        "为什么停水",
        "我家天花板漏水了，这个维修费到底谁出",
        "can i refuse to pay the property fee",
    )
    lines = "\n".join(json.dumps({"id": n, "text": text}) for n, text in enumerate(asked))

    done = xiaoer("ask", "--jsonl", given=lines.encode(), folder=tmp_path)

    *guides, both, english = answers(done.stdout)
    for guide in guides:
        assert (guide["intent"], guide["decision"]) == ("faq", "handover")
        assert (guide["entry"], guide["citations"]) == (None, [])
        assert "民法典" not in str(guide["text"])
    assert (both["intent"], both["decision"]) == ("faq", "answer")
    assert both["slots"] == {"what": "天花板", "where": "我家"}
    assert (english["decision"], english["entry"]) == ("answer", "fee-dissatisfied")
    assert str(english["text"]).startswith("Bad service")


def test_ask_answers_each_line_before_it_reads_the_next(tmp_path: Path) -> None:
    with subprocess.Popen(
        [XIAOER, "ask", "--jsonl"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        cwd=tmp_path,
        env=environment(),
    ) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        for number in range(3):
            process.stdin.write(b'{"id": %d, "text": "hello"}\n' % number)
            process.stdin.flush()
            assert json.loads(process.stdout.readline())["id"] == number
        process.stdin.close()
        assert process.wait(LIMIT_SECONDS) == 0


@pytest.mark.parametrize("command", ["run", "check", "migrate", "chat"])
def test_nothing_starts_with_a_mistake_and_all_are_listed(tmp_path: Path, command: str) -> None:
    (tmp_path / "config.toml").write_text('[web]\nport = "many"\nhots = "x"\n', "utf-8")

    done = xiaoer(command, folder=tmp_path, XIAOER_LOG__LEVEL="loud")

    assert done.returncode == 2
    assert done.stdout == ""
    for key in ("web.port", "web.hots", "log.level"):
        assert key in done.stderr
    assert not (tmp_path / "data").exists()


def test_templates_filled_in_can_be_imported_once_and_again(tmp_path: Path) -> None:
    assert xiaoer("import", "--template", "tables", folder=tmp_path).returncode == 0
    tables = tmp_path / "tables"
    for name, row in {
        "communities": "建港",
        "estates": "建港,芳草苑小区",
        "people": "居民甲,,芳草苑小区,,,,",
        "balances": "居民甲,30",
    }.items():
        with (tables / f"{name}.csv").open("a", encoding="utf-8") as file:
            file.write(f"{row}\n")

    dry = xiaoer("import", "tables", "--dry-run", folder=tmp_path)
    first = xiaoer("import", "tables", folder=tmp_path)
    again = xiaoer("import", "tables", folder=tmp_path)

    assert (dry.returncode, first.returncode, again.returncode) == (0, 0, 0)
    assert "人员：新增 1，已有 0" in dry.stdout
    assert "人员：新增 1，已有 0" in first.stdout
    assert "人员：新增 0，已有 1" in again.stdout
    assert xiaoer("import", "--template", "tables", folder=tmp_path).returncode == 1


def test_a_table_with_mistakes_is_not_imported_at_all(tmp_path: Path) -> None:
    (tmp_path / "gifts.csv").write_text("name,price,stock\n香囊,x,1\n锅,1,-1\n", "utf-8")

    done = xiaoer("import", "gifts.csv", folder=tmp_path)

    assert done.returncode == 1
    assert "gifts.csv 第 2 行「price」列" in done.stderr
    assert "gifts.csv 第 3 行「stock」列" in done.stderr
    assert "Traceback" not in done.stderr


def test_migrate_makes_a_database_and_then_has_nothing_to_do(tmp_path: Path) -> None:
    first = xiaoer("migrate", "--data", "d", folder=tmp_path)
    again = xiaoer("migrate", "--data", "d", folder=tmp_path)

    assert (first.returncode, again.returncode) == (0, 0)
    assert str(newest()) in first.stdout
    assert first.stdout != again.stdout


def test_check_looks_at_every_part_and_changes_none(tmp_path: Path) -> None:
    fresh = xiaoer("check", "--data", "d", folder=tmp_path)
    assert not (tmp_path / "d").exists()
    xiaoer("migrate", "--data", "d", folder=tmp_path)
    there = xiaoer("check", "--data", "d", folder=tmp_path)

    assert (fresh.returncode, there.returncode) == (0, 0), fresh.stdout + there.stdout
    for part in ("配置", "数据目录", "数据库", "知识库", "Telegram"):
        assert part in fresh.stdout
    assert "积分账" in there.stdout


def test_a_database_of_a_newer_program_is_left_alone(tmp_path: Path) -> None:
    xiaoer("migrate", "--data", "d", folder=tmp_path)
    with sqlite3.connect(tmp_path / "d" / "xiaoer.db") as connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
    connection.close()

    for command in ("migrate", "run", "chat", "check"):
        done = xiaoer(command, "--data", "d", folder=tmp_path, XIAOER_WEB__PORT="0")
        assert done.returncode == 1, command
        assert "Traceback" not in done.stderr


def test_a_file_that_is_no_database_is_said_in_words(tmp_path: Path) -> None:
    (tmp_path / "d").mkdir()
    (tmp_path / "d" / "xiaoer.db").write_bytes(b"this is no database" * 200)

    for command in ("migrate", "run", "chat", "check"):
        done = xiaoer(command, "--data", "d", folder=tmp_path, XIAOER_WEB__PORT="0")
        assert done.returncode == 1, command
        assert "Traceback" not in done.stderr, command


def test_an_invitation_makes_its_user_the_first_administrator_once(tmp_path: Path) -> None:
    invited = xiaoer("admin", "invite", "--data", "d", folder=tmp_path)
    found = re.search(r"\b[A-HJ-NP-Z2-9]{8,}\b", invited.stdout)
    assert found
    assert found[0].encode() not in (tmp_path / "d" / "xiaoer.db").read_bytes()

    first = xiaoer("chat", "--data", "d", given=f"绑定 {found[0]}\n我是谁\n", folder=tmp_path)
    second = xiaoer("chat", "--data", "d", given=f"绑定 {found[0]}\n", folder=tmp_path)

    assert "管理员" in first.stdout
    assert "绑定成功" in first.stdout
    assert "绑定成功" not in second.stdout


def test_a_talk_from_a_pipe_is_answered_and_ends_with_its_input(tmp_path: Path) -> None:
    photo = tmp_path / "lift.png"
    Image.new("RGB", (64, 48), "red").save(photo)
    said = f"三栋二单元电梯坏了\n[图片 {photo}]\n[图片 /nowhere.jpg]\n1\n我的积分\n退出\n你好\n"

    done = xiaoer("chat", "--as", "居民甲", given=said, folder=tmp_path)

    assert done.returncode == 0, done.stderr
    for shown in ("芳草苑小区 三栋二单元", "/nowhere.jpg", "编号 1001", "30"):
        assert shown in done.stdout
    assert "您好，我是" not in done.stdout


def test_only_people_of_the_demo_street_can_be_spoken_for(tmp_path: Path) -> None:
    done = xiaoer("chat", "--as", "皇帝", folder=tmp_path)

    assert done.returncode == 1
    assert "居民甲" in done.stderr


def test_a_script_is_played(tmp_path: Path) -> None:
    done = xiaoer("script", "-", "--json", given="居民甲: 我的积分\n", folder=tmp_path)

    assert done.returncode == 0, done.stderr
    assert "30" in str(answers(done.stdout)[-1]["text"])
