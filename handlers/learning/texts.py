"""What is said about questions that had no answer, and the words staff use for them."""

import re
from collections.abc import Sequence

from knowledge.entries import Entry
from knowledge.replay import Level
from storage.words import ClusterState, LearningEventKind, PhrasingState, QuestionKind

_NUMBER = r"\s*(?P<number>\d{1,6})"
_WORDS = r"(?:[\s:：,，]+(?P<words>.+))?"

QUEUE = re.compile(r"(?:看|查)?待答(?:问题|清单)?(?P<more>[\s，,]*(?:下一?页|更多))?")
CLUSTER = re.compile(rf"待答{_NUMBER}")
ANSWER = re.compile(rf"答{_NUMBER}(?:[\s:：,，]*(?P<words>[^\d\s:：,，].*))?", re.DOTALL)
CORRECT = re.compile(rf"更正{_NUMBER}(?:[\s:：,，]*(?P<words>[^\d\s:：,，].*))?", re.DOTALL)
DISMISS = re.compile(rf"(?:不答|忽略){_NUMBER}{_WORDS}", re.DOTALL)
LINK = re.compile(
    rf"归入{_NUMBER}(?:[\s:：,，]+(?P<entry>[1-3１-３]|[a-z][a-z0-9\-]{{2,79}})(?![a-z0-9\-]){_WORDS})?",
    re.DOTALL,
)
PENDING = re.compile(r"(?:看|查)?待批(?:问法|清单)?(?P<more>[\s，,]*(?:下一?页|更多))?")
APPROVE = re.compile(rf"准{_NUMBER}")
REFUSE = re.compile(rf"不准{_NUMBER}{_WORDS}", re.DOTALL)
WITHDRAW = re.compile(rf"撤下{_NUMBER}{_WORDS}", re.DOTALL)
PHRASING = re.compile(rf"问法{_NUMBER}")
WHOLE = re.compile(rf"看全文{_NUMBER}")

NOTHING_OPEN = "现在没有待答的问题。"
NOTHING_PENDING = "现在没有待批的问法。"
NO_MORE = "后面没有了。发「待答」从头看。"
NO_MORE_PENDING = "后面没有了。发「待批」从头看。"
ERASED = "（原话已删除）"
WHOLE_LABEL = "看全文"


def shortened(text: str, most: int) -> str:
    """Return a question on one line."""
    line = " ".join(text.split()) or ERASED
    return line if len(line) <= most else line[: most - 1] + "…"


def queue(lines: Sequence[str], *, more: bool) -> str:
    """List the open questions."""
    how = ["看一条发「待答 编号」。" + ("后面还有，发「待答 下一页」。" if more else "")]
    return "\n".join(["待答的问题（问的人多的在前）：", *lines, *how])


def queue_line(number: int, question: str, askers: int, since: str) -> str:
    """Return one line of the list."""
    return f"{number}：{shortened(question, 22)}（{askers} 人，{since}起）"


def cluster(number: int, askers: int, asked: int, since: str, last: str) -> str:
    """Say how often a question was asked, by how many, since when."""
    return f"待答 {number}：{askers} 人问过 {asked} 次，{since}起，最近{last}。"


def example(question: str, kind: QuestionKind, title: str) -> str:
    """Show one example."""
    given = f"，给的是「{title}」" if title else ""
    return f"· {shortened(question, 40)}（{_KINDS[kind]}{given}）"


_KINDS = {
    QuestionKind.DECLINE: "没答",
    QuestionKind.OFFER: "给了选项，没选",
    QuestionKind.HANDOVER: "没把握",
    QuestionKind.NONE_FITS: "选了都不是",
    QuestionKind.THUMB_DOWN: "没帮上",
    QuestionKind.THUMB_UP: "有用",
}


def nearest(candidates: Sequence[tuple[str, str, float]]) -> str:
    """Show the entries that come nearest: id, title, confidence."""
    if not candidates:
        return "没有相近的条目。"
    lines = [
        f"{place} {title}（{entry}，{sure:.0%}）"
        for place, (entry, title, sure) in enumerate(candidates, start=1)
    ]
    return "\n".join(["最相近的条目：", *lines])


def how(number: int) -> str:
    """Show what can be done with an open question."""
    return f"可以发：「归入 {number} 1」「答 {number} 内容」「不答 {number} 原因」。"


def state(state: ClusterState) -> str:
    """Say what became of a question."""
    return _STATES[state]


_STATES = {
    ClusterState.OPEN: "等处理。",
    ClusterState.PROPOSED: "已提出归入，等律师批。",
    ClusterState.TELLING: "已学会，正在告诉问过的人。",
    ClusterState.LEARNED: "已学会，问过的人都告诉了。",
    ClusterState.ANSWERED: "工作人员答复过了。",
    ClusterState.DISMISSED: "不答。",
}


def link_label(title: str) -> str:
    """Name a button that links the question to an entry."""
    return f"归入「{shortened(title, 14)}」"


def by_staff(title: str, asked: str, question: str, words: str) -> str:
    """Carry a staff answer to who asked."""
    return (
        f"您{asked}问「{shortened(question, 40)}」，{title}答复您：{words}\n"
        "（工作人员答复，不是小二的条目。还有疑问请回复 9。）"
    )


def answered(number: int, told: int, left: int, question: str = "") -> str:
    """Confirm to staff how many are told, and of which question: the number may have been wrong."""
    if not told:
        return f"待答 {number} 没有您负责的居民在等，没有发出。请问的人所在社区的工作人员来答。"
    rest = f"另有 {left} 人是别的社区的，还在待答里，请他们社区的工作人员来答。" if left else ""
    named = f"「{shortened(question, 22)}」" if question else ""
    return f"待答 {number}{named}已答复，{told} 位问过的居民会收到（夜里的早上 8 点送到）。{rest}"


def corrected_by_staff(title: str, asked: str, question: str, words: str) -> str:
    """Carry a corrected answer to who was told another one."""
    return (
        f"您{asked}问「{shortened(question, 40)}」，{title}更正之前的答复，以这次为准：{words}\n"
        "（工作人员答复，不是小二的条目。还有疑问请回复 9。）"
    )


def corrected(number: int, told: int, question: str) -> str:
    """Confirm to staff how many hear the correction."""
    return (
        f"待答 {number}「{shortened(question, 22)}」的答复已更正，{told} 位收到过的居民会收到更正。"
    )


def dismissed(number: int) -> str:
    """Confirm to staff."""
    return f"待答 {number} 不答了，以后 90 天里一样的问题也不再列出。"


def proposed(number: int, phrasing: int, text: str, title: str) -> str:
    """Confirm a proposal, with the exact words that would be published."""
    return (
        f"已提出：「{text}」归入「{title}」（问法 {phrasing}，来自待答 {number}）。"
        f"要由另一位有律师身份的人批准；批准后先拿旧题复查，没有题变错才上线。收回发「撤下 {phrasing}」。"
    )


def to_decide(phrasing: int, text: str, title: str, who: str) -> str:
    """Tell a lawyer that a phrasing waits."""
    return (
        f"【待批 {phrasing}】{who}提出：居民问「{text}」，用「{title}」来答。"
        f"同意发「准 {phrasing}」，不同意发「不准 {phrasing} 原因」。"
    )


def pending(lines: Sequence[str], *, more: bool) -> str:
    """List the phrasings that wait for a lawyer."""
    after = "后面还有，发「待批 下一页」。" if more else ""
    return "\n".join(
        [
            "待批的问法：",
            *lines,
            f"律师发「准 编号」或「不准 编号 原因」，提出的人不能批自己的。{after}",
        ]
    )


def pending_line(number: int, text: str, title: str, who: str) -> str:
    """Return one line of the list."""
    return f"{number}：「{shortened(text, 24)}」→「{shortened(title, 16)}」（{who}）"


def approved(number: int) -> str:
    """Confirm to the lawyer."""
    return f"问法 {number} 已批准。小二先拿旧题复查（约一分钟），结果马上告诉您。"


def refused(number: int) -> str:
    """Confirm to the lawyer."""
    return f"问法 {number} 不批准，问题回到待答。"


def was_refused(number: int, text: str, reason: str) -> str:
    """Tell the proposer."""
    return f"您提出的问法 {number}「{text}」没有批准：{reason}。问题回到待答。"


def withdrawn(number: int) -> str:
    """Confirm to staff."""
    return f"问法 {number} 已撤下，小二不再用它认问题。"


def published(number: int, text: str, title: str, askers: int, asked: int, weaker: int) -> str:
    """Tell proposer and approver that the phrasing is in use."""
    less_sure = f"，{weaker} 题改为先给选项" if weaker else ""
    return (
        f"问法 {number}「{text}」已上线，归入「{title}」。"
        f"复查了 {asked} 题，没有一题变错{less_sure}；"
        f"{askers} 位问过的居民会收到通知。"
    )


def not_possible(number: int, text: str, title: str) -> str:
    """Tell that nothing could be published."""
    why = f"「{title}」现在停用" if text else "原话已按居民要求删除"
    return f"问法 {number} 没有上线：{why}。问题回到待答。"


def worse(number: int, text: str, suffered: int, case: str, change: str) -> str:
    """Tell which question would suffer."""
    return (
        f"问法 {number}「{text}」没有上线：复查有 {suffered} 题会变差，"
        f"比如「{shortened(case, 40)}」{change}。问题回到待答。"
    )


def change(before: Level, after: Level, right: str | None, instead: str | None) -> str:
    """Say how a question would be served worse."""
    was = f"现在{_LEVELS[before]}" if right is None else f"现在{_LEVELS[before]}「{right}」"
    if right is None:
        return f"不该由小二答，现在不答，加上它会拿「{instead}」来答"
    if after is Level.WRONG:
        return f"{was}，加上它会错答成「{instead}」"
    return f"{was}，加上它会{_LEVELS[after]}"


_LEVELS = {
    Level.WRONG: "答错",
    Level.SILENT: "答不上",
    Level.OFFERED: "只当一个选项给出",
    Level.RIGHT: "答对",
}


def learned(asked: str, question: str, entry: Entry, caution: str, number: int) -> str:
    """Tell who asked that there is an answer now."""
    return (
        f"您{asked}问的「{shortened(question, 40)}」，现在答得上了：{entry.short}\n{caution}\n"
        f"回复「看全文 {number}」看办法。"
    )


def whole_words(number: int) -> str:
    """Return what to say for the whole answer."""
    return f"看全文 {number}"


def phrasing(number: int, text: str, title: str, state: PhrasingState) -> str:
    """Show a phrasing."""
    return f"问法 {number}：「{text or ERASED}」→「{title}」，{_PHRASING_STATES[state]}。"


def phrasing_state(state: PhrasingState) -> str:
    """Return the word for where a phrasing stands."""
    return _PHRASING_STATES[state]


_PHRASING_STATES = {
    PhrasingState.PROPOSED: "等律师批",
    PhrasingState.APPROVED: "已批准，正在复查",
    PhrasingState.PUBLISHED: "在用",
    PhrasingState.REFUSED: "没有批准",
    PhrasingState.WORSE: "复查没通过",
    PhrasingState.WITHDRAWN: "已撤下",
}


def event(at: str, who: str, kind: LearningEventKind, phrasing: int | None, words: str) -> str:
    """Return one line of the history."""
    what = f"问法 {phrasing}" if phrasing is not None else ""
    said = f"：{shortened(words, 40)}" if words else ""
    return f"· {at} {who or '小二'}{_EVENTS[kind]}{what}{said}"


_EVENTS = {
    LearningEventKind.PROPOSED: "提出",
    LearningEventKind.APPROVED: "批准",
    LearningEventKind.REFUSED: "不批准",
    LearningEventKind.PUBLISHED: "复查通过，上线",
    LearningEventKind.WORSE: "复查没通过",
    LearningEventKind.WITHDRAWN: "撤下",
    LearningEventKind.ANSWERED: "答复了问的人",
    LearningEventKind.CORRECTED: "更正了答复",
    LearningEventKind.DISMISSED: "不答",
}
