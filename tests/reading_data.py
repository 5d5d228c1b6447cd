"""Reads the sentences the tests of the language understanding stand on."""

from pathlib import Path

import msgspec

DATA = Path(__file__).parent / "data"


class Emergencies(msgspec.Struct, frozen=True):
    """Sentences by kind of danger, and calm ones; `near_misses` are known to raise an alarm."""

    alarms: dict[str, list[str]]
    calm: list[str]
    near_misses: list[str] = []


def emergencies() -> Emergencies:
    """Return the sentences about dangers."""
    return msgspec.json.decode((DATA / "emergencies.json").read_bytes(), type=Emergencies)


def emergencies_apart() -> Emergencies:
    """Return sentences about dangers that nothing was written or trained from."""
    return msgspec.json.decode((DATA / "alarms_apart.json").read_bytes(), type=Emergencies)


def intents() -> dict[str, list[str]]:
    """Return sentences by intent that no model was trained on."""
    decode = msgspec.json.Decoder(dict[str, list[str]]).decode
    return decode((DATA / "intents_heldout.json").read_bytes())
