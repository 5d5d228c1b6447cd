"""Which part of the street a role reaches: one rule for every subject."""

from collections.abc import Collection

from storage.words import RoleWord, ScopeKind

Held = list[tuple[RoleWord, ScopeKind, int]]
"""The roles somebody holds, each with its part of the street."""


def reaches(
    kind: ScopeKind,
    scope_id: int,
    community_id: int | None,
    estate_id: int | None,
    *,
    unknown: Collection[ScopeKind] = (),
) -> bool:
    """Return whether a scope contains what lies in this community and estate.

    Scopes of the kinds in `unknown` also reach whoever has not said where they live.
    """
    match kind:
        case ScopeKind.STREET:
            return True
        case ScopeKind.COMMUNITY:
            there = community_id
        case ScopeKind.ESTATE:
            there = estate_id
        case ScopeKind.TEAM:
            return False
    return there == scope_id or (there is None and kind in unknown)
