"""What is said about shifts, and the words for them."""

import re
from datetime import datetime, timedelta

from handlers import texts as shared
from storage.shifts import Shift

_PLEASE = r"(?:请|麻烦)?(?:帮我|给我|替我)?(?:我)?(?:要|想|来)?"
_DAY = r"(?:大后天|后天|明天|明早|明晚|明日|今天|今晚|今早|今日)"
_WHEN = rf"(?:{_DAY}|(?:下下|下|这|本)?个?(?:周|星期|礼拜)[一二三四五六日天末])(?:早上|上午|中午|下午|晚上)?"
_SHIFT = r"(?:的)?(?:班次?|值守|值班|巡逻|志愿班|志愿活动|志愿服务|活动)"
_CANNOT = r"(?:来不了|去不了|不能来|不能去|不能值班|来不成|去不成|上不了|值不了|参加不了|赶不过来|不来了|不去了)了?"
_QUESTION = r"(?!.*(?:怎么|如何|什么|吗|条件|材料|多少|几点|费|电话|哪|能不能|可不可以))"

LIST = re.compile(
    rf"(?:请问|看看|看下|查查|查一下)?(?:最近|现在|这周|本周|下周|周末|{_WHEN})?(?:还)?有(?:什么|哪些|啥|么斯)"
    r"(?:志愿)?班次?(?:可以报|能报|可以报名|缺人|要人)?[吗呢]?"
    r"|(?:现在|请问)?还有(?:位子|位置|名额|空位|空缺)(?:吗|没有?|不)?"
    r"|看班|班次|志愿班|值班表|报班|还有班吗|班次表|(?:查|看|查看)班次?"
)
MY_SHIFTS = re.compile(
    r"(?:查|看|查看|看看|查一下|看一下)?我的(?:班|班次|值班|值守|志愿班|排班|报名)"
    r"|我(?:都)?报(?:名)?了(?:什么|啥|么|哪些|哪个|几个)(?:班|活动)?"
    r"|(?:大?后天|明天|明早|明晚)(?:是)?几点(?:开始|集合|到|去|值班)?"
)
HOURS = re.compile(
    r"(?:我|查一?下|查|看看|看|一共|总共|今年|到现在|已经|\s)*(?:做|干|参加|服务|值)(?:了|过)?(?:的)?(?:志愿(?:服务)?|服务|班)?(?:了)?"
    r"(?:多少|几|好多|几多)个?(?:小时|钟头|时间|次|个?班)(?:了|的?(?:志愿|服务|志愿服务|班))?"
    r"|(?:查一?下|查|看看|看|查看)?我的?(?:志愿服务|志愿|服务)的?(?:时长|小时数?|工时|时间|记录)(?:有|是)?(?:多少|几个?小时|几次)?"
)
REMIND = re.compile(
    rf"(?:请|麻烦|可以|能不能|能|会|还会|你|小二|再|到时候?|记得|提前[^，。,]{{0,8}}?|{_DAY}|开始前|\s|[,，])*"
    r"提醒(?:我)?(?:一下|一声|值班|上班|去)*(?:吗|不|没有)?|(?:什么时候|几点|几时|么时候)(?:会)?提醒我?"
)
"""Whoever asks to be reminded has been promised it already."""
SWAP = re.compile(
    rf"(?:我|要|想|能不能|可不可以|可以|能|帮我|\s)*(?:换|调|改)(?:个|一个|一下)?(?:班次?|值班(?:时间)?)(?:吗|行吗|可以吗)?"
    rf"|(?:我|要|想|能不能|可不可以|可以|能|帮我|\s)*(?:换|改|调)(?:到|成)\s*{_WHEN}(?:{_SHIFT})?(?:吗|行吗|可以吗)?"
)
SIGN_UP = re.compile(
    rf"{_PLEASE}(?:报名|报班|报)\s*(?:第\s*[一二三四五六]\s*个|(?:第\s*)?(?P<number>\d{{1,2}})\s*(?:号|个)?)(?:班次?)?"
    rf"|{_PLEASE}(?:报名|报个名|报班)(?:一下)?"
    rf"|{_PLEASE}(?:报名|报)(?:一下|参加)?\s*{_WHEN}{_SHIFT}?"
    rf"|{_QUESTION}{_PLEASE}(?:报名|报班)(?:一下)?(?:参加)?\s*(?P<title>[^\d\s,.?!;][^,.?!;]{{1,20}})"
)
CANCEL = re.compile(
    rf"{_PLEASE}(?:取消报名|取消班|取消值班|取消我的班|退班|退报名|撤销报名|不报名了)(?:一下)?\s*(?:第\s*)?(?P<number>\d{{1,2}})?\s*(?:号|个)?(?:班次?)?"
    rf"|{_PLEASE}取消(?:第\s*[一二三四五六\d]\s*个|\d{{1,2}}\s*号|{_WHEN}){_SHIFT}"
    rf"|{_QUESTION}{_PLEASE}(?:取消报名|退班|退出)\s*(?P<title>[^\d\s,.?!;][^,.?!;]{{1,20}})"
    rf"|我?(?:{_WHEN}{_SHIFT}?|{_SHIFT})我?{_CANNOT}"
    r"|我?(?:来|去)不了了?"
)

NUMBER = re.compile(
    r"第\s*(\d{1,2}|[一二三四五六])\s*(?:个|班)|(?<![\d月])(\d{1,2}|[一二三四五六])\s*号\s*班"
    r"|(?:报名|报班|我报|我要报|取消报名|取消班|取消值班|退班|退报名)\s*(\d{1,2})\s*(?:号|个)?$"
)
ASKING = re.compile(r"怎么|怎样|如何|吗|能不能|可不可以|行不行|什么|多少|哪")
"""Who asks is shown what there is; only who says so is put on a shift or taken off one."""
OWN = re.compile(
    r"我的班|我的值班|我的排班|我报|我(?:什么时候|哪天|几点|下次|[今明后]天|这周|本周|下周).{0,6}(?:值班|值守|班)"
    r"|(?:几点|什么时候|么时候|在?哪里?|哪儿|么位置)(?:集合|到岗|签到|碰头|报到)|集合(?:地点|时间)"
)
ANY_SHIFT = re.compile(r"活动|志愿|服务|值班|班次|报名|参加|取消|社区|小区")
"""Words that fit every shift, and so name none."""

DAYS = {
    "大后天": 3,
    "后天": 2,
    **dict.fromkeys(("明天", "明早", "明晚", "明日"), 1),
    **dict.fromkeys(("今天", "今晚", "今早", "今日"), 0),
}
DAY = re.compile("|".join(DAYS))
WEEK = re.compile(r"(?P<which>下下|下|这|本)?个?(?:周|星期|礼拜)(?P<day>[一二三四五六日天末])?")
WEEKS = {"这": 0, "本": 0, "下": 1, "下下": 2}
WEEK_DAYS = {
    **{name: [place] for place, name in enumerate(shared.WEEKDAYS)},
    "天": [6],
    "末": [5, 6],
}
DATE = re.compile(
    r"(?P<month>\d{1,2})月(?P<day>\d{1,2})[日号]|(?<!\d)(?P<alone>\d{1,2})[日号](?=[的那早上中下晚])"
)
_HOURS = (
    (re.compile("早上|清早|一早|上午|早班|[今明]早"), frozenset(range(5, 12))),
    (re.compile("中午"), frozenset(range(11, 14))),
    (re.compile("下午"), frozenset(range(12, 18))),
    (re.compile("晚上|晚班|夜班|夜里|傍晚|[今明]晚"), frozenset([*range(17, 24), *range(5)])),
)

NONE_OPEN = "现在没有可以报名的班。有新的班会在志愿队里通知。"
SWAP_HEAD = "换班分两步：先说「取消报名」退掉原来的，再选新的。现在还能报的："
REMINDED_HEAD = "您报的班到时候我都会提醒，不用再设："
STOPPED = "您停了班次消息，我现在不会提醒。要提醒，回复「恢复 班次」。"
NONE_LIKE_THAT = "您说的那个班我没有找到。"
NONE_DONE = "您还没有值完的班。说「我的班」看报了哪些，「有什么班」看可以报的。"
NONE_MINE = "您现在没有报班。说「有什么班」看看可以报的。"
WHICH_TO_JOIN = "要报哪一个班？"
WHICH_TO_LEAVE = "要取消哪一个班？"
PRIVATE = "要报名，请点我的头像私聊我说「有什么班」。"
LIST_HEAD = "可以报名的班："
CANNOT_FOLLOW = "下面的暂时报不了："
CANNOT_COME = "我来不了"
SEE_SHIFTS = "看看别的班"


def number_in(said: str) -> int | None:
    """Return the place in the list last shown that the words name, or None."""
    found = NUMBER.search(said)
    if found is None:
        return None
    named = next(group for group in found.groups() if group)
    return int(named) if named.isdecimal() else shared.DIGITS[named]


def hours_in(said: str) -> frozenset[int] | None:
    """Return the hours at which a shift may start for the part of the day that was named."""
    found = [hours for words, hours in _HOURS if words.search(said)]
    return frozenset().union(*found) if found else None


def line(shift: Shift, now: datetime, *, mine: bool = False, clashes: bool = False) -> str:
    """Return one shift on one line."""
    free = shift.places - shift.taken
    if mine:
        state = "您已报名"
    elif not free:
        state = "已满"
    else:
        state = "和您报的班时间冲突" if clashes else f"还差 {free} 人"
    return (
        f"{shift.title}，{shared.span(shift.starts_at, shift.ends_at, now)}{_at(shift)}（{state}）"
    )


def more(count: int) -> str:
    """Say that the list goes on, and how to see the rest."""
    return f"后面还有 {count} 个班，说「下周有什么班」这样可以看。"


def listed(head: str, lines: list[str]) -> str:
    """Return shifts line by line under a heading."""
    return "\n".join([head, *(f"· {one}" for one in lines)])


def joined(shift: Shift, now: datetime, reminded: list[datetime]) -> str:
    """Confirm a sign-up, with when the reminders come."""
    when = "、".join(shared.when(at, now) for at in reminded)
    remind = f"我会提醒您：{when}。" if when else "时间快到了，请准时到。"
    return (
        f"报名成功：{shift.title}，{shared.span(shift.starts_at, shift.ends_at, now)}{_at(shift)}。\n"
        f"{remind}来不了请提前 2 小时说「取消报名」。"
    )


def left(shift: Shift, now: datetime) -> str:
    """Confirm that somebody is off the shift."""
    return (
        f"已取消：{shift.title}，{shared.when(shift.starts_at, now)}。"
        "名额已让给别人，也不再提醒您。"
    )


def hours_done(count: int, time: timedelta, last: Shift, now: datetime) -> str:
    """Say how many shifts are over and how long they were to last; who came is not known here."""
    minutes = int(time.total_seconds()) // 60
    whole, rest = divmod(minutes, 60)
    said = f"{whole} 小时" + (f" {rest} 分钟" if rest else "")
    return (
        f"您报过名、已经结束的班有 {count} 个，按排班算一共 {said}，最近一次是{shared.day(last.starts_at, now)}的"
        f"{last.title}。到没到岗小二没有记，正式的志愿时长以志愿队登记为准；要开证明请回复 9。"
    )


def closed(shift: Shift, now: datetime) -> str:
    """Say that the named shift takes nobody any more."""
    when = shared.when(shift.starts_at, now)
    over = "已经开始了" if shift.starts_at <= now else "离开始不到 2 小时，名单定了"
    return f"「{shift.title}」（{when}）{over}，报不了了。"


def too_late(shift: Shift, now: datetime) -> str:
    """Say that the roster is printed, and who can still help."""
    return (
        f"「{shift.title}」（{shared.when(shift.starts_at, now)}）离开始不到 2 小时，名单定了，我取消不了。"
        "来不了请马上回复 9，我把这个班告诉工作人员。"
    )


def cannot_come(shift: Shift) -> str:
    """Tell the staff which shift somebody cannot come to."""
    return f"来不了，想取消「{shift.title}」，{_date(shift)}{_at(shift)}"


def mine(lines: list[str]) -> str:
    """List one's own shifts, numbered as 取消报名 understands them."""
    numbered = [f"（{place}）{line}" for place, line in enumerate(lines, start=1)]
    return "\n".join(["您报的班：", *numbered, "来不了请说「取消报名 1」这样。"])


def reminded(shift: Shift, now: datetime, due: list[datetime]) -> str:
    """Say when the reminders of one shift come."""
    when = "、".join(shared.when(at, now) for at in due)
    said = f"{when}提醒" if when else "已经提醒过了"
    return f"{shift.title}，{shared.span(shift.starts_at, shift.ends_at, now)}：{said}"


def tomorrow(shift: Shift) -> str:
    """Remind a day ahead; names the date, since after an outage it may come later."""
    return (
        f"提醒您：您报名了「{shift.title}」，{_date(shift)}{_at(shift)}。"
        "来不了请尽早说「取消报名」，好让别人补上。"
    )


def soon(shift: Shift, *, may_leave: bool) -> str:
    """Remind shortly before the start; or the evening before, when that would be at night."""
    where = f"{_date(shift)}{_at(shift)}"
    if may_leave:
        return (
            f"夜里不打扰您，先提醒一声：「{shift.title}」，{where}。"
            "来不了请现在就说「取消报名」。辛苦您了，路上慢点。"
        )
    return (
        f"提醒您：「{shift.title}」快开始了，{where}。"
        "名单已经定了，有急事来不了请回复 9。辛苦您了，路上慢点。"
    )


def _at(shift: Shift) -> str:
    return f"，地点：{shift.place}" if shift.place else ""


def _date(shift: Shift) -> str:
    """Return the span with its date: true on whichever day it is read."""
    return shared.span(shift.starts_at, shift.ends_at, shift.starts_at - _FAR)


_FAR = timedelta(days=30)
"""Seen from so far away no day is called today or tomorrow."""
