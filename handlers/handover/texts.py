"""What is said while a person takes over, and the words staff use for it."""

import re

ANSWER = re.compile(
    r"(?:回|回复|答复)\s*(?P<number>\d{1,6})(?:[\s:：,，]+(?P<words>.+))?", re.DOTALL
)
ANSWER_AT_ONCE = re.compile(
    r"(?:回|回复|答复)\s*(?P<number>\d{1,6})(?P<words>[^\d\s:：,，号楼栋幢座单个天分元年月日点次室米%].+)",
    re.DOTALL,
)
"""The same without a gap, as it is typed on a phone."""
CALL = re.compile(
    r"(?:请|麻烦)?(?:帮我|给我|我要|我想)?(?:转|找|转接)?人工(?:客服|服务)?[\s:：,，。、!！]+.+",
    re.DOTALL,
)
"""A call for a person with the matter behind it."""
TELL = re.compile(
    r"(?:请|麻烦)?(?:你|您|小二)?(?:帮我|替我|给我)(?:跟|和|给|向|同)?[^\s，。,？?]{1,10}(?:说一?声|讲一?声|说一下|带个话|带句话|转告|讲一下)"
    r"(?:[\s,，:：。]*[^？?]*)?",
    re.DOTALL,
)
"""Words for somebody whom only a person can reach."""
GIVE_BACK = re.compile(r"(?:交还|交回|结束)\s*(?P<number>\d{1,6})?")
WAITING = re.compile(r"待回|待回复|谁在等|有(?:人|谁|居民)在?等(?:我们|回复)?(?:吗|没有?)?")

ANSWER_LABEL = "接手回复"
PASSED_ALONG = "这句话我也转给工作人员了，请稍等他们回复。"
CALLED_OFF = "好的，我告诉工作人员不用回了。您还有事随时说，要找真人回复 9。"
CARD_CALLED_OFF = "（居民说不用回了，已经结束）"
PHOTO_PASSED_ALONG = "照片我也转给工作人员了，请稍等他们回复。想补充什么，直接说就行。"
VOICE_UNHEARD = (
    "您的语音我没听清，工作人员知道您发了语音，但听不到内容。"
    "请用键盘上的语音输入转成文字再发，或等他们联系您。"
)
UNREADABLE = "这种消息工作人员也看不到。请用文字说，或者发照片，我转给他们。"
UNSAID = "还没说是什么事"
CARD_OTHER = "（一条没有文字的消息，小二打不开）"
CARD_VOICE = "（一段语音，没有转成文字）"
STILL_OWNED = "您的话已经转给工作人员，请稍等。"
BACK_WITH_BOT = "工作人员已把对话交还给小二（自动助手）。您还有事直接说，随时回复 9 找人工。"
BACK_AFTER_HOURS = "工作人员的对话已经结束，现在由小二（自动助手）接着为您服务。随时回复 9 找人工。"
NOBODY_WAITS = "现在没有人等回复。"
WHICH_ONE = "请写上编号，例如「交还 1」。"
TAKEN_UP = "您说了好几件事，让您操心了。我怕漏掉，已经整段转给工作人员。"
ONE_BY_ONE = "急着修的，也可以现在一件一件报，比如「五栋一单元电梯坏了」。"
PASSED_ON = "这件事要社区的工作人员来安排，我已经转给他们了。"


def promised(number: int, *, on_duty: bool, answer_by: str, phone: str) -> str:
    """Tell the resident that a person will answer, and when."""
    by_phone = f"着急可以打电话 {phone}。" if phone else "着急可以打 12345。"
    if on_duty:
        return (
            f"好的，已请工作人员来回复您（待回 {number}）。一般 2 个工作小时内，最晚{answer_by}。"
            f"您可以接着把事情说清楚，我一起转过去。{by_phone}"
        )
    return (
        f"好的，已记下（待回 {number}）。现在不是上班时间，工作人员会在{answer_by}前回复您。"
        f"您可以接着把事情说清楚，我一起转过去。有危险请打 110、119、120。{by_phone}"
    )


def already(number: int) -> str:
    """Say that a person was asked for already."""
    return f"已经在请工作人员了（待回 {number}），请稍等。您想补充什么，直接说就行。"


def card(number: int, words: str, place: str) -> str:
    """Tell the staff that somebody waits; no name, no house number."""
    where = f"（{place}）" if place else ""
    matter = f"说：{words}" if words else "想找人工，还没说是什么事。"
    return f"【待回 {number}】居民{where}{matter}\n回复请发「回 {number} 内容」，说完发「交还 {number}」。"


def drafting(what: str) -> str:
    """Say that the matter comes from a report that is not submitted yet."""
    return f"{what}（报修还没填完）"


def card_more(number: int, words: str) -> str:
    """Pass on what the resident added."""
    return f"【待回 {number}】居民又说：{words}"


def card_photos(count: int) -> str:
    """Say that photos came."""
    return f"（照片 {count} 张）"


def card_edited(number: int, words: str) -> str:
    """Pass on what the resident says instead of something said before."""
    return f"【待回 {number}】居民更正：{words}"


def card_late(when: str) -> str:
    """Say that the words are old."""
    return f"（这是{when}发的，停机后才收到）"


def said_by_staff(title: str, words: str, *, is_edit: bool = False) -> str:
    """Carry a person's answer to the resident; a corrected one says so."""
    return f"{title}更正：{words}" if is_edit else f"{title}回复您：{words}"


def sent(number: int) -> str:
    """Confirm to staff."""
    return f"好，这就发给居民（待回 {number}）。居民再说话会转到这里；说完请发「交还 {number}」。"


def given_back(number: int) -> str:
    """Confirm to staff."""
    return f"待回 {number} 已交还，小二继续服务。"


def how_to_answer(number: int) -> str:
    """Show how to answer."""
    return f"请发「回 {number} 您要说的话」，居民就会收到。"


def list_waiting(lines: list[str]) -> str:
    """List who waits."""
    return "\n".join(["正在等回复的：", *lines, "回复请发「回 编号 内容」。"])


def list_line(number: int, words: str, since: str, *, owned: bool) -> str:
    """Return one line of the list."""
    return f"{number}：{words or UNSAID}（{since}{'，已有人在回' if owned else ''}）"


def overdue(number: int) -> str:
    """Remind staff of somebody who waits too long."""
    return f"【待回 {number}】居民还在等，已到答应的时间，请尽快回复。"


TITLES = {
    "property": "物业",
    "captain": "楼栋长",
    "grid": "网格员",
    "secretary": "社区书记",
    "street": "街道工作人员",
    "department": "区里工作人员",
    "lawyer": "驿站律师",
    "mediator": "驿站调解员",
    "merchant": "商户联系人",
    "coordinator": "志愿队联系人",
    "admin": "管理员",
}
STAFF = "工作人员"
