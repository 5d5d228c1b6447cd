"""A report's matter and place are taken from it word for word."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge.slots import Place, building_of, report_slots

ANYTHING = st.text(st.characters(), max_size=200)
PIECES = st.sampled_from(
    [
        "三栋",
        "二单元",
        "3-2-501",
        "电梯",
        "坏了",
        "路灯",
        "和",
        "，",
        "的",
        "又",
        "没",
        "十",
        "百",
        "楼",
        "5",
        "门",
        "小区",
        " ",
        "\ud800",
    ]
)


@pytest.mark.parametrize(
    ("text", "what", "where"),
    [
        ("三栋二单元电梯坏了", "电梯", "三栋二单元"),
        ("3栋2单元电梯坏了", "电梯", "3栋2单元"),
        ("電梯壞了", "電梯", None),
        ("三棟二單元電梯壞了", "電梯", "三棟二單元"),
        ("三号楼楼道灯不亮", "楼道灯", "三号楼"),
        ("B座门禁坏了", "门禁", "B座"),
        ("12-3-501水管漏水", "水管", "12-3-501"),
        ("楼道里堆满了垃圾", "垃圾", "楼道里"),
        ("地下车库灯都坏了", "灯", "地下车库"),
        ("小区门口井盖没了", "井盖", "小区门口"),
        ("五楼走廊电线耷拉下来了", "电线", "五楼走廊"),
        ("我家停电了", "停电", "我家"),
        ("顶楼漏水", "漏水", "顶楼"),
        ("下水道堵了污水冒出来了在5栋后面", "下水道", "5栋后面"),
        ("2号楼3单元一楼大厅玻璃碎了", "玻璃", "2号楼3单元一楼大厅"),
        ("電梯和路燈都壞了", "電梯和路燈", None),
        ("３栋２单元　电梯坏了", "电梯", "３栋２单元"),
        ("小区大门口的道闸抬不起来", "道闸", "小区大门口"),
        ("鸽子笼烂了", "鸽子笼", None),
        ("3栋2单元", None, "3栋2单元"),
        ("电梯", "电梯", None),
        ("你好", None, None),
        ("我要报修", None, None),
        ("", None, None),
        ("你好我是芳草苑小区3栋的 我们楼道的灯坏了好几天了", "灯", "芳草苑小区3栋"),
        ("门口的灯坏了麻烦来修一下", "灯", "门口"),
        ("健身器材坏了在中心花园", "健身器材", "中心花园"),
    ],
)
def test_what_and_where_are_found(text: str, what: str | None, where: str | None) -> None:
    slots = report_slots(text)

    assert (slots.what, slots.where) == (what, where)


@pytest.mark.parametrize(
    ("where", "place"),
    [
        ("三栋二单元", Place("3", 2, None, None)),
        ("3栋2单元", Place("3", 2, None, None)),
        ("三号楼", Place("3", None, None, None)),
        ("十二栋一单元五楼", Place("12", 1, 5, None)),
        ("二十一栋", Place("21", None, None, None)),
        ("B座", Place("B", None, None, None)),
        ("a3栋", Place("A3", None, None, None)),
        ("12-3-501", Place("12", 3, 5, "501")),
        ("3-501", Place("3", None, 5, "501")),
        ("3栋2单元501室", Place("3", 2, 5, "501")),
        ("三栋二单元五零一室", Place("3", 2, 5, "501")),
        ("3棟2單元1203", Place("3", 2, 12, "1203")),
        ("负一楼车库", Place(None, None, -1, None)),
        ("３号楼２单元", Place("3", 2, None, None)),
        ("一百零二栋", Place("102", None, None, None)),
        ("芳草苑小区3栋", Place("3", None, None, None)),
        ("楼道", Place(None, None, None, None)),
        ("", Place(None, None, None, None)),
        (None, Place(None, None, None, None)),
    ],
)
def test_a_place_is_read_into_numbers(where: str | None, place: Place) -> None:
    assert building_of(where) == place


@given(st.one_of(ANYTHING, st.lists(PIECES, max_size=20).map("".join)))
def test_slots_stand_in_the_text(text: str) -> None:
    """Law: whatever is found is a piece of the text, not empty."""
    slots = report_slots(text)

    for piece in (slots.what, slots.where):
        assert piece is None or (piece and piece in text)


@given(st.one_of(ANYTHING, st.lists(PIECES, max_size=20).map("".join)))
def test_no_place_breaks_the_reading(text: str) -> None:
    """Law: any text is read, and a room lies on its floor."""
    place = building_of(text)

    assert place.unit is None or place.unit >= 0


@given(st.integers(1, 99), st.integers(1, 9), st.integers(1, 33), st.integers(1, 8))
def test_every_house_number_is_read(building: int, unit: int, floor: int, door: int) -> None:
    """Law: a house number means the same with words and with dashes."""
    room = f"{floor}{door:02}"
    expected = Place(str(building), unit, floor, room)

    assert building_of(f"{building}栋{unit}单元{room}室") == expected
    assert building_of(f"{building}-{unit}-{room}") == expected


@pytest.mark.parametrize(
    "unit", ["3栋", "灯", "又", "电梯和", "0", "路", "没", "小区", "一", "在", "\ud800", "坏"]
)
def test_a_hundred_thousand_characters_take_a_moment(unit: str) -> None:
    text = (unit * 100_000)[:100_000]

    started = time.process_time()
    building_of(report_slots(text).where)
    building_of(text)

    assert time.process_time() - started < 1
