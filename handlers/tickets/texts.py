"""What is said about reports, and the words residents and staff use for them."""

import re

from storage.words import RoleWord, TicketEventKind, TicketLevel, TicketState

_NO = r"(?:编号|单号|第)?\s*#?(?P<number>\d{4,8})\s*(?:号单?|单)?"
_NO_B = _NO.replace("number", "number_b")
_GAP = r"[\s:,;、。：，；]*"
_REST = rf"(?:{_GAP}(?P<words>[^\d\s:,;、。：，；].*))?"


def _step(verb: str) -> re.Pattern[str]:
    """Return what staff type for a step: the verb and the number in either order, then words."""
    rest_b = _REST.replace("words", "words_b")
    return re.compile(rf"(?:{verb})(?:\s*{_NO}{_REST})?|把?{_NO_B}\s*(?:{verb}){rest_b}", re.DOTALL)


ACCEPT = _step("我来接单|接单|我接单|我来接")
NUMBERS = re.compile(r"\d{4,8}")
_SOME = r"\d{4,8}(?:[\s、,，和跟]+\d{4,8})"
ACCEPT_SEVERAL = re.compile(
    rf"(?:我来接单|接单|我接单|我来接)[\s:：]*(?P<numbers>{_SOME}+)\s*(?:号单?|单)?"
    rf"|(?P<numbers_b>{_SOME}*)\s*(?:号单?|单)?[\s,，]*都?(?:我接|接了|我来|我去|接单)(?:了|接|办|弄|处理|看看)?"
)
"""Several tickets at once, or one in words that name no step."""
RESOLVE = _step("已办结|办结")
RETURN = _step("退回|退单")
_IS_DONE = r"(?:已经?|都|全)?(?:(?:办|修|弄|搞|处理|换|装|清理|疏通|打扫)(?:好|完)了?|解决了|已解决|修复了?|已修复)(?:啦|完毕)?"
DONE = re.compile(
    rf"{_NO}[\s:,、：，]*(?P<words>[^\d\s没不未别等要去就快才催,，。?？]{{0,8}}?{_IS_DONE}(?:[\s,;。，；、]+.*)?)"
    rf"|(?P<words_b>{_IS_DONE})[\s:,、：，]*{_NO_B}",
    re.DOTALL,
)
"""What staff write instead of 办结: the number, that it is done, perhaps how."""
DONE_LEAD = re.compile(rf"{_IS_DONE}(?:[\s,;。，；、]+|$)")
NOT_QUITE = re.compile(r"但|不过|[还没未等]|(?<!\d)\d{4,8}(?!\d)|再说|[?？]")
"""Beside such words something may be left to do, or another ticket is meant."""
ESCALATE = _step("升级|上报街道|往上报|转给?上级|(?:转|报|交)(?:给|到)?(?:街道|社区)")
TO_DO = re.compile(
    r"(?:我的|看看?|查看?)?(?:待办(?:单|事项)?|待处理|待接单|工单列表)|有(?:哪些|什么)单子?"
    r"|我(?:要)?负责(?:的|哪些|什么)"
    r"|(?:还)?(?:有)?(?:哪些|什么)?(?:超时|没办完|没接|未办结|没处理)的?(?:单子?|工单|报修)?(?:有)?(?:哪些|多少|几个)?(?:[吗呢])?"
)
TO_DO_OF_MINE = re.compile(r"(?:我|今天|现在)+有(?:哪些|什么|啥)单子?")
"""Said by residents it means what they reported."""

MY_TICKETS = re.compile(
    r"(?:查|看|查看|查询|查一下|看一下|看看)?\s*我(?:的|报的)(?:报修|工单|报事|单子|修)(?:单|记录|进度|情况)?"
    r"(?:到哪了|怎么样了|呢)?"
    r"|(?:那|请问)?(?:(?:修理?|维修|物业)?的?(?:师傅|工人|人)|[^坏不没漏堵断停,，。\s]{0,8}?(?=.{2,8}修))(?:到底)?"
    r"(?:几时|么时候|啥时候|什么时候|好久|几点|哪天)(?:才|能|会)?(?:来|到|上门|修)(?:修|看|好|得好)?[咧呢啊呀撒]?"
    r"|我有(?:哪些|什么|啥)(?:单子?|报修)|(?:查|看|查看|查询)?(?:报修|工单)(?:的)?(?:进度|记录|情况)|查进度"
)
STATUS = re.compile(
    rf"(?:查询|查一下|查|看看|看一下|看|进度|工单|报修|报修单)?\s*{_NO}\s*(?:的|现在)?"
    r"(?:进度|(?:是|有)?(?:什么|么|啥)?情况|(?:什么)?状态|结果|到哪(?:里|一步|儿)?了|怎么样了?|怎样了|办(?:得怎么样|好没|完没|到哪)了?"
    r"|处理得?怎么样了|(?:修好|好|办好|解决)了?(?:没有?|吗))?"
)
_BAD = r"(?:还是|还|仍然|根本|又)?(?:没有|没|未)(?:解决|修好|弄好|搞好|办好|处理好)|还是坏的|又坏了"
NOT_SOLVED = re.compile(
    rf"(?:{_NO}{_GAP})?(?:{_BAD})(?:\s*{_NO_B})?{_REST}",
    re.DOTALL,
)
SOLVED = re.compile(
    rf"(?:{_NO}{_GAP})?(?:已经|已|都)?(?:修好|解决|弄好|搞好|处理好|办好)了(?:\s*{_NO_B})?"
    rf"|确认(?:解决|修好|办结)|确认(?:解决|修好|办结)?\s*{_NO.replace('number', 'number_c')}"
    rf"|{_NO.replace('number', 'number_d')}\s*确认"
)
RATE = re.compile(
    rf"(?:{_NO}{_GAP})?(?:我?(?:打|给|评)\s*)?(?P<stars>[0-9一二两三四五])\s*(?:分|颗星|星)(?:好评)?"
    rf"|(?:{_NO_B}{_GAP})?(?P<words>(?:非常|很|基本|比较|不|很不|非常不)?满意)"
)
WITHDRAW = re.compile(rf"(?:撤回|撤销|撤单)(?:报修|工单)?(?:\s*{_NO})?")
NOT_NEEDED = re.compile(
    r"(?:我|刚才|刚刚|之前|昨天|今天|报修?的?|那个|这个|那件|单子|的|已经|都|它|自己|修?好了|[\s,，])*"
    r"(?:不用|不要|不必|莫)再?(?:修|来修|处理|上门|派人来修)了?(?:[\s,，]*(?:它|已经|都)?(?:自己)?(?:修|弄)?好了)?"
)
REPORT = re.compile(
    r"(?:我要|我想|帮我|想|要)?(?:报修|报个修|报事)(?:一下)?(?:[\s:,、：，]+(?P<words>.+))?",
    re.DOTALL,
)

STARS = {"一": 1, "二": 2, "两": 2, "三": 3, "四": 4, "五": 5}
SATISFIED = {
    "非常满意": 5, "很满意": 5, "满意": 5, "比较满意": 4, "基本满意": 4,
    "不满意": 2, "很不满意": 1, "非常不满意": 1,
}  # fmt: skip
SATISFIED_FROM = 4
"""Who gives so many stars takes the matter for solved."""

ROOM = re.compile(
    r"(?<![\d.A-Za-z])\d{3,4}(?![\d.A-Za-z]|\s*(?:栋|幢|号|座|单元|楼|层|路|米|弄))(?:室|房)?"
)
ROOM_HIDDEN = "[房号]"
PLACE_TOO = "{where}（补充：{more}）"

ASK_RESULT = "请写一句办理结果，居民会收到。可以先发照片，再写文字。"
ASK_RETURN = "请写一句退回的原因，好让别人接着办。"
ASK_WHY = "哪里还没弄好？说一句我转给他们；不想说就回复「跳过」。"
EXAMPLE_RESULT, EXAMPLE_RETURN = "已更换主板，电梯恢复运行", "公共管网，不归物业管"
EXAMPLE_WHY = "电梯门还是关不上"
RESOLVE_TITLE, RETURN_TITLE, WHY_TITLE = "办理结果", "退回原因", "没解决的原因"

NO_TICKETS = "您还没有报修。要报修，直接说哪里、什么坏了，比如「三栋二单元电梯坏了」。"
NOTHING_RESOLVED = "您没有等确认的报修。说「我的报修」可以看看进展。"
NOTHING_TO_RATE = "您现在没有要评价的报修。"
NOTHING_TO_URGE = "您现在没有正在办的报修。要报修请直接说：哪里、什么坏了。"
NOTHING_TO_WITHDRAW = "您没有可以撤回的报修。说「我的报修」可以看看。"
REPORT_LABEL, SOLVED_LABEL, NOT_SOLVED_LABEL = "报修", "修好了", "没解决"
ACCEPT_LABEL, RESOLVE_LABEL, RETURN_LABEL, ESCALATE_LABEL = "接单", "办结", "退回", "升级"
STAR_LABELS = ("1 分，很不满意", "2 分，不满意", "3 分，一般", "4 分，满意", "5 分，非常满意")
NOTHING_TO_DO = "现在没有要办的单子。"
YOU, RESIDENT, STAFF, ERASED = "您", "居民", "工作人员", "（内容已删除）"
PROVISIONAL = "（暂定：放假安排还没公布）"
MAY_PRESS = "，可以说「催」"
ANSWER_DUE, OVERDUE = "，最晚{answer_by}答复您", f"，已过答复时间{MAY_PRESS}"

TITLES: dict[RoleWord, str] = {
    RoleWord.PROPERTY: "物业", RoleWord.CAPTAIN: "楼栋长",
    RoleWord.GRID: "社区网格员", RoleWord.SECRETARY: "社区书记",
    RoleWord.STREET: "街道工作人员", RoleWord.DEPARTMENT: "区里部门",
}  # fmt: skip
STATES: dict[TicketState, str] = {
    TicketState.NEW: "已收到", TicketState.TRIAGE: "正在重新派单",
    TicketState.ACTIVE: "处理中", TicketState.RESOLVED: "已办结，待您确认",
    TicketState.CLOSED: "已结束", TicketState.WITHDRAWN: "已撤回",
}  # fmt: skip
STEPS: dict[TicketEventKind, str] = {
    TicketEventKind.OPENED: "登记", TicketEventKind.ACCEPTED: "接单",
    TicketEventKind.RESOLVED: "办结", TicketEventKind.RETURNED: "退回",
    TicketEventKind.ESCALATED: "升级", TicketEventKind.CONFIRMED: "确认",
    TicketEventKind.REOPENED: "重开", TicketEventKind.RATED: "评价",
    TicketEventKind.WITHDRAWN: "撤回", TicketEventKind.CLOSED: "归档",
    TicketEventKind.COMMENTED: "补充", TicketEventKind.UNDONE: "撤销",
    TicketEventKind.NOTED: "备注", TicketEventKind.NOTE_UNDONE: "撤销备注",
}  # fmt: skip
HAPPENED: dict[TicketEventKind, str] = {
    TicketEventKind.OPENED: "您报修，已收到", TicketEventKind.ACCEPTED: "{unit}接单",
    TicketEventKind.RESOLVED: "{unit}办结", TicketEventKind.RETURNED: "退回重新派单，转{unit}",
    TicketEventKind.ESCALATED: "升级到{unit}", TicketEventKind.CONFIRMED: "您确认修好了",
    TicketEventKind.REOPENED: "您说没解决，重新交给{unit}", TicketEventKind.RATED: "您打了 {stars} 分",
    TicketEventKind.WITHDRAWN: "您撤回", TicketEventKind.CLOSED: "没有等到您的回答，先归档",
    TicketEventKind.COMMENTED: "您催办或补充，已转给{unit}", TicketEventKind.UNDONE: "上一步弄错了，已撤销",
    TicketEventKind.NOTED: "{unit}说：{words}", TicketEventKind.NOTE_UNDONE: "上一句说错了，已撤回",
}  # fmt: skip


def unit(level: TicketLevel, estate: str, community: str) -> str:
    """Return who is responsible on this rung, as residents call them."""
    match level:
        case TicketLevel.ESTATE:
            return f"{estate}物业"
        case TicketLevel.COMMUNITY:
            return f"{community.removesuffix('社区')}社区"
        case TicketLevel.STREET:
            return "街道"
        case TicketLevel.DISTRICT:
            return "汉阳区有关部门"


def shortened(text: str, most: int) -> str:
    """Return the text, cut where a line would get too long."""
    flat = " ".join(text.split())
    return flat if len(flat) <= most else flat[: most - 1] + "…"


def opened(number: int, who: str, answer_by: str) -> str:
    """Confirm a report: number, who acts, when the answer comes, how to follow and undo."""
    return (
        f"已收到，编号 {number}。接下来由{who}处理，最晚{answer_by}给您第一次答复。\n"
        "随时说「我的报修」看进展。报错了，10 分钟内或有人接单前，说「撤回」就行。"
    )


def card(number: int, what: str, where: str, photos: int, answer_by: str) -> str:
    """Tell the staff of a report; no name, no phone, no room."""
    lines = [f"【报修 {number}】{what}", f"地点：{where}"]
    if photos:
        lines.append(f"照片 {photos} 张，接单后私聊发给您")
    lines.append(f"请在{answer_by}前接单")
    return "\n".join(lines)


def returned_because(who: str, reason: str) -> str:
    """Return who gave the ticket back, and why."""
    return f"（{who}退回：{reason}）"


def escalated_because(who: str, reason: str) -> str:
    """Return why this rung has the ticket now."""
    return f"（{who}升级上来" + (f"：{reason}）" if reason else "）")


def reopened_because(reason: str, times: int) -> str:
    """Return why a finished ticket is back."""
    return f"（居民说没解决，第 {times} 次重开" + (f"：{reason}）" if reason else "）")


def unaccepted(number: int, what: str) -> str:
    """Remind the staff of a ticket nobody accepted."""
    return f"【报修 {number}】{what}：到了答应居民的时间，还没有人接单。请发「接单 {number}」。"


def urged(number: int, what: str, words: str) -> str:
    """Tell the staff that the resident presses."""
    said = f"，说：{words}" if words else ""
    return f"【报修 {number}】{what}：居民在催{said}。请尽快处理。"


def commented(number: int, words: str) -> str:
    """Tell the staff what the resident adds."""
    return f"【报修 {number}】居民补充：{words}"


def place_added(number: int, place: str) -> str:
    """Say that a place was added to the report just made."""
    return f"好，「{place}」已补充到 {number} 号，办的人会看到。要报别的，请说是什么坏了。"


def phone_added(number: int) -> str:
    """Say that a telephone number was added to the report just made."""
    return f"好，电话记到 {number} 号了，只有接单的人看得到。"


def phone_for_staff(number: int, phone: str) -> str:
    """Tell who works on it."""
    return f"{number} 号：居民补了电话 {phone}。"


def withdrawn_for_staff(number: int) -> str:
    """Tell the staff that nothing is left to do."""
    return f"【报修 {number}】居民已撤回，不用处理了。"


def private_details(number: int, what: str, where: str, contact: str) -> str:
    """Give whoever accepted the whole place and the contact."""
    phone = f"联系电话：{contact}" if contact else "居民没有留电话，结果由小二转告"
    return (
        f"{number} 号由您办理。\n{what}\n地点：{where}\n{phone}\n"
        f"办完请发「办结 {number} 结果」；办不了发「退回 {number} 原因」或「升级 {number}」。"
    )


def told_accepted(number: int, what: str, title: str) -> str:
    """Tell the reporter that somebody took it."""
    return f"您报的「{what}」（{number} 号），{title}已接单，正在处理。办好后我马上告诉您。"


def told_resolved(number: int, what: str, title: str, result: str) -> str:
    """Tell the reporter the result and ask whether it holds."""
    how = DONE_LEAD.sub("", result, count=1) if DONE_LEAD.match(result) else result
    said = f"：{how}" if how else "。"
    return f"您报的「{what}」（{number} 号），{title}说办好了{said}\n请您看看，修好了吗？"


def told_returned(number: int, what: str, who: str, answer_by: str) -> str:
    """Tell the reporter that somebody else takes over."""
    return f"您报的「{what}」（{number} 号）要换人来办，已转给{who}，最晚{answer_by}给您答复。您不用再报。"


def told_escalated(number: int, what: str, who: str, answer_by: str) -> str:
    """Tell the reporter that the next rung takes over."""
    return f"您报的「{what}」（{number} 号）已升级，现在由{who}来办，最晚{answer_by}给您答复。"


def told_closed(number: int, what: str, days: int) -> str:
    """Tell the reporter that a ticket was filed unanswered."""
    return (
        f"您报的「{what}」（{number} 号）办结 7 天了，没有等到您的回答，先归档，不算您满意。"
        f"还没修好的话，办结后 {days} 天内说「没解决 {number}」就会重办。"
    )


def list_line(number: int, what: str, where: str, state: str, since: str) -> str:
    """Return one of somebody's own reports."""
    return f"{number} {what}（{where}）：{state}，{since}更新"


def held_by(state: TicketState, who: str) -> str:
    """Return who has it, as the end of a state."""
    if not who:
        return ""
    return f"，{who}在办" if state is TicketState.ACTIVE else f"，等{who}接单"


def my_tickets(lines: list[str]) -> str:
    """List somebody's newest reports."""
    return "\n".join(["您最近的报修：", *lines, "回复数字看经过。"])


def status(number: int, what: str, where: str, state: str, steps: list[str]) -> str:
    """Say where one report stands and what happened so far."""
    return "\n".join([f"{number} 号：{what}", f"地点：{where}", f"现在：{state}", *steps])


def reopened(number: int, who: str, answer_by: str) -> str:
    """Confirm that it is worked on again."""
    return f"知道了，{number} 号已重新交给{who}，最晚{answer_by}给您答复。"


def reason_passed(number: int, *, said: bool) -> str:
    """Confirm that the reason went along, or that none is needed."""
    return f"好的，已转给办理的人（{number} 号）。" if said else f"好的，{number} 号照样重办。"


def confirmed(number: int) -> str:
    """Thank for the confirmation and ask for stars."""
    return f"太好了，{number} 号就此结束。这次办得怎么样？请打个分，不想打也没关系。"


def rated(stars: int) -> str:
    """Thank for the stars."""
    if stars < SATISFIED_FROM - 1:
        return "已记下，给您添麻烦了。事情还没解决请说「没解决」，想找人说说请回复 9。"
    return f"谢谢您，{stars} 分已记下。"


def withdrawn(number: int, what: str) -> str:
    """Confirm that it was taken back."""
    return f"好的，{number} 号「{what}」已撤回，没有人会上门。"


def which_withdraw(number: int, what: str) -> str:
    """Ask to name the ticket when it is not a fresh one."""
    return f"您最近在办的是 {number} 号「{what}」。要撤回它，请说「撤回 {number}」。"


def urged_line(number: int, what: str, state: str, *, passed_on: bool) -> str:
    """Say where it stands and whether the staff was pressed."""
    done = "已替您催办" if passed_on else "今天已经转告过了，他们知道您在等；要和人说，回复 9"
    return f"{number} 号「{what}」：{state}。{done}。"


def ask_confirm(number: int, what: str) -> str:
    """Ask whether a finished matter is really finished."""
    return f"{number} 号「{what}」对方说已经办好了。修好了吗？"


def to_do(lines: list[str], more: int, *, chosen: bool) -> str:
    """List what staff have to do; `chosen` where a number shows one."""
    rest = [f"还有 {more} 件。"] if more else []
    see = "回复数字看经过。" if chosen else ""
    return "\n".join(["要办的：", *lines, *rest, f"说「接单 编号」「办结 编号 结果」。{see}"])


def to_do_line(number: int, what: str, where: str, state: str, due: str, *, over: bool) -> str:
    """Return one thing staff have to do, with the deadline of one nobody accepted."""
    deadline = f"，{due}前接单" if due else ""
    return f"{number} {what}（{where}）{state}{deadline}" + ("，已超时" if over else "")


def which_number(verb: str, example: str) -> str:
    """Ask for the number."""
    return f"请写上要{verb}的编号，例如「{example}」。说「待办」看有哪些。"


def done_by(number: int, step: TicketEventKind, who: str) -> str:
    """Confirm a step of the staff in one line."""
    match step:
        case TicketEventKind.ACCEPTED:
            return f"{number} 号已由{who}接单。"
        case TicketEventKind.RESOLVED:
            return f"{number} 号已由{who}办结，已请居民确认。"
        case TicketEventKind.RETURNED:
            return f"{number} 号已退回，转给{who}。"
        case _:
            return f"{number} 号已升级到{who}。"


def finished_as(number: int, what: str, done: str) -> str:
    """Confirm what was finished by its matter too: the number may have been another one."""
    return done.replace(f"{number} 号", f"{number} 号「{what}」", 1)


def finish_how(number: int) -> str:
    """Ask for the command where it is not sure that everything is done."""
    return f"{number} 号还没有办结：不确定是不是都办好了。办好了请发「办结 {number} 结果」，一次写一个编号。"


def say(verb: str, number: int, rest: str = "") -> str:
    """Return what is typed for a step, instead of its button."""
    return f"{verb} {number} {rest}".rstrip()
