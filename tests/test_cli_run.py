"""The service as `xiaoer run` starts it: a real process, its page, its channels, its end."""

import asyncio
import re
import signal
from contextlib import ExitStack
from pathlib import Path

import httpx

from tests.peers.telegram.server import TelegramPeer
from tests.program import running, xiaoer


def test_run_serves_says_where_and_stops_when_told(tmp_path: Path) -> None:
    data = tmp_path / "d"
    with running(tmp_path, data) as (process, url):
        assert httpx.get(f"{url}/healthz").json()["status"] == "ok"
        assert httpx.get(url).status_code == 200
        second = xiaoer("chat", "--data", data, given="你好\n", folder=tmp_path)
        port_taken = xiaoer(
            *("run", "--data", tmp_path / "e"),
            folder=tmp_path,
            XIAOER_WEB__PORT=url.rsplit(":", 1)[1],
        )
        invited = xiaoer("admin", "invite", "--data", data, folder=tmp_path)
        checked = xiaoer("check", "--data", data, folder=tmp_path)

        process.send_signal(signal.SIGTERM)
        out, err = process.communicate(timeout=30)

    assert process.returncode == 0, err
    assert "Traceback" not in err
    assert out
    assert second.returncode == 1
    assert str(process.pid) in second.stderr
    assert port_taken.returncode == 1
    assert "Traceback" not in port_taken.stderr
    assert (invited.returncode, checked.returncode) == (0, 0)


def test_after_a_kill_the_folder_is_free_again(tmp_path: Path) -> None:
    data = tmp_path / "d"
    with running(tmp_path, data) as (process, _):
        process.kill()
        process.wait()

    assert xiaoer("chat", "--data", data, given="你好\n", folder=tmp_path).returncode == 0


TOKEN = "110201543:AAHdqTcvCH1vGWJxfSeofSAs0K5PALDsaw"


def test_telegram_out_of_reach_keeps_nothing_else_from_working(tmp_path: Path) -> None:
    nowhere = {
        "XIAOER_TELEGRAM__TOKEN": TOKEN,
        "XIAOER_TELEGRAM__API_URL": "http://127.0.0.1:9",
        "XIAOER_LOG__LEVEL": "debug",
    }
    with running(tmp_path, tmp_path / "d", **nowhere) as (process, url):
        assert httpx.get(f"{url}/healthz").status_code == 200

        process.send_signal(signal.SIGINT)
        out, err = process.communicate(timeout=60)

    assert process.returncode == 0, err
    assert TOKEN not in out + err


async def test_a_person_on_telegram_is_answered_by_what_run_starts(tmp_path: Path) -> None:
    async with TelegramPeer() as peer:
        telegram = {
            "XIAOER_TELEGRAM__TOKEN": peer.token,
            "XIAOER_TELEGRAM__API_URL": peer.root_url,
        }
        with ExitStack() as stack:
            service = running(tmp_path, tmp_path / "d", **telegram)
            process, _ = await asyncio.to_thread(stack.enter_context, service)
            li = peer.user(7, "李阿姨")
            await peer.say(li, li, "家里着火了")
            [first, *_] = await peer.wait_for(lambda: peer.messages_to(li), 30)

            process.send_signal(signal.SIGTERM)
            _, err = await asyncio.to_thread(process.communicate, timeout=60)

        assert "119" in first.text
        assert process.returncode == 0, err
        assert peer.violations == []


def test_check_says_of_every_channel_how_it_is(tmp_path: Path) -> None:
    aes_key, nowhere = "jWmYm7qr5nMoAUwZRjGtBxmz3KA1tkAj3ykkR6q2B2C", "http://127.0.0.1:9"
    robots = tmp_path / "robots"
    robots.write_text(
        f'"建港社区工作群" = "{nowhere}/cgi-bin/webhook/send?key=0123456789abcdef"\n', "utf-8"
    )
    robots.chmod(0o600)
    variables = {
        "TELEGRAM__TOKEN": "110201543:AAHdqTcvCH1vGWJxfSeofSAs0K5PALDsaw1",
        "TELEGRAM__API_URL": nowhere,
        "WECHAT__APP_ID": "wx5823bf96d3bd56c7",
        "WECHAT__TOKEN": "token",
        "WECHAT__ENCODING_AES_KEY": aes_key,
        "WECHAT__SECRET": "0123456789abcdef0123456789abcdef",
        "WECHAT__API_URL": nowhere,
        "WECOM__CORP_ID": "wx5823bf96d3bd56c7",
        "WECOM__API_URL": nowhere,
        "WECOM__APP_AGENT_ID": "218",
        "WECOM__APP_TOKEN": "token",
        "WECOM__APP_ENCODING_AES_KEY": aes_key,
        "WECOM__APP_SECRET": "app-secret-0123456789",
        "WECOM__KF_TOKEN": "token",
        "WECOM__KF_ENCODING_AES_KEY": aes_key,
        "WECOM__KF_SECRET": "kf-secret-0123456789",
        "WECOM__BOT_MODE": "websocket",
        "WECOM__BOT_ID": "aibXXXX",
        "WECOM__BOT_SECRET": "bot-secret-0123456789",
        "WECOM__BOT_LINE_URL": "ws://127.0.0.1:9",
        "WECOM__PUSH_FILE": str(robots),
        "SMS__URL": nowhere,
        "SMS__SECRET": "sms-secret-0123456789",
    }
    given = {f"XIAOER_{name}": value for name, value in variables.items()}
    with running(tmp_path, tmp_path / "data", **given):
        done = xiaoer("check", "--data", tmp_path / "data", folder=tmp_path, **given)

    said = dict(re.findall(r"运行·(.+?)：(.+)", done.stdout))
    assert {
        "网页",
        "Telegram",
        "微信公众号",
        "企业微信应用",
        "微信客服",
        "企业微信智能机器人",
        "企业微信群机器人",
        "短信",
    } <= set(said), done
    assert "页面开着 0 个" in said["网页"]
    assert all("凭证" in said[name] for name in ("微信公众号", "企业微信应用", "微信客服"))
    assert "1 个群" in said["企业微信群机器人"]
    assert "最多 20 条" in said["企业微信群机器人"]
    assert "secret" not in done.stdout
