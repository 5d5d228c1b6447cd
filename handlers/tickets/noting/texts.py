"""What staff tell a reporter in between, and the words for it."""

import re

_NO = r"(?:编号|单号|第)?\s*#?(?P<number{}>\d{{4,8}})\s*(?:号单?|单)?"
_GAP = r"[\s:,;、。：，；]*"
_TELL = r"(?:备注|留言|(?:告诉|转告|告知|通知|回复)一?下?(?:居民|业主|报修人))"
NOTE = re.compile(
    rf"(?:给|在|把)?\s*{_TELL}\s*{_NO.format('')}{_GAP}(?P<words>[^\d\s:,;、。：，；].*)?"
    rf"|{_NO.format('_b')}{_GAP}{_TELL}{_GAP}(?P<words_b>\S.*)?",
    re.DOTALL,
)
_WHO = r"(?:我们?|师傅|工人|维修工?|厂家|维保(?:单位|公司)?|电梯公司|水务|有人|人|已经?|正在|预计|大概|大约|争取|要|得|等|先|还)"
_WHEN = (
    r"(?:上午|中午|下午|晚上|早上|今[天晚日早]|明[天晚日早]|后天|这?周[一二三四五六日末]|下周|星期[一二三四五六日]|月底|\d{1,2}\s*[点号日]"
    r"|[一二三四五六七八九十]{1,3}点|马上|立刻|等下|待会|一会儿?|过会儿?|稍后|随后)"
)
_DOES = r"(?:联系(?:了|好了|上了|厂家)|约(?:了|好了)|在(?:路上|现场|修|处理|换|等)|(?:配件|零件|材料)|上门|排期|安排|派(?:人|了)|去(?:看|修|处理)|过去|来(?:看|修)|到(?:了)?现场)"
PLAN = re.compile(
    rf"(?!.*(?:[?？吗呢谁]|什么|怎么|哪|多少|几|没人|是不是|[去来]不[去来]|投诉|骂|烦)){_NO.format('')}{_GAP}"
    rf"(?P<words>{_WHO}*(?:{_WHEN}|{_DOES})(?:(?!\d{{4}}).){{0,40}})"
)
"""So plainly a plan for the reporter's ears that no other word is needed, in a group either."""
NUMBERED = re.compile(rf"{_NO.format('')}[\s:,、：，]+\D.{{0,80}}")
"""A number and words that tell no step: staff who write so are shown the steps."""

EXAMPLE = "下午去"
NOTE_LABEL = "备注"
WORDS = "要告诉居民的话"


def told(number: int, what: str, title: str, words: str) -> str:
    """Tell the reporter what the staff say."""
    return f"您报的「{what}」（{number} 号），{title}说：{words}"


def noted(number: int, what: str, title: str, words: str, *, accepted: bool) -> str:
    """Confirm to staff what the reporter hears, and how to take it back."""
    take = "" if accepted else f"这单还没人接，您来办请发「接单 {number}」。"
    return (
        f"{number} 号「{what}」：会告诉居民「{title}说：{words}」。"
        f"发错了，10 分钟内发「撤销 {number}」。{take}"
    )


def what_to_do(number: int) -> str:
    """Show what can be done with a ticket."""
    return (
        f"{number} 号要办什么？告诉居民发「备注 {number} 下午去」；办理发「接单 {number}」「办结 {number} 结果」"
        f"「退回 {number} 原因」「升级 {number}」；看经过发「{number}」。"
    )


def passed(number: int) -> str:
    """Confirm to staff who reported it themselves that whoever works on it hears it."""
    return f"好的，已转给办理的人（{number} 号）。"
