"""Laws of the shift rules: when reminders come, who may join, what the words of a day mean."""

from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handlers import localtime
from handlers.localtime import local
from handlers.refusal import Refusal, Why
from handlers.shifts import finding, rules, texts
from handlers.shifts.rules import ReminderKind

MONDAY = date(2026, 11, 23)
STARTS = st.integers(min_value=0, max_value=3 * 365 * 24 * 60).map(
    lambda minutes: datetime(2026, 1, 1, tzinfo=UTC) + timedelta(minutes=minutes)
)
AHEAD = st.timedeltas(min_value=timedelta(minutes=-10), max_value=timedelta(days=9))


def at(day: int, clock: str) -> datetime:
    """Return a local moment of November 2026."""
    hour, minute = map(int, clock.split(":"))
    return datetime(2026, 11, day, hour, minute, tzinfo=localtime.SHANGHAI)


def test_the_rule_keeps_the_quiet_hours_of_the_street() -> None:
    assert (rules.QUIET_FROM, rules.QUIET_UNTIL) == (localtime.QUIET_FROM, localtime.QUIET_UNTIL)
    assert local(at(23, "12:00")).utcoffset() == rules.SHANGHAI.utcoffset(None)


@given(STARTS, AHEAD)
def test_a_reminder_is_never_past_never_after_the_start_and_in_order(
    starts_at: datetime, ahead: timedelta
) -> None:
    now = starts_at - ahead

    due = rules.reminders(starts_at, now)

    moments = [moment for _, moment in due]
    assert all(now <= moment < starts_at for moment in moments)
    assert moments == sorted(set(moments))
    assert [kind for kind, _ in due] == [kind for kind in ReminderKind if kind in dict(due)]


@given(STARTS, AHEAD)
def test_nobody_is_reminded_in_the_quiet_hours_but_by_the_later_one_from_six_on(
    starts_at: datetime, ahead: timedelta
) -> None:
    for kind, moment in rules.reminders(starts_at, starts_at - ahead):
        clock = local(moment).time()
        if kind is ReminderKind.SOON and time(6) <= clock < time(8):
            continue
        assert not localtime.is_quiet(moment)


@given(STARTS)
def test_a_reminder_outside_the_quiet_hours_comes_to_the_minute(starts_at: datetime) -> None:
    due = dict(rules.reminders(starts_at, starts_at - timedelta(days=9)))

    for kind, before in ((ReminderKind.DAY_BEFORE, 24), (ReminderKind.SOON, 2)):
        wanted = starts_at - timedelta(hours=before)
        moved = due[kind] != wanted
        assert moved <= localtime.is_quiet(wanted)
    assert starts_at - due[ReminderKind.SOON] >= timedelta(hours=2)
    assert local(due[ReminderKind.DAY_BEFORE]).date() == local(starts_at).date() - timedelta(days=1)


@pytest.mark.parametrize(
    ("starts_at", "day_before", "soon"),
    [
        (at(27, "14:00"), at(26, "14:00"), at(27, "12:00")),
        (at(27, "08:00"), at(26, "08:00"), at(27, "06:00")),
        (at(27, "07:59"), at(26, "08:00"), at(26, "20:30")),
        (at(27, "06:00"), at(26, "08:00"), at(26, "20:30")),
        (at(27, "00:30"), at(26, "08:00"), at(26, "20:30")),
        (at(27, "20:59"), at(26, "20:59"), at(27, "18:59")),
        (at(27, "21:00"), at(26, "20:30"), at(27, "19:00")),
        (at(27, "22:59"), at(26, "20:30"), at(27, "20:59")),
        (at(27, "23:30"), at(26, "20:30"), at(27, "20:30")),
    ],
)
def test_reminders_come_at_the_minutes_the_contract_names(
    starts_at: datetime, day_before: datetime, soon: datetime
) -> None:
    due = rules.reminders(starts_at, at(23, "12:00"))

    assert due == ((ReminderKind.DAY_BEFORE, day_before), (ReminderKind.SOON, soon))


def test_a_moment_already_past_at_sign_up_is_left_out() -> None:
    starts_at = at(24, "08:00")

    due = rules.reminders(starts_at, at(23, "08:01"))

    assert due == ((ReminderKind.SOON, at(24, "06:00")),)
    assert rules.reminders(starts_at, at(24, "06:01")) == ()


@given(STARTS, AHEAD, st.integers(min_value=0, max_value=3))
def test_one_joins_until_two_hours_before_and_never_over_capacity(
    starts_at: datetime, ahead: timedelta, taken: int
) -> None:
    open_still = ahead > timedelta(hours=2)
    why = None
    try:
        rules.check_sign_up(starts_at, 3, taken, starts_at - ahead)
    except Refusal as refusal:
        why = refusal.why

    if not open_still:
        assert why is Why.SHIFT_CLOSED
    else:
        assert why is (Why.SHIFT_FULL if taken == 3 else None)
    assert rules.may_leave(starts_at, starts_at - ahead) == open_still


@given(STARTS, st.integers(1, 300), st.integers(-300, 300), st.integers(1, 300))
def test_two_shifts_clash_when_a_minute_belongs_to_both(
    starts_at: datetime, lasts: int, later: int, other_lasts: int
) -> None:
    mine = set(range(lasts))
    other = {later + minute for minute in range(other_lasts)}
    begin = starts_at + timedelta(minutes=later)
    span = (begin, begin + timedelta(minutes=other_lasts), "other")

    clash = rules.clashing(starts_at, starts_at + timedelta(minutes=lasts), [span])

    assert (clash is not None) == bool(mine & other)


@pytest.mark.parametrize(
    ("said", "days"),
    [
        ("明天的班", [24]),
        ("大后天的班", [26]),
        ("后天下午", [25]),
        ("今晚的班", [23]),
        ("明天或者后天", [24, 25]),
        ("周六的班", [28]),
        ("周一", [23]),
        ("星期天", [29]),
        ("下周一的班", [30]),
        ("这周末", [28, 29]),
        ("下礼拜", [30, 31, 32, 33, 34, 35, 36]),
        ("11月25号的班", [25]),
        ("25号的班", [25]),
        ("1号的班", [31]),
    ],
)
def test_days_are_understood_as_people_say_them(said: str, days: list[int]) -> None:
    first = date(2026, 11, 1)
    expected = frozenset(first + timedelta(days=day - 1) for day in days)

    assert finding.days_in(said, MONDAY) == expected


@pytest.mark.parametrize(
    "said", ["有什么班", "1号班", "报名3号楼", "一周一次的班吗周", "6月31号的班"]
)
def test_words_that_name_no_day_name_none(said: str) -> None:
    assert (finding.days_in(said, MONDAY) or frozenset()) <= {MONDAY, date(2026, 11, 30)}


@given(st.text(max_size=40))
def test_any_text_is_read_without_a_fault(said: str) -> None:
    finding.days_in(said, MONDAY)
    texts.number_in(said)
    texts.hours_in(said)


MATCHES = {
    "LIST": ["有什么班", "有哪些班可以报", "明天有什么班", "看班", "最近有什么志愿班吗"],
    "MY_SHIFTS": ["我的班", "查一下我的班", "我报了哪些班", "看看我的值班"],
    "SIGN_UP": [
        *("报名", "报名 1", "报名1", "报名第二个", "我报1", "我要报名", "报第1个班"),
        *(
            "报名红建路文明值守",
            "我要报明天的班",
            "帮我报名周六的班",
            "我想报名",
        ),
    ],
    "CANCEL": [
        *(
            "取消报名",
            "取消报名 2",
            "取消报名红建路文明值守",
            "退班",
            "取消第一个班",
            "取消明天的班",
        ),
        *(
            "明天的班我来不了",
            "明天来不了",
            "我去不了了",
            "来不了",
            "周六的巡逻我去不了",
            "值班我来不了了",
        ),
    ],
}
OTHERS = [
    *("取消", "报名费要多少钱", "报名需要什么条件", "怎么报名当志愿者", "报警", "报修", "我来了"),
    *("快递来不了", "三栋电梯坏了", "报 119", "我的积分", "1", "取消订单", "业委会报名要什么材料"),
]


@pytest.mark.parametrize(
    ("name", "said"), [(name, said) for name, many in MATCHES.items() for said in many]
)
def test_each_wish_has_its_words_and_only_those(name: str, said: str) -> None:
    found = [other for other in MATCHES if getattr(texts, other).fullmatch(said)]

    assert found == [name]


@pytest.mark.parametrize("said", OTHERS)
def test_other_sentences_are_left_to_others(said: str) -> None:
    assert not [name for name in MATCHES if getattr(texts, name).fullmatch(said)]
