"""Runs the measurements: `python -m benchmarks [CASE …]`; every figure beside its yardstick."""

import asyncio
import platform
import sys
from collections.abc import Callable, Coroutine

from benchmarks import (
    evaluation,
    faq,
    history,
    pipeline,
    reminders,
    sending,
    startup,
    store,
    store_postgres,
    wechat,
)

CASES: dict[str, Callable[[], Coroutine[None, None, None]]] = {
    "store": store.main,
    "store-postgres": store_postgres.main,
    "faq": faq.main,
    "evaluation": evaluation.main,
    "pipeline": pipeline.main,
    "history": history.main,
    "reminders": reminders.main,
    "sending": sending.main,
    "startup": startup.main,
    "wechat": wechat.main,
}


def main() -> int:
    """Run the named cases, or all."""
    wanted = sys.argv[1:] or list(CASES)
    unknown = [name for name in wanted if name not in CASES]
    if unknown:
        print(f"no such case: {', '.join(unknown)}; there are {', '.join(CASES)}", file=sys.stderr)
        return 2
    print(f"{platform.python_implementation()} {platform.python_version()}, {platform.machine()}")
    for name in wanted:
        print(f"\n## {name}")
        asyncio.run(CASES[name]())
    return 0


if __name__ == "__main__":
    sys.exit(main())
