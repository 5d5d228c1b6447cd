"""The sentences and words that every subject shares."""

import re
from datetime import datetime, timedelta

from handlers.localtime import local
from handlers.refusal import Refusal, Why

WEEKDAYS = "一二三四五六日"
CANCEL = frozenset({"取消", "算了", "不弄了", "不报了", "退出"})
BACK = frozenset({"返回", "上一步", "回去", "0", "返回上一步"})
PERSON = frozenset(
    {
        "人工", "9", "转人工", "找人工", "人工服务", "真人", "找人", "转接人工", "人工客服",
        "找工作人员", "我要人工", "找真人", "我要找人工", "我找人工", "要人工", "我要找真人",
    }
)  # fmt: skip
MORE = frozenset({"更多", "还有呢", "接着说", "继续", "后面呢", "下一页"})
NEXT_MATTER = frozenset({"下一件", "下一个", "下一件事", "还有一件", "另一件", "下件"})
MENU = frozenset(
    {
        "菜单", "帮助", "help", "/help", "/start", "start", "功能", "你能做什么", "开始", "你是谁", "你是哪个",
        "你是哪位", "你是什么", "你是干什么的", "你是机器人吗", "你是真人吗", "你是人吗", "你是gpt吗", "你是ai吗",
        "你会什么", "你会干什么", "你能干什么", "你能帮我做什么", "怎么用", "这个怎么用", "不会用", "我不会用",
        "我不会用这个",
    }
)  # fmt: skip
SUBMIT = frozenset({"确认", "提交", "确认提交", "没问题", "对的", "好的提交"})
SKIP = frozenset({"跳过", "不用", "没有", "不留", "不填", "无"})
CHANGE_LINE = re.compile(
    r"(?:我要)?(?:改|修改|更正)\s*(?:第)?\s*(\d|[一二三四五六])\s*(?:项|行|条)?"
)
CHANGE = frozenset({"修改", "报错了", "改", "改一下", "不对", "错了", "写错了"})
NO_ANSWER = (
    SUBMIT
    | CHANGE
    | {
        "听不懂", "看不懂", "不懂", "不知道", "不知道啊", "不晓得", "不清楚", "随便", "什么意思", "啥意思", "么意思",
        "你说什么", "什么", "啥", "么斯", "怎么说", "怎么写", "不会", "不会写",
    }
)  # fmt: skip
NO_MATTER_LEFT = "您说的几件都说到了。还有别的事，直接说就行。"
CANNOT_SAY = re.compile(
    r"(?:我|这个|那|反正|真的?|也|是|就)*"
    r"(?:(?:讲|说)不(?:清楚?|出来?|上来|明白|好)|不(?:想|愿意?|方便|好|能|会)再?(?:说|讲|写|回答|告诉你?)"
    r"|不告诉你|不(?:知道|晓得|清楚|记得)(?:怎么说|在哪[里儿]?|是哪[里个]?)?|忘记?了|记不[得清]了?"
    r"|鬼(?:晓得|知道)(?:在哪里?)?|保密|你猜)[啊呀呢了嘛咧]?"
)
"""Whoever says so has no answer to the open question of a form."""
DIGITS = {c: n for n, c in enumerate("零一二三四五六")}

MORE_HINT = "（回复「更多」看后面的内容）"
BACK_LABEL = "返回"
PERSON_LABEL = "人工"
ASK_NUMBER = "回复数字即可。"
NO_SUCH_CHOICE = (
    "现在没有这个编号可以选；刚才的办好了，就不用再回。还有事请直接说一句话，或回复 9 找人工。"
)
DRAFT_WAITS = "您有一份没填完的内容还给您留着。接着填请直接回复；不办了请回复「取消」。"
OLD_MENU = "这个按钮或编号是以前的，已经过期了。请直接告诉我您要办什么。"
NOT_YOURS = "这是给别人的按钮，您点不了。您要办事，请直接对我说。"
CANCELLED = "好的，已经取消，什么都没有提交。"
NOTHING_TO_CANCEL = (
    "现在没有正在填写的内容，不用取消。退志愿班请说「取消报名」，撤回报修请说「撤回」。"
)
NOTHING_TO_CONFIRM = "现在没有要确认的内容。已经提交的不用再确认，说「我的报修」可以看进展。"
NOTHING_MORE = "刚才的内容已经说完了。您还有别的事，请直接说。"
AT_FIRST_STEP = "已经是第一步了。想不办了，请回复「取消」。"
PRIVATE_ONLY = "这是您个人的事，群里不方便说。请点开我的头像私聊我。"
ASK_IN_PRIVATE = "这个问题要多问您两句才答得准。请点开我的头像，私聊我再说一遍。"
UNKNOWN_KIND = "这种消息我看不懂。请用文字说，或者发照片、回复 9 找人工。"
VOICE_UNHEARD = (
    "您的语音我没听清。请用键盘上的语音输入转成文字再发给我，或回复 9 由工作人员联系您。"
)
VOICE_AGAIN = "还是没听出来，对不起。不想打字也行：回复一个数字 9，工作人员接着帮您。"
PHOTO_MISSING = "哪里、什么东西坏了，您也可以直接说一句，我好帮您报修。"
PHOTO_ALONE = "照片收到了。请再说一句：哪里、什么东西坏了？我好帮您报修。"
PLACE_ALONE = "位置收到了。请再说一句：那里出了什么问题？"
SLOW_DOWN = "您发得太快了，我先停一下。请过一分钟再发，刚才的消息没有处理。"
TOO_LONG = "这段话太长，我只看了前面一部分。要紧的事请简短再说一遍。"
UNBOUND_GROUP = "大家好，我是小二（自动助手）。这个群还没有登记，请街道管理员在群里发「绑定 口令」。登记前我不会在群里说话。"
ANONYMOUS = "您现在用的是群的名义，我不知道您是谁，办不了事。请用自己的名义私聊我。"
NOT_ALLOWED = "这件事要有相应权限的工作人员才能办。您是工作人员，请先向管理员要口令，私聊我发「绑定 口令」；别的事回复 9。"
POLITE, HELLO = "不客气，您慢慢来。", "您好，我在听。"
WELCOME = "不客气，有事随时找我。"
HEARD_YES = "好的。还有别的事，直接说就行。"
GOODBYE = "好的，您慢走。有事随时找我。"
HERE = (
    "我在。您有什么事，直接说一句就行，比如「三栋电梯坏了」「房屋漏水谁来修」；想找真人，回复 9。"
)
CHOOSE_ONE = "请回复数字选一个："
WAITING_FOR_YOU = "好的，我等您选。"
DRAFT_NOT_SENT = "这份还没有提交。不办了，请回复「取消」；还要办，接着填就行。"

DONE = frozenset({"好了", "可以了", "行了", "好得很", "蛮好"})
"""Said to 「修好了吗」, these say yes to it; to anything else they are a bare yes."""
REPORTED_WRONG = frozenset({"报错了", "我报错了", "报重了", "搞错了不报了"})
INTRODUCED = (
    "您好！您要办什么事，直接说一句就行，比如「三栋电梯坏了」「房屋漏水谁来修」；想找真人，回复 9。"
)
INTRODUCTION = re.compile(
    r"(?:(?:你|您)好[呀啊，,!！\s]*|喂[，,\s]*|小二[呀啊，,\s]*)*我(?:姓[\u4e00-\u9fff]{1,3}"
    r"|是[^，。,？?吗么怎何谁不能该要坏漏想来投报]{1,14}(?:的|业主|居民|住户|租客|租户|店主|老板|[老小][\u4e00-\u9fff]"
    r"|[\u4e00-\u9fff]{1,2}(?:婆婆|爹爹|奶奶|爷爷|大爷|大妈|阿姨|师傅|老师|先生|女士|太婆)))"
)
"""Who says only who they are has not said yet what they want."""
NODDING = re.compile(
    r"(?:(?:嗯+|哦+|噢+|喔+|啊|好的?|行|那|我|都)[\s,，。]*)*"
    r"(?:知道了?|晓得了?|明白了?|了解了?|懂了|嗯+|哦+|噢+|喔+)[啊呀哈]?"
)
"""Whoever says so has heard, and asks nothing."""
INSULT = re.compile(
    r"(?:你|您|小二|机器人|这个?|真是?|个|是不是|是|就|太|好|大|的|他妈|妈的|\s|[,，!！])*"
    r"(?:傻[逼比瓜子叉x]?|sb|煞笔|滚(?:蛋|开|犊子|吧)?|废物|白痴|蠢(?:货|猪)?|笨(?:蛋|死了)?|智障|脑残|神经病|猪(?:头|吗)?"
    r"|没用|不中用|差劲|垃圾(?:机器人|软件|东西|小二)|去死吧?|操|妈的|他妈的|fuck(?: you| off)?|shit|stupid|idiot)"
    r"(?:你|吧|啊|吗|了|的|东西|玩意儿?|[,，!！?？])*"
    r"|我?要?(?:投诉|举报|告)(?:你|小二|机器人)"
)
"""Words against the bot itself: they say that somebody is not content."""
SORRY = "让您不满意了，对不起。您要办什么事，直接说一句，我再试试；想找真人，回复 9。"
SORRY_IN_GROUP = "让您不满意了，对不起。请点开我的头像私聊我说是什么事；想找真人，私聊里回复 9。"
THANKS = re.compile(r"谢|辛苦|麻烦(?:你|您)了|劳慰")
PARTING = re.compile(r"再见|拜拜|再会|晚安|先这样")
CALLING = re.compile(
    r".{0,24}(?:听(?:得)?(?:到|见)(?:了?没(?:有)?|吗|不|我)|听到没|在不在|在吗|有人(?:在)?(?:吗|没有?))"
    r".{0,6}"
)
NOTHING_ELSE = re.compile(
    r"(?:(?:好的?|嗯+|哦+|行|谢谢(?:你|您)?(?:了|啊)?|那|算了|我?(?:是)?开玩笑的?(?:啦|了)?)[\s,，。!！、]*)*"
    r"(?:(?:我)?(?:没|冇)(?:得)?(?:什么|么)?(?:别的)?事(?:情)?(?:了|啦)|没事|没别的(?:事)?了?"
    r"|不用(?:了|啦|找了|找人了|麻烦了|回了|联系了)|不(?:要|需要|必|麻烦|问|报|弄|找|说)了"
    r"|(?:改天|改日|下次|以后|回头|下回|过几天)再(?:说|讲|问|弄|报|来)吧?"
    r"|我?(?:是)?开(?:个)?玩笑的?(?:啦|了)?)"
)
"""Whoever says only this wants nothing more now."""


def store_down(reference: str) -> str:
    """Say that nothing could be stored, so nothing was done."""
    return (
        "对不起，系统暂时记不下来，刚才这件事没有办成，也没有提交。"
        f"请过几分钟再发一次；急事请直接打社区或 12345 电话。（{reference}）"
    )


def store_full(reference: str) -> str:
    """Say that the disk is full."""
    return (
        "对不起，系统存储满了，刚才这件事没有办成，也没有提交，已提醒管理员。"
        f"急事请直接打社区或 12345 电话。（{reference}）"
    )


def our_mistake(reference: str) -> str:
    """Apologise for a mistake of ours, with the reference that finds it in the log."""
    return (
        "对不起，小二出了点问题，刚才这件事没有办成。请再说一次；"
        f"还不行就回复 9 找人工，并告诉工作人员编号 {reference}。"
    )


def late(sent_at: datetime, now: datetime) -> str:
    """Say that an old message was found after an outage."""
    return (
        f"对不起，刚才有一段时间我没法收消息。您{when(sent_at, now)}发的消息现在才看到，"
        "没有处理。还要办的话请再发一次。"
    )


def late_passed_on(sent_at: datetime, now: datetime) -> str:
    """Say that an old message was found, and that the staff who answer have it now."""
    return (
        f"对不起，刚才有一段时间我没法收消息。您{when(sent_at, now)}发的消息现在才看到，"
        "已经转给工作人员了。"
    )


def clock(moment: datetime) -> str:
    """Return a time of day as people say it: 早上 8 点, 下午 2 点半."""
    moment = local(moment)
    part = next(word for until, word in _PARTS if moment.hour < until)
    return part + _hour(moment)


def _hour(moment: datetime) -> str:
    hour = moment.hour if moment.hour <= NOON else moment.hour - NOON
    minutes = {0: "", 30: "半"}.get(moment.minute, f" {moment.minute} 分")
    return f" {hour} 点{minutes}"


NOON = 12
SHOWN = 30
_PARTS = ((5, "凌晨"), (8, "早上"), (12, "上午"), (13, "中午"), (18, "下午"), (24, "晚上"))


def day(moment: datetime, now: datetime) -> str:
    """Return a day as people say it: 明天（周二）, or 12 月 3 日（周四）."""
    moment, now = local(moment), local(now)
    weekday = f"（周{WEEKDAYS[moment.weekday()]}）"
    apart = (moment.date() - now.date()) // timedelta(days=1)
    names = {-1: "昨天", 0: "今天", 1: "明天", 2: "后天"}
    if apart in {-1, 0}:
        return names[apart]
    if apart in names:
        return names[apart] + weekday
    year = "" if moment.year == now.year else f"{moment.year} 年 "
    return f"{year}{moment.month} 月 {moment.day} 日{weekday}"


def when(moment: datetime, now: datetime) -> str:
    """Return a moment as people say it: 明天（周二）早上 8:00."""
    return day(moment, now) + clock(moment)


def span(starts_at: datetime, ends_at: datetime, now: datetime) -> str:
    """Return a span on one day as people say it."""
    return f"{when(starts_at, now)}到{_hour(local(ends_at))}"


def welcome(street: str, *, group: bool = False) -> str:
    """Introduce the bot: what it is, what it does, how to reach a person."""
    if group:
        return f"您好，我是{street}的小二（自动助手）。群里 @我 可以问物业法律问题；报修、查积分请私聊我。"
    return (
        f"您好，我是{street}的小二（自动助手）。您可以直接说：\n"
        "· 问物业的事，比如「房屋漏水该谁修」\n"
        "· 报修，比如「三栋二单元电梯坏了」\n"
        "· 「我的积分」「我的报修」「有什么班」\n"
        "想找真人，随时回复 9。"
    )


def private_way(text: str) -> str:
    """Offer to go on in private."""
    return PRIVATE_ONLY if not text else f"{PRIVATE_ONLY}在私聊里说「{text}」就行。"


WHAT_TO_DO = re.compile(r"(?:该|要)?(?:怎么|咋|么样|怎样)(?:办|搞|弄)")
"""Asked at the end of a complaint of many matters, it asks for no one answer."""


def short(text: str, most: int) -> str:
    """Return a text for a button or an aside."""
    return text if len(text) <= most else f"{text[: most - 1]}…"


def several(count: int, others: list[str]) -> str:
    """Name how many matters were heard, and those that no button has; ask which comes first."""
    more = f"（还有：{'；'.join(others)}）" if others else ""
    return f"您说了 {count} 件事{more}，一件一件来，先说哪件？想整段交给工作人员，回复 9。"


def several_in_group(count: int) -> str:
    """Say in a group that so many matters are taken one by one in private."""
    return f"您说了 {count} 件事，群里说不清。请点开我的头像私聊我，再发一遍，我一件一件帮您办。"


def one_of_several(matter: str, following: str) -> str:
    """Say which matter is answered now, and how to go on to the next."""
    if not following:
        return f"最后一件：「{matter}」。"
    return f"这件：「{matter}」。看完回复「下一件」，接着说「{following}」。"


def no_answer(said: str) -> bool:
    """Return whether folded words answer nothing that was asked for in a form."""
    return said in NO_ANSWER or CANNOT_SAY.fullmatch(said) is not None


def understood(text: str) -> str:
    """Say back what was heard, shortened."""
    heard = text if len(text) <= SHOWN else text[:SHOWN] + "…"
    return f"我听到：「{heard}」。"


DRAFT_KEPT = "（没填完的内容给您留着，办完这件接着填。）"
SUBMIT_LABEL = "确认提交"
CHANGE_LABEL = "修改"
SKIP_LABEL = "跳过"
WHICH_LINE = "要改哪一项？"
AT_SUMMARY = "请看下面对不对：对就回复 1 提交，要改就说「改2」，不办了说「取消」。"
ANOTHER_MATTER = "这像是另一件事：请先回复 1 提交下面这件，再说这一件。下面写错了，就说「改1」。"
OFFER_PERSON = "说不清楚也没关系，回复 9 就有工作人员接着帮您。"


def summary(title: str, lines: list[str]) -> str:
    """Show everything once, numbered, before it is submitted."""
    return "\n".join([f"请核对{title}：", *lines, "要改哪一项，就说「改2」这样。"])


def summary_line(number: int, label: str, value: str) -> str:
    """Return one line of a summary."""
    return f"（{number}）{label}：{value}"


def no_such_line(lines: int) -> str:
    """Say which lines there are."""
    return f"没有这一项。可以改第 1 到第 {lines} 项。"


def for_example(example: str) -> str:
    """Show what an answer may look like."""
    return f"您可以这样说：「{example}」。"


def colleague(name: str | None, title: str) -> str:
    """Name one of the staff to another one."""
    return f"{name}（{title}）" if name else title


def refusal(refusal: Refusal) -> str:
    """Say why something cannot be done and what to do instead."""
    return _REFUSALS[refusal.why].format(**refusal.facts)


_REFUSALS: dict[Why, str] = {
    Why.CODE_UNKNOWN: "这个口令不对。请照纸条再输一次，或请楼栋长重新给您一张。",
    Why.CODE_USED: "这个口令已经用过了。口令只能用一次，请楼栋长或管理员重新给您一张。",
    Why.CODE_EXPIRED: "这个口令已经过期了。请楼栋长或管理员重新给您一张。",
    Why.CODE_WRONG_PLACE: "这个口令不能在这里用：绑定个人请私聊我，绑定群请在群里发。",
    Why.MERGE_ROLES: "您这个账号有工作身份，不能并到别的账号里。请在这里说「我的码」，再到那个账号里绑定。",
    Why.MERGE_BOTH_ROLES: "两个账号都有工作身份，我不敢自己合并。请管理员先撤销其中一个的身份。",
    Why.MERGE_OTHERS: "两个账号登记的名字或住处不一样，我不敢合并。请找楼栋长或回复 9 请工作人员核对。",
    Why.MERGE_HELD: "您有积分正在兑换，先不能合并。请等兑换办完，再来绑定。",
    Why.UNDO_LATE: "已经过了 {days} 天，不能自动撤销了。请用「解绑」把账号解开，再重新发口令。",
    Why.UNDO_SPENT: "合并过来的 {points} 个积分已经用掉了一些，不能自动撤销。请管理员查账后处理。",
    Why.BINDING_UNKNOWN: "没有可以撤销的绑定 {number}。请说「绑定记录 名字」看编号。",
    Why.BINDING_UNDONE: "绑定 {number} 已经撤销过了。",
    Why.NO_ACCOUNT: "这个账号已经解绑了。",
    Why.NOT_ALLOWED: NOT_ALLOWED,
    Why.PRIVATE_ONLY: PRIVATE_ONLY,
    Why.NO_SUCH_PERSON: "没有找到「{name}」。请写登记时的名字。",
    Why.SEVERAL_PERSONS: "有 {count} 位「{name}」，我分不清。请找管理员办理。",
    Why.POINTS_AMOUNT: "一次最少加 {least} 分，最多加 {most} 分。请改一下分数再发。",
    Why.POINTS_SELF: "不能给自己加分。请让另一位工作人员来加。",
    Why.POINTS_REASON: "请写上加分的原因，例如「给居民乙加5分 门前整洁」。",
    Why.POINTS_REPEATED: "这次加分已经记过了，不会重复加。",
    Why.POINTS_NO_AWARD: "没有找到您给{name}加的分。别人加的分，要由加的人来撤销。",
    Why.POINTS_TAKEN_BACK: "您最近给{name}加的 {amount} 分已经撤销过了，不会再扣。更早的请写分数：「撤销给{name}的5分」。",
    Why.POINTS_SPENT: "{name}的积分已经用掉，不够撤销这 {amount} 分，没有扣。请当面商量怎么办。",
    Why.ESTATE_UNKNOWN: "我没找到这个小区。请看下面的编号选一个；都不是，就选「都不是」。",
    Why.TICKET_UNKNOWN: "没有找到编号 {number}。请看一下编号，或说「我的报修」。",
    Why.TICKET_UNKNOWN_AT_DESK: "没有找到编号 {number}，或者不归您这里管。说「待办」看您能办的单子和编号。",
    Why.TICKET_OTHERS: "{number} 号不是您报的，不用您确认。您把它办好了，请发「办结 {number} 结果」。",
    Why.TICKET_STEP: "{number} 号现在是「{state}」，不能{step}。",
    Why.TICKET_TAKEN: "{number} 号已经由{who}接单了，您不用再接。",
    Why.TICKET_TAKEN_BY_YOU: "{number} 号您已经接单了。办好了请发「办结 {number} 结果」。",
    Why.TICKET_REASON: "请写上{what}，例如「{example}」。",
    Why.TICKET_UNDO: "{number} 号撤销不了：只能撤销自己 {minutes} 分钟内的接单、办结或备注，而且后面没有别的动静。",
    Why.TICKET_TOP: "{number} 号已经在区里了，不能再往上升级。",
    Why.TICKET_TOO_LATE: "{number} 号已经过了 {days} 天，不能重开。请重新报修，我会请工作人员对照旧单。",
    Why.TICKET_DISPATCHED: "{number} 号已经有人接单，不能撤回了。不用修了请回复 9 告诉工作人员。",
    Why.RATING: "请打 1 到 5 分，5 分最满意。",
    Why.SHIFT_UNKNOWN: "没有找到这个班。请说「有什么班」看看。",
    Why.SHIFT_CLOSED: "这个班开始前 {hours} 小时就截止变动了。有急事请回复 9 联系工作人员。",
    Why.SHIFT_FULL: "这个班 {places} 个名额已经满了。说「有什么班」看看别的。",
    Why.SHIFT_CLASH: "这个班和您报的「{title}」时间冲突，没有报上。说「有什么班」看看别的。",
    Why.SHIFT_JOINED: "您已经报过这个班了。说「我的班」可以查看。",
    Why.SHIFT_NOT_JOINED: "您没有报这个班。说「我的班」可以查看。",
    Why.HANDOVER_UNKNOWN: "没有找到待回 {number}。说「待回」看看还有哪些。",
    Why.HANDOVER_CLOSED: "待回 {number} 已经结束了。",
    Why.HANDOVER_EMPTY: "请写上要回复的内容，例如「回 {number} 您好，下午上门看」。",
    Why.ANSWER_NONE: "您刚才没有问法律问题。请先问，比如「房屋漏水该谁修」。",
    Why.QUESTION_UNKNOWN: "没有找到待答 {number}。说「待答」看看还有哪些。",
    Why.QUESTION_PROPOSED: "待答 {number} 已有人提出归入，等律师批。说「待批」看看；要收回请提出的人发「撤下 编号」。",
    Why.QUESTION_CLOSED: "待答 {number} 已经处理完了。说「待答」看看还有哪些。",
    Why.QUESTION_ANSWER: "请写上答复，例如「答 {number} 您好，这件事请带合同到驿站来」。",
    Why.QUESTION_CORRECT: "请写上对的答复，例如「更正 {number} 您好，应当带身份证和合同到驿站来」。",
    Why.QUESTION_NOT_YOURS: "待答 {number} 没有您发出过的答复，更正不了。还没答的发「答 {number} 内容」；改别人的请他本人发。",
    Why.QUESTION_ENTRY: "请写上归入哪一条：发「待答 {number}」看相近的条目，再发「归入 {number} 1」或「归入 {number} 条目编号」。",
    Why.QUESTION_REASON: "请写上原因，例如「不答 {number} 和居民事务无关」。",
    Why.QUESTION_NO_ENTRY: "没有「{entry}」这一条。发「待答 {number}」看相近的条目。",
    Why.ENTRY_NOT_GIVEN: "「{title}」现在停用，不能归入。请等律师复核，或先用「答 {number} 内容」答复。",
    Why.PHRASING_UNKNOWN: "没有找到问法 {number}。说「待批」看看还有哪些。",
    Why.PHRASING_STEP: "问法 {number} 已经处理过了，不能再这样办。发「问法 {number}」看经过。",
    Why.PHRASING_LAWYER: "新问法要有律师身份的人批。问法 {number} 请驿站律师发「准 {number}」或「不准 {number} 原因」。",
    Why.PHRASING_OWN: "问法 {number} 是您自己提的，要另一位有律师身份的人来批，自己不能批自己的。",
    Why.PHRASING_TAKE_OUT: "问法 {number} 只有律师、管理员能撤下；没上线的，提出的人也能收回。",
    Why.PHRASING_REASON: "请写上原因，例如「不准 {number} 意思不一样」。",
    Why.PHRASING_SHORT: "这句太短，认不准。请自己写一句问法：「归入 {number} 条目编号 一句问法」。",
    Why.PHRASING_LONG: "这句太长（最多 {most} 个字）。请自己写一句短的问法：「归入 {number} 条目编号 一句问法」。",
    Why.PHRASING_PERSONAL: "这句里像有个人信息（{masked}），不能公开用。请改写：「归入 {number} 条目编号 一句问法」。",
    Why.PHRASING_KNOWN: "「{title}」里已经有这一句了。请换一句居民的问法，或先用「答 {number} 内容」答复。",
    Why.PHRASING_ERASED: "问法 {number} 的原话已经按居民要求删除，不能再用。",
    Why.LAWYER_ONLY: "签字和解冻只能由律师本人来做。您看到答复不对，可以说「不是我问的」或回复 9。",
    Why.REVIEW_ONLY: "审核法律答复是律师和街道、社区负责人的事。您看到答复不对，可以说「没用」或回复 9。",
    Why.ENTRY_UNKNOWN: "没有找到「{entry}」。请先说「待审」，再用列表里的编号，例如「审 1」。",
    Why.ENTRY_UNREAD: "请先说「审 {entry}」看完现在的全文和法条，再签。",
    Why.ENTRY_REASON: "请写上为什么冻结，例如「冻结 {entry} 法条第三款改了」。",
    Why.ENTRY_FROZEN: "这条已经冻结了。核对过法条后，律师可以说「解冻 {entry} 已核对」。",
    Why.ENTRY_NOT_FROZEN: "这条没有冻结，不用解冻。说「审 {entry}」可以看它现在的样子。",
    Why.ENTRY_COMPARE: "{citations} 和核对时不一样了。请对照新法条看过答复，确认没有问题再说「解冻 {entry} 已核对」。",
    Why.OUTAGE_PAST: "这个时间已经过去了。请写以后的时间，例如「明天8点到12点」。",
    Why.OUTAGE_LONG: "时间超过 {days} 天了，请看看是不是写错了。",
    Why.OUTAGE_SPAN: "我没看懂时间。请写成「明天8点到12点」或「12月1日8点到18点」。",
    Why.PLACE_UNKNOWN: "我没找到这个地方。请写小区或社区登记的名字；全街道就说「全街道」。",
    Why.FIELD_EMPTY: "我没看到内容。",
    Why.FIELD_LONG: "太长了，请用 {most} 个字以内说。",
    Why.FIELD_PHONE: "这个电话号码不太对，请再看看。",
}
