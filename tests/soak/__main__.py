"""The long counts: `make soak` kills, races and plays all journeys, and writes docs/soak.md."""

import asyncio
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.soak import journeys, kill, races
from tests.stores import Database, EngineKind

ROUNDS = 20
KILLS_A_ROUND = 10
RACES = 300
"""Rounds of each race between two workers."""
PAGE = Path(__file__).parents[2] / "docs" / "soak.md"


def main() -> int:
    """Run all; fail when anything confirmed was lost or doubled, or anything went wrong."""
    sections = {
        "One process on SQLite": [_killed(seed, EngineKind.SQLITE) for seed in range(ROUNDS)]
    }
    raced: dict[str, races.Count] = {}
    if EngineKind.POSTGRESQL.is_there:
        sections["Two workers on PostgreSQL, of which one is killed"] = [
            _killed(seed, EngineKind.POSTGRESQL) for seed in range(ROUNDS)
        ]
        raced = _raced()
    outcomes = [outcome for some in sections.values() for outcome in some]
    lost = sum(o.lost_reports + o.lost_reminders + max(0, o.doubled_reports) for o in outcomes)
    played = journeys.run()
    PAGE.write_text(_page(sections, raced, played), "utf-8")
    failed = any(count.wrong for count in played.values())
    return 1 if lost or failed or list(races.wrong(raced)) else 0


def _killed(seed: int, kind: EngineKind) -> kill.Outcome:
    with TemporaryDirectory() as folder:
        database = Database(kind, Path(folder))
        on_server = kind is EngineKind.POSTGRESQL
        outcome = asyncio.run(
            kill.run(
                Path(folder),
                kills=KILLS_A_ROUND,
                residents=4,
                reminders=300,
                seed=seed,
                database=database.url if on_server else "",
                workers=2 if on_server else 1,
            )
        )
        database.drop()
    print(  # noqa: T201  progress of a long run
        f"{kind.value}, round {seed + 1} of {ROUNDS}: {_row(outcome)}", flush=True
    )
    return outcome


def _raced() -> dict[str, races.Count]:
    with TemporaryDirectory() as folder:
        database = Database(EngineKind.POSTGRESQL, Path(folder))
        counts = asyncio.run(races.run(Path(folder), database, rounds=RACES, seed=0))
        database.drop()
    for name, count in counts.items():
        print(f"{name}: {_race(count)}", flush=True)  # noqa: T201  progress of a long run
    return counts


def _race(count: races.Count) -> str:
    return f"{count.rounds} rounds, {len(count.wrong)} wrong"


def _row(outcome: kill.Outcome) -> str:
    return (
        f"{outcome.kills} kills, {len(outcome.confirmed)} reports confirmed, "
        f"{outcome.lost_reports} lost, {outcome.doubled_reports} doubled; "
        f"{outcome.reminders} reminders, {outcome.lost_reminders} lost, "
        f"{outcome.doubled_reminders} said twice"
    )


def _played(count: journeys.Count) -> str:
    found = "".join(f"; wrong: {name}" for name in count.wrong)
    left_out = f", {count.left_out} left out" if count.left_out else ""
    return f"{count.played} played, {len(count.wrong)} wrong{left_out}{found}"


def _page(
    sections: dict[str, list[kill.Outcome]],
    raced: dict[str, races.Count],
    played: dict[str, journeys.Count],
) -> str:
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
    ]
    for title, outcomes in sections.items():
        lines += [f"## {title}", "", *(f"- {_row(outcome)}" for outcome in outcomes), ""]
    if raced:
        lines += ["## Two workers asked for the same at once", ""]
        lines += [f"- {name}: {_race(count)}" for name, count in raced.items()] + [""]
    lines += ["## Every journey, on every channel and both engines", ""]
    lines += [f"- {name}: {_played(count)}" for name, count in played.items()] + [""]
    return "\n".join(lines)


if __name__ == "__main__":
    sys.exit(main())
