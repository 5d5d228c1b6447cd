"""Talks about being reached: after an outage, topics, addresses, visits, large type."""

from tests.journeys.journey import (
    LINE_BREAKS,
    LINE_COMES,
    RESTART,
    Happens,
    Journey,
    Waits,
    group_sees,
    says,
    sees,
    unanswered,
)

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

TALKS = (OUTAGE,)
