"""Staff hand out codes, and give and take roles within their part of the street."""

from handlers import notify
from handlers.context import Context
from handlers.message import Message, Reply, Scene
from handlers.refusal import Refusal, Why
from handlers.residents import rules, texts
from handlers.scope import Held
from storage.residents import Resident
from storage.words import CodePurpose, RoleWord, ScopeKind


def make_code(message: Message, context: Context) -> list[Reply]:
    """Make a code that binds a person, or a group, by its name."""
    if not context.roles():
        raise Refusal(Why.NOT_ALLOWED)
    name = context.words.get("who") or context.words.get("who2") or ""
    group = next((g for g in context.tx.directory.groups() if g.name == name), None)
    code = rules.new_code(context.tx.luck)
    hours = int(rules.CODE_WORKS_FOR.total_seconds() // 3600)
    expires_at = context.now + rules.CODE_WORKS_FOR
    if group is not None:
        rules.check_may_make_code(roles_held(context), group.community_id, None)
        context.tx.codes.make(
            code,
            CodePurpose.BIND_GROUP,
            expires_at,
            subject_id=group.id,
            made_by=context.resident.id,
        )
        return [Reply(texts.group_code_made(group.name, code, hours))]
    person = person_named(name, context)
    rules.check_may_make_code(roles_held(context), person.community_id, person.estate_id)
    if person.id != context.resident.id:
        rules.check_may_speak_for(roles_held(context), roles_of(person, context))
    context.tx.codes.make(
        code,
        CodePurpose.BIND_PERSON,
        expires_at,
        subject_id=person.id,
        made_by=context.resident.id,
    )
    made = texts.code_made(person.name or "", code, hours)
    return [Reply(made, scene=Scene(code, expires_at))]


def grant(message: Message, context: Context) -> list[Reply]:
    """Give somebody a role for a community, an estate or the whole street."""
    if not context.roles():
        raise Refusal(Why.NOT_ALLOWED)
    person = person_named(context.words["who"], context)
    role = texts.ROLES_BY_NAME.get(context.words["role"])
    if role is None:
        return [Reply(texts.NO_ROLE)]
    scope = _scope(context.words.get("scope"), role, person, context)
    if scope is None:
        return [Reply(texts.NO_SCOPE)]
    kind, scope_id, scope_name, community_id, estate_id = scope
    rules.check_may_grant(roles_held(context), role, community_id, estate_id)
    if (role, kind, scope_id) in roles_of(person, context):
        return [Reply(texts.granted(person.name or "", texts.ROLE_NAMES[role], scope_name))]
    context.tx.residents.grant(person.id, role, kind, scope_id, granted_by=context.resident.id)
    notify.tell_resident(
        context.tx,
        person.id,
        key=f"role:{context.message_key}",
        text=texts.told_granted(texts.ROLE_NAMES[role], scope_name),
        topic="roles",
    )
    return [Reply(texts.granted(person.name or "", texts.ROLE_NAMES[role], scope_name))]


def revoke(message: Message, context: Context) -> list[Reply]:
    """Take a role from somebody."""
    if not context.roles():
        raise Refusal(Why.NOT_ALLOWED)
    role = texts.ROLES_BY_NAME.get(context.words["role"])
    if role is None:
        return [Reply(texts.NO_ROLE)]
    person = person_named(context.words["who"], context)
    name, label = person.name or "", texts.ROLE_NAMES[role]
    held = [r for r in context.tx.residents.roles(person.id) if r.role is role]
    for one in held:
        community_id = one.scope_id if one.scope_kind is ScopeKind.COMMUNITY else None
        estate_id = one.scope_id if one.scope_kind is ScopeKind.ESTATE else None
        estate = context.tx.directory.estate(estate_id)
        community_id = estate.community_id if estate else community_id
        rules.check_may_grant(roles_held(context), role, community_id, estate_id)
    ended = context.tx.residents.end_role(person.id, role) if held else 0
    return [Reply(texts.revoked(name, label) if ended else texts.not_held(name, label))]


def admin_page(message: Message, context: Context) -> list[Reply]:
    """Give an administrator a one-time link to the page that shows how everything is."""
    if all(role.role is not RoleWord.ADMIN for role in context.roles()):
        return [Reply(texts.ADMIN_ONLY)]
    key = f"{context.tx.luck.getrandbits(96):024x}"
    context.tx.codes.make(
        key,
        CodePurpose.ADMIN_LINK,
        context.now + rules.ADMIN_LINK_WORKS_FOR,
        subject_id=context.resident.id,
        made_by=context.resident.id,
    )
    minutes = int(rules.ADMIN_LINK_WORKS_FOR.total_seconds() // 60)
    return [Reply(texts.admin_link(f"{context.street.page_url}/admin?key={key}", minutes))]


def roles_held(context: Context) -> Held:
    """Return what the sender may do, and where."""
    return roles_of(context.resident, context)


def roles_of(person: Resident, context: Context) -> Held:
    """Return what somebody may do, and where."""
    found = context.tx.residents.roles(person.id)
    return [(role.role, role.scope_kind, role.scope_id) for role in found]


def person_named(name: str, context: Context) -> Resident:
    """Return the only person of this name; raises Refusal."""
    found = context.tx.residents.named(name)
    if not found:
        raise Refusal(Why.NO_SUCH_PERSON, name=name)
    if len(found) > 1:
        raise Refusal(Why.SEVERAL_PERSONS, name=name, count=len(found))
    return found[0]


_Scope = tuple[ScopeKind, int, str, int | None, int | None]


def _scope(name: str | None, role: RoleWord, person: Resident, context: Context) -> _Scope | None:
    """Return the part of the street a role is for: the one named, or where the person lives."""
    directory = context.tx.directory
    street_wide = {RoleWord.ADMIN, RoleWord.STREET, RoleWord.DEPARTMENT}
    if role in street_wide or (name and name in {texts.STREET, context.street.name}):
        return ScopeKind.STREET, 0, context.street.name, None, None
    estate_role = role in {RoleWord.CAPTAIN, RoleWord.PROPERTY}
    for estate in directory.estates():
        if name == estate.name or (not name and estate_role and estate.id == person.estate_id):
            return ScopeKind.ESTATE, estate.id, estate.name, estate.community_id, estate.id
    for community in directory.communities():
        if name in {community.name, f"{community.name}{texts.COMMUNITY}"} or (
            not name and not estate_role and community.id == person.community_id
        ):
            return ScopeKind.COMMUNITY, community.id, community.name, community.id, None
    return None
