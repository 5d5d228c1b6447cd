"""Large letters: short pieces, numbers written out, the rest on demand; numbers in every script."""

import ast
import re
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from msgspec.structs import replace

from bot.channels.telegram.caps import Caps
from bot.channels.telegram.client import Client
from bot.channels.telegram.pace import Pace
from bot.channels.telegram.sender import Sender as TelegramSender
from handlers import fitting, fold, notify
from handlers.message import Choice, Reply
from handlers.residents import texts
from knowledge.numbers import with_figures
from tests.houses import RESIDENTS_GROUP, House, knowledge
from tests.stores import a_database, a_store

QUESTION = "物业服务不好能不交物业费吗"
ROOT = Path(__file__).parents[1]


@pytest.fixture
async def house(tmp_path: Path) -> AsyncIterator[House]:
    house = House(tmp_path)
    await house.settle()
    yield house
    house.store.close()


def lines_of(text: str) -> int:
    return sum(max(1, -(-len(line) // fitting.ELDER.line)) for line in text.split("\n"))


async def all_of(house: House, question: str) -> list[str]:
    """Ask, and read on to the end."""
    said = [reply.text for reply in await house.say("居民甲", question)]
    for _ in range(20):
        more = [reply.text for reply in await house.say("居民甲", "更多")]
        if "已经说完" in more[0]:
            return said
        said += more
    raise AssertionError(said)


async def test_every_message_is_short_and_nothing_is_lost(house: House) -> None:
    whole = "".join(await all_of(house, QUESTION))
    [turned] = await house.say("居民甲", "长辈模式")
    pieces = await all_of(house, QUESTION)

    assert "普通模式" in turned.text
    assert max(lines_of(piece) for piece in pieces) <= 5

    def bare(text: str) -> str:
        return re.sub(r"（回复「更多」看后面的内容）|\s", "", text)

    assert bare("".join(pieces)) == bare(whole)


async def test_it_lasts_until_it_is_taken_back(house: House) -> None:
    await house.say("居民甲", "长辈模式")
    house.restart()
    large = await house.say("居民甲", QUESTION)
    [back] = await house.say("居民甲", "普通模式")
    normal = await house.say("居民甲", QUESTION)

    assert all(reply.large for reply in large)
    assert not back.large
    assert not any(reply.large for reply in normal)
    assert len(normal[0].text) > len(large[0].text)


@pytest.mark.parametrize(
    "words",
    [
        "长辈模式",
        "老人模式",
        "大字版",
        "字大一点",
        "打开长辈模式",
        "字太小了",
        "太长了看不懂",
        "说简单点",
    ],
)
async def test_it_is_asked_for_in_ones_own_words(house: House, words: str) -> None:
    [turned] = await house.say("居民甲", words)

    assert turned.text.startswith(texts.ELDER_ON[:10])


async def test_a_form_and_its_choices_stay_whole(house: House) -> None:
    await house.say("居民甲", "长辈模式")
    await house.say("居民甲", "芳草苑3栋2单元楼道灯不亮了")
    shown = await house.say("居民甲", "菜单")

    assert all(lines_of(reply.text) <= 5 for reply in shown)
    assert [c.number for c in shown[-1].choices][:2] == [1, 2]


async def test_what_saves_somebody_is_said_whole_and_first(house: House) -> None:
    normal = await house.say("居民乙", "着火了")
    await house.say("居民甲", "长辈模式")
    elder = await house.say("居民甲", "着火了")

    assert [reply.text for reply in elder] == [reply.text for reply in normal]
    assert all(reply.large for reply in elder)


async def test_a_group_reads_as_everybody_does(house: House) -> None:
    await house.say("居民甲", "长辈模式")

    said = await house.say("居民甲", QUESTION, group=RESIDENTS_GROUP)

    assert not any(reply.large for reply in said)


async def test_what_is_said_unasked_is_short_too_and_the_rest_is_kept(house: House) -> None:
    await house.say("居民甲", "长辈模式")
    person = await house.store.run(lambda tx: tx.residents.named("居民甲")[0])
    long = "".join(f"第{n}句话讲的是修好了没有。" for n in range(30))
    await house.store.run(
        lambda tx: notify.tell_resident(
            tx, person.id, key="k", text=long, topic="tickets", choices=[Choice("好", "menu.x")]
        )
    )

    said = [text for _to, text in await house.delivered()]
    rest = []
    for _ in range(10):
        more = [reply.text for reply in await house.say("居民甲", "更多")]
        if "已经说完" in more[0]:
            break
        rest += more

    assert len(said) == 2
    assert max(lines_of(text) for text in [*said, *rest]) <= 5
    assert all(f"第{n}句" in "".join([*said, *rest]) for n in range(30))


def test_buttons_of_telegram_are_also_written_out(tmp_path: Path) -> None:
    async def moved(_old: int, _new: int) -> None:
        """Nobody moves here."""

    store = a_store(a_database(tmp_path))
    caps = Caps(Pace(), store)
    sender = TelegramSender(Client("1:abc", None), _NoFiles(), lambda: "bot", moved, caps)
    reply = Reply("要办什么？", (Choice("报修", "a", 1), Choice("积分", "b", 2)), menu="m")

    [plain] = sender.shots("7", reply, "7")
    [large] = sender.shots("7", replace(reply, large=True), "7")
    store.close()

    assert plain.text == "要办什么？"
    assert large.text == "要办什么？\n1 报修\n2 积分"


class _NoFiles:
    def path(self, name: str) -> Path:
        raise ValueError(name)


# Numbers


@pytest.mark.parametrize(
    ("written", "figures"),
    [
        ("接单 一零零一", "接单 1001"),
        ("接单 一千零一", "接单 1001"),
        ("收到 十二", "收到 12"),
        ("报名 三", "报名 3"),
        ("二十五", "25"),
        ("没有", "没有"),
    ],
)
def test_chinese_numerals_are_read(written: str, figures: str) -> None:
    assert with_figures(written) == figures


@pytest.mark.parametrize("number", ["1001", "１００１", "一零零一", "一千零一"])
async def test_a_number_is_understood_in_every_script(house: House, number: str) -> None:
    await house.say("居民甲", "芳草苑3栋2单元楼道灯不亮了")
    await house.say("居民甲", "确认")

    [accepted] = await house.say("物业甲", f"接单 {number}")
    [withdrawn] = await house.say("居民甲", f"撤回 {number}")

    assert "1001" in accepted.text
    assert "1001" in withdrawn.text


@pytest.mark.parametrize("words", ["已访 三", "已访 ３", "已访三", "回 一 您好", "收到 一"])
def test_commands_of_staff_take_them_too(words: str) -> None:
    from handlers.router import ANY_COMMAND  # noqa: PLC0415

    assert fold.says_any(ANY_COMMAND, words)


def test_nothing_we_say_is_a_link_alone() -> None:
    link = re.compile(r"\s*(?:https?://|weixin://|t\.me/)\S+\s*")

    assert [text for text in _everything_we_say() if link.fullmatch(text)] == []


def test_nothing_we_say_bears_the_marks_of_markdown() -> None:
    marks = re.compile(r"\*\*|__|`|\]\(|^\s{0,3}(?:#{1,6}|[-*+]|>)\s", re.MULTILINE)
    read_in_chat = [
        text
        for text in _everything_we_say("handlers")
        if re.search(r"[\u4e00-\u9fff]", text) and not re.search(r"\(\?|\\", text)
    ]

    assert len(read_in_chat) > 1000
    assert [text for text in read_in_chat if marks.search(text)] == []


def _everything_we_say(*rooms: str) -> list[str]:
    """Return what stands in the texts files, patterns among it, and in the entries."""
    texts_of = [
        node.value
        for room in rooms or ("handlers", "bot")
        for path in ROOT.glob(f"{room}/**/texts.py")
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    ]
    entries = [
        said
        for entry in knowledge().entries.values()
        for said in (entry.short, *entry.next, *(fact.say for fact in entry.facts))
    ]
    return [*texts_of, *entries]
