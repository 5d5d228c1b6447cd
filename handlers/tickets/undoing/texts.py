"""What is said when staff take a slip of theirs back, and the words for it."""

import re

from storage.words import TicketEventKind

_NO = r"(?:编号|单号|第)?\s*#?(?P<number{}>\d{{4,8}})\s*(?:号单?|单)?"
_SLIP = r"(?:办结?|接单?|弄|搞|点|写|发)错了"
UNDO = re.compile(
    rf"(?:撤销|撤回|取消)(?:刚才的?|我的)?(?:办结|接单|备注|留言)\s*(?:{_NO.format('')})?"
    rf"|(?:撤销|撤回)(?:刚才的?|我的)?(?:\s*{_NO.format('_b')})?"
    rf"|{_SLIP}(?:\s*{_NO.format('_c')})?|{_NO.format('_d')}\s*{_SLIP}"
    rf"|{_SLIP}[\s,，]*(?:应该)?是.{{1,20}}",
    re.DOTALL,
)
"""What comes behind "it is" names the right ticket: it is not the one to take back."""
SHORT_NUMBER = re.compile(r"(?:撤回|撤销)\s*(?:第\s*)?\d{1,3}\s*(?:号|个|条)?")
"""Tickets have longer numbers: what is meant is another thing, and must be asked."""
WHICH_FOR_STAFF = (
    "没看懂要撤哪样：接单、办结、备注发「撤销 1001」；答错了发「更正 2 内容」；"
    "收回提出的问法发「撤下 2」；加错分发「撤销给居民乙的5分」；退志愿班说「取消报名 2」。"
)
WHICH_FOR_RESIDENTS = "要撤回报修，请写 4 位编号，例如「撤回 1001」（说「我的报修」看编号）。退志愿班说「取消报名 2」这样。"

_VERBS = {TicketEventKind.ACCEPTED: "接单", TicketEventKind.RESOLVED: "办结"}
_NEXT = {
    TicketEventKind.ACCEPTED: "等别人接单",
    TicketEventKind.RESOLVED: "还由您办，办好再发「办结 {number} 结果」",
}
WHICH = "要撤销哪一单的接单或办结？请写上编号，例如「撤销 1001」。"


def undone(number: int, what: str, step: TicketEventKind) -> str:
    """Confirm to staff what was taken back, by its matter too."""
    return f"{number} 号「{what}」的{_VERBS[step]}已撤销，{_NEXT[step].format(number=number)}。"


def told_undone(number: int, what: str, step: TicketEventKind) -> str:
    """Tell the reporter that the last news was a slip."""
    if step is TicketEventKind.RESOLVED:
        return (
            f"您报的「{what}」（{number} 号），刚才说办好了是工作人员弄错了，还在办，办好再告诉您。"
        )
    return f"您报的「{what}」（{number} 号）要换人来接，您不用再报。"


def unsaid(number: int, what: str, words: str, *, heard: bool) -> str:
    """Confirm to staff that their words were taken back."""
    rest = "居民已经看到了，我告诉他说错了。" if heard else "居民还没看到，不会发了。"
    return f"{number} 号「{what}」的备注「{words}」已撤销，{rest}"


def told_unsaid(number: int, what: str, words: str) -> str:
    """Tell the reporter that what was said last was a slip."""
    return f"您报的「{what}」（{number} 号），刚才说的「{words}」是工作人员发错了，不算数。"
