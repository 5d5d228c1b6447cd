"""Talks about being reached: after an outage, topics, addresses, visits, large type."""

from random import Random

from bot.script.house import SEED
from handlers.residents.rules import new_code
from tests.journeys.journey import (
    BLOCKS,
    LINE_BREAKS,
    LINE_COMES,
    RESTART,
    UNBLOCKS,
    Happens,
    Journey,
    Waits,
    group_sees,
    presses,
    says,
    says_in,
    sees,
    unanswered,
)

_LUCK = Random(SEED)
PAPER, OWN, SHOWN = (new_code(_LUCK) for _ in range(3))
"""The codes of every play of a script, in the order they are made."""

STAFF = "建港社区工作群"

OUTAGE = Journey(
    "after two hours without a line nobody gets a stale answer",
    (
        says("居民甲", "楼道灯不亮了", "哪"),
        Happens(LINE_BREAKS),
        unanswered("居民甲", "芳草苑3栋"),
        unanswered("居民甲", "喂，有人吗"),
        unanswered("居民乙", "家里着火了"),
        Waits("+2h"),
        unanswered("居民丙", "我的积分"),
        Happens(RESTART),
        Waits("+5m"),
        Happens(
            LINE_COMES,
            (
                sees("居民甲", "今天上午 9 点", "没有处理"),
                sees("居民甲", "哪"),
                sees("居民乙", "119", "才看到"),
                group_sees(STAFF, "【迟到的求助】", "核实", lacks=("居民乙", "【紧急】")),
                sees("居民丙", "积分", lacks=("对不起",)),
            ),
        ),
        says("居民甲", "芳草苑3栋", "楼道灯不亮", "3栋"),
    ),
)

STOP = Journey(
    "who wants to hear less says so, and hears it again when they wish",
    (
        says("居民甲", "停", "不想再收哪一种", "积分（"),
        presses("居民甲", "积分（", "不再给您发「积分」", "恢复 积分"),
        says("书记甲", "给居民甲加5分 门前整洁", "已给居民甲加 5 分"),
        says("居民甲", "我的通知", "积分：停了", "报修：照发"),
        says("居民甲", "我的积分", "35 个积分"),
        says("居民甲", "恢复", "「积分」", "恢复了"),
        says(
            "书记甲",
            "给居民甲加5分 楼道整洁",
            more=(sees("居民甲", "40 分", "回复「停 积分」"),),
        ),
        says("居民甲", "停水了怎么办", lacks=("不想再收", "不再给您发")),
        says_in("芳草苑居民群", "居民甲", "@小二 停", "私聊"),
    ),
)

STOP_SHIFTS = Journey(
    "who stopped reminders of shifts is not reminded, and is when they resume",
    (
        says("志愿者甲", "报名红建路文明值守", "报名成功"),
        says("志愿者乙", "报名红建路文明值守", "报名成功"),
        says("志愿者甲", "停 班次", "不再给您发「班次」"),
        Waits("=2026-11-24T06:01", (sees("志愿者乙", "红建路文明值守"),), nobody=("志愿者甲",)),
    ),
    start="2026-11-23T20:00",
)

VISIT = Journey(
    "whom no message reaches is visited, and settled by number or by writing again",
    (
        says("居民乙", "芳草苑3栋2单元楼道灯不亮了", "请核对"),
        says("居民乙", "确认", "1001"),
        Happens(f"{BLOCKS}居民乙"),
        says_in(
            STAFF,
            "物业甲",
            "接单 1001",
            "1001",
            more=(group_sees(STAFF, "【待访 1】", "芳草苑小区3栋", lacks=("居民乙",)),),
        ),
        says_in(STAFF, "楼栋长甲", "待访", "待访 1：芳草苑小区3栋", lacks=("居民乙",)),
        says("居民甲", "待访", "权限"),
        says("楼栋长甲", "待访", "居民乙（芳草苑小区3栋", "1001", "已访 1"),
        says("楼栋长甲", "已访 1", "已经去过"),
        says("楼栋长甲", "待访", "没有要上门"),
        says_in(STAFF, "物业甲", "办结 1001 换好了灯泡", more=(group_sees(STAFF, "【待访 2】"),)),
        Happens(f"{UNBLOCKS}居民乙"),
        says("居民乙", "灯修了没有", more=(sees("居民乙", "换好了灯泡"),)),
        says("楼栋长甲", "已访 2", "可能已经有人去过"),
    ),
)

LEFT = Journey(
    "who closed the page finds there what came, and is visited when it lay there for a day",
    (
        says("居民乙", "芳草苑3栋2单元楼道灯不亮了", "请核对"),
        says("居民乙", "确认", "1001"),
        Happens(f"{BLOCKS}居民乙"),
        says_in(STAFF, "物业甲", "接单 1001", "1001"),
        says("楼栋长甲", "待访", "没有要上门"),
        Waits("+25h", (group_sees(STAFF, "【待访 1】", "芳草苑小区3栋", lacks=("居民乙",)),)),
        Happens(f"{UNBLOCKS}居民乙"),
        says("居民乙", "灯修了没有", more=(sees("居民乙", "物业已接单"),)),
        says("楼栋长甲", "已访 1", "可能已经有人去过"),
    ),
)
"""On the web page only: nothing is refused there, it lies until it is read."""

LOST = Journey(
    "who wrote while the line was broken writes again, and hears then what waited for it",
    (
        says("志愿者甲", "报名红建路文明值守", "报名成功"),
        says("居民甲", "楼道灯不亮了", "哪"),
        Happens(LINE_BREAKS),
        unanswered("居民甲", "芳草苑3栋"),
        Waits("=2026-11-24T06:01", nobody=("志愿者甲",)),
        Happens(RESTART),
        Happens(LINE_COMES),
        Waits("=2026-11-24T07:30", (sees("志愿者甲", "红建路文明值守"),), nobody=("居民甲",)),
        says("居民甲", "芳草苑3栋", "楼道灯不亮", "3栋"),
    ),
    start="2026-11-23T20:00",
)
"""On WeChat and WeCom only: other platforms keep what people say while the line is broken."""

CONTACT = Journey(
    "whom the account cannot write to reads at the next contact what came, and can answer it",
    (
        says("居民乙", "芳草苑3栋2单元楼道灯不亮了", "请核对"),
        says("居民乙", "确认", "1001"),
        says_in(STAFF, "物业甲", "接单 1001", "1001"),
        Happens(RESTART),
        says_in(STAFF, "楼栋长甲", "待访", "没有要上门"),
        says("居民乙", "我的积分", "今天", "物业已接单", "个积分", lacks=("您现在有 30",)),
        says("居民乙", "我的积分", "个积分", lacks=("物业已接单",)),
        says_in(STAFF, "物业甲", "办结 1001 换好了灯泡", "1001"),
        says("居民乙", "我的积分", "换好了灯泡", "2 没解决", "个积分"),
        says("居民乙", "2", "1001", "重新"),
        says_in(STAFF, "物业甲", "接单 1001", "1001"),
        Waits("+25h", (group_sees(STAFF, "【待访 1】", "芳草苑小区3栋", lacks=("居民乙",)),)),
        says("居民乙", "我的积分", "物业已接单", "个积分"),
        says("楼栋长甲", "已访 1", "可能已经有人去过"),
    ),
)
"""On an account of WeChat that only answers: nothing is refused there, it lies until they write."""

BINDING = Journey(
    "an account becomes somebody's by paper or by their own code, and nobody's again",
    (
        says("楼栋长甲", "给居民乙开口令", PAPER),
        says("新手机", "我的积分", lacks=("30",)),
        says(
            "新手机",
            f"绑定 {PAPER}",
            "绑定成功，居民乙您好",
            more=(sees("居民乙", "绑定到您名下"),),
        ),
        Waits("+1m", nobody=("居民乙",)),
        says("新手机", "我的码", OWN, "10 分钟"),
        says("平板", f"绑定 {OWN}", "绑定成功，居民乙您好"),
        says("平板", "我是谁", "居民乙"),
        says("又一个", f"绑定 {OWN}", "已经用过"),
        says("楼栋长甲", "给居民丙开口令", SHOWN),
        says_in("芳草苑居民群", "居民丙", f"@小二 绑定 {SHOWN}", "已经作废"),
        says("新手机", f"绑定 {SHOWN}", "已经用过"),
        says("平板", "解绑", "哪一个"),
        presses("平板", "现在这个", "解绑这个"),
        presses("平板", "确认解绑", "已解绑"),
        says("平板", "我是谁", "还不知道您是谁"),
        says("居民乙", "我是谁", "居民乙"),
    ),
)

ELDER = Journey(
    "who wants large letters reads short pieces, and goes on by a word",
    (
        says("居民甲", "长辈模式", "长辈模式开了"),
        says(
            "居民甲",
            "物业服务不好能不交物业费吗",
            more=(sees("居民甲", "回复「更多」", "1 有用"),),
        ),
        says("居民甲", "更多", "回复 9"),
        says("居民甲", "更多", "怎么办"),
        says("居民甲", "芳草苑三栋二单元楼道灯不亮了", "1 确认提交"),
        says("居民甲", "１", "1001"),
        says("居民甲", "撤回 一零零一", "1001"),
        says("居民甲", "普通模式", "改回普通模式"),
        says("居民甲", "物业服务不好能不交物业费吗", "民法典第944条", "尚待律师复核"),
    ),
)

TALKS = (OUTAGE, ELDER, BINDING, STOP, STOP_SHIFTS, VISIT)
