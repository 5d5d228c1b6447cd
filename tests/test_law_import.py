"""`xiaoer law import` as it is typed: all or nothing, beside a running street."""

import json
from pathlib import Path

from bot.config import Config
from bot.script.command import play
from tests.program import xiaoer

ENTRY = "fee-dissatisfied"
ASKED = "居民甲: 物业服务不好能不交物业费吗"

CODE = """# 中华人民共和国民法典

2020年5月28日 通过

2021年1月1日 施行

<!-- INFO END -->

## 第二十四章 物业服务合同

第九百四十四条 {text}
"""

CHANGED = CODE.format(text="这是编出来的条文，和原文不一样。")


def talk(folder: Path, *lines: str) -> list[dict[str, str]]:
    """Play a script on the data folder; return everything that was said."""
    script = folder / "talk.txt"
    script.write_text("\n".join(lines), "utf8")
    said: list[str] = []
    complaints: list[str] = []
    code = play(
        script,
        data=folder / "data",
        as_json=True,
        config=Config(demo=True),
        write=said.append,
        complain=complaints.append,
    )
    assert code == 0, complaints
    return [json.loads(line) for line in "".join(said).splitlines()]


def texts(said: list[dict[str, str]], to: str, kind: str) -> str:
    return "\n".join(one["text"] for one in said if one["to"] == to and one["kind"] == kind)


def test_the_law_changes_and_everybody_concerned_hears_of_it(tmp_path: Path) -> None:
    law = tmp_path / "民法典.md"
    law.write_text(CHANGED, "utf8")

    before = talk(tmp_path, ASKED)
    done = xiaoer("law", "import", law, "--data", tmp_path / "data", folder=tmp_path)
    after = talk(
        tmp_path,
        ASKED,
        "+24h",
        "律师甲: 待审",
        f"律师甲: 审 {ENTRY}",
        f"律师甲: 解冻 {ENTRY} 已核对",
        f"律师甲: 审 {ENTRY}",
        f"律师甲: 签 {ENTRY}",
        ASKED,
        "居民甲: 依据",
    )

    assert done.returncode == 0, done.stderr
    assert ENTRY in done.stdout
    assert "民法典第944条" in done.stdout
    assert "尚待律师复核" in texts(before, "居民甲", "reply")
    heard = texts(after, "居民甲", "reply")
    assert "依据的法条有了变化，先不给您" in heard
    assert "建港党群驿站律师于" in heard
    assert "这是编出来的条文" in heard
    assert texts(after, "居民甲", "notice").count("请先不要照着办") == 1
    assert texts(after, "律师甲", "notice").count("待审") == 1


def test_faults_are_listed_with_file_and_line_and_nothing_is_taken(tmp_path: Path) -> None:
    good, bad = tmp_path / "good.md", tmp_path / "bad.md"
    good.write_text(CHANGED, "utf8")
    bad.write_text("# 民法典\n\n第一条\n\n第二条 有。\n\n第二条 又有。\n", "utf8")
    data = tmp_path / "data"

    refused = xiaoer("law", "import", good, bad, "--data", data, folder=tmp_path)
    shown = talk(tmp_path, ASKED, "居民甲: 依据")

    assert refused.returncode == 1
    assert f"{bad}，第 3 行：第 1 条没有内容" in refused.stderr
    assert f"{bad}，第 7 行" in refused.stderr
    assert "编出来的条文" not in texts(shown, "居民甲", "reply")


def test_a_dry_run_says_what_would_be_frozen_and_changes_nothing(tmp_path: Path) -> None:
    folder = tmp_path / "laws"
    folder.mkdir()
    (folder / "民法典.md").write_text(CHANGED, "utf8")
    (folder / "README.md").write_text("# 说明\n", "utf8")
    data = tmp_path / "data"

    tried = xiaoer("law", "import", folder, "--dry-run", "--data", data, folder=tmp_path)
    shown = talk(tmp_path, ASKED)

    assert tried.returncode == 0, tried.stderr
    assert ENTRY in tried.stdout
    assert "没有写入" in tried.stdout
    assert "不是法条" in tried.stdout
    assert "尚待律师复核" in texts(shown, "居民甲", "reply")


def test_a_place_without_statutes_is_said_so(tmp_path: Path) -> None:
    missing = xiaoer("law", "import", tmp_path / "x", "--data", tmp_path / "d", folder=tmp_path)
    empty = xiaoer("law", "import", tmp_path, "--data", tmp_path / "d", folder=tmp_path)

    assert (missing.returncode, empty.returncode) == (1, 1)
    assert "读不到法条" in missing.stderr
    assert "读不到法条" in empty.stderr
