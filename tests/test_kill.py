"""kill -9 at any moment loses no confirmed report and no reminder (a few seeded rounds)."""

from pathlib import Path

import pytest

from tests.soak import kill


@pytest.mark.parametrize("seed", [1, 2])
async def test_what_was_confirmed_survives_kill_9(tmp_path: Path, seed: int) -> None:
    outcome = await kill.run(tmp_path, kills=3, residents=3, reminders=60, seed=seed)

    assert outcome.confirmed, "nobody reported anything: the test shows nothing"
    assert outcome.lost_reports == 0
    assert outcome.doubled_reports == 0
    assert outcome.lost_reminders == 0
    assert outcome.doubled_reminders <= outcome.kills * kill.CLAIMED_AT_ONCE
