"""Which part of the street somebody means: an estate, a community, or all of it."""

from collections.abc import Sequence
from dataclasses import dataclass

from handlers.context import Context
from handlers.directory import texts
from knowledge.guide import best_named
from storage.directory import Place


@dataclass(frozen=True, slots=True)
class Where:
    """A part of the street; all of it where neither id is known."""

    name: str
    estate_id: int | None = None
    community_id: int | None = None


def named_in(text: str, context: Context) -> Where | None:
    """Return the estate or the community that the text names, or None."""
    estates = context.tx.directory.estates()
    estate = _only(text, estates, [[e.name, texts.ESTATE_TAIL.sub("", e.name)] for e in estates])
    if estate is not None:
        return Where(estate.name, estate.id, estate.community_id)
    communities = context.tx.directory.communities()
    community = _only(text, communities, [[f"{c.name}{texts.COMMUNITY_TAIL}"] for c in communities])
    return None if community is None else _of_community(community)


def meant_by_staff(text: str, context: Context) -> Where | None:
    """Return what `named_in` does; staff may also mean the whole street."""
    if any(word in text for word in (context.street.name, *texts.WHOLE_STREET)):
        return Where(context.street.name)
    return named_in(text, context)


def own(context: Context) -> Where | None:
    """Return the sender's estate or community; in a group that of the group, which all may know."""
    directory = context.tx.directory
    if context.group is not None:
        community = directory.community(context.group.community_id)
        return None if community is None else _of_community(community)
    estate = directory.estate(context.resident.estate_id)
    if estate is not None:
        return Where(estate.name, estate.id, estate.community_id)
    community = directory.community(context.resident.community_id)
    return None if community is None else _of_community(community)


def _of_community(community: Place) -> Where:
    return Where(f"{community.name}{texts.COMMUNITY_TAIL}", None, community.id)


def _only(text: str, places: Sequence[Place], names: Sequence[Sequence[str]]) -> Place | None:
    found = best_named(text, names)
    return places[found[0]] if len(found) == 1 else None
