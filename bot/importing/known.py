"""The names an import may refer to: those in the database and those of earlier rows."""

from dataclasses import replace
from typing import NoReturn

from bot.importing import texts
from bot.importing.people import People
from bot.importing.reading import Row
from bot.importing.values import CellMistake
from storage.imported import Imported, KnownPerson
from storage.transaction import Transaction


class RowMistake(Exception):
    """A row cannot be imported."""

    def __init__(self, why: str, column: str | None) -> None:
        super().__init__(why)
        self.column = column
        self.why = why


class Spoiled(Exception):
    """A row refers to one that has a mistake of its own: there is nothing more to say about it."""


class Known:
    """Names to ids; `note_*` adds what a row brought."""

    def __init__(self, tx: Transaction, spoiled: dict[str, set[str]]) -> None:
        there = Imported(tx)
        places = tx.directory.estates()
        self.communities = {place.name: place.id for place in tx.directory.communities()}
        self.estates = {place.name: place.id for place in places}
        self.teams = there.teams()
        self.groups = {group.name: group.id for group in tx.directory.groups()}
        self.buildings = there.buildings()
        self._home_of = {place.id: place.community_id for place in places}
        self._estate_names = {place.id: place.name for place in places}
        self._people = People(there.people(), self._estate_names)
        self._spoiled = {table: set(names) for table, names in spoiled.items()}

    def note_estate(self, name: str, estate_id: int, community_id: int) -> None:
        """Add an estate."""
        self.estates[name] = estate_id
        self._home_of[estate_id] = community_id
        self._estate_names[estate_id] = name

    def note_person(self, person: KnownPerson) -> None:
        """Add a person."""
        self._people.add(person)

    def note_spoiled(self, table: str, row: Row) -> None:
        """Remember that this row failed, so that what refers to it does not count as wrong."""
        names = {value for value in row.values.values() if isinstance(value, str)}
        self._spoiled.setdefault(table, set()).update(names)

    def community(self, row: Row) -> int | None:
        """Return the community the row names, or None when it names none."""
        return self._named(row, "community", "communities", self.communities)

    def estate(self, row: Row) -> int | None:
        """Return the estate the row names, or None when it names none."""
        return self._named(row, "estate", "estates", self.estates)

    def team(self, row: Row) -> int:
        """Return the team the row names."""
        found = self._named(row, "team", "teams", self.teams)
        assert found is not None
        return found

    def group(self, row: Row) -> int:
        """Return the chat group the row names."""
        found = self._named(row, "group", "groups", self.groups)
        assert found is not None
        return found

    def person(self, row: Row) -> int:
        """Return the person the row names."""
        reference = row.text("person")
        try:
            found = self._people.find(reference)
        except CellMistake as mistake:
            raise RowMistake(str(mistake), "person") from None
        if found is None:
            self._missing("person", "people", reference.partition("@")[0].strip())
        return found.id

    def same_person(self, wanted: KnownPerson) -> KnownPerson | None:
        """Return the same person if they are known already."""
        return self._people.same(wanted)

    def home(self, row: Row) -> KnownPerson:
        """Return the person of a row of `people`, with id 0."""
        community_id, estate_id = self.community(row), self.estate(row)
        person = KnownPerson(
            0,
            row.text("name"),
            community_id,
            estate_id,
            row.maybe("building"),
            row.maybe("unit"),
            row.maybe("room"),
        )
        if estate_id is None:
            if person.building is not None:
                raise RowMistake(texts.BUILDING_WITHOUT_ESTATE, "estate")
            return person
        home = self._home_of[estate_id]
        if community_id not in {None, home}:
            names = {number: name for name, number in self.communities.items()}
            why = texts.OTHER_COMMUNITY.format(
                estate=self._estate_names[estate_id], community=names[home]
            )
            raise RowMistake(why, "community")
        self._check_building(person, estate_id)
        return replace(person, community_id=home)

    def home_of(self, estate_id: int) -> int:
        """Return the community an estate lies in."""
        return self._home_of[estate_id]

    def scope(self, name: str, table: str) -> int:
        """Return the place or team a role is for; it stands in the column `scope`."""
        tables = {"communities": self.communities, "estates": self.estates, "teams": self.teams}
        found = tables[table].get(name)
        if found is None:
            self._missing("scope", table, name)
        return found

    def _check_building(self, person: KnownPerson, estate_id: int) -> None:
        listed = {name for estate, name in self.buildings if estate == estate_id}
        listed |= self._spoiled.get("buildings", set()) if listed else set()
        if person.building is None or not listed or person.building in listed:
            return
        why = texts.NO_BUILDING.format(
            estate=self._estate_names[estate_id], building=person.building
        )
        raise RowMistake(why, "building")

    def _named(self, row: Row, column: str, table: str, ids: dict[str, int]) -> int | None:
        name = row.maybe(column)
        if name is None:
            return None
        if name not in ids:
            self._missing(column, table, name)
        return ids[name]

    def _missing(self, column: str, table: str, name: str) -> NoReturn:
        if name in self._spoiled.get(table, ()):
            raise Spoiled
        raise RowMistake(texts.NO_SUCH.format(what=texts.TABLES[table], name=name), column)
