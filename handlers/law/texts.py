"""What lawyers and staff are shown of legal answers, and what those are told who relied on them."""

import re
from collections.abc import Sequence
from datetime import date, datetime

from handlers.localtime import local
from storage.words import EntryEventKind, FrozenWhy

_ENTRY = r"(?P<entry>[a-z0-9][a-z0-9\-]{0,79})"
LIST = re.compile(r"待审(?:\s*第?\s*(?P<page>\d{1,4})\s*页?)?")
SHOW = re.compile(rf"审\s*{_ENTRY}")
SIGN = re.compile(rf"签\s*{_ENTRY}")
SIGN_WHICH = re.compile(r"(?:我?要)?签字?|签哪[条个些]?|(?:有(?:哪些|什么))?待签(?:的|清单)?|签名")
HOLD_BACK = re.compile(rf"冻结\s*{_ENTRY}(?:\s+(?P<reason>.{{1,200}}))?", re.DOTALL)
THAW = re.compile(rf"解冻\s*{_ENTRY}(?:\s*(?P<compared>已核对|核对过|核对过了|已比对))?")

SIGN_HOW = "要签哪一条？先回复数字看全文和法条，看过再发「签 1」这样。"
TOPIC = "law_review"
ASKER_TOPIC = "answer_changed"
LAWYER = "律师"
SEE_NEW = "看新的答复"
NEXT_PAGE = "下一页"
NOTHING_TO_REVIEW = "现在没有要审的答复。"
NO_SUCH_PAGE = "没有这一页。说「待审」从头看。"
NO_COPY = "（还没有载入这一条的原文，请对照官方公布文本）"
GONE = "（新的文本里没有这一条了）"

WHY = {FrozenWhy.LAW_CHANGED: "法条有变化", FrozenWhy.HELD_BACK: "人工暂停"}
KINDS = {
    EntryEventKind.SHIPPED: "更新内容",
    EntryEventKind.FROZEN: "冻结",
    EntryEventKind.THAWED: "解冻",
    EntryEventKind.SIGNED: "签字",
}
ESCALATE = {
    "lawyer": "律师",
    "mediator": "人民调解员",
    "property": "物业管理岗或主管部门",
    "emergency": "先报警、报险",
    "none": "不用转人",
}
FROZEN, EXPIRED, EXPIRING, VOID, NEVER = "冻结", "已过期", "快到期", "签名失效", "未签"
SIGNED = "已签"


def told_frozen(title: str, why: FrozenWhy) -> str:
    """Tell somebody that an answer they were given does not hold for now."""
    cause = (
        "这条答复依据的法条有了变化" if why is FrozenWhy.LAW_CHANGED else "这条答复我们正在重新核对"
    )
    return (
        f"您之前问过「{title}」。{cause}，当时的答复请先不要照着办。"
        "核对好以后可以再来问我；着急的话回复 9，我请工作人员或律师来答您。"
    )


def told_renewed(title: str) -> str:
    """Tell somebody that an answer they were given was written anew."""
    return (
        f"您之前问过「{title}」。这条答复我们更新了，和当时说的可能不一样。"
        f"想看新的，回复「{title}」；要找人工，回复 9。"
    )


def lawyers_frozen(titles: Sequence[str]) -> str:
    """Tell a lawyer which answers wait for them."""
    shown = "、".join(f"「{title}」" for title in titles[:3])
    more = f"等 {len(titles)} 条答复" if len(titles) > len(titles[:3]) else ""
    return (
        f"法条有变化，{shown}{more}已暂停，不再给居民看。"
        "请说「待审」逐条核对，核对后说「解冻 编号 已核对」。"
    )


def lawyers_held_back(title: str) -> str:
    """Tell a lawyer that staff held an answer back."""
    return f"「{title}」被暂停了，不再给居民看。请说「待审」核对。"


def expiring(count: int, day: date) -> str:
    """Tell a lawyer that answers end soon."""
    return (
        f"有 {count} 条法律答复到 {_day(day)} 有效期满，之后不再给居民看。"
        "请提醒管理员在此之前更新程序；说「待审」可以看是哪些。"
    )


def page_head(counts: Sequence[tuple[str, int]], page: int, pages: int) -> str:
    """Head the list of what waits for review."""
    parts = "，".join(f"{name} {count}" for name, count in counts if count)
    return f"待审的答复：{parts}。第 {page} 页，共 {pages} 页。说「审 1」看全文。"


def line(status: str, title: str) -> str:
    """Return one answer of the list."""
    return f"〔{status}〕{title}"


def heading(title: str, entry: str, group: str, version: int) -> str:
    """Name an answer under review."""
    return f"「{title}」（{entry}，{group}，第 {version} 版）"


def status_line(status: str, why: FrozenWhy | None, signature: str, until: date) -> str:
    """Say where an answer stands."""
    parts = [status]
    if why is not None:
        parts.append(WHY[why])
    if signature:
        parts.append(signature)
    return f"状态：{'，'.join(parts)}；有效到 {_day(until)}。"


def signed_by(title: str, day: date) -> str:
    """Say who signed and when."""
    return f"{title}于 {_day(day)}复核"


def fact(say: str, basis: Sequence[str]) -> str:
    """Return one fact with what it rests on."""
    return f"· {say}〔{'、'.join(basis)}〕"


def steps(steps: Sequence[str], escalate: str, local_rules: bool) -> str:
    """Return what a resident is told to do, whom to turn to, and where only local rules help."""
    numbered = "\n".join(f"{n}. {step}" for n, step in enumerate(steps, start=1))
    place = "\n本地另有规定，答复里会说明。" if local_rules else ""
    return f"怎么办：\n{numbered}\n转给：{ESCALATE[escalate]}{place}"


def asked(phrasings: Sequence[str]) -> str:
    """Show how residents ask for it."""
    return f"问法：{'；'.join(phrasings)}"


def article(citation: str, version: str, *, changed: bool, repealed: bool) -> str:
    """Name one article and how the copy stands to what was checked."""
    state = "，已废止" if repealed else "，和核对时不一样" if changed else ""
    return f"【{citation}】{version}{state}"


def happened(kind: EntryEventKind, title: str, at: datetime, reason: str, seal: str) -> str:
    """Return one line of the history."""
    who = f"{title} " if title else ""
    why = f"（{reason}）" if reason else ""
    return f"{_day(local(at).date())} {who}{KINDS[kind]}{why} {seal[:8]}"


def how_to_go_on(entry: str, *, frozen: bool, lawyer: bool) -> str:
    """Say which words come next."""
    if not lawyer:
        return f"有问题说「冻结 {entry} 原因」；签字、解冻要律师本人来。"
    if frozen:
        return f"核对过法条，答复没有问题，说「解冻 {entry} 已核对」。"
    return f"看完没有问题，说「签 {entry}」；有问题说「冻结 {entry} 原因」。"


def signed(title: str) -> str:
    """Confirm a signature."""
    return f"已签「{title}」。内容或法条一变，这个签名就自动失效。说「待审」看下一条。"


def held_back(title: str, told: int) -> str:
    """Confirm that an answer is held back."""
    people = f"已经通知 {told} 位问过的居民。" if told else "最近没有居民问过。"
    return f"已冻结「{title}」，不再给居民看。{people}"


def thawed(title: str) -> str:
    """Confirm that an answer is given again."""
    return f"已解冻「{title}」，居民又能看到了。没有签过的，看完请说「签」。"


def _day(day: date) -> str:
    return f"{day.year} 年 {day.month} 月 {day.day} 日"
