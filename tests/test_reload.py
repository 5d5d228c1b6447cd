"""A running service takes over what another process changed, without a restart."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

from bot import clock
from bot.commands.admin import OPERATOR
from bot.config import Config
from bot.wiring import Service, open_store
from handlers.law import changes
from handlers.message import Message
from knowledge.collecting import Text
from tests.houses import knowledge

ENTRY = "fee-dissatisfied"
ASKED = "物业服务不好能不交物业费吗"
LIMIT = timedelta(seconds=30)
"""A deadline, not a pause: the service looks every two seconds."""


def asked(number: int) -> Message:
    return Message("web", "someone", "someone", ASKED, platform_id=str(number))


async def test_a_running_worker_stops_giving_what_another_process_froze(tmp_path: Path) -> None:
    config = Config(demo=True)
    async with Service.open(config, data=tmp_path, knowledge=knowledge()) as service:
        before = await service.dispatcher.handle(asked(1))
        async with clock.running(*service.moved_by_time):
            other = open_store(config, tmp_path, worker=OPERATOR)
            article = Text("民法典", "民法典", 944, 0, "改过的条文。", "2027", False)
            await other.run(lambda tx: changes.take_over(tx, knowledge(), [article]))
            other.close()
            end = datetime.now(UTC) + LIMIT
            while ENTRY not in service.current.knowledge.withheld and datetime.now(UTC) < end:
                await service.store.run(lambda tx: tx.knowledge_versions.current())
        after = await service.dispatcher.handle(asked(2))

    assert "民法典第944条" in before[0].text
    assert "有了变化" in after[0].text
