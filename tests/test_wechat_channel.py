"""The WeChat channel through its webhook, posted to as WeChat does, in all three modes."""

from pathlib import Path

import pytest

from tests.peers.wechat.phone import Phone, xml
from tests.wechat_house import a_house, settings

MODES = ("plain", "compatible", "safe")
LI = "oLiAyi0000000000000000000001"
WANG = "oWangBo000000000000000000002"


@pytest.mark.parametrize("mode", MODES)
async def test_a_question_is_answered_in_the_mode_it_was_asked_in(
    mode: str, tmp_path: Path
) -> None:
    async with a_house(tmp_path, mode=mode) as house:
        answer = await house.phone.say(LI, "物业服务差，我能不交物业费吗")

    assert answer.fields["ToUserName"] == LI
    assert answer.fields["FromUserName"] == "gh_made_up_account"
    assert answer.fields["MsgType"] == "text"
    assert "民法典" in answer.text
    assert "1 " in answer.text
    assert "9 人工" in answer.text
