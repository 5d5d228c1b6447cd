"""What is said about offices, what to bring and outages, and the words staff announce them with."""

import re
from collections.abc import Sequence
from datetime import date, datetime

from handlers import texts as shared
from handlers.localtime import local
from storage.guide import Office, Outage, Service
from storage.words import OfficeDays, UtilityWord

UTILITIES = {
    "水": UtilityWord.WATER,
    "自来水": UtilityWord.WATER,
    "电": UtilityWord.POWER,
    "气": UtilityWord.GAS,
    "燃气": UtilityWord.GAS,
    "煤气": UtilityWord.GAS,
    "天然气": UtilityWord.GAS,
}
STOPPED = {UtilityWord.WATER: "停水", UtilityWord.POWER: "停电", UtilityWord.GAS: "停燃气"}
RESTORED_WORD = {
    UtilityWord.WATER: "恢复供水",
    UtilityWord.POWER: "恢复供电",
    UtilityWord.GAS: "恢复供气",
}
_UTILITY = r"(?P<utility>自来水|水|电|燃气|煤气|天然气|气)"

_TO_COME = r"明天|明日|明早|明晚|后天|(?:下|这|本)?(?:周|星期)[一二三四五六日天]|\d{1,2}\s*[日号]"

ANNOUNCE = re.compile(
    rf"(?:发布|通知|公告)?停{_UTILITY}(?:通知|公告)?[\s:：,，]+(?P<rest>.{{2,300}})"
    rf"|(?=.*(?:{_TO_COME}))(?=.*[点时:：].{{0,8}}[到至~-])(?!.*[吗？?我店家])(?P<rest_b>.{{6,60}}?)"
    rf"(?:计划|临时|要|将|会)?停{_UTILITY.replace('utility', 'utility_b')}[\s,，。:：]*(?P<why_b>.{{0,120}})"
)
"""What is stopped first, as the example shows it; or last, as people say it of a day to come."""
RESTORE = re.compile(rf"(?:已经?)?恢复供?{_UTILITY}了?[\s:：,，]*(?P<rest>.{{0,60}})")

UTILITY = re.compile(_UTILITY)
AROUND = " \t，,。.；;：:、"

WHOLE_STREET = ("全街道", "整个街道", "全街")
COMMUNITY_TAIL = "社区"
ESTATE_TAIL = re.compile(r"小区$")

DAYS = {
    OfficeDays.WORKDAYS: "工作日（法定节假日休息）",
    OfficeDays.MON_TO_SAT: "周一到周六",
    OfficeDays.EVERY_DAY: "每天",
}

WHICH_OFFICE = "您问的是哪一个？"
WHICH_SERVICE = "您要办的是哪一件？"
NOT_REGISTERED = "这个我这里没有登记，不敢乱说。您的问题我记下来了，交给工作人员。急着要知道，回复 9 请工作人员来答您。"
SAY_ESTATE = "您告诉我是哪个小区，我查得更准。"
NOT_KNOWN_WHY = (
    "要是已经停了，原因和恢复时间我不敢乱说；您的问题我记下来了，交给工作人员。也可以报修。"
)
REPORT_LABEL = "报修"
REPORT_ANYWAY = "已经登记过了，一般不用再报。您家情况不一样，还要另外报修吗？"
REPORT_ANYWAY_LABEL = "仍要报修"
NO_REPORT_LABEL = "不用了"
NO_REPORT = "好的，没有报修。恢复得比说的晚，再告诉我。"
STILL_OUT = "要是您家还没有恢复，可以报修。"

FORM_TITLE = "要发布的停水停电通知"
UTILITY_LABEL, PLACE_LABEL, SPAN_LABEL, REASON_LABEL = "停什么", "哪里", "时间", "原因"
ASK_UTILITY = "停的是水、电还是燃气？"
ASK_PLACE = "停在哪个小区或社区？全街道就说「全街道」。"
ASK_SPAN = "从什么时候到什么时候？还不知道什么时候恢复，就只说开始的时间。"
ASK_REASON = "是什么原因？"
EXAMPLE_UTILITY = "停水"
EXAMPLE_PLACE = "芳草苑小区"
EXAMPLE_SPAN = "明天8点到12点"
EXAMPLE_REASON = "水管检修"
IN_PRIVATE = "请私聊我发这一句，我念一遍给您确认，再发布。"
HOW_TO_ANNOUNCE = "要发布停水停电，请写成一句：「停水 芳草苑小区 明天8点到12点 水管检修」。"
HOW_TO_RESTORE = "请写上小区，例如「恢复供水 芳草苑小区」。"
OPEN_END = "恢复时间待定"

_PART = r"(?P<part>凌晨|清早|早上|早|上午|中午|下午|傍晚|晚上|晚|夜里)?"
_HOUR = r"(?P<hour>\d{1,2}|二十[一二三四]?|十[一二三四五六七八九]?|[一二两三四五六七八九])"
CLOCK = re.compile(
    rf"{_PART}\s*{_HOUR}\s*(?:[点时]|[:：])\s*(?P<minute>半|\d{{1,2}})?\s*分?(?:钟|整)?"
)
_DAYS = (
    r"大后天|后天|明天|明日|今天|今日|今晚|明晚|明早|今早"
    r"|(?:下下|下|这|本)?个?(?:周|星期|礼拜)[一二三四五六日天]|(?:\d{1,2}\s*月\s*)?\d{1,2}\s*[日号]"
)
DAY = re.compile(rf"(?:{_DAYS})")
NOW = re.compile(r"现在|即日|马上|刚才|从现在")
UNTIL = re.compile(r"\s*(?:到|至|-|—|–|~|～)\s*")
AND_ON = re.compile(r"\s*(?:起|开始|以后|之后)")
EVENING = frozenset({"今晚", "明晚"})
ADDED_HOURS = {"下午": 12, "傍晚": 12, "晚上": 12, "晚": 12, "夜里": 12, "中午": 12}
"""Added to an hour before noon; at noon only to the small ones, see timing.py."""
NOON_WORD = "中午"
MORNING = "早"
HALF = "半"


def street_phone(phone: str) -> str:
    """Name the street's own telephone."""
    return f"也可以打街道电话 {phone}。"


def dated(updated_on: date) -> str:
    """Say from when something is."""
    return f"（{updated_on.year} 年 {updated_on.month} 月 {updated_on.day} 日更新）"


def old(updated_on: date) -> str:
    """Warn that something was registered long ago."""
    return f"注意：这是 {updated_on.year} 年 {updated_on.month} 月登记的，过了半年，可能变了，请先打电话问一下。"


def office(place: Office, day_line: str, *, outdated: bool) -> str:
    """Describe one office."""
    lines = [f"{place.name}{demo(made_up=place.demo)}"]
    if place.phone:
        lines.append(f"电话：{place.phone}")
    if place.address:
        lines.append(f"地址：{place.address}")
    lines.append(f"时间：{DAYS[place.days]} {place.opens}—{place.closes}")
    if place.note:
        lines.append(place.note)
    lines.append(f"{day_line}{old(place.updated_on) if outdated else dated(place.updated_on)}")
    return "\n".join(lines)


def demo(*, made_up: bool) -> str:
    """Mark what was made up for the demonstration."""
    return "（演示，号码和地址都是编的）" if made_up else ""


def open_on(day: str, place: Office) -> str:
    """Say that an office is open on a day."""
    return f"{day}上班，{place.opens} 到 {place.closes}。"


def open_now(place: Office) -> str:
    """Say that an office is open at this moment."""
    return f"今天上班，现在开着，{place.closes} 下班。"


def closed_already(place: Office) -> str:
    """Say that an office has closed for today."""
    return f"今天上班，不过 {place.closes} 已经下班了。"


def closed_on(day: str) -> str:
    """Say that an office is closed on a day."""
    return f"{day}休息。"


PROVISIONAL = "（那一年的放假安排还没公布，先按周一到周五算）"


def service(what: Service, *, outdated: bool) -> str:
    """Describe what to bring and where."""
    mark = "（演示，内容是编的）" if what.demo else ""
    lines = [f"{what.name}{mark}", f"要带：{what.bring}"]
    if what.place:
        lines.append(f"去哪里：{what.place}")
    if what.note:
        lines.append(what.note)
    lines.append(old(what.updated_on) if outdated else dated(what.updated_on))
    return "\n".join(lines)


def stopped(utilities: Sequence[UtilityWord]) -> str:
    """Name what is cut off."""
    return "、".join(STOPPED[utility] for utility in utilities)


def span(starts_at: datetime, ends_at: datetime | None, now: datetime) -> str:
    """Return a span as people say it; the end may be unknown, or on another day."""
    if ends_at is None:
        return f"{shared.when(starts_at, now)}起，{OPEN_END}"
    same_day = local(starts_at).date() == local(ends_at).date()
    until = shared.clock(ends_at) if same_day else shared.when(ends_at, now)
    return f"{shared.when(starts_at, now)}到{until}"


def source(outage: Outage, now: datetime) -> str:
    """Say where a notice comes from, and of when it is."""
    mark = "，演示" if outage.demo else ""
    return f"（{outage.source}，{shared.when(outage.published_at, now)}发布{mark}）"


def out_now(outage: Outage, now: datetime) -> str:
    """Describe an outage that is going on."""
    return (
        f"{outage.place}正在{STOPPED[outage.utility]}：{span(outage.starts_at, outage.ends_at, now)}。"
        f"原因：{outage.reason}。{source(outage, now)}"
    )


def planned(outage: Outage, now: datetime) -> str:
    """Describe an outage that is to come."""
    return (
        f"{outage.place}计划{STOPPED[outage.utility]}：{span(outage.starts_at, outage.ends_at, now)}。"
        f"原因：{outage.reason}。请提前准备。{source(outage, now)}"
    )


def doubtful(outage: Outage, now: datetime) -> str:
    """Describe an outage that may be over; its notice is old."""
    return (
        f"{outage.place}有一条{STOPPED[outage.utility]}通知是{shared.when(outage.published_at, now)}发布的，"
        f"没有写恢复时间，日子久了，可能已经恢复。原因：{outage.reason}。"
    )


def over(outage: Outage, now: datetime) -> str:
    """Say that an outage is over."""
    ended = outage.ended_at or outage.ends_at
    assert ended is not None
    word = "已经恢复" if outage.ended_at else "按通知应当已经恢复"
    return f"{outage.place}的{STOPPED[outage.utility]}（{outage.reason}）{shared.when(ended, now)}{word}。"


def none_registered(where: str, utilities: Sequence[UtilityWord]) -> str:
    """Say that no outage is registered; `where` is the street where the place is not known."""
    return f"{where}现在没有登记的{stopped(utilities)}通知。"


def out_here(estate: str, utilities: Sequence[UtilityWord]) -> str:
    """Return the report that somebody makes who only asked why."""
    return f"{estate}{stopped(utilities)}了"


def shown_span(starts_at: datetime, ends_at: datetime | None) -> str:
    """Return a span for the one who announces it: plain dates, so that a slip shows."""
    if ends_at is None:
        return f"{_moment(starts_at)} 起，{OPEN_END}"
    same = local(starts_at).date() == local(ends_at).date()
    until = f"{local(ends_at):%H:%M}" if same else _moment(ends_at)
    return f"{_moment(starts_at)} 到 {until}"


def _moment(moment: datetime) -> str:
    here = local(moment)
    weekday = shared.WEEKDAYS[here.weekday()]
    return f"{here.month} 月 {here.day} 日（周{weekday}）{here:%H:%M}"


def published(outage: Outage, now: datetime) -> str:
    """Confirm what residents are told from now on."""
    return (
        f"已发布：{outage.place}{STOPPED[outage.utility]}，{span(outage.starts_at, outage.ends_at, now)}，"
        f"{outage.reason}。居民来问，我就这样答。恢复了请说「{RESTORED_WORD[outage.utility]} {outage.place}」。"
    )


def restored(outages: Sequence[Outage]) -> str:
    """Confirm that outages are over."""
    lines = "；".join(f"{one.place}{STOPPED[one.utility]}（{one.reason}）" for one in outages)
    return f"好的，已记下恢复：{lines}。居民来问，我就说已经恢复。"


def called_off(outages: Sequence[Outage]) -> str:
    """Confirm that outages that had not begun are off."""
    lines = "；".join(f"{one.place}{STOPPED[one.utility]}（{one.reason}）" for one in outages)
    return f"好的，还没开始的通知已经取消：{lines}。"


def nothing_to_restore(place: str, utility: UtilityWord) -> str:
    """Say that there is no such outage of theirs."""
    return f"{place}没有您可以结束的{STOPPED[utility]}通知。"
