"""A present danger is heard in whatever words, and talk about dangers raises no alarm."""

import time
from concurrent.futures import ThreadPoolExecutor

import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge.emergency import EmergencyKind, find_emergencies, find_emergency
from knowledge.emergency_patterns import danger
from knowledge.pattern_needs import needs_of_all
from tests.reading_data import emergencies

WORDS = emergencies()
ALARMS = [(text, EmergencyKind(kind)) for kind, texts in WORDS.alarms.items() for text in texts]
PIECES = st.sampled_from(
    [
        "着火",
        "没有",
        "电梯",
        "困",
        "煤气",
        "昨天",
        "如果",
        "了",
        "，",
        " ",
        "！",
        "人",
        "打",
        "不",
        "救命",
        "3栋",
    ]
)
ANYTHING = st.text(st.characters(), max_size=200)
"""Every code point, lone surrogates and control characters among them."""


@pytest.mark.parametrize(("text", "kind"), ALARMS)
def test_a_present_danger_raises_its_alarm(text: str, kind: EmergencyKind) -> None:
    assert find_emergency(text) is kind


@pytest.mark.parametrize("text", WORDS.calm)
def test_talk_about_dangers_raises_no_alarm(text: str) -> None:
    assert find_emergency(text) is None


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        (
            "我要投诉物业，五栋电梯坏了半个月没人管，今天我老婆婆又被关在里头出不来了，打物业电话没人接，"
            "你们到底管不管，交了物业费一点用都没有，快点来人",
            EmergencyKind.LIFT_TRAPPED,
        ),
        (
            "我邻居老爹爹一个人住，平时天天下楼晒太阳，这几天都没看到人，敲门也没得人应，他儿子在外地，电话打不通，"
            "你们能不能来看一下，我怕出事",
            EmergencyKind.RESCUE,
        ),
        (
            "物业三天没看到人了，敲门也没人应，我们要换物业，请问业主大会怎么开，多少人同意才能换，大家都受不了了",
            None,
        ),
        ("如果被关在里面出不来怎么办", None),
    ],
)
def test_a_danger_in_the_midst_of_a_complaint_is_heard(
    text: str, kind: EmergencyKind | None
) -> None:
    assert find_emergency(text) is kind


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("我家猫被困在树上了", None),
        ("我和猫被困在电梯里了", EmergencyKind.LIFT_TRAPPED),
        ("家里着火了猫被困在里面", EmergencyKind.FIRE),
        ("猫被困在树上了，我爬上去也下不来了，救命", EmergencyKind.HELP),
    ],
)
def test_a_pet_in_trouble_is_no_danger_to_life_but_the_people_with_it_are(
    text: str, kind: EmergencyKind | None
) -> None:
    assert find_emergency(text) is kind


def test_the_kinds_are_all_tried() -> None:
    assert {kind for _, kind in ALARMS} == set(EmergencyKind)
    assert set(danger().order) == set(EmergencyKind)


def test_alarms_need_no_punctuation() -> None:
    spoken = ["".join(sign for sign in text if sign not in "，。！？、；!") for text, _ in ALARMS]
    missed = [text for text in spoken if find_emergency(text) is None]

    assert len(missed) <= len(spoken) * 0.03, missed


def test_alarms_are_heard_in_traditional_characters_and_full_width() -> None:
    traditional = str.maketrans(
        "电梯着烟气闻觉伤车楼门开现发说没有晕", "電梯著煙氣聞覺傷車樓門開現發說沒有暈"
    )
    missed = [text for text, _ in ALARMS if find_emergency(text.translate(traditional)) is None]

    assert not missed


@pytest.mark.parametrize(
    "text", ["着火了", "煤气漏了", "我被困在电梯里了", "有人晕倒了", "我不想活了"]
)
@pytest.mark.parametrize(
    "around",
    [
        "喂喂喂小二在不在{}你们听到没有",
        "我是三栋二单元的住户，平时都在外地上班，今天刚回来，{}，麻烦了",
        "  {}!!!!!!",
        "{}\n\n3栋2单元",
        "好的谢谢。{}",
    ],
)
def test_an_alarm_is_heard_among_other_words(text: str, around: str) -> None:
    assert find_emergency(around.format(text)) is not None


@pytest.mark.parametrize(
    ("text", "kinds"),
    [
        ("楼上着火了，有人受伤", {EmergencyKind.FIRE, EmergencyKind.MEDICAL}),
        ("我们困在电梯里，有人晕倒了", {EmergencyKind.LIFT_TRAPPED, EmergencyKind.MEDICAL}),
        ("煤气漏了，我妈晕倒了", {EmergencyKind.GAS, EmergencyKind.MEDICAL}),
    ],
)
def test_several_dangers_are_all_named(text: str, kinds: set[EmergencyKind]) -> None:
    found = find_emergencies(text)

    assert set(found) >= kinds
    assert list(found) == sorted(found, key=danger().order.index)
    assert find_emergency(text) is found[0]


def test_an_alarm_at_either_end_of_a_very_long_message_is_heard() -> None:
    talk = "今天物业又来催费，" * 2_000

    assert find_emergency("着火了！" + talk) is EmergencyKind.FIRE
    assert find_emergency(talk + "，现在着火了！") is EmergencyKind.FIRE


@given(st.one_of(ANYTHING, st.lists(PIECES, max_size=40).map("".join)))
def test_no_text_breaks_it(text: str) -> None:
    """Law: any text gives distinct kinds, the same every time."""
    found = find_emergencies(text)

    assert len(set(found)) == len(found)
    assert find_emergencies(text) == found


@pytest.mark.parametrize(
    "unit",
    [
        "着火",
        "没",
        "人",
        "电梯",
        "0",
        " ",
        "，",
        "他打我",
        "不想",
        "煤气味 ",
        "a",
        "\ud800",
        "\x00",
        "被",
    ],
)
def test_a_hundred_thousand_characters_take_a_moment(unit: str) -> None:
    text = (unit * 100_000)[:100_000]
    find_emergency(text)

    started = time.process_time()
    find_emergency(text)

    assert time.process_time() - started < 1


def test_many_threads_hear_the_same() -> None:
    texts = [text for text, _ in ALARMS[:60]] + WORDS.calm[:60]

    with ThreadPoolExecutor(8) as pool:
        together = list(pool.map(find_emergency, texts * 5))

    assert together == [find_emergency(text) for text in texts] * 5


def test_the_needed_characters_are_up_to_date() -> None:
    """Whoever changes a pattern runs `python -m knowledge.pattern_needs`."""
    assert needs_of_all() == danger().needs


@pytest.mark.parametrize("text", [text for text, _ in ALARMS])
def test_no_pattern_that_matches_is_left_out(text: str) -> None:
    """The quick choice of patterns by their characters loses none."""
    patterns = danger().dangers
    likely = set(patterns.candidates(text))

    assert not [it for it in patterns.every if it.compiled.search(text) and it not in likely]


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("please help my grandma fell down", EmergencyKind.MEDICAL),
        ("my father is not responding", EmergencyKind.MEDICAL),
        ("there is a thief in my house", EmergencyKind.VIOLENCE),
        ("call police please", EmergencyKind.VIOLENCE),
        ("the elevator stopped, there are people inside", EmergencyKind.LIFT_TRAPPED),
        ("smoke is coming from the window, the house is on fire", EmergencyKind.FIRE),
    ],
)
def test_cries_for_help_in_english_are_heard(text: str, kind: EmergencyKind) -> None:
    assert find_emergency(text) is kind


@pytest.mark.parametrize(
    "text",
    [
        "How many owners must agree to install an elevator?",
        "The elevator in building 3 is broken",
        "can I park in the fire lane",
        "who pays the fire insurance",
        "what should I do if there is a fire",
        "smoke from the restaurant downstairs comes into my flat",
    ],
)
def test_calm_questions_in_english_alarm_nobody(text: str) -> None:
    assert find_emergency(text) is None
