"""How a report is read, and what its form asks: the words for both."""

import re

NO_SUPPLY = re.compile(
    r"(?:我们?|家里|我家|屋里|这里|小区|整栋楼?|楼里|突然|怎么|又|都|还)*(?:没有?|冇得?|没得|停)(?:水|电|气|暖气)[了啊呀啦哒]?"
)
"""So short a message says that something is missing now; it asks for no rule."""
LEAD = re.compile(
    r"^(?:你好|您好|请问|麻烦(?!死)|帮我|我要|我想|报修|报个修|报一下|反映一下|反映|[\s，。！,.!:：、]|那个|还有|另外|对了|不对|算了|还是|哦|诶|喂|小二[啊呀]?"
    r"|(?:先)?不报[^\s，。,]{1,8}[\s，。,]+|(?:先|改)?报[^\s，。,警告名]{1,6}[\s，。,]+(?=.{3}))+"
)
_STOP = r"[\s，。！？,.!?:：、；;~～…]"
_CALLED = (
    r"(?:小?姑娘|丫头|闺女|妹子|小妹妹?|小伙子?|小哥哥?|小姐姐?|小同志|同志们?|师傅|老师|领导们?|主任|书记|阿姨|大姐|大哥|大妈|大爷|老板"
    r"|美女|帅哥|亲|朋友|伢们?|孩子|小二|客服|工作人员)(?:你们?好|您好)?"
)
_HURT = r"摔|跌|倒|晕|昏|伤|困|卡|丢|走失|不见|哭|死|咬|打|烫|噎|烧|掉|跳|落水|发病|不行|要生"
_OLD = r"(?:[六七八九]十[一二三四五六七八九]?|一百|[6-9]\d|1[01]\d)"
_ONESELF = (
    rf"(?:我|今年)(?:今年|已经|都|也|快|有|是|个|的|人| )*{_OLD}多?岁?(?:的?(?:人|老人家?|老太婆|老太太|老头子?|婆婆|爹爹))?"
    r"|我?(?:的|也|都)*(?:年纪|岁数|年龄)(?:也|都)*大|我是?(?:一?个)?(?:老人家?|老太婆|老太太|老头子?|老婆婆|老爹爹)"
    r"|我?(?:的|眼睛|耳朵|眼神|听力|也|又|都)*(?:眼睛|耳朵|眼神|听力)(?:也|又|都)*(?:不太?好|花|背|看不太?清楚?|听不太?清楚?)"
    r"|我?(?:也|又)*不太?会(?:打字|写字|用手机|用这个|用|弄)"
)
CHATTER = re.compile(
    rf"^(?:{_STOP}|哎[呀哟哎]*|唉|诶|喂|嗯+|{_CALLED}(?:[啊呀哎诶咧哪哟]+|{_STOP}+(?!.{{0,12}}(?:{_HURT})))"
    rf"|(?:{_ONESELF}"
    r"|(?:真|很)?不好意思|对不起|我?打扰(?:你|您)?(?:一?下)?|(?:又|再)?(?:要)?麻烦(?:一?下)?(?:你|您)们?(?:一?下)?|辛苦(?:你|您)?们?"
    r"|(?:请|麻烦)?(?:你|您)?帮(?:我|个)?(?:看看|看一?下|忙|帮忙)|(?:我)?(?:想|要)?(?:问一?下|问一?声|一下)"
    r"|(?:我)?(?:想|要|来)*(?:跟|和|给|向)(?:你|您)们?(?:说|讲|反映|报告)(?:一?[下声]|一?[个件]?(?:事情?|问题|情况))?"
    r"|(?:我)?(?:想|要|来)*(?:反映|说|讲)(?:一?[下声]|一?[个件](?:事情?|问题|情况))|(?:事情)?是?这样子?的?|(?:你|您)?听我(?:说|讲)"
    r"|听(?:得)?(?:到|见)(?:吗|不|没有?)?|在(?:不在|吗)|有人(?:在)?(?:吗|没有?)|我的?(?:天|妈|娘)|(?:我)?有[个件]事"
    rf"){{1,3}}[了啦哒啊呀哦哈呢]*(?:{_STOP}+|$))+"
)
"""Whom the reporter speaks to, how old they are, that they are sorry: no part of what is wrong.

Each ends where its clause ends; an address before words of harm may be whom it befell, and stays.
"""
THANKS_AFTER = re.compile(
    rf"(?<!{_STOP})(?:{_STOP}+(?:(?:真是|非常|太|先|就)?(?:谢谢|多谢|感谢|拜托|劳慰|(?:辛苦|麻烦)(?=你|您|了|啊))(?:你|您|们|了|啊|大家|哈|哦|呀|啦)*"
    r"|(?:请|麻烦)?(?:(?:你|您)们?)?(?:(?:帮|给)我们?|帮个?忙)(?:来)?(?:看看|看一?下)[撒吧啊呀]*"
    rf"))+{_STOP}*$"
)
ABOUT_ONESELF = re.compile(_ONESELF)
INTRODUCTION = re.compile(
    r"^我(?:(?:叫|姓)[\u4e00-\u9fff]{1,3}|是(?:[老小][\u4e00-\u9fff]|(?:这里的?|本栋|这栋的?)?(?:业主|居民|住户|租户)))"
    r"(?:大爷|大妈|爹爹|婆婆|太婆|师傅|女士|先生|阿姨|奶奶|爷爷)?[\s，。！,.!:：、]+(?=.{4})"
)
INSIDE = re.compile(
    r"厨房|客厅|卧室|房间|卫生间|厕所|洗手间|浴室|阳台|楼道|楼梯|走廊|过道|电梯|门厅|家里|屋里"
)
AROUND_WHERE = (
    r"(?:(?:我|我们|咱们?)是\s*{where}\s*的?(?:住户|业主|居民|租户|租客|人)?[啊呀]?[\s，,。、]+"
    r"|(?:(?:我们?|我家)?住?(?:就|是)?(?:在|位于)|(?:我们?|我家)住|我们?(?:这个?|那个?|的)?)?\s*{where}\s*"
    r"(?:的|那里|那边|这里|这边)?(?:[啊呀呢嘛咧]+(?=[\s，,、]))?[\s，,、]*)"
)
BUILDING, UNIT = "栋", "单元"
_NUMERAL = r"[0-9一二三四五六七八九十]"
BUILDING_HEARD = re.compile(
    rf"(?<={_NUMERAL})(?:[洞冻]|[动懂](?={_NUMERAL}{{1,2}}(?:单|楼|门|号)))(?!\w{{0,2}}(?:漏|大|深))"
)
UNIT_HEARD = re.compile(rf"(?<={_NUMERAL})(?:单[圆园员源原]|但元|丹元|担元)")
NO_PLACE = re.compile(
    r"[?？]|[吗呢嘛么]$|什么|啥|为什么|怎么|干嘛|么(?:斯|事|样)|凭什么|哪个|谁|多少"
    r"|^(?:你|您|大家|小二)好|^(?:喂|在|哈喽|嗨|hi|hello|ok|test|测试)\W*$|谢谢|再见"
    r"|不(?:知道|晓得|清楚|记得|认识|想说|愿意?说|告诉|方便|懂|明白|会说|好说|说)|说不(?:清|出|好|上)|讲不(?:清|出)|忘(?:了|记)"
    r"|(?:没|冇)(?:有|得)?(?:位置|地址|地方|$)|保密|随便|都(?:可以|行)|管(?:那么)?多|(?:别|不要|不用)问|你猜|烦"
    r"|傻|笨|滚|蠢|神经|有病|垃圾(?:东西|机器|软件|客服)|机器人|快点|赶紧|赶快|急(?:死|着|用)?$|哈哈|呵呵|嘿嘿|^[嗯哦啊呃额噢好行是的对]{1,4}$",
    re.IGNORECASE,
)
"""Words that answer something else than where it is."""
SINCE = re.compile(
    r"(?:都|已经|有|一直|从|就)*(?:(?:好|有)?(?:几|多|些|[一二两三四五六七八九十\d]{1,3})个?(?:天|月|年|周|星期|礼拜|小时|钟头)(?:了|啦)?"
    r"|(?:很|好|蛮)久(?:了|啦)|[昨前]天(?:开始|起|到现在)|一直(?:这样|是这样))[啊呀]?"
)
"""How long it has lasted: neither what nor where."""
WRITTEN = re.compile(r"[0-9A-Za-z\u4e00-\u9fff]")
BLOCKED = re.compile(
    r"(?:又|都|全|还|老是?|总是?|一直|经常|天天|长期|现在)*"
    r"(?:被|让|给|堵|占|封|堆|塞|挤|锁(?!坏)|停(?!水|电|气|了|运))"
)
"""What happens to a place itself: without its place nobody knows what is meant."""
TAIL = " \t\n，。,.、；;：:!！"
PHONE = re.compile(
    r"(?<!\d)(?:\+?86[\s-]?)?(1[3-9]\d[\s-]?\d{4}[\s-]?\d{4}|0\d{2,3}[\s-]?\d{7,8})(?!\d)"
)
PHONE_WITH_WORDS = re.compile(
    r"[，,。;；、\s]*(?:(?:我的?|联系)?(?:电话|手机|联系方式)(?:号码?)?(?:是|为)?[:：]?\s*)?"
    + PHONE.pattern
    + r"[，,。\s]*"
)
PUBLIC_PLACE = re.compile(r"\w{1,8}(?:路|街|大道|巷|广场|公园|车站|地铁站)(?!灯|面)")
ESTATE_TAIL = re.compile(r"(?:小区|花园|社区)$")
NOT_ESTATE = re.compile(r"路|街|大道|巷|社区")
ESTATE_HEAD = "小区"
MY_HOME = ("我家", "家里", "我们家", "我屋里", "屋里", "楼上", "楼下", "隔壁")
MAP = "地图位置"
NO_ESTATE = "不在列表里"
ELSEWHERE_LABEL = "都不是"

# The form

FORM_TITLE, WHAT_LABEL, WHERE_LABEL, ESTATE_LABEL = "报修内容", "什么事", "在哪里", "小区"
PHOTOS_LABEL, CONTACT_LABEL = "照片", "联系电话"
ASK_WHAT = "请说一下：什么东西坏了，或者出了什么问题？"
ASK_WHERE = "请问在哪里？说楼栋、单元就行，比如「3 栋 2 单元」。"
ASK_ESTATE = "请问是哪个小区？直接说名字也行。"
ASK_PHOTOS = "请把照片直接发给我。不用照片就说「跳过」。"
ASK_CONTACT = "请写一个能联系到您的电话，只有接单的工作人员看得到。不留就说「跳过」。"
EXAMPLE_WHAT, EXAMPLE_WHERE, EXAMPLE_ESTATE = "电梯坏了", "3 栋 2 单元楼道里", "芳草苑小区"
EXAMPLE_PHOTOS, EXAMPLE_CONTACT = "跳过", "13800000000"
PHOTO_COUNT = "{count} 张"
WHERE_UNSAID = "没有说清"
GO_ON_WITHOUT_PLACE = (
    "没关系，先不写地点，您说的事不会丢。留个电话，办的人好问您；想起来了说「改2」。"
)
NO_PHOTOS, NO_CONTACT = "没有（可以直接发来）", "没有留（不留也行）"


def place(estate: str, rest: str) -> str:
    """Return a place with its estate in front."""
    return f"{estate} {rest.removeprefix(ESTATE_HEAD)}".strip()


def map_place(latitude: float, longitude: float) -> str:
    """Return a place that was sent as a point on the map."""
    return f"{MAP} {latitude:.5f}，{longitude:.5f}"


def both(first: str, second: str) -> str:
    """Return two matters of one report."""
    return f"{first}；{second}"


def label(number: int, what: str, state: str) -> str:
    """Name a report on its button."""
    return f"{number} {what}，{state}"


_THING = (
    r"(?:楼道|走廊|厨房|厕所|卫生间|客厅|阳台|房间|门口|楼梯口?|路灯|灯|水管|水龙头|马桶|门|窗户|窗|墙|电梯|管子|楼上|楼下|隔壁|对门)"
    r"(?:里头?|里面|上头?|下|那里|那个|这里|的|啊|呢)*"
)
HALF = re.compile(
    rf"(?:就是|就在|那个|这个|那|我们?|家|屋|的)+(?:{_THING}|[家屋](?:里头?|里面|头)?的?)"
    r"|(?:屋|家|楼道|厨房|厕所|卫生间|客厅|阳台)(?:里头?|里面|头)的?(?:那个|这个)?"
)
THING = re.compile(_THING)
"""Half a sentence: what or where, and not yet what is wrong with it."""
HOW_PHOTO = re.compile(
    r"(?:请问|我|想|要|小二|不知道|不会|不晓得|[\s,，])*(?:怎么|怎样|如何|在哪里?|哪里|么样|咋)(?:可以|能|才能|去)?(?:给你|跟你)?"
    r"(?:发|传|上传|拍|加|寄)(?:送)?(?:给你|给小二)?(?:一?张|几张|个)?(?:照片|图片|相片|图|视频)(?:给你|给小二|过来|过去)?[啊呢呀咧撒]?"
    r"|(?:请问|我|[\s,，])*(?:照片|图片|相片|图)(?:要|该|可以|能)?(?:怎么|怎样|如何|在哪里?|往哪里?|么样|咋)(?:给你|跟你)?(?:发|传|上传|拍|加)"
    r"(?:给你|给小二|给你们|过来|上去|送)?[啊呢呀咧撒]?"
    r"|(?:我|[\s,，])*(?:不会|不晓得怎么|不知道怎么)(?:发|传|上传)(?:照片|图片|相片)[啊呀了]?"
    r"|(?:能|可以|可不可以|能不能)(?:发|传)(?:照片|图片|相片)(?:吗|不|给你吗)?"
)
_PLUS = "点输入框右边的「＋」，选「照片」或「拍摄」，选好点「发送」就行。看不到「＋」，先点左下角的小键盘。"
_PRESS = {
    "wechat": _PLUS,
    "wecom": "点输入框右边的「＋」，选「图片」或「拍摄」，选好点「发送」就行。",
    "telegram": "点输入框旁边的回形针，选照片，点发送就行。",
    "web": "点输入框左边的「照片」按钮，选照片或现拍一张，再点「发送」就行。",
    "terminal": "写「[图片 路径]」就行，例如「[图片 /tmp/a.jpg]」。",
}
_PHOTO_WHY = "先发照片、先说事都行。发不了也没关系，用话说清哪里、什么坏了就能报修。"


def how_photo(channel: str) -> str:
    """Say how a photograph is sent where the person writes, as the keys are called there."""
    return f"{_PRESS[channel.partition('_')[0]]}{_PHOTO_WHY}"


def say_on(half: str) -> str:
    """Ask for the rest of a sentence, with what was heard of it."""
    return f"我在听：「{half}」。您接着说，什么东西、怎么了？"
