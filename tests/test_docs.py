"""What is documented is what there is."""

import re
import tomllib
from pathlib import Path
from typing import Any

from bot.config import Config, keys, load
from storage.tables import metadata

ROOT = Path(__file__).parents[1]
EXAMPLE = ROOT / "config.example.toml"


def flat(values: dict[str, Any], before: str = "") -> dict[str, Any]:
    found: dict[str, Any] = {}
    for name, value in values.items():
        if isinstance(value, dict):
            found |= flat(value, f"{before}{name}.")
        else:
            found[f"{before}{name}"] = value
    return found


def test_every_key_stands_in_the_example_and_nothing_else() -> None:
    assert set(flat(tomllib.loads(EXAMPLE.read_text("utf-8")))) == set(keys())


def test_the_example_holds_the_defaults() -> None:
    assert load(EXAMPLE, {}).model_dump() == Config().model_dump()


def test_every_key_of_the_example_is_explained_above_it() -> None:
    unexplained = []
    explained = False
    for line in EXAMPLE.read_text("utf-8").splitlines():
        if line.startswith("#"):
            explained = True
        elif not line.strip() or line.startswith("["):
            explained = False
        elif not explained:
            unexplained.append(line)

    assert unexplained == []


def test_every_key_stands_in_the_table_and_nothing_else() -> None:
    text = (ROOT / "docs" / "configuration.md").read_text("utf-8")

    assert set(re.findall(r"^\| `([a-z_.]+)` \|", text, re.MULTILINE)) == set(keys())


def test_of_every_table_it_is_said_how_long_it_is_kept() -> None:
    text = (ROOT / "docs" / "operating.md").read_text("utf-8")
    section = text.split("### How long things are kept")[1].split("\n## ")[0]
    named = [
        name
        for line in section.splitlines()
        if line.startswith("| `")
        for name in re.findall(r"`([a-z_]+)`", line.split("|")[1])
    ]

    assert sorted(named) == sorted(metadata.tables)


def test_every_link_between_our_pages_leads_somewhere() -> None:
    pages = [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")]
    dead = [
        f"{page.relative_to(ROOT)}: {link}"
        for page in pages
        for link in re.findall(r"\]\(([^)#\s]+)", page.read_text("utf-8"))
        if "://" not in link and not (page.parent / link).exists()
    ]

    assert dead == []


def test_every_command_stands_in_both_readmes() -> None:
    commands = {"run", "check", "migrate", "import", "chat", "ask", "script", "admin", "law"}
    for name in ("README.md", "README.zh-CN.md"):
        text = (ROOT / name).read_text("utf-8")
        assert commands <= set(re.findall(r"xiaoer (\w+)", text)), name
