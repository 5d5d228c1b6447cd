"""The groups of staff and residents, where those who write to an account meet elsewhere.

Their channel is the tests' own; its messages are handed to the same dispatcher.
"""

from collections.abc import Callable, Container, Iterable

from msgspec.structs import replace

from bot.channels.rendering import choice_text
from handlers.delivery import DeliveryError, Sender
from handlers.message import Attachment, AttachmentKind, Message, Reply
from storage.transaction import Transaction
from tests.journeys.journey import Presses, Says
from tests.journeys.street import Sight
from tests.journeys.street_house import StreetHouse
from tests.wechat_house import a_photo

ROOMS = "rooms"
"""The channel of the groups."""
BOT = "@小二"


class Rooms:
    """Groups with buttons under what is said there."""

    def __init__(self, house: StreetHouse, sight: Sight) -> None:
        self._house = house
        self._sight = sight
        self._groups: list[str] = []
        self._offers: dict[str, Reply] = {}
        self._number = 0

    def bind(self, tx: Transaction) -> None:
        """Let the street know the groups, and who in them is who."""
        for group in tx.directory.groups():
            tx.directory.bind_group(ROOMS, group.name, group.id)
            self._groups.append(group.name)
        for person in tx.residents.demo_people():
            tx.residents.bind(person, ROOMS, person.name or "", person.name or "")

    def open(self, unknown: Iterable[str]) -> None:
        """Let them hear what is told there, after a restart as well."""
        self._groups += unknown
        sender = _Sender(self._groups, self._show)
        self._house.house.senders[ROOMS] = self._house.service.senders[ROOMS] = sender

    async def say(self, step: Says) -> None:
        message = self._message(step)
        if step.photo:
            kept = await self._house.service.media.keep(a_photo())
            message = replace(message, attachments=(Attachment(AttachmentKind.PHOTO, kept),))
        await self._handle(message, step.group)

    async def press(self, step: Presses) -> None:
        reply = self._offers[step.group]
        choice = next(choice for choice in reply.choices if step.label in choice.label)
        numbered = choice.number is not None and reply.menu is not None
        bare = self._message(Says(step.who, choice.label, group=step.group))
        pressed = str(choice.number) if numbered else choice.action
        menu = reply.menu if numbered else None
        await self._handle(replace(bare, pressed=pressed, menu=menu), step.group)

    def _message(self, step: Says) -> Message:
        self._number += 1
        return Message(
            channel=ROOMS,
            chat=step.group,
            sender=step.who,
            text=step.text.replace(BOT, "").strip(),
            platform_id=f"room-{self._number}",
            is_group=True,
            addressed=BOT in step.text,
        )

    async def _handle(self, message: Message, group: str) -> None:
        for reply in await self._house.service.dispatcher.handle(message):
            self._show(group, reply)

    def _show(self, group: str, reply: Reply) -> None:
        """Show it with its buttons, which are counted."""
        choices = [choice_text(choice, n) for n, choice in enumerate(reply.choices, 1)]
        self._sight.note(group, "\n".join([reply.text, *choices]))
        if choices:
            self._offers[group] = reply


class _Sender(Sender):
    """Tells the groups; nobody is spoken to alone there."""

    def __init__(self, groups: Container[str], show: Callable[[str, Reply], None]) -> None:
        self._groups = groups
        self._show = show

    async def send(self, chat: str, reply: Reply) -> None:
        if chat not in self._groups:
            raise DeliveryError(chat, permanent=True)
        self._show(chat, reply)
