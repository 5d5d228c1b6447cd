"""How a report is read, and what its form asks: the words for both."""

import re

LEAD = re.compile(
    r"^(?:你好|您好|请问|麻烦|帮我|我要|我想|报修|报个修|报一下|反映一下|反映|[\s，。！,.!:：、]|那个|还有|另外|对了|不对|算了|还是|哦|诶|喂|小二[啊呀]?"
    r"|(?:先)?不报[^\s，。,]{1,8}[\s，。,]+|(?:先|改)?报[^\s，。,警告名]{1,6}[\s，。,]+(?=.{3}))+"
)
INTRODUCTION = re.compile(
    r"^我(?:(?:叫|姓)[\u4e00-\u9fff]{1,3}|是(?:[老小][\u4e00-\u9fff]|(?:这里的?|本栋|这栋的?)?(?:业主|居民|住户|租户)))"
    r"(?:大爷|大妈|爹爹|婆婆|太婆|师傅|女士|先生|阿姨|奶奶|爷爷)?[\s，。！,.!:：、]+(?=.{4})"
)
INSIDE = re.compile(
    r"厨房|客厅|卧室|房间|卫生间|厕所|洗手间|浴室|阳台|楼道|楼梯|走廊|过道|电梯|门厅|家里|屋里"
)
AROUND_WHERE = r"(?:(?:我们?|我家)?住?(?:就|是)?(?:在|位于)|(?:我们?|我家)住)?\s*{where}\s*(?:的|那里|那边|这里|这边)?[\s，,、]*"
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
MY_HOME = ("我家", "家里", "我们家", "我屋里", "楼上", "楼下", "隔壁")
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
NO_PHOTOS, NO_CONTACT = "没有（可以直接发来）", "没有留（不留也行）"


def place(estate: str, rest: str) -> str:
    """Return a place with its estate in front."""
    return f"{estate} {rest.removeprefix(ESTATE_HEAD)}".strip()


def map_place(latitude: float, longitude: float) -> str:
    """Return a place that was sent as a point on the map."""
    return f"{MAP} {latitude:.5f}，{longitude:.5f}"
