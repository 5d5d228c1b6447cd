"""What is said about what people hear of unasked, and about those whom no message reaches."""

import re
from datetime import timedelta

from storage.words import Interest

MINE = re.compile(r"我的通知|通知设置|消息设置")
TO_VISIT = re.compile(r"待访|待访名单|要上门的")
VISITED = re.compile(r"已访\s*(?P<number>\d{1,7})?")
_EVERYBODY = r"(?:所有|全体|全部|全小区|整个小区|整栋楼?|大家|各家|每户|每家|每个)"
TO_ALL = re.compile(
    rf"(?!.*(?:几天|提前|合法|违法|必须|应当|有权|起诉|犯法|侮辱|诽谤|骚扰))(?:帮我|帮忙|请|小二|我要|我想|想|能不能|可以|怎么|如何|你|[\s,，])*"
    rf"(?:群发|(?:给|向|跟){_EVERYBODY}[^\s,，]{{0,8}}?(?:发|推送|说|讲)|通知(?:一下)?{_EVERYBODY}).*",
    re.DOTALL,
)

NAMES = {
    Interest.TICKETS: "报修",
    Interest.SHIFTS: "班次",
    Interest.POINTS: "积分",
    Interest.DRAFTS: "草稿",
    Interest.ANSWERS: "答复",
}
EXPLAINED = {
    Interest.TICKETS: "报修的进展",
    Interest.SHIFTS: "值班开始前的提醒",
    Interest.POINTS: "积分到账",
    Interest.DRAFTS: "没填完的内容",
    Interest.ANSWERS: "问过的问题有了新答复",
}
ALIASES = {
    "报修": Interest.TICKETS,
    "工单": Interest.TICKETS,
    "进展": Interest.TICKETS,
    "班次": Interest.SHIFTS,
    "班": Interest.SHIFTS,
    "值班": Interest.SHIFTS,
    "志愿": Interest.SHIFTS,
    "提醒": Interest.SHIFTS,
    "积分": Interest.POINTS,
    "草稿": Interest.DRAFTS,
    "没填完": Interest.DRAFTS,
    "答复": Interest.ANSWERS,
    "法律": Interest.ANSWERS,
    "问答": Interest.ANSWERS,
}
ALL = frozenset({"全部", "所有", "全部通知", "所有通知", "通知", "消息"})
_KINDS = "|".join(sorted({*ALIASES, *ALL}, key=len, reverse=True))
STOP = re.compile(
    rf"(?:停|退订|td|不要再发了?|别再发了?|不想再?收了?|(?:不(?:要|用|想)|别)再?提醒(?:我)?)(?:[\s:：]*(?P<what>{_KINDS})(?:的?(?:消息|通知))?)?(?:了)?"
)
"""A kind of messages must follow, or nothing: 「停水了」 is no wish to hear less."""
RESUME = re.compile(rf"恢复(?:[\s:：]*(?P<what>{_KINDS})(?:的?(?:消息|通知))?)?")
_BECAUSE = {
    Interest.TICKETS: "您报过修",
    Interest.SHIFTS: "您报了班",
    Interest.POINTS: "您有积分",
    Interest.DRAFTS: "您有没填完的",
    Interest.ANSWERS: "您问过",
}

TO_ALL_BY_STAFF = (
    "小二现在不能群发：发给所有人的通知要先核实、有人负责。能发的是停水停电停气：「停水 芳草苑小区 明天8点到12点 水管检修」，"
    "居民来问、来报修时小二先告诉他们。回一位居民发「回 编号 内容」。别的通知请发在居民群里。"
)
TO_ALL_BY_RESIDENT = "小二不替人给大家发消息。想请社区通知大家，回复 9，工作人员核实了再发。"

UNREAD = "没有打开看"
NOT_MET = "还没有联系过"
NO_WAY_LEFT = "没有能用的联系办法"
GROUP_FULL = "群里这一分钟说得够多了"
WAITS_FOR_MORNING = "等到早上再发"
ASK_STOP = "您不想再收哪一种消息？"
ASK_RESUME = "要恢复哪一种消息？"
ALWAYS = "紧急提醒和工作人员给您的回复照样会发。"
RESUME_ALL_LABEL = "全部恢复"
NOTHING_STOPPED = "您没有停过任何消息，不用恢复。"
STOPPED_ALL = f"好的，这些消息都不再发给您。{ALWAYS}想再收，回复「恢复」。"
NOBODY_TO_VISIT = "现在没有要上门的居民。"
UNNAMED = "（没有登记名字）"
WHICH_VISIT = "请写上编号，例如「已访 3」。说「待访」看编号。"


def because(interest: Interest | None) -> str:
    """Say in one short line why this is said, and how to hear no more of it."""
    return (
        ""
        if interest is None
        else f"（{_BECAUSE[interest]}。不想再收：回复「停 {NAMES[interest]}」）"
    )


def label(interest: Interest) -> str:
    """Name a kind of messages in a menu."""
    return f"{NAMES[interest]}（{EXPLAINED[interest]}）"


def stopped(interest: Interest) -> str:
    """Confirm that nothing of this kind comes any more."""
    name = NAMES[interest]
    return f"好的，不再给您发「{name}」的消息。{ALWAYS}想再收，回复「恢复 {name}」。"


def resumed(interests: list[Interest]) -> str:
    """Confirm that these come again."""
    return f"好的，{'、'.join(f'「{NAMES[each]}」' for each in interests)}的消息恢复了。"


def mine(lines: list[str], ways: list[str]) -> str:
    """Show what comes, and where to."""
    where = f"消息发到：{'、'.join(ways)}。" if ways else ""
    return "\n".join(["您的通知：", *lines, f"{where}停一种说「停 班次」，恢复说「恢复 班次」。"])


def mine_line(interest: Interest, *, is_stopped: bool) -> str:
    """Show one kind of messages."""
    return f"· {NAMES[interest]}：{'停了' if is_stopped else '照发'}"


CHANNEL_NAMES = {
    "wechat": "微信公众号",
    "wecom": "企业微信",
    "telegram": "Telegram",
    "web": "网页",
    "terminal": "终端",
    "sms": "短信",
}


def lay_there(when: str, text: str) -> str:
    """Say something that could not be said at its time, with that time."""
    return f"（{when}给您留的话）{text}"


def lies_there(number: int, visited_after: timedelta | None) -> str:
    """Tell staff that the resident cannot be written to first, and what becomes of the answer."""
    kept = f"【待回 {number}】居民现在收不到消息。您的回复留着，居民再来说话就会看到"
    if visited_after is None:
        return f"{kept}；要紧的话，请另想办法联系。"
    hours = visited_after // timedelta(hours=1)
    return f"{kept}；{hours} 小时还没看到，就转到「待访」，请人上门转告。"


def to_visit(number: int, house: str) -> str:
    """Tell a group of staff that somebody has to be visited; the house, no name, no room."""
    where = house or "本社区"
    return f"【待访 {number}】{where}有一位居民联系不上，有要紧的事要转告。请楼栋长或网格员私聊我说「待访」看是谁。"


def visits_in_group(lines: list[str]) -> str:
    """List the houses."""
    return "\n".join(["要上门的：", *lines, "是谁、转告什么，请私聊我说「待访」。"])


def visit_in_group(number: int, house: str) -> str:
    """Return one line of the list for a group."""
    return f"待访 {number}：{house or '本社区'}"


def visit(number: int, name: str, home: str, messages: list[str]) -> str:
    """Say in private whom to visit and what to tell them."""
    who = f"{name}（{home}）" if home else name
    lines = [f"待访 {number}：{who}", "请转告：", *(f"· {said}" for said in messages)]
    return "\n".join([*lines, f"去过了请回「已访 {number}」。"])


def no_such_visit(number: int) -> str:
    """Say that nobody waits under this number."""
    return f"没有等人上门的待访 {number}，可能已经有人去过了，或者居民自己又联系上了。"


def visited(number: int) -> str:
    """Confirm a visit."""
    return f"好的，待访 {number} 记为已经去过了，谢谢您。"
