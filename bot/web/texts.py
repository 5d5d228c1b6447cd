"""What the web pages say by themselves, and the one word they look for."""

import re
from datetime import datetime

from handlers import texts as shared
from handlers.localtime import local

MENTION = re.compile(r"[@＠]\s*小二")
"""How a room speaks to the bot; everything else said there is between people."""

MORE_HINT = shared.MORE_HINT
PRESSED = "（点了按钮）"
FROM_GROUP = "从群里过来，接着办"
SOMEBODY = "居民"
NOBODY = "匿名居民"

NOT_FOUND = "没有这个页面。请回到首页。"
NOT_ALLOWED_HERE = "这个请求不对，请刷新页面后再试。"
LINK_OVER = "这个链接已经用过或过期了。请私聊小二说「管理页」，再要一个。"
NO_SESSION = "页面打开太久了，请刷新一下再发。"
OTHER_SITE = "这个请求不是从本页面发出的，没有处理。"
WRONG_SHAPE = "这条消息的格式不对，没有处理。请刷新页面后再发一次。"
TOO_LARGE_TEXT = "这段话太长了，没有收下。请分几次、简短地说。"
TOO_LARGE_PHOTO = "这张照片超过 20 MB，没有收下。请换一张小一点的。"
TOO_MANY_PIXELS = "这张照片的尺寸太大，没有收下。请用手机重新拍一张。"
NOT_A_PHOTO = "这个文件不是照片，或者已经损坏，没有收下。请换一张。"
PHOTO_GONE = "这张照片没有找到，请重新选一张。"
NO_PHOTO = "没有收到照片，请重新选一张。"
STORE_DOWN = "系统暂时连不上数据库，请过几分钟再试。急事请直接打电话。"
OUR_MISTAKE = "对不起，小二出了点问题。请再试一次；急事请直接打社区或 12345 电话。"
NOT_TAKEN = "这条消息没有处理。请过一分钟再发一次。"
NOT_KEPT = "小二暂时存不下这句话。请先照下面说的做，过几分钟再发一次。"
BUSY = "现在看的人太多，新消息会晚一点显示。"
NO_SUCH_ROOM = "您不在这个群里，看不到这个群。"
NO_SUCH_PERSON = "演示里没有这个人。"
ONLY_DEMO = "只有在本机演示时才能换身份说话。"

_STATUS = {
    400: WRONG_SHAPE,
    404: NOT_FOUND,
    405: NOT_ALLOWED_HERE,
    413: TOO_LARGE_TEXT,
}


def status(code: int) -> str:
    """Say what a status means when nobody said it better."""
    return _STATUS.get(code, NOT_ALLOWED_HERE)


def chosen(number: int) -> str:
    """Say what was pressed where repeating its words could be misread as news."""
    return f"我选第 {number} 项"


def day(moment: datetime) -> str:
    """Return the day as a line between messages: 11 月 23 日 周一."""
    here = local(moment)
    return f"{here.month} 月 {here.day} 日 周{shared.WEEKDAYS[here.weekday()]}"


def clock(moment: datetime) -> str:
    """Return the time of day beside a message: short, since it stands on every one."""
    here = local(moment)
    return f"{here.hour}:{here.minute:02d}"


def port_taken(host: str, port: int) -> str:
    """Say that another program listens there."""
    return (
        f"网页端口 {host}:{port} 已经被别的程序占用，小二没有启动。"
        "请先停下那个程序，或者换一个端口，例如 XIAOER_WEB__PORT=8081。"
    )


def port_refused(host: str, port: int, reason: str) -> str:
    """Say that the address cannot be listened on."""
    return f"不能在 {host}:{port} 提供网页：{reason}。请检查 web.host 和 web.port。"
