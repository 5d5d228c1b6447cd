"""What people do in Telegram, for tests: write, press, join, block. Each act makes its update."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import TypedDict, TypeVar, Unpack

from tests.peers.telegram.feed import Update
from tests.peers.telegram.shapes import (
    ANONYMOUS_ADMIN,
    Chat,
    Json,
    Message,
    Object,
    User,
    without_none,
)
from tests.peers.telegram.text import find_entities, trim
from tests.peers.telegram.transcript import Answer
from tests.peers.telegram.world import PRESENT, Press, World

T = TypeVar("T")


class How(TypedDict, total=False):
    """The circumstances of a message.

    reply_to: the message it answers; thread_id: the forum topic; anonymous: an administrator
    writes as the group; named: words of the text that name a person without a user name.
    """

    reply_to: Message
    thread_id: int
    anonymous: bool
    named: dict[str, User]


class Name(TypedDict, total=False):
    """The optional parts of an account."""

    last_name: str
    username: str
    language_code: str
    is_bot: bool


class People:
    """The hands of everybody who is not the bot."""

    world: World

    # Who and where

    def user(self, user_id: int, first_name: str, **name: Unpack[Name]) -> User:
        """Make a person. The bot knows of them but may not write until they `start` or write."""
        person = User(user_id, first_name, **name)
        self.world.users[person.id] = person
        self.world.chats[person.id] = person.private_chat()
        return person

    def group(
        self,
        chat_id: int,
        title: str,
        members: Sequence[User] = (),
        admins: Sequence[User] = (),
        bot: str = "member",
    ) -> Chat:
        """Make a group with its members: a supergroup when the id begins with -100.

        Args:
            chat_id: negative, as Telegram has it.
            title: its name.
            members: who is in it.
            admins: who is in it and may also write anonymously.
            bot: the bot's own status: `member`, `administrator` or `left`.
        """
        assert chat_id < 0
        kind = "supergroup" if str(chat_id).startswith("-100") else "group"
        chat = Chat(chat_id, kind, title=title)
        self.world.chats[chat_id] = chat
        self.world.members[chat_id] = {
            **{person.id: "member" for person in members},
            **{person.id: "administrator" for person in admins},
            self.world.me.id: bot,
        }
        return chat

    async def topic(self, user: User, chat: Chat, name: str) -> int:
        """Open a topic, which makes the group a forum; return its `message_thread_id`."""
        forum = replace(chat, is_forum=True)
        self.world.chats[chat.id] = forum
        thread_id = self.world.next_message_id(forum)
        self.world.topics.setdefault(chat.id, set()).add(thread_id)
        message = self._message(user, forum, message_id=thread_id, thread_id=thread_id)
        self._service(message, forum_topic_created={"name": name, "icon_color": 7322096})
        return thread_id

    # Writing

    async def start(self, user: User, payload: str = "") -> Message:
        """Press Start, or follow a link with this payload; unblocks the bot."""
        if user.id in self.world.blocked:
            await self.unblock(user)
        return await self.say(user, user, f"/start {payload}".strip())

    async def say(self, user: User, chat: Chat | User, text: str, **how: Unpack[How]) -> Message:
        """Write a text; a `User` as the chat is the private talk with the bot."""
        shown, entities = trim(text, find_entities(text, how.get("named")))
        message = self._message(user, chat, text=shown, entities=tuple(entities))
        return self._send(message, how)

    async def edit(self, user: User, message: Message, text: str) -> Message:
        """Change one's own message."""
        assert message.sender == user, "people can only edit what they wrote"
        old = self.world.find(message.chat.id, message.message_id)
        assert old is not None, "the message is gone"
        shown, entities = trim(text, find_entities(text))
        edited = replace(old, text=shown, entities=tuple(entities), edit_date=int(self.world.now()))
        return self._send(edited, {}, kind="edited_message")

    async def send_photo(
        self, user: User, chat: Chat | User, data: bytes, caption: str = "", **how: Unpack[How]
    ) -> Message:
        """Send a photograph."""
        media = self.world.store_file("photo", data)
        entities = tuple(find_entities(caption))
        message = self._message(user, chat, text=caption, entities=entities)
        return self._send(replace(message, media=media), how)

    async def send_album(
        self, user: User, chat: Chat | User, photos: Sequence[bytes], caption: str = ""
    ) -> list[Message]:
        """Send several photographs as one album: one update for each, the caption on the first."""
        album = str(13_000_000_000_000_000 + len(self.world.files))
        sent = []
        for place, data in enumerate(photos):
            media = self.world.store_file("photo", data)
            text = caption if place == 0 else ""
            message = self._message(user, chat, text=text, entities=tuple(find_entities(text)))
            sent.append(self._send(replace(message, media=media, album=album), {}))
        return sent

    async def send_voice(
        self, user: User, chat: Chat | User, data: bytes, seconds: int = 3, **how: Unpack[How]
    ) -> Message:
        """Send a voice message (OGG with Opus)."""
        media = replace(self.world.store_file("voice", data, "audio/ogg"), duration_seconds=seconds)
        return self._send(replace(self._message(user, chat), media=media), how)

    async def send_document(
        self, user: User, chat: Chat | User, data: bytes, mime_type: str, **how: Unpack[How]
    ) -> Message:
        """Send any other file."""
        media = self.world.store_file("document", data, mime_type)
        return self._send(replace(self._message(user, chat), media=media), how)

    async def send_location(
        self, user: User, chat: Chat | User, place: tuple[float, float], **how: Unpack[How]
    ) -> Message:
        """Send a place given as (latitude, longitude)."""
        location: Json = {"latitude": place[0], "longitude": place[1]}
        message = replace(self._message(user, chat), extra=(("location", location),))
        return self._send(message, how)

    async def send_contact(self, user: User, phone_number: str) -> Message:
        """Share one's own phone number in the private talk (a `request_contact` button)."""
        contact: Json = {
            "phone_number": phone_number,
            "first_name": user.first_name,
            "user_id": user.id,
        }
        return self._send(replace(self._message(user, user), extra=(("contact", contact),)), {})

    async def press(self, user: User, message: Message, button: str, *, stale: bool = False) -> str:
        """Press an inline button, named by its data or text; return the callback query's id.

        Args:
            user: who presses; in a group anybody may.
            message: the message, as it is now or as this person still sees it.
            button: callback data or text of the button.
            stale: the bot's answer will come too late.
        """
        now_shown = self.world.find(message.chat.id, message.message_id) or message
        found = now_shown.find_button(button) or message.find_button(button)
        assert found is not None, f"no button {button!r} among {now_shown.labels}"
        assert found.data is not None, f"{button!r} opens {found.url}, it calls nobody back"
        world = self.world
        callback_id = str(4_382_000_000_000_000_000 + len(world.presses))
        world.presses[callback_id] = Press(
            callback_id, user, now_shown, found.data, world.now(), stale
        )
        body: Object = {
            "id": callback_id,
            "from": user.render(),
            "message": world.render(now_shown),
            "chat_instance": str(-(abs(message.chat.id) * 7919 + 1)),
            "data": found.data,
        }
        world.feed.push("callback_query", body, message.chat.id)
        return callback_id

    # Coming and going

    async def join(self, user: User, chat: Chat) -> None:
        """Enter a group by oneself."""
        self.world.set_status(chat, user, "member", user)
        self._service(self._message(user, chat), new_chat_members=[user.render()])

    async def leave(self, user: User, chat: Chat) -> None:
        """Leave a group."""
        self._service(self._message(user, chat), left_chat_member=user.render())
        self.world.set_status(chat, user, "left", user)

    async def add_bot(self, user: User, chat: Chat, status: str = "member") -> None:
        """Bring the bot into a group, or change what it may do there."""
        was_there = self.world.status(chat, self.world.me.id) in PRESENT
        self.world.set_status(chat, self.world.me, status, user)
        if not was_there:
            newcomer = self.world.me.render()
            self._service(self._message(user, chat), new_chat_members=[newcomer])

    async def kick_bot(self, user: User, chat: Chat) -> None:
        """Throw the bot out."""
        self.world.set_status(chat, self.world.me, "kicked", user)

    async def block(self, user: User) -> None:
        """Block the bot."""
        self.world.blocked.add(user.id)
        self._tell_of_block(user, "member", "kicked")

    async def unblock(self, user: User) -> None:
        """Unblock the bot."""
        self.world.blocked.discard(user.id)
        self._tell_of_block(user, "kicked", "member")

    async def deactivate(self, user: User) -> None:
        """Delete the account."""
        self.world.deactivated.add(user.id)

    async def migrate(self, old: Chat, new_id: int, *, announce: bool = True) -> Chat:
        """Turn a basic group into a supergroup; calls with the old id then name the new one."""
        new = Chat(new_id, "supergroup", title=old.title)
        self.world.chats[new_id] = new
        self.world.members[new_id] = dict(self.world.members[old.id])
        self.world.moved[old.id] = new_id
        if announce:
            author = self.world.users[next(iter(self.world.members[old.id]))]
            self._service(self._message(author, old), migrate_to_chat_id=new_id)
            self._service(self._message(author, new), migrate_from_chat_id=old.id)
        return new

    def resend_last(self) -> Update:
        """Deliver the newest update a second time, under the same id."""
        return self.world.feed.resend_last()

    def drop_pending(self) -> None:
        """Forget every update the bot has not confirmed."""
        self.world.feed.drop_pending()

    # Looking

    def messages_to(self, chat: Chat | User | int) -> list[Message]:
        """Return what the bot's messages in this chat look like now, oldest first."""
        return [message for message in self.messages_in(chat) if message.sender == self.world.me]

    def messages_in(self, chat: Chat | User | int) -> list[Message]:
        """Return everybody's messages in this chat as they look now, oldest first."""
        chat_id = chat if isinstance(chat, int) else chat.id
        return list(self.world.messages.get(chat_id, {}).values())

    def answer_to(self, callback_id: str) -> Answer | None:
        """Return what the person who pressed was told; None while the button still spins."""
        return self.world.answers.get(callback_id)

    async def wait_for(self, predicate: Callable[[], T], timeout_seconds: float = 5) -> T:
        """Return the first true value of `predicate`; TimeoutError when none comes in time."""
        return await self.world.bell.wait_for(predicate, timeout_seconds)

    async def next_message(self, chat: Chat | User, after: int = 0) -> Message:
        """Return the bot's newest message there, once it has sent more than `after` of them."""
        return (await self.wait_for(lambda: self.messages_to(chat)[after:]))[-1]

    # How it becomes an update

    def _message(
        self,
        user: User,
        chat: Chat | User,
        text: str = "",
        entities: tuple[Object, ...] = (),
        **place: Unpack["_Place"],
    ) -> Message:
        where = self.world.chats[chat.id]
        return Message(
            chat=where,
            message_id=place.get("message_id") or self.world.next_message_id(where),
            date=int(self.world.now()),
            sender=user,
            text=text,
            entities=entities,
            thread_id=place.get("thread_id"),
        )

    def _send(self, message: Message, how: How, kind: str = "message") -> Message:
        user, chat = message.sender, message.chat
        self._check_may_write(user, chat)
        if "reply_to" in how:
            message = replace(message, reply_to=how["reply_to"].message_id)
        if "thread_id" in how:
            message = replace(message, thread_id=how["thread_id"])
        if how.get("anonymous"):
            assert self.world.status(chat, user.id) in {"creator", "administrator"}
            message = replace(message, sender=ANONYMOUS_ADMIN, sender_chat=chat)
        self.world.keep(message)
        if self.world.reaches_bot(message):
            self.world.feed.push(kind, self.world.render(message), chat.id)
        return message

    def _check_may_write(self, user: User, chat: Chat) -> None:
        if chat.is_private:
            assert chat.id == user.id, "nobody writes in another person's private talk"
            assert user.id not in self.world.blocked, "unblock or start first"
            self.world.started.add(user.id)
        else:
            assert self.world.status(chat, user.id) in PRESENT, "not in the group"

    def _service(self, message: Message, **fields: Json) -> None:
        message = self.world.keep(replace(message, extra=tuple(fields.items())))
        if self.world.status(message.chat, self.world.me.id) in PRESENT:
            self.world.feed.push("message", message.render(), message.chat.id)

    def _tell_of_block(self, user: User, before: str, after: str) -> None:
        me = self.world.me.render()
        sides = [
            without_none(status=status, user=me, until_date=0 if status == "kicked" else None)
            for status in (before, after)
        ]
        body = without_none(
            chat=user.private_chat().render(),
            date=int(self.world.now()),
            old_chat_member=sides[0],
            new_chat_member=sides[1],
        )
        body["from"] = user.render()
        self.world.feed.push("my_chat_member", body, user.id)


class _Place(TypedDict, total=False):
    """Where a service message stands."""

    message_id: int
    thread_id: int
