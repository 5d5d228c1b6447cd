"""Tells people apart who have the same name: by where they live."""

from bot.importing import texts
from bot.importing.values import CellMistake
from storage.imported import KnownPerson


class People:
    """Everybody known so far, found by `name` or `name@estate/building/unit`."""

    def __init__(self, known: list[KnownPerson], estates: dict[int, str]) -> None:
        self._estates = estates
        self._by_name: dict[str, list[KnownPerson]] = {}
        for person in known:
            self.add(person)

    def add(self, person: KnownPerson) -> None:
        """Note one more person."""
        self._by_name.setdefault(person.name, []).append(person)

    def same(self, wanted: KnownPerson) -> KnownPerson | None:
        """Return the person who lives in the same place under the same name; ids do not count."""
        return next(
            (p for p in self._by_name.get(wanted.name, []) if _place(p) == _place(wanted)), None
        )

    def find(self, reference: str) -> KnownPerson | None:
        """Return who is meant, None when nobody is; raises CellMistake when several are."""
        name, _, place = reference.partition("@")
        named = self._by_name.get(name.strip(), [])
        parts = [part.strip() for part in place.split("/") if part.strip()]
        found = [person for person in named if self._lives_at(person)[: len(parts)] == parts]
        if len(found) > 1:
            raise CellMistake(texts.SEVERAL.format(count=len(found), name=name.strip()))
        return found[0] if found else None

    def _lives_at(self, person: KnownPerson) -> list[str]:
        estate = self._estates.get(person.estate_id or 0, "")
        return [estate, person.building or "", person.unit or "", person.room or ""]


def _place(person: KnownPerson) -> tuple[object, ...]:
    return (person.community_id, person.estate_id, person.building, person.unit, person.room)
