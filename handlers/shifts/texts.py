"""What is said about shifts, and the words for them."""

import re
from datetime import datetime

from handlers import texts as shared
from storage.shifts import Shift

LIST = re.compile(r"有(?:什么|哪些|啥|么斯)班(?:次|可以报)?|看班|班次|志愿班|值班表|报班|还有班吗")
MY_SHIFTS = re.compile(r"我的(?:班|班次|值班|志愿班)|我报了(?:什么|哪些)班")
SIGN_UP = re.compile(
    r"(?:我要)?(?:报名|报班|我报|我要报)\s*(?:第)?\s*(?P<number>\d{1,4})\s*(?:号|个)?(?:班)?|(?:我要)?(?:报名|报班)\s*(?P<title>\D.{1,20})"
)
CANCEL = re.compile(
    r"(?:取消报名|退班|取消班|取消值班)\s*(?P<number>\d{1,4})?(?:号)?(?:班)?|(?:取消报名|退班)\s*(?P<title>\D.{1,20})"
)
DAYS = {"今天": 0, "明天": 1, "后天": 2, "大后天": 3}

NONE_OPEN = "现在没有可以报名的班。有新的班会在志愿队里通知。"
NONE_MINE = "您现在没有报班。说「有什么班」看看可以报的。"
WHICH_TO_JOIN = "要报哪一个班？"
WHICH_TO_LEAVE = "要取消哪一个班？"
PRIVATE = "要报名，请点我的头像私聊我说「有什么班」。"
LIST_HEAD = "可以报名的班："
CANNOT_COME = "我来不了"
SEE_SHIFTS = "看看别的班"


def line(shift: Shift, now: datetime, *, mine: bool) -> str:
    """Return one shift on one line."""
    left = shift.places - shift.taken
    free = "您已报名" if mine else f"还差 {left} 人" if left else "已满"
    place = f"，{shift.place}" if shift.place else ""
    return f"{shift.title}，{shared.span(shift.starts_at, shift.ends_at, now)}{place}（{free}）"


def full_list(lines: list[str]) -> str:
    """Return shifts that cannot be chosen now, below the list."""
    return "\n".join(f"· {one}" for one in lines)


def joined(shift: Shift, now: datetime, reminded: list[datetime]) -> str:
    """Confirm a sign-up, with when the reminders come."""
    when = "、".join(shared.when(at, now) for at in reminded)
    remind = f"我会在{when}提醒您。" if when else "时间快到了，请准时到。"
    place = f"，地点：{shift.place}" if shift.place else ""
    return (
        f"报名成功：{shift.title}，{shared.span(shift.starts_at, shift.ends_at, now)}{place}。\n"
        f"{remind}来不了请提前 2 小时说「取消报名」。"
    )


def left(shift: Shift, now: datetime) -> str:
    """Confirm that somebody is off the shift."""
    return f"已取消：{shift.title}，{shared.when(shift.starts_at, now)}。名额已让给别人，也不再提醒您。"


def mine(lines: list[str]) -> str:
    """List one's own shifts."""
    return "\n".join(["您报的班：", *(f"· {one}" for one in lines), "来不了请说「取消报名」。"])


def tomorrow(shift: Shift, at: datetime) -> str:
    """Remind a day ahead."""
    place = f"，地点：{shift.place}" if shift.place else ""
    return (
        f"提醒您：{shared.span(shift.starts_at, shift.ends_at, at)}，您报名了「{shift.title}」{place}。"
        "来不了请尽早说「取消报名」，好让别人补上。"
    )


def soon(shift: Shift, at: datetime) -> str:
    """Remind shortly before the start."""
    place = f"，地点：{shift.place}" if shift.place else ""
    return f"提醒您：「{shift.title}」{shared.when(shift.starts_at, at)}开始{place}。辛苦您了，路上慢点。"
