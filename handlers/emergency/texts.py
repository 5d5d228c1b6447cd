"""What is said in an emergency: the number in the first line, one safe step, then what follows."""

import re

from handlers.street import EmergencyNumbers, Street
from knowledge.emergency import EmergencyKind

ACKNOWLEDGE = re.compile(r"(?:收到|知道了|已收到)\s*警?\s*(?P<number>\d{1,6})")
ACKNOWLEDGE_LABEL = "收到"
ALL_CLEAR = re.compile(
    r"没(?:得|什么)?事(?:了|啦)|冇得事了|已经(?:好|没事|处理好|解决)了|(?:开|说)(?:个|着)?(?:玩笑|笑)|气话|误会"
    r"|(?:搞|弄|看|按|说)错了|没有?(?:要|想)(?:跳|死)|^(?:我|人|他|她)?们?(?:已经|都)?出来了|救(?:出来|下来)了"
    r"|(?:火|烟).{0,4}(?:灭|熄|散|没)了|关(?:好|掉|了).{0,3}(?:阀|闸|煤气|燃气|水)|(?:阀门?|总闸|煤气|燃气|水)(?:已经)?关(?:好|掉)?了"
    r"|不漏了|不用来了|(?:119|120|110|消防|警察|救护车|医生).{0,6}(?:来|到|打)了|打(?:过|了|通)了?\s*(?:119|120|110)"
)
"""What is said once a danger is over, taken back, or in good hands."""
LOST = re.compile(r"走丢|走失|失踪|不见了|找不(?:到|着)(?:人|了)|没回(?:来|家)")
SOMEBODY_LOST = "有人走失：马上打 110！\n说清楚年纪、穿着、什么时候在哪里不见的；派个人在家门口等，找张近照给民警。"
"""Whoever looks for somebody is in no danger themselves."""
UNWELL = re.compile(
    r"(?:我|今天|这两天|现在|身体|身上|人|心里|有点儿?|有些|很|好|蛮|特别|浑身|觉得|感觉|不太|[\s,，])*"
    r"(?:不舒服|难受|不好过|没(?:得)?劲|没力气|发烧了?|病了|生病了|疼得很|痛得很)[啊呀得很了,，。\s]*"
)
"""Somebody is not well; what sounds like danger is an alarm before it gets here."""
SEE_TO_YOURSELF = (
    "身体要紧，别硬撑：要是胸口闷、喘不上气、头晕站不稳，马上打 120。"
    "家里没人，想请社区的人来看看您，回复 9。"
)
BEATEN = re.compile(
    r"(?:老公|丈夫|老婆|媳妇|男人|家里人|儿子|女儿|爸|父亲|妈|母亲|婆婆|公公|男朋友|男友|前夫)[^。！？!?]{0,8}"
    r"(?:打我|打了我|打过我|动手|打孩子|虐待)|家暴|家庭暴力"
)
"""Who tells of it asks about something else, and may be beaten again."""
HELP_AT_HOME = (
    "挨打不是您的错，安全第一：有危险马上打 110，不方便说话发短信到 12110；也可以打 12338（妇女维权热线）。"
    "想请社区、调解员或律师帮您，回复 9，您说的话我一起转过去。"
)
DRAFT_KEPT = "您刚才没填完的内容给您留着，安全了再回来接着说。"
ALERTED = "我已经通知值班人员。"
NOBODY_ALERTED = "我现在通知不到值班人员，请您马上自己打电话求助。"
CLEARED = "好，知道了。这句话我也转给值班人员了，他们可能还会问问您。"
PLACE_PASSED_ON = "好，地方我告诉值班人员了。电话请您照样打。"
PICTURES_PASSED_ON = "照片收到了，我转给值班人员了。电话请您照样打。"
PICTURES_KEPT = "照片收到了，给您留着。我现在通知不到值班人员，请您马上自己打电话求助。"
CLEARED_UNTOLD = "好，知道了。"
AGAIN_IN_DANGER = "要是又有危险，马上打 119、110 或 120，再告诉我。"
SOMEBODY_LISTENS = "心里难受，随时可以打 12356，有人听您说。"
ALERT_LATER = "系统这会儿连不上，值班人员要晚一点才收到，请先自己打电话。"
IN_GROUP = "请当事人马上打电话，旁边的人先帮忙。"
_EXAMPLE = "（演示号码）"

FIRST_LINE: dict[EmergencyKind, str] = {
    EmergencyKind.FIRE: "着火、冒烟：马上打 119！",
    EmergencyKind.GAS: "先离开再打电话：到室外后打 119",
    EmergencyKind.ELECTRIC_SHOCK: "有人触电：马上打 120！",
    EmergencyKind.RESCUE: "有人被困：马上打 119！",
    EmergencyKind.VIOLENCE: "有危险：马上打 110！",
    EmergencyKind.SELF_HARM: "请马上打 12356（心理援助热线），有危险打 110 或 120！",
    EmergencyKind.MEDICAL: "有人受伤、晕倒：马上打 120！",
    EmergencyKind.TRAFFIC: "交通事故：马上打 122，有人受伤打 120！",
    EmergencyKind.LIFT_TRAPPED: "电梯困人：马上打 119",
    EmergencyKind.HELP: "有危险：马上打 110！",
    EmergencyKind.BURST_PIPE: "水管爆了：先关掉总阀门",
}

SAFE_STEP: dict[EmergencyKind, str] = {
    EmergencyKind.FIRE: "走楼梯往外跑，不坐电梯，用湿毛巾捂住口鼻，不要回去拿东西。",
    EmergencyKind.GAS: "现在不开灯、不关灯、不点火，也不在屋里打电话。能开窗就顺手开窗，人先出去。",
    EmergencyKind.ELECTRIC_SHOCK: "先拉电闸，不要用手去拉触电的人。",
    EmergencyKind.RESCUE: "人先不要硬拉，告诉 119 位置和情况。",
    EmergencyKind.VIOLENCE: "先躲到安全的地方，锁好门。不方便说话，可以发短信到 12110。",
    EmergencyKind.SELF_HARM: "请先不要一个人待着，叫上家里人或邻居。您说的话有人愿意听。",
    EmergencyKind.MEDICAL: "让人平躺，不要随便搬动，派个人到小区门口接救护车。",
    EmergencyKind.TRAFFIC: "人先到路边安全的地方，打开双闪。",
    EmergencyKind.LIFT_TRAPPED: "按轿厢里的报警按钮，不要扒门，不要往外跳，等人来。",
    EmergencyKind.HELP: "先到人多、安全的地方。说得出位置的话，请告诉我在哪里。",
    EmergencyKind.BURST_PIPE: "附近有电器的先断电，人不要踩在水里。",
}

IN_ENGLISH: dict[EmergencyKind, str] = {
    EmergencyKind.FIRE: "Fire or smoke: call 119 now! Take the stairs, never the lift.",
    EmergencyKind.GAS: "Gas: get out first, then call 119 from outside. No switches, no flames.",
    EmergencyKind.ELECTRIC_SHOCK: "Electric shock: call 120 now! Cut the power first, touch nobody.",
    EmergencyKind.RESCUE: "Somebody trapped: call 119 now! Do not pull them out by force.",
    EmergencyKind.VIOLENCE: "In danger: call 110 now! Get to a safe place and lock the door.",
    EmergencyKind.SELF_HARM: (
        "Please call 12356 now, in danger 110 or 120! Do not stay alone; somebody will listen."
    ),
    EmergencyKind.MEDICAL: "Injured or unconscious: call 120 now! Do not move them.",
    EmergencyKind.TRAFFIC: "Road accident: call 122, for the injured 120! Get off the road.",
    EmergencyKind.LIFT_TRAPPED: "Stuck in a lift: call 119 now! Press the alarm, do not force doors.",
    EmergencyKind.HELP: "In danger: call 110 now! Get to people, and tell me where you are.",
    EmergencyKind.BURST_PIPE: "Burst pipe: shut the main valve, keep away from wet appliances.",
}
"""For who writes no Chinese; the Chinese lines follow, for whoever stands beside them."""

WHAT: dict[EmergencyKind, str] = {
    EmergencyKind.FIRE: "着火或冒烟",
    EmergencyKind.GAS: "燃气味",
    EmergencyKind.ELECTRIC_SHOCK: "触电",
    EmergencyKind.RESCUE: "有人被困",
    EmergencyKind.VIOLENCE: "人身危险",
    EmergencyKind.SELF_HARM: "有人说不想活了",
    EmergencyKind.MEDICAL: "有人受伤或晕倒",
    EmergencyKind.TRAFFIC: "交通事故",
    EmergencyKind.LIFT_TRAPPED: "电梯困人",
    EmergencyKind.HELP: "有人求救",
    EmergencyKind.BURST_PIPE: "水管爆裂",
}


def first_aid(kind: EmergencyKind, street: Street) -> str:
    """Return the number on the first line, and one safe step."""
    return f"{FIRST_LINE[kind]}{_local(kind, street.emergency)}\n{SAFE_STEP[kind]}"


def first_aid_in_english(kind: EmergencyKind, street: Street) -> str:
    """Return the number on the first line in English, then in Chinese."""
    return f"{IN_ENGLISH[kind]}\n{first_aid(kind, street)}"


def _local(kind: EmergencyKind, numbers: EmergencyNumbers) -> str:
    mark = _EXAMPLE if numbers.examples else ""
    match kind:
        case EmergencyKind.GAS:
            return f"，再打燃气公司 {numbers.gas}{mark}！" if numbers.gas else "，再打燃气公司！"
        case EmergencyKind.LIFT_TRAPPED:
            if numbers.lift:
                return f"，电梯救援 {numbers.lift}{mark}！"
            return "，再打轿厢里贴的电梯救援电话！"
        case EmergencyKind.BURST_PIPE:
            return (
                f"，再打自来水公司 {numbers.water}{mark}！"
                if numbers.water
                else "，再打自来水公司！"
            )
        case _:
            return ""


def alert(number: int, kind: EmergencyKind, words: str, who: str, place: str, said: str) -> str:
    """Tell the duty staff what was said; private, so the person may be named."""
    lines = [f"【紧急】警 {number}：{WHAT[kind]}", f"原话：{words}"]
    if place:
        lines.append(f"登记住处：{place}")
    if who:
        lines.append(f"来人：{who}")
    lines += [said, f"谁去处理，请马上回「收到 {number}」。"]
    return "\n".join(lines)


def alert_in_group(number: int, kind: EmergencyKind, words: str, estate: str) -> str:
    """Tell a staff group; no name, no house number."""
    where = f"（{estate}）" if estate else ""
    return (
        f"【紧急】警 {number}：{WHAT[kind]}{where}\n居民说：{words}\n"
        f"已请居民打急救电话。谁去处理，请马上回「收到 {number}」。"
    )


def late(first_aid: str, when: str) -> str:
    """Answer an old cry for help: what to do if the danger lasts, and that it was seen late."""
    return (
        f"{first_aid}\n上面是万一现在还有危险的办法。对不起，您{when}的消息我现在才看到，没有报警。"
    )


LATE_PASSED_ON = "我把这条消息转给工作人员去核实。现在还有危险，请马上打电话，不要等。"


def late_for_staff(words: str, when: str, estate: str) -> str:
    """Tell the staff of an old cry for help; no name, no house number."""
    where = f"（{estate}）" if estate else ""
    return f"【迟到的求助】居民{where}{when}说：{words}\n停机期间没有收到，也没有发警报，请尽快核实现在有没有危险。"


def more(number: int, words: str) -> str:
    """Pass on what was said later about the same danger."""
    return f"【紧急】警 {number} 居民又说：{words}"


def more_pictures(number: int, count: int) -> str:
    """Pass on pictures of the danger."""
    return f"【紧急】警 {number} 居民发来照片 {count} 张。"


def said_at(moment: str, *, late: bool) -> str:
    """Say when it was said."""
    return f"时间：{moment}（系统恢复后补发）" if late else f"时间：{moment}"


def again(text: str) -> str:
    """Repeat an alert that nobody has acknowledged."""
    return f"【还没人应】{text}"


def acknowledged(number: int) -> str:
    """Confirm to whoever goes."""
    return f"好的，警 {number} 由您处理，不再重复提醒。请到场后联系居民。"


def on_the_way() -> str:
    """Tell the resident that somebody has taken the alert."""
    return "值班人员已经看到您的消息，正在处理。有危险请继续打急救电话，不要等。"


def no_such_alert(number: str) -> str:
    """Say that there is no such alert open."""
    return f"没有等人处理的警 {number}，可能已经有人收到了。"


def say_acknowledge(number: int) -> str:
    """Return what is typed instead of the button."""
    return f"收到 {number}"
