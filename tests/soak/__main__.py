"""The long counts: `make soak` kills the server hundreds of times and writes docs/soak.md."""

import asyncio
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.soak import kill

ROUNDS = 20
KILLS_A_ROUND = 10
PAGE = Path(__file__).parents[2] / "docs" / "soak.md"


def main() -> int:
    """Run all rounds; fail when anything confirmed was lost or doubled."""
    outcomes = []
    for seed in range(ROUNDS):
        with TemporaryDirectory() as folder:
            outcome = asyncio.run(
                kill.run(Path(folder), kills=KILLS_A_ROUND, residents=4, reminders=300, seed=seed)
            )
        outcomes.append(outcome)
        print(  # noqa: T201  progress of a long run
            f"round {seed + 1} of {ROUNDS}: {_row(outcome)}", flush=True
        )
    lost = sum(o.lost_reports + o.lost_reminders + max(0, o.doubled_reports) for o in outcomes)
    PAGE.write_text(_page(outcomes), "utf-8")
    return 1 if lost else 0


def _row(outcome: kill.Outcome) -> str:
    return (
        f"{outcome.kills} kills, {len(outcome.confirmed)} reports confirmed, "
        f"{outcome.lost_reports} lost, {outcome.doubled_reports} doubled; "
        f"{outcome.reminders} reminders, {outcome.lost_reminders} lost, "
        f"{outcome.doubled_reminders} said twice"
    )


def _page(outcomes: list[kill.Outcome]) -> str:
    commit = subprocess.run(
        ["git", "rev-parse", "--short", "HEAD"],
        capture_output=True,
        text=True,
        check=False,
    ).stdout.strip()
    lines = [
        "# The long counts",
        "",
        f"`make soak` at commit {commit}, {datetime.now(UTC):%Y-%m-%d}: the server is killed with",
        "`kill -9` while residents report and reminders fall due. A report counts as confirmed",
        "when the resident was told its number. At most ten reminders are in flight at a kill.",
        "",
        *(f"- {_row(outcome)}" for outcome in outcomes),
        "",
    ]
    return "\n".join(lines)


if __name__ == "__main__":
    sys.exit(main())
