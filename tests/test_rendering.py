"""Laws of rendering: nothing is lost, nothing is too long, no sign is cut in two."""

from hypothesis import example, given
from hypothesis import strategies as st

from bot.channels.rendering import (
    LIMITS,
    Limits,
    Shown,
    as_text,
    render,
    split,
    utf8_bytes,
    utf16_units,
)
from handlers.message import Choice, Reply

SENTENCES = st.lists(
    st.text(alphabet="物业费电梯坏了。！？；\nab 👍é", max_size=30), max_size=20
).map("".join)
MEASURES = st.sampled_from([len, utf8_bytes, utf16_units])


@given(SENTENCES, st.integers(40, 200), MEASURES)
@example("字" * 1000, 40, utf8_bytes)
def test_pieces_fit_and_lose_nothing_but_line_ends(text: str, longest: int, measure) -> None:  # type: ignore[no-untyped-def]
    pieces = split(text, longest, measure)

    assert all(measure(piece) <= longest for piece in pieces)
    assert "".join(pieces).replace("\n", "") == text.replace("\n", "")


@given(st.text(max_size=300), st.integers(20, 60))
@example("0000000\x80\x80\x80\x80\x80\U00010000\U00010000 ", 25)
def test_any_text_at_all_can_be_split(text: str, longest: int) -> None:
    """Law: every sign arrives; white space that would be a message of its own is not sent."""
    pieces = split(text, longest, utf8_bytes)

    assert "".join("".join(pieces).split()) == "".join(text.split())
    assert all(piece.strip() for piece in pieces) or not text.strip()


def test_a_cut_falls_between_sentences_where_it_can() -> None:
    assert split("一二三。四五六。七八九。", 8) == ["一二三。四五六。", "七八九。"]


def test_a_family_of_joined_signs_is_not_torn_apart() -> None:
    family = "👨‍👩‍👧"

    pieces = split(family * 4, 12, utf16_units)

    assert pieces == [family] * 4


def test_choices_stay_with_the_last_piece_and_count_where_they_are_lines() -> None:
    reply = Reply("说明。" * 400, (Choice("确认提交", "form.submit", number=1),), media=("a.jpg",))

    shown = render(reply, LIMITS["wechat"])

    assert len(shown) > 1
    assert shown[-1].choices == ("1 确认提交",)
    assert shown[-1].media == ("a.jpg",)
    assert not any(piece.choices for piece in shown[:-1])
    assert all(utf8_bytes(as_text(piece)) <= 2048 for piece in shown)


def test_a_short_message_stays_one_message_everywhere() -> None:
    for limits in LIMITS.values():
        assert render(Reply("字" * 300), limits) == [Shown("字" * 300)]


def test_a_card_without_buttons_says_what_to_type() -> None:
    card = Reply(
        "【报修 1001】", (Choice("接单", "tickets.accept:1001", anybody=True, say="接单 1001"),)
    )
    limits = Limits(longest=None, measure=len, buttons=False)

    [shown] = render(card, limits)

    assert shown.choices == ("1 接单",)
    assert as_text(shown) == "【报修 1001】\n接单 1001"
