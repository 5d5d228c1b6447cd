"""Who may do what with open questions and new phrasings, and which words mean it."""

from itertools import product

import pytest

from handlers import fold
from handlers.learning import rules, texts
from handlers.refusal import Refusal, Why
from handlers.routes import COMMANDS
from storage.words import ClusterState, PhrasingState, RoleWord

P = PhrasingState
STEPS = {
    (P.PROPOSED, P.APPROVED),
    (P.PROPOSED, P.REFUSED),
    (P.PROPOSED, P.WITHDRAWN),
    (P.APPROVED, P.PUBLISHED),
    (P.APPROVED, P.WORSE),
    (P.APPROVED, P.WITHDRAWN),
    (P.PUBLISHED, P.WITHDRAWN),
}
LAWYER, SECRETARY, ADMIN = RoleWord.LAWYER, RoleWord.SECRETARY, RoleWord.ADMIN


@pytest.mark.parametrize(("was", "to"), list(product(P, P)))
def test_a_phrasing_moves_only_as_the_table_says(was: PhrasingState, to: PhrasingState) -> None:
    if (was, to) in STEPS:
        rules.check_step(was, to, 1)
    else:
        with pytest.raises(Refusal) as refused:
            rules.check_step(was, to, 1)
        assert refused.value.why is Why.PHRASING_STEP


@pytest.mark.parametrize("role", RoleWord)
def test_only_the_desk_reads_open_questions(role: RoleWord) -> None:
    desk = {RoleWord.SECRETARY, RoleWord.STREET, RoleWord.LAWYER, RoleWord.ADMIN}
    if role in desk:
        rules.check_desk([role])
    else:
        with pytest.raises(Refusal):
            rules.check_desk([role])


@pytest.mark.parametrize(
    ("held", "proposer", "decides", "why"),
    [
        ([LAWYER], 1, 2, None),
        ([SECRETARY, LAWYER], 1, 2, None),
        ([LAWYER], 2, 2, Why.PHRASING_OWN),
        ([SECRETARY], 1, 2, Why.PHRASING_LAWYER),
        ([ADMIN], 1, 2, Why.PHRASING_LAWYER),
        ([ADMIN], 2, 2, Why.PHRASING_LAWYER),
        ([], 1, 2, Why.PHRASING_LAWYER),
    ],
)
def test_a_lawyer_decides_and_never_on_their_own(
    held: list[RoleWord], proposer: int, decides: int, why: Why | None
) -> None:
    if why is None:
        rules.check_may_decide(held, proposer, decides, 1)
        return
    with pytest.raises(Refusal) as refused:
        rules.check_may_decide(held, proposer, decides, 1)
    assert refused.value.why is why


@pytest.mark.parametrize(
    ("held", "state", "proposer", "why"),
    [
        ([SECRETARY], P.PROPOSED, 2, None),
        ([SECRETARY], P.APPROVED, 2, None),
        ([SECRETARY], P.PROPOSED, 1, Why.PHRASING_TAKE_OUT),
        ([SECRETARY], P.PUBLISHED, 2, Why.PHRASING_TAKE_OUT),
        ([LAWYER], P.PUBLISHED, 1, None),
        ([ADMIN], P.PUBLISHED, 1, None),
        ([LAWYER], P.WITHDRAWN, 1, Why.PHRASING_STEP),
        ([LAWYER], P.REFUSED, 1, Why.PHRASING_STEP),
    ],
)
def test_what_is_in_use_only_lawyers_and_administrators_take_out(
    held: list[RoleWord], state: PhrasingState, proposer: int, why: Why | None
) -> None:
    if why is None:
        rules.check_may_withdraw(held, state, proposer, 2, 1)
        return
    with pytest.raises(Refusal) as refused:
        rules.check_may_withdraw(held, state, proposer, 2, 1)
    assert refused.value.why is why


@pytest.mark.parametrize(
    ("text", "masked", "why"),
    [
        ("电梯广告费归谁", "电梯广告费归谁", None),
        ("谁", "谁", Why.PHRASING_SHORT),
        ("问" * 60, "问" * 60, None),
        ("问" * 61, "问" * 61, Why.PHRASING_LONG),
        ("打 13800138000 问谁", "打 [电话] 问谁", Why.PHRASING_PERSONAL),
    ],
)
def test_a_phrasing_is_short_and_names_nobody(text: str, masked: str, why: Why | None) -> None:
    if why is None:
        rules.check_phrasing(text, masked, 1)
        return
    with pytest.raises(Refusal) as refused:
        rules.check_phrasing(text, masked, 1)
    assert refused.value.why is why


@pytest.mark.parametrize("state", ClusterState)
def test_a_question_is_decided_once(state: ClusterState) -> None:
    if state is ClusterState.OPEN:
        rules.check_open(state, 1)
        return
    with pytest.raises(Refusal) as refused:
        rules.check_open(state, 1)
    proposed = state is ClusterState.PROPOSED
    assert refused.value.why is (Why.QUESTION_PROPOSED if proposed else Why.QUESTION_CLOSED)


@pytest.mark.parametrize(
    ("said", "found"),
    [
        ("待答", {}),
        ("待答。", {}),
        ("待答 下一页", {"more": " 下一页"}),
        ("待答３", {"number": "３"}),
        ("答 3 您好，请带合同来", {"number": "3", "words": "您好，请带合同来"}),
        ("答3：您好", {"number": "3", "words": "您好"}),
        ("不答 3 和居民事务无关", {"number": "3", "words": "和居民事务无关"}),
        ("归入 3 1", {"number": "3", "entry": "1"}),
        ("归入3 fee-dissatisfied", {"number": "3", "entry": "fee-dissatisfied"}),
        (
            "归入 3 fee-dissatisfied 服务差能不能少交",
            {"number": "3", "entry": "fee-dissatisfied", "words": "服务差能不能少交"},
        ),
        ("归入 3", {"number": "3"}),
        ("待批", {}),
        ("准 7", {"number": "7"}),
        ("不准 7 意思不一样", {"number": "7", "words": "意思不一样"}),
        ("撤下 7", {"number": "7"}),
        ("问法 7", {"number": "7"}),
        ("看全文 7", {"number": "7"}),
    ],
)
def test_staff_words_mean_one_thing(said: str, found: dict[str, str]) -> None:
    meant = [
        (command, words)
        for command in COMMANDS
        if (words := fold.found(command.pattern, said)) is not None
    ]

    assert len(meant) == 1
    command, words = meant[0]
    assert command.handler.__module__.startswith("handlers.learning")
    assert words == found


@pytest.mark.parametrize(
    "said",
    [
        "答复 3 好的",
        "回 3 好的",
        "不准在楼道停车",
        "准时来",
        "准备 3 份材料",
        "待回",
        "答 应了三次",
    ],
)
def test_other_words_are_left_alone(said: str) -> None:
    ours = (
        texts.QUEUE,
        texts.CLUSTER,
        texts.ANSWER,
        texts.DISMISS,
        texts.LINK,
        texts.PENDING,
        texts.APPROVE,
        texts.REFUSE,
        texts.WITHDRAW,
        texts.PHRASING,
        texts.WHOLE,
    )

    assert all(fold.found(pattern, said) is None for pattern in ours)


def test_every_state_has_its_word() -> None:
    assert all(texts.state(state) for state in ClusterState)
    assert all(texts.phrasing_state(state) for state in PhrasingState)
