"""How an answer is worded: the conclusion first, then the facts, then what to do next."""

import re
from collections.abc import Sequence
from datetime import date

from knowledge.entries import Entry
from knowledge.overlay import Withheld

BASIS = re.compile(r"依据|法律依据|法条|看依据|凭什么|哪条法律")
WHY = re.compile(r"为什么这么回|为什么这么说|你怎么知道")
THUMB_UP = re.compile(r"👍|有用|有帮助|解决了我的问题|说得好")
THUMB_DOWN = re.compile(r"没帮上|👎|没用|没有用|没帮助|答非所问|不是我问的|你说错了|不是这个意思")

UP_LABEL = "有用"
DOWN_LABEL = "没帮上"
BASIS_LABEL = "看法律依据"
NONE_LABEL = "都不是"
REPORT_LABEL = "报修"
GLAD = "谢谢您。还有别的事，直接说就行。"
THANKS_UP = "谢谢您告诉我。还有别的事，随时说。"
SORRY_DOWN = (
    "对不起，没帮上您。已经记下来请工作人员改进。要不要换个说法再问一次？也可以回复 9 找人工。"
)
WHICH = "您问的是下面哪一件？"
NOT_LEGAL_ADVICE = "小二看不到您的合同和现场，不代替律师意见；想问律师或调解员，回复 9。"
UNREVIEWED = "本答复依据法条整理，尚待律师复核，法条以官方公布文本为准。"
LOCAL = "这件事本地另有规定，小二没有收录，请以工作人员答复为准。"
NOT_SURE = "这个问题我没有把握，不敢乱说。"
NOT_OURS = "这件事不在我会答的范围（我只答小区、物业、邻里的事），不敢乱说。"
ASK_PERSON = "回复 9，我请工作人员来答您；法律咨询也可以打 12348。"
RECORDED = "您的问题我记下来了。"
THIRD_MISS = "我还是没弄明白，真对不起。回复 9，我马上请工作人员接着帮您。"
STILL_MISSED = "这个我也答不上来。回复 9 找人工最快；回复「菜单」可以看我会办哪些事。"
FOLLOWS = re.compile(r"那|要是|如果|万一|假如|他要|他们要|她要")
"""How a question begins that goes on from the one before."""
AND_THEN = re.compile(r"那(?![个种里儿边些么位]).{0,14}$")
"""The same where it says so little that whatever is near may be near by chance."""
ALL_AT_ONCE = "这句我接不上前面的。请把事情一次说全，比如「楼上漏水，他硬是不修怎么办」；也可以回复 9，我请工作人员来答您。"
TRY_LIKE = "您可以换个说法，比如「三栋电梯坏了」「房屋漏水谁来修」；看我会什么，回复「菜单」；想找人，回复 9。"
TRY_AT_WORK = "工作上的事，可以说「待办」「待回」「待答」「待访」，律师说「待审」「待批」；居民的事，直接说一句就行。"
IDLE = "这个我不会。我是街道的小二，会报修、答小区物业的事，比如「三栋电梯坏了」「房屋漏水谁来修」；想找人说说，回复 9。"
IDLE_AGAIN = "这个我也不会。小区里的事，您随时说；想找人说说，回复 9。"
"""To whoever jokes and to whoever is lonely alike: neither laughs at it, nor calls anybody unasked."""
NO_BASIS = "这条答复没有可看的依据。"
ENGLISH_HANDOVER = (
    "Sorry, I am not certain about this in English. Reply 9 and our staff will answer you here "
    "(小二看不太懂英文，回复 9 找人工). To report something broken, reply 报修. "
    "In danger call 119 (fire), 120 (ambulance) or 110 (police)."
)
ENGLISH_PRIVATE = "It does not replace a lawyer; for more or for a person, message me in private."
IN_GROUP_MORE = "小二看不到合同和现场，不代替律师；想看办法、问律师或调解员，请私聊我。"
ARTICLE_CHANGED = "（您看到的是新文本，和答复核对时的不一样）"
ARTICLE_OVER = "（已废止）"
WITHHELD = {
    Withheld.LAW_CHANGED: "依据的法条有了变化",
    Withheld.HELD_BACK: "正在由律师重新核对",
    Withheld.EXPIRED: "核对的有效期已经过了",
}


def answer(entry: Entry) -> str:
    """Return the answer: short conclusion, facts, next steps."""
    facts = "\n".join(f"· {fact.say}" for fact in entry.facts)
    steps = "\n".join(f"{n}. {step}" for n, step in enumerate(entry.next, start=1))
    return f"{facts}\n怎么办：\n{steps}"


def conclusion(entry: Entry) -> str:
    """Return the conclusion with the decisive articles and what it is worth."""
    local = f"\n{LOCAL}" if entry.scope == "local" else ""
    return f"{entry.short}\n{sources(entry)}{local}\n{caution(entry)}"


def sources(entry: Entry) -> str:
    """Name the articles the answer rests on, and when they were checked."""
    return f"依据：{'、'.join(entry.citations)}（{_day(entry.checked_on)}核对）"


def caution(entry: Entry) -> str:
    """Say who stands for the answer, and what the bot cannot judge."""
    return f"{reviewed(entry)}{NOT_LEGAL_ADVICE}"


def reviewed(entry: Entry) -> str:
    """Say which lawyer signed the answer and when, or that none has."""
    if not entry.reviewed_by:
        return UNREVIEWED
    title, day, _ = entry.reviewed_by.split(" ")
    return f"本答复由{title}于 {_day(date.fromisoformat(day))}复核，法条以官方公布文本为准。"


def withheld(title: str, why: Withheld) -> str:
    """Say that an answer may not be given at present, and who can answer instead."""
    return f"「{title}」这条答复{WITHHELD[why]}，先不给您，免得说错。{RECORDED}{ASK_PERSON}"


def withheld_in_group(why: Withheld) -> str:
    """Say the same in a group, where no number can be answered."""
    return f"这条答复{WITHHELD[why]}，先不说，免得说错。请私聊我回复 9，或打 12348 问律师。"


def in_english(entry: Entry) -> str:
    """Name what an English answer rests on, and what it is worth: lawyers sign the Chinese one."""
    day = entry.checked_on
    return (
        f"Basis (in Chinese): {'、'.join(entry.citations)}, checked on {day.isoformat()}. "
        "No lawyer has reviewed the English text. "
        "I cannot see your contract or your home; this does not replace a lawyer. "
        "Reply 9 for a person."
    )


def in_english_group(answer: str, entry: Entry) -> str:
    """Return an English answer for a group, with its decisive article and what it is worth."""
    return f"{answer}\n{entry.citations[0]}. {ENGLISH_PRIVATE}"


def more_hint() -> str:
    """Say how to read the rest."""
    return "回复「更多」看详细说法和办法。"


def whole(entry: Entry) -> str:
    """Return everything a resident would read, for the command line and exports."""
    return f"{conclusion(entry)}\n{answer(entry)}"


def offer(titles: list[str], ask: str = WHICH) -> str:
    """Return an offer, or a question with its answers, for readers without buttons."""
    lines = [f"{n} {title}" for n, title in enumerate(titles, start=1)]
    return "\n".join([ask, *lines])


def basis(entry: Entry, lines: Sequence[str], why: Withheld | None) -> str:
    """Return the articles behind an answer, and whether it still holds."""
    if not lines:
        return NO_BASIS
    held = f"注意：这条答复{WITHHELD[why]}，请先不要照着办。" if why is not None else ""
    head = f"{held}「{entry.title}」的依据（{_day(entry.checked_on)}核对）："
    return "\n".join([head, *lines, caution(entry)])


def article_line(number: int, citation: str, law: str, version: str) -> str:
    """Name one article with its law and version."""
    return f"{number}. {citation}（《{law}》，{version}）"


def article_text(text: str, *, changed: bool, repealed: bool) -> str:
    """Return the text of an article, and how it stands to what the answer was checked against."""
    state = ARTICLE_OVER if repealed else ARTICLE_CHANGED if changed else ""
    return f"{text}{state}"


def why(entry: Entry, confidence: float, shared: Sequence[str]) -> str:
    """Explain how the answer was found, which one it is, and who stands for it."""
    words = f"，您的话和它都提到：{'、'.join(shared)}" if shared else ""
    return (
        f"我把您的话对到了「{entry.title}」这一条（第 {entry.version} 版）{words}。"
        f"把握约 {confidence:.0%}。{reviewed(entry)}不对的话，请回复「不是我问的」。"
    )


def _day(day: date) -> str:
    return f"{day.year} 年 {day.month} 月 {day.day} 日"


def in_group(entry: Entry) -> str:
    """Return the short answer for a group."""
    local = f"\n{LOCAL}" if entry.scope == "local" else ""
    return f"{entry.short}\n{sources(entry)}{local}\n{reviewed(entry)}{IN_GROUP_MORE}"
