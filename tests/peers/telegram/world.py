"""Everything Telegram knows: people, chats, who is in them, messages, files, pressed buttons."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace

from tests.peers.telegram import rules
from tests.peers.telegram.bell import Bell
from tests.peers.telegram.faults import Faults
from tests.peers.telegram.feed import Feed
from tests.peers.telegram.params import Params
from tests.peers.telegram.rules import ApiError, forbid, refuse
from tests.peers.telegram.shapes import Chat, Json, Media, Message, Object, User, without_none
from tests.peers.telegram.text import part
from tests.peers.telegram.transcript import Answer

FIRST_PRIVATE_MESSAGE = 1000
"""Private chats and basic groups share one counter; each supergroup has its own, from 1."""

PATHS = {"photo": ("photos", "jpg"), "voice": ("voice", "oga"), "document": ("documents", "bin")}
PRESENT = frozenset({"creator", "administrator", "member", "restricted"})

ADMIN_RIGHTS = (
    "can_be_edited",
    "is_anonymous",
    "can_manage_chat",
    "can_delete_messages",
    "can_manage_video_chats",
    "can_restrict_members",
    "can_promote_members",
    "can_change_info",
    "can_invite_users",
    "can_post_stories",
    "can_edit_stories",
    "can_delete_stories",
    "can_send_welcome_messages",
)


@dataclass(frozen=True, slots=True)
class Press:
    """A pressed button whose answer the person waits for."""

    callback_id: str
    user: User
    message: Message
    data: str
    at: float
    is_stale: bool = False


@dataclass(slots=True)
class World:
    """The state behind the peer; tests change it through `People`, bots through methods."""

    me: User
    now: Callable[[], float]
    bell: Bell
    feed: Feed
    faults: Faults
    violations: list[str]
    can_read_all_group_messages: bool = False
    mentions_reach_bot: bool = True
    users: dict[int, User] = field(default_factory=dict)
    chats: dict[int, Chat] = field(default_factory=dict)
    members: dict[int, dict[int, str]] = field(default_factory=dict)
    topics: dict[int, set[int]] = field(default_factory=dict)
    started: set[int] = field(default_factory=set)
    blocked: set[int] = field(default_factory=set)
    deactivated: set[int] = field(default_factory=set)
    moved: dict[int, int] = field(default_factory=dict)
    messages: dict[int, dict[int, Message]] = field(default_factory=dict)
    files: dict[str, Media] = field(default_factory=dict)
    presses: dict[str, Press] = field(default_factory=dict)
    answers: dict[str, Answer] = field(default_factory=dict)
    commands: dict[str, list[Json]] = field(default_factory=dict)
    reactions: dict[tuple[int, int], list[Json]] = field(default_factory=dict)
    actions: list[tuple[int, str]] = field(default_factory=list)
    _counters: dict[int, int] = field(default_factory=dict)

    def next_message_id(self, chat: Chat) -> int:
        """Return the next number in this chat's counter."""
        key = chat.id if chat.type in {"supergroup", "channel"} else 0
        first = 0 if key else FIRST_PRIVATE_MESSAGE
        self._counters[key] = self._counters.get(key, first) + 1
        return self._counters[key]

    def keep(self, message: Message) -> Message:
        """Show this message in its chat, in place of an older version of it."""
        self.messages.setdefault(message.chat.id, {})[message.message_id] = message
        self.bell.ring()
        return message

    def find(self, chat_id: int, message_id: int | None) -> Message | None:
        """Return a message as it is now."""
        return self.messages.get(chat_id, {}).get(message_id or 0)

    def render(self, message: Message) -> Object:
        """Return the `Message` object with the message it answers."""
        return message.render(self.find(message.chat.id, message.reply_to))

    def status(self, chat: Chat, user_id: int) -> str:
        """Return the membership of somebody in a chat: `left` when they never were there."""
        return self.members.get(chat.id, {}).get(user_id, "left")

    def store_file(self, kind: str, data: bytes, mime_type: str | None = None) -> Media:
        """Keep a file under a new id."""
        number = len(self.files) + 1
        folder, ending = PATHS[kind]
        media = Media(
            kind=kind,
            file_id=f"AgACAgUAAxkBAAI{number:06d}{kind}",
            file_unique_id=f"AQADunique{number:06d}",
            path=f"{folder}/file_{number}.{ending}",
            data=data,
            mime_type=mime_type,
        )
        self.files[media.file_id] = media
        return media

    def chat_of(self, params: Params, name: str = "chat_id") -> Chat:
        """Return the chat a call is about; refuses unknown and moved ones."""
        if not params.text(name):
            refuse(f"{name} is empty")
        chat_id = params.number(name, default=0)
        if chat_id in self.moved:
            raise ApiError(
                400,
                "Bad Request: group chat was upgraded to a supergroup chat",
                {"migrate_to_chat_id": self.moved[chat_id]},
            )
        chat = self.chats.get(chat_id) or self._public_chat(params.text(name))
        if chat is None:
            refuse("chat not found")
        return chat

    def _public_chat(self, name: str) -> Chat | None:
        if not name.startswith("@"):
            return None
        wanted = name[1:].lower()
        return next(
            (
                chat
                for chat in self.chats.values()
                if chat.username and not chat.is_private and chat.username.lower() == wanted
            ),
            None,
        )

    def writable_chat(self, params: Params) -> Chat:
        """Return the chat a message shall go to; refuses where the bot may not write now."""
        chat = self.chat_of(params)
        self.faults.check_flood(chat.id)
        if chat.is_private:
            self._check_person(chat.id)
        else:
            self._check_group(chat)
        return chat

    def _check_person(self, user_id: int) -> None:
        if self.users[user_id].is_bot:
            forbid("bot can't send messages to bots")
        if user_id in self.deactivated:
            forbid("user is deactivated")
        if user_id in self.blocked:
            forbid("bot was blocked by the user")
        if user_id not in self.started:
            forbid("bot can't initiate conversation with a user")

    def _check_group(self, chat: Chat) -> None:
        match self.status(chat, self.me.id):
            case "kicked":
                forbid(f"bot was kicked from the {chat.type} chat")
            case "left":
                forbid(f"bot is not a member of the {chat.type} chat")
            case _:
                return

    def member(self, chat: Chat, user_id: int) -> Object:
        """Return the `ChatMember` object of somebody."""
        status = self.status(chat, user_id)
        fields: Object = {"status": status, "user": self.users[user_id].render()}
        if status == "kicked":
            fields["until_date"] = 0
        if status == "creator":
            fields["is_anonymous"] = False
        if status == "administrator":
            fields |= dict.fromkeys(ADMIN_RIGHTS, False) | {"can_manage_chat": True}
        return fields

    def set_status(self, chat: Chat, user: User, status: str, by: User) -> None:
        """Change a membership; the bot hears of its own, and of others' if it asked to."""
        old = self.member(chat, user.id)
        self.members.setdefault(chat.id, {})[user.id] = status
        body = without_none(
            chat=chat.render(),
            date=int(self.now()),
            old_chat_member=old,
            new_chat_member=self.member(chat, user.id),
        )
        body["from"] = by.render()
        if user == self.me:
            self.feed.push("my_chat_member", body, chat.id)
        elif self.status(chat, self.me.id) == "administrator":
            self.feed.push("chat_member", body, chat.id)
        self.bell.ring()

    def reaches_bot(self, message: Message) -> bool:
        """Whether the bot gets to see this message: the privacy mode of groups."""
        if message.chat.is_private:
            return True
        status = self.status(message.chat, self.me.id)
        if status not in PRESENT:
            return False
        if self.can_read_all_group_messages or status == "administrator":
            return True
        replied = self.find(message.chat.id, message.reply_to)
        return self._is_for_bot(message) or (replied is not None and replied.sender == self.me)

    def _is_for_bot(self, message: Message) -> bool:
        me = f"@{self.me.username}".lower()
        for entity in message.entities:
            words = part(message.text, entity).lower()
            kind = entity["type"]
            if kind == "bot_command" and ("@" not in words or words.endswith(me)):
                return True
            if self.mentions_reach_bot and kind == "mention" and words == me:
                return True
            person = entity.get("user")
            if self.mentions_reach_bot and isinstance(person, dict) and person["id"] == self.me.id:
                return True
        return False

    def live_press(self, callback_id: str) -> Press:
        """Return a press that still waits for its answer; refuses a stale one."""
        press = self.presses.get(callback_id)
        if press is None or press.is_stale:
            refuse(rules.STALE_QUERY)
        if self.now() - press.at > rules.CALLBACK_LIFE_SECONDS:
            refuse(rules.STALE_QUERY)
        return press

    def make_stale(self, callback_id: str) -> None:
        """Let the answer to this press come too late."""
        self.presses[callback_id] = replace(self.presses[callback_id], is_stale=True)
