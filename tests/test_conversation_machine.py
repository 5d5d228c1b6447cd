"""Laws of many-step talks, against a model, on a real file, through the real dispatcher."""

import asyncio
import tempfile
from collections.abc import Coroutine
from pathlib import Path
from typing import Any, TypeVar

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from handlers.message import Reply
from storage import talks
from storage.tickets import Ticket
from storage.transaction import Transaction
from tests.houses import CHANNEL, House

R = TypeVar("R")
WHO = "居民甲"
REPORTS = {
    "三栋二单元电梯坏了": "三栋二单元",
    "5栋1单元楼道灯不亮": "5栋1单元",
}
PLACES = ("六栋一单元", "2栋2单元")
SIDE = ("对物业不满意，可以不交物业费吗？", "我的积分", "空置房要交物业费吗")


class Conversation(RuleBasedStateMachine):
    """A draft is lost by 取消 or submitted by one confirmation, and by nothing else."""

    def __init__(self) -> None:
        super().__init__()
        self.loop = asyncio.new_event_loop()
        self.folder = tempfile.TemporaryDirectory()
        self.house = House(Path(self.folder.name))
        self.run(self.house.settle())
        self.where: str | None = None
        self.tickets = 0
        self.last: tuple[str, list[Reply]] | None = None

    def run(self, work: Coroutine[Any, Any, R]) -> R:
        return self.loop.run_until_complete(work)

    def say(self, text: str) -> list[Reply]:
        replies: list[Reply] = self.run(self.house.say(WHO, text))
        self.last = text, replies
        return replies

    @precondition(lambda self: self.where is None)
    @rule(text=st.sampled_from(sorted(REPORTS)))
    def report(self, text: str) -> None:
        replies = self.say(text)
        self.where = REPORTS[text]
        assert self.where in replies[-1].text

    @precondition(lambda self: self.where is not None)
    @rule(text=st.sampled_from(SIDE))
    def side_question(self, text: str) -> None:
        self.say(text)

    @precondition(lambda self: self.where is not None)
    @rule(place=st.sampled_from(PLACES))
    def change_the_place(self, place: str) -> None:
        self.say("改2")
        replies = self.say(place)
        self.where = place
        assert place in replies[-1].text

    @precondition(lambda self: self.where is not None)
    @rule(word=st.sampled_from(("确认", "1", "１", "提交")))
    def confirm(self, word: str) -> None:
        self.say("改2")
        assert self.where is not None
        self.say(self.where)
        replies = self.say(word)
        self.tickets += 1
        self.where = None
        assert str(1000 + self.tickets) in replies[0].text

    @precondition(lambda self: self.where is not None)
    @rule()
    def cancel(self) -> None:
        self.say("取消")
        self.where = None

    @rule()
    def restart(self) -> None:
        self.house.restart()

    @precondition(lambda self: self.last is not None)
    @rule()
    def the_platform_sends_it_again(self) -> None:
        assert self.last is not None
        text, replies = self.last
        again = self.run(self.house.say(WHO, text, number=self.house._number))  # noqa: SLF001
        assert [reply.text for reply in again] == [reply.text for reply in replies]

    @rule(noise=st.text(max_size=20))
    def anything_at_all_is_answered_or_passed(self, noise: str) -> None:
        if self.where is None:
            return
        before = self.draft()
        self.say("\ud800\x00" + noise[:3] + "（啊啊）")
        after = self.draft()
        assert after is not None
        assert before is not None
        assert after["name"] == before["name"]

    @invariant()
    def the_draft_is_what_was_said(self) -> None:
        draft = self.draft()
        if self.where is None:
            assert draft is None
        else:
            assert draft is not None
            values = draft["values"]
            assert isinstance(values, dict)
            assert self.where in str(values["where"])

    @invariant()
    def one_confirmation_makes_one_ticket(self) -> None:
        assert len(self.run(self.house.store.run(_tickets))) == self.tickets

    def draft(self) -> talks.Json | None:
        key = talks.key_of(CHANNEL, WHO, WHO)
        talk = self.run(self.house.store.run(lambda tx: tx.talks.of(key)))
        return None if talk is None else talk.form

    def teardown(self) -> None:
        self.house.store.close()
        self.loop.close()
        self.folder.cleanup()


def _tickets(tx: Transaction) -> list[Ticket]:
    [person] = tx.residents.named(WHO)
    return tx.tickets.of_reporter(person.id, limit=100)


TestConversation = Conversation.TestCase
TestConversation.settings = settings(
    max_examples=12,
    stateful_step_count=18,
    deadline=None,
    suppress_health_check=list(HealthCheck),
)
