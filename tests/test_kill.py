"""kill -9 at any moment, of the server or of one of its workers, loses nothing confirmed."""

from pathlib import Path

import pytest

from tests.soak import kill
from tests.stores import Database, EngineKind


@pytest.mark.parametrize("seed", [1, 2])
async def test_what_was_confirmed_survives_kill_9(tmp_path: Path, seed: int) -> None:
    outcome = await kill.run(tmp_path, kills=3, residents=3, reminders=60, seed=seed)

    holds(outcome)


@pytest.mark.skipif(not EngineKind.POSTGRESQL.is_there, reason="PostgreSQL is not installed")
async def test_what_was_confirmed_survives_kill_9_of_one_of_two_workers(tmp_path: Path) -> None:
    database = Database(EngineKind.POSTGRESQL, tmp_path)

    outcome = await kill.run(
        tmp_path,
        kills=3,
        residents=3,
        reminders=60,
        seed=3,
        database=database.url,
        workers=2,
    )

    database.drop()
    holds(outcome)


def holds(outcome: kill.Outcome) -> None:
    assert outcome.confirmed, "nobody reported anything: the test shows nothing"
    assert outcome.lost_reports == 0
    assert outcome.doubled_reports == 0
    assert outcome.lost_reminders == 0
    assert outcome.doubled_reminders <= outcome.kills * kill.IN_FLIGHT
