"""A second opinion on requests and updates, by aiogram's strict models of every method and type.

Runs in .venv-peers, as a process (`python -m tests.peers.telegram.aiogram_check`): reads JSON lines
`{"method": …, "params": …}` or `{"type": …, "object": …}`, answers each with a line
`{"ok": …, "errors": […]}`. A line `{"scenario": [root_url, token, stranger_id, flooded_id]}` plays
aiogram_scenario.py (importing aiogram takes seconds: one process does both) and answers
`{"ok": true, "seen": {…}}`.
"""

import asyncio
import json
import sys
from collections.abc import Iterator
from typing import Any

from aiogram import methods, types
from pydantic import BaseModel, ValidationError

from tests.peers.telegram.aiogram_scenario import play


def unknown_fields(value: object, where: str) -> Iterator[str]:
    """Yield every field that a model took in without knowing it; models hide them at any depth."""
    if isinstance(value, BaseModel):
        for name in value.model_extra or {}:
            yield f"{where}: {type(value).__name__} has no field {name}"
        for name in type(value).model_fields:
            yield from unknown_fields(getattr(value, name), f"{where}.{name}")
    elif isinstance(value, list | tuple):
        for place, item in enumerate(value):
            yield from unknown_fields(item, f"{where}[{place}]")


def complaints(asked: dict[str, Any]) -> list[str]:
    """Return what is wrong with a request or object."""
    if "method" in asked:
        where, content = asked["method"], asked["params"]
        model = getattr(methods, where[:1].upper() + where[1:], None)
    else:
        where, content = asked["type"], asked["object"]
        model = getattr(types, where, None)
    if model is None:
        return [f"{where}: unknown to aiogram"]
    try:
        return list(unknown_fields(model.model_validate(content), where))
    except ValidationError as error:
        return [
            f"{where}.{'.'.join(map(str, fault['loc']))}: {fault['msg']}"
            for fault in error.errors()
        ]


def main() -> None:
    """Answer line by line until the input ends."""
    for line in sys.stdin:
        asked = json.loads(line)
        answer: dict[str, object] = {"ok": True}
        if "scenario" in asked:
            answer["seen"] = asyncio.run(play(*asked["scenario"]))
        else:
            answer["errors"] = complaints(asked)
            answer["ok"] = not answer["errors"]
        sys.stdout.write(json.dumps(answer) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
