"""Every journey on every channel, both engines and each mode: what `make test` plays by turns."""

import os
from collections import defaultdict
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from tests.journeys.turns import WHOLE

FOLDER = Path(__file__).parents[1] / "journeys"


@dataclass(slots=True)
class Count:
    """How the journeys of one channel went."""

    played: int = 0
    wrong: list[str] = field(default_factory=list)
    """Those in which somebody did not see what they should."""
    left_out: int = 0
    """Those that this machine lacks something for."""


class _Counting:
    """What pytest tells of its run."""

    def __init__(self) -> None:
        self.counts: dict[str, Count] = defaultdict(Count)

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        file, _, name = report.nodeid.partition("::")
        count = self.counts[Path(file).stem.removeprefix("test_")]
        if report.skipped:
            count.left_out += 1
        elif report.failed:
            count.wrong.append(name)
        elif report.when == "call":
            count.played += 1


def run() -> dict[str, Count]:
    """Play all of them; return the counts by channel."""
    counting = _Counting()
    os.environ[WHOLE] = "all"
    pytest.main(["-q", "-n", "auto", str(FOLDER)], plugins=[counting])
    return dict(counting.counts)
