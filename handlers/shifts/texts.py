"""What is said about shifts, and the words for them."""

import re
from datetime import datetime

from handlers import texts as shared
from handlers.localtime import local
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
    r"|看班|班次|志愿班|值班表|报班|还有班吗|班次表|(?:查|看|查看)班次?"
)
MY_SHIFTS = re.compile(
    r"(?:查|看|查看|看看|查一下|看一下)?我的(?:班|班次|值班|值守|志愿班|排班|报名)"
    r"|我(?:都)?报(?:名)?了(?:什么|哪些|哪个|几个)(?:班|活动)?"
)
SIGN_UP = re.compile(
    rf"{_PLEASE}(?:报名|报班|报)\s*(?:第\s*[一二三四五六]\s*个|(?:第\s*)?(?P<number>\d{{1,4}})\s*(?:号|个)?)(?:班次?)?"
    rf"|{_PLEASE}(?:报名|报个名|报班)(?:一下)?"
    rf"|{_PLEASE}(?:报名|报)(?:一下|参加)?\s*{_WHEN}{_SHIFT}?"
    rf"|{_QUESTION}{_PLEASE}(?:报名|报班)(?:一下)?(?:参加)?\s*(?P<title>[^\d\s,.?!;][^,.?!;]{{1,20}})"
)
CANCEL = re.compile(
    rf"{_PLEASE}(?:取消报名|取消班|取消值班|取消我的班|退班|退报名|撤销报名|不报名了)(?:一下)?\s*(?:第\s*)?(?P<number>\d{{1,4}})?\s*(?:号|个)?(?:班次?)?"
    rf"|{_PLEASE}取消(?:第\s*[一二三四五六\d]\s*个|\d{{1,4}}\s*号|{_WHEN}){_SHIFT}"
    rf"|{_QUESTION}{_PLEASE}(?:取消报名|退班|退出)\s*(?P<title>[^\d\s,.?!;][^,.?!;]{{1,20}})"
    rf"|(?:我)?{_WHEN}?{_SHIFT}?(?:我)?{_CANNOT}"
)

NUMBER = re.compile(
    r"第\s*(\d{1,2}|[一二三四五六])\s*(?:个|班)|(?<![\d月])(\d{1,2}|[一二三四五六])\s*号\s*班"
    r"|(?:报名|报班|我报|我要报|取消报名|取消班|取消值班|退班|退报名)\s*(\d{1,4})\s*(?:号|个)?$"
)
ASKING = re.compile(r"怎么|怎样|如何|吗|能不能|可不可以|行不行|什么|多少|哪")
"""Who asks is shown what there is; only who says so is put on a shift or taken off one."""
OWN = re.compile(
    r"我的班|我的值班|我的排班|我报|我(?:什么时候|哪天|几点|下次|[今明后]天|这周|本周|下周).{0,6}(?:值班|值守|班)"
)
ANY_SHIFT = re.compile(r"活动|志愿|服务|值班|班次|报名|参加|取消|社区|小区")
"""Words that fit every shift, and so name none."""

DAYS = {
    **{"大后天": 3, "后天": 2},
    **dict.fromkeys(("明天", "明早", "明晚", "明日"), 1),
    **dict.fromkeys(("今天", "今晚", "今早", "今日"), 0),
}
DAY = re.compile("|".join(DAYS))
WEEK = re.compile(r"(?P<which>下下|下|这|本)?个?(?:周|星期|礼拜)(?P<day>[一二三四五六日天末])?")
WEEKS = {"这": 0, "本": 0, "下": 1, "下下": 2}
WEEK_DAYS = {
    **{name: [place] for place, name in enumerate(shared.WEEKDAYS)},
    **{"天": [6], "末": [5, 6]},
}
DATE = re.compile(
    r"(?:(?P<month>\d{1,2})月(?=\d{1,2}[日号]))?(?P<date>\d{1,2})(?:[日号](?=[的那早上中下晚])|(?<=\d)[日号](?!班|楼|栋|门))"
)
_HOURS = (
    (re.compile("早上|清早|一早|上午|早班|[今明]早"), frozenset(range(5, 12))),
    (re.compile("中午"), frozenset(range(11, 14))),
    (re.compile("下午"), frozenset(range(12, 18))),
    (re.compile("晚上|晚班|夜班|夜里|傍晚|[今明]晚"), frozenset([*range(17, 24), *range(5)])),
)

NONE_OPEN = "现在没有可以报名的班。有新的班会在志愿队里通知。"
NONE_LIKE_THAT = "您说的那个班我没有找到。"
NONE_MINE = "您现在没有报班。说「有什么班」看看可以报的。"
WHICH_TO_JOIN = "要报哪一个班？"
WHICH_TO_LEAVE = "要取消哪一个班？"
PRIVATE = "要报名，请点我的头像私聊我说「有什么班」。"
LIST_HEAD = "可以报名的班："
CANNOT_FOLLOW = "下面的暂时报不了："
CANNOT_COME = "我来不了"
SEE_SHIFTS = "看看别的班"
