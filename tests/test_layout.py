"""The house stands as DESIGN.md 1 draws it, and each of its guards finds what it is there for."""

from pathlib import Path

import pytest

from tests import layout

ROOT = Path(__file__).parents[1]

BROKEN = [
    pytest.param(
        layout.climbing_imports,
        {
            "handlers/router.py": "from bot.clock import Clock\n",
            "storage/store.py": "def late() -> None:\n    import knowledge.folding\n",
            "knowledge/faq.py": "import storage\n",
            "bot/wiring.py": "from tests.peers import telegram\n",
        },
        [
            "bot/wiring.py:1: imports tests.peers",
            "handlers/router.py:1: imports bot.clock",
            "knowledge/faq.py:1: imports storage",
            "storage/store.py:2: imports knowledge.folding",
        ],
        id="an arrow that climbs",
    ),
    pytest.param(
        layout.circles,
        {
            "handlers/one.py": "from handlers import two\n",
            "handlers/two.py": "from handlers.three import a\n",
            "handlers/three.py": "if True:\n    import handlers.one\n",
            "storage/late.py": "def a() -> None:\n    import storage.early\n",
            "storage/early.py": "import storage.late\nimport storage.types\n",
            "storage/types.py": (
                "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    import storage.early\n"
            ),
        },
        [
            "handlers.one imports itself in the end",
            "handlers.three imports itself in the end",
            "handlers.two imports itself in the end",
        ],
        id="a circle of three",
    ),
    pytest.param(
        layout.strayed_libraries,
        {
            "bot/cli.py": "import typer\nfrom apscheduler.triggers import cron\n",
            "bot/channels/telegram/sender.py": "from telegram import Bot\n",
            "handlers/message.py": "from telegram import Message\n",
        },
        [
            "bot/cli.py:2: imports apscheduler.triggers, whose home is bot/clock.py",
            "handlers/message.py:1: imports telegram, whose home is bot/channels/telegram/",
        ],
        id="a library away from home",
    ),
    pytest.param(
        layout.impure_knowledge,
        {
            "knowledge/faq.py": "from datetime import datetime, UTC\nAT = datetime.now(UTC)\n",
            "knowledge/law.py": "import urllib.request\nfrom time import monotonic\n",
            "handlers/dispatcher.py": "import time\n",
        },
        [
            "knowledge/law.py:1: imports urllib.request",
            "knowledge/law.py:2: imports time",
            "knowledge/faq.py:2: reads the clock by datetime.now",
        ],
        id="knowledge with a clock and a network",
    ),
    pytest.param(
        layout.clocked_rules,
        {"handlers/shifts/rules.py": "from datetime import date\nTODAY = date.today()\n"},
        ["handlers/shifts/rules.py:2: reads the clock by date.today"],
        id="a rule that looks at the clock",
    ),
    pytest.param(
        layout.rules_with_company,
        {
            "handlers/refusal.py": "",
            "storage/words.py": "",
            "handlers/shifts/rules.py": (
                "from datetime import timedelta\n"
                "from handlers import refusal\n"
                "from storage.words import ShiftState\n"
                "from storage.store import Store\n"
                "import httpx\n"
            ),
        },
        [
            "handlers/shifts/rules.py:4: imports storage.store",
            "handlers/shifts/rules.py:5: imports httpx",
        ],
        id="a rule that imports more than words",
    ),
    pytest.param(
        layout.subjects_in_each_others_rooms,
        {
            "handlers/faq/chat.py": "from handlers.points.chat import pay\n",
            "handlers/points/chat.py": "from handlers.points import desk\n",
            "handlers/points/desk.py": "",
            "handlers/router.py": "from handlers.points import chat\n",
            "handlers/tickets/desk.py": "from handlers.points import desk\n",
        },
        [
            "handlers/faq/chat.py:1: imports handlers.points.chat",
            "handlers/tickets/desk.py:1: imports handlers.points.desk",
        ],
        id="a subject in another subject's room",
    ),
    pytest.param(
        layout.long_files,
        {"bot/wiring.py": "\n" * 401, "bot/clock.py": "\n" * 400},
        ["bot/wiring.py: 401 lines, 400 at most"],
        id="a long file",
    ),
    pytest.param(
        layout.filled_package_files,
        {"bot/__init__.py": "", "handlers/__init__.py": "from handlers import message\n"},
        ["handlers/__init__.py: not empty"],
        id="a package file that does something",
    ),
    pytest.param(
        layout.utility_files,
        {"handlers/faq/utils.py": "", "tests/utils.py": ""},
        [
            "handlers/faq/utils.py: give it the name of its idea",
            "tests/utils.py: give it the name of its idea",
        ],
        id="a file for odds and ends",
    ),
    pytest.param(
        layout.strayed_chinese,
        {
            "handlers/faq/texts.py": "HELLO = '您好'\n",
            "knowledge/data/entries.toml": "title = '物业费'\n",
            "bot/web/templates/chat.html": "<p>您好</p>\n",
            "handlers/faq/chat.py": "# fine\nHELLO = '您好'\n",
            "storage/store.py": "A = 1  # 备注\n",
            "knowledge/folding.py": "STOP = '。'\n",
            "knowledge/ranges.py": "HAN = '[\\u4e00-\\u9fff]'\n",
        },
        [
            "handlers/faq/chat.py:2: HELLO = '您好'",
            "storage/store.py:1: A = 1  # 备注",
            "knowledge/folding.py:1: STOP = '。'",
        ],
        id="Chinese in the code",
    ),
    pytest.param(
        layout.misdeclared_packages,
        {
            "pyproject.toml": "[tool.setuptools]\npackages = ['bot', 'bot.gone']\n",
            "bot/__init__.py": "",
            "bot/web/__init__.py": "",
            "bot/script/play.py": "",
        },
        [
            "bot.web: not listed in pyproject.toml",
            "bot.gone: listed in pyproject.toml, but not there",
            "bot.script: has no __init__.py",
        ],
        id="a package nobody ships",
    ),
]

SHOWN = {parameters.values[0] for parameters in BROKEN}


def house(root: Path, files: dict[str, str]) -> Path:
    for name, text in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")
    return root


@pytest.mark.parametrize(("guard", "files", "violations"), BROKEN)
def test_a_guard_finds_what_breaks_its_rule_and_nothing_else(
    guard: layout.Guard, files: dict[str, str], violations: list[str], tmp_path: Path
) -> None:
    assert guard(house(tmp_path, files)) == violations


@pytest.mark.parametrize("guard", layout.GUARDS, ids=lambda guard: guard.__name__)
def test_the_house_stands(guard: layout.Guard) -> None:
    assert guard(ROOT) == []


@pytest.mark.parametrize("guard", layout.GUARDS, ids=lambda guard: guard.__name__)
def test_an_empty_house_breaks_no_rule(guard: layout.Guard, tmp_path: Path) -> None:
    assert guard(tmp_path) == []


def test_every_guard_is_shown_a_bad_example() -> None:
    assert set(layout.GUARDS) == SHOWN
