"""Every handler by the words, actions and meanings that reach it: the one place that names them."""

import re
from dataclasses import dataclass
from enum import StrEnum

from handlers import conversation
from handlers.context import Handler
from handlers.directory import chat as directory
from handlers.directory import desk as directory_desk
from handlers.directory import texts as directory_texts
from handlers.emergency import desk as emergency_desk
from handlers.emergency import texts as emergency_texts
from handlers.faq import chat as faq
from handlers.faq import texts as faq_texts
from handlers.handover import chat as handover
from handlers.handover import desk as handover_desk
from handlers.handover import texts as handover_texts
from handlers.law import desk as law_desk
from handlers.law import texts as law_texts
from handlers.learning import chat as learning
from handlers.learning import desk as learning_desk
from handlers.learning import review as learning_review
from handlers.learning import texts as learning_texts
from handlers.outreach import chat as outreach
from handlers.outreach import desk as outreach_desk
from handlers.outreach import texts as outreach_texts
from handlers.points import chat as points
from handlers.points import desk as points_desk
from handlers.points import texts as points_texts
from handlers.privacy import chat as privacy
from handlers.privacy import texts as privacy_texts
from handlers.residents import binding, binding_desk
from handlers.residents import chat as residents
from handlers.residents import desk as residents_desk
from handlers.residents import texts as residents_texts
from handlers.shifts import chat as shifts
from handlers.shifts import texts as shifts_texts
from handlers.tickets import chat as tickets
from handlers.tickets import desk as tickets_desk
from handlers.tickets import texts as tickets_texts
from handlers.tickets.noting import desk as noting
from handlers.tickets.noting import texts as noting_texts
from handlers.tickets.reporting import chat as reporting
from handlers.tickets.reporting import texts as reporting_texts
from handlers.tickets.standing import desk as standing
from handlers.tickets.standing import texts as standing_texts
from handlers.tickets.undoing import desk as undoing
from handlers.tickets.undoing import texts as undoing_texts
from knowledge.intent import Intent


class Where(StrEnum):
    """Where a command may be used."""

    PRIVATE = "private"
    """Personal: a group is told the private way."""
    ANYWHERE = "anywhere"
    STAFF = "staff"
    """Anywhere, and in the groups of staff without calling the bot: they work there."""


@dataclass(frozen=True, slots=True)
class Command:
    """Words that mean one thing, whatever else they could mean."""

    pattern: re.Pattern[str]
    handler: Handler
    where: Where = Where.PRIVATE
    for_staff: bool = False
    """Whether residents say the same words and mean another thing."""


COMMANDS: tuple[Command, ...] = (
    # binding and roles
    Command(residents_texts.BIND, binding.bind, Where.ANYWHERE),
    Command(residents_texts.BARE_CODE, binding.bind),
    Command(residents_texts.MY_CODE, binding.my_code),
    Command(residents_texts.UNBIND, binding.unbind),
    Command(residents_texts.UNBIND_WHOSE, binding_desk.unbind),
    Command(residents_texts.RECORDS, binding_desk.records),
    Command(residents_texts.UNDO, binding_desk.undo),
    Command(residents_texts.WHO_AM_I, residents.who_am_i),
    Command(residents_texts.ELDER_MODE, residents.elder_mode),
    Command(residents_texts.NORMAL_MODE, residents.normal_mode),
    Command(residents_texts.MAKE_CODE, residents_desk.make_code),
    Command(residents_texts.GRANT, residents_desk.grant),
    Command(residents_texts.REVOKE, residents_desk.revoke),
    Command(residents_texts.ADMIN_PAGE, residents_desk.admin_page),
    # personal data
    Command(privacy_texts.CHANGE, privacy.by_staff(privacy_texts.HOW_CHANGE, handover.pass_on)),
    Command(privacy_texts.DELETE, privacy.by_staff(privacy_texts.HOW_DELETE, handover.pass_on)),
    Command(privacy_texts.EXPORT, privacy.by_staff(privacy_texts.HOW_EXPORT, handover.pass_on)),
    Command(privacy_texts.KEPT, privacy.what_is_kept),
    Command(privacy_texts.SOMEBODY_ELSE, privacy.about_another, Where.ANYWHERE),
    Command(privacy_texts.PASSED_ON, privacy.about_another, Where.ANYWHERE),
    Command(privacy_texts.OWN_FEES, privacy.own_fees),
    # emergencies
    Command(emergency_texts.ACKNOWLEDGE, emergency_desk.acknowledge, Where.STAFF),
    # a person takes over
    Command(handover_texts.CALL, handover.ask),
    Command(handover_texts.TELL, handover.pass_on),
    Command(handover_texts.ANSWER, handover_desk.answer, Where.STAFF),
    Command(handover_texts.ANSWER_AT_ONCE, handover_desk.answer, Where.STAFF, for_staff=True),
    Command(handover_texts.GIVE_BACK, handover_desk.give_back, Where.STAFF),
    Command(handover_texts.WAITING, handover_desk.waiting, Where.STAFF),
    # outages
    Command(directory_texts.ANNOUNCE, directory_desk.announce, Where.STAFF, for_staff=True),
    Command(directory_texts.RESTORE, directory_desk.restore, Where.STAFF, for_staff=True),
    # tickets
    Command(tickets_texts.ACCEPT, tickets_desk.accept, Where.STAFF),
    Command(tickets_texts.ACCEPT_SEVERAL, tickets_desk.accept_several, Where.STAFF, for_staff=True),
    Command(undoing_texts.SHORT_NUMBER, undoing.which_kind, Where.ANYWHERE),
    Command(undoing_texts.UNDO, undoing.undo, Where.STAFF, for_staff=True),
    Command(tickets_texts.RESOLVE, tickets_desk.resolve, Where.STAFF),
    Command(tickets_texts.DONE, tickets_desk.finish, Where.STAFF, for_staff=True),
    Command(tickets_texts.RETURN, tickets_desk.send_back, Where.STAFF),
    Command(tickets_texts.ESCALATE, tickets_desk.escalate, Where.STAFF),
    Command(tickets_texts.TO_DO, tickets_desk.to_do, Where.STAFF),
    Command(tickets_texts.TO_DO_OF_MINE, tickets_desk.to_do, Where.STAFF, for_staff=True),
    Command(standing_texts.FIGURES, standing.show, Where.STAFF, for_staff=True),
    Command(tickets_texts.MY_TICKETS, tickets.my_tickets),
    Command(tickets_texts.STATUS, tickets.status),
    Command(tickets_texts.NOT_SOLVED, tickets.not_solved),
    Command(tickets_texts.SOLVED, tickets.solved),
    Command(tickets_texts.RATE, tickets.rate),
    Command(tickets_texts.NOT_NEEDED, tickets.withdraw),
    Command(tickets_texts.WITHDRAW, tickets.withdraw),
    Command(noting_texts.NOTE, noting.note, Where.STAFF, for_staff=True),
    Command(noting_texts.PLAN, noting.plan, Where.STAFF, for_staff=True),
    Command(tickets_texts.REPORT, tickets.report),
    Command(reporting_texts.NO_SUPPLY, tickets.report),
    Command(reporting_texts.HOW_PHOTO, reporting.how_to_send_photos, Where.ANYWHERE),
    # points
    Command(points_texts.MY_POINTS, points.my_points),
    Command(points_texts.EXPIRY, points.expiry),
    Command(points_texts.TRANSFER, points.transfer),
    Command(points_texts.GIFTS, points.gifts, Where.ANYWHERE),
    Command(points_texts.TAKE_BACK, points_desk.take_back, Where.STAFF, for_staff=True),
    Command(points_texts.AWARD, points_desk.award, Where.STAFF),
    # shifts
    Command(shifts_texts.MY_SHIFTS, shifts.my_shifts),
    Command(shifts_texts.HOURS, shifts.hours),
    Command(shifts_texts.REMIND, shifts.remind),
    Command(shifts_texts.SWAP, shifts.swap),
    Command(shifts_texts.LIST, shifts.list_open, Where.ANYWHERE),
    Command(shifts_texts.SIGN_UP, shifts.sign_up),
    Command(shifts_texts.CANCEL, shifts.cancel),
    # questions without a good answer
    Command(learning_texts.QUEUE, learning_desk.queue, Where.STAFF),
    Command(learning_texts.CLUSTER, learning_desk.show, Where.STAFF),
    Command(learning_texts.ANSWER, learning_desk.answer, Where.STAFF),
    Command(learning_texts.CORRECT, learning_desk.correct, Where.STAFF, for_staff=True),
    Command(learning_texts.DISMISS, learning_desk.dismiss, Where.STAFF),
    Command(learning_texts.LINK, learning_desk.link, Where.STAFF),
    Command(learning_texts.PENDING, learning_review.pending, Where.STAFF),
    Command(learning_texts.APPROVE, learning_review.approve, Where.STAFF),
    Command(learning_texts.REFUSE, learning_review.refuse, Where.STAFF),
    Command(learning_texts.WITHDRAW, learning_review.withdraw, Where.STAFF),
    Command(learning_texts.PHRASING, learning_review.show, Where.STAFF),
    Command(learning_texts.WHOLE, learning.whole(faq.show)),
    # legal answers under review
    Command(law_texts.LIST, law_desk.waiting),
    Command(law_texts.SHOW, law_desk.show),
    Command(law_texts.SIGN, law_desk.sign),
    Command(law_texts.SIGN_WHICH, law_desk.sign_which, for_staff=True),
    Command(law_texts.HOLD_BACK, law_desk.hold_back),
    Command(law_texts.THAW, law_desk.thaw),
    # what people hear of unasked
    Command(outreach_texts.STOP, outreach.stop),
    Command(outreach_texts.RESUME, outreach.resume),
    Command(outreach_texts.MINE, outreach.mine),
    Command(outreach_texts.TO_ALL, outreach_desk.to_all, Where.ANYWHERE),
    Command(outreach_texts.TO_VISIT, outreach_desk.to_visit, Where.STAFF),
    Command(outreach_texts.VISITED, outreach_desk.visited, Where.STAFF),
    # answers
    Command(faq_texts.BASIS, faq.basis),
    Command(faq_texts.WHY, faq.why),
    Command(faq_texts.THUMB_UP, faq.thumb_up),
    Command(faq_texts.THUMB_DOWN, faq.thumb_down),
)

ACTIONS: dict[str, Handler] = {
    "faq.show": faq.show,
    "faq.apart": faq.show,
    "faq.none": faq.none_fits,
    "faq.up": faq.thumb_up,
    "faq.down": faq.thumb_down,
    "faq.basis": faq.basis,
    "law.list": law_desk.waiting,
    "law.show": law_desk.show,
    "menu.my_tickets": tickets.my_tickets,
    "menu.my_points": points.my_points,
    "learning.link": learning_desk.link,
    "directory.office": directory.show_office,
    "directory.service": directory.show_service,
    "directory.no_report": directory.no_report,
    "handover.ask": handover.ask,
    "handover.answer": handover_desk.answer,
    "emergency.ack": emergency_desk.acknowledge,
    "tickets.report": tickets.report,
    "tickets.report_said": tickets.report_said,
    "tickets.accept": tickets_desk.accept,
    "tickets.resolve": tickets_desk.resolve,
    "tickets.return": tickets_desk.send_back,
    "tickets.escalate": tickets_desk.escalate,
    "tickets.status": tickets.status,
    "tickets.solved": tickets.solved,
    "tickets.not_solved": tickets.not_solved,
    "tickets.rate": tickets.rate,
    "shifts.join": shifts.sign_up,
    "shifts.leave": shifts.cancel,
    "shifts.list": shifts.list_open,
    "residents.merge": binding.bind,
    "residents.unbind": binding.unbind_this,
    "residents.unbind_sure": binding.unbind_sure,
    "residents.release": binding_desk.release,
    "residents.release_sure": binding_desk.release_sure,
    "outreach.stop": outreach.stop,
    "outreach.resume": outreach.resume,
}

INTENTS: dict[Intent, Handler] = {
    Intent.REPAIR: tickets.report,
    Intent.TICKET_STATUS: tickets.my_tickets,
    Intent.COMPLAINT_URGE: tickets.urge,
    Intent.POINTS_BALANCE: points.my_points,
    Intent.POINTS_REDEEM: points.gifts,
    Intent.SHIFT_LIST: shifts.list_open,
    Intent.SHIFT_SIGNUP: shifts.sign_up,
    Intent.SHIFT_CANCEL: shifts.cancel,
    Intent.HUMAN: handover.ask,
    Intent.MUTUAL_AID: handover.pass_on,
    Intent.PROPOSAL: handover.pass_on,
    Intent.GREETING: residents.greet,
}

FORMS: dict[str, conversation.Form] = {
    form.name: form
    for form in (
        tickets.REPORT,
        tickets_desk.RESOLVE,
        tickets_desk.RETURN,
        tickets.NOT_SOLVED,
        directory_desk.OUTAGE,
    )
}
