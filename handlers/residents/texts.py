"""What is said about who somebody is, and the words for binding and roles."""

import re

from storage.words import BindWay, RoleWord

BIND = re.compile(
    r"(?:(?:我要|我想|怎么|怎样|如何)?(?:绑定|bind)(?:口令|账号)?|(?:我的)?口令是?)"
    r"(?:[\s:：]*(?P<code>[0-9A-Za-z\-]{4,40}))?"
    r"|(?:我(?:要|想)绑定[\s,，]*)?(?:没有|没得|冇得)?(?:绑定)?口令"
    r"(?:(?:在|去|到)?哪里?|怎么|找(?:谁|哪个))?(?:拿|要|领|弄)?(?:的|啊|呢)?"
)
BARE_CODE = re.compile(
    r"(?P<code>(?=[2-9]*[A-Z])[A-HJ-NP-Z2-9]{8}|(?=[a-z]*[2-9])(?=[2-9]*[a-z])[a-hj-np-z2-9]{8})"
)
"""A code as it stands on the paper, without the word before it."""
MY_CODE = re.compile(r"我的码|我的绑定码|绑定别的账号|换个账号")
UNBIND = re.compile(r"解绑|解除绑定|取消绑定")
UNBIND_WHOSE = re.compile(r"(?:解绑|解除绑定)\s+(?P<who>\S+)")
RECORDS = re.compile(r"绑定记录\s*(?P<who>\S+)")
UNDO = re.compile(r"撤销绑定\s*(?P<number>\d{1,9})")
ELDER_MODE = re.compile(
    r"(?:打开|开启|用|切换到|换成)?(?:长辈|老人|老年|大字)(?:模式|版)|(?:打开|开)?大字|字大一?点|(?:那个|这个|你的?|你这个?|这里的?)?字(?:太|好|蛮)小了?(?:[\s,，]*我?(?:都|也)?看不(?:清楚?|见|到))?|看不清(?:楚)?(?:字)?|(?:太|好)长了(?:看不懂|看不完|记不住)?|(?:说|讲|写)(?:得)?(?:简单|短|少|慢)一?点"
)
NORMAL_MODE = re.compile(
    r"(?:打开|用|切换到|换成|恢复)?(?:普通|正常|标准)(?:模式|版)|(?:退出|关闭|关掉)(?:长辈|老人|老年|大字)(?:模式|版)|字小一?点"
)
ADMIN_PAGE = re.compile(r"管理页面?|后台|系统状态")
WHO_AM_I = re.compile(r"我是谁|我的身份|我的信息")
MAKE_CODE = re.compile(
    r"(?:给|发|开)?\s*(?:口令|绑定口令|绑定码)\s+(?P<who>\S+)|给(?P<who2>\S+?)(?:开|发)(?:个)?(?:口令|绑定码)"
)
GRANT = re.compile(
    r"(?:任命|授权)\s*(?P<who>\S+?)\s*(?:为|当|做)\s*(?P<role>\S+?)(?:\s+(?P<scope>\S+))?"
)
ROLE_NAMES: dict[RoleWord, str] = {
    RoleWord.ADMIN: "管理员",
    RoleWord.STREET: "街道",
    RoleWord.DEPARTMENT: "部门",
    RoleWord.SECRETARY: "书记",
    RoleWord.GRID: "网格员",
    RoleWord.CAPTAIN: "楼栋长",
    RoleWord.PROPERTY: "物业",
    RoleWord.LAWYER: "律师",
    RoleWord.MEDIATOR: "调解员",
    RoleWord.MERCHANT: "商户",
    RoleWord.COORDINATOR: "志愿队联系人",
}
ROLES_BY_NAME = {name: role for role, name in ROLE_NAMES.items()}
REVOKE = re.compile(
    rf"(?:撤销|取消)\s*(?P<who>\S+?)\s*的\s*(?P<role>{'|'.join(ROLES_BY_NAME)})(?:身份|权限|角色)?"
)

CODE_HIDDEN = "[口令]"
BIND_HOW = "请把纸条上的口令跟在后面，例如「绑定 ABCD2345」。没有口令，请找楼栋长要一张。"
ADMIN_BOUND = "绑定成功，您现在是管理员。可以说「给某人开口令」「任命某人为网格员 建港」。"
NO_ROLE = "没有这个身份。可以写：管理员、街道、部门、书记、网格员、楼栋长、物业、律师、调解员、商户、志愿队联系人。"
NO_SCOPE = "没有找到这个地方。请写社区或小区的名字，全街道就写「街道」。"
LINK_OVER = "这个链接已经用过或过期了，没关系，请直接把事情说给我听。"
BOUND_ALREADY = "这个账号已经绑定为「{name}」，不能再绑到别人名下。绑错了请回复 9 找工作人员。"
IS_YOU = "您已经绑定好了，不用再绑。这张口令还没有用掉，可以用在另一个账号上。"
TOO_MANY_CODES = "口令输错太多次了，请一小时后再试，或请楼栋长重新给您一张。"
NOBODY_YET = (
    "我还不知道您是谁，不影响您提问和报修。想查积分、接单，请向楼栋长要一张口令，发「绑定 口令」。"
)


ADMIN_ONLY = "管理页只给管理员看。"


def admin_link(url: str, minutes: int) -> str:
    """Give an administrator the way to the page."""
    return f"管理页在这里，{minutes} 分钟内打开，只能用一次，不要转给别人：\n{url}"


ELDER_ON = "好的，长辈模式开了：每次话说得短，选项都写出编号，网页上字也大。后面的话回复「更多」看。想改回来，回复「普通模式」。"
ELDER_OFF = "好的，改回普通模式了。想再用大字，回复「长辈模式」。"
CODE_BURNT = "口令在群里大家都看到了，已经作废。请向楼栋长重新要一张，私聊我发，不要发在群里。"
UNBIND_WHICH = "要解绑哪一个账号？解绑后我就不认得它了。手机丢了也可以请楼栋长或网格员来解。"
UNBIND_LABEL = "确认解绑"
MERGE_LABEL = "确认合并"
NOT_BOUND = "没有可以解绑的账号。"
ACCOUNTS_SHOWN = 5
_CHANNELS = {
    "wechat": "微信公众号",
    "wecom": "企业微信",
    "telegram": "Telegram",
    "web": "网页",
    "terminal": "终端",
}
WAYS = {BindWay.PAPER: "凭纸条绑定", BindWay.OWN: "凭本人的码绑定", BindWay.UNBOUND: "解绑"}


def channel(name: str) -> str:
    """Return what people call a channel."""
    return _CHANNELS.get(name, name)


def account(name: str, *, here: bool) -> str:
    """Name one account in a menu."""
    return f"{name}（现在这个）" if here else name


def own_code(code: str, minutes: int) -> str:
    """Show somebody the code that makes another account theirs."""
    return (
        f"您的码：{code}\n{minutes} 分钟内，在您自己的另一个账号里私聊我发「绑定 {code}」，两边就是同一个人了。"
        "不要给别人：谁用了它，谁就能看您的报修和积分。"
    )


def merge_sure(tickets: int, shifts: int, points: int) -> str:
    """Ask before two registered people become one."""
    return (
        f"这个账号名下有 {tickets} 件报修、{shifts} 个班、{points} 个积分，都会并到给您码的那个账号名下。"
        "您确定那也是您自己吗？"
    )


def told_bound(channel_name: str) -> str:
    """Tell a person on their known account that another one was added."""
    return f"刚才有一个{channel_name}账号绑定到您名下。不是您本人办的，请马上说「解绑」，或回复 9 找工作人员。"


def told_unbound(channel_name: str) -> str:
    """Tell a person that staff took one of their accounts off."""
    return f"工作人员把您的一个{channel_name}账号解绑了。不是您要求的，请回复 9。"


def unbind_sure(channel_name: str) -> str:
    """Ask once more before an account is forgotten."""
    return f"解绑这个{channel_name}账号吗？报修和积分都还在您名下，只是从那里看不到了。"


def unbound(channel_name: str) -> str:
    """Confirm that an account was forgotten."""
    return f"好的，{channel_name}账号已解绑。要再用，请向楼栋长要一张口令。"


def unbind_whose(name: str) -> str:
    """Ask staff which of somebody's accounts was lost."""
    return f"{name}的账号有下面这些，要解绑哪一个？"


def release_sure(name: str, channel_name: str) -> str:
    """Ask staff once more."""
    return f"把{name}的{channel_name}账号解绑吗？请先确认是本人要求的。"


def released(name: str, channel_name: str) -> str:
    """Confirm to staff."""
    return f"好的，{name}的{channel_name}账号已解绑。本人要用新账号，请给他开一张口令。"


def bindings(name: str, lines: list[str]) -> str:
    """List what happened to somebody's accounts."""
    if not lines:
        return f"{name}没有绑定记录。"
    return "\n".join([f"{name}的绑定记录：", *lines, "绑错了，7 天内可以说「撤销绑定 编号」。"])


def binding_line(number: int, way: str, channel_name: str, day: str, *, undone: bool) -> str:
    """Return one line of the list."""
    return f"{number}：{channel_name}{way}，{day}{'（已撤销）' if undone else ''}"


def binding_undone(number: int, name: str) -> str:
    """Confirm to staff that a binding was taken back."""
    return f"好的，绑定 {number} 已撤销，那个账号不再是{name}，带过来的报修、班次和积分也还回去了。"


def bound(name: str) -> str:
    """Welcome somebody who used their code."""
    return f"绑定成功，{name}您好。以后可以直接说「我的积分」「我的报修」「有什么班」。"


def group_bound(name: str) -> str:
    """Confirm that a group was bound."""
    return f"本群已登记为「{name}」。请 @小二 说话；个人的事请私聊我。"


def who(name: str, place: str, roles: list[str]) -> str:
    """Say what is known of the person."""
    lines = [f"您登记的名字：{name}"]
    if place:
        lines.append(f"住处：{place}")
    if roles:
        lines.append(f"身份：{'、'.join(roles)}")
    return "\n".join(lines)


def code_made(name: str, code: str, hours: int) -> str:
    """Give staff the code to write on paper."""
    return f"「{name}」的口令：{code}\n请写在纸条上交给本人，{hours} 小时内有效，只能用一次。对方私聊我发「绑定 {code}」。"


def group_code_made(name: str, code: str, hours: int) -> str:
    """Give staff the code that binds a group."""
    return f"群「{name}」的口令：{code}\n请在那个群里发「@小二 绑定 {code}」，{hours} 小时内有效，只能用一次。"


def granted(name: str, role: str, scope: str) -> str:
    """Confirm a new role to staff."""
    return f"好的，{name}现在是{scope}的{role}。"


def told_granted(role: str, scope: str) -> str:
    """Tell somebody about their new role."""
    return f"您现在是{scope}的{role}。说「我的身份」可以查看。"


def revoked(name: str, role: str) -> str:
    """Confirm that a role ended."""
    return f"好的，{name}不再是{role}。"


def not_held(name: str, role: str) -> str:
    """Say that there was nothing to end."""
    return f"{name}现在没有「{role}」这个身份。"


def newcomer_line(street: str) -> str:
    """Introduce the bot in one line, before the first answer."""
    return f"您好，我是{street}小二（自动助手，不是真人；找真人回复 9）。"


MENU_REPORT = "我要报修"
MENU_TICKETS = "我的报修"
MENU_POINTS = "我的积分"
MENU_SHIFTS = "有什么班"
FOR_TICKETS = "· 办报修：「待办」「接单 1001」「办结 1001 结果」「退回 1001 原因」「升级 1001」「撤销 1001」「统计」"
FOR_WAITING = "· 回居民：「待回」「回 1 内容」，说完「交还 1」"
FOR_POINTS = "· 加分：「给居民乙加5分 门前整洁」「撤销加分」"
FOR_QUESTIONS = "· 没答好的问题：「待答」「待批」"
FOR_OUTAGES = "· 停水停电：「停水 芳草苑小区 明天8点到12点 水管检修」"
FOR_STAFF = "您有工作身份，还可以说："
GO_ON_LABEL = "是的，接着办"
UNNAMED = "（没有登记）"
STREET = "街道"
COMMUNITY = "社区"
LABEL_LENGTH = 30


def go_on(said: str) -> str:
    """Ask whether to go on with what was said in a group."""
    return f"您刚才在群里说「{said}」。要接着办吗？"


def bound_already(name: str) -> str:
    """Refuse to bind an account of staff to somebody else."""
    return BOUND_ALREADY.format(name=name)


def code_of_picture(code: str, *, own: bool) -> str:
    """Repeat the code beside its QR picture."""
    return f"您的码：{code}" if own else f"口令：{code}"


def picture_of_code(code: str) -> str:
    """Say what a QR picture is, to whoever cannot see it."""
    return f"微信二维码，用微信扫它，就等于发「绑定 {code}」"
