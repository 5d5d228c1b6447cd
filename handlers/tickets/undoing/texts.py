"""What is said when staff take a slip of theirs back, and the words for it."""

import re

from storage.words import TicketEventKind

_NO = r"(?:编号|单号|第)?\s*#?(?P<number{}>\d{{4,8}})\s*(?:号单?|单)?"
_SLIP = r"(?:办结?|接单?|弄|搞|点|写|发)错了"
UNDO = re.compile(
    rf"(?:撤销|撤回|取消)(?:刚才的?|我的)?(?:办结|接单)\s*(?:{_NO.format('')})?"
    rf"|(?:撤销|撤回)(?:刚才的?|我的)?(?:\s*{_NO.format('_b')})?"
    rf"|{_SLIP}(?:\s*{_NO.format('_c')})?|{_NO.format('_d')}\s*{_SLIP}"
    rf"|{_SLIP}[\s,，]*(?:应该)?是.{{1,20}}",
    re.DOTALL,
)
"""What comes behind "it is" names the right ticket: it is not the one to take back."""

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
