"""Libraries nobody here wrote post to our doors and read our answers; the house from outside."""

import asyncio
import json
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from websockets.asyncio.client import connect

from bot.channels.tencent.envelope import Forged
from bot.channels.tencent.xml import parse, text
from bot.channels.wecom.door import Door
from tests.peers import node
from tests.peers.node import Answering
from tests.peers.telegram.judge import PYTHON, ROOT
from tests.peers.wecom.gateway import BOT_ID, SECRET, Gateway, subscribed
from tests.peers.wecom.poster import AES_KEY, CORP_ID, TOKEN
from tests.test_wechat_peers import TEXTS, needs_node, needs_python

NOW = datetime(2026, 11, 23, 4, 0, tzinfo=UTC)
MOMENT = str(int(NOW.timestamp()))
NONCE = "1372623149"
KNOWN = {"key": AES_KEY, "token": TOKEN, "moment": MOMENT, "nonce": NONCE}
SOME = TEXTS[::7]


@pytest.fixture(scope="module")
def libraries() -> Iterator[Answering]:
    assert node.NODE is not None
    with node.answering(node.NODE, str(node.FOLDER / "crypto.mjs")) as program:
        yield program


@pytest.fixture(scope="module")
def python() -> Iterator[Answering]:
    command = ("env", f"--chdir={ROOT}", str(PYTHON), "-m", "tests.peers.wechat.foreign")
    with node.answering(*command) as program:
        yield program


@needs_node
def test_tencents_own_library_posts_to_the_app_and_reads_its_answer(libraries: Answering) -> None:
    wecom = {**KNOWN, "lib": "@wecom/crypto", "id": CORP_ID}
    door = Door(TOKEN, AES_KEY, CORP_ID)
    documents = [f"<xml><Content><![CDATA[{said}]]></Content></xml>" for said in SOME]
    documents = [one for one in documents if one.count("]]>") == 1]

    sealed = libraries.ask([{**wecom, "do": "encrypt", "text": one} for one in documents])
    signed = libraries.ask([{**wecom, "do": "sign", "text": one["text"]} for one in sealed])
    admitted = [
        door.admit_xml(
            {"timestamp": MOMENT, "nonce": NONCE, "msg_signature": sign["text"]},
            f"<xml><Encrypt><![CDATA[{one['text']}]]></Encrypt></xml>".encode(),
            NOW,
        )
        for one, sign in zip(sealed, signed, strict=True)
    ]
    answers = [parse(door.seal_xml(one, NOW).encode()) for one in documents]
    opened = libraries.ask(
        [{**wecom, "do": "decrypt", "text": text(one, "Encrypt")} for one in answers]
    )
    resigned = libraries.ask(
        [
            {**wecom, "do": "sign", "text": text(one, "Encrypt"), "nonce": text(one, "Nonce")}
            for one in answers
        ]
    )

    assert admitted == [parse(one.encode()) for one in documents]
    assert [one["text"] for one in opened] == documents
    assert {one["id"] for one in opened} == {CORP_ID}
    assert [one["text"] for one in resigned] == [text(one, "MsgSignature") for one in answers]


@needs_node
def test_what_is_sealed_for_another_corporation_is_refused(libraries: Answering) -> None:
    other = {**KNOWN, "lib": "@wecom/crypto", "id": "ww9999999999999999"}
    [sealed] = libraries.ask([{**other, "do": "encrypt", "text": "<xml/>"}])
    [signed] = libraries.ask([{**other, "do": "sign", "text": sealed["text"]}])
    query = {"timestamp": MOMENT, "nonce": NONCE, "msg_signature": signed["text"]}
    body = f"<xml><Encrypt>{sealed['text']}</Encrypt></xml>".encode()

    with pytest.raises(Forged):
        Door(TOKEN, AES_KEY, CORP_ID).admit_xml(query, body, NOW)
    with pytest.raises(Forged):
        Door(TOKEN, AES_KEY, "").admit_xml(query, body, NOW)


@needs_python
def test_wx_crypt_posts_to_the_smart_robot_and_reads_its_answer(python: Answering) -> None:
    robot = {**KNOWN, "lib": "wx-crypt", "id": ""}
    door = Door(TOKEN, AES_KEY, "")
    posted = [json.dumps({"text": {"content": said}}) for said in SOME]

    sealed = python.ask([{**robot, "do": "encrypt", "text": one} for one in posted])
    admitted = [
        door.admit_json(
            {"timestamp": MOMENT, "nonce": NONCE, "msg_signature": one["signature"]},
            json.dumps({"encrypt": one["text"]}).encode(),
            NOW,
        ).decode()
        for one in sealed
    ]
    answers = [json.loads(door.seal_json(one, NOW)) for one in posted]
    opened = python.ask(
        [
            {
                **robot,
                "do": "decrypt",
                "text": one["encrypt"],
                "signature": one["msgsignature"],
                "moment": str(one["timestamp"]),
                "nonce": one["nonce"],
            }
            for one in answers
        ]
    )

    assert admitted == posted
    assert [one["text"] for one in opened] == posted


@needs_node
async def test_the_platforms_own_client_works_on_the_gateway_of_the_tests() -> None:
    async with Gateway() as gateway:
        asked = {"url": gateway.url, "id": BOT_ID, "secret": SECRET}
        client = asyncio.create_task(node.run("aibot_client.mjs", asked))
        await gateway.until(1)
        heard = await gateway.ask("LiSi", "你好")
        whole = await gateway.answer(heard)
        entered = await gateway.robot("LiSi", msgtype="event", event={"eventtype": "enter_chat"})
        welcome = await gateway.answer(entered)
        await gateway.pushes()
        await gateway.ping_again()
        async with connect(gateway.url, proxy=None) as other:
            await other.send(json.dumps(subscribed(SECRET)))
            seen = await client
        refused = await node.run("aibot_client.mjs", {**asked, "secret": "x"})

    assert seen == {"acks": [0, 0, 0, 0], "authenticated": True, "replaced": True, "text": "你好"}
    assert whole["stream"]["content"] == "heard 你好"
    assert welcome["text"]["content"] == "hello"
    assert "853000" in refused["error"]
    assert gateway.violations == []
