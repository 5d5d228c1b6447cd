"""Whole talks as people see them who write to the account on WeChat.

Each is played in one of the three modes by turns: every mode has a third of them, on both
engines. `make soak` plays all of them in all modes.
"""

from pathlib import Path

from tests.journeys.journey import Journey
from tests.journeys.limits import NOT_ON_WECHAT, NOT_WHERE_ONLY_ANSWERED, tells_unasked
from tests.journeys.runner_wechat import MODES, faults
from tests.journeys.talks import JOURNEYS
from tests.journeys.talks_reaching import CONTACT, LOST
from tests.journeys.turns import Turn, in_turn
from tests.stores import Database

PLAYED = (*(one for one in JOURNEYS if one not in NOT_ON_WECHAT), LOST)
ONLY_ANSWERED = (
    *(one for one in PLAYED if not tells_unasked(one) and one not in NOT_WHERE_ONLY_ANSWERED),
    CONTACT,
)


@in_turn(PLAYED, Turn.WECHAT, MODES)
async def test_the_same_talk_goes_as_people_expect_it_on_wechat(
    journey: Journey, database: Database, mode: str, tmp_path: Path
) -> None:
    found = await faults(journey, tmp_path, database, mode)

    assert found == [], "\n".join(found)


@in_turn(ONLY_ANSWERED, Turn.WECHAT_WITHOUT_MEANS, MODES)
async def test_the_same_talk_works_where_the_account_only_answers(
    journey: Journey, database: Database, mode: str, tmp_path: Path
) -> None:
    found = await faults(journey, tmp_path, database, mode, certified=False)

    assert found == [], "\n".join(found)
