"""What nobody could answer is kept, and shown to staff who answer: by the real dispatcher."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from knowledge.matcher import Decision
from storage.words import ClusterState
from tests.houses import RESIDENTS_GROUP, STAFF_GROUP, House, knowledge, small_knowledge
from tests.learning_house import (
    ENTRY,
    HOUR,
    LIKED,
    MACHINE,
    MACHINE_TOO,
    a_house,
    asked,
    minute,
    open_clusters,
    said,
    wait,
)

JOKE = "打游戏输了能投诉队友吗"
"""Put like a question of law, but idle talk."""
OFFERED = next(
    text
    for entry in knowledge().entries.values()
    for text in entry.phrasings
    if small_knowledge().read(text).match.decision is Decision.OFFER
)
WAGES = "公司拖欠工资怎么要回来"


@pytest.fixture
async def house(tmp_path: Path) -> AsyncIterator[House]:
    async with a_house(tmp_path) as house:
        yield house


# What gets in.


async def test_only_questions_about_something_are_kept(house: House) -> None:
    for text in (WAGES, "讲个笑话", JOKE, "今天武汉天气怎么样", "待答", "哈哈哈", "我的积分"):
        await house.say("居民甲", text)
    await wait(house, HOUR)

    [cluster] = await open_clusters(house)
    assert cluster.askers == 1
    assert WAGES in await said(house, "书记甲", "待答")


async def test_chatter_is_not_said_to_be_written_down(house: House) -> None:
    assert "记下来了" in await said(house, "居民甲", WAGES)
    assert "记下来了" not in await said(house, "居民乙", JOKE)


async def test_an_offer_waits_an_hour_for_a_choice(house: House) -> None:
    await house.say("居民甲", OFFERED)
    await house.say("居民乙", OFFERED)
    await house.say("居民乙", "1")
    await minute(house)
    assert await open_clusters(house) == []

    await wait(house, HOUR)

    [cluster] = await open_clusters(house)
    assert (cluster.asked, cluster.askers) == (1, 1)


async def test_a_thumb_down_is_kept_with_what_was_given_and_a_thumb_up_takes_it_back(
    house: House,
) -> None:
    for who in ("居民甲", "居民乙"):
        await house.say(who, LIKED)
        await house.say(who, "没用")
    await house.say("居民乙", "有用")
    await wait(house, HOUR)

    [cluster] = await open_clusters(house)
    shown = await said(house, "书记甲", f"待答 {cluster.number}")
    assert cluster.askers == 1
    assert f"没帮上，给的是「{ENTRY.title}」" in shown


async def test_the_same_person_asking_twice_is_one_asker(house: House) -> None:
    for _ in range(2):
        await house.say("居民甲", WAGES)
    await house.say("居民乙", "公司拖欠工资怎么才能要回来")
    await wait(house, HOUR)

    [cluster] = await open_clusters(house)
    assert (cluster.asked, cluster.askers) == (3, 2)


# What staff see.


async def test_most_askers_come_first_a_page_at_a_time(house: House) -> None:
    rare = ["离婚孩子判给谁", "酒驾被抓会怎么判", "遗嘱怎么写才有效", "网贷逾期会坐牢吗"]
    rare += ["注册商标需要多少钱", "商家不给退定金怎么办", "彩礼能不能要回来"]
    for text in rare:
        await house.say("居民甲", text)
    for who in ("居民甲", "居民乙"):
        await house.say(who, WAGES)
    await wait(house, HOUR)

    first = await said(house, "书记甲", "待答")
    second = await said(house, "书记甲", "待答 下一页")

    assert first.splitlines()[1].endswith("（2 人，今天起）")
    assert "发「待答 下一页」" in first
    shown = [text for text in rare if text in first]
    assert [text for text in rare if text in second] == rare[len(shown) :]
    assert "后面没有了" in await said(house, "书记甲", "待答 下一页")


async def test_staff_see_no_personal_words(house: House) -> None:
    text = "我是居民甲，我叫王小二，住3栋2单元501，电话13800138000，公司拖欠工资怎么要回来"
    await house.say("居民甲", text)
    await wait(house, HOUR)

    for where in (None, STAFF_GROUP):
        shown = await said(house, "书记甲", "待答", where) + await said(
            house, "书记甲", "待答 1", where
        )
        assert "拖欠工资" in shown
        for secret in ("居民甲", "王小二", "501", "13800138000"):
            assert secret not in shown


async def test_residents_and_their_groups_see_nothing(house: House) -> None:
    await asked(house)

    for text in (
        "待答",
        "待答 1",
        "答 1 好的",
        "不答 1 原因",
        "归入 1 1",
        "待批",
        "准 1",
        "问法 1",
    ):
        assert "权限" in await said(house, "居民甲", text)
        assert await said(house, "书记甲", text, RESIDENTS_GROUP) == ""


async def test_a_wrong_number_or_a_missing_word_is_told_what_to_do(house: House) -> None:
    await asked(house)

    assert "说「待答」" in await said(house, "书记甲", "待答 99")
    assert "答 1 您好" in await said(house, "书记甲", "答 1")
    assert "不答 1 和居民" in await said(house, "书记甲", "不答 1")
    assert "发「待答 1」" in await said(house, "书记甲", "归入 1")
    assert "发「待答 1」" in await said(house, "书记甲", "归入 1 1")
    assert "没有「no-such」" in await said(house, "书记甲", "归入 1 no-such")
    assert "说「待批」" in await said(house, "律师甲", "准 99")
    assert "200 个字" in await said(house, "书记甲", "答 1 " + "好" * 201)


# Answering and dismissing.


async def test_a_staff_answer_reaches_each_asker_once_and_is_marked(house: House) -> None:
    await asked(house)

    confirmed = await said(house, "书记甲", "答 1 这件事请周三到党群驿站问律师")

    told = await house.delivered()
    assert "2 位" in confirmed
    assert sorted(who for who, _ in told) == ["居民乙", "居民甲"]
    for _, text in told:
        assert "社区书记答复您：这件事请周三到党群驿站问律师" in text
        assert "工作人员答复" in text
    assert MACHINE in dict(told)["居民甲"]
    assert MACHINE_TOO in dict(told)["居民乙"]
    assert await open_clusters(house) == []
    assert "已经处理完了" in await said(house, "书记甲", "答 1 再说一遍")
    assert "答复了问的人：这件事请周三" in await said(house, "街道甲", "待答 1")


async def test_staff_answer_for_their_own_part_of_the_street(house: House) -> None:
    await house.say("居民甲", WAGES)
    await house.say("居民丁", WAGES)
    await wait(house, HOUR)

    confirmed = await said(house, "书记甲", "答 1 请打 12333")
    told = await house.delivered()
    [left] = await open_clusters(house)
    await house.say("街道甲", "答 1 请打 12333")

    assert "另有 1 人" in confirmed
    assert [who for who, _ in told] == ["居民甲"]
    assert left.askers == 1
    assert [who for who, _ in await house.delivered()] == ["居民丁"]
    assert await open_clusters(house) == []


async def test_a_staff_answer_at_night_arrives_in_the_morning(house: House) -> None:
    await asked(house)
    await wait(house, 9 * HOUR)

    await house.say("书记甲", "答 1 明天办")

    assert await house.delivered() == []
    assert len(await wait(house, 10 * HOUR)) == 2


async def test_a_wrong_answer_is_corrected_for_those_who_were_given_it(house: House) -> None:
    await asked(house)
    await house.say("书记甲", "答 1 请周三到党群驿站问律师")
    await house.delivered()

    done = await said(house, "书记甲", "更正 1 请周四到党群驿站问律师")

    assert "2 位收到过的居民会收到更正" in done
    told = await house.delivered()
    assert sorted(who for who, _ in told) == ["居民乙", "居民甲"]
    for _, text in told:
        assert "社区书记更正之前的答复，以这次为准：请周四到党群驿站问律师" in text
    assert "更正了答复：请周四" in await said(house, "书记甲", "待答 1")


async def test_a_correction_before_the_morning_is_all_that_is_heard(house: House) -> None:
    await asked(house)
    await wait(house, 9 * HOUR)
    await house.say("书记甲", "答 1 周三")
    await house.say("书记甲", "更正 1 周四")
    await house.say("书记甲", "更正 1：周五")

    told = await wait(house, 10 * HOUR)

    assert len(told) == 2
    assert all("周五" in text for _, text in told)


async def test_only_ones_own_answer_is_corrected(house: House) -> None:
    await asked(house)
    unanswered = await said(house, "书记甲", "更正 1 周四")
    await house.say("书记甲", "答 1 周三")
    await house.delivered()

    others = await said(house, "街道甲", "更正 1 周四")
    without = await said(house, "书记甲", "更正 1")

    assert "没有您发出过的答复" in unanswered
    assert "没有您发出过的答复" in others
    assert "请写上对的答复" in without
    assert await house.delivered() == []


async def test_what_is_dismissed_stays_so_for_its_repeats_too(house: House) -> None:
    await house.say("居民甲", WAGES)
    await wait(house, HOUR)

    done = await said(house, "书记甲", "不答 1 和居民事务无关")
    await house.say("居民乙", WAGES)
    await wait(house, HOUR)

    assert "不答了" in done
    assert await open_clusters(house) == []
    assert "书记甲不答：和居民事务无关" in await said(house, "律师甲", "待答 1")


async def test_an_answered_matter_opens_anew_when_it_is_asked_again(house: House) -> None:
    await house.say("居民甲", WAGES)
    await wait(house, HOUR)
    await house.say("书记甲", "答 1 请打 12333")
    await house.say("居民乙", WAGES)
    await wait(house, HOUR)

    first = await house.store.run(lambda tx: tx.learning.cluster(1))
    assert first is not None
    assert first.state is ClusterState.ANSWERED
    assert [cluster.number for cluster in await open_clusters(house)] == [2]
