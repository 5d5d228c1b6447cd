"""The words of a script, and what is said about mistakes in one."""

import re

BOT = "@小二"
NAME = "小二"

SPOKEN = re.compile(
    r"(?P<speaker>[^@:：\s][^@:：]*?)\s*(?:@\s*(?P<group>[^@:：]+?)\s*)?[:：][ \t]?(?P<said>.*)",
    re.DOTALL,
)
EDIT = re.compile(r"\s*\[编辑(?P<gap>\s*)(?P<text>.*)\]\s*", re.DOTALL)
AGAIN = re.compile(r"\s*\[同一条\]\s*")
PRESS = re.compile(r"\s*\[按\s*(?P<wanted>[^\]]*?)\s*\]\s*")
PART = re.compile(r"\[(?P<kind>图片|位置|语音)(?:\s+(?P<value>[^\]]*?))?\s*\]")
PHOTO, PLACE, VOICE = "图片", "位置", "语音"
SPECIAL = re.compile(r"\[(?:编辑|同一条|按)[\s\]]")

NOT_A_LINE = (
    "看不懂这一行。可以写「居民甲: 文字」「居民甲@芳草苑居民群: 文字」「+26h」「=2026-11-24T06:30」"
    "「!restart」「!database down」「# 说明」。"
)
NOT_UTF8 = "这一行不是 UTF-8 文字。"
NOT_A_TIME = "时间要写成「=2026-11-24T06:30」。"
NOT_A_SPAN = "时长要写成「+26h」「+10m」「+2d」或「+1h30m」，最长 400 天。"
NOT_A_START = "开始时间要写成「2026-11-23T09:00」。"
NOT_A_PLACE = "位置要写成「[位置 30.55,114.22]」。"
NOT_A_NUMBER = "要按哪一项，写成「[按 1]」，或写选项上的字「[按 接单]」。"
NO_PHOTO = "图片要写成「[图片 文件名]」。"
ALONE = "[编辑 …]、[同一条]、[按 …] 要单独占一行，不能和别的文字写在一起。"
EMPTY_EDIT = "[编辑 …] 里要写改成什么。"
NOTHING_SAID = "{speaker}在这里还没有说过话，没有可以编辑或重发的消息。"
NOT_BACK = "时钟不能往回拨：这时已经是 {now}。"
UNKNOWN_ORDER = "没有「{order}」这个指令。有 !restart、!database down、!database up、!line down、!line up、!blocked 居民甲、!unblocked 居民甲。"

ECHO = "{at}  {speaker}{where}：{said}"
SAID = "{at}  小二 → {to}{where}{kind}：{text}"
IN_GROUP = "（在{group}）"
UNASKED = "（主动通知）"
EDITED = "（改写前面一条）"
PHOTOS = "[图片 {names}]"
CLOCK = "—— {at} ——"
RESTARTED = "—— 程序被强行结束，又重新启动 ——"
DATABASE_DOWN = "—— 数据库断开 ——"
DATABASE_UP = "—— 数据库恢复 ——"
LINE_DOWN = "—— 和平台的连接断开 ——"
LINE_UP = "—— 和平台的连接恢复 ——"
BLOCKED = "—— {who}把小二拉黑了 ——"
UNBLOCKED = "—— {who}又能收到小二的消息了 ——"


def no_file(path: str) -> str:
    """Say that a photo is not there."""
    return f"找不到图片文件 {path}。"


def no_script(path: str, reason: str) -> str:
    """Say that the script itself cannot be read."""
    return f"打不开脚本 {path}：{reason}"


def no_such_choice(speaker: str, wanted: str, shown: list[str]) -> str:
    """Say what there was to press instead."""
    there = "、".join(shown) if shown else "没有可以按的选项"
    return f"给{speaker}的最后一条带选项的消息里没有「{wanted}」（{there}）。"


def mistake(path: str, line: int, why: str) -> str:
    """Say where in the script something is wrong."""
    return f"{path}:{line}: 第 {line} 行：{why}"
