"""An account whose platform posts every message and shows what is answered at once."""

from typing import Protocol

from tests.wechat_house import a_photo


class Answer(Protocol):
    """What came back to a post."""

    @property
    def status(self) -> int: ...

    @property
    def text(self) -> str: ...


class Phone(Protocol):
    """Everybody who writes, and the platform between."""

    def number(self) -> int:
        """Return the number of a new message."""

    async def say(self, user: str, text: str, number: int | None = None) -> Answer:
        """Post a text."""

    async def send(
        self, user: str, kind: str, *, number: int | None = None, **fields: str | int
    ) -> Answer:
        """Post something else."""


class Platform(Protocol):
    """The side that we call."""

    files: dict[str, bytes]
    """What people sent, by its id."""

    async def stop(self) -> None:
        """Be reached by nobody."""

    async def start_listening(self) -> None:
        """Be there again."""


class Posted:
    """What people write to is posted; what is posted in vain three times is forgotten."""

    def __init__(self, phone: Phone, platform: Platform) -> None:
        self._phone = phone
        self._platform = platform
        self._last: dict[str, tuple[str, int]] = {}
        self._line_is_broken = False

    async def say(self, user: str, text: str) -> str:
        self._last[user] = text, self._phone.number()
        return await self.again(user)

    async def again(self, user: str) -> str:
        if self._line_is_broken:
            return ""
        text, number = self._last[user]
        if text:
            answer = await self._phone.say(user, text, number)
        else:
            answer = await self._phone.send(user, "shortvideo", number=number)
        assert answer.status == 200
        return answer.text

    async def show(self, user: str) -> str:
        number = self._phone.number()
        media = f"m{number}"
        self._platform.files[media] = a_photo()
        fields = {"MediaId": media, **self._pictured(media)}
        return (await self._phone.send(user, "image", number=number, **fields)).text

    def _pictured(self, media: str) -> dict[str, str]:
        """Return where else the photograph can be fetched."""
        del media
        return {}

    async def press(self, user: str, label: str, last: str) -> bool:
        """Nothing can be pressed here."""
        del user, label, last
        return False

    async def break_line(self) -> None:
        self._line_is_broken = True
        await self._platform.stop()

    async def mend_line(self) -> None:
        self._line_is_broken = False
        await self._platform.start_listening()

    async def settled(self) -> None:
        """Nothing: a post is answered when it returns."""

    async def objects(self) -> bool:
        """It tells at once what it does not take."""
        return False
