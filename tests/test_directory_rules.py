"""Outages stand where their times say; spans are read as people say them."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handlers.directory import rules
from handlers.directory.rules import Standing
from handlers.directory.timing import read_span
from handlers.refusal import Refusal
from tests.stores import NOON

SHANGHAI = ZoneInfo("Asia/Shanghai")
HOUR = timedelta(hours=1)


def local(text: str) -> datetime:
    return datetime.fromisoformat(f"2026-{text}").replace(tzinfo=SHANGHAI)


@pytest.mark.parametrize(
    ("starts_at", "ends_at", "ended_at", "standing"),
    [
        (NOON + HOUR, NOON + 2 * HOUR, None, Standing.PLANNED),
        (NOON - HOUR, NOON + HOUR, None, Standing.NOW),
        (NOON, None, None, Standing.NOW),
        (NOON - rules.UNENDED_FOR, None, None, Standing.DOUBTFUL),
        (NOON - 2 * HOUR, NOON, None, Standing.OVER),
        (NOON - HOUR, NOON + HOUR, NOON - HOUR / 2, Standing.OVER),
    ],
)
def test_where_an_outage_stands(
    starts_at: datetime, ends_at: datetime | None, ended_at: datetime | None, standing: Standing
) -> None:
    assert rules.standing(starts_at, ends_at, ended_at, NOON) is standing


@pytest.mark.parametrize(
    ("outage", "reached"),
    [
        ((11, 1), True),
        ((12, 1), False),
        ((None, 1), True),
        ((None, 2), False),
        ((None, None), True),
    ],
)
def test_whom_an_outage_concerns(outage: tuple[int | None, int | None], reached: bool) -> None:
    assert rules.concerns(*outage, 11, 1) is reached


def test_half_a_year_is_old() -> None:
    today = NOON.date()

    assert not rules.is_out_of_date(today - timedelta(days=180), today)
    assert rules.is_out_of_date(today - timedelta(days=181), today)


@pytest.mark.parametrize(
    ("starts_at", "ends_at"),
    [
        (NOON - 2 * HOUR, NOON - HOUR),
        (NOON - timedelta(days=2), None),
        (NOON, NOON + timedelta(days=15)),
    ],
)
def test_what_is_past_or_endless_is_a_slip(starts_at: datetime, ends_at: datetime | None) -> None:
    with pytest.raises(Refusal):
        rules.check_span(starts_at, ends_at, NOON)


@pytest.mark.parametrize(
    ("text", "starts_at", "ends_at"),
    [
        ("芳草苑小区 明天8点到12点 水管检修", "11-24T08:00", "11-24T12:00"),
        ("明天上午8点半到下午5点检修", "11-24T08:30", "11-24T17:00"),
        ("现在到18点 抢修", "11-23T12:00", "11-23T18:00"),
        ("今晚10点到6点 检修", "11-23T22:00", "11-24T06:00"),
        ("下午2点到5点", "11-23T14:00", "11-23T17:00"),
        ("明天中午12点到2点", "11-24T12:00", "11-24T14:00"),
        ("11月25日8:00-17:00 电网检修", "11-25T08:00", "11-25T17:00"),
        ("3号早上九点到十一点", "12-03T09:00", "12-03T11:00"),
        ("后天晚上11点到凌晨3点", "11-25T23:00", "11-26T03:00"),
        ("12月1日8点到12月2日8点", "12-01T08:00", "12-02T08:00"),
        ("周三9点至周四18点 改造", "11-25T09:00", "11-26T18:00"),
        ("明天 全天检修", "11-24T00:00", "11-25T00:00"),
    ],
)
def test_a_span_is_read_as_it_is_said(text: str, starts_at: str, ends_at: str) -> None:
    span = read_span(text, NOON)

    assert span is not None
    assert (span.starts_at, span.ends_at) == (local(starts_at), local(ends_at))


def test_an_end_that_nobody_knows_is_left_open() -> None:
    span = read_span("明天8点起 检修", NOON)

    assert span is not None
    assert (span.starts_at, span.ends_at) == (local("11-24T08:00"), None)


@pytest.mark.parametrize("text", ["水管检修", "25点到26点", "2月31日8点到12点", ""])
def test_what_names_no_time_is_no_span(text: str) -> None:
    assert read_span(text, NOON) is None


@given(st.integers(0, 23), st.integers(0, 24), st.sampled_from(["", "上午", "下午", "晚上"]))
def test_a_span_without_a_second_day_ends_within_a_day(begin: int, end: int, part: str) -> None:
    """Law: the end comes after the beginning, and at most twenty-four hours later."""
    span = read_span(f"明天{part}{begin}点到{end}点", NOON)

    assert span is not None
    assert span.ends_at is not None
    assert timedelta() < span.ends_at - span.starts_at <= timedelta(days=1)


@given(st.text(alphabet="今明后天周三现在早晚上下午0123456789十点到半月日号:- ", max_size=30))
def test_the_words_of_a_span_lie_in_the_text(text: str) -> None:
    span = read_span(text, NOON)

    assert span is None or 0 <= span.begin <= span.end <= len(text)
