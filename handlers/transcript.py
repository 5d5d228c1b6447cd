"""Writes down the talk for channels that forget it, so that a reload or reconnect loses nothing."""

from handlers.message import Message, Reply, as_json
from storage.transaction import Transaction


def keep_said(tx: Transaction, message: Message, name: str | None) -> None:
    """Write down what a person said in this chat."""
    body: dict[str, object] = {
        "from": message.sender,
        "name": name or "",
        "text": message.original or message.text,
        "media": message.photos,
        "id": message.platform_id,
    }
    tx.transcripts.say(message.chat, body)


def keep_beside(tx: Transaction, chat: str, replies: list[Reply], to: str) -> None:
    """Write down what came after the replies, unless that was done before a message came again."""
    there = {line.body.get("text") for line in tx.transcripts.last(chat)}
    keep_replied(tx, chat, [reply for reply in replies if reply.text not in there], to)


def keep_replied(tx: Transaction, chat: str, replies: list[Reply], to: str | None) -> None:
    """Write down what the bot said in this chat; `to` is the person it answered."""
    for reply in replies:
        tx.transcripts.say(chat, {"from": "", "to": to or "", **as_json(reply)})
