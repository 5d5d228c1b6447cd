"""Every word that is stored in the database; changing one needs a migration."""

from enum import StrEnum


class Kept(StrEnum):
    """How long a column's content is kept."""

    DEDUPE = "7 days"
    TALK = "30 days"
    UNTIL_ERASED = "until erased"
    RECORD = "as long as the record"


class RoleWord(StrEnum):
    """What somebody may do for the street; granted by staff, never claimed from chat."""

    ADMIN = "admin"
    STREET = "street"
    DEPARTMENT = "department"
    SECRETARY = "secretary"
    GRID = "grid"
    CAPTAIN = "captain"
    PROPERTY = "property"
    LAWYER = "lawyer"
    MEDIATOR = "mediator"
    MERCHANT = "merchant"
    COORDINATOR = "coordinator"


class ScopeKind(StrEnum):
    """Which part of the street a role covers."""

    STREET = "street"
    COMMUNITY = "community"
    ESTATE = "estate"
    TEAM = "team"


class GroupKind(StrEnum):
    """What a chat group is for."""

    RESIDENTS = "residents"
    COMMUNITY_STAFF = "community_staff"
    STREET_STAFF = "street_staff"


class CodePurpose(StrEnum):
    """What a one-time code does for whoever uses it."""

    FIRST_ADMIN = "first_admin"
    BIND_PERSON = "bind_person"
    BIND_GROUP = "bind_group"
    CONTINUE = "continue"
    BIND_ADDRESS = "bind_address"
    """Shown to somebody on one channel, used by them on another."""
    ADMIN_LINK = "admin_link"
    ADMIN_SESSION = "admin_session"


class NoticeState(StrEnum):
    """Where a notice stands in the outbox."""

    PENDING = "pending"
    CLAIMED = "claimed"
    DELIVERED = "delivered"
    FAILED = "failed"
    WITHDRAWN = "withdrawn"
    EXPIRED = "expired"
    VISIT = "visit"
    """Somebody has to go there: it stands on the list of people to visit."""
    STOPPED = "stopped"
    """The person does not want to hear of this."""


class StepOutcome(StrEnum):
    """Why a notice had to go on from one way of reaching a person to the next."""

    REFUSED = "refused"
    USED_UP = "used_up"
    LATER = "later"
    KEPT = "kept"


class Interest(StrEnum):
    """What a person may say they do not want to hear of."""

    TICKETS = "tickets"
    SHIFTS = "shifts"
    POINTS = "points"
    DRAFTS = "drafts"
    ANSWERS = "answers"


class BindWay(StrEnum):
    """How somebody showed that an address is theirs."""

    PAPER = "paper"
    OWN = "own"
    """By a code shown on a channel they were known on."""
    UNBOUND = "unbound"
    """It is nobody's any more."""


class VisitState(StrEnum):
    """How a visit that was asked for ended."""

    OPEN = "open"
    VISITED = "visited"
    CAME_BACK = "came_back"
    """The person wrote again before anybody went."""


class WordsKind(StrEnum):
    """What a piece of somebody's own words belongs to."""

    REPORT = "report"
    CONTACT = "contact"
    PLACE = "place"
    TICKET_EVENT = "ticket_event"
    HANDOVER = "handover"
    QUESTION = "question"
    REASON = "reason"
    EMERGENCY = "emergency"


class TicketState(StrEnum):
    """Where a ticket stands; computed from its events."""

    NEW = "new"
    TRIAGE = "triage"
    ACTIVE = "active"
    RESOLVED = "resolved"
    CLOSED = "closed"
    WITHDRAWN = "withdrawn"


class TicketLevel(StrEnum):
    """The rung of the ladder that is responsible."""

    ESTATE = "estate"
    COMMUNITY = "community"
    STREET = "street"
    DISTRICT = "district"


class TicketEventKind(StrEnum):
    """One thing that happened to a ticket."""

    OPENED = "opened"
    ACCEPTED = "accepted"
    RESOLVED = "resolved"
    RETURNED = "returned"
    ESCALATED = "escalated"
    CONFIRMED = "confirmed"
    REOPENED = "reopened"
    RATED = "rated"
    WITHDRAWN = "withdrawn"
    CLOSED = "closed"
    COMMENTED = "commented"


class AccountKind(StrEnum):
    """Whose points an account holds."""

    RESIDENT = "resident"
    ISSUER = "issuer"
    DEBT = "debt"
    MERCHANT = "merchant"


class TransferKind(StrEnum):
    """Why points moved."""

    AWARD = "award"
    OPENING = "opening"
    REDEMPTION = "redemption"
    REVERSAL = "reversal"
    EXPIRY = "expiry"
    MERGE = "merge"
    """Two people turned out to be one."""


class HoldState(StrEnum):
    """Whether reserved points were spent."""

    OPEN = "open"
    COMMITTED = "committed"
    VOIDED = "voided"
    EXPIRED = "expired"


class SignUpState(StrEnum):
    """Whether a volunteer is still on a shift."""

    JOINED = "joined"
    CANCELLED = "cancelled"


class HandoverState(StrEnum):
    """Whether a person has taken over a talk."""

    WAITING = "waiting"
    OWNED = "owned"
    CLOSED = "closed"


class Thumb(StrEnum):
    """What a resident thought of an answer."""

    UP = "up"
    DOWN = "down"
