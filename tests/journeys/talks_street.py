"""Talks about law, points, shifts, people who take over, groups and emergencies."""

from tests.journeys.journey import (
    DATABASE_COMES,
    DATABASE_GOES,
    RESTART,
    Happens,
    Journey,
    Waits,
    group_sees,
    presses,
    presses_in,
    says,
    says_in,
    sees,
    unanswered,
)

STAFF = "建港社区工作群"
RESIDENTS = "芳草苑居民群"

LAW = Journey(
    "a law question is answered with its articles and can be judged",
    (
        says(
            "居民甲",
            "物业服务不好能不交物业费吗",
            "民法典第944条",
            "尚待律师复核",
            more=(sees("居民甲", "怎么办", "1 有用", "看法律依据"),),
        ),
        presses("居民甲", "有用", "谢谢"),
        says("居民甲", "依据", "民法典第944条"),
        says("居民甲", "为什么这么回", "把握"),
        says("居民甲", "没用", "对不起", "9"),
        says("居民甲", "今天股票会涨吗", "这个我不会", lacks=("民法典",)),
    ),
)

POINTS = Journey(
    "points are shown to their owner and given by staff only",
    (
        says("居民甲", "我的积分", "30 个积分"),
        says("居民甲", "给居民乙加5分 门前整洁", "权限", lacks=("已给",)),
        says(
            "书记甲",
            "给居民乙加5分 门前整洁",
            "已给居民乙加 5 分",
            more=(sees("居民乙", "5 个积分", "门前整洁"),),
        ),
        says("居民乙", "我的积分", "5 个积分", "门前整洁"),
        says("书记甲", "给书记甲加5分 辛苦", "自己"),
        says("书记甲", "给志愿者甲加5分 值守", lacks=("已给",)),
        says("书记甲", "给居民乙加100分 门前整洁", "最多"),
        says("书记甲", "给居民乙加5分", "原因"),
        says("居民乙", "积分能换什么", "香囊", "20 分", "5 个积分"),
        says_in(RESIDENTS, "居民甲", "@小二 我的积分", "私聊", lacks=("30",)),
    ),
)

SHIFTS = Journey(
    "a volunteer signs up and is reminded once of each, over a restart, outside the night",
    (
        says("志愿者甲", "有什么班", "红建路文明值守", "建港清洁家园", "夜间巡逻"),
        says("志愿者甲", "1", "报名成功", "红建路文明值守", "提醒"),
        says("志愿者甲", "报名 3", "报名成功", "夜间巡逻"),
        says("志愿者甲", "我的班", "红建路文明值守", "夜间巡逻"),
        Waits("=2026-11-23T22:00", nobody=("志愿者甲",)),
        Happens(RESTART),
        Waits("=2026-11-24T05:59", nobody=("志愿者甲",)),
        Waits("=2026-11-24T06:00", (sees("志愿者甲", "红建路文明值守", at="2026-11-24T06:00"),)),
        Happens(RESTART),
        Waits("=2026-11-24T12:00", nobody=("志愿者甲",)),
    ),
)

SHIFT_REMINDERS = Journey(
    "the day before and two hours before a shift there is a reminder",
    (
        says("居民甲", "报名建港清洁家园", "报名成功"),
        Waits("=2026-11-25T13:59", nobody=("居民甲",)),
        Happens(RESTART),
        Waits("=2026-11-25T14:00", (sees("居民甲", "建港清洁家园", at="2026-11-25T14:00"),)),
        Waits("=2026-11-26T11:59", nobody=("居民甲",)),
        Waits("=2026-11-26T12:00", (sees("居民甲", "建港清洁家园", at="2026-11-26T12:00"),)),
        Waits("=2026-11-26T14:30", nobody=("居民甲",)),
    ),
)

SHIFT_CANCELLED = Journey(
    "a withdrawn sign-up reminds nobody and frees the place",
    (
        says("志愿者甲", "报名红建路文明值守", "报名成功"),
        says("志愿者甲", "取消报名", "已取消", "红建路文明值守"),
        says("志愿者甲", "我的班", lacks=("红建路文明值守",)),
        says("志愿者乙", "报名红建路文明值守", "报名成功"),
        Waits("=2026-11-24T06:01", (sees("志愿者乙", "红建路文明值守"),), nobody=("志愿者甲",)),
    ),
    start="2026-11-23T20:00",
)

ONE_PLACE = Journey(
    "the last place goes to the first, and to the next when it is given back",
    (
        says("居民甲", "报名建港清洁家园", "报名成功"),
        says("居民乙", "报名建港清洁家园", "满"),
        says("居民甲", "取消报名", "已取消"),
        says("居民乙", "报名建港清洁家园", "报名成功"),
    ),
)

HANDOVER = Journey(
    "a person takes over, the bot keeps silent, and comes back",
    (
        says("居民丙", "房子漏水和楼上说不清楚"),
        says(
            "居民丙",
            "9",
            "待回 1",
            "最晚今天",
            more=(group_sees(STAFF, "待回 1", lacks=("居民丙",)),),
        ),
        says_in(
            STAFF,
            "书记甲",
            "@小二 回 1 您好，下午上门看",
            "这就发给居民",
            more=(sees("居民丙", "社区书记", "下午上门看", lacks=("书记甲",)),),
        ),
        unanswered("居民丙", "好的，下午几点", more=(group_sees(STAFF, "待回 1", "下午几点"),)),
        unanswered("居民丙", "物业费可以不交吗"),
        says_in(
            STAFF,
            "书记甲",
            "@小二 交还 1",
            "交还",
            more=(sees("居民丙", "自动助手"),),
        ),
        says("居民丙", "有什么班", "夜间巡逻"),
    ),
)

HANDOVER_FORGOTTEN = Journey(
    "a talk that a person took over and forgot comes back to the bot after twelve hours",
    (
        says("居民丙", "人工", "待回 1"),
        says("网格员甲", "回 1 请问什么事", "这就发给居民", more=(sees("居民丙", "网格员"),)),
        unanswered("居民丙", "没事了"),
        Waits("+11h50m", nobody=("居民丙",)),
        Waits("+15m", (sees("居民丙", "自动助手"),)),
        says("居民丙", "有什么班", "夜间巡逻"),
    ),
    start="2026-11-23T08:30",
)

OFF_HOURS = Journey(
    "at night a resident is told when somebody will answer",
    (says("居民丙", "转人工", "不是上班时间", "明天", "上午", "110"),),
    start="2026-11-23T22:30",
)

GROUPS = Journey(
    "in a group the bot is silent unless spoken to, and says nothing personal",
    (
        unanswered("居民甲", "大家好，三栋二单元电梯坏了", group=RESIDENTS),
        unanswered("居民甲", "我的积分", group=RESIDENTS),
        says_in(RESIDENTS, "居民甲", "@小二 我的积分", "私聊", "我的积分", lacks=("30",)),
        says_in(RESIDENTS, "居民甲", "@小二 我的报修", "私聊"),
        says_in(RESIDENTS, "居民甲", "@小二 三栋二单元电梯坏了", "私聊", lacks=("请核对",)),
        says_in(RESIDENTS, "居民甲", "@小二 物业服务不好能不交物业费吗", "民法典第944条"),
        says_in(RESIDENTS, "居民甲", "@小二 有什么班", "夜间巡逻", "私聊"),
        says_in("没有登记的群", "居民甲", "@小二 你好", "绑定"),
        unanswered("居民甲", "@小二 你好", group="没有登记的群"),
    ),
)

EMERGENCY = Journey(
    "an emergency in the middle of a form comes first, and the form is still there",
    (
        says("居民乙", "三栋二单元电梯坏了", "请核对"),
        says(
            "居民乙",
            "电梯里困人了",
            "119",
            "电梯救援",
            "演示号码",
            more=(
                sees("居民乙", "已经通知值班人员", "给您留着"),
                group_sees(STAFF, "电梯困人", "收到 1", lacks=("居民乙",)),
                sees("书记甲", "电梯困人", "居民乙"),
            ),
        ),
        Waits("+4m", (group_sees(STAFF, "还没人应", "电梯困人"),)),
        presses_in(STAFF, "书记甲", "收到", "警 1", more=(sees("居民乙", "值班人员", "正在处理"),)),
        Waits("+15m", nobody=(STAFF, "书记甲", "街道甲")),
        says("居民乙", "确认提交", "已收到", "1001"),
        says("居民乙", "怎么预防煤气中毒", lacks=("马上打",)),
    ),
)

PLACES_ARE_NO_ALARM = Journey(
    "a house number, a name or a word of thanks is no alarm",
    tuple(
        says("居民甲", text, lacks=("119", "110", "120", "值班人员"))
        for text in ("2栋门口", "5栋2单元", "芳草苑小区", "三楼", "谢谢", "人呢", "好的")
    ),
)

EMERGENCY_WITHOUT_DATABASE = Journey(
    "with the database down the number is still said at once, and the alert follows later",
    (
        says("居民丙", "你好"),
        Happens(DATABASE_GOES),
        says("居民丙", "家里着火了", "119"),
        says("居民丙", "我的积分", "没有办成", "12345", lacks=("119",)),
        Waits("+3m", nobody=(STAFF, "书记甲")),
        Happens(DATABASE_COMES),
        Waits(
            "+1m",
            (
                group_sees(STAFF, "着火", "家里着火了"),
                sees("书记甲", "着火", "居民丙", "补发"),
            ),
        ),
        says("居民丙", "我的积分", "0 个积分"),
        says("书记甲", "收到 1", "警 1", more=(sees("居民丙", "值班人员"),)),
    ),
)

GARBAGE = Journey(
    "nonsense is answered honestly and differently each time, then a person is offered",
    (
        says("居民甲", "asdfgh jkl", "换个说法"),
        says("居民甲", "qwerty uiop", "9"),
        says("居民甲", "zzz zzz", "9"),
        says("居民甲", "", "看不懂"),
        says("居民甲", "我的积分", "30 个积分"),
    ),
)

TALKS = (
    LAW,
    POINTS,
    SHIFTS,
    SHIFT_REMINDERS,
    SHIFT_CANCELLED,
    ONE_PLACE,
    PLACES_ARE_NO_ALARM,
    HANDOVER,
    HANDOVER_FORGOTTEN,
    OFF_HOURS,
    GROUPS,
    EMERGENCY,
    EMERGENCY_WITHOUT_DATABASE,
    GARBAGE,
)
