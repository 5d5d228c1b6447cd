"""The parameters of one call, read as Telegram reads them: kindly, with a 400 for nonsense."""

from dataclasses import dataclass, field

from tests.peers.telegram.rules import refuse
from tests.peers.telegram.shapes import Json, Object
from tests.peers.telegram.transcript import Upload


@dataclass(frozen=True, slots=True)
class Params:
    """Decoded values and the files that came along."""

    values: Object
    files: dict[str, Upload] = field(default_factory=dict)

    def text(self, name: str, default: str = "") -> str:
        """Return a string; a number is taken as its digits."""
        value = self.values.get(name, default)
        if isinstance(value, bool | list | dict) or value is None:
            return default
        return str(value)

    def number(self, name: str, default: int = 0) -> int:
        """Return a whole number."""
        value = self.values.get(name, default)
        try:
            return int(value) if isinstance(value, int | str) else default
        except ValueError:
            return default

    def decimal(self, name: str) -> float | None:
        """Return a number; None when there is none."""
        try:
            return float(self.text(name))
        except ValueError:
            return None

    def flag(self, name: str) -> bool:
        """Return a Boolean; absent means False."""
        return self.text(name).lower() in {"true", "1"} or self.values.get(name) is True

    def object(self, name: str) -> Object | None:
        """Return a JSON object, None when absent; refuses anything else."""
        value = self.values.get(name)
        if value is None or value == "":
            return None
        if not isinstance(value, dict):
            refuse(f"can't parse {name}: object expected as {name}")
        return value

    def array(self, name: str) -> list[Json] | None:
        """Return a JSON array, None when absent; refuses anything else."""
        value = self.values.get(name)
        if value is None or value == "":
            return None
        if not isinstance(value, list):
            refuse(f"can't parse {name}: expected an Array")
        return value

    def upload(self, name: str) -> Upload | None:
        """Return a file sent under this name, or attached to it by `attach://`."""
        given = self.text(name)
        if given.startswith("attach://"):
            return self.files.get(given.removeprefix("attach://"))
        return self.files.get(name)
