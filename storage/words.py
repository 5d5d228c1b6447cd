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
    UNSURE = "unsure"
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
    ANSWER = "answer"
    PHRASING = "phrasing"
    TITLE = "title"
    EMERGENCY = "emergency"


class UtilityWord(StrEnum):
    """What comes through a pipe or a wire, and may be cut off."""

    WATER = "water"
    POWER = "power"
    GAS = "gas"


class OfficeDays(StrEnum):
    """The days on which an office is open."""

    WORKDAYS = "workdays"
    """Not on holidays, but on the weekends that make up for them."""
    MON_TO_SAT = "mon_to_sat"
    EVERY_DAY = "every_day"


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
    UNDONE = "undone"
    """Staff took back their last step: a slip."""
    NOTED = "noted"
    """Staff say how far it is; the reporter hears it."""
    NOTE_UNDONE = "note_undone"
    """Staff took back what they had said last."""


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


class EntryEventKind(StrEnum):
    """One thing that happened to a legal answer."""

    SHIPPED = "shipped"
    FROZEN = "frozen"
    THAWED = "thawed"
    SIGNED = "signed"


class FrozenWhy(StrEnum):
    """Why an answer is not given."""

    LAW_CHANGED = "law_changed"
    HELD_BACK = "held_back"


class Thumb(StrEnum):
    """What a resident thought of an answer."""

    UP = "up"
    DOWN = "down"


class QuestionKind(StrEnum):
    """Why a question is kept."""

    DECLINE = "decline"
    OFFER = "offer"
    """Candidates were offered and none was chosen yet."""
    HANDOVER = "handover"
    NONE_FITS = "none_fits"
    THUMB_DOWN = "thumb_down"
    THUMB_UP = "thumb_up"
    """Answered well: asked again before anything changes."""


class ClusterState(StrEnum):
    """What became of questions that ask the same."""

    OPEN = "open"
    PROPOSED = "proposed"
    """A phrasing is being decided on."""
    TELLING = "telling"
    """Its phrasing is published; whoever asked is being told."""
    LEARNED = "learned"
    ANSWERED = "answered"
    """By a member of staff, in their own words."""
    DISMISSED = "dismissed"


class PhrasingState(StrEnum):
    """Where a new phrasing of an entry stands."""

    PROPOSED = "proposed"
    APPROVED = "approved"
    """By a lawyer; the replay decides."""
    PUBLISHED = "published"
    REFUSED = "refused"
    WORSE = "worse"
    """The replay found a question that would suffer."""
    WITHDRAWN = "withdrawn"


class LearningEventKind(StrEnum):
    """One thing that happened to questions or to a phrasing."""

    PROPOSED = "proposed"
    APPROVED = "approved"
    REFUSED = "refused"
    PUBLISHED = "published"
    WORSE = "worse"
    WITHDRAWN = "withdrawn"
    ANSWERED = "answered"
    CORRECTED = "corrected"
    DISMISSED = "dismissed"


class WindowKind(StrEnum):
    """What opened the time in which a platform lets us say more."""

    MESSAGE = "message"
    ACTION = "action"


class BellState(StrEnum):
    """Whether a message by template arrived."""

    RUNG = "rung"
    ARRIVED = "arrived"
    FAILED = "failed"


class Servant(StrEnum):
    """Who speaks with a customer of WeCom's customer service."""

    BOT = "bot"
    QUEUE = "queue"
    HUMAN = "human"
