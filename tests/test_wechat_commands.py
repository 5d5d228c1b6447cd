"""What the operator of an account sees: the menu, its state, mistakes in its configuration."""

import asyncio
from pathlib import Path

import pytest
from typer.testing import CliRunner

from bot.channels.tencent.errors import REMEDIES, Todo
from bot.channels.tencent.texts import advice
from bot.channels.wechat import texts
from bot.cli import app
from bot.config import ConfigMistakes, load
from handlers.routes import COMMANDS
from handlers.texts import MENU, PERSON
from tests.peers.wechat.phone import AES_KEY, APP_ID, TOKEN
from tests.peers.wechat.server import WeChatPeer
from tests.wechat_house import APP_SECRET


def configured(folder: Path, **values: str) -> Path:
    file = folder / "config.toml"
    given = {"app_id": APP_ID, "token": TOKEN, "encoding_aes_key": AES_KEY, **values}
    lines = [f"{key} = {value if value == 'true' else repr(value)}" for key, value in given.items()]
    file.write_text("[wechat]\n" + "\n".join(lines), "utf-8")
    return file


def run(*words: str) -> tuple[int, str]:
    result = CliRunner().invoke(app, [str(word) for word in words])
    return result.exit_code, result.output


def test_the_menu_is_printed_with_what_can_be_said_instead(tmp_path: Path) -> None:
    code, said = run("wechat", "menu", "--config", str(configured(tmp_path)))

    assert code == 0
    for _, buttons in texts.MENU:
        for button in buttons:
            assert f"{button.label}（也可以直接说「{button.words}」）" in said


def test_everything_in_the_menu_can_be_typed() -> None:
    for words in texts.MENU_WORDS.values():
        named = words in MENU | PERSON
        assert named or any(command.pattern.fullmatch(words) for command in COMMANDS), words


def test_nothing_is_pushed_without_a_secret(tmp_path: Path) -> None:
    code, said = run("wechat", "menu", "--push", "--config", str(configured(tmp_path)))

    assert code == 1
    assert "wechat.secret" in said


def test_an_account_without_a_secret_answers_only(tmp_path: Path) -> None:
    code, said = run("check", "--config", str(configured(tmp_path)), "--data", str(tmp_path))

    assert code == 0
    assert "微信：正常；安全模式；没有 AppSecret，只能在居民说话时回答" in said


async def test_the_menu_reaches_the_platform_and_check_tells_of_the_token(tmp_path: Path) -> None:
    async with WeChatPeer() as peer:
        file = configured(tmp_path, secret=APP_SECRET, customer_messages="true", api_url=peer.url)
        where = ("--config", str(file), "--data", str(tmp_path))
        before = await asyncio.to_thread(run, "check", *where)
        pushed = await asyncio.to_thread(run, "wechat", "menu", "--push", *where)
        after = await asyncio.to_thread(run, "check", *where)

    assert "还没取过 access_token" in before[1]
    assert pushed[0] == 0
    assert peer.menu is not None
    assert "可以主动发：客服消息；access_token 在" in after[1]
    assert peer.tokens[0] not in after[1]


async def test_a_wrong_secret_is_said_by_both(tmp_path: Path) -> None:
    async with WeChatPeer(secret="f" * 32) as peer:
        file = configured(tmp_path, secret=APP_SECRET, api_url=peer.url)
        where = ("--config", str(file), "--data", str(tmp_path))
        pushed = await asyncio.to_thread(run, "wechat", "menu", "--push", *where)
        after = await asyncio.to_thread(run, "check", *where)

    assert pushed[0] == 1
    assert "40125" in pushed[1]
    assert after[0] == 1
    assert "微信：有问题" in after[1]
    assert "40125" in after[1]


async def test_what_is_to_be_done_about_a_refusal_is_said(tmp_path: Path) -> None:
    async with WeChatPeer() as peer:
        peer.fail("/cgi-bin/stable_token", 40164, times=2)
        file = configured(tmp_path, secret=APP_SECRET, api_url=peer.url)
        where = ("--config", str(file), "--data", str(tmp_path))
        pushed = await asyncio.to_thread(run, "wechat", "menu", "--push", *where)
        after = await asyncio.to_thread(run, "check", *where)

    assert "「IP 白名单」（40164" in pushed[1]
    assert "「IP 白名单」（40164" in after[1]


def test_for_every_code_of_the_configuration_it_is_said_what_to_do() -> None:
    unsaid = [
        code
        for code, todo in REMEDIES.items()
        if todo in {Todo.CONFIGURE, Todo.NEW_TOKEN, Todo.NOT_GRANTED}
        and advice(f"ApiError: {code} refused") == f"ApiError: {code} refused"
    ]

    assert unsaid == []
    assert advice("Unsent: ConnectTimeout 10 s") == "Unsent: ConnectTimeout 10 s"


def test_one_mistake_of_a_part_hides_no_other() -> None:
    with pytest.raises(ConfigMistakes) as caught:
        load(None, {"XIAOER_WECOM__CORP_ID": "ww" + "0" * 16, "XIAOER_WECOM__APP_AGENT_ID": "7"})

    keys = [mistake.partition("：")[0].partition("（")[0] for mistake in caught.value.mistakes]
    assert keys == ["wecom.app_token", "wecom.app_encoding_aes_key", "wecom.app_secret_file"]


MISTAKES = [
    ({"XIAOER_WECHAT__APP_ID": "abc"}, "wechat.app_id"),
    ({"XIAOER_WECHAT__APP_ID": APP_ID}, "wechat.token"),
    ({"XIAOER_WECHAT__APP_ID": APP_ID, "XIAOER_WECHAT__TOKEN": TOKEN}, "wechat.encoding_aes_key"),
    ({"XIAOER_WECHAT__ENCODING_AES_KEY": "short"}, "wechat.encoding_aes_key"),
    ({"XIAOER_WECHAT__MODE": "open"}, "wechat.mode"),
    ({"XIAOER_WECHAT__SECRET": "short"}, "wechat.secret"),
    ({"XIAOER_WECHAT__SECRET_FILE": "/nowhere/at/all"}, "wechat.secret_file"),
    ({"XIAOER_WECHAT__CUSTOMER_MESSAGES": "true"}, "wechat.customer_messages"),
    ({"XIAOER_WECHAT__TEMPLATE_ID": "TM1"}, "wechat.template_id"),
    ({"XIAOER_WECHAT__MESSAGE_WINDOW_HOURS": "49"}, "wechat.message_window_hours"),
    ({"XIAOER_WECHAT__API_URL": "weixin"}, "wechat.api_url"),
]


@pytest.mark.parametrize(("environment", "key"), MISTAKES)
def test_every_mistake_is_named_at_the_start(environment: dict[str, str], key: str) -> None:
    with pytest.raises(ConfigMistakes) as caught:
        load(None, environment)

    assert [mistake for mistake in caught.value.mistakes if mistake.startswith(key)]


def test_the_secret_may_lie_in_a_file_and_not_in_two_places(tmp_path: Path) -> None:
    file = tmp_path / "secret"
    file.write_text(APP_SECRET + "\n", "utf-8")
    alone = load(None, {"XIAOER_WECHAT__SECRET_FILE": str(file)})
    both = {"XIAOER_WECHAT__SECRET_FILE": str(file), "XIAOER_WECHAT__SECRET": APP_SECRET}
    with pytest.raises(ConfigMistakes, match=r"wechat\.secret"):
        load(None, both)

    assert alone.wechat.app_secret() == APP_SECRET
    assert APP_SECRET in alone.secrets()
    assert APP_SECRET not in repr(load(None, {"XIAOER_WECHAT__SECRET": APP_SECRET}))


def test_the_plain_mode_needs_no_key() -> None:
    account = {"XIAOER_WECHAT__APP_ID": APP_ID, "XIAOER_WECHAT__TOKEN": TOKEN}

    assert load(None, {**account, "XIAOER_WECHAT__MODE": "plain"}).wechat.is_on
