"""What names a person or a home is hidden, and what the matter needs stays."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge.masking import mask_everything, mask_personal, without_masks

NAMED = st.sampled_from(
    ["我叫", "张", "三", "王", "先生", "阿姨", "某", "姓名", "是", "，", "[", "]"]
)
ANYTHING = st.text(st.characters(), max_size=200)
PIECES = st.sampled_from(
    [
        "138",
        "0013",
        "8000",
        "13800138000",
        "027",
        "84881234",
        "-",
        " ",
        "3栋",
        "2单元",
        "501",
        "室",
        "五零一",
        "幺",
        "电话",
        "微信",
        "abc123",
        "@",
        "qq.com",
        "鄂A",
        "12345",
        "42010519900101",
        "，",
        "住",
        "元",
        "[",
        "]",
        "\ud800",
    ]
)


@pytest.mark.parametrize(
    "text",
    [
        "13812345678",
        "138 1234 5678",
        "138-1234-5678",
        "１３８１２３４５６７８",
        "１３８ １２３４ ５６７８",
        "+8613812345678",
        "+86 138 1234 5678",
        "86 13812345678",
        "幺三八一二三四五六七八",
        "一三八 一二三四 五六七八",
        "幺三八，一二三四，五六七八",
        "1 3 8 1 2 3 4 5 6 7 8",
        "027-84881234",
        "027 8488 1234",
        "(027)84881234",
        "０２７－８４８８１２３４",
        "8488-1234",
        "零二七八四八八一二三四",
        "19912345678",
    ],
)
def test_phones_are_hidden(text: str) -> None:
    assert mask_personal(f"请打{text}找我") == "请打[电话]找我"


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("身份证420105199001011234", "身份证[证件号]"),
        ("身份证42010519900101123X吧", "身份证[证件号]吧"),
        ("420105 19900101 1234", "[证件号]"),
        ("卡号6222 0212 3456 7890 123", "卡号[卡号]"),
        ("卡6222021234567890123", "卡[卡号]"),
        ("邮箱zhang.san@qq.com。", "邮箱[邮箱]。"),
        ("微信号：zhang_san88", "微信号：[账号]"),
        ("加我vx abc12345", "加我vx [账号]"),
        ("QQ12345678", "QQ[账号]"),
        ("微信是 wxid_abc123", "微信是 [账号]"),
        ("鄂A12345挡路", "[车牌]挡路"),
        ("鄂A·D12345", "[车牌]"),
        ("粤B D1234挡路", "[车牌]挡路"),
        ("501室漏水", "[房号]漏水"),
        ("五零一室漏水", "[房号]漏水"),
        ("3-2-501漏水", "3-2-[房号]漏水"),
        ("3栋2单元501漏水", "3栋2单元[房号]漏水"),
        ("三栋二单元五零一室", "三栋二单元[房号]"),
        ("3号楼1203室", "3号楼[房号]"),
        ("12-1501", "12-[房号]"),
        ("我家住501", "我家住[房号]"),
        ("座机84881234", "座机[电话]"),
        (
            "我叫居民甲，电话13812345678，住3栋2单元501室",
            "我叫居民甲，电话[电话]，住3栋2单元[房号]",
        ),
    ],
)
def test_other_traces_are_hidden(text: str, masked: str) -> None:
    assert mask_personal(text) == masked


@pytest.mark.parametrize(
    "text",
    [
        "打110",
        "119",
        "120",
        "122",
        "12345",
        "12356",
        "963333",
        "400-123-4567",
        "9510",
        "每月501元",
        "物业费1200块",
        "第944条",
        "民法典第577条",
        "3栋2单元电梯坏了",
        "三栋二单元",
        "5楼走廊",
        "2026年11月23日",
        "2026-11-23",
        "08:00-10:00",
        "26-28栋",
        "5000-8000元",
        "5公斤大米 50 分",
        "工单1001",
        "101路公交",
        "房租2000元",
        "面积120平",
        "3个人 15天",
        "500米",
        "110 119 120 12345",
        "2.5元/平方米",
        "电梯里有人抽烟",
        "",
    ],
)
def test_what_the_matter_needs_stays(text: str) -> None:
    assert mask_personal(text) == text


@given(st.one_of(ANYTHING, st.lists(PIECES, max_size=25).map("".join)))
def test_masking_twice_equals_once(text: str) -> None:
    """Law: a masked text has nothing left to mask."""
    masked = mask_personal(text)

    assert mask_personal(masked) == masked


@given(
    st.from_regex(r"1[3-9][0-9]{9}", fullmatch=True),
    st.sampled_from(["", "，", "电话", "是", "：", "[", "住三栋"]),
)
def test_no_mobile_number_survives(number: str, before: str) -> None:
    """Law: eleven digits of a mobile number are gone, whatever Chinese stands around them."""
    assert number not in mask_personal(f"{before}{number}，谢谢")


@pytest.mark.parametrize(
    "unit",
    [
        "1",
        "1 ",
        "幺",
        "a@",
        "微信 ",
        "3栋",
        "12-",
        "水",
        "13812345678",
        "501室",
        "138,",
        "a.",
        "\ud800",
        "鄂A",
    ],
)
def test_a_hundred_thousand_characters_take_a_moment(unit: str) -> None:
    text = (unit * 100_000)[:100_000]

    started = time.process_time()
    mask_personal(text)

    assert time.process_time() - started < 2


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("我叫张三丰，住3栋2单元501", "我叫[姓名]，住3栋2单元[房号]"),
        ("我叫张三我家漏水", "我叫[姓名]我家漏水"),
        ("楼上李阿姨半夜拖椅子", "楼上[姓名]阿姨半夜拖椅子"),
        ("小区王先生投诉", "小区[姓名]先生投诉"),
        ("王某某欠物业费", "[姓名]欠物业费"),
        ("居民甲说漏水", "[姓名]说漏水"),
        ("找物业经理没用", "找物业经理没用"),
        ("业委会主任不给看账", "业委会主任不给看账"),
        ("我们程序不合法吗", "我们程序不合法吗"),
    ],
)
def test_names_that_something_announces_are_hidden_too(text: str, masked: str) -> None:
    assert mask_everything(text, "居民甲") == masked


@given(st.one_of(ANYTHING, st.lists(NAMED).map("".join)))
def test_hiding_names_twice_equals_once(text: str) -> None:
    masked = mask_everything(text)

    assert mask_everything(masked) == masked


def test_a_sentence_without_its_masks_can_be_read() -> None:
    masked = mask_everything("住3栋2单元501的李阿姨不交物业费，电话13800138000")

    assert without_masks(masked) == "住3栋2单元的阿姨不交物业费，电话"
