"""What is said about points, and the words for them."""

import re
from datetime import datetime

from handlers import texts as shared
from storage.points import Gift
from storage.words import TransferKind

MY_POINTS = re.compile(
    r"(?:查|查询|查一下|看看)?(?:一下)?我?的?积分(?:多少|余额|明细|查询)?|我有(?:多少|几多|好多)(?:积)?分|积分还有多少"
)
_LONG = (
    r"(?:什么时候|几时|么时候|多久|多长时间|哪天|哪年|会不会|会|能|可以|有没有|有|是|到|年底|\s)*"
)
EXPIRY = re.compile(
    rf"(?:请问|我|的|志愿)*积分{_LONG}(?:过期|到期|失效|清零|作废|有效期|期限){_LONG}(?:吗|呢|啊)?"
    r"|(?:请问|我|的|志愿)*积分(?:能|可以)?(?:放|存|用|保留)(?:多久|多长时间|到什么时候|到哪天)"
)
GIFTS = re.compile(
    r"积分(?:能|可以)?(?:换|兑换)(?:点)?(?:什么|啥|么斯|东西|礼品)?|(?:换|兑换)(?:礼品|东西)|礼品(?:单|表)?|积分兑换"
)
_MOVES = r"(?:转让?|送|过户|划)"
TRANSFER = re.compile(
    rf"(?:帮我|我要|我想|请)?把?我?的?\d{{0,6}}个?积分(?:能不能|可不可以|能|可以|可)?{_MOVES}(?:给|到|人).{{0,12}}"
    rf"|(?:帮我|我要|我想|请)?{_MOVES}\s*(?:\d{{1,6}}|[一二两三四五六七八九十]{{1,3}})\s*个?积?分给.{{1,12}}"
)
NOT_TRANSFERABLE = "积分记在本人名下，小二这里不能转给别人。有特别的情况，请回复 9 找工作人员。"
_AMOUNT = r"(?:\d{1,6}|[一二两三四五六七八九十]{1,3})"
_POINTS = r"\s*个?积?分"
AWARD = re.compile(
    rf"(?:请?给\s*)?@?(?P<who>[^\s+＋@,，]{{1,20}}?)"
    rf"(?:\s*(?:再?加|奖励?|发)\s*(?={_AMOUNT}{_POINTS})|\s*[+＋]\s*(?={_AMOUNT}{_POINTS})|\s+[+＋]\s*(?=\d))"
    rf"(?P<amount>{_AMOUNT})(?:{_POINTS})?(?!\d)[\s,，:：。]*(?:(?:因为|原因|理由)[:：\s]*)?(?P<reason>.*)"
)
_TAKE_BACK = r"(?:撤销|撤回|取消|收回|冲正)"
_AWARDED = r"(?:刚才|刚刚|上次|那次|这次)?(?:的)?(?:加分|加的积?分|给的积?分|奖励)"
TAKE_BACK = re.compile(
    rf"{_TAKE_BACK}\s*(?:我?给\s*)?@?(?P<who>[^\s的,，]{{1,20}}?)?\s*(?:的)?{_AWARDED}"
    rf"|{_TAKE_BACK}(?:加分|加的积?分)\s+@?(?P<who_b>[^\s\d,，]{{1,20}}?)(?:[\s,，]*(?P<amount_b>{_AMOUNT})(?:{_POINTS})?)?"
    rf"|{_TAKE_BACK}(?:加分|加的积?分)\s*(?P<amount_e>{_AMOUNT}){_POINTS}"
    rf"|{_TAKE_BACK}\s*(?:我?给\s*)?@?(?P<who_d>[^\s的,，\d]{{1,20}}?)?\s*(?:的|加|给|奖)*\s*(?P<amount_d>{_AMOUNT}){_POINTS}"
    r"|我?给\s*@?(?P<who_c>[^\s,，]{1,20}?)的?(?:积?分)?加错(?:积?分)?了|(?:积?分)?加错(?:积?分)?了"
)
DIGITS = {"一": 1, "二": 2, "两": 2, "三": 3, "四": 4, "五": 5, "六": 6, "七": 7, "八": 8, "九": 9}
TEN = "十"

NO_POINTS = "您现在有 0 个积分。参加志愿服务、门前整洁都可以加分。"
NO_GIFTS = "现在没有可以兑换的礼品。"
NOT_OPEN_YET = "现在还不能在这里兑换，要换请回复 9，工作人员帮您办。"
WHOSE_AWARD = "要撤销给谁的加分？请写上名字，例如「撤销给居民乙的加分」；不是最近一次，再写上分数：「撤销给居民乙的5分」。"
NOT_A_NUMBER = "没看懂加几分。请这样写：「给居民乙加5分 门前整洁」。"

_KINDS = {
    TransferKind.AWARD: "加分",
    TransferKind.OPENING: "原有积分转入",
    TransferKind.REDEMPTION: "兑换",
    TransferKind.REVERSAL: "撤销",
    TransferKind.EXPIRY: "到期",
    TransferKind.MERGE: "账号合并",
}


def balance(points: int, lines: list[str]) -> str:
    """Return the balance and the last entries."""
    return "\n".join([f"您现在有 {points} 个积分。", *(["最近几笔："] if lines else []), *lines])


def expiry(points: int) -> str:
    """Say how long points can be spent: nothing gives them an end."""
    return f"您现在有 {points} 个积分，都没有设期限，放着不会过期，也不会清零。"


def taken_back(name: str, amount: int, reason: str, balance: int | None) -> str:
    """Confirm to staff; in a group no balance is named."""
    now = "" if balance is None else f"现在一共 {balance} 分。"
    return f"已撤销给{name}加的 {amount} 分（{reason}）。{now}"


def taken_from(amount: int, reason: str, balance: int) -> str:
    """Tell the resident."""
    return f"之前给您加的 {amount} 分（{reason}）登记错了，已经撤销。现在一共 {balance} 分。不明白请回复 9。"


def posting(amount: int, kind: TransferKind, reason: str, at: datetime, now: datetime) -> str:
    """Return one entry on one line."""
    sign = "+" if amount > 0 else "−"
    why = reason or _KINDS[kind]
    if kind is TransferKind.REVERSAL and reason:
        why = f"{_KINDS[kind]}：{reason}"
    return f"· {shared.day(at, now)} {sign}{abs(amount)} {why}"


def gifts(found: list[Gift], balance: int | None) -> str:
    """List what points can be exchanged for."""
    lines = [
        f"· {gift.name}：{gift.price} 分（{f'还有 {gift.stock} 件' if gift.stock else '已换完'}）"
        for gift in found
    ]
    own = [] if balance is None else [f"您现在有 {balance} 个积分。"]
    return "\n".join(["积分可以换：", *lines, *own, NOT_OPEN_YET])


def awarded(name: str, amount: int, balance: int | None) -> str:
    """Confirm to staff; in a group no balance is named."""
    now = "" if balance is None else f"，现在一共 {balance} 分"
    return f"已给{name}加 {amount} 分{now}。"


def received(amount: int, reason: str, balance: int) -> str:
    """Tell the resident."""
    return f"您得了 {amount} 个积分：{reason}。现在一共 {balance} 分。谢谢您！"


def number(word: str) -> int | None:
    """Return a number written with digits or, up to 99, in Chinese."""
    if word.isdecimal():
        return int(word)
    tens, ten, ones = word.partition(TEN)
    if not ten:
        return DIGITS.get(word)
    if (tens and tens not in DIGITS) or (ones and ones not in DIGITS):
        return None
    return DIGITS.get(tens, 1) * 10 + (DIGITS[ones] if ones else 0)
