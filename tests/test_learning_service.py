"""The running service learns without a restart: real clock, real loops, real file."""

import asyncio
from pathlib import Path

from bot import clock
from bot.config import Config
from bot.wiring import Service
from handlers.delivery import Sender
from handlers.message import Message, Reply
from storage.transaction import Transaction
from storage.words import QuestionKind, WordsKind
from tests.houses import small_knowledge

CHANNEL = "terminal"
ENTRY = small_knowledge().entries["income-owner"]
MACHINE = "岗亭旁边那台卖水的机器赚的钱有没有我们一份"
PATIENCE_SECONDS = 60.0


class Heard(Sender):
    """What the people of the street were told unasked."""

    def __init__(self) -> None:
        self.said: list[tuple[str, str]] = []
        self._more = asyncio.Event()

    async def send(self, chat: str, reply: Reply) -> None:
        self.said.append((chat, reply.text))
        self._more.set()

    async def told(self, who: str, words: str) -> None:
        """Wait until the person is told something with these words."""
        while not any(chat == who and words in text for chat, text in self.said):
            self._more.clear()
            await self._more.wait()


class Talk:
    """People who speak to one running service."""

    def __init__(self, service: Service) -> None:
        self._service = service
        self._count = 0

    async def says(self, who: str, text: str) -> str:
        self._count += 1
        message = Message(CHANNEL, who, who, text, f"m{self._count}")
        return "\n".join(reply.text for reply in await self._service.dispatcher.handle(message))


def _lived(tx: Transaction) -> None:
    """Let the people be reached here, and let one have asked what nobody answered."""
    for person in tx.residents.demo_people():
        assert person.name is not None
        tx.residents.bind(person, CHANNEL, person.name, person.name)
    [asker] = tx.residents.named("居民甲")
    words_id = tx.words.keep(asker.id, WordsKind.QUESTION, MACHINE)
    tx.questions.keep(asker.id, words_id, QuestionKind.NONE_FITS)


async def test_a_running_service_answers_what_was_just_approved(tmp_path: Path) -> None:
    config = Config(demo=True)
    async with (
        asyncio.timeout(PATIENCE_SECONDS),
        Service.open(config, data=tmp_path, knowledge=small_knowledge()) as service,
    ):
        await service.store.run(_lived)
        service.senders[CHANNEL] = heard = Heard()
        talk = Talk(service)
        async with clock.running(*service.moved_by_time):
            while not await service.store.run(lambda tx: tx.learning.cluster(1)):
                """The tick at the start sorts the question in."""
            assert ENTRY.short not in await talk.says("居民乙", MACHINE)
            assert "已提出" in await talk.says("书记甲", "归入 1 income-owner")
            assert "已批准" in await talk.says("律师甲", "准 1")

            await heard.told("律师甲", "已上线")

            while await service.store.run(_version) != service.current.version:
                """The next look is less than two seconds away."""
            assert ENTRY.short in await talk.says("居民丙", MACHINE)


def _version(tx: Transaction) -> int:
    return tx.knowledge_versions.current()
