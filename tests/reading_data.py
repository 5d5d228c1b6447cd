"""Reads the sentences the tests of the language understanding stand on."""

from pathlib import Path

import msgspec

DATA = Path(__file__).parent / "data"


class Emergencies(msgspec.Struct, frozen=True):
    """Sentences by kind of danger, calm ones, and those known to be read wrongly."""

    alarms: dict[str, list[str]]
    calm: list[str]
    oblique_alarms: list[str]
    near_misses: list[str]


def emergencies() -> Emergencies:
    """Return the sentences about dangers."""
    return msgspec.json.decode((DATA / "emergencies.json").read_bytes(), type=Emergencies)


def intents() -> dict[str, list[str]]:
    """Return sentences by intent that no model was trained on."""
    decode = msgspec.json.Decoder(dict[str, list[str]]).decode
    return decode((DATA / "intents_heldout.json").read_bytes())
