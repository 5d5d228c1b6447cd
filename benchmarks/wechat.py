"""A WeChat message there and back, encrypted: ours beside wechatpy alone, in CPU µs."""

import time
from collections.abc import Callable
from datetime import UTC, datetime

from wechatpy import parse_message
from wechatpy.crypto import WeChatCrypto
from wechatpy.replies import TextReply

from benchmarks.table import middle, show
from bot.channels.tencent.envelope import signature
from bot.channels.wechat import reading, replying
from bot.channels.wechat.door import Door, Mode
from tests.peers.wechat.phone import AES_KEY, APP_ID, TOKEN, xml

ROUNDS = 9
MESSAGES = 300
USER = "oLiAyi0000000000000000000001"
QUESTION = "三栋二单元电梯坏了，昨天报过了还没人来修，家里有老人下不了楼"
ANSWER = "已收到，报修编号 1001。物业会在今天 11 点前接单，有进展马上告诉您。"


async def main() -> None:
    """Measure both ways in turn."""
    now = datetime.now(UTC)
    moment = str(int(now.timestamp()))
    crypto = WeChatCrypto(TOKEN, AES_KEY, APP_ID)
    document = xml(
        ToUserName="gh", FromUserName=USER, CreateTime=int(moment), MsgType="text",
        Content=QUESTION, MsgId=7_000_000_000_000_001,
    )  # fmt: skip
    door = Door(Mode.SAFE, APP_ID, TOKEN, AES_KEY)
    sealed = crypto.encrypt_message(document, "77", moment)
    start = sealed.index("<![CDATA[") + len("<![CDATA[")
    encrypted = sealed[start : sealed.index("]]>")]
    query = {
        "signature": signature(TOKEN, moment, "77"), "timestamp": moment, "nonce": "77",
        "encrypt_type": "aes", "msg_signature": signature(TOKEN, moment, "77", encrypted),
    }  # fmt: skip
    body = sealed.encode()

    def ours() -> str:
        letter = door.admit(query, body, now)
        heard = reading.read(letter.fields, now)
        assert isinstance(heard, reading.Heard)
        said = replying.as_xml(ANSWER, user=heard.message.chat, account=heard.account, at=1)
        return door.answer(letter, said, now)

    def theirs() -> str:
        opened = crypto.decrypt_message(body, query["msg_signature"], moment, "77")
        reply = TextReply(message=parse_message(opened), content=ANSWER)
        answered: str = crypto.encrypt_message(reply.render(), "77", moment)
        return answered

    figures: dict[str, list[float]] = {"wechatpy": [], "ours": []}
    for _ in range(ROUNDS):
        figures["wechatpy"].append(_cpu(theirs))
        figures["ours"].append(_cpu(ours))
    theirs_us, ours_us = middle(figures["wechatpy"]), middle(figures["ours"])
    show(
        ["round trip, safe mode", "CPU µs", "ours / it"],
        [["wechatpy", theirs_us, ours_us / theirs_us], ["ours", ours_us, 1.0]],
    )


def _cpu(work: Callable[[], str]) -> float:
    began = time.thread_time_ns()
    for _ in range(MESSAGES):
        work()
    return (time.thread_time_ns() - began) / MESSAGES / 1000
