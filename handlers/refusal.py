"""An expected no: raised by a rule or a handler, shown to the person as a helpful sentence."""

from enum import StrEnum


class Why(StrEnum):
    """Why something cannot be done; each subject's texts say it in words."""

    CODE_UNKNOWN = "code_unknown"
    CODE_USED = "code_used"
    CODE_EXPIRED = "code_expired"
    CODE_WRONG_PLACE = "code_wrong_place"
    MERGE_ROLES = "merge_roles"
    MERGE_BOTH_ROLES = "merge_both_roles"
    MERGE_OTHERS = "merge_others"
    MERGE_HELD = "merge_held"
    UNDO_LATE = "undo_late"
    UNDO_SPENT = "undo_spent"
    BINDING_UNKNOWN = "binding_unknown"
    BINDING_UNDONE = "binding_undone"
    NO_ACCOUNT = "no_account"
    NOT_ALLOWED = "not_allowed"
    PRIVATE_ONLY = "private_only"
    NO_SUCH_PERSON = "no_such_person"
    SEVERAL_PERSONS = "several_persons"
    POINTS_AMOUNT = "points_amount"
    POINTS_SELF = "points_self"
    POINTS_REASON = "points_reason"
    POINTS_REPEATED = "points_repeated"
    TICKET_UNKNOWN = "ticket_unknown"
    ESTATE_UNKNOWN = "estate_unknown"
    TICKET_STEP = "ticket_step"
    TICKET_REASON = "ticket_reason"
    TICKET_TOP = "ticket_top"
    TICKET_TOO_LATE = "ticket_too_late"
    TICKET_DISPATCHED = "ticket_dispatched"
    RATING = "rating"
    SHIFT_UNKNOWN = "shift_unknown"
    SHIFT_CLOSED = "shift_closed"
    SHIFT_FULL = "shift_full"
    SHIFT_CLASH = "shift_clash"
    SHIFT_JOINED = "shift_joined"
    SHIFT_NOT_JOINED = "shift_not_joined"
    HANDOVER_UNKNOWN = "handover_unknown"
    HANDOVER_CLOSED = "handover_closed"
    HANDOVER_EMPTY = "handover_empty"
    ANSWER_NONE = "answer_none"
    FIELD_EMPTY = "field_empty"
    FIELD_LONG = "field_long"
    FIELD_PHONE = "field_phone"


class Refusal(Exception):
    """Nothing was done; `why` and the facts say what the person can do instead."""

    def __init__(self, why: Why, **facts: object) -> None:
        super().__init__(why.value)
        self.why = why
        self.facts = facts
