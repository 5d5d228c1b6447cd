"""The methods by which a bot shows something: send, edit, delete, react."""

from dataclasses import replace

from tests.peers.telegram import rules
from tests.peers.telegram.params import Params
from tests.peers.telegram.rules import refuse
from tests.peers.telegram.shapes import Chat, Json, Media, Message, Object, as_object
from tests.peers.telegram.text import parse
from tests.peers.telegram.world import PRESENT, World


async def send_message(world: World, params: Params) -> Json:
    """Show a text."""
    chat = world.writable_chat(params)
    text, entities = _words(params, "text", "entities")
    rules.check_text(text)
    return _send(world, replace(_draft(world, params, chat), text=text, entities=entities))


async def send_photo(world: World, params: Params) -> Json:
    """Show a photograph: uploaded, or named by the file_id of an earlier one."""
    return _send_media(world, params, "photo")


async def send_voice(world: World, params: Params) -> Json:
    """Play a voice message."""
    return _send_media(world, params, "voice")


async def send_document(world: World, params: Params) -> Json:
    """Hand over a file."""
    return _send_media(world, params, "document")


async def send_location(world: World, params: Params) -> Json:
    """Show a place on the map."""
    chat = world.writable_chat(params)
    place: Object = {}
    for name, limit in (("latitude", 90), ("longitude", 180)):
        value = params.decimal(name)
        if value is None or abs(value) > limit:
            refuse(f"{name} is invalid")
        place[name] = value
    draft = _draft(world, params, chat)
    return _send(world, replace(draft, extra=(("location", place),)))


async def send_chat_action(world: World, params: Params) -> Json:
    """Show "typing…"."""
    chat = world.writable_chat(params)
    world.actions.append((chat.id, params.text("action")))
    return True


async def edit_message_text(world: World, params: Params) -> Json:
    """Replace a text, and the keyboard with it: without reply_markup it is gone."""
    message = _own_message(world, params, "message to edit not found")
    if message.media or not message.text:
        refuse("there is no text in the message to edit")
    text, entities = _words(params, "text", "entities")
    rules.check_text(text)
    return _edit(world, params, message, replace(message, text=text, entities=entities))


async def edit_message_caption(world: World, params: Params) -> Json:
    """Replace a caption, and the keyboard with it."""
    message = _own_message(world, params, "message to edit not found")
    if not message.media:
        refuse("there is no caption in the message to edit")
    text, entities = _words(params, "caption", "caption_entities")
    rules.check_caption(text)
    return _edit(world, params, message, replace(message, text=text, entities=entities))


async def edit_message_reply_markup(world: World, params: Params) -> Json:
    """Replace only the keyboard."""
    message = _own_message(world, params, "message to edit not found")
    return _edit(world, params, message, message)


async def delete_message(world: World, params: Params) -> Json:
    """Take a message away."""
    chat = world.chat_of(params)
    message = world.find(chat.id, params.number("message_id"))
    if message is None:
        refuse("message to delete not found")
    may = message.sender == world.me or chat.is_private
    if not may and world.status(chat, world.me.id) != "administrator":
        refuse("message can't be deleted")
    del world.messages[chat.id][message.message_id]
    world.bell.ring()
    return True


async def set_message_reaction(world: World, params: Params) -> Json:
    """Put an emoji under a message."""
    chat = world.writable_chat(params)
    message = world.find(chat.id, params.number("message_id"))
    if message is None:
        refuse("message to react not found")
    reaction = params.array("reaction") or []
    if len(reaction) > 1:
        refuse("REACTIONS_TOO_MANY")
    world.reactions[chat.id, message.message_id] = reaction
    world.bell.ring()
    return True


def _send_media(world: World, params: Params, kind: str) -> Json:
    chat = world.writable_chat(params)
    media = _media(world, params, kind)
    text, entities = _words(params, "caption", "caption_entities")
    rules.check_caption(text)
    draft = replace(_draft(world, params, chat), media=media, text=text, entities=entities)
    return _send(world, draft)


def _media(world: World, params: Params, kind: str) -> Media:
    upload = params.upload(kind)
    if upload is not None:
        if not upload.data:
            refuse("file must be non-empty")
        if kind == "photo":
            rules.check_photo(upload.data)
        stored = world.store_file(kind, upload.data, upload.content_type)
        seconds = params.number("duration") if kind == "voice" else None
        return replace(stored, duration_seconds=seconds)
    named = params.text(kind)
    if not named:
        refuse(f"there is no {kind} in the request")
    if named.startswith(("http://", "https://")):
        refuse("failed to get HTTP URL content")  # the peer stays on loopback
    if named not in world.files:
        refuse(
            "wrong file identifier/HTTP URL specified"
            if len(named) < 20
            else "wrong remote file identifier specified: can't unserialize it"
        )
    media = world.files[named]
    if media.kind != kind:
        refuse(f"can't use file of type {media.kind} as {kind}")
    return media


def _words(params: Params, name: str, marks: str) -> tuple[str, tuple[Object, ...]]:
    """Return a text as it will be shown, with its entities."""
    given = params.array(marks)
    text, entities = parse(params.text(name), "" if given else params.text("parse_mode"))
    if given:
        entities = [as_object(entity) for entity in given]
    return text, tuple(entities)


def _draft(world: World, params: Params, chat: Chat) -> Message:
    """Return the message without its content; refuses bad places, quotes and keyboards."""
    thread_id = params.number("message_thread_id") or None
    if thread_id is not None and thread_id not in world.topics.get(chat.id, set()):
        refuse("message thread not found")
    return Message(
        chat=chat,
        message_id=0,
        date=int(world.now()),
        sender=world.me,
        reply_to=_quoted(world, params, chat),
        thread_id=thread_id,
        markup=_markup(world, params),
    )


def _quoted(world: World, params: Params, chat: Chat) -> int | None:
    reply = params.object("reply_parameters")
    if reply is None:
        return None
    number = reply.get("message_id")
    if isinstance(number, int) and world.find(chat.id, number):
        return number
    if reply.get("allow_sending_without_reply") is not True:
        refuse("message to be replied not found")
    return None


def _markup(world: World, params: Params) -> tuple[tuple[str, Json], ...]:
    markup = params.object("reply_markup") or {}
    unwise = rules.check_markup(markup, is_private=params.number("chat_id") > 0)
    world.violations += unwise
    return tuple(markup.items())


def _send(world: World, draft: Message) -> Json:
    """Give the message its number and show it."""
    world.faults.check_group_pace(draft.chat.id, world.now())
    message = replace(draft, message_id=world.next_message_id(draft.chat))
    return world.render(world.keep(message))


def _own_message(world: World, params: Params, missing: str) -> Message:
    chat = world.chat_of(params)
    world.faults.check_flood(chat.id)
    message = world.find(chat.id, params.number("message_id"))
    if message is None:
        refuse(missing)
    if message.sender != world.me:
        refuse("message can't be edited")
    if not chat.is_private and world.status(chat, world.me.id) not in PRESENT:
        world.writable_chat(params)
    return message


def _edit(world: World, params: Params, old: Message, new: Message) -> Json:
    """Show the new version, unless nothing would change."""
    if params.object("reply_markup") and "inline_keyboard" not in (
        params.object("reply_markup") or {}
    ):
        refuse("inline keyboard expected")
    new = replace(new, markup=_markup(world, params))
    same_words = (new.text, new.entities) == (old.text, old.entities)
    if same_words and new.buttons == old.buttons:
        refuse(rules.NOT_MODIFIED)
    return world.render(world.keep(replace(new, edit_date=int(world.now()))))


SENDING = {
    "sendMessage": send_message,
    "sendPhoto": send_photo,
    "sendVoice": send_voice,
    "sendDocument": send_document,
    "sendLocation": send_location,
    "sendChatAction": send_chat_action,
    "editMessageText": edit_message_text,
    "editMessageCaption": edit_message_caption,
    "editMessageReplyMarkup": edit_message_reply_markup,
    "deleteMessage": delete_message,
    "setMessageReaction": set_message_reaction,
}
