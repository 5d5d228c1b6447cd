"""What Telegram shows of us besides answers, and how the channel is doing, for the health page."""

from datetime import datetime, timedelta

from bot.channels.texts import PRIVATE_LABEL
from handlers.localtime import local
from handlers.texts import clock

COMMANDS = (("start", "开始，看看能办什么事"), ("help", "怎么用，怎么找人工"))

IDLE = {"off": "没有启动", "connecting": "正在连接 Telegram", "stopped": "已停止"}
POLLING = "正常，主动收取消息"
WEBHOOK = "正常，等 Telegram 推送消息"
PRIVACY_ON = "群里只收得到点名给小二的消息（隐私模式开着）"
PRIVACY_OFF = "群里的消息都收得到（隐私模式关着）"

QUOTED = 20
"""Characters of a message by which its writer knows it again."""


def late_answer(sent_at: datetime, words: str) -> str:
    """Say to what the answer below was one: it may be read on another day."""
    here = local(sent_at)
    words = " ".join(words.split())
    quoted = f"「{words[:QUOTED]}{'…' if len(words) > QUOTED else ''}」" if words else ""
    when = f"{here.month} 月 {here.day} 日{clock(sent_at)}"
    return f"{when}发来的消息{quoted}，当时没能回上，对不起。那时的答复是："


def link(address: str) -> str:
    """Say where to go on in private, where there are no buttons."""
    return f"{PRIVATE_LABEL}：{address}"


def working(*, polling: bool, reads_all: bool) -> str:
    """Say that the channel works, and what it hears in groups."""
    return f"{POLLING if polling else WEBHOOK}；{PRIVACY_OFF if reads_all else PRIVACY_ON}"


def unreachable(failures: int, reason: str) -> str:
    """Say that Telegram cannot be reached and that it is tried again by itself."""
    return f"连不上 Telegram，已连续失败 {failures} 次，会自动重试。最近一次：{reason}"


def conflict(again: timedelta) -> str:
    """Say that another program receives for the same bot."""
    return (
        "有另一个程序在用同一个机器人收消息，这里先停了。请只留一个；"
        f"每 {again / timedelta(minutes=1):g} 分钟会再试一次"
    )


def token_refused(again: timedelta) -> str:
    """Say that Telegram does not know the token."""
    return (
        "Telegram 不认这个机器人的 token，收发都停了。请检查配置里的 telegram.token；"
        f"每 {again / timedelta(minutes=1):g} 分钟会再试一次"
    )
