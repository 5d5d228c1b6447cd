"""WeRoBot's and wx-crypt's reading of the same envelopes and messages.

Runs in .venv-peers, as a process (`python -m tests.peers.wechat.foreign`): reads lines with lists
of questions, answers each with a list.
"""

import json
import sys
from typing import Any

import xmltodict
from werobot.crypto import MessageCrypt
from werobot.parser import parse_user_msg
from werobot.replies import TextReply
from wx_crypt import WXBizMsgCrypt, WxChannel_WecomAiBot

Asked = dict[str, Any]


def encrypt(asked: Asked) -> Asked:
    """Seal by WeRoBot, or by wx-crypt in WeCom's JSON envelope."""
    if asked["lib"] == "wx-crypt":
        crypt = _wecom(asked)
        code, sealed = crypt.EncryptMsg(asked["text"].encode(), asked["nonce"], asked["moment"])
        assert code == 0, code
        return {
            "text": json.loads(sealed)["encrypt"],
            "signature": json.loads(sealed)["msgsignature"],
        }
    crypt = MessageCrypt(asked["token"], asked["key"], asked["id"])
    sealed = crypt.encrypt_message(asked["text"], asked["moment"], asked["nonce"])
    found = xmltodict.parse(sealed)["xml"]
    return {"text": found["Encrypt"], "signature": found["MsgSignature"]}


def decrypt(asked: Asked) -> Asked:
    """Open what was sealed by others."""
    given = (asked["signature"], asked["moment"], asked["nonce"])
    if asked["lib"] == "wx-crypt":
        code, opened = _wecom(asked).DecryptMsg(json.dumps({"encrypt": asked["text"]}), *given)
        assert code == 0, code
    else:
        crypt = MessageCrypt(asked["token"], asked["key"], asked["id"])
        moment, nonce = asked["moment"], asked["nonce"]
        opened = crypt.decrypt_message(moment, nonce, asked["signature"], asked["text"])
    return {"text": opened.decode() if isinstance(opened, bytes) else opened}


def _wecom(asked: Asked) -> WXBizMsgCrypt:
    return WXBizMsgCrypt(asked["token"], asked["key"], asked["id"], WxChannel_WecomAiBot)


def parse(asked: Asked) -> Asked:
    """Read a message as WeRoBot does."""
    message = parse_user_msg(asked["text"])
    names = ("type", "message_id", "source", "target", "time", "content", "recognition", "key")
    found = {name: getattr(message, name, None) for name in names}
    if message.type == "location":
        found["place"] = list(message.location)
    return {name: value for name, value in found.items() if value is not None}


def reply(asked: Asked) -> Asked:
    """Write a passive reply as WeRoBot does."""
    message = parse_user_msg(asked["to"])
    return {"text": TextReply(message=message, content=asked["text"]).render()}


DO = {"encrypt": encrypt, "decrypt": decrypt, "parse": parse, "reply": reply}


def main() -> None:
    """Answer until the input ends."""
    for line in sys.stdin:
        answers = [DO[asked["do"]](asked) for asked in json.loads(line)]
        sys.stdout.write(json.dumps(answers) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
