"""The official Bot API as data: which parameters and fields exist, and of which type.

The file is optional. It is looked for in $XIAOER_BOT_API, then as
`shared/telegram/bot-api.min.json` beside any folder above this one. Without it nothing is checked,
and `Spec.note` says so.
"""

import functools
import json
import os
import re
from dataclasses import dataclass, field
from pathlib import Path

from tests.peers.telegram.shapes import Json, Object, as_list, as_object

WHOLE_NUMBER = re.compile(r"-?\d+")
ARRAY = "Array of "
NEWER_THAN_FILE = frozenset({"can_send_welcome_messages"})
"""Fields later than Bot API 10.1, which aiogram (10.3) demands."""


@dataclass(frozen=True, slots=True)
class Field:
    """A parameter of a method or a field of a type."""

    types: tuple[str, ...]
    required: bool


@dataclass(frozen=True, slots=True)
class Spec:
    """Parameters of methods, fields of types, members of unions."""

    note: str
    methods: dict[str, dict[str, Field]] = field(default_factory=dict)
    returns: dict[str, tuple[str, ...]] = field(default_factory=dict)
    types: dict[str, dict[str, Field]] = field(default_factory=dict)
    unions: dict[str, tuple[str, ...]] = field(default_factory=dict)

    @property
    def is_loaded(self) -> bool:
        """Whether anything is checked at all."""
        return bool(self.methods)

    def decode(self, method: str, name: str, text: str) -> Json:
        """Return a parameter that arrived as text (a form, a query) as the JSON it stands for."""
        known = self.methods.get(method, {}).get(name)
        types = known.types if known else _guess(name, text)
        if "Integer" in types and WHOLE_NUMBER.fullmatch(text):
            return int(text)
        if "Float" in types:
            return _number(text)
        if "Boolean" in types and text.lower() in {"true", "false"}:
            return text.lower() == "true"
        if "String" in types or text[:1] not in {"{", "["}:
            return text
        return _parsed(text)

    def check_params(self, method: str, params: Object, uploads: set[str]) -> list[str]:
        """Return what is wrong with the parameters of a call, in words; `uploads` came as files."""
        if method not in self.methods:
            return []
        known = self.methods[method]
        attached = {f"attach://{name}" for name in uploads}
        used = {name for name in uploads if f"attach://{name}" in json.dumps(params)}
        given = params.keys() | (uploads - used)
        faults = [f"{method}: unknown parameter {name}" for name in sorted(given - known.keys())]
        faults += [
            f"{method}: required parameter {name} is missing"
            for name, about in known.items()
            if about.required and name not in given
        ]
        for name in sorted(params.keys() & known.keys()):
            value = params[name]
            if not (isinstance(value, str) and value in attached):
                faults += self.check(known[name].types, value, f"{method}.{name}")
        return list(dict.fromkeys(faults))

    def check_result(self, method: str, result: Json) -> list[str]:
        """Return what is wrong with an answer of the peer itself."""
        types = self.returns.get(method)
        return self.check(types, result, f"result of {method}") if types else []

    def check(self, types: tuple[str, ...], value: Json, where: str) -> list[str]:
        """Return why `value` is none of `types`: the complaints of the closest one."""
        if not self.is_loaded:
            return []
        complaints = [self._check_one(name, value, where) for name in types]
        return min(complaints, key=len, default=[])

    def _check_one(self, name: str, value: Json, where: str) -> list[str]:
        if name.startswith(ARRAY):
            if not isinstance(value, list):
                return _mismatch(name, value, where)
            inner = (name.removeprefix(ARRAY),)
            return [
                fault
                for place, item in enumerate(value)
                for fault in self.check(inner, item, f"{where}[{place}]")
            ]
        plain = _check_plain(name, value)
        if plain is not None:
            return [] if plain else _mismatch(name, value, where)
        if name in self.unions:
            return self.check(self.unions[name], value, where)
        return self._check_object(name, value, where)

    def _check_object(self, name: str, value: Json, where: str) -> list[str]:
        known = self.types.get(name, {})
        if not isinstance(value, dict):
            # Types without fields (InputFile, RichText) may have forms that the data do not list.
            return _mismatch(name, value, where) * 2 if known else []
        faults = [
            f"{where}: {name} has no field {key}"
            for key in sorted(value.keys() - known.keys() - NEWER_THAN_FILE)
        ]
        for key, about in known.items():
            if key in value:
                faults += self.check(about.types, value[key], f"{where}.{key}")
            elif about.required:
                faults.append(f"{where}: {name} needs {key}")
        return faults


@functools.cache
def load() -> Spec:
    """Return the official API when its file is at hand, else a Spec that knows nothing."""
    path = find_file()
    if path is None:
        return Spec(note="no bot-api.min.json found: parameters are not checked")
    raw = as_object(json.loads(path.read_text(encoding="utf-8")))
    methods, types = as_object(raw["methods"]), as_object(raw["types"])
    return Spec(
        note=f"{raw['version']} from {path}",
        methods={name: _fields(as_object(entry)) for name, entry in methods.items()},
        returns={name: _texts(as_object(entry).get("returns")) for name, entry in methods.items()},
        types={name: _fields(as_object(entry)) for name, entry in types.items()},
        unions={
            name: _texts(as_object(entry)["subtypes"])
            for name, entry in types.items()
            if "subtypes" in as_object(entry)
        },
    )


def find_file() -> Path | None:
    """Return where the official API lies as data, or None."""
    named = os.environ.get("XIAOER_BOT_API")
    if named:
        return Path(named)
    beside = (folder / "shared/telegram/bot-api.min.json" for folder in Path(__file__).parents)
    return next((path for path in beside if path.is_file()), None)


def _fields(entry: Object) -> dict[str, Field]:
    rows = [as_object(row) for row in as_list(entry.get("fields", []))]
    return {
        str(row["name"]): Field(_texts(row["types"]), required=row["required"] is True)
        for row in rows
    }


def _texts(value: Json) -> tuple[str, ...]:
    return tuple(str(item) for item in as_list(value or []))


def _guess(name: str, text: str) -> tuple[str, ...]:
    if name in {
        "chat_id",
        "user_id",
        "message_id",
        "message_thread_id",
        "offset",
        "limit",
        "timeout",
    }:
        return ("Integer",)
    return ("Object",) if text[:1] in {"{", "["} else ("String",)


def _number(text: str) -> Json:
    try:
        return float(text)
    except ValueError:
        return text


def _parsed(text: str) -> Json:
    try:
        value: Json = json.loads(text)
    except ValueError:
        return text
    return value


def _check_plain(name: str, value: Json) -> bool | None:
    """Return whether `value` is of this plain type; None when the type is not a plain one."""
    match name:
        case "Integer":
            return isinstance(value, int) and not isinstance(value, bool)
        case "Float":
            return isinstance(value, int | float) and not isinstance(value, bool)
        case "String":
            return isinstance(value, str)
        case "Boolean":
            return isinstance(value, bool)
        case _:
            return None


def _mismatch(name: str, value: Json, where: str) -> list[str]:
    return [f"{where}: {json.dumps(value, ensure_ascii=False)[:80]} is not {name}"]
