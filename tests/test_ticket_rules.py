"""The laws of tickets: every pair of states, every role on every rung, every deadline."""

import re
from datetime import UTC, datetime, timedelta
from itertools import pairwise, product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handlers import worktime
from handlers.fold import command
from handlers.localtime import SHANGHAI, local
from handlers.refusal import Refusal, Why
from handlers.scope import Held
from handlers.tickets import rules, texts
from storage.words import RoleWord, ScopeKind, TicketEventKind, TicketLevel, TicketState

STATES = st.sampled_from(TicketState)
LEVELS = st.sampled_from(TicketLevel)
SOMEWHERE = st.sampled_from([(None, None), (1, None), (1, 11), (2, 21)])
HELD = st.lists(
    st.tuples(
        st.sampled_from(RoleWord), st.sampled_from(ScopeKind), st.sampled_from([0, 1, 2, 11, 21])
    ),
    max_size=3,
)
MOMENTS = st.integers(0, 5 * 366 * 24 * 60).map(
    lambda minutes: datetime(2024, 1, 1, tzinfo=UTC) + timedelta(minutes=minutes)
)
ENDS = {TicketState.WITHDRAWN}
BY_STAFF = {
    TicketEventKind.ACCEPTED,
    TicketEventKind.RESOLVED,
    TicketEventKind.RETURNED,
    TicketEventKind.ESCALATED,
    TicketEventKind.NOTED,
    TicketEventKind.NOTE_UNDONE,
}


def steps_between(before: TicketState, after: TicketState) -> set[TicketEventKind]:
    return {step for step, state in rules.NEXT[before].items() if state is after}


def reachable(start: TicketState) -> set[TicketState]:
    seen: set[TicketState] = set()
    ahead = [start]
    while ahead:
        state = ahead.pop()
        if state not in seen:
            seen.add(state)
            ahead.extend(rules.NEXT[state].values())
    return seen


@pytest.mark.parametrize(("before", "after"), list(product(TicketState, TicketState)))
def test_a_pair_of_states_has_the_steps_it_is_meant_to_have(
    before: TicketState, after: TicketState
) -> None:
    """Each pair either keeps to these laws or has no step at all."""
    steps = steps_between(before, after)

    if before in ENDS:
        assert not steps
    if before not in rules.UNFINISHED:
        assert not steps & (BY_STAFF | {TicketEventKind.WITHDRAWN, TicketEventKind.COMMENTED})
    if after is TicketState.RESOLVED and before is not TicketState.RESOLVED:
        assert steps <= {TicketEventKind.RESOLVED}
    if after is TicketState.CLOSED and before is not TicketState.CLOSED:
        assert before is TicketState.RESOLVED or not steps
    if after is TicketState.NEW and before not in rules.UNFINISHED:
        assert steps <= {TicketEventKind.REOPENED}
    if after is TicketState.WITHDRAWN:
        assert steps == ({TicketEventKind.WITHDRAWN} if before in rules.UNFINISHED else set())


@pytest.mark.parametrize("state", list(TicketState))
def test_nothing_is_reopened_or_rated_before_it_was_resolved(state: TicketState) -> None:
    judged = {TicketEventKind.REOPENED, TicketEventKind.RATED, TicketEventKind.CONFIRMED}

    if state in rules.UNFINISHED:
        assert not judged & set(rules.NEXT[state])


def test_every_state_is_reached_from_a_new_ticket_and_every_unfinished_one_can_end() -> None:
    assert reachable(TicketState.NEW) == set(TicketState)
    for state in rules.UNFINISHED:
        assert {TicketState.RESOLVED, TicketState.CLOSED} <= reachable(state)


def test_every_state_and_step_has_its_words() -> None:
    assert set(texts.STATES) == set(TicketState)
    assert set(texts.STEPS) == set(texts.HAPPENED) == set(TicketEventKind)
    assert set(texts.TITLES) == set(rules.AUTHORITY)


@given(HELD, LEVELS, SOMEWHERE)
def test_who_handles_a_ticket_holds_a_role_for_that_rung_and_that_place(
    held: Held, level: TicketLevel, place: tuple[int | None, int | None]
) -> None:
    """Authority never reaches past one's own part of the street, nor past one's rung."""
    role = rules.may_handle(held, level, *place)

    if role is None:
        with pytest.raises(Refusal) as refused:
            rules.check_may_handle(held, level, *place)
        assert refused.value.why is Why.NOT_ALLOWED
        return
    assert level in rules.AUTHORITY[role]
    community_id, estate_id = place
    fitting = {
        (ScopeKind.COMMUNITY, community_id),
        (ScopeKind.ESTATE, estate_id),
    }
    assert any(
        own is role and (kind is ScopeKind.STREET or (kind, scope) in fitting)
        for own, kind, scope in held
    )
    assert rules.may_see(held, level, *place)


@pytest.mark.parametrize("level", list(TicketLevel))
def test_an_administrator_handles_no_tickets(level: TicketLevel) -> None:
    assert rules.may_handle([(RoleWord.ADMIN, ScopeKind.STREET, 0)], level, 1, 11) is None


def test_what_climbed_past_the_property_is_still_seen_there_but_not_from_above() -> None:
    property_ = [(RoleWord.PROPERTY, ScopeKind.ESTATE, 11)]
    department = [(RoleWord.DEPARTMENT, ScopeKind.STREET, 0)]

    assert rules.may_see(property_, TicketLevel.STREET, 1, 11)
    assert not rules.may_see(property_, TicketLevel.STREET, 2, 21)
    assert not rules.may_see(department, TicketLevel.ESTATE, 1, 11)


@given(LEVELS, SOMEWHERE)
def test_a_returned_ticket_goes_down_one_rung_and_never_below_its_place(
    level: TicketLevel, place: tuple[int | None, int | None]
) -> None:
    lowest = rules.LADDER.index(rules.first_level(*place))
    before = max(rules.LADDER.index(level), lowest)

    after = rules.LADDER.index(rules.level_returned_to(rules.LADDER[before], *place))

    assert lowest <= after <= before
    assert after == before - 1 or after == lowest


@pytest.mark.parametrize(("lower", "upper"), list(pairwise(rules.LADDER)))
def test_a_rung_escalates_to_the_next_one(lower: TicketLevel, upper: TicketLevel) -> None:
    assert rules.level_above(1001, lower) is upper


def test_there_is_nothing_above_the_district() -> None:
    with pytest.raises(Refusal) as refused:
        rules.level_above(1001, TicketLevel.DISTRICT)

    assert refused.value.why is Why.TICKET_TOP


@given(LEVELS, st.integers(0, 5))
def test_the_first_reopening_stays_and_later_ones_climb(level: TicketLevel, before: int) -> None:
    after = rules.level_reopened_at(level, before)

    climbed = rules.LADDER.index(after) - rules.LADDER.index(level)
    assert climbed == (1 if before and level is not TicketLevel.DISTRICT else 0)


@given(st.timedeltas(timedelta(0), timedelta(days=30)))
def test_a_result_can_be_disputed_for_fourteen_days(after: timedelta) -> None:
    resolved_at = datetime(2026, 11, 23, tzinfo=UTC)

    if after <= timedelta(days=14):
        rules.check_reopen(1001, resolved_at, resolved_at + after)
    else:
        with pytest.raises(Refusal):
            rules.check_reopen(1001, resolved_at, resolved_at + after)


@given(st.sampled_from(sorted(rules.UNFINISHED)), st.timedeltas(timedelta(0), timedelta(days=2)))
def test_a_report_is_taken_back_within_ten_minutes_or_until_it_is_accepted(
    state: TicketState, after: timedelta
) -> None:
    opened_at = datetime(2026, 11, 23, tzinfo=UTC)
    too_late = state is TicketState.ACTIVE and after > timedelta(minutes=10)

    if too_late:
        with pytest.raises(Refusal) as refused:
            rules.check_withdraw(1001, state, opened_at, opened_at + after)
        assert refused.value.why is Why.TICKET_DISPATCHED
    else:
        rules.check_withdraw(1001, state, opened_at, opened_at + after)


@pytest.mark.parametrize("stars", [-1, 0, 6, 50])
def test_stars_are_one_to_five(stars: int) -> None:
    with pytest.raises(Refusal):
        rules.check_rating(stars)


# Working time


@given(MOMENTS, st.integers(1, 40))
def test_a_deadline_lies_in_working_time_and_holds_exactly_the_hours_promised(
    moment: datetime, hours: int
) -> None:
    """A deadline is the end of a working minute; more hours never come earlier."""
    due = worktime.add_hours(moment, hours)

    assert due.at > moment
    assert worktime.is_working(due.at - timedelta(microseconds=1))
    assert due.at - moment >= timedelta(hours=hours)
    assert worktime.add_hours(moment, hours + 1).at > due.at
    assert due.provisional or local(due.at).year <= 2026


@given(MOMENTS)
def test_a_working_moment_counts_for_its_own_day(moment: datetime) -> None:
    day = worktime.working_day(moment)

    assert day >= local(moment).date()
    if worktime.is_working(moment):
        assert day == local(moment).date()


@pytest.mark.parametrize(
    ("said", "due"),
    [
        ("2026-11-23T09:00", "2026-11-23T11:00"),  # a Monday morning
        ("2026-11-23T16:30", "2026-11-24T09:30"),  # over the evening
        ("2026-11-23T23:30", "2026-11-24T10:30"),  # at night
        ("2026-11-20T17:00", "2026-11-23T10:00"),  # over the weekend
        ("2026-09-30T16:30", "2026-10-08T09:30"),  # over the National Day holidays
        ("2026-10-09T17:00", "2026-10-10T10:00"),  # into a Saturday worked to make up
        ("2026-11-23T15:30", "2026-11-23T17:30"),  # to the last minute of a day
    ],
)
def test_two_working_hours_as_a_resident_counts_them(said: str, due: str) -> None:
    asked = datetime.fromisoformat(said).replace(tzinfo=SHANGHAI)

    assert worktime.add_hours(asked, 2).at == datetime.fromisoformat(due).replace(tzinfo=SHANGHAI)


def test_a_year_without_a_published_calendar_is_provisional() -> None:
    friday = datetime(2031, 1, 3, 17, 0, tzinfo=SHANGHAI)

    due = worktime.add_hours(friday, 2)

    assert due.provisional
    assert due.at == datetime(2031, 1, 6, 10, 0, tzinfo=SHANGHAI)
    assert not worktime.add_hours(datetime(2026, 11, 23, 9, 0, tzinfo=SHANGHAI), 2).provisional


# Words

UNDERSTOOD: list[tuple[re.Pattern[str], list[str]]] = [
    (texts.ACCEPT, ["接单 1001", "接单1001号", "1001 接单", "我来接单", "接单"]),
    (texts.RESOLVE, ["办结 1001 已更换主板", "办结1001：好了", "1001 办结 已换", "办结"]),
    (texts.RETURN, ["退回 1001 归市政管", "退回1001", "退单 1001，不是我们的"]),
    (texts.ESCALATE, ["升级 1001", "升级1001 要城管", "1001 升级"]),
    (texts.TO_DO, ["待办", "我的待办", "有哪些单"]),
    (texts.MY_TICKETS, ["我的报修", "我的工单", "查一下我的报修", "报修进度", "我报的修怎么样了"]),
    (
        texts.STATUS,
        ["1001", "1001到哪了", "查 1001", "1001号怎么样了", "1001 修好了吗", "１００１"],
    ),
    (texts.NOT_SOLVED, ["没解决", "还没修好", "没解决 1001", "1001 没解决，门还关不上", "又坏了"]),
    (texts.SOLVED, ["修好了", "已经修好了", "1001修好了", "确认 1001", "确认修好"]),
    (texts.RATE, ["5分", "打5分", "五星", "满意", "1001 5分", "不满意"]),
    (texts.WITHDRAW, ["撤回", "撤回 1001", "撤单"]),
    (texts.REPORT, ["报修", "我要报修", "报修 三栋电梯坏了"]),
]


@pytest.mark.parametrize(
    ("pattern", "said"),
    [(pattern, said) for pattern, examples in UNDERSTOOD for said in examples],
)
def test_words_are_understood_by_one_pattern_before_any_other(
    pattern: re.Pattern[str], said: str
) -> None:
    first = next(p for p, _examples in UNDERSTOOD if p.fullmatch(command(said)))

    assert first is pattern


@pytest.mark.parametrize(
    "said",
    [
        "退回押金怎么办", "物业费没解决怎么办", "升级改造要多少钱", "确认", "没问题", "三栋二单元",
        "给居民乙加5分 门前整洁", "取消", "我想撤回对物业的授权可以吗", "13800001111", "好的",
        "不满意物业服务能不交费吗", "怎么报修", "12", "办结了案子还能上诉吗",
    ],
)  # fmt: skip
def test_other_sentences_are_no_ticket_command(said: str) -> None:
    assert [p.pattern for p, _examples in UNDERSTOOD if p.fullmatch(command(said))] == []
