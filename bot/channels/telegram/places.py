"""Chats as the rest of the house names them: a topic of a forum is a chat of its own."""

from dataclasses import dataclass

from bot.channels.telegram.decode import Message

CHANNEL = "telegram"


@dataclass(frozen=True, slots=True)
class Place:
    """Where a message is sent: a chat, and the topic in it."""

    chat_id: int
    thread_id: int | None = None

    @classmethod
    def of(cls, chat: str) -> "Place":
        """Return the place that `str` named."""
        chat_id, _, thread_id = chat.partition("/")
        return cls(int(chat_id), int(thread_id) if thread_id else None)

    @classmethod
    def where(cls, message: Message) -> "Place":
        """Return where the message stands; a thread of replies is no topic."""
        is_topic = message.is_topic_message and message.chat.id < 0
        return cls(message.chat.id, message.message_thread_id if is_topic else None)

    def __str__(self) -> str:
        return f"{self.chat_id}/{self.thread_id}" if self.thread_id else str(self.chat_id)

    @property
    def is_private(self) -> bool:
        """Whether it is the talk with one person; the ids of groups are negative."""
        return self.chat_id > 0


def private_talk(username: str, key: str) -> str:
    """Return the address where the private talk with the bot goes on with this key."""
    return f"https://t.me/{username}?start={key}"
