"""Faces, recordings, pictures and codes alone: what comes without a sentence is answered too."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from handlers import texts
from handlers.courtesy import texts as courtesy
from handlers.handover import texts as handover
from handlers.message import Attachment, AttachmentKind, Message, Reply
from handlers.residents import texts as residents
from tests.houses import CHANNEL, STAFF_GROUP, House
from tests.peers.wechat.server import WeChatPeer
from tests.stores import Database
from tests.wechat_house import a_house
from tests.wechat_street import LI, account

REPORT = "三栋二单元电梯坏了"


@pytest.fixture
async def house(database: Database, tmp_path: Path) -> AsyncIterator[House]:
    opened = House(tmp_path, database=database)
    await opened.settle()
    yield opened
    opened.store.close()


async def send(house: House, kind: AttachmentKind, number: str, media: str | None = None) -> Reply:
    """Have 居民甲 send something without words."""
    sent = Message(
        channel=CHANNEL,
        chat="居民甲",
        sender="居民甲",
        text="",
        platform_id=number,
        attachments=(Attachment(kind, media=media),),
    )
    [reply] = await house.dispatcher.handle(sent)
    return reply


@pytest.mark.parametrize("faces", ["[微笑]", "[玫瑰][玫瑰]", "🙏", "👵🏻 ❤️！", "☺"])
async def test_a_face_is_no_question_and_no_answer_to_a_form(house: House, faces: str) -> None:
    [alone] = await house.say("居民甲", faces)
    await house.say("居民甲", "我要报修")
    [heard, question] = await house.say("居民甲", faces)
    [next_question] = await house.say("居民甲", "电梯坏了")

    assert alone.text == courtesy.FACES_ANSWER
    assert heard.text == courtesy.FACES_AMID
    assert "什么东西坏了" in question.text
    assert faces not in next_question.text


async def test_a_thumb_up_still_submits_a_report(house: House) -> None:
    await house.say("居民甲", REPORT)
    [done] = await house.say("居民甲", "[强]")

    assert "1001" in done.text


@pytest.mark.parametrize(
    ("kind", "media", "answer", "card"),
    [
        (AttachmentKind.VOICE, None, handover.VOICE_UNHEARD, handover.CARD_VOICE),
        (AttachmentKind.OTHER, None, handover.UNREADABLE, handover.CARD_OTHER),
        (AttachmentKind.LOCATION, None, handover.UNREADABLE, handover.CARD_OTHER),
        (AttachmentKind.PHOTO, "p.jpg", handover.PHOTO_PASSED_ALONG, handover.card_photos(1)),
    ],
)
async def test_who_waits_for_a_person_is_not_told_to_call_one(
    house: House, kind: AttachmentKind, media: str | None, answer: str, card: str
) -> None:
    await house.say("居民甲", "9")
    await house.delivered()
    told = await send(house, kind, "w1", media)
    cards = [text for chat, text in await house.delivered() if chat == STAFF_GROUP]

    assert told.text == answer
    assert cards == [handover.card_more(1, card)]


async def test_a_recording_amid_a_report_reaches_who_is_awaited(house: House) -> None:
    await house.say("居民甲", "我要报修")
    await house.say("居民甲", "9")
    await house.delivered()
    sent = Message(
        channel=CHANNEL,
        chat="居民甲",
        sender="居民甲",
        text="",
        platform_id="w1",
        attachments=(Attachment(AttachmentKind.VOICE),),
    )
    [told, _question] = await house.dispatcher.handle(sent)
    [(_, card)] = await house.delivered()

    assert told.text == handover.VOICE_UNHEARD
    assert card == handover.card_more(1, handover.CARD_VOICE)


async def test_the_second_call_shows_its_own_matter(house: House) -> None:
    await house.say("居民甲", "孙子上哪所小学要看户口吗")
    await house.say("居民甲", "9")
    await house.say("书记甲", "回 1 您好")
    await house.say("书记甲", "交还 1")
    await house.delivered()
    await house.say("居民甲", "9")
    bare = await house.delivered()
    listed = await house.say("书记甲", "待回")
    await house.say("书记甲", "回 2 您好")
    await house.say("书记甲", "交还 2")
    await house.say("居民甲", "我要报修")
    await house.say("居民甲", "水管漏水")
    await house.delivered()
    await house.say("居民甲", "9")
    drafted = await house.delivered()

    assert "小学" not in bare[0][1]
    assert handover.UNSAID in listed[0].text
    assert handover.drafting("水管漏水") in drafted[0][1]


@pytest.mark.parametrize("words", ["怎么绑定", "口令", "我要绑定，口令在哪里拿", "没有口令"])
async def test_who_asks_for_a_code_is_told_where_it_is(house: House, words: str) -> None:
    [told] = await house.say("陌生人", words)

    assert told.text.endswith(residents.BIND_HOW)


async def test_staff_on_an_account_nobody_knows_yet_are_told_to_bind_it(house: House) -> None:
    [told] = await house.say("陌生人", "待办")

    assert "口令" in told.text


@pytest.mark.parametrize("written", ["{}", "口令是{}", "我的口令：{}", "绑定口令 {}"])
async def test_a_code_copied_from_the_paper_binds(house: House, written: str) -> None:
    [made] = await house.say("书记甲", "给居民乙开口令")
    code = made.text.split("：")[1][:8]
    [bound] = await house.say("陌生人", written.format(code))

    assert "居民乙您好" in bound.text


async def test_a_sticker_is_said_to_be_unreadable(tmp_path: Path) -> None:
    async with a_house(tmp_path) as street:
        await street.say(LI, "你好")
        answer = await street.say(LI, "【收到不支持的消息类型，暂无法显示】")

    assert answer == texts.UNKNOWN_KIND


async def test_a_button_of_an_earlier_menu_fills_in_no_report(tmp_path: Path) -> None:
    async with a_house(tmp_path) as street:
        await street.say(LI, "我要报修")
        await street.say(LI, "水管漏水")
        answer = await street.phone.event(LI, "CLICK", EventKey="report_v1")
        asked_on = await street.say(LI, "三栋")

    assert answer.text.startswith(texts.OLD_MENU)
    assert "report_v1" not in asked_on


async def test_a_lost_picture_is_named_before_what_to_do_without_it(tmp_path: Path) -> None:
    async with WeChatPeer() as peer, a_house(tmp_path, account(peer)) as street:
        await street.say(LI, "你好")
        address = f"{peer.url}/photo/none"
        answer = await street.phone.send(LI, "image", PicUrl=address, MediaId="gone")

    assert answer.text.startswith("您发的照片我没有收到")
    assert answer.text.endswith(texts.PHOTO_MISSING)


async def test_who_follows_is_greeted_once(tmp_path: Path) -> None:
    async with a_house(tmp_path) as street:
        answer = await street.phone.event(LI, "subscribe", EventKey="qrscene_3")

    assert answer.text.startswith(texts.welcome(street.house.street.name))
    assert answer.text.count("您好") == 1
