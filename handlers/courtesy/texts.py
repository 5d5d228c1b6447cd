"""What people say to the bot itself, by any name and in English, and what it says to that."""

import re

HELLO = re.compile(
    r"(?:hello|hi|hey|good (?:morning|afternoon|evening))(?: there)?(?:[ ,!.]*xiao ?er)?"
    r"|(?:what can you do|who are you|are you (?:a )?(?:ro)?bot|(?:do|can) you speak english|english)"
)
THANKS = re.compile(
    r"(?:(?:hello|hi|ok(?:ay)?|great|good|fine|no)[ ,!.]*)*(?:many )?(?:thanks|thank (?:you|u)|thx)"
    r"(?: (?:a lot|so much|very much|again))?(?:[ ,!.]*(?:xiao ?er|(?:good ?)?bye))*"
)
BYE = re.compile(r"(?:good ?)?bye(?:[ -]?bye)?|see you(?: later)?|good night")

HELLO_ANSWER = (
    "Hello! I am Xiaoer, the street's automatic assistant. Reply with a number: 1 report a repair, "
    "2 my reports, 3 my points, 4 volunteer shifts, 9 a person.\n"
    "您好，我是小二（自动助手），用中文直接说事也行。"
)
HELLO_IN_GROUP = (
    "Hello! I am Xiaoer, the street's automatic assistant. Ask me here about property rules, "
    "or message me in private to report a repair."
)
LISTENING = "Hello! I am listening.（您好，我在听。）"
THANKS_ANSWER = "You are welcome. Reply 9 for a person.（不客气，有事随时说。）"
BYE_ANSWER = "Goodbye. Write to me any time.（再见，有事随时说。）"

_NAMES = r"(?:小[二儿尔耳]|小?姑娘|妹子|丫头|伢|闺女|小伙子|同志)"
_TO_US = rf"(?:喂|哎|诶|你好|您好|{_NAMES}|[啊呀咧哦\s,，、])"
CALLED = re.compile(rf"(?=.*(?:{_NAMES}|喂)){_TO_US}+")
"""Nothing but a name for the bot: old people say what they call the clerk at the counter."""
WANTS_TO_SPEAK = re.compile(
    rf"{_TO_US}*我?(?:想|要|来)?(?:有|(?:跟|向|和|找)?(?:你|您)?(?:问|说|打听|请教|反映|讲))(?:你|您)?"
    r"(?:一?下|一?点|一?件|一?个)?(?:事情?|问题|情况|话)(?:可以吗|行吗|好吗|啊|咧)?"
)
DOUBTS = re.compile(
    rf"{_TO_US}*(?:你|您|这)?们?(?:是不是|不是|该不会是|会不会是|是)?个?(?:骗子|骗人的?|诈骗)(?:吧|吗|啊|的)?"
    rf"|{_TO_US}*(?:你|您|这个?|用你|找你)?(?:要不要钱|要钱吗|收不收(?:钱|费)|收(?:钱|费)吗)"
)
ASKS_TIME = re.compile(
    rf"{_TO_US}*(?:请问)?(?:现在)?(?:是)?几点钟?了|{_TO_US}*现在(?:是)?几点钟?"
    rf"|{_TO_US}*(?:请问)?今天(?:是)?(?:几月)?(?:几号|星期几|礼拜几|周几)(?:了|啊)?"
)
CHATS = re.compile(
    rf"{_TO_US}*(?:你|您)?(?:(?:吃|过早|吃饭|睡觉|睡|下班)(?:了|过)?(?:没有?|冇|吗)|(?:今年)?(?:多大|几岁)(?:了|啊)?"
    r"|叫(?:什么|么)名字|累不累|辛不辛苦|是男的?还是女的?|结婚了?(?:没有?|吗))"
)
SAY_ON = "您说，我在听。哪里、什么东西怎么了，一句一句说也行。"
HERE_WHILE_WAITING = "我在。工作人员已经在请了，您有话接着说，我一起转过去。"
NO_SWINDLER = (
    "我是街道的自动助手小二，不收钱，也不会问您要密码、验证码、银行卡号。"
    "不放心，请打 12345 或问社区的人，核实了再说。"
)
NO_PERSON = "我是自动助手小二，不用吃饭睡觉，您什么时候说事都行。"


FACES = re.compile(
    r"(?:\[[\u4e00-\u9fffA-Za-z]{1,6}\]"
    r"|[\u203c-\u3299\ufe0f\U0001f000-\U0001faff\U000e0020-\U000e007f]|[\s~!,.])+"
)
"""Nothing but faces, as emoji or by WeChat's names of them."""
FACES_ANSWER = "收到您的表情了。您有什么事，直接说一句就行；想找真人，回复 9。"
FACES_AMID = "收到您的表情了。"


def now(moment: str) -> str:
    """Say what time it is."""
    return f"现在是 {moment}。"


def welcome_staff(street: str) -> str:
    """Tell a group of staff, who only call, what can be done there."""
    return (
        f"我在，我是{street}的小二（自动助手）。在工作群里直接发就行，不用 @我：\n"
        "· 「待办」看要办的单子，「接单 1001」「办结 1001 结果」\n"
        "· 「待回」看谁在等回复，「回 1 内容」，说完「交还 1」\n"
        "· 「待答」看没答上的问题，「待访」看要上门的\n"
        "物业法律问题，@我 问。"
    )
